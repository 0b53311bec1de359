package app

import (
	"cmp"
	"context"
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
	// previewTime bounds the comparing of lists, so that a page comes back.
	previewTime = 6 * time.Second
	// previewShown is how many changed lists are told.
	previewShown = 30
)

// Preview works out what an edit would do to the first ten of every open
// opportunity's list, without storing anything: the market is filled a second
// time under the edited words and both are asked. The opportunities that use
// the words come first; what is left after six seconds is told as not looked at.
func (a *App) Preview(ctx context.Context, by scene.Actor, change scene.Amendment, lang locale.Lang) (backend.Preview, error) {
	if err := by.May(scene.VocabularyEdit, scene.Object{}); err != nil {
		return backend.Preview{}, err
	}
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
	after, drop, err := a.filledMarket(ctx, kit)
	if err != nil {
		return backend.Preview{}, err
	}
	defer drop()
	needs, err := a.openNeeds(ctx, kit, change.Names())
	if err != nil {
		return backend.Preview{}, err
	}
	return a.compare(ctx, before, after, needs, lang)
}

// openNeeds returns the open opportunities, those that use one of the words first.
func (a *App) openNeeds(ctx context.Context, kit *Kit, words []string) ([]scene.ID, error) {
	rows, err := a.rows(ctx, ExportRequest{Kind: scene.KindOpportunity})
	if err != nil {
		return nil, err
	}
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
	return ids, nil
}

// compare asks both markets for every need in turn while there is time.
func (a *App) compare(ctx context.Context, before, after *broker.Market, needs []scene.ID, lang locale.Lang) (backend.Preview, error) {
	p := backend.Preview{Needs: len(needs), Shifts: []match.Shift{}}
	o := broker.Options{Top: previewTop, Lang: lang, Now: a.o.Now()}
	until, cancel := context.WithTimeout(ctx, previewTime)
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
