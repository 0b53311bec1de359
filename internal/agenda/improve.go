package agenda

import (
	"cmp"
	"slices"
)

// admit tries to bring an unplanned meeting in, moving others to other slots and
// dropping what is worth least where a party or the tables are full. It keeps the
// change if the plan becomes better by the first goals, and tells so.
func (w *search) admit(m, goals int) bool {
	if w.in.meet[m].out() {
		return false
	}
	before := w.scored(goals)
	w.mark()
	if w.makeWay(m) && w.enter(m) {
		w.refill()
		if w.scored(goals).less(before) {
			return true
		}
	}
	w.undo()
	return false
}

// makeWay drops the meeting worth least of each party of m that is full.
func (w *search) makeWay(m int) bool {
	for _, x := range w.in.meet[m].parties {
		if w.number[x] < w.in.party[x].most {
			continue
		}
		out := w.cheapest(w.in.party[x].talks, m)
		if out < 0 {
			return false
		}
		w.shift(out, nowhere)
	}
	return w.ordered(m, nowhere)
}

// cheapest is the planned meeting of the list that costs least to drop, or −1.
func (w *search) cheapest(list []int, but int) int {
	best, cost := -1, int64(0)
	for _, m := range list {
		t := &w.in.meet[m]
		if m == but || w.slot[m] == nowhere || t.must || !w.ordered(m, nowhere) {
			continue
		}
		c := t.value
		for _, x := range t.parties {
			if w.number[x] <= w.in.minimum(x) {
				c += MaxValue * scale
			}
		}
		if best < 0 || c < cost {
			best, cost = m, c
		}
	}
	return best
}

// enter finds a slot for m: a free one, one that others leave for free ones,
// one reached by a chain of exchanges, or one that the cheapest meeting gives up.
func (w *search) enter(m int) bool {
	choices := w.in.meet[m].choices
	turn := w.dice.IntN(len(choices))
	length := len(w.log)
	for _, way := range []func(m, s int) bool{w.direct, w.nudge, w.swing, w.evict} {
		for i := range choices {
			s := choices[(i+turn)%len(choices)]
			w.work++
			if w.ordered(m, s) && way(m, s) {
				return true
			}
			w.undoTo(length)
		}
	}
	return false
}

func (w *search) direct(m, s int) bool {
	if !w.fits(m, s) {
		return false
	}
	w.shift(m, s)
	return true
}

// nudge moves what is in the way of m at s into free slots.
func (w *search) nudge(m, s int) bool {
	for _, x := range w.in.meet[m].parties {
		for w.held[x*w.in.slots+s] >= w.in.party[x].capacity[s] {
			if !w.elsewhere(w.otherOf(x, s, m), s) {
				return false
			}
		}
	}
	for tries := 0; !w.roomy(m, s); tries++ {
		if tries == 6 || len(w.here[s]) == 0 {
			return false
		}
		w.elsewhere(w.here[s][w.dice.IntN(len(w.here[s]))], s)
	}
	return w.direct(m, s)
}

// otherOf is a meeting of x at s that is not m, or −1.
func (w *search) otherOf(x, s, m int) int {
	for _, other := range w.in.party[x].talks {
		if other != m && w.slot[other] == s {
			return other
		}
	}
	return -1
}

// elsewhere moves a meeting from s to a free slot.
func (w *search) elsewhere(m, s int) bool {
	if m < 0 {
		return false
	}
	w.shift(m, nowhere)
	choices := w.in.meet[m].choices
	turn := w.dice.IntN(len(choices))
	for i := range choices {
		if to := choices[(i+turn)%len(choices)]; to != s && w.fits(m, to) {
			w.shift(m, to)
			return true
		}
	}
	w.shift(m, s)
	return false
}

// swing brings m to s by a chain that uses one other slot.
func (w *search) swing(m, s int) bool {
	if !w.open(m) {
		return false
	}
	other := w.dice.IntN(w.in.slots)
	return other != s && w.exchange(m, other, s)
}

// evict drops what is in the way at s, and the cheapest there if tables are full.
func (w *search) evict(m, s int) bool {
	for _, x := range w.in.meet[m].parties {
		for w.held[x*w.in.slots+s] >= w.in.party[x].capacity[s] {
			out := w.otherOf(x, s, m)
			if out < 0 || w.in.meet[out].must || !w.ordered(out, nowhere) {
				return false
			}
			w.shift(out, nowhere)
		}
	}
	if w.spare[s] <= 0 {
		out := w.cheapest(w.here[s], m)
		if out < 0 {
			return false
		}
		w.shift(out, nowhere)
	}
	return w.direct(m, s)
}

// refill plans, for the parties of what was dropped since mark, what fits now,
// the most valuable first.
func (w *search) refill() {
	var list []int
	for _, moved := range w.log {
		if w.slot[moved.meeting] != nowhere {
			continue
		}
		for _, x := range w.in.meet[moved.meeting].parties {
			for _, m := range w.in.party[x].talks {
				if w.slot[m] == nowhere && w.open(m) {
					list = append(list, m)
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b int) int {
		return cmp.Or(cmp.Compare(w.in.meet[b].value, w.in.meet[a].value), cmp.Compare(a, b))
	})
	for _, m := range slices.Compact(list) {
		w.work++
		if w.slot[m] != nowhere {
			continue
		}
		for _, s := range w.in.meet[m].choices {
			if w.fits(m, s) {
				w.shift(m, s)
				break
			}
		}
	}
}

// improve admits meetings, the most promising first, round after round, until
// none can be or the work is done.
func (w *search) improve(r *relaxation, goals, work int, stop func() bool) {
	end := w.work + work
	order := w.in.order(func(m int) float64 {
		net, _ := r.dear(m)
		return net
	})
	for better := true; better && w.work < end; {
		better = false
		for i, m := range order {
			if w.slot[m] != nowhere {
				continue
			}
			if w.work >= end || i%8 == 0 && stop() {
				return
			}
			if w.admit(m, goals) {
				better = true
			}
		}
	}
}
