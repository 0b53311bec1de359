package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
)

var _ backend.Workbench = (*App)(nil)

const (
	// previewTop is how much of a list people look at.
	previewTop = 10
	// previewTime bounds the comparing of lists, so that a page comes back;
	// previewRest is what of a request's time is left for the page itself.
	previewTime = 6 * time.Second
	previewRest = 3 * time.Second
	// previewShown is how many changed lists are told.
	previewShown = 30
)

// Preview works out what an edit would do to the first ten of every open
// opportunity's list, without storing anything: a second market is filled under
// the edited words and both are asked. The opportunities that use the words
// come first; what is left after six seconds, or near the end of the request's
// time, is told as not looked at: all but the first where the machine is so busy
// that filling took all but a moment. A second market takes room, so there is one
// preview at a time; another is told TooMany.
func (a *App) Preview(ctx context.Context, by scene.Actor, change scene.Amendment, lang locale.Lang) (backend.Preview, error) {
	if err := by.May(scene.VocabularyEdit, scene.Object{}); err != nil {
		return backend.Preview{}, err
	}
	if !a.previewing.TryLock() {
		return backend.Preview{}, &scene.Error{Code: scene.TooMany, Op: "app.Preview", Key: "vocabulary.preview_busy"}
	}
	defer a.previewing.Unlock()
	p, err := a.preview(ctx, change, lang)
	return p, scene.Wrap("app.Preview", err)
}

func (a *App) preview(ctx context.Context, change scene.Amendment, lang locale.Lang) (backend.Preview, error) {
	_, edit, err := a.amended(ctx, change)
	if err != nil {
		return backend.Preview{}, err
	}
	kit, err := a.edited(ctx, edit)
	if err != nil {
		return backend.Preview{}, err
	}
	before, done, err := a.quietMarket(ctx)
	if err != nil {
		return backend.Preview{}, err
	}
	defer done()
	rows, err := a.rows(ctx, ExportRequest{Kind: scene.KindOpportunity})
	if err != nil {
		return backend.Preview{}, err
	}
	after, err := a.rehearsal(ctx, kit, rows)
	if err != nil {
		return backend.Preview{}, err
	}
	defer func() { _ = after.release() }() // in memory: nothing can be lost
	return a.compare(ctx, before, after.Market, a.openNeeds(kit, rows, change.Names()), lang)
}

// rehearsal fills a market under another kit with all that ranking needs and
// nothing else.
func (a *App) rehearsal(ctx context.Context, kit *Kit, needRows []scene.Row) (_ *market, err error) {
	offerRows, err := a.rows(ctx, ExportRequest{Kind: scene.KindCapability})
	if err != nil {
		return nil, err
	}
	m, err := newMarket(ctx, kit)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.release())
		}
	}()
	needs, offers := make([]broker.Need, len(needRows)), make([]broker.Offer, len(offerRows))
	for i := range needRows {
		needs[i] = broker.Need{Listing: needRows[i].Opportunity, Org: stored(&needRows[i].Org)}
	}
	for i := range offerRows {
		offers[i] = broker.Offer{Listing: offerRows[i].Capability, Org: stored(&offerRows[i].Org)}
	}
	if err := m.LoadOffers(ctx, offers); err != nil {
		return nil, err
	}
	if err := m.LoadNeeds(ctx, needs); err != nil {
		return nil, err
	}
	if err := m.Learn(ctx); err != nil {
		return nil, err
	}
	marks, err := a.learning.Marks(ctx)
	m.SetMarks(marks)
	return m, err
}

// stored is the organisation of a row where it is one of the rows, else nil.
func stored(o *scene.Organisation) *scene.Organisation {
	if o.ID == "" {
		return nil
	}
	return o
}

// openNeeds returns the open opportunities, those that use one of the words first.
func (a *App) openNeeds(kit *Kit, rows []scene.Row, words []string) []scene.ID {
	for i, w := range words {
		words[i] = kit.Lexicon.Fold(w)
	}
	type need struct {
		id   scene.ID
		uses int
	}
	var needs []need
	for i := range rows {
		o := rows[i].Opportunity
		if !o.Open(a.o.Now()) {
			continue
		}
		text, n := kit.Lexicon.Fold(strings.Join([]string{o.Name, o.Situation, o.Need, o.Targets, o.Works, o.TechText}, "\n")), need{id: o.ID}
		for _, w := range words {
			if strings.Contains(text, w) {
				n.uses++
			}
		}
		needs = append(needs, n)
	}
	slices.SortStableFunc(needs, func(x, y need) int { return cmp.Compare(y.uses, x.uses) })
	ids := make([]scene.ID, len(needs))
	for i, n := range needs {
		ids[i] = n.id
	}
	return ids
}

// comparing is how long lists are compared when so much of a request's time is
// left. However late it is some are, those that use the words before others: a
// machine that is busy answers with few rather than with none.
func comparing(left time.Duration) time.Duration {
	return min(previewTime, max(left-previewRest, left/2))
}

// compare asks both markets for every need in turn while there is time.
func (a *App) compare(ctx context.Context, before, after *broker.Market, needs []scene.ID, lang locale.Lang) (backend.Preview, error) {
	p := backend.Preview{Needs: len(needs), Shifts: []match.Shift{}}
	o := broker.Options{Top: previewTop, Lang: lang, Now: a.o.Now()}
	room := previewTime
	if end, ok := ctx.Deadline(); ok {
		room = comparing(time.Until(end))
	}
	until, cancel := context.WithTimeout(ctx, room)
	defer cancel()
	for _, id := range needs {
		if until.Err() != nil {
			break
		}
		was, err := before.OffersFor(ctx, id, o)
		if scene.CodeOf(err) == scene.NotFound {
			continue // gone meanwhile
		}
		if err != nil {
			return p, err
		}
		is, err := after.OffersFor(ctx, id, o)
		if err != nil {
			return p, err
		}
		p.Looked++
		if s, differs := match.Compare(&was, &is, previewTop); differs {
			p.Shifts = append(p.Shifts, s)
		}
	}
	p.Changed = len(p.Shifts)
	slices.SortStableFunc(p.Shifts, func(x, y match.Shift) int { return cmp.Compare(y.Weight(), x.Weight()) })
	p.Shifts = p.Shifts[:min(previewShown, len(p.Shifts))]
	return p, nil
}
