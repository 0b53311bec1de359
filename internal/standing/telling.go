package standing

import (
	"context"
	"maps"
	"slices"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

const (
	// settleFor is how long what is found gathers before a search that is told
	// at once tells again: an import is one notice, not forty.
	settleFor = 10 * time.Minute
	// findsPerWrite bounds the pairs that one transaction notes.
	findsPerWrite = 2000
	// named is how many listings a notice names.
	named = 3
)

// Handle matches the listings that an event names, notes each saved search and
// listing that had not met before, and emits SearchMatched for them. It is
// idempotent: an event that comes again notes nothing. What is due is told at once.
//
// It must not be called before [Service.Use] has returned once.
func (s *Service) Handle(ctx context.Context, e scene.Event) error {
	const op = "standing.Handle"
	b, err := s.catchUp(ctx)
	if err != nil {
		return scene.Wrap(op, err)
	}
	if b == nil {
		return &scene.Error{Code: scene.Unavailable, Op: op, Key: "search.building"}
	}
	if b.Len() == 0 {
		return nil
	}
	switch e.Subject {
	case scene.OpportunityChanged:
		err = meet(ctx, s, b, needs(b), e.IDs)
	case scene.CapabilityChanged:
		err = meet(ctx, s, b, offers(b), e.IDs)
	}
	if err != nil {
		return scene.Wrap(op, err)
	}
	return s.Tell(ctx)
}

// side is what the two kinds of listing differ in.
type side[T any] struct {
	table   func(store.Tx) store.Listings[T]
	listing func(*T) *scene.Listing
	profile func(*T, *scene.Organisation) *match.Profile
}

func needs(b *Book) side[scene.Opportunity] {
	return side[scene.Opportunity]{
		store.Tx.Opportunities, func(o *scene.Opportunity) *scene.Listing { return &o.Listing }, b.engine.Need,
	}
}

func offers(b *Book) side[scene.Capability] {
	return side[scene.Capability]{
		store.Tx.Capabilities, func(c *scene.Capability) *scene.Listing { return &c.Listing }, b.engine.Offer,
	}
}

// meet finds the searches that listings answer and notes them, some at a time.
func meet[T any](ctx context.Context, s *Service, b *Book, x side[T], ids []scene.ID) error {
	var profiles []*match.Profile
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		profiles, err = profilesOf(ctx, tx, x, ids)
		return err
	})
	if err != nil {
		return err
	}
	var finds []store.Find
	for _, p := range profiles {
		for _, search := range b.Match(p, s.Now()) {
			finds = append(finds, store.Find{Search: search, Listing: p.Ref.ID})
		}
	}
	for part := range slices.Chunk(finds, findsPerWrite) {
		err := s.Store.Update(ctx, func(tx store.Tx) error { return note(ctx, s, tx, b, x, part) })
		if err != nil {
			return err
		}
	}
	return nil
}

// profilesOf reads listings with their organisations and makes profiles of them.
func profilesOf[T any](ctx context.Context, tx store.Tx, x side[T], ids []scene.ID) ([]*match.Profile, error) {
	rows, err := x.table(tx).GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	return withOrganisations(ctx, tx, x, rows)
}

func withOrganisations[T any](ctx context.Context, tx store.Tx, x side[T], rows []T) ([]*match.Profile, error) {
	var wanted []scene.ID
	for i := range rows {
		if id := x.listing(&rows[i]).OrgID; id != "" {
			wanted = append(wanted, id)
		}
	}
	found, err := tx.Organisations().GetMany(ctx, wanted)
	if err != nil {
		return nil, err
	}
	orgs := map[scene.ID]*scene.Organisation{}
	for i := range found {
		orgs[found[i].ID] = &found[i]
	}
	profiles := make([]*match.Profile, len(rows))
	for i := range rows {
		profiles[i] = x.profile(&rows[i], orgs[x.listing(&rows[i]).OrgID])
	}
	return profiles, nil
}

// note writes down finds that are news, and for each search what is new to its owner.
func note[T any](ctx context.Context, s *Service, tx store.Tx, b *Book, x side[T], finds []store.Find) error {
	now := s.Now().UTC()
	news, err := unknown(ctx, tx, b, x, finds, now)
	if err != nil {
		return err
	}
	first, err := tx.SavedSearches().Find(ctx, news, now)
	if err != nil || len(first) == 0 {
		return err
	}
	gained := map[scene.ID][]scene.ID{}
	for _, f := range first {
		gained[f.Search] = append(gained[f.Search], f.Listing)
	}
	searches, err := tx.SavedSearches().GetMany(ctx, slices.Sorted(maps.Keys(gained)))
	if err != nil {
		return err
	}
	kept, err := states(ctx, tx, searches)
	if err != nil {
		return err
	}
	for i := range kept {
		found := gained[kept[i].ID]
		if err := tx.SavedSearches().Gain(ctx, kept[i].ID, len(found), kept[i].due(now)); err != nil {
			return err
		}
		if err := s.announce(ctx, tx, kept[i].ID, found); err != nil {
			return err
		}
	}
	return nil
}

// due is when what a search found now is told; zero: its owner looks by himself.
func (k *Kept) due(now time.Time) time.Time {
	if k.Tell == scene.PaceNever {
		return time.Time{}
	}
	due := k.Tell.Due(now)
	if calm := k.State.Told.Add(settleFor); k.Tell == scene.PaceAtOnce && calm.After(due) {
		return calm
	}
	return due
}

// announce emits what a search found, for other systems.
func (s *Service) announce(ctx context.Context, tx store.Tx, search scene.ID, found []scene.ID) error {
	for part := range slices.Chunk(found, store.MaxEventIDs-1) {
		id, err := s.IDs.New()
		if err != nil {
			return err
		}
		err = tx.Emit(ctx, scene.Event{
			ID: id, Subject: scene.SearchMatched, IDs: append([]scene.ID{search}, part...), Time: s.Now().UTC(), Actor: "system",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// unknown leaves out the listings that answered a search when it was saved:
// those its owner saw, and an edit of them is no news.
func unknown[T any](ctx context.Context, tx store.Tx, b *Book, x side[T], finds []store.Find, now time.Time) (news []store.Find, err error) {
	pasts := map[scene.ID]*past[T]{}
	for _, f := range finds {
		p := pasts[f.Listing]
		if p == nil {
			revisions, err := x.table(tx).Revisions(ctx, f.Listing)
			if err != nil {
				return nil, err
			}
			p = &past[T]{revisions: revisions, found: map[int]map[scene.ID]bool{}}
			pasts[f.Listing] = p
		}
		known, err := p.answered(ctx, tx, b, x, f.Search, b.saved(f.Search), now)
		if err != nil {
			return nil, err
		}
		if !known {
			news = append(news, f)
		}
	}
	return news, nil
}

// past is what a listing said before, the latest first.
type past[T any] struct {
	revisions []store.Revision[T]
	found     map[int]map[scene.ID]bool // by place of a revision: the searches it answers
}

// answered reports whether the listing, as it stood at an instant, was open and
// answered a search.
func (p *past[T]) answered(ctx context.Context, tx store.Tx, b *Book, x side[T], search scene.ID, at, now time.Time) (bool, error) {
	i := slices.IndexFunc(p.revisions, func(r store.Revision[T]) bool { return !r.At.After(at) })
	if i < 0 {
		return false, nil
	}
	row := p.revisions[i].Row
	if !x.listing(&row).Open(at) {
		return false, nil
	}
	if p.found[i] == nil {
		l := x.listing(&row)
		l.State, l.ValidFrom, l.ValidTo = scene.Published, time.Time{}, time.Time{}
		profiles, err := withOrganisations(ctx, tx, x, []T{row})
		if err != nil {
			return false, err
		}
		p.found[i] = map[scene.ID]bool{}
		for _, id := range b.Match(profiles[0], now) {
			p.found[i][id] = true
		}
	}
	return p.found[i][search], nil
}

// Tell writes a notice for each search that has something to tell by now. Any
// process may call it at any time: what was told is not told again.
func (s *Service) Tell(ctx context.Context) error {
	for {
		more := false
		err := s.Store.Update(ctx, func(tx store.Tx) error {
			due, err := tx.SavedSearches().Due(ctx, s.Now(), tellAtOnce)
			if err != nil {
				return err
			}
			more = len(due) == tellAtOnce
			for i := range due {
				if err := s.tell(ctx, tx, &due[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || !more {
			return scene.Wrap("standing.Tell", err)
		}
	}
}

// tellAtOnce is how many searches one transaction tells of.
const tellAtOnce = 100

func (s *Service) tell(ctx context.Context, tx store.Tx, state *scene.SearchState) error {
	q, err := tx.SavedSearches().Get(ctx, state.ID)
	if err != nil {
		return err
	}
	if state.Waiting > 0 && !q.Paused && q.Tell != scene.PaceNever {
		latest, err := tx.SavedSearches().Listings(ctx, q.ID, store.Page{Limit: min(state.Waiting, named)})
		if err != nil {
			return err
		}
		names, err := namesOf(ctx, tx, q.Wants, latest.Items, s.Now())
		if err != nil {
			return err
		}
		if len(names) == 0 && state.Waiting <= named { // withdrawn meanwhile: there is nothing to tell
			return tx.SavedSearches().Told(ctx, q.ID, s.Now().UTC())
		}
		err = store.Herald{IDs: s.IDs, Now: s.Now}.Tell(ctx, tx, scene.Notice{
			Account: q.Owner, Kind: scene.NoticeSearch, Key: "notice.search.new",
			Args: map[string]any{"name": q.Name, "count": state.Waiting, "names": names},
			Path: "/workspace/searches/" + string(q.ID), Rows: append([]scene.ID{q.ID}, latest.Items...),
			Once: string(q.ID) + " " + state.Due.Format(time.RFC3339Nano),
		})
		if err != nil {
			return err
		}
	}
	return tx.SavedSearches().Told(ctx, q.ID, s.Now().UTC())
}

// namesOf reads the names of listings that are public at an instant, as a visitor
// sees them, in the order given: between finding and telling a week may pass.
func namesOf(ctx context.Context, tx store.Tx, kind scene.Kind, ids []scene.ID, now time.Time) ([]string, error) {
	at := map[scene.ID]string{}
	keep := func(l *scene.Listing) {
		if l.Public(now) {
			at[l.ID] = scene.Redact(l.Name)
		}
	}
	if kind == scene.KindOpportunity {
		rows, err := tx.Opportunities().GetMany(ctx, ids)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			keep(&rows[i].Listing)
		}
	} else {
		rows, err := tx.Capabilities().GetMany(ctx, ids)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			keep(&rows[i].Listing)
		}
	}
	names := []string{}
	for _, id := range ids {
		if name := at[id]; name != "" {
			names = append(names, name)
		}
	}
	return names, nil
}
