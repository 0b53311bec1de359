package standing

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Service keeps saved searches. It is safe for concurrent use. Whether an
// account may touch a search is the caller's to decide.
type Service struct {
	store store.Store
	ids   *scene.IDMaker
	now   func() time.Time

	writing sync.Mutex // one change of a search, or one filling of a book, at a time
	book    atomic.Pointer[Book]
}

// New returns a service on a book, which it fills by [Service.Use].
func New(s store.Store, ids *scene.IDMaker, now func() time.Time) *Service {
	return &Service{store: s, ids: ids, now: now}
}

// Use files every stored search in an empty book and answers from it from then
// on: at the start, and whenever lexicon, dictionaries or weights were edited.
func (s *Service) Use(ctx context.Context, b *Book) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	page := store.Page{Limit: store.MaxPage}
	for {
		var rows store.Rows[scene.SavedSearch]
		err := s.store.View(ctx, func(tx store.Tx) (err error) {
			rows, err = tx.SavedSearches().List(ctx, "", page)
			return err
		})
		if err != nil {
			return scene.Wrap("standing.Use", err)
		}
		for i := range rows.Items {
			b.Put(rows.Items[i])
		}
		if page.After = rows.Next; page.After == "" {
			s.book.Store(b)
			return nil
		}
	}
}

// Save stores a search, new where it has no ID, and returns it as stored. It
// returns an Invalid error for one that breaks its rules and a Conflict where it
// was changed meanwhile.
func (s *Service) Save(ctx context.Context, q scene.SavedSearch) (scene.SavedSearch, error) {
	if err := q.Validate(); err != nil {
		return q, scene.Wrap("standing.Save", err)
	}
	q.Updated = s.now()
	if q.ID == "" {
		id, err := s.ids.New()
		if err != nil {
			return q, scene.Wrap("standing.Save", err)
		}
		q.ID, q.Revision, q.Created = id, 0, q.Updated
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	var stored scene.SavedSearch
	err := s.store.Update(ctx, func(tx store.Tx) (err error) {
		stored, err = tx.SavedSearches().Put(ctx, q)
		return err
	})
	if err != nil {
		return q, scene.Wrap("standing.Save", err)
	}
	if b := s.book.Load(); b != nil {
		b.Put(stored)
	}
	return stored, nil
}

// Get returns a search or a NotFound error.
func (s *Service) Get(ctx context.Context, id scene.ID) (q scene.SavedSearch, err error) {
	err = s.store.View(ctx, func(tx store.Tx) (err error) {
		q, err = tx.SavedSearches().Get(ctx, id)
		return err
	})
	return q, scene.Wrap("standing.Get", err)
}

// List pages through the searches of an account.
func (s *Service) List(ctx context.Context, owner scene.ID, p store.Page) (rows store.Rows[scene.SavedSearch], err error) {
	err = s.store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.SavedSearches().List(ctx, owner, p)
		return err
	})
	return rows, scene.Wrap("standing.List", err)
}

// Found pages through the listings that a search found, the latest first.
func (s *Service) Found(ctx context.Context, search scene.ID, p store.Page) (rows store.Rows[scene.ID], err error) {
	err = s.store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.SavedSearches().Listings(ctx, search, p)
		return err
	})
	return rows, scene.Wrap("standing.Found", err)
}

// Delete removes a search and what it found, if any.
func (s *Service) Delete(ctx context.Context, id scene.ID) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.SavedSearches().Delete(ctx, id) })
	if b := s.book.Load(); err == nil && b != nil {
		b.Delete(id)
	}
	return scene.Wrap("standing.Delete", err)
}

// Handle matches the listings that an event names and emits SearchMatched for
// each search and listing that had not met before. It is idempotent: an event
// that comes again emits nothing.
func (s *Service) Handle(ctx context.Context, e scene.Event) error {
	b := s.book.Load()
	if b == nil || b.Len() == 0 {
		return nil
	}
	var profiles []*match.Profile
	err := s.store.View(ctx, func(tx store.Tx) (err error) {
		switch e.Subject {
		case scene.OpportunityChanged:
			profiles, err = profilesOf(ctx, tx, tx.Opportunities(), e.IDs, b.engine.Need,
				func(o *scene.Opportunity) scene.ID { return o.OrgID })
		case scene.CapabilityChanged:
			profiles, err = profilesOf(ctx, tx, tx.Capabilities(), e.IDs, b.engine.Offer,
				func(c *scene.Capability) scene.ID { return c.OrgID })
		}
		return err
	})
	if err != nil {
		return scene.Wrap("standing.Handle", err)
	}
	for _, p := range profiles {
		if searches := b.Match(p, s.now()); len(searches) > 0 {
			if err := s.tell(ctx, p.Ref.ID, searches); err != nil {
				return scene.Wrap("standing.Handle", err)
			}
		}
	}
	return nil
}

// tell notes who was found and emits an event for each that is new, in one transaction.
func (s *Service) tell(ctx context.Context, listing scene.ID, searches []scene.ID) error {
	return s.store.Update(ctx, func(tx store.Tx) error {
		first, err := tx.SavedSearches().Found(ctx, listing, searches, s.now())
		if err != nil {
			return err
		}
		events := make([]scene.Event, len(first))
		for i, search := range first {
			id, err := s.ids.New()
			if err != nil {
				return err
			}
			events[i] = scene.Event{
				ID: id, Subject: scene.SearchMatched, IDs: []scene.ID{search, listing}, Time: s.now(), Actor: "system",
			}
		}
		return tx.Emit(ctx, events...)
	})
}

// profilesOf reads listings with their organisations and makes profiles of them.
func profilesOf[T any](ctx context.Context, tx store.Tx, table store.Listings[T], ids []scene.ID,
	profile func(*T, *scene.Organisation) *match.Profile, org func(*T) scene.ID,
) ([]*match.Profile, error) {
	rows, err := table.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	var wanted []scene.ID
	for i := range rows {
		wanted = append(wanted, org(&rows[i]))
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
		profiles[i] = profile(&rows[i], orgs[org(&rows[i])])
	}
	return profiles, nil
}
