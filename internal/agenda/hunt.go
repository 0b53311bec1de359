package agenda

import (
	"math/bits"

	"jinghe/internal/agenda/sat"
)

// Hunting. Plans are annealed in rounds; where that leaves more breaks than a few, they
// are hunted. A party that may have no break has its meetings in one row, which leaves
// few slots to everybody it meets. So a question that lets only a few parties have
// breaks, and the rows of the others begin about when they do, is answered where the same
// question about all is not: a large neighbourhood (Shaw 1998) of parties rather than of
// meetings. Many short questions find more than a few long ones. Where the fair is large
// beside the effort each takes too long, and digging is better.
const (
	huntRound  = 9. / 64   // of the annealing, in one round: a longer one finds little that another does not
	huntRounds = 2         // at most, where few breaks are left
	huntClose  = 2         // breaks above the bound that are few
	huntWork   = 1_000_000 // of a question
	huntLeast  = 5_000     // what a question counts beside its work
	huntReach  = 4         // slots by which a row may begin sooner or later, at first
	huntBeside = 3         // parties that may have a break beside those that do, at first
	huntMost   = 6         // and at last
	huntEvery  = 4         // questions without an answer between two other plans
	huntWalk   = 5_000_000 // steps of annealing, for such a plan
	huntHeat   = 0.25      // of the heat, for that
	huntHeeded = 5         // idle slots of a party that count, for that and in the first round

	stepsPerWork = 4 // steps of annealing that take the time of one unit of work of the formula
)

// huntable tells whether the effort buys two thirds of the annealing that a fair of
// this size takes: then the questions of a hunt are small beside it as well.
func (r *run) huntable() bool {
	return r.in.weavable() && 3*r.effort*weavePerEffort >= 2*weavePerPlace*r.in.size()
}

// alternate anneals, hunts for plans and proves bounds in turn: which of them leads to the
// fewest breaks differs from fair to fair. It counts to limit breaks.
func (c *conquest) alternate(f *formula, limit int) {
	r := c.run
	steps := r.inRounds()
	if r.fewest() || r.stop() || r.near() && f.climb(r, r.effort*proofPerEffort/2, limit) {
		return
	}
	h := newHunter(r, c.f)
	work := func() int { return c.f.Work() + c.aside + f.Work() + h.aside + steps/stepsPerWork }
	end := c.f.Work() + f.Work() + r.effort*huntPerEffort
	left := end - work()
	if h.hunt(left/8) || f.climb(r, left/7, limit) || c.press(end-work(), conquerPace, conquerOpen) {
		return
	}
	for before := -1; before != work() && work() < end && !r.stop(); {
		before = work()
		if h.hunt((end - before) / 2) {
			return
		}
		if r.near() {
			steps += r.inRounds()
		}
	}
}

// fewest tells whether there is no plan with fewer breaks, as proven.
func (r *run) fewest() bool { return r.w.breaks <= r.breaksBound && r.w.excess() == 0 }

// near tells whether few breaks are left above the bound.
func (r *run) near() bool { return r.w.breaks-r.breaksBound <= huntClose }

// inRounds anneals until the bound on breaks is met, more than huntClose above it are left,
// or huntRounds are done, and returns the steps. In the first round a long break costs no
// more than a short one, which suits fairs whose tables are full in the middle of the day
// and whose breaks are long; in the others it does, which suits those that come near the
// bound.
func (r *run) inRounds() int {
	round, heeded := int(huntRound*float64(r.weaving())), huntHeeded
	for n := 1; ; n++ {
		r.weave(round, r.breaksBound, heeded)
		if above := r.w.breaks - r.breaksBound; above <= 0 || above > huntClose || n == huntRounds || r.stop() {
			return n * round
		}
		heeded = r.in.slots
	}
}

// hunter looks for plans with fewer breaks.
type hunter struct {
	*run
	f      *formula
	end    int // work at which it stops
	aside  int // work beside the formula's
	beside int // parties that may have a break beside those that do
	reach  int // slots by which the rows of others may begin sooner or later
	unsure int // questions that led nowhere since another plan was looked for
}

// newHunter asks a formula for dates.
func newHunter(r *run, f *formula) *hunter {
	return &hunter{run: r, f: f, beside: huntBeside, reach: huntReach}
}

// hunt lowers the breaks of the plan until the bound is met, which it tells, or the
// work is done.
func (h *hunter) hunt(work int) bool {
	h.end = h.f.Work() + h.aside + work
	// With no more breaks than parties one has none in a better plan: what the bound
	// on the spread means in the formula.
	apt := func() bool { return h.w.excess() == 0 && h.w.breaks <= min(len(h.in.party), len(h.f.total)) }
	for h.w.breaks > h.breaksBound && apt() && h.left() > 0 && !h.stop() {
		if h.unsure >= huntEvery {
			h.again()
		} else {
			h.ask()
		}
	}
	return h.fewest()
}

func (h *hunter) left() int { return h.end - h.f.Work() - h.aside }

// ask is whether there is a plan with fewer breaks where only few may have one, and
// the rows of the others begin about when they do. Such a plan is taken over; else what
// was too little is widened, and what was too much for an answer is narrowed.
func (h *hunter) ask() {
	f, may, goal := h.f, h.few(), h.w.breaks-1
	assumptions := append(h.rows(may), f.total[goal].Not())
	for x := range f.more {
		if len(f.more[x]) > 0 && !may[x] {
			assumptions = append(assumptions, f.more[x][0].Not())
		}
	}
	f.follow(h.w.slot)
	h.aside += huntLeast
	switch f.Solve(sat.Budget{Work: min(huntWork, max(h.left(), 1)), Stop: h.stop}, assumptions...) {
	case sat.Satisfiable:
		h.w.restore(f.slots())
		h.tell(StageBreaks)
	case sat.Unsatisfiable:
		if core := f.Core(); len(core) == 0 || len(core) == 1 && core[0] == f.total[goal].Not() {
			h.breaksBound = h.w.breaks // whoever may have them
		}
		if h.beside == huntMost && h.reach == h.in.slots {
			h.unsure++ // there is nothing to widen
		}
		h.beside, h.reach = min(h.beside+1, huntMost), min(h.reach+1, h.in.slots)
	case sat.Unknown:
		h.unsure++
		h.beside, h.reach = max(h.beside-1, 1), max(h.reach-1, 1)
	}
}

// rows are assumptions: a party that may have no break, and has none in hand, begins
// within reach of where it begins there.
func (h *hunter) rows(may []bool) (lits []sat.Lit) {
	for x := range may {
		b := h.w.mask(x)[0] // a weave has a word of slots
		if may[x] || b == 0 || breaksOf(b) > 0 || len(h.f.more[x]) == 0 {
			continue
		}
		first := bits.TrailingZeros64(b)
		if s := first - h.reach - 1; s >= 0 && h.f.begun[x][s] != noLit {
			lits = append(lits, h.f.begun[x][s].Not())
		}
		if s := first + h.reach; s < h.in.slots && h.f.begun[x][s] != noLit {
			lits = append(lits, h.f.begun[x][s])
		}
	}
	return lits
}

// few are the parties that have a break and some at random.
func (h *hunter) few() []bool {
	dice, may := h.w.dice, make([]bool, len(h.in.party))
	for x, n := range h.w.gaps {
		may[x] = n > 0
	}
	for range h.beside {
		may[dice.IntN(len(may))] = true
	}
	return may
}

// again anneals a little for another plan that is no worse: other parties have its breaks.
func (h *hunter) again() {
	h.unsure = 0
	v := newWeave(h.w.state, h.w.dice)
	v.heeded = huntHeeded
	v.anneal(huntWalk, h.breaksBound, huntHeat, h.stop)
	h.aside += v.work / stepsPerWork
	h.w.restore(v.slot)
}
