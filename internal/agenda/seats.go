package agenda

import "slices"

// arrange gives every planned meeting a table: locked ones theirs, the others
// where their parties sat before, as far as that can be. It returns the table of
// each meeting, −1 where it is not planned, and the number of table changes.
func arrange(in *instance, slot []int, rounds int) (table []int, changes int) {
	a := newArrangement(in, slot)
	for s := range in.slots {
		a.seat(s)
	}
	return a.settled(rounds)
}

// rearrange is arrange for meetings that have tables already: they keep them, but
// where exchanging some saves changes.
func rearrange(in *instance, slot, table []int, rounds int) ([]int, int) {
	a := newArrangement(in, slot)
	copy(a.table, table)
	return a.settled(rounds)
}

// settled exchanges tables, where their changes count, and returns them with the changes.
func (a *arrangement) settled(rounds int) (table []int, changes int) {
	if a.in.counts(TableChanges) {
		for range rounds {
			if !a.swap() {
				break
			}
		}
	}
	return a.table, a.changes()
}

// arrangement is tables under work.
type arrangement struct {
	in    *instance
	slot  []int
	table []int
	here  [][]int    // per slot: its meetings
	next  [][2][]int // per meeting: the meetings of its parties just before and just after
}

func newArrangement(in *instance, slot []int) *arrangement {
	a := &arrangement{in: in, slot: slot, table: make([]int, len(slot)), here: make([][]int, in.slots), next: make([][2][]int, len(slot))}
	for m, s := range slot {
		a.table[m] = -1
		if s != nowhere {
			a.here[s] = append(a.here[s], m)
		}
	}
	for x := range in.party {
		var day []int
		for _, m := range in.party[x].talks {
			if slot[m] != nowhere {
				day = append(day, m)
			}
		}
		slices.SortStableFunc(day, func(p, q int) int { return slot[p] - slot[q] })
		for i := 1; i < len(day); i++ {
			a.next[day[i-1]][1] = append(a.next[day[i-1]][1], day[i])
			a.next[day[i]][0] = append(a.next[day[i]][0], day[i-1])
		}
	}
	return a
}

// seat gives the meetings of a slot their tables: locked first, then those that
// can stay at a table, then the rest.
func (a *arrangement) seat(s int) {
	st := &a.in.seating
	taken := make([]bool, len(st.id))
	left := make([]int, len(st.most))
	for h := range left {
		left[h] = st.most[h][s]
	}
	take := func(m, t int) bool {
		if t < 0 || taken[t] || !st.open[t].has(s) || left[st.hall[t]] <= 0 {
			return false
		}
		taken[t] = true
		left[st.hall[t]]--
		a.table[m] = t
		return true
	}
	for _, m := range a.here[s] {
		if l := a.in.meet[m].source.Locked; l != nil {
			take(m, st.index[l.Table])
		}
	}
	for _, m := range a.here[s] {
		for _, before := range a.next[m][0] {
			if a.table[m] < 0 && take(m, a.table[before]) {
				break
			}
		}
	}
	t := 0
	for _, m := range a.here[s] {
		for ; a.table[m] < 0 && t < len(st.id); t++ {
			take(m, t)
		}
	}
}

// cost counts the changes around a meeting if it sat at table t.
func (a *arrangement) cost(m, t int) int {
	n := 0
	for _, side := range a.next[m] {
		for _, other := range side {
			if a.table[other] != t {
				n++
			}
		}
	}
	return n
}

// swap exchanges tables within slots where that saves changes, and tells whether
// it found any.
func (a *arrangement) swap() bool {
	better := false
	for s := range a.here {
		holder := map[int]int{}
		for _, m := range a.here[s] {
			holder[a.table[m]] = m
		}
		for _, m := range a.here[s] {
			for _, side := range a.next[m] {
				for _, other := range side {
					better = a.try(holder, m, a.table[other], s) || better
				}
			}
		}
	}
	return better
}

func (a *arrangement) try(holder map[int]int, m, t, s int) bool {
	st := &a.in.seating
	old := a.table[m]
	if t < 0 || t == old || !st.open[t].has(s) || st.hall[t] != st.hall[old] || a.in.meet[m].source.Locked != nil {
		return false
	}
	gain := a.cost(m, old) - a.cost(m, t)
	other, held := holder[t]
	if held {
		if a.in.meet[other].source.Locked != nil {
			return false
		}
		gain += a.cost(other, t) - a.cost(other, old)
	}
	if gain <= 0 {
		return false
	}
	delete(holder, old)
	if held {
		a.table[other] = old
		holder[old] = other
	}
	a.table[m] = t
	holder[t] = m
	return true
}

func (a *arrangement) changes() int {
	n := 0
	for m := range a.table {
		for _, after := range a.next[m][1] {
			if a.table[after] != a.table[m] {
				n++
			}
		}
	}
	return n
}

// delegates names who takes the meeting m of parties with split calendars: the
// k-th meeting of a party in a slot goes to its k-th delegate who is there.
func (in *instance) delegates(slot []int) []map[string]string {
	names := make([]map[string]string, len(in.meet))
	turn := map[[2]int]int{}
	for m, s := range slot {
		if s == nowhere {
			continue
		}
		for _, x := range in.meet[m].parties {
			source := &in.problem.Parties[x]
			if len(source.Delegates) == 0 || source.Calendar == Share {
				continue
			}
			there := source.there(in.problem.Slots[s].ID)
			k := turn[[2]int{x, s}]
			turn[[2]int{x, s}]++
			if k < len(there) {
				if names[m] == nil {
					names[m] = map[string]string{}
				}
				names[m][source.ID] = there[k]
			}
		}
	}
	return names
}

// there lists the delegates who are present in the slot.
func (x *Party) there(slot string) []string {
	var list []string
	for i := range x.Delegates {
		if !slices.Contains(x.Delegates[i].Unavailable, slot) {
			list = append(list, x.Delegates[i].ID)
		}
	}
	return list
}
