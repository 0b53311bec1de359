package agenda

import "math/rand/v2"

// search works on a state with moves that can be taken back.
type search struct {
	*state
	dice  *rand.Rand
	log   []step  // moves since mark
	pull  float64 // what one slot later costs a meeting, in breaks
	stamp []int   // per meeting: the chain it was moved in last
	chain int
	queue []int
	work  int // moves of single meetings so far, the unit of effort
}

// step is one move of one meeting, to be taken back.
type step struct{ meeting, from int }

func newSearch(st *state, dice *rand.Rand) *search {
	return &search{state: st, dice: dice, stamp: make([]int, len(st.slot))}
}

// mark forgets what could be taken back.
func (w *search) mark() { w.log = w.log[:0] }

// undo takes back everything since mark.
func (w *search) undo() { w.undoTo(0) }

func (w *search) undoTo(length int) {
	for i := len(w.log) - 1; i >= length; i-- {
		w.move(w.log[i].meeting, w.log[i].from)
	}
	w.log = w.log[:length]
}

// shift moves a meeting so that it can be taken back.
func (w *search) shift(m, s int) {
	w.log = append(w.log, step{m, w.slot[m]})
	w.work++
	w.move(m, s)
}

// exchange moves m from slot a, or from nowhere, to slot b, and what stands in
// its way at b to slot a, and so on: a Kempe chain, as in the recolouring of
// edges. Where the tables at b do not suffice, further meetings of b change
// places. It returns false, with moves to be taken back, where that fails.
func (w *search) exchange(m, a, b int) bool {
	w.chain++
	if !w.follow(m, a, b) {
		return false
	}
	for tries := 0; w.spare[b] < 0; tries++ {
		if tries == 4 || !w.followAny(b, a) {
			return false
		}
	}
	for tries := 0; a != nowhere && w.spare[a] < 0; tries++ {
		if tries == 4 || !w.followAny(a, b) {
			return false
		}
	}
	return w.spare[b] >= 0 && (a == nowhere || w.spare[a] >= 0) && w.consistent()
}

// followAny starts a chain at a random meeting of slot from that has not moved yet.
func (w *search) followAny(from, to int) bool {
	if to == nowhere || len(w.here[from]) == 0 {
		return false
	}
	for range 6 {
		m := w.here[from][w.dice.IntN(len(w.here[from]))]
		if w.stamp[m] != w.chain && w.in.meet[m].allowed.has(to) {
			return w.follow(m, from, to)
		}
	}
	return false
}

// follow moves m from a to b and pushes on what is in the way, to and fro.
func (w *search) follow(m, a, b int) bool {
	w.queue = append(w.queue[:0], m)
	w.stamp[m] = w.chain
	for len(w.queue) > 0 {
		next := w.queue[len(w.queue)-1]
		w.queue = w.queue[:len(w.queue)-1]
		to := b
		if w.slot[next] == b {
			to = a
		}
		if to == nowhere || !w.in.meet[next].allowed.has(to) {
			return false
		}
		w.shift(next, to)
		for _, x := range w.in.meet[next].parties {
			if !w.pushOn(x, to) {
				return false
			}
		}
	}
	return true
}

// pushOn queues meetings of x at slot s until the party can have the rest.
func (w *search) pushOn(x, s int) bool {
	over := w.held[x*w.in.slots+s] - w.in.party[x].capacity[s]
	for _, q := range w.queue {
		if over > 0 && w.slot[q] == s && w.attends(q, x) {
			over--
		}
	}
	for over > 0 {
		other := w.meetingOf(x, s)
		if other < 0 {
			return false
		}
		w.stamp[other] = w.chain
		w.queue = append(w.queue, other)
		over--
	}
	return true
}

// meetingOf returns a meeting of x at s that has not moved in this chain, or −1.
func (w *search) meetingOf(x, s int) int {
	for _, m := range w.here[s] {
		if w.stamp[m] != w.chain && w.attends(m, x) {
			return m
		}
	}
	return -1
}

func (w *search) attends(m, x int) bool {
	for _, y := range w.in.meet[m].parties {
		if y == x {
			return true
		}
	}
	return false
}

// consistent holds resources and precedence of what moved since mark.
func (w *search) consistent() bool {
	for _, moved := range w.log {
		t := &w.in.meet[moved.meeting]
		s := w.slot[moved.meeting]
		if s == nowhere {
			continue
		}
		for _, r := range t.supply {
			if w.units[r][s] < 0 {
				return false
			}
		}
		if len(t.after)+len(t.before) > 0 && !w.ordered(moved.meeting, s) {
			return false
		}
	}
	return true
}
