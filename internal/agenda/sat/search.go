package sat

import "slices"

// Budget bounds one call of Solve.
type Budget struct {
	Conflicts int         // most conflicts; 0 for no bound
	Work      int         // most work, as [Solver.Work] counts it; 0 for no bound
	Stop      func() bool // asked now and then; true ends the search with Unknown
}

const (
	decay       = 0.95
	reduceFirst = 4_000 // learnt clauses kept before the worst half goes
	reduceMore  = 500
)

// Solve looks for values that satisfy all constraints and assumptions.
func (s *Solver) Solve(budget Budget, assumptions ...Lit) Answer {
	s.backTo(0)
	s.core = nil
	if s.broken {
		return Unsatisfiable
	}
	s.prepare(len(assumptions))
	end := s.until(budget)
	for {
		answer := s.run(end, assumptions)
		if answer != Unknown || s.reached(end) {
			s.backTo(0)
			return answer
		}
		s.turn()
		s.backTo(s.reusable(len(assumptions)))
	}
}

// prepare makes room for the levels of so many assumptions.
func (s *Solver) prepare(assumptions int) {
	for len(s.marks) <= len(s.level)+assumptions {
		s.marks = append(s.marks, 0)
	}
	s.begin()
}

// until is where the budget ends, from now on.
func (s *Solver) until(budget Budget) limit {
	end := limit{stop: budget.Stop}
	if budget.Work > 0 {
		end.work = s.work + budget.Work
	}
	if budget.Conflicts > 0 {
		end.conflicts = s.conflicts + budget.Conflicts
	}
	return end
}

// limit is where a search ends; zero values bound nothing.
type limit struct {
	work, conflicts int
	stop            func() bool
}

func (s *Solver) reached(end limit) bool {
	return end.conflicts > 0 && s.conflicts >= end.conflicts || end.work > 0 && s.work >= end.work ||
		end.stop != nil && end.stop()
}

// luby returns the i-th member of the sequence 1 1 2 1 1 2 4 …, counted from 1.
func luby(i int) int {
	for k := 1; ; k++ {
		if i == 1<<k-1 {
			return 1 << (k - 1)
		}
		if i < 1<<k-1 {
			return luby(i - (1<<(k-1) - 1))
		}
	}
}

// run searches until it is time to restart, or the end is reached.
func (s *Solver) run(end limit, assumptions []Lit) Answer {
	for since := 0; ; {
		if conflict := s.propagate(); conflict != (reason{}) {
			s.conflicts++
			since++
			if len(s.limits) == 0 {
				s.broken = true
				return Unsatisfiable
			}
			s.learn(conflict, true)
			if since%askEvery == 0 && s.reached(end) {
				return Unknown
			}
			continue
		}
		if s.due(since) {
			return Unknown
		}
		if len(s.learnt) > s.reduceAt {
			s.reduce()
		}
		next, answer := s.decide(assumptions)
		if answer != Unknown {
			return answer
		}
		s.guessed(next)
	}
}

// guessed opens a level with the literal, or one of its own for none.
func (s *Solver) guessed(l Lit) {
	s.limits = append(s.limits, len(s.trail))
	if l >= 0 {
		s.assign(l, reason{})
	}
}

// decide picks the next assumption or guess. −1 stands for an assumption that
// holds already and gets an empty level of its own.
func (s *Solver) decide(assumptions []Lit) (Lit, Answer) {
	if n := len(s.limits); n < len(assumptions) {
		l := assumptions[n]
		switch {
		case s.value[l] < 0:
			s.core = s.blame(l.Not())
			for i := range s.core {
				if s.core[i] == l.Not() {
					s.core[i] = l
				}
			}
			return -1, Unsatisfiable
		case s.value[l] > 0:
			return -1, Unknown
		}
		return l, Unknown
	}
	for {
		v, ok := s.order.pop()
		if !ok {
			s.model = s.model[:0]
			for v := range s.level {
				s.model = append(s.model, s.value[Pos(v)] > 0)
			}
			return -1, Satisfiable
		}
		if s.value[Pos(v)] == 0 {
			return s.guess(v), Unknown
		}
	}
}

// learn takes a clause from the conflict and goes back to where it forces
// something. A conflict of the search, not of probing, counts for its pace.
func (s *Solver) learn(conflict reason, search bool) {
	lits, level := s.analyse(conflict)
	count := s.levels(lits)
	if search {
		s.note(count)
	}
	s.backTo(level)
	s.bump /= decay
	if s.bump > 1e100 {
		s.order.rescale(1e-100)
		s.bump *= 1e-100
	}
	if len(lits) == 1 {
		s.assign(lits[0], reason{})
		return
	}
	c := &clause{lits: lits, learnt: true, level: count}
	s.learnt = append(s.learnt, c)
	s.attach(c)
	s.assign(lits[0], reason{clause: c})
}

// reduce forgets the half of the learnt clauses that join most levels.
func (s *Solver) reduce() {
	s.reduceAt += reduceMore
	slices.SortStableFunc(s.learnt, func(a, b *clause) int { return a.level - b.level })
	kept := s.learnt[:0]
	for i, c := range s.learnt {
		if i < len(s.learnt)/2 || c.level <= 2 || s.why[c.lits[0].Var()].clause == c && s.value[c.lits[0]] > 0 {
			kept = append(kept, c)
		} else {
			c.gone = true
		}
	}
	s.learnt = kept
	for l := range s.watches {
		s.watches[l] = slices.DeleteFunc(s.watches[l], func(w watch) bool { return w.clause.gone })
	}
}
