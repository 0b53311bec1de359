package sat

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestProbeAgainstEveryAssignment probes random puzzles: what it calls impossible is,
// what it learns takes no model away, and it finds what single guesses refute.
func TestProbeAgainstEveryAssignment(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(3, 4))
	answers := map[Answer]int{}
	for i := range 2_000 {
		p := draw(dice)
		s := p.solver()
		var assumed []Lit
		for _, v := range dice.Perm(p.vars)[:dice.IntN(min(4, p.vars))] {
			assumed = append(assumed, Pos(v)^Lit(dice.IntN(2)))
		}
		answer := s.Probe(Budget{}, assumed...)
		answers[answer]++
		possible := p.possible(assumed)
		switch {
		case answer == Satisfiable:
			t.Fatalf("puzzle %d: probing gives no models", i)
		case answer == Unsatisfiable && (possible || p.possible(s.Core())):
			t.Fatalf("puzzle %d: there is a model", i)
		}
		for range 2 {
			want := Unsatisfiable
			if p.possible(assumed) {
				want = Satisfiable
			}
			if got := s.Solve(Budget{}, assumed...); got != want {
				t.Fatalf("puzzle %d: after probing %v, want %v", i, got, want)
			}
			assumed = nil // what was learnt must hold without the assumptions
		}
	}
	if answers[Unknown] < 300 || answers[Unsatisfiable] < 500 {
		t.Errorf("the draw is one-sided: %v", answers)
	}
}

// TestProbeFindsFailedLiterals needs one guess to see that a and not a both fail.
func TestProbeFindsFailedLiterals(t *testing.T) {
	t.Parallel()
	s := &Solver{}
	a, b, c, given := s.NewLit(), s.NewLit(), s.NewLit(), s.NewLit()
	s.Add(a, b)
	s.Add(a, b.Not())
	s.Add(a.Not(), c, given)
	s.Add(a.Not(), c.Not(), given)
	if answer := s.Probe(Budget{}); answer != Unknown {
		t.Errorf("without assumptions: %v", answer)
	}
	if answer := s.Probe(Budget{}, given.Not()); answer != Unsatisfiable || !slices.Equal(s.Core(), []Lit{given.Not()}) {
		t.Errorf("%v, core %v", answer, s.Core())
	}
}

// TestProbeBudget stops where it is told to, and costs the same each time.
func TestProbeBudget(t *testing.T) {
	t.Parallel()
	var spent []int
	for range 2 {
		s := pigeons(40)
		s.Probe(Budget{Work: 50_000})
		s.Probe(Budget{Stop: func() bool { return true }})
		spent = append(spent, s.Work())
	}
	if spent[0] != spent[1] || spent[0] > 400_000 {
		t.Errorf("work %v within 50,000 and what follows till it is asked", spent)
	}
}
