package sat

import "slices"

// Probe tries every open literal on its own beside the assumptions and learns from
// those that contradict, round after round until none does or the budget is spent
// (failed literals, Le Berre 2001). It is worth its work where many guesses are
// wrong for a reason that search would meet again and again. The answer is
// Unsatisfiable, with [Solver.Core], where the assumptions turn out impossible,
// else Unknown.
func (s *Solver) Probe(budget Budget, assumptions ...Lit) Answer {
	s.backTo(0)
	s.core = nil
	if s.broken {
		return Unsatisfiable
	}
	s.prepare(len(assumptions))
	phase := slices.Clone(s.phase)
	p := probing{Solver: s, base: len(assumptions), end: s.until(budget), passed: make([]int32, len(s.value))}
	answer := p.run(assumptions)
	s.backTo(0)
	copy(s.phase, phase)
	return answer
}

// probing is one call of Probe.
type probing struct {
	*Solver
	base   int // levels of assumptions
	end    limit
	next   Lit     // to be tried
	failed int     // literals so far
	passed []int32 // per literal: one more than had failed when it was last seen to be possible
	tried  int
}

func (p *probing) run(assumptions []Lit) Answer {
	for {
		if conflict := p.propagate(); conflict != (reason{}) {
			p.conflicts++
			if len(p.limits) == 0 {
				p.broken = true
				return Unsatisfiable
			}
			p.failed++
			p.learn(conflict, false)
			continue
		}
		if len(p.limits) < p.base {
			l, answer := p.decide(assumptions)
			if answer != Unknown {
				return answer
			}
			p.guessed(l)
			continue
		}
		if len(p.limits) > p.base {
			for _, l := range p.trail[p.limits[p.base]:] {
				p.passed[l] = int32(p.failed + 1)
			}
			p.backTo(p.base)
		}
		p.tried++
		if p.tried%askEvery == 0 && p.reached(p.end) || !p.advance() {
			return Unknown
		}
		p.guessed(p.next)
	}
}

// advance finds the next literal to be tried: open, and not seen to be possible
// since a literal failed.
func (p *probing) advance() bool {
	for range p.passed {
		if p.value[p.next] == 0 && int(p.passed[p.next]) <= p.failed {
			return true
		}
		p.next = (p.next + 1) % Lit(len(p.passed))
	}
	return false
}
