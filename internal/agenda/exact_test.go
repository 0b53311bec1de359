package agenda

import (
	"context"
	"slices"
	"testing"

	"jinghe/internal/agenda/sat"
)

// TestCompleteFindsEveryMust asks for all musts of tight events from an empty plan:
// so many parties of both sides as slots, everybody has to meet everybody, and the
// tables hold exactly that. Only a Latin square does.
func TestCompleteFindsEveryMust(t *testing.T) {
	t.Parallel()
	for _, size := range []int{2, 3, 5, 7} {
		p := everybody(size)
		r := newRun(t.Context(), compile(p), Options{Effort: 20})
		r.complete()
		if r.w.missing > 0 || r.w.breaks > 0 {
			t.Errorf("%d × %d: %d musts are missing, %d breaks", size, size, r.w.missing, r.w.breaks)
		}
		if broken := Check(p, describe(r.in, r.w.state, 0)); len(broken) > 0 {
			t.Errorf("%d × %d: %v", size, size, broken)
		}
	}
}

// TestCompleteKeepsMinimumsWhereItCan asks for a minimum beside the musts, once
// possible and once not: the musts come first.
func TestCompleteKeepsMinimumsWhereItCan(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name             string
		minimum, lacking int
	}{{"possible", 4, 0}, {"impossible", 9, 5}} {
		p := everybody(4)
		p.Parties[0].Min = test.minimum
		r := newRun(t.Context(), compile(p), Options{Effort: 20})
		r.complete()
		if r.w.missing > 0 || r.w.lacking != test.lacking {
			t.Errorf("%s: %d musts missing, %d lacking to the minimum, want %d", test.name, r.w.missing, r.w.lacking, test.lacking)
		}
	}
}

// TestCompleteStops returns with the plan as it was where nobody waits any more,
// or where the musts contradict each other.
func TestCompleteStops(t *testing.T) {
	t.Parallel()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	crowded := everybody(5)
	crowded.Tables = crowded.Tables[:4]
	for _, test := range []struct {
		name    string
		ctx     context.Context
		problem *Problem
	}{{"cancelled", over, everybody(5)}, {"contradiction", t.Context(), crowded}} {
		r := newRun(test.ctx, compile(test.problem), Options{Effort: 1})
		before := r.w.snapshot()
		r.complete()
		if !slices.Equal(before, r.w.slot) {
			t.Errorf("%s: the plan changed", test.name)
		}
	}
}

// everybody is an event in which each of so many parties has to meet each of as
// many others, in as many slots at as many tables.
func everybody(size int) *Problem {
	p := &Problem{Objective: []Goal{Minimums, Value, Breaks}}
	name := func(side string, i int) string { return side + string(rune('a'+i)) }
	for i := range size {
		p.Slots = append(p.Slots, Slot{ID: name("slot-", i)})
		p.Tables = append(p.Tables, Table{ID: name("table-", i)})
		p.Parties = append(p.Parties, Party{ID: name("left-", i)}, Party{ID: name("right-", i)})
		for k := range size {
			p.Meetings = append(p.Meetings, Meeting{
				ID: name("", i) + name("", k), Parties: []string{name("left-", i), name("right-", k)}, Must: true, Value: 1,
			})
		}
	}
	return p
}

// TestManyBreaks plans a day whose breaks are far too many to be counted: the plan keeps
// all rules, and its bound is true.
func TestManyBreaks(t *testing.T) {
	t.Parallel()
	p := halves(mostCounted+counted+2, 0)
	r := newRun(t.Context(), compile(p), Options{Effort: 1})
	r.bounds()
	r.choose()
	r.exactBreaks(true)
	if want := mostCounted + counted + 2; r.w.breaks != want || r.breaksBound > want || r.w.missing > 0 {
		t.Errorf("%d breaks, proven at least %d, %d missing; want %d breaks", r.w.breaks, r.breaksBound, r.w.missing, want)
	}
}

// TestLongSumsSayTheSame holds few literals to a bound by a counter as well as in unary.
func TestLongSumsSayTheSame(t *testing.T) {
	t.Parallel()
	for _, n := range []int{3, longSum} {
		f := &formula{use: forProofs}
		lits := []sat.Lit{f.NewLit(), f.NewLit(), f.NewLit()}
		all := lits
		for range n - 3 {
			l := f.NewLit()
			f.Add(l.Not())
			all = append(all, l)
		}
		f.limit(2, all...)
		if got := f.Solve(sat.Budget{}, lits...); got != sat.Unsatisfiable {
			t.Errorf("of %d at most two: three are %v", n, got)
		}
		if got := f.Solve(sat.Budget{}, lits[0], lits[1]); got != sat.Satisfiable {
			t.Errorf("of %d at most two: two are %v", n, got)
		}
	}
}
