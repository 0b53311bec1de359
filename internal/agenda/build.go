package agenda

import (
	"cmp"
	"slices"
)

// greedy fills a state first come, first served: meetings that must take place,
// then by falling value, each in the first slot where it fits. It is the
// baseline that plans are compared with.
func greedy(in *instance) *state {
	st := newState(in)
	order := in.order(func(m int) float64 { return float64(in.meet[m].value) })
	st.fill(order, func(m int) int {
		for _, s := range in.meet[m].choices {
			if st.fits(m, s) {
				return s
			}
		}
		return nowhere
	})
	return st
}

// order lists the meetings that can be planned: locked, musts, then by falling rank.
func (in *instance) order(rank func(m int) float64) []int {
	var order []int
	for m := range in.meet {
		if !in.meet[m].out() {
			order = append(order, m)
		}
	}
	return in.sorted(order, rank)
}

// sorted brings a list of meetings into that order.
func (in *instance) sorted(order []int, rank func(m int) float64) []int {
	weight := make([]float64, len(in.meet))
	for _, m := range order {
		weight[m] = rank(m)
	}
	class := func(m int) int {
		t := &in.meet[m]
		switch {
		case t.source.Locked != nil:
			return 0
		case t.must && len(t.choices) == 1:
			return 1
		case t.must:
			return 2
		}
		return 3
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if c := cmp.Compare(class(a), class(b)); c != 0 {
			return c
		}
		return cmp.Compare(weight[b], weight[a])
	})
	return order
}

// fill puts each meeting where choose says. Meetings that wait for others are
// tried again as long as something was put.
func (st *state) fill(order []int, choose func(m int) int) {
	for {
		var waiting []int
		put := 0
		for _, m := range order {
			if s := choose(m); s != nowhere {
				st.put(m, s)
				put++
			} else if len(st.in.meet[m].after) > 0 {
				waiting = append(waiting, m)
			}
		}
		if put == 0 || len(waiting) == 0 {
			return
		}
		order = waiting
	}
}

// guided fills an empty state by falling net value: what a meeting is worth
// after paying the prices of what it uses. Each goes where most tables are left.
func guided(in *instance, r *relaxation, wanted func(m int) bool) *state {
	st := newState(in)
	order := in.order(func(m int) float64 {
		net, _ := r.dear(m)
		return net
	})
	order = slices.DeleteFunc(order, func(m int) bool { return !wanted(m) })
	st.fill(order, func(m int) int {
		best := nowhere
		for _, s := range in.meet[m].choices {
			if (best == nowhere || st.spare[s] > st.spare[best]) && st.fits(m, s) {
				best = s
			}
		}
		return best
	})
	return st
}
