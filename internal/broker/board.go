package broker

import (
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"jinghe/internal/scene"
)

const (
	// listTop is how many matches a list promises, listKept how many it keeps:
	// the reserve takes the place of what is withdrawn, and lets a list be put in
	// order anew as scores drift a little between two times of learning.
	listTop  = defaultTop
	listKept = listTop + 10
)

// List is what the market worked out for one listing ahead of being asked: the
// best counterparts that no known condition removes, and the best of those
// that one does. Explanations are made when it is read. It is not changed
// after it was put on a board.
type List struct {
	// Print is the fingerprint of the listing (match.Profile.Fingerprint) that it was made for.
	Print uint64
	// Version names everything its scores depend on besides the rows: Market.ListVersion.
	Version string
	Made    time.Time
	Best    []Pair // at most listKept, best first
	Out     []Pair // at most shownExcluded, best first
	// Whole says that Best holds every counterpart there was: it is short because there are no more.
	Whole bool
}

// Pair is a counterpart with its raw score.
type Pair struct {
	ID  scene.ID
	Raw float64
}

// Board holds the lists of both sides in memory. It is safe for concurrent use.
type Board struct {
	mu    sync.RWMutex
	sides map[scene.Kind]*lists
	heard time.Time // listings released until then have their place in every list
}

// lists are those of one side. Listings are numbered in the order in which they
// came, so that who names whom takes four bytes a place.
type lists struct {
	of     map[scene.ID]*List
	stale  map[scene.ID]bool     // changed since the list was made
	naming map[scene.ID][]uint32 // by counterpart: the listings whose lists name it
	number map[scene.ID]uint32
	ids    []scene.ID // by number
}

func noLists() *lists {
	return &lists{of: map[scene.ID]*List{}, stale: map[scene.ID]bool{}, naming: map[scene.ID][]uint32{}, number: map[scene.ID]uint32{}}
}

// put stores a list in the place of the one before; nil is none.
func (s *lists) put(id scene.ID, l *List) {
	before := s.of[id]
	for p := range before.pairs() {
		if !l.names(p.ID) {
			s.unname(p.ID, s.number[id])
		}
	}
	if l == nil {
		delete(s.of, id)
		return
	}
	n, known := s.number[id]
	if !known {
		n = uint32(len(s.ids)) //nolint:gosec // listings are fewer than four thousand million
		s.number[id], s.ids = n, append(s.ids, id)
	}
	for p := range l.pairs() {
		if !before.names(p.ID) {
			s.naming[p.ID] = append(s.naming[p.ID], n)
		}
	}
	s.of[id] = l
}

// unname notes that a list no longer names a counterpart.
func (s *lists) unname(id scene.ID, by uint32) {
	naming := s.naming[id]
	if at := slices.Index(naming, by); at >= 0 {
		naming[at] = naming[len(naming)-1]
		naming = naming[:len(naming)-1]
	}
	if s.naming[id] = naming; len(naming) == 0 {
		delete(s.naming, id)
	}
}

// pairs are those of a list, whether or not a known condition removes them.
func (l *List) pairs() iter.Seq[Pair] {
	return func(yield func(Pair) bool) {
		if l == nil {
			return
		}
		for _, some := range [][]Pair{l.Best, l.Out} {
			for _, p := range some {
				if !yield(p) {
					return
				}
			}
		}
	}
}

func (l *List) names(id scene.ID) bool { return l != nil && (holds(l.Best, id) || holds(l.Out, id)) }

// NewBoard returns a board without lists.
func NewBoard() *Board {
	return &Board{sides: map[scene.Kind]*lists{scene.KindOpportunity: noLists(), scene.KindCapability: noLists()}}
}

// Put stores the list of a listing in the place of the one before.
func (b *Board) Put(kind scene.Kind, id scene.ID, l *List) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sides[kind].put(id, l)
	delete(b.sides[kind].stale, id)
	if l.Made.Before(b.heard) {
		b.heard = l.Made // it knows of no release since
	}
}

// hear notes that the listings released until an instant have their place in every list.
func (b *Board) hear(until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heard = until
}

// followed is the instant up to which a list knows of releases; without a list,
// that up to which all do.
func (b *Board) followed(l *List) time.Time {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if l != nil && l.Made.After(b.heard) {
		return l.Made
	}
	return b.heard
}

// Drop forgets the list of a listing and reports whether there was one.
func (b *Board) Drop(kind scene.Kind, id scene.ID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	had := b.sides[kind].of[id] != nil
	b.sides[kind].put(id, nil)
	delete(b.sides[kind].stale, id)
	return had
}

// Clear forgets all lists.
func (b *Board) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for kind := range b.sides {
		b.sides[kind] = noLists()
	}
}

// Touch notes that listings changed: their lists are not fresh until they were put again.
func (b *Board) Touch(kind scene.Kind, ids ...scene.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range ids {
		b.sides[kind].stale[id] = true
	}
}

// Get returns the list of a listing, nil where there is none.
func (b *Board) Get(kind scene.Kind, id scene.ID) *List {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.sides[kind].of[id]
}

// fresh returns the list of a listing if it was made by that version and the
// listing has not changed since.
func (b *Board) fresh(kind scene.Kind, id scene.ID, version string) *List {
	b.mu.RLock()
	defer b.mu.RUnlock()
	l := b.sides[kind].of[id]
	if l == nil || l.Version != version || b.sides[kind].stale[id] {
		return nil
	}
	return l
}

// Len is the number of lists of one side.
func (b *Board) Len(kind scene.Kind) int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return len(b.sides[kind].of)
}

// IDs returns the listings of one side that have a list, in no order.
func (b *Board) IDs(kind scene.Kind) []scene.ID {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return slices.Collect(maps.Keys(b.sides[kind].of))
}
