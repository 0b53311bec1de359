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

// sampleFor is how long the newest listings that were read are tried on: an advice
// may be a minute old, and reading them anew for each look at a search would be
// most of what its page costs.
const sampleFor = time.Minute

// sample is the newest open listings of a side, with what was found among them.
// It is safe for concurrent use.
type sample struct {
	book     *Book // that read them
	until    time.Time
	profiles []*match.Profile

	mu    sync.Mutex
	found map[asked]int
}

// asked is a search as it was tried.
type asked struct {
	id       scene.ID
	revision int
}

// samples holds that of each side. It is safe for concurrent use.
type samples struct{ needs, offers atomic.Pointer[sample] }

// Breadth tries a search on the newest listings that are open, as they were at
// most a minute ago. It is zero until the service has a book.
func (s *Service) Breadth(ctx context.Context, q scene.SavedSearch) (Breadth, error) {
	b := s.book.Load()
	if b == nil {
		return Breadth{}, nil
	}
	of, err := s.sample(ctx, b, q.Wants)
	if err != nil {
		return Breadth{}, scene.Wrap("standing.Breadth", err)
	}
	return Breadth{Found: of.count(q, s.Now()), Of: len(of.profiles)}, nil
}

// sample is that of a side, read where there is none that is fresh. Two who ask
// at once may both read.
func (s *Service) sample(ctx context.Context, b *Book, kind scene.Kind) (*sample, error) {
	at, now := &s.samples.offers, s.Now()
	if kind == scene.KindOpportunity {
		at = &s.samples.needs
	}
	if held := at.Load(); held != nil && held.book == b && now.Before(held.until) {
		return held, nil
	}
	fresh := &sample{book: b, until: now.Add(sampleFor), found: map[asked]int{}}
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		f, page := store.ListingFilter{OpenAt: now, Newest: true}, store.Page{Limit: breadthOf}
		if kind == scene.KindOpportunity {
			fresh.profiles, err = newest(ctx, tx, needs(b), f, page)
		} else {
			fresh.profiles, err = newest(ctx, tx, offers(b), f, page)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	at.Store(fresh)
	return fresh, nil
}

// count is how many of the sample answer a search. What a stored search found is
// remembered; one that is not stored is tried each time.
func (of *sample) count(q scene.SavedSearch, now time.Time) int {
	of.mu.Lock()
	defer of.mu.Unlock()
	key := asked{q.ID, q.Revision}
	if n, ok := of.found[key]; ok {
		return n
	}
	one := NewBook(of.book.engine, of.book.lex, of.book.divisions.dicts, of.book.rarity)
	q.Paused = false
	one.Put(q)
	n := 0
	for _, p := range of.profiles {
		n += len(one.Match(p, now))
	}
	if q.ID != "" && q.Revision > 0 {
		of.found[key] = n
	}
	return n
}

func newest[T any](ctx context.Context, tx store.Tx, x side[T], f store.ListingFilter, p store.Page) ([]*match.Profile, error) {
	rows, err := x.table(tx).List(ctx, f, p)
	if err != nil {
		return nil, err
	}
	return withOrganisations(ctx, tx, x, rows.Items)
}
