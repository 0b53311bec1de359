package agenda

import (
	"maps"
	"slices"

	"jinghe/internal/agenda/sat"
)

// date states, for a party x all of whose n meetings are planned, where they are without
// a break: in one row, which is where x has begun by then and not n slots before. That
// gives words to rows that begin before or after a slot. All of it follows from what else
// the formula says, but takes proofs that grow with the factorial of the meetings, where
// a matching sees it at once.
func (f *formula) date(x, n int) {
	broken, begun := f.more[x][0], f.begun[x]
	for s := range f.in.slots {
		long := f.begunBy(x, s-n)
		if begun[s] != noLit {
			f.addKnown(broken, begun[s].Not(), long, f.busy[x][s])
		}
		if long != noLit && f.busy[x][s] != noLit {
			f.Add(broken, long.Not(), f.busy[x][s].Not())
		}
	}
	f.fill(x, n)
	for _, border := range f.borders() {
		f.halve(x, n, border)
	}
}

// begunBy is whether x has begun by slot s, if it can have.
func (f *formula) begunBy(x, s int) sat.Lit {
	switch {
	case s < 0:
		return noLit
	case s >= f.in.slots:
		s = f.in.slots - 1
	}
	return f.begun[x][s]
}

// beginsBy adds that x begins by slot s if the conditions hold and it has no break.
func (f *formula) beginsBy(x, s int, conditions ...sat.Lit) {
	f.addKnown(append(negated(conditions), f.more[x][0], f.begunBy(x, s))...)
}

// beginsAfter adds that x begins later than slot s if the conditions hold and it has no
// break.
func (f *formula) beginsAfter(x, s int, conditions ...sat.Lit) {
	if l := f.begunBy(x, s); l != noLit {
		f.Add(append(negated(conditions), f.more[x][0], l.Not())...)
	}
}

func negated(lits []sat.Lit) []sat.Lit {
	out := make([]sat.Lit, 0, len(lits)+2)
	for _, l := range lits {
		out = append(out, l.Not())
	}
	return out
}

// addKnown adds a clause of those literals that there are: the others are false.
func (f *formula) addKnown(lits ...sat.Lit) {
	f.Add(slices.DeleteFunc(lits, func(l sat.Lit) bool { return l == noLit })...)
}

// fill states which rows of n slots the meetings of x can fill, and which meeting can
// be where in each.
func (f *formula) fill(x, n int) {
	talks := f.plannedOf(x)
	allowed := make([]mask, n)
	for i, m := range talks {
		allowed[i] = f.in.meet[m].allowed
	}
	ways, rows := []sat.Lit{f.more[x][0]}, make([]row, 0, f.in.slots)
	for first := range f.in.slots - n + 1 {
		r := rowOf(allowed, first)
		rows = append(rows, r)
		if r.may == nil {
			continue
		}
		w := f.row(x, first, n)
		ways = append(ways, w)
		for i, m := range talks {
			for k := range n {
				if allowed[i].has(first+k) && !r.has(i, first+k) {
					f.Add(w.Not(), f.lit(m, first+k).Not())
				}
			}
		}
	}
	f.Add(ways...)
	for i, m := range talks {
		for _, s := range f.in.meet[m].choices {
			fits := func(r row) bool { return r.has(i, s) }
			first := slices.IndexFunc(rows, fits)
			if first < 0 {
				f.Add(f.more[x][0], f.lit(m, s).Not())
				continue
			}
			last := first
			for k := first; k < len(rows); k++ {
				if fits(rows[k]) {
					last = k
				}
			}
			f.beginsAfter(x, first-1, f.lit(m, s))
			f.beginsBy(x, last, f.lit(m, s))
		}
	}
}

// plannedOf are the meetings of x that are planned, where all are that can be.
func (f *formula) plannedOf(x int) (list []int) {
	for _, m := range f.in.party[x].talks {
		if f.planned[m] != noLit {
			list = append(list, m)
		}
	}
	return list
}

// oneIn is the share of the meetings that have to end or begin to be allowed at a border.
const oneIn = 8

// borders are the slots before which many meetings end, or begin, to be allowed, as at
// noon where there are blocks.
func (f *formula) borders() []int {
	if f.early == nil {
		f.early = map[int][]sat.Lit{}
		at := make([]int, f.in.slots+1)
		for m := range f.in.meet {
			if t := &f.in.meet[m]; !t.out() {
				at[t.choices[0]]++
				at[t.choices[len(t.choices)-1]+1]++
			}
		}
		for s, n := range at {
			if s > 0 && s < f.in.slots && n*oneIn >= len(f.in.meet) {
				f.early[s] = slices.Repeat([]sat.Lit{noLit}, len(f.in.meet))
			}
		}
	}
	return slices.Sorted(maps.Keys(f.early))
}

// before is whether the meeting is before the border, where it can be on both sides.
func (f *formula) before(m, border int) sat.Lit {
	l := &f.early[border][m]
	if *l == noLit {
		*l = f.NewLit()
		for i, s := range f.in.meet[m].choices {
			if s < border {
				f.Add(*l, f.at[m][i].Not())
			} else {
				f.Add(l.Not(), f.at[m][i].Not())
			}
		}
	}
	return *l
}

// halve states that the more meetings of x are before a border, the earlier it begins,
// and the later the more are behind.
func (f *formula) halve(x, n, border int) {
	sooner, later := 0, 0 // meetings that can only be on one side
	var before, behind []sat.Lit
	for _, m := range f.plannedOf(x) {
		switch c := f.in.meet[m].choices; {
		case c[len(c)-1] < border:
			sooner++
		case c[0] >= border:
			later++
		default:
			l := f.before(m, border)
			before, behind = append(before, l), append(behind, l.Not())
		}
	}
	if sooner > 0 {
		f.beginsBy(x, border-sooner)
	}
	for k, l := range f.unary(before, len(before)) { // more than k
		f.beginsBy(x, border-sooner-k-1, l)
	}
	if later > 0 {
		f.beginsAfter(x, border-n+later-1)
	}
	for k, l := range f.unary(behind, len(behind)) {
		f.beginsAfter(x, border-n+later+k, l)
	}
}
