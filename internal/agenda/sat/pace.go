package sat

import "slices"

// The pace of the search, as in CaDiCaL (Biere, Fleury 2020, "Chasing target
// phases"): quick restarts, which make short proofs, alternate with long runs
// that follow the largest assignment found without a conflict, which find models.
const (
	askEvery     = 128   // conflicts between two looks at the budget
	stretch      = 1_000 // conflicts of the first stretch of either kind
	longRun      = 512   // conflicts; times the sequence 1 1 2 1 1 2 4 … (Luby)
	rephaseEvery = 1_000 // conflicts; times the number of times it was done
	fastWeight   = 1. / 32
	slowWeight   = 1. / 8_192
	margin       = 1.1 // restart where clauses lately join so many more levels than usual
)

// pace is the state of restarts and polarities.
type pace struct {
	steady    bool // long runs
	turns     int  // stretches so far
	turnAt    int  // conflicts at which the next stretch begins
	runs      int  // restarts of long runs
	fast      float64
	slow      float64
	rephases  int
	rephaseAt int

	first    []bool // polarities as they were preferred before the search
	target   []bool // of the largest assignment without conflict since the last change of polarities
	best     []bool // the same, for resuming it
	targeted int    // size of that assignment
	bested   int
}

// begin prepares for a call of Solve.
func (s *Solver) begin() {
	p := &s.pace
	if s.bump == 0 {
		s.bump, s.reduceAt = 1, reduceFirst
		p.turnAt = s.conflicts + stretch
		p.rephaseAt = s.conflicts + rephaseEvery
	}
	if p.first == nil || len(p.first) != len(s.phase) {
		p.first = slices.Clone(s.phase)
		p.target, p.best = slices.Clone(s.phase), slices.Clone(s.phase)
	}
	p.targeted, p.bested = 0, 0
}

// note keeps the polarities of an assignment larger than those before, and the
// levels that the learnt clause joins. It is called at a conflict, before going back.
func (s *Solver) note(levels int) {
	p := &s.pace
	p.fast += (float64(levels) - p.fast) * fastWeight
	p.slow += (float64(levels) - p.slow) * max(slowWeight, 1/float64(s.conflicts+1))
	size := s.limits[len(s.limits)-1]
	if size > p.targeted {
		p.targeted = size
		s.keep(p.target, size)
	}
	if size > p.bested {
		p.bested = size
		s.keep(p.best, size)
	}
}

// keep copies the polarities of the first so many assigned literals.
func (s *Solver) keep(to []bool, size int) {
	copy(to, s.phase)
	for _, l := range s.trail[:size] {
		to[l.Var()] = l&1 == 0
	}
}

// guess is the polarity in which an open variable is tried.
func (s *Solver) guess(v int) Lit {
	positive := s.phase[v]
	if s.pace.steady {
		positive = s.pace.target[v]
	}
	if positive {
		return Pos(v)
	}
	return Pos(v).Not()
}

// due tells whether to restart after so many conflicts.
func (s *Solver) due(since int) bool {
	p := &s.pace
	if p.steady {
		return since >= longRun*luby(p.runs+1)
	}
	return since >= 2 && p.fast > margin*p.slow
}

// turn changes, between two runs, kind and polarities when it is time to.
func (s *Solver) turn() {
	p := &s.pace
	if p.steady {
		p.runs++
	}
	if s.conflicts >= p.turnAt {
		p.turns++
		p.steady = p.turns%2 == 1
		k := p.turns/2 + 1
		p.turnAt = s.conflicts + stretch*k*k
		p.runs, p.targeted = 0, 0
	}
	if s.conflicts >= p.rephaseAt {
		s.rephase()
	}
}

// rephase starts from other polarities: the best, those preferred at first, the
// opposite of these.
func (s *Solver) rephase() {
	p := &s.pace
	s.backTo(0)
	switch p.rephases % 4 {
	case 0, 2:
		copy(s.phase, p.best)
	case 1:
		copy(s.phase, p.first)
	case 3:
		for v := range s.phase {
			s.phase[v] = !p.first[v]
		}
	}
	copy(p.target, s.phase)
	p.targeted, p.bested = 0, 0
	p.rephases++
	p.rephaseAt = s.conflicts + rephaseEvery*(p.rephases+1)
}

// reusable is the level up to which a restart would guess the same again.
func (s *Solver) reusable(assumptions int) int {
	next, ok := s.order.peek(func(v int) bool { return s.value[Pos(v)] == 0 })
	if !ok {
		return 0
	}
	level := min(assumptions, len(s.limits))
	for level < len(s.limits) && s.order.less(int32(s.trail[s.limits[level]].Var()), int32(next)) {
		level++
	}
	return level
}
