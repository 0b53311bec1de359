package agenda

import "testing"

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
		{"ThreeAndNobodyHasTheOnlyOne", 2, []int{0, 2}, 1, 2, 2},
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
			f := newDated(r.in)
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
	f := newDated(r.in)
	f.countBreaks(8)
	if newHunter(r, f).hunt(0) || r.w.breaks != 1 || r.breaksBound != 0 {
		t.Errorf("%d breaks, proven at least %d", r.w.breaks, r.breaksBound)
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
	f := newDated(r.in)
	f.countBreaks(12)
	if newHunter(r, f).hunt(1_000_000); r.breaksBound > 2 {
		t.Errorf("proven at least %d breaks, and 2 are possible", r.breaksBound)
	}
}
