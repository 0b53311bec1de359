package agenda

// seating knows which table is open when, and how many a hall can serve.
type seating struct {
	id    []string
	index map[string]int
	hall  []int   // per table
	open  []mask  // per table
	most  [][]int // per hall and slot: meetings at one time
	slots int
}

// newSeating reads tables and halls. A table without a known hall stands in one
// of its own.
func newSeating(p *Problem, slot map[string]int) seating {
	st := seating{index: map[string]int{}, slots: len(p.Slots)}
	halls := map[string]int{}
	for i := range p.Halls {
		h := &p.Halls[i]
		halls[h.ID] = i
		most := make([]int, st.slots)
		for s := range most {
			most[s] = h.Capacity
			if h.Capacity == 0 {
				most[s] = len(p.Tables)
			}
		}
		for _, id := range h.Unavailable {
			most[slot[id]] = 0
		}
		st.most = append(st.most, most)
	}
	free := len(st.most) // the hall of tables that stand in none
	unbounded := make([]int, st.slots)
	for s := range unbounded {
		unbounded[s] = len(p.Tables)
	}
	st.most = append(st.most, unbounded)
	for i := range p.Tables {
		t := &p.Tables[i]
		open := make(mask, words(st.slots))
		for s := range st.slots {
			open.set(s)
		}
		for _, id := range t.Unavailable {
			open.clear(slot[id])
		}
		hall, known := halls[t.Hall]
		if !known {
			hall = free
		}
		st.id = append(st.id, t.ID)
		st.index[t.ID] = i
		st.hall = append(st.hall, hall)
		st.open = append(st.open, open)
	}
	return st
}

// opened tells whether the table can be used in the slot.
func (st *seating) opened(table string, s int) bool {
	t := st.index[table]
	return st.open[t].has(s) && st.most[st.hall[t]][s] > 0
}

// rooms returns, per slot, how many meetings tables and halls hold together.
func (st *seating) rooms() []int {
	room := make([]int, st.slots)
	inHall := make([]int, len(st.most))
	for s := range room {
		clear(inHall)
		for t := range st.id {
			if st.open[t].has(s) && inHall[st.hall[t]] < st.most[st.hall[t]][s] {
				inHall[st.hall[t]]++
				room[s]++
			}
		}
	}
	return room
}
