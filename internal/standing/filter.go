package standing

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

const (
	fieldMark = mark + "field" + mark
	orgMark   = mark + "org" + mark
)

// filter is all that a search asks for beside words: labels and conditions.
// Many searches share one, and it is held against a listing once for all of them.
type filter struct {
	key     string
	uses    int
	fields  []uint32 // labels, one of which will do
	regions []uint32 // divisions, one of which will do
	// side states the conditions as a listing of the asker's.
	side *match.Profile
	// only are the places of the searches that ask nothing else.
	only []uint32
}

// labels are what most filters fail by, close together: the first label of each
// kind, and whether there are others. A division is told by its number and one; 0 is none.
type labels struct {
	field, region uint32
	more          bool
}

func (f *filter) labels() labels {
	l := labels{more: len(f.fields) > 1 || len(f.regions) > 1}
	if len(f.fields) > 0 {
		l.field = f.fields[0]
	}
	if len(f.regions) > 0 {
		l.region = f.regions[0] + 1
	}
	return l
}

// filters numbers the filters of one kind of search and keeps those that
// searches consist of where a listing with their label finds them.
type filters struct {
	numbers map[string]uint32
	list    []filter // by number
	labels  []labels // by number
	free    []uint32

	byField map[uint32][]uint32
	// byRegion are filters of divisions alone; byBoth those of fields too, which
	// a listing finds that does not say its field.
	byRegion, byBoth map[uint32][]uint32
}

func newFilters() filters {
	return filters{
		numbers: map[string]uint32{}, byField: map[uint32][]uint32{},
		byRegion: map[uint32][]uint32{}, byBoth: map[uint32][]uint32{},
	}
}

// filterKey spells a filter: equal filters, equal keys.
func filterKey(s *scene.SavedSearch) string {
	var b strings.Builder
	for _, list := range [][]string{s.Fields, s.Regions, s.Modes, s.Qualifications} {
		list = slices.Clone(list)
		slices.Sort(list)
		for _, code := range slices.Compact(list) {
			b.WriteString(code)
			b.WriteString(mark)
		}
		b.WriteString(mark)
	}
	for _, n := range []int64{int64(s.Money.Min), int64(s.Money.Max), int64(s.Maturity.Min), int64(s.Maturity.Max)} {
		b.WriteString(strconv.FormatInt(n, 36))
		b.WriteString(mark)
	}
	b.WriteString(strconv.FormatBool(s.Money.Negotiable))
	for _, n := range []float64{s.Months.Min, s.Months.Max} {
		b.WriteString(mark)
		b.WriteString(strconv.FormatFloat(n, 'g', -1, 64))
	}
	return b.String()
}

// filter takes the number of a search's filter.
func (b *Book) filter(h *half, s *scene.SavedSearch) uint32 {
	key := filterKey(s)
	n, ok := h.filters.numbers[key]
	if ok {
		h.filters.list[n].uses++
		return n
	}
	f := filter{key: key, uses: 1, side: b.sideOf(s)}
	for _, code := range distinct(s.Fields) {
		f.fields = append(f.fields, b.terms.take(fieldMark+code))
	}
	for _, code := range distinct(s.Regions) {
		f.regions = append(f.regions, b.divisions.number(code))
	}
	if last := len(h.filters.free) - 1; last >= 0 {
		n, h.filters.free = h.filters.free[last], h.filters.free[:last]
		h.filters.list[n], h.filters.labels[n] = f, f.labels()
	} else {
		n = uint32(len(h.filters.list))
		h.filters.list, h.filters.labels = append(h.filters.list, f), append(h.filters.labels, f.labels())
	}
	h.filters.numbers[key] = n
	return n
}

func distinct(codes []string) []string {
	codes = slices.Clone(codes)
	slices.Sort(codes)
	return slices.Compact(codes)
}

// leaveFilter gives one use of a filter back.
func (b *Book) leaveFilter(h *half, n uint32) {
	f := &h.filters.list[n]
	if f.uses--; f.uses > 0 {
		return
	}
	for _, label := range f.fields {
		b.terms.leave(label)
	}
	delete(h.filters.numbers, f.key)
	h.filters.list[n], h.filters.labels[n] = filter{}, labels{}
	h.filters.free = append(h.filters.free, n)
}

// add files a search that consists of its filter.
func (x *filters) add(n, search uint32) {
	f := &x.list[n]
	if f.only = append(f.only, search); len(f.only) == 1 {
		x.shelves(f, func(shelf map[uint32][]uint32, label uint32) { shelf[label] = append(shelf[label], n) })
	}
}

// remove takes such a search out.
func (x *filters) remove(n, search uint32) {
	f := &x.list[n]
	if f.only = without(f.only, search); len(f.only) > 0 {
		return
	}
	x.shelves(f, func(shelf map[uint32][]uint32, label uint32) {
		if shelf[label] = without(shelf[label], n); len(shelf[label]) == 0 {
			delete(shelf, label)
		}
	})
}

// shelves visits the shelves on which a filter stands.
func (x *filters) shelves(f *filter, visit func(map[uint32][]uint32, uint32)) {
	for _, label := range f.fields {
		visit(x.byField, label)
	}
	regions := x.byRegion
	if len(f.fields) > 0 {
		regions = x.byBoth
	}
	for _, label := range f.regions {
		visit(regions, label)
	}
}

// without removes one value; the order of the others changes.
func without(list []uint32, value uint32) []uint32 {
	at := slices.Index(list, value)
	if at < 0 {
		return list
	}
	last := len(list) - 1
	list[at] = list[last]
	return list[:last]
}

// What a listing is to a filter.
const (
	out     = iota // a label is another, or a condition is broken
	in             // nothing known speaks against it
	meets          // and a label asked for is its own
	counted        // and the searches that ask nothing else were told
)

// judge holds a listing against a filter, once for all searches that share it.
func (b *Book) judge(h *half, r *reader, p *match.Profile, n uint32, now time.Time) uint32 {
	if known := r.judged[n]; known>>2 == r.round {
		return known & 3
	}
	v := b.verdict(h, r, p, n, now)
	r.judged[n] = r.round<<2 | v
	return v
}

func (b *Book) verdict(h *half, r *reader, p *match.Profile, n uint32, now time.Time) uint32 {
	l := h.filters.labels[n]
	field, region := scene.Unknown, scene.Unknown
	if l.field != 0 && len(p.Fields) > 0 {
		field = truth(r.has(l.field))
	}
	if l.region != 0 && len(p.Regions) > 0 {
		region = r.truths[l.region-1]
	}
	f := &h.filters.list[n]
	if l.more {
		field, region = f.among(r, field, region)
	}
	if field == scene.No || region == scene.No {
		return out
	}
	need, offer := f.side, p
	if p.Side == match.SideNeed {
		need, offer = p, f.side
	}
	switch {
	case !b.engine.Admits(need, offer, f.side.Side, now):
		return out
	case field == scene.Yes || region == scene.Yes:
		return meets
	}
	return in
}

// among finds the best of several labels; Unknown of a kind that is not asked
// for, or that the listing does not state, stays.
func (f *filter) among(r *reader, field, region scene.Truth) (bestField, bestRegion scene.Truth) {
	if field == scene.No && slices.ContainsFunc(f.fields, r.has) {
		field = scene.Yes
	}
	if len(r.truths) > 0 {
		for _, n := range f.regions {
			region = max(region, r.truths[n])
		}
	}
	return field, region
}

func truth(ok bool) scene.Truth {
	if ok {
		return scene.Yes
	}
	return scene.No
}

// filtered finds the searches that ask for labels and conditions alone: one of
// the labels has to be the listing's.
func (b *Book) filtered(h *half, r *reader, p *match.Profile, now time.Time) {
	tell := func(shelf []uint32) {
		for _, n := range shelf {
			if b.judge(h, r, p, n, now) == meets {
				r.judged[n] = r.round<<2 | counted
				for _, at := range h.filters.list[n].only {
					b.keep(r, at)
				}
			}
		}
	}
	for _, f := range p.Fields {
		tell(h.filters.byField[b.terms.numbers[fieldMark+f]])
	}
	for n, t := range r.truths {
		if t != scene.Yes {
			continue
		}
		tell(h.filters.byRegion[uint32(n)])
		if len(p.Fields) == 0 {
			tell(h.filters.byBoth[uint32(n)])
		}
	}
}
