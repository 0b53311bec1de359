package standing

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// clocks is how far the clocks of processes may be apart for one to see at once
// what another saved.
const clocks = time.Minute

// Use files every stored search in an empty book and answers from it from then
// on: at the start, and whenever lexicon, dictionaries, weights or the spread of
// the words over the listings changed.
func (s *Service) Use(ctx context.Context, b *Book) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	began := s.Now()
	if err := s.fill(ctx, b, time.Unix(0, 0)); err != nil {
		return scene.Wrap("standing.Use", err)
	}
	s.read = began
	s.book.Store(b)
	return nil
}

// fill files what was changed since an instant.
func (s *Service) fill(ctx context.Context, b *Book, since time.Time) error {
	page := store.Page{Limit: store.MaxPage}
	for {
		var rows store.Rows[scene.SavedSearch]
		err := s.Store.View(ctx, func(tx store.Tx) (err error) {
			rows, err = tx.SavedSearches().Changed(ctx, since, page)
			return err
		})
		if err != nil {
			return err
		}
		b.PutMany(rows.Items)
		if page.After = rows.Next; page.After == "" {
			return nil
		}
	}
}

// catchUp files what any process saved meanwhile.
func (s *Service) catchUp(ctx context.Context) (*Book, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	b := s.book.Load()
	if b == nil {
		return nil, nil
	}
	began := s.Now()
	if err := s.fill(ctx, b, s.read.Add(-clocks)); err != nil {
		return nil, err
	}
	s.read = began
	return b, nil
}

// refresh is catchUp where nothing depends on it: what fails now is made good
// before the next listing is looked at.
func (s *Service) refresh(ctx context.Context) { _, _ = s.catchUp(ctx) }

// Follow brings searches that some process changed or deleted up to date.
func (s *Service) Follow(ctx context.Context, ids []scene.ID) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	b := s.book.Load()
	if b == nil {
		return nil
	}
	var rows []scene.SavedSearch
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.SavedSearches().GetMany(ctx, ids)
		return err
	})
	if err != nil {
		return scene.Wrap("standing.Follow", err)
	}
	there := map[scene.ID]bool{}
	for i := range rows {
		there[rows[i].ID] = true
	}
	for _, id := range ids {
		if !there[id] {
			b.Delete(id)
		}
	}
	b.PutMany(rows)
	return nil
}
