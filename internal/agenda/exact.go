package agenda

import (
	"jinghe/internal/agenda/sat"
)

const (
	counted     = 8   // breaks that a formula counts beyond those in hand
	mostCounted = 120 // breaks in hand up to which it counts them: sums of more are long, and no proof comes near
)

// exactBreaks looks for the fewest breaks: annealing and formulas from above, a
// formula from below, in turn. With all, every meeting that is worth anything is planned; else
// the formula chooses which, beyond the musts and minimums.
func (r *run) exactBreaks(all bool) {
	proof := r.effort * proofPerEffort
	r.thin(1./32, 0)
	if r.fewest() || r.stop() {
		return
	}
	limit := min(r.w.breaks, mostCounted) + counted
	var c *conquest
	if all && r.in.weavable() {
		c = newConquest(r, limit)
		if c.press(proof/16, conquerRush, conquerRare) {
			return
		}
	}
	f := newFormula(r.in, all, forProofs)
	f.countBreaks(limit)
	if f.climb(r, proof/2, limit) {
		return
	}
	if c != nil && r.huntable() {
		c.alternate(f, limit)
		return
	}
	r.thin(31./32, r.breaksBound)
	if r.fewest() || r.stop() {
		return
	}
	// What makes proofs short makes each step of them slow: another statement finds plans.
	if r.w.breaks <= limit {
		quick := newFormula(r.in, all, forPlans)
		quick.countBreaks(limit)
		if all {
			quick.dig(r, proof*6/5) // annealing is quick enough to leave time for it
		}
		if quick.climb(r, proof/5, limit) {
			return
		}
	}
	f.climb(r, proof/3, limit)
}

// complete asks a formula for a plan of all musts where the search left some out:
// one that keeps the minimums too, else any.
func (r *run) complete() {
	if r.w.missing == r.w.hopeless() || r.in.size() > largestFormula {
		return
	}
	kept := r.in
	for range 2 {
		if r.stop() {
			return
		}
		f := newFormula(kept, false, forPlans)
		f.follow(r.w.slot)
		if f.Solve(sat.Budget{Work: r.effort * proofPerEffort / 4, Stop: r.stop}) == sat.Satisfiable {
			r.w.restore(f.slots())
			return
		}
		if kept = r.in.without(Minimums); len(kept.goals) == len(r.in.goals) {
			return
		}
	}
}

// thin anneals breaks away with a share of the effort, down to the goal.
func (r *run) thin(share float64, goal int) {
	if r.in.weavable() && r.weave(int(share*float64(r.weaving())), goal, r.in.slots) {
		return
	}
	r.w.anneal(int(share*float64(r.effort*movesPerEffort)), goal, r.stop)
}

// weaving is the work of all annealing by chains.
func (r *run) weaving() int { return min(r.effort*weavePerEffort, weavePerPlace*r.in.size()) }

// weave anneals by chains, where so many idle slots of a party count, and tells whether
// that made the plan better. Where all tables are full it may not: it needs room to pass
// through.
func (r *run) weave(work, goal, heeded int) bool {
	before, kept := r.w.scored(len(r.in.goals)), r.w.snapshot()
	v := newWeave(r.w.state, r.w.dice)
	v.heeded = heeded
	v.anneal(work, goal, 1, r.stop)
	r.w.restore(v.slot)
	if r.w.scored(len(r.in.goals)).less(before) {
		return true
	}
	r.w.restore(kept)
	return false
}

// climb raises the proven bound, one break at a time, until a plan is found that
// has no more, and tells whether it was.
func (f *formula) climb(r *run, work, limit int) bool {
	end := f.Work() + work
	for r.w.breaks > r.breaksBound || r.w.excess() > 0 {
		// With fewer breaks than parties one has none: what the bound on the
		// spread means in the formula.
		if r.breaksBound > limit || r.breaksBound >= len(r.in.party) || r.stop() {
			return false
		}
		f.follow(r.w.slot)
		var assumptions []sat.Lit
		if r.breaksBound < len(f.total) {
			assumptions = append(assumptions, f.total[r.breaksBound].Not())
		}
		answer := f.decide(end-f.Work(), work/quickly, r.stop, assumptions)
		switch answer {
		case sat.Unsatisfiable:
			if len(f.Core()) == 0 {
				return false // not within the spread: breaks are not to blame
			}
			r.breaksBound++
		case sat.Satisfiable:
			r.w.restore(f.slots())
			return true
		case sat.Unknown:
			return false
		}
		r.tell(StageProof)
	}
	return true
}

// quickly is the share of the work that a question gets before it is probed.
const quickly = 12

// decide asks the formula: for a while as it is, and then, where that was not
// enough, after probing, which costs more than most questions are worth.
func (f *formula) decide(work, quick int, stop func() bool, assumptions []sat.Lit) sat.Answer {
	end := f.Work() + work
	answer := sat.Unknown
	for i, ask := range []func(sat.Budget, ...sat.Lit) sat.Answer{f.Solve, f.Probe, f.Solve} {
		budget := sat.Budget{Work: end - f.Work(), Stop: stop}
		if i == 0 {
			budget.Work = min(budget.Work, quick)
		}
		if answer != sat.Unknown || budget.Work <= 0 {
			break
		}
		answer = ask(budget, assumptions...)
	}
	return answer
}

// follow makes the search of the formula start near a plan.
func (f *formula) follow(slot []int) {
	for m := range f.at {
		for i, l := range f.at[m] {
			if f.in.meet[m].choices[i] == slot[m] {
				f.Prefer(l)
			} else {
				f.Prefer(l.Not())
			}
		}
	}
}
