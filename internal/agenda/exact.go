package agenda

import (
	"jinghe/internal/agenda/sat"
)

// exactBreaks looks for the fewest breaks: annealing from above, a formula from
// below, in turn. With all, every meeting that is worth anything is planned; else
// the formula chooses which, beyond the musts and minimums.
func (r *run) exactBreaks(all bool) {
	moves, proof := r.effort*movesPerEffort, r.effort*proofPerEffort
	r.w.anneal(moves/8, 0, r.stop)
	if r.w.breaks == 0 && r.w.excess() == 0 || r.stop() {
		return
	}
	f := newFormula(r.in, all)
	limit := r.w.breaks + 8
	f.countBreaks(limit)
	if f.climb(r, proof/4, limit) {
		return
	}
	r.w.anneal(moves*7/8, r.breaksBound, r.stop)
	f.climb(r, proof, limit)
}

// climb raises the proven bound, one break at a time, until a plan is found that
// has no more, and tells whether it was. The work of each step is bounded.
func (f *formula) climb(r *run, work, limit int) bool {
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
		switch f.Solve(sat.Budget{Work: work, Stop: r.stop}, assumptions...) {
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
