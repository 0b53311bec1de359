package agenda

import (
	"cmp"
	"slices"
)

// forward is a plan whose meetings are brought forward, one at a time or with all that
// stands in one row with it: the meetings of a party without a gap between them, those
// without a gap beside these for the other party, and so on. Such a row, moved by one
// slot, finds its parties free there, keeps every order and pulls nobody's meetings
// apart; where its tables are free as well, nothing is lost.
type forward struct {
	*floor
	in    *instance
	goals []Goal // those that count more than early slots
	times []Goal // those of them that a meeting can change which is planned and stays so
	left  []int  // meetings that could come in, in the order of their value

	changes []int // per party: how often its next meeting is at another table
	day     []int // scratch
}

func newForward(st *state, table []int) *forward {
	f := &forward{
		floor: newFloor(st), in: st.in, goals: st.in.goals[:slices.Index(st.in.goals, Early)], changes: make([]int, len(st.in.party)),
	}
	for m, s := range st.slot {
		if s != nowhere {
			f.sit(m, table[m])
		}
	}
	for _, g := range f.goals {
		if g == Breaks || g == TableChanges {
			f.times = append(f.times, g)
		}
	}
	for x := range f.changes {
		f.recount([]int{x})
	}
	f.left = st.in.order(func(m int) float64 { return float64(st.in.meet[m].value) })
	return f
}

// compact brings forward what can be, until nothing can, and tells whether anything
// was. Each move makes the plan better by the goals, so there is an end.
func (f *forward) compact(stop func() bool) bool {
	moved := false
	for again := true; again && !stop(); {
		again = false
		for _, row := range f.rows() {
			again = f.advance(row) || again
		}
		for s := range f.in.slots {
			for _, m := range slices.Clone(f.st.here[s]) {
				again = f.advance([]int{m}) || again
			}
		}
		for _, m := range f.left {
			if f.st.slot[m] == nowhere {
				again = f.advance([]int{m}) || again
			}
		}
		moved = moved || again
	}
	return moved
}

// advance brings meetings forward together as far as that can be, and tells whether
// it did. They are in the order of their slots.
func (f *forward) advance(list []int) bool {
	for by := f.st.standing(list[0]); by > 0; by-- {
		if f.bring(list, by) {
			return true
		}
	}
	return false
}

// bring brings meetings that are planned, or one that is not, forward by so many slots,
// if that makes the plan better, and tells so.
func (f *forward) bring(list []int, by int) bool {
	if !f.promising(list, by) {
		return false
	}
	st, goals := f.st, f.times
	if st.slot[list[0]] == nowhere {
		goals = f.goals
	}
	parties := f.partiesOf(list)
	changes := f.known(parties)
	before := st.scoredBy(goals, changes)
	was := make([]origin, 0, len(list))
	for _, m := range list {
		was = append(was, f.origin(m))
		if st.slot[m] != nowhere {
			f.takeOut(m)
		}
	}
	put := 0
	for put < len(was) && st.fits(was[put].meeting, f.in.standing(was[put].slot)-by) {
		st.put(was[put].meeting, f.in.standing(was[put].slot)-by)
		put++
	}
	if put < len(was) || before.less(st.scoredBy(goals, changes)) {
		for _, o := range was[:put] {
			st.take(o.meeting)
		}
		f.putBack(was)
		return false
	}
	for _, m := range list {
		f.sit(m, f.tableFor(m))
	}
	if before.less(st.scoredBy(goals, f.recount(parties))) {
		f.putBack(was)
		f.recount(parties)
		return false
	}
	return true
}

// promising tells whether all of the meetings could stand so many slots earlier if
// the others were out of the way. One that comes in needs its table as well, where it is
// locked to one.
func (f *forward) promising(list []int, by int) bool {
	for _, m := range list {
		s := f.st.standing(m) - by
		if s < 0 || !f.in.meet[m].allowed.has(s) {
			return false
		}
	}
	if len(list) > 1 {
		return true
	}
	m, s := list[0], f.st.standing(list[0])-by
	return f.st.free(m, s) && f.st.roomy(m, s) && (f.st.slot[m] != nowhere || f.st.open(m) && f.freeTable(m, s) >= 0)
}

// known sums the table changes of parties.
func (f *forward) known(parties []int) int {
	n := 0
	for _, x := range parties {
		n += f.changes[x]
	}
	return n
}

// recount counts them anew.
func (f *forward) recount(parties []int) int {
	for _, x := range parties {
		day := f.dayOf(x)
		f.changes[x] = 0
		for i := 1; i < len(day); i++ {
			if f.table[day[i]] != f.table[day[i-1]] {
				f.changes[x]++
			}
		}
	}
	return f.known(parties)
}

// rows are the groups of meetings that stand in one row for some party, each in the
// order of its slots, the earliest first.
func (f *forward) rows() [][]int {
	row := make([]int, len(f.st.slot)) // a meeting of the same row, itself for the first
	for m := range row {
		row[m] = m
	}
	first := func(m int) int {
		for row[m] != m {
			row[m] = row[row[m]]
			m = row[m]
		}
		return m
	}
	for x := range f.in.party {
		day := f.dayOf(x)
		for i := 1; i < len(day); i++ {
			if f.st.slot[day[i]]-f.st.slot[day[i-1]] <= 1 {
				row[first(day[i])] = first(day[i-1])
			}
		}
	}
	index, rows := map[int]int{}, [][]int{}
	for s := range f.in.slots {
		for _, m := range f.st.here[s] {
			k, known := index[first(m)]
			if !known {
				k = len(rows)
				index[first(m)] = k
				rows = append(rows, nil)
			}
			rows[k] = append(rows[k], m)
		}
	}
	return rows
}

// dayOf lists the planned meetings of a party in the order of their slots. The list
// is good until the next.
func (f *forward) dayOf(x int) []int {
	f.day = f.day[:0]
	for _, m := range f.in.party[x].talks {
		if f.st.slot[m] != nowhere {
			f.day = append(f.day, m)
		}
	}
	slices.SortStableFunc(f.day, func(a, b int) int { return cmp.Compare(f.st.slot[a], f.st.slot[b]) })
	return f.day
}

// partiesOf lists who is at any of the meetings, each once.
func (f *forward) partiesOf(list []int) []int {
	var parties []int
	for _, m := range list {
		parties = append(parties, f.in.meet[m].parties...)
	}
	slices.Sort(parties)
	return slices.Compact(parties)
}

// tableFor is the vacant table for a planned meeting that makes its parties change
// least: the one where it sat, that of a meeting just before or after, or any.
func (f *forward) tableFor(m int) int {
	s := f.st.slot[m]
	best := f.freeTable(m, s)
	if f.in.meet[m].source.Locked != nil || !f.in.counts(TableChanges) {
		return best
	}
	beside := f.beside(m)
	away := func(t int) int {
		n := 0
		for _, other := range beside {
			if f.table[other] != t {
				n++
			}
		}
		return n
	}
	for _, other := range beside {
		if t := f.table[other]; f.vacant(s, t) && away(t) < away(best) {
			best = t
		}
	}
	return best
}

// beside are the meetings of its parties just before and just after a planned one.
func (f *forward) beside(m int) []int {
	var list []int
	for _, x := range f.in.meet[m].parties {
		day := f.dayOf(x)
		i := slices.Index(day, m)
		if i > 0 {
			list = append(list, day[i-1])
		}
		if i+1 < len(day) {
			list = append(list, day[i+1])
		}
	}
	return list
}
