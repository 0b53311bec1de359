package agenda

import "slices"

// floor is a state whose planned meetings have their tables too.
type floor struct {
	st     *state
	table  []int   // per meeting: where it sits, or sat last; −1 before that
	taken  []bool  // table×slot: whether a meeting sits there
	inHall [][]int // per hall and slot: meetings
}

// newFloor is that of a state in which nothing is planned.
func newFloor(st *state) *floor {
	f := &floor{st: st, table: slices.Repeat([]int{-1}, len(st.in.meet)), taken: make([]bool, len(st.in.seating.id)*st.in.slots)}
	for range st.in.seating.most {
		f.inHall = append(f.inHall, make([]int, st.in.slots))
	}
	return f
}

// seat plans a meeting that is not planned, at a table.
func (f *floor) seat(m, s, t int) {
	f.st.put(m, s)
	f.sit(m, t)
}

// sit gives a planned meeting its table.
func (f *floor) sit(m, t int) {
	s := f.st.slot[m]
	f.table[m] = t
	f.taken[t*f.st.in.slots+s] = true
	f.inHall[f.st.in.seating.hall[t]][s]++
}

// takeOut removes a planned meeting from its slot and table.
func (f *floor) takeOut(m int) {
	f.rise(m)
	f.st.take(m)
}

// rise makes the table of a planned meeting free.
func (f *floor) rise(m int) {
	s, t := f.st.slot[m], f.table[m]
	f.taken[t*f.st.in.slots+s] = false
	f.inHall[f.st.in.seating.hall[t]][s]--
}

// vacant tells whether one more meeting can sit at the table t at s.
func (f *floor) vacant(s, t int) bool {
	rules := &f.st.in.seating
	return !f.taken[t*f.st.in.slots+s] && rules.open[t].has(s) && f.inHall[rules.hall[t]][s] < rules.most[rules.hall[t]][s]
}

// freeTable is the table where m sat last or the first free one at s, or −1.
func (f *floor) freeTable(m, s int) int {
	rules := &f.st.in.seating
	if l := f.st.in.meet[m].source.Locked; l != nil {
		if t := rules.index[l.Table]; f.vacant(s, t) {
			return t
		}
		return -1
	}
	if t := f.table[m]; t >= 0 && f.vacant(s, t) {
		return t
	}
	for t := range rules.id {
		if f.vacant(s, t) {
			return t
		}
	}
	return -1
}

// origin is where a meeting was.
type origin struct{ meeting, slot, table int }

// origin is where the meeting m is.
func (f *floor) origin(m int) origin { return origin{m, f.st.slot[m], f.table[m]} }

// putBack brings meetings back to where they were.
func (f *floor) putBack(moved []origin) {
	for _, o := range moved {
		if f.st.slot[o.meeting] != nowhere {
			f.takeOut(o.meeting)
		}
	}
	for _, o := range moved {
		if o.slot != nowhere {
			f.seat(o.meeting, o.slot, o.table)
		}
	}
}
