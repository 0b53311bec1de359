package standing

import (
	"context"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Breadth says how much a search asks for: of how many of the newest open
// listings, how many answer it.
type Breadth struct{ Found, Of int }

const (
	// breadthOf is how many listings a search is tried on, breadthLeast how few tell nothing.
	breadthOf    = 200
	breadthLeast = 30
	// broadShare is the share of listings from which a search tells too much.
	broadShare = 0.1
)

// TooBroad reports whether so much answers that its owner would soon read nothing of it.
func (b Breadth) TooBroad() bool {
	return b.Of >= breadthLeast && float64(b.Found) > broadShare*float64(b.Of)
}

// Breadth tries a search on the newest listings that are open. It is zero until
// the service has a book.
func (s *Service) Breadth(ctx context.Context, q scene.SavedSearch) (Breadth, error) {
	b := s.book.Load()
	if b == nil {
		return Breadth{}, nil
	}
	one := NewBook(b.engine, b.lex, b.divisions.dicts, b.rarity)
	q.Paused = false
	one.Put(q)
	var profiles []*match.Profile
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		f, page := store.ListingFilter{OpenAt: s.Now(), Newest: true}, store.Page{Limit: breadthOf}
		if q.Wants == scene.KindOpportunity {
			profiles, err = newest(ctx, tx, needs(b), f, page)
		} else {
			profiles, err = newest(ctx, tx, offers(b), f, page)
		}
		return err
	})
	if err != nil {
		return Breadth{}, scene.Wrap("standing.Breadth", err)
	}
	found := 0
	for _, p := range profiles {
		found += len(one.Match(p, s.Now()))
	}
	return Breadth{Found: found, Of: len(profiles)}, nil
}

func newest[T any](ctx context.Context, tx store.Tx, x side[T], f store.ListingFilter, p store.Page) ([]*match.Profile, error) {
	rows, err := x.table(tx).List(ctx, f, p)
	if err != nil {
		return nil, err
	}
	return withOrganisations(ctx, tx, x, rows.Items)
}
