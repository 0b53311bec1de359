// Package indexer keeps every copy made of the rows in step with them (the
// search indexes and a Market of profiles to match) and answers keyword
// searches.
//
// It stands on the second floor: it reads internal/store, writes search, and
// learns of changes from domain events, which carry ids only. An index is a
// copy that can always be made again: Rebuild reads every row, Handle re-reads
// the rows an event names. Both hold one lock while they read and write a
// batch, so an older reading never overwrites a newer one.
package indexer

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/search"
	"jinghe/search/lexicon"
)

// batch is how many rows are read and indexed at once.
const batch = 500

// Indexer owns the three indexes. It is safe for concurrent use.
type Indexer struct {
	store  store.Store
	dict   func() *scene.Dictionaries
	now    func() time.Time
	market Market

	organisations search.Index
	opportunities search.Index
	capabilities  search.Index

	changed  struct{ organisations, needs, offers gatherer }
	writing  sync.Mutex // one batch is read and written at a time
	held     *held      // guarded by writing
	building atomic.Bool
	built    atomic.Bool // every row has been in the indexes once
	filled   atomic.Bool // every row has been in the market once
	lost     atomic.Bool // what was in the indexes is gone
}

// New opens the indexes in engine. They are empty until Rebuild has run.
// market may be nil.
func New(ctx context.Context, s store.Store, engine search.Engine, market Market,
	dict func() *scene.Dictionaries, now func() time.Time,
) (*Indexer, error) {
	x := &Indexer{store: s, dict: dict, now: now, market: market, held: newHeld()}
	for name, open := range map[string]struct {
		into   *search.Index
		schema search.Schema
	}{
		"organisation": {&x.organisations, organisationSchema()},
		"opportunity":  {&x.opportunities, listingSchema()},
		"capability":   {&x.capabilities, listingSchema()},
	} {
		index, err := engine.Open(ctx, name, open.schema)
		if err != nil {
			return nil, scene.Wrap("indexer.New "+name, err)
		}
		*open.into = index
	}
	return x, nil
}

// Rebuild copies every row of the store and drops what has no row any more,
// while searches go on with what is there so far. progress, if not nil, is told the rows done and their total.
// An index that is away does not keep the rows from the market; it is an
// Unavailable error, and the next Rebuild, until it is back, looks no further.
func (x *Indexer) Rebuild(ctx context.Context, progress func(done, total int)) error {
	x.building.Store(true)
	defer x.building.Store(false)
	if x.filled.Load() {
		if _, err := x.opportunities.Stats(ctx); err != nil {
			return wrap("indexer.Rebuild", err)
		}
	}
	total, err := x.count(ctx)
	if err != nil {
		return wrap("indexer.Rebuild", err)
	}
	done := 0
	tell := func(n int) {
		done += n
		if progress != nil {
			progress(done, total)
		}
	}
	away, err := x.rebuildAll(ctx, tell)
	if err != nil {
		return wrap("indexer.Rebuild", err)
	}
	x.filled.Store(true)
	if away != nil {
		return wrap("indexer.Rebuild", away)
	}
	x.built.Store(true)
	x.lost.Store(false)
	return nil
}

// rebuildAll tells an index that is away from an error that ends it. Organisations
// come last: what visitors see of them depends on their listings.
func (x *Indexer) rebuildAll(ctx context.Context, tell func(int)) (away, err error) {
	needs, err := rebuildListings(ctx, x, x.needs(), tell)
	if err != nil {
		return nil, err
	}
	offers, err := rebuildListings(ctx, x, x.offers(), tell)
	if away = cmp.Or(needs, offers); err != nil || away != nil {
		return away, err
	}
	if err = x.rebuildOrganisations(ctx, tell); isAway(err) {
		return err, nil
	}
	return nil, err
}

func isAway(err error) bool {
	e, ok := errors.AsType[*search.Error](err)
	return ok && e.Kind == search.Unavailable
}

func (x *Indexer) count(ctx context.Context) (n int, err error) {
	err = x.store.View(ctx, func(tx store.Tx) error {
		orgs, err := tx.Organisations().Count(ctx)
		if err != nil {
			return err
		}
		needs, err := tx.Opportunities().Count(ctx, store.ListingFilter{})
		if err != nil {
			return err
		}
		offers, err := tx.Capabilities().Count(ctx, store.ListingFilter{})
		n = orgs + needs + offers
		return err
	})
	return n, err
}

func (x *Indexer) rebuildOrganisations(ctx context.Context, tell func(int)) error {
	ghosts, page := ghosts(x, x.held.organisations), store.Page{Limit: batch}
	if err := ghosts.add(ctx, x.organisations); err != nil {
		return err
	}
	for {
		var rows store.Rows[scene.Organisation]
		err := x.locked(ctx, func(tx store.Tx) (err error) {
			rows, err = tx.Organisations().List(ctx, page)
			return err
		}, func() error { return x.applyOrganisations(ctx, rows.Items, nil) })
		if err != nil {
			return err
		}
		for i := range rows.Items {
			ghosts.seen(rows.Items[i].ID)
		}
		tell(len(rows.Items))
		if page.After = rows.Next; page.After == "" {
			return x.takeUpOrganisations(ctx, ghosts.list())
		}
	}
}

func rebuildListings[T any](ctx context.Context, x *Indexer, s side[T], tell func(int)) (away, err error) {
	ghosts, page := ghosts(x, x.held.listings[s.kind]), store.Page{Limit: batch}
	if err := ghosts.add(ctx, s.index); isAway(err) {
		away = err
	} else if err != nil {
		return nil, err
	}
	for {
		var rows store.Rows[T]
		var orgs map[scene.ID]*scene.Organisation
		err := x.locked(ctx, func(tx store.Tx) (err error) {
			if rows, err = s.table(tx).List(ctx, store.ListingFilter{}, page); err != nil {
				return err
			}
			orgs, err = organisationsOf(ctx, tx, rows.Items, s.listing)
			return err
		}, func() error {
			_, err := applyListings(ctx, x, s, rows.Items, orgs, nil)
			return err
		})
		if isAway(err) {
			away = err
		} else if err != nil {
			return nil, err
		}
		for i := range rows.Items {
			ghosts.seen(s.listing(&rows.Items[i]).ID)
		}
		tell(len(rows.Items))
		if page.After = rows.Next; page.After == "" {
			break
		}
	}
	// A row may have gone and its event been lost: those that did not turn up are read again by id.
	for some := range slices.Chunk(ghosts.list(), batch) {
		if err := handleListings(ctx, x, s, some); isAway(err) {
			away = err
		} else if err != nil {
			return nil, err
		}
	}
	return away, nil
}

// locked reads in a snapshot and writes what was read, with no other batch between.
func (x *Indexer) locked(ctx context.Context, read func(store.Tx) error, write func() error) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	if err := x.store.View(ctx, read); err != nil {
		return err
	}
	return write()
}

// Forget tells that the indexes have lost their documents: until Rebuild has run
// again, Search is away.
func (x *Indexer) Forget() {
	x.built.Store(false)
	x.lost.Store(true)
}

// Handle brings the copies of the rows that e names up to date. It is
// idempotent; events that are handled at once are taken up together.
func (x *Indexer) Handle(ctx context.Context, e scene.Event) error {
	switch e.Subject {
	case scene.OrganisationChanged:
		return wrap("indexer.Handle", x.changed.organisations.do(ctx, e.IDs, x.handleOrganisations))
	case scene.OpportunityChanged:
		return wrap("indexer.Handle", x.changed.needs.do(ctx, e.IDs, takesUp(x, x.needs())))
	case scene.CapabilityChanged:
		return wrap("indexer.Handle", x.changed.offers.do(ctx, e.IDs, takesUp(x, x.offers())))
	case scene.DictionaryChanged:
		return x.Rebuild(ctx, nil)
	}
	return nil
}

// handleOrganisations also takes the listings of each organisation up again:
// what an organisation is and holds counts in a match.
func (x *Indexer) handleOrganisations(ctx context.Context, ids []scene.ID) error {
	if err := x.takeUpOrganisations(ctx, ids); err != nil {
		return err
	}
	if err := listingsOf(ctx, x, x.needs(), ids); err != nil {
		return err
	}
	return listingsOf(ctx, x, x.offers(), ids)
}

// takeUpOrganisations reads organisations again, in batches.
func (x *Indexer) takeUpOrganisations(ctx context.Context, ids []scene.ID) error {
	for some := range slices.Chunk(ids, batch) {
		var rows []scene.Organisation
		err := x.locked(ctx, func(tx store.Tx) (err error) {
			rows, err = tx.Organisations().GetMany(ctx, some)
			return err
		}, func() error {
			gone := newAbsent(some)
			for i := range rows {
				gone.seen(rows[i].ID)
			}
			return x.applyOrganisations(ctx, rows, gone.list())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// applyOrganisations writes rows to the index, but for those that never had a
// public listing: these are nobody's business yet, and are taken out.
func (x *Indexer) applyOrganisations(ctx context.Context, rows []scene.Organisation, gone []scene.ID) error {
	docs := make([]search.Document, 0, len(rows))
	for i := range rows {
		if released, ok := x.held.released(rows[i].ID); ok && rows[i].MergedInto == "" {
			docs = append(docs, x.organisationDocument(&rows[i], released))
		} else {
			gone = append(gone, rows[i].ID)
		}
	}
	if err := x.organisations.Apply(ctx, docs, texts(gone)); err != nil {
		return err
	}
	for _, d := range docs {
		x.held.organisations[scene.ID(d.ID)] = true
		delete(x.held.owed, scene.ID(d.ID))
	}
	for _, id := range gone {
		delete(x.held.organisations, id)
		delete(x.held.owed, id)
	}
	return nil
}

// takesUp reads listings of a side again, in batches.
func takesUp[T any](x *Indexer, s side[T]) func(context.Context, []scene.ID) error {
	return func(ctx context.Context, ids []scene.ID) error {
		for some := range slices.Chunk(ids, batch) {
			if err := handleListings(ctx, x, s, some); err != nil {
				return err
			}
		}
		return nil
	}
}

// handleListings also takes up the organisations that had or have the
// listings: one that was published may be the first of its organisation.
func handleListings[T any](ctx context.Context, x *Indexer, s side[T], ids []scene.ID) error {
	var rows []T
	var orgs map[scene.ID]*scene.Organisation
	var owners []scene.ID
	err := x.locked(ctx, func(tx store.Tx) (err error) {
		if rows, err = s.table(tx).GetMany(ctx, ids); err != nil {
			return err
		}
		orgs, err = organisationsOf(ctx, tx, rows, s.listing)
		return err
	}, func() error {
		gone := newAbsent(ids)
		for i := range rows {
			gone.seen(s.listing(&rows[i]).ID)
		}
		touched, err := applyListings(ctx, x, s, rows, orgs, gone.list())
		x.held.owe(touched)
		owners = slices.Collect(maps.Keys(x.held.owed))
		return err
	})
	if err != nil {
		return err
	}
	return x.takeUpOrganisations(ctx, owners)
}

// listingsOf takes up again what the organisations have listed on one side, in
// as few batches as that makes.
func listingsOf[T any](ctx context.Context, x *Indexer, s side[T], orgs []scene.ID) error {
	var ids []scene.ID
	err := x.store.View(ctx, func(tx store.Tx) error {
		for _, org := range orgs {
			page := store.Page{Limit: 1000}
			for {
				rows, err := s.table(tx).IDs(ctx, store.ListingFilter{OrgID: org}, page)
				if err != nil {
					return err
				}
				ids = append(ids, rows.Items...)
				if page.After = rows.Next; page.After == "" {
					break
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, batch) {
		if err := handleListings(ctx, x, s, some); err != nil {
			return err
		}
	}
	return nil
}

// absent collects the ids for which no row was found: those rows were deleted.
type absent map[scene.ID]bool

func newAbsent(ids []scene.ID) absent {
	a := make(absent, len(ids))
	for _, id := range ids {
		a[id] = true
	}
	return a
}

// ghosts returns what is held now: those for which no row turns up are ghosts.
func ghosts[T any](x *Indexer, kept map[scene.ID]T) absent {
	x.writing.Lock()
	defer x.writing.Unlock()
	a := make(absent, len(kept))
	for id := range kept {
		a[id] = true
	}
	return a
}

// add takes in what the index holds from an earlier process, if it can hold that.
func (a absent) add(ctx context.Context, index search.Index) error {
	lister, ok := index.(search.Lister)
	if !ok {
		return nil
	}
	ids, err := lister.IDs(ctx)
	for _, id := range ids {
		a[scene.ID(id)] = true
	}
	return err
}

func (a absent) seen(id scene.ID) { delete(a, id) }

func (a absent) list() []scene.ID {
	ids := make([]scene.ID, 0, len(a))
	for id := range a {
		ids = append(ids, id)
	}
	return ids
}

func texts(ids []scene.ID) []string {
	s := make([]string, len(ids))
	for i, id := range ids {
		s[i] = string(id)
	}
	return s
}

// Relex re-analyses all indexes with another lexicon while they answer with the old one.
func (x *Indexer) Relex(ctx context.Context, lex *lexicon.Lexicon) error {
	for _, index := range []search.Index{x.organisations, x.opportunities, x.capabilities} {
		if err := index.Relex(ctx, lex); err != nil {
			return wrap("indexer.Relex", err)
		}
	}
	return nil
}
