package agenda

import (
	"context"
	"testing"

	"jinghe/internal/agenda/sat"
)

// TestHunt begins with plans that have more breaks than there have to be, or than
// are proven: it lowers the one or raises the other.
func TestHunt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name                string
		split               int   // parties whose two meetings stand at the two ends of the day
		at                  []int // slots of a third party's meetings, which have a choice
		bound               int
		wantBreaks, wantMin int
	}{
		{"OneIsFewest", 1, []int{0, 2}, 1, 1, 1},
		{"TwoHaveOneEach", 2, []int{0, 1}, 1, 2, 2},
		{"ThreeOfWhichOneGoes", 2, []int{0, 2}, 2, 2, 2},
		{"ThreeOfWhichOneGoesAndTwoAreProven", 2, []int{0, 2}, 1, 2, 2},
		{"NobodyHasTo", 0, []int{0, 2, 4}, 0, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t.Context(), compile(halves(test.split, len(test.at))), Options{Effort: 20})
			for m := range r.in.meet {
				if k := m - 2*test.split; k >= 0 {
					r.w.put(m, test.at[k])
				} else {
					r.w.put(m, r.in.meet[m].choices[0])
				}
			}
			r.breaksBound = test.bound
			f := newFormula(r.in, true, forDates)
			f.countBreaks(r.w.breaks + 8)
			found := newHunter(r, f).hunt(1_000_000)
			if !found || r.w.breaks != test.wantBreaks || r.breaksBound != test.wantMin || r.w.missing > 0 {
				t.Errorf("%d breaks, proven at least %d; want %d and %d", r.w.breaks, r.breaksBound, test.wantBreaks, test.wantMin)
			}
		})
	}
}

// TestHuntStops leaves plan and bound alone where there is no work to spend.
func TestHuntStops(t *testing.T) {
	t.Parallel()
	r := newRun(t.Context(), compile(halves(0, 2)), Options{Effort: 1})
	r.w.put(0, 0)
	r.w.put(1, 2)
	f := newFormula(r.in, true, forDates)
	f.countBreaks(8)
	if newHunter(r, f).hunt(0) || r.w.breaks != 1 || r.breaksBound != 0 {
		t.Errorf("%d breaks, proven at least %d", r.w.breaks, r.breaksBound)
	}
}

// TestHittingStops looks for a set of parties that is not there, with more work to spend
// than would be done: it ends at once where nobody waits any more, and raises nothing.
func TestHittingStops(t *testing.T) {
	t.Parallel()
	over, cancel := context.WithCancel(t.Context())
	r := newRun(over, compile(halves(3, 0)), Options{Effort: 1})
	for m := range r.in.meet {
		r.w.put(m, r.in.meet[m].choices[0])
	}
	c := newConquest(r, 8)
	c.aim(2)
	for _, x := range c.all { // three have to have one
		k := core{parties: []int{x}, set: newParties(r.in)}
		k.set.set(x)
		c.cores = append(c.cores, k)
	}
	cancel()
	c.end = c.f.Work() + 1_000_000
	if who := c.hitting(newParties(r.in), 0); who != nil || c.aside > 1 || c.sweep(conquerPace, conquerOpen) || r.breaksBound > 0 {
		t.Errorf("%v after %d looks, proven at least %d", who, c.aside, r.breaksBound)
	}
}

// halves is a day of five slots. So many parties have one meeting that can only be
// first and one that can only be last; one more has so many meetings at any time.
func halves(split, loose int) *Problem {
	p := &Problem{Objective: []Goal{Minimums, Breaks}}
	slots := []string{"1", "2", "3", "4", "5"}
	for _, id := range slots {
		p.Slots = append(p.Slots, Slot{ID: id})
	}
	for i := range split + 1 {
		p.Tables = append(p.Tables, Table{ID: "table " + string(rune('a'+i))})
	}
	meet := func(a, b string, never ...string) {
		p.Parties = append(p.Parties, Party{ID: b, Unavailable: never})
		p.Meetings = append(p.Meetings, Meeting{ID: a + b, Parties: []string{a, b}, Must: true, Value: 1})
	}
	for i := range split {
		id := "split " + string(rune('a'+i))
		p.Parties = append(p.Parties, Party{ID: id})
		meet(id, id+" early", slots[1:]...)
		meet(id, id+" late", slots[:4]...)
	}
	p.Parties = append(p.Parties, Party{ID: "loose"})
	for i := range loose {
		meet("loose", "loose "+string(rune('a'+i)))
	}
	return p
}

// TestHuntProvesNothingOfTheSpread begins where each of two parties has two breaks, as
// many as the other, and one each is possible: with spread 0 the formula knows only
// plans without any, and that there is none is no proof of more.
func TestHuntProvesNothingOfTheSpread(t *testing.T) {
	t.Parallel()
	spread := 0
	p := &Problem{Objective: []Goal{Minimums, Breaks}, MaxBreakSpread: &spread, Parties: []Party{{ID: "a"}, {ID: "b"}}, Tables: []Table{{ID: "1"}}}
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		p.Slots = append(p.Slots, Slot{ID: id})
	}
	for _, at := range []string{"1", "5", ""} {
		p.Meetings = append(p.Meetings, Meeting{ID: "at " + at, Parties: []string{"a", "b"}, Must: true, Value: 1, Fixed: at})
	}
	r := newRun(t.Context(), compile(p), Options{Effort: 20})
	for m, s := range []int{0, 4, 2} {
		r.w.put(m, s)
	}
	f := newFormula(r.in, true, forDates)
	f.countBreaks(12)
	if newHunter(r, f).hunt(1_000_000); r.breaksBound > 2 {
		t.Errorf("proven at least %d breaks, and 2 are possible", r.breaksBound)
	}
}

// TestDatedFormulaSaysTheSame asks small fairs for every number of breaks, once with rows
// that are stated by when they begin: the answers are those of the formula without. The
// plan in hand, too, is one where rows begin as they do there.
func TestDatedFormulaSaysTheSame(t *testing.T) {
	t.Parallel()
	refused := 0
	for seed := range uint64(60) {
		p := Draw(Shape{Name: "small", Left: 4, Right: 4, Slots: 8, Tables: 2, Wishes: 11, Absent: 0.2, Max: 8, LeastValue: 1, MostValue: 9}, seed)
		r := newRun(t.Context(), compile(p), Options{Effort: 20})
		r.bounds()
		r.choose()
		if !r.everything() {
			continue
		}
		plain, dated := newFormula(r.in, true, forProofs), newFormula(r.in, true, forDates)
		limit := r.w.breaks + 1
		for _, f := range []*formula{plain, dated} {
			f.countBreaks(limit)
		}
		for k := range min(limit, len(plain.total)) {
			want, got := plain.Solve(sat.Budget{Work: 1_000_000}, plain.total[k].Not()), dated.Solve(sat.Budget{Work: 1_000_000}, dated.total[k].Not())
			if want != got || want == sat.Unknown {
				t.Errorf("seed %d, %d breaks: %v with dates, %v without", seed, k, got, want)
			}
			if want == sat.Unsatisfiable {
				refused++
			}
		}
		h := newHunter(r, dated)
		h.reach = 0
		assumptions := h.rows(make([]bool, len(r.in.party)))
		if r.w.breaks < len(dated.total) {
			assumptions = append(assumptions, dated.total[r.w.breaks].Not())
		}
		if len(assumptions) == 0 || dated.Solve(sat.Budget{Work: 1_000_000}, assumptions...) != sat.Satisfiable {
			t.Errorf("seed %d: the plan in hand is refused", seed)
		}
	}
	if refused < 10 {
		t.Errorf("%d numbers of breaks were refused", refused)
	}
}

// TestLongBreakIsNoWorse moves the end of a long break: it costs nothing where only its
// first slots count, and what a slot costs where all do.
func TestLongBreakIsNoWorse(t *testing.T) {
	t.Parallel()
	r := newRun(t.Context(), compile(halves(0, 2)), Options{Effort: 1})
	r.w.put(0, 0)
	r.w.put(1, 3)
	for heeded, want := range map[int]int{2: 0, 5: 1} {
		v := newWeave(r.w.state, r.w.dice)
		v.heeded = heeded
		if !v.chain(1, 4) || v.hand.idle != want || v.hand.breaks != 0 {
			t.Errorf("of %d idle slots that count %d more, %d breaks more; want %d and none", heeded, v.hand.idle, v.hand.breaks, want)
		}
	}
}

// TestHuntAgainstEveryPlan hunts small fairs of which every plan is tried, each with and
// without a bound on the spread: no bound is wrong, and the fewest breaks are found and
// proven. Questions that name more than the number of breaks prove nothing.
func TestHuntAgainstEveryPlan(t *testing.T) {
	t.Parallel()
	raised, lowered := 0, 0
	for seed := range uint64(40) {
		p := Draw(Shape{Name: "small", Left: 3, Right: 3, Slots: 5, Tables: 2, Wishes: 7, Absent: 0.2, Max: 5, LeastValue: 1, MostValue: 9}, seed)
		for i := range p.Wishes {
			p.Wishes[i].Kind = Must
		}
		if spread := int(seed % 4); spread < 3 {
			p.MaxBreakSpread = &spread
		}
		p.Objective = []Goal{Value, Breaks}
		in := compile(p)
		b := try(in)
		if !b.found {
			continue
		}
		fewest := b.breaks[[2]int64{0, b.value[0]}]
		for _, hunts := range []func(c *conquest, limit int){
			func(c *conquest, _ int) { newHunter(c.run, c.f).hunt(400_000) },
			func(c *conquest, _ int) { c.press(400_000, conquerRush, conquerOpen) },
			func(c *conquest, limit int) {
				f := newFormula(c.in, true, forProofs)
				f.countBreaks(limit)
				c.alternate(f, limit)
			},
		} {
			r := newRun(t.Context(), in, Options{Effort: 1, Seed: seed})
			r.bounds()
			r.choose()
			r.breaksBound = 0
			if !r.everything() || r.w.excess() > 0 {
				continue
			}
			before := r.w.breaks
			hunts(newConquest(r, before+8), before+8)
			if r.w.excess() > 0 || r.w.missing > 0 || r.breaksBound > fewest || r.w.breaks < fewest || r.w.breaks > before {
				t.Errorf("seed %d: %d breaks of %d, proven at least %d; the fewest are %d", seed, r.w.breaks, before, r.breaksBound, fewest)
			}
			if r.w.breaks > fewest || before <= len(in.party) && r.breaksBound < fewest {
				t.Errorf("seed %d: %d breaks, proven at least %d, found of %d", seed, r.w.breaks, r.breaksBound, fewest)
			}
			if r.breaksBound > 0 {
				raised++
			}
			if r.w.breaks < before {
				lowered++
			}
		}
	}
	if raised < 10 || lowered < 10 {
		t.Errorf("%d bounds raised, %d plans with fewer breaks", raised, lowered)
	}
}

// TestRounds anneals once where many breaks are above the bound, and again and again where
// few are.
func TestRounds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ split, rounds int }{{1, huntRounds}, {2, huntRounds}, {3, 1}} {
		r := newRun(t.Context(), compile(halves(test.split, 0)), Options{Effort: 1})
		for m := range r.in.meet {
			r.w.put(m, r.in.meet[m].choices[0])
		}
		round := int(huntRound * float64(r.weaving()))
		if got := r.inRounds(); got != test.rounds*round || r.w.breaks != test.split {
			t.Errorf("%d breaks that have to be: %d steps, want %d rounds of %d", test.split, got, test.rounds, round)
		}
	}
}

// TestAgainIsNoWorse looks for other plans: none has more breaks.
func TestAgainIsNoWorse(t *testing.T) {
	t.Parallel()
	r := newRun(t.Context(), compile(halves(2, 3)), Options{Effort: 1})
	for m, s := range []int{0, 4, 0, 4, 1, 2, 3} {
		r.w.put(m, s)
	}
	h := newHunter(r, newFormula(r.in, true, forDates))
	h.unsure = huntEvery
	if h.again(); h.unsure != 0 || r.w.breaks != 2 || r.w.excess() > 0 || r.w.missing > 0 {
		t.Errorf("%d breaks, want 2; %d questions", r.w.breaks, h.unsure)
	}
}

// TestNoSlots plans an event without a single slot.
func TestNoSlots(t *testing.T) {
	t.Parallel()
	p := halves(0, 2)
	p.Slots, p.Objective = nil, nil
	if plan := solved(t, p); len(plan.Meetings) > 0 || len(plan.Unplanned) != 2 {
		t.Errorf("planned %v, unplanned %v", plan.Meetings, plan.Unplanned)
	}
}
