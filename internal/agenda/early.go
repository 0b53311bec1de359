package agenda

import "slices"

// Early slots, the last of all steps: nothing that counts more is lost for them. The
// times are annealed anew with a pull towards the morning, from the plan in hand, and
// the plan that comes of it is seated; by the goals that count more it has to be as good.
// Then meetings are brought forward one by one and row by row.
const (
	earlyTries = 8       // plans annealed so
	earlyWeave = 1. / 64 // of the annealing by chains, for each
	earlyMoves = 1. / 16 // of the annealing of other fairs
	earlyPlace = 10_000  // the most moves of all that per meeting and slot: small fairs need less
	earlyPull  = 0.05    // what a slot later costs a meeting, in breaks; twice as much every other time
)

// early seats the meetings and fills early slots where nothing that counts more is lost.
func (r *run) early() {
	r.sat, r.changes = arrange(r.in, r.w.slot, seatingRounds)
	if !r.in.counts(Early) {
		return
	}
	for try := 0; try < earlyTries && r.w.tardiness() > r.in.earliest() && !r.stop(); try++ {
		r.drawn(earlyPull * float64(1+try%2))
	}
	for !r.stop() {
		f := newForward(r.w.state, r.sat)
		if !f.compact(r.stop) {
			return
		}
		r.sat, r.changes = rearrange(r.in, r.w.slot, f.table, seatingRounds)
	}
}

// drawn anneals with a pull towards early slots, and keeps what comes of it where that
// is the better plan.
func (r *run) drawn(pull float64) {
	goals := r.in.goals[:slices.Index(r.in.goals, Early)]
	before, late, kept := r.w.scoredBy(goals, r.changes), r.w.late, r.w.snapshot()
	if r.in.weavable() {
		v := newWeave(r.w.state, r.w.dice)
		v.pull = pull
		v.anneal(int(earlyWeave*float64(r.weaving())), nowhereNear, 1, r.stop)
		r.w.restore(v.slot)
	} else {
		r.w.pull = pull
		r.w.anneal(int(earlyMoves*float64(min(r.effort*movesPerEffort, earlyPlace*r.in.size()))), nowhereNear, r.stop)
		r.w.pull = 0
	}
	table, changes := arrange(r.in, r.w.slot, seatingRounds)
	after := r.w.scoredBy(goals, changes)
	if after.less(before) || after == before && r.w.late < late {
		r.sat, r.changes = table, changes
		return
	}
	r.w.restore(kept)
}

// tardiness is what early slots are about: the slots before those of the meetings,
// summed, where one that is left out counts as just after the last.
func (st *state) tardiness() int {
	n := 0
	for m := range st.in.meet {
		if !st.in.meet[m].out() {
			n += st.standing(m)
		}
	}
	return n
}

// earliest is a proven bound: no plan has less of that. Meetings that are there from
// their first possible slot on are held as soon as there is room, once with the tables as
// the only limit and once with the time of each party, whose meetings then count for
// each of their parties.
func (in *instance) earliest() int {
	ready, largest := make([]int, in.slots+1), 1
	for m := range in.meet {
		if t := &in.meet[m]; !t.out() {
			ready[t.choices[0]]++
			largest = max(largest, len(t.parties))
		}
	}
	tables, parties := soonest(ready, in.room, len(in.meet)), 0
	for x := range in.party {
		clear(ready)
		for _, m := range in.party[x].talks {
			if t := &in.meet[m]; !t.out() {
				ready[t.choices[0]]++
			}
		}
		parties += soonest(ready, in.party[x].capacity, in.party[x].most)
	}
	return max(tables, (parties+largest-1)/largest)
}

// soonest sums the slots of meetings of which so many become ready in each slot, where
// each slot has room for some, all together for at most so many, and the rest comes after
// the last.
func soonest(ready, room []int, most int) int {
	waiting, sum := 0, 0
	for s, n := range room {
		waiting += ready[s]
		now := min(waiting, n, most)
		sum += now * s
		waiting -= now
		most -= now
	}
	return sum + waiting*len(room)
}
