package broker

import (
	"cmp"
	"slices"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// slot is a counterpart on a sheet: its place among the rows of its side, which
// stand in the order that breaks ties.
type slot struct {
	raw float64
	at  uint32
}

// bySlot puts better counterparts first.
func bySlot(a, b slot) int { return cmp.Or(cmp.Compare(b.raw, a.raw), cmp.Compare(a.at, b.at)) }

// sheet collects the best counterparts of one listing as pairs come, in any
// order, the same pair perhaps twice.
type sheet struct {
	best, out []slot
}

// takes reports whether a pair would stand in a list of at most size.
func takes(list []slot, s slot, size int) bool {
	if len(list) < size {
		return true
	}
	last := &list[len(list)-1]
	return s.raw > last.raw || s.raw == last.raw && s.at < last.at
}

// insert puts a pair in its place and drops what goes beyond size.
func insert(list []slot, s slot, size int) []slot {
	at, found := slices.BinarySearchFunc(list, s, bySlot)
	if found {
		return list
	}
	if len(list) < size {
		return slices.Insert(list, at, s)
	}
	copy(list[at+1:], list[at:])
	list[at] = s
	return list
}

// rowsOf lists the rows of a side in the order that breaks ties.
func rowsOf(s *side) []*entry {
	rows := s.sorted()
	slices.SortStableFunc(rows, func(a, b *entry) int { return cmp.Compare(a.profile.Ref.Code, b.profile.Ref.Code) })
	return rows
}

// newList makes the list of a listing from pairs that were scored.
func newList(p *match.Profile, version string, now time.Time, c chosen) *List {
	return &List{
		Print: p.Fingerprint(), Version: version, Made: now, Whole: c.all && len(c.kept) < listKept,
		Best: pairsOf(c.kept), Out: pairsOf(c.out),
	}
}

func pairsOf(list []scored) []Pair {
	pairs := make([]Pair, len(list))
	for i, s := range list {
		pairs[i] = Pair{ID: s.counterpart.Ref.ID, Raw: s.score.Raw}
	}
	return pairs
}

func pairsAt(rows []*entry, list []slot) []Pair {
	pairs := make([]Pair, len(list))
	for i, s := range list {
		pairs[i] = Pair{ID: rows[s.at].profile.Ref.ID, Raw: s.raw}
	}
	return pairs
}

// offered tells where a pair stands in the list of its offer: among the best,
// among those that a known condition removes, or nowhere.
func (m *Market) offered(need, offer *match.Profile, now time.Time) (best, out bool) {
	if need.Hidden(now) {
		return false, false
	}
	broken := match.Verdict(m.engine.Check(need, offer, match.SideOffer, now)) == scene.No
	return !broken, broken
}
