package agenda

import (
	"slices"

	"jinghe/internal/agenda/sat"
)

// Hunting. A party that may have no break has its meetings in one row, which
// leaves few slots to everybody it meets. So a question that lets only a few
// parties have breaks is answered where the same question about all is not: a
// large neighbourhood (Shaw 1998) of parties rather than of meetings. Where the
// fair is large beside the effort each question takes too long, and digging is better.
const (
	huntFirst = 9. / 32   // of the annealing: longer finds little that is not hunted sooner
	huntShare = 1. / 8    // of the annealing, for another plan to start from
	huntEvery = 4         // questions without an answer of yes between two such
	huntProbe = 3_000_000 // work of the guesses tried before a question
	huntWork  = 5_000_000 // of the question
	huntMost  = 6         // parties that may have a break beside those that do
	huntFew   = 3         // suspects asked together

	nearWork   = 1_000_000 // of annealing, for a plan to start a question from
	accuseWork = 200_000   // of the question whether a party could have the only break
	accuseLong = 400_000   // the same, in the second round
)

// huntable tells whether the effort buys two thirds of the annealing that a fair of
// this size takes: then the questions of a hunt are small beside it as well.
func (r *run) huntable() bool {
	return r.in.weavable() && 3*r.effort*weavePerEffort >= 2*weavePerPlace*r.in.size()
}

// alternate hunts for plans and proves bounds in turn. Where suspects are being ruled
// out, hunting is the proof too.
func (f *formula) alternate(r *run, proof, limit int) {
	r.thin(huntFirst, r.breaksBound)
	h := &hunter{run: r, f: f, beside: 1}
	if !h.hunt(proof) && (h.suspects != nil || !f.climb(r, proof/3, limit)) {
		h.hunt(proof * 9 / 4)
	}
}

// hunter looks for plans with fewer breaks.
type hunter struct {
	*run
	f        *formula
	end      int   // work of the formula at which it stops
	beside   int   // parties that may have a break beside those that do
	suspects []int // who could have the only break; nil before that is asked
}

// hunt lowers the breaks of the plan until the bound is met, which it tells, or the
// work is done.
func (h *hunter) hunt(work int) bool {
	h.end = h.f.Work() + work
	// With no more breaks than parties one has none in a better plan: what the bound
	// on the spread means in the formula.
	apt := func() bool { return h.w.excess() == 0 && h.w.breaks <= len(h.in.party) }
	for no := 1; h.w.breaks > h.breaksBound && apt() && h.left() > 0 && !h.stop(); no++ {
		switch {
		case h.breaksBound == 1 && h.w.breaks == 2 && h.suspects == nil:
			h.accuse()
		case no%huntEvery == 0:
			h.again()
		default:
			h.ask()
		}
	}
	return h.w.breaks <= h.breaksBound && h.w.excess() == 0
}

func (h *hunter) left() int { return h.end - h.f.Work() }

// ask is whether there is a plan with fewer breaks where only few may have one.
func (h *hunter) ask() {
	may := h.few()
	h.f.follow(h.near())
	switch h.decide(h.w.breaks-1, huntProbe, huntWork, func(x int) bool { return may[x] }) {
	case sat.Satisfiable:
		h.beside = 1
	case sat.Unsatisfiable:
		if h.suspects != nil {
			h.clear()
		} else if len(h.named()) == 0 {
			h.breaksBound = h.w.breaks // whoever may have them
		}
		h.beside = min(h.beside+1, huntMost)
	case sat.Unknown:
		h.beside = max(h.beside-1, 1)
	}
}

// near is a plan to start a question from: the one in hand, or for suspects, whom it
// suits badly, a new one each time, annealed in haste.
func (h *hunter) near() []int {
	if h.suspects == nil {
		return h.w.slot
	}
	v := newWeave(h.w.state, h.w.dice)
	v.anneal(nearWork, h.breaksBound, 1, h.stop)
	return v.slot
}

// few are the parties that have a break and some at random, or some suspects.
func (h *hunter) few() []bool {
	dice, may := h.w.dice, make([]bool, len(h.in.party))
	if h.suspects != nil {
		for range huntFew {
			may[h.suspects[dice.IntN(len(h.suspects))]] = true
		}
		return may
	}
	for x, n := range h.w.gaps {
		may[x] = n > 0
	}
	for range h.beside {
		may[dice.IntN(len(may))] = true
	}
	return may
}

// accuse finds who could have the one break that there has to be: each party is
// asked for a moment whether it could be the only one. An answer of no names
// parties that cannot all be without a break, whoever else has one (a core). Only
// who is named by every such answer can have the one break: a few rule out most.
func (h *hunter) accuse() {
	h.suspects = []int{}
	for x := range h.f.more {
		if len(h.f.more[x]) > 0 {
			h.suspects = append(h.suspects, x)
		}
	}
	h.f.follow(h.w.slot)
	for work := accuseWork; work <= accuseLong; work *= 2 {
		for _, x := range slices.Clone(h.suspects) {
			if h.left() <= 0 || h.stop() {
				return
			}
			if !slices.Contains(h.suspects, x) {
				continue
			}
			switch h.decide(1, 0, work, func(y int) bool { return x == y }) {
			case sat.Satisfiable:
				return
			case sat.Unsatisfiable:
				h.clear()
			}
		}
	}
}

// clear drops the suspects that the last core does not name. Where nobody is left
// there are two breaks.
func (h *hunter) clear() {
	named := h.named()
	h.suspects = slices.DeleteFunc(h.suspects, func(x int) bool { return !named[x] })
	if len(h.suspects) == 0 {
		h.breaksBound = 2
	}
}

// again anneals anew for another plan that is as good: other parties have its breaks.
func (h *hunter) again() {
	v := newWeave(h.w.state, h.w.dice)
	v.anneal(int(huntShare*float64(h.weaving())), h.breaksBound, 1, h.stop)
	if v.breaks <= h.w.breaks && v.beyond == 0 {
		h.w.restore(slices.Clone(v.slot))
		h.tell(StageBreaks)
	}
}

// decide asks for a plan of at most so many breaks that only some parties may
// have, and takes it over where there is one.
func (h *hunter) decide(goal, probe, work int, may func(x int) bool) sat.Answer {
	f := h.f
	var assumptions []sat.Lit
	if goal < len(f.total) {
		assumptions = append(assumptions, f.total[goal].Not())
	}
	for x := range f.more {
		if len(f.more[x]) > 0 && !may(x) {
			assumptions = append(assumptions, f.more[x][0].Not())
		}
	}
	answer := sat.Unknown
	if probe > 0 {
		answer = f.Probe(sat.Budget{Work: min(probe, max(h.left(), 1)), Stop: h.stop}, assumptions...)
	}
	if answer == sat.Unknown {
		answer = f.Solve(sat.Budget{Work: min(work, max(h.left(), 1)), Stop: h.stop}, assumptions...)
	}
	if answer == sat.Satisfiable {
		h.w.restore(f.slots())
		h.tell(StageBreaks)
	}
	return answer
}

// named are the parties of the last core: not all of them can be without a break.
func (h *hunter) named() map[int]bool {
	blamed, named := map[sat.Lit]bool{}, map[int]bool{}
	for _, l := range h.f.Core() {
		blamed[l] = true
	}
	for x := range h.f.more {
		if len(h.f.more[x]) > 0 && blamed[h.f.more[x][0].Not()] {
			named[x] = true
		}
	}
	return named
}
