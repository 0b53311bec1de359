package sat

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// puzzle is a random set of constraints over few variables.
type puzzle struct {
	vars    int
	clauses [][]Lit
	bounds  []int
	counted [][]Lit
}

func draw(dice *rand.Rand) puzzle {
	p := puzzle{vars: 3 + dice.IntN(10)}
	lits := func(n int) (list []Lit) {
		for _, v := range dice.Perm(p.vars)[:min(n, p.vars)] {
			l := Pos(v)
			if dice.IntN(2) == 0 {
				l = l.Not()
			}
			list = append(list, l)
		}
		return list
	}
	for range dice.IntN(4 * p.vars) {
		p.clauses = append(p.clauses, lits(1+dice.IntN(4)))
	}
	for range dice.IntN(5) {
		list := lits(2 + dice.IntN(6))
		p.counted = append(p.counted, list)
		p.bounds = append(p.bounds, dice.IntN(len(list)))
	}
	return p
}

func (p puzzle) solver() *Solver {
	s := &Solver{}
	for range p.vars {
		s.NewVar()
	}
	for i := range p.counted {
		s.AtMost(p.bounds[i], p.counted[i]...)
	}
	for _, c := range p.clauses {
		s.Add(c...)
	}
	return s
}

// holds tells whether the values, one bit a variable, keep everything.
func (p puzzle) holds(values int, assumed []Lit) bool {
	is := func(l Lit) bool { return values>>l.Var()&1 == 1 == (l&1 == 0) }
	for _, l := range assumed {
		if !is(l) {
			return false
		}
	}
	for _, c := range p.clauses {
		if !slices.ContainsFunc(c, is) {
			return false
		}
	}
	for i, c := range p.counted {
		n := 0
		for _, l := range c {
			if is(l) {
				n++
			}
		}
		if n > p.bounds[i] {
			return false
		}
	}
	return true
}

func (p puzzle) possible(assumed []Lit) bool {
	for values := range 1 << p.vars {
		if p.holds(values, assumed) {
			return true
		}
	}
	return false
}

func TestAgainstEveryAssignment(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(1, 2))
	answers := map[Answer]int{}
	for i := range 3_000 {
		p := draw(dice)
		s := p.solver()
		for range 3 { // the same solver again: what was learnt must stay true
			var assumed []Lit
			for _, v := range dice.Perm(p.vars)[:dice.IntN(p.vars)] {
				assumed = append(assumed, Pos(v)^Lit(dice.IntN(2)))
			}
			answer := s.Solve(Budget{}, assumed...)
			answers[answer]++
			switch answer {
			case Satisfiable:
				values := 0
				for v := range p.vars {
					if s.Value(Pos(v)) {
						values |= 1 << v
					}
				}
				if !p.holds(values, assumed) {
					t.Fatalf("puzzle %d: the model does not hold", i)
				}
			case Unsatisfiable:
				if p.possible(assumed) {
					t.Fatalf("puzzle %d: there is a model", i)
				}
				for _, l := range s.Core() {
					if !slices.Contains(assumed, l) {
						t.Fatalf("puzzle %d: %v is blamed and was not assumed", i, l)
					}
				}
				if p.possible(s.Core()) {
					t.Fatalf("puzzle %d: the core is not to blame", i)
				}
			default:
				t.Fatalf("puzzle %d: no answer without a bound", i)
			}
		}
	}
	if answers[Satisfiable] < 1_000 || answers[Unsatisfiable] < 1_000 {
		t.Errorf("the draw is one-sided: %v", answers)
	}
}

// pigeons states that n+1 pigeons sit alone in n holes.
func pigeons(n int) *Solver {
	s := &Solver{}
	at := make([][]Lit, n+1)
	for i := range at {
		for range n {
			at[i] = append(at[i], s.NewLit())
		}
		s.Add(at[i]...)
	}
	for h := range n {
		for i := range at {
			for k := range i {
				s.Add(at[i][h].Not(), at[k][h].Not())
			}
		}
	}
	return s
}

func TestBudget(t *testing.T) {
	t.Parallel()
	var spent []int
	for range 2 {
		s := pigeons(9)
		if answer := s.Solve(Budget{Work: 50_000}); answer != Unknown {
			t.Fatalf("answer %v within a small budget", answer)
		}
		if answer := s.Solve(Budget{Stop: func() bool { return true }}); answer != Unknown {
			t.Fatalf("answer %v though stopped", answer)
		}
		spent = append(spent, s.Work(), s.conflicts)
	}
	if !slices.Equal(spent[:2], spent[2:]) {
		t.Errorf("the same question cost different work: %v", spent)
	}
	if answer := pigeons(6).Solve(Budget{}); answer != Unsatisfiable {
		t.Errorf("seven pigeons in six holes: %v", answer)
	}
}

func TestEasyContradictions(t *testing.T) {
	t.Parallel()
	s := &Solver{}
	a, b := s.NewLit(), s.NewLit()
	s.AtMost(0, a)
	if s.Solve(Budget{}, a) != Unsatisfiable || !slices.Equal(s.Core(), []Lit{a}) {
		t.Errorf("core %v", s.Core())
	}
	if s.Solve(Budget{}, b, b.Not()) != Unsatisfiable {
		t.Error("b and not b")
	}
	s.Add(a, b)
	if s.Solve(Budget{}) != Satisfiable || !s.Value(b) || s.Value(a) {
		t.Error("b must hold")
	}
	s.AtMost(-1, b)
	if s.Solve(Budget{}) != Unsatisfiable || len(s.Core()) != 0 {
		t.Error("broken without assumptions")
	}
}
