package standing

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// MaxSearches is how many searches one person may keep.
const MaxSearches = 200

// Config is what a Service needs.
type Config struct {
	Store store.Store      // required
	IDs   *scene.IDMaker   // required
	Now   func() time.Time // required
	// Dictionaries are those in force; codes that they do not know are refused.
	Dictionaries func() *scene.Dictionaries // required
}

// Service keeps saved searches and tells of what they find. It is safe for concurrent use.
type Service struct {
	Config

	writing sync.Mutex // one change of the book, or one filling of it, at a time
	book    atomic.Pointer[Book]
	read    time.Time // what was changed before is in the book; guarded by writing
	samples samples   // of the newest listings, to say how broad a search is
}

// New returns a service that finds nothing until it has a book, see [Service.Use].
func New(c Config) *Service { return &Service{Config: c} }

// Kept is a saved search and how far it has got.
type Kept struct {
	scene.SavedSearch
	State scene.SearchState
}

func own(by *scene.Actor) error { return by.May(scene.SearchKeep, scene.Object{Account: by.ID}) }

// Save stores a search of the actor, new where it has no ID, and returns it as
// stored. It returns an Invalid error for one that breaks its rules, a Conflict
// where it was changed meanwhile, and TooLarge for one more than MaxSearches.
func (s *Service) Save(ctx context.Context, by scene.Actor, q scene.SavedSearch) (scene.SavedSearch, error) {
	const op = "standing.Save"
	if err := own(&by); err != nil {
		return q, err
	}
	q.Owner, q.OrgID, q.Updated = by.ID, by.OrgID, s.Now().UTC()
	if err := q.Validate(); err != nil {
		return q, scene.Wrap(op, err)
	}
	if err := s.codes(&q); err != nil {
		return q, scene.Wrap(op, err)
	}
	fresh := q.ID == ""
	if fresh {
		id, err := s.IDs.New()
		if err != nil {
			return q, scene.Wrap(op, err)
		}
		q.ID, q.Revision = id, 0
	}
	var stored scene.SavedSearch
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		next := q
		org, err := store.StandingID(ctx, tx, q.OrgID)
		if err != nil {
			return err
		}
		next.OrgID = org
		var before any
		if fresh {
			next.Created = next.Updated
			if err := s.room(ctx, tx, by.ID); err != nil {
				return err
			}
		} else {
			was, err := mine(ctx, tx, &by, q.ID)
			if err != nil {
				return err
			}
			before, next.Created = was, was.Created
		}
		if stored, err = tx.SavedSearches().Put(ctx, next); err != nil {
			return err
		}
		return s.noted(ctx, tx, by, "search.save", q.ID, before, stored)
	})
	if err != nil {
		return q, scene.Wrap(op, err)
	}
	s.refresh(ctx)
	return stored, nil
}

// codes refuses what the dictionaries do not know.
func (s *Service) codes(q *scene.SavedSearch) error {
	dicts := s.Dictionaries()
	e := &scene.Error{Code: scene.Invalid, Key: "saved_search.invalid"}
	for _, list := range []struct {
		field, dict string
		codes       []string
	}{
		{"fields", scene.DictField, q.Fields},
		{"regions", scene.DictRegion, q.Regions},
		{"modes", scene.DictMode, q.Modes},
		{"qualifications", scene.DictQualification, q.Qualifications},
	} {
		for _, code := range list.codes {
			if _, ok := dicts.Term(list.dict, code); !ok {
				e.Fields = append(e.Fields, scene.FieldError{Field: list.field, Key: "saved_search.code", Args: map[string]any{"code": code}})
			}
		}
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

func (s *Service) room(ctx context.Context, tx store.Tx, owner scene.ID) error {
	n, err := tx.SavedSearches().Count(ctx, owner)
	if err == nil && n >= MaxSearches {
		err = &scene.Error{Code: scene.TooLarge, Key: "saved_search.too_many", Args: map[string]any{"max": MaxSearches}}
	}
	return err
}

// mine reads a search of the actor; another's is NotFound.
func mine(ctx context.Context, tx store.Tx, by *scene.Actor, id scene.ID) (scene.SavedSearch, error) {
	q, err := tx.SavedSearches().Get(ctx, id)
	if err == nil && q.Owner != by.ID {
		return scene.SavedSearch{}, &scene.Error{Code: scene.NotFound, Key: "saved_search.not_found", Args: map[string]any{"id": string(id)}}
	}
	return q, err
}

// noted writes the line of the record and the event of a change.
func (s *Service) noted(ctx context.Context, tx store.Tx, by scene.Actor, action string, id scene.ID, before, after any) error {
	recorder := store.Recorder{IDs: s.IDs, Now: s.Now}
	if err := recorder.Record(ctx, tx, by, action, "saved_search", id, "", before, after); err != nil {
		return err
	}
	event, err := s.IDs.New()
	if err != nil {
		return err
	}
	return tx.Emit(ctx, scene.Event{
		ID: event, Subject: scene.SearchChanged, IDs: []scene.ID{id}, Time: s.Now().UTC(), Actor: string(by.ID),
	})
}

// Get returns a search of the actor or a NotFound error.
func (s *Service) Get(ctx context.Context, by scene.Actor, id scene.ID) (k Kept, err error) {
	if err := own(&by); err != nil {
		return k, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		q, err := mine(ctx, tx, &by, id)
		if err != nil {
			return err
		}
		kept, err := states(ctx, tx, []scene.SavedSearch{q})
		if err == nil {
			k = kept[0]
		}
		return err
	})
	return k, scene.Wrap("standing.Get", err)
}

// List pages through the searches of the actor.
func (s *Service) List(ctx context.Context, by scene.Actor, p store.Page) (rows store.Rows[Kept], err error) {
	if err := own(&by); err != nil {
		return rows, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err := tx.SavedSearches().List(ctx, by.ID, p)
		if err != nil {
			return err
		}
		rows.Next = found.Next
		rows.Items, err = states(ctx, tx, found.Items)
		return err
	})
	return rows, scene.Wrap("standing.List", err)
}

// states adds to searches how far they have got.
func states(ctx context.Context, tx store.Tx, list []scene.SavedSearch) ([]Kept, error) {
	ids := make([]scene.ID, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	found, err := tx.SavedSearches().States(ctx, ids)
	if err != nil {
		return nil, err
	}
	at := map[scene.ID]scene.SearchState{}
	for _, state := range found {
		at[state.ID] = state
	}
	kept := make([]Kept, len(list))
	for i := range list {
		kept[i] = Kept{list[i], at[list[i].ID]}
	}
	return kept, nil
}

// Found pages through the listings that a search of the actor found, the latest
// first, and says which kind they are of. Whether they are still open is the reader's to see.
func (s *Service) Found(ctx context.Context, by scene.Actor, id scene.ID, p store.Page) (rows store.Rows[scene.ID], err error) {
	if err := own(&by); err != nil {
		return rows, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if _, err := mine(ctx, tx, &by, id); err != nil {
			return err
		}
		rows, err = tx.SavedSearches().Listings(ctx, id, p)
		return err
	})
	return rows, scene.Wrap("standing.Found", err)
}

// Seen notes that the actor looked at what a search of his found.
func (s *Service) Seen(ctx context.Context, by scene.Actor, id scene.ID) error {
	if err := own(&by); err != nil {
		return err
	}
	return scene.Wrap("standing.Seen", s.Store.Update(ctx, func(tx store.Tx) error {
		if _, err := mine(ctx, tx, &by, id); err != nil {
			return err
		}
		return tx.SavedSearches().Seen(ctx, id)
	}))
}

// Delete removes a search of the actor and what it found.
func (s *Service) Delete(ctx context.Context, by scene.Actor, id scene.ID) error {
	if err := own(&by); err != nil {
		return err
	}
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		was, err := mine(ctx, tx, &by, id)
		if err != nil {
			return err
		}
		if err := tx.SavedSearches().Delete(ctx, id); err != nil {
			return err
		}
		return s.noted(ctx, tx, by, "search.delete", id, was, nil)
	})
	if b := s.book.Load(); err == nil && b != nil {
		s.writing.Lock()
		defer s.writing.Unlock()
		b.Delete(id)
	}
	return scene.Wrap("standing.Delete", err)
}
