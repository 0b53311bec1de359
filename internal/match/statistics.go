package match

import (
	"math"
	"sync"
	"sync/atomic"
)

// Statistics counts in how many profiles of a market each term stands, and how
// long their fields are. Readers never wait: counts live in a table of atomic
// words that one writer at a time changes and, when it fills up, replaces.
type Statistics struct {
	write sync.Mutex
	table atomic.Pointer[countTable]

	documents         atomic.Int64
	titleLen, bodyLen atomic.Int64 // sums over documents
	bodies            atomic.Int64 // documents that have a body
	distinct          atomic.Int64 // sum of the numbers of distinct terms
	changes           atomic.Uint64
}

// countTable is open addressing over words of term<<32 | count. A slot once
// taken keeps its term, so a probe may stop at the first empty word.
type countTable struct {
	slots []atomic.Uint64
	used  int // touched by the writer only
}

const firstTable = 1 << 12

// NewStatistics returns empty counts.
func NewStatistics() *Statistics {
	s := &Statistics{}
	s.table.Store(&countTable{slots: make([]atomic.Uint64, firstTable)})
	return s
}

// Add counts a profile in.
func (s *Statistics) Add(p *Profile) { s.change(p, 1) }

// Remove takes a profile out that was counted in before.
func (s *Statistics) Remove(p *Profile) { s.change(p, -1) }

// Changes counts additions and removals: between equal figures, nothing that is
// worked out from the counts has changed.
func (s *Statistics) Changes() uint64 { return s.changes.Load() }

// Documents is the number of profiles counted.
func (s *Statistics) Documents() int { return int(s.documents.Load()) }

func (s *Statistics) change(p *Profile, by int) {
	s.write.Lock()
	defer s.write.Unlock()
	for _, t := range p.bag.terms {
		s.bump(t, by)
	}
	s.documents.Add(int64(by))
	s.titleLen.Add(int64(by) * int64(p.bag.titleLen))
	s.bodyLen.Add(int64(by) * int64(p.bag.bodyLen))
	s.distinct.Add(int64(by) * int64(len(p.bag.terms)))
	if p.bag.bodyLen > 0 {
		s.bodies.Add(int64(by))
	}
	s.changes.Add(1) // last: who worked something out meanwhile knows it for old
}

func (s *Statistics) bump(t term, by int) {
	table := s.table.Load()
	if 2*table.used > len(table.slots) {
		table = table.grown()
		s.table.Store(table)
	}
	i := table.find(t)
	word := table.slots[i].Load()
	if word == 0 {
		table.used++
		word = slotKey(t)
	}
	table.slots[i].Store(word + uint64(int64(by)))
}

// slotKey sets the lowest bit beside the term's number so that a slot of term 0
// with count 0 is still not the empty word; counts start above it.
func slotKey(t term) uint64 { return uint64(t)<<32 | 1 }

func (t *countTable) find(key term) int {
	mask := len(t.slots) - 1
	for i := int(mix(uint64(key))) & mask; ; i = (i + 1) & mask {
		word := t.slots[i].Load()
		if word == 0 || term(word>>32) == key {
			return i
		}
	}
}

func (t *countTable) grown() *countTable {
	g := &countTable{slots: make([]atomic.Uint64, 2*len(t.slots)), used: t.used}
	for i := range t.slots {
		if word := t.slots[i].Load(); word != 0 {
			g.slots[g.find(term(word>>32))].Store(word)
		}
	}
	return g
}

// frequency is the number of profiles that hold the term.
func (s *Statistics) frequency(t term) int {
	table := s.table.Load()
	word := table.slots[table.find(t)].Load()
	if word == 0 {
		return 0
	}
	return int(uint32(word)) - 1
}

// idf is the weight of a term's rarity, never negative:
// ln(1 + (N − n + ½)/(n + ½)), as in BM25.
func (s *Statistics) idf(t term) float64 {
	n, d := float64(s.frequency(t)), float64(s.documents.Load())
	return math.Log1p((max(d, n) - n + 0.5) / (n + 0.5))
}

// averages returns the mean lengths of title and body, at least 1.
func (s *Statistics) averages() (title, body float64) {
	d := max(float64(s.documents.Load()), 1)
	b := max(float64(s.bodies.Load()), 1)
	return max(float64(s.titleLen.Load())/d, 1), max(float64(s.bodyLen.Load())/b, 1)
}

// breadth is the mean number of distinct terms of a profile, at least 1.
func (s *Statistics) breadth() int {
	return max(int(s.distinct.Load()/max(s.documents.Load(), 1)), 1)
}
