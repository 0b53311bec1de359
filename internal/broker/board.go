package broker

import (
	"slices"
	"sync"
	"time"
	"unique"

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

// lists are those of one side, by the numbers of its listings.
type lists struct {
	names  *numbers // of both sides
	of     map[uint32]*packed
	stale  map[uint32]bool     // changed since the list was made
	naming map[uint32][]uint32 // by counterpart: the listings whose lists name it
}

// numbers calls listings by numbers, in the order in which they came, which are
// theirs as long as the board is. A province has millions of places in lists: as
// numbers they are half as large, and the garbage collector need not look at them.
type numbers struct {
	of  map[scene.ID]uint32
	ids []scene.ID // by number
}

func (n *numbers) number(id scene.ID) uint32 {
	if at, known := n.of[id]; known {
		return at
	}
	at := uint32(len(n.ids)) //nolint:gosec // listings are fewer than four thousand million
	n.of[id], n.ids = at, append(n.ids, id)
	return at
}

// packed is a List as the board keeps it: the best first, then those that a known condition removes.
type packed struct {
	print   uint64
	version unique.Handle[string]
	made    time.Time
	whole   bool
	best    int
	spots   []spot
}

// spot is a Pair of a packed list.
type spot struct {
	who uint32
	raw float64
}

func (n *numbers) pack(l *List) *packed {
	p := &packed{
		print: l.Print, version: unique.Make(l.Version), made: l.Made, whole: l.Whole,
		best: len(l.Best), spots: make([]spot, 0, len(l.Best)+len(l.Out)),
	}
	for _, some := range [][]Pair{l.Best, l.Out} {
		for _, x := range some {
			p.spots = append(p.spots, spot{n.number(x.ID), x.Raw})
		}
	}
	return p
}

func (n *numbers) unpack(p *packed) *List {
	if p == nil {
		return nil
	}
	pairs := make([]Pair, len(p.spots))
	for i, x := range p.spots {
		pairs[i] = Pair{n.ids[x.who], x.raw}
	}
	return &List{
		Print: p.print, Version: p.version.Value(), Made: p.made, Whole: p.whole,
		Best: pairs[:p.best:p.best], Out: pairs[p.best:],
	}
}

func (p *packed) places() []spot {
	if p == nil {
		return nil
	}
	return p.spots
}

func (p *packed) names(who uint32) bool {
	return slices.ContainsFunc(p.places(), func(x spot) bool { return x.who == who })
}

// get returns the list of a listing, nil where there is none.
func (s *lists) get(id scene.ID) *packed {
	n, known := s.names.of[id]
	if !known {
		return nil
	}
	return s.of[n]
}

// put stores a list in the place of the one before; nil is none.
func (s *lists) put(id scene.ID, l *List) {
	by := s.names.number(id)
	before := s.of[by]
	var next *packed
	if l != nil {
		next = s.names.pack(l)
	}
	for _, x := range before.places() {
		if !next.names(x.who) {
			s.unname(x.who, by)
		}
	}
	for _, x := range next.places() {
		if !before.names(x.who) {
			s.naming[x.who] = append(s.naming[x.who], by)
		}
	}
	if s.of[by] = next; next == nil {
		delete(s.of, by)
	}
}

// unname notes that a list no longer names a counterpart.
func (s *lists) unname(who, by uint32) {
	naming := s.naming[who]
	if at := slices.Index(naming, by); at >= 0 {
		naming[at] = naming[len(naming)-1]
		naming = naming[:len(naming)-1]
	}
	if s.naming[who] = naming; len(naming) == 0 {
		delete(s.naming, who)
	}
}

// NewBoard returns a board without lists.
func NewBoard() *Board {
	b := &Board{}
	b.empty()
	return b
}

func (b *Board) empty() {
	names := &numbers{of: map[scene.ID]uint32{}}
	b.sides = map[scene.Kind]*lists{}
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		b.sides[kind] = &lists{names: names, of: map[uint32]*packed{}, stale: map[uint32]bool{}, naming: map[uint32][]uint32{}}
	}
}

// Put stores the list of a listing in the place of the one before.
func (b *Board) Put(kind scene.Kind, id scene.ID, l *List) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.sides[kind]
	s.put(id, l)
	delete(s.stale, s.names.number(id))
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
	s := b.sides[kind]
	had := s.get(id) != nil
	s.put(id, nil)
	delete(s.stale, s.names.number(id))
	return had
}

// Clear forgets all lists.
func (b *Board) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.empty()
}

// Touch notes that listings changed: their lists are not fresh until they were put again.
func (b *Board) Touch(kind scene.Kind, ids ...scene.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.sides[kind]
	for _, id := range ids {
		s.stale[s.names.number(id)] = true
	}
}

// Get returns the list of a listing, nil where there is none.
func (b *Board) Get(kind scene.Kind, id scene.ID) *List {
	b.mu.RLock()
	defer b.mu.RUnlock()
	s := b.sides[kind]
	return s.names.unpack(s.get(id))
}

// fresh returns the list of a listing if it was made by that version and the
// listing has not changed since.
func (b *Board) fresh(kind scene.Kind, id scene.ID, version string) *List {
	b.mu.RLock()
	defer b.mu.RUnlock()
	s := b.sides[kind]
	p := s.get(id)
	if p == nil || p.version.Value() != version || s.stale[s.names.of[id]] {
		return nil
	}
	return s.names.unpack(p)
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
	s := b.sides[kind]
	ids := make([]scene.ID, 0, len(s.of))
	for n := range s.of {
		ids = append(ids, s.names.ids[n])
	}
	return ids
}
