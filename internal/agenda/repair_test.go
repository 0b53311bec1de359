package agenda

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// fewestChanges tries every plan of a tiny problem: musts first, then published
// meetings that stay as they are. Meetings that are not published stay out, as in
// Repair. It returns the musts missing and the meetings changed.
func fewestChanges(in *instance, published *Plan, over mask) (missing, changed int) {
	index, slot := map[string]int{}, map[string]int{}
	for m := range in.meet {
		index[in.meet[m].id] = m
	}
	for s := range in.problem.Slots {
		slot[in.problem.Slots[s].ID] = s
	}
	type seat struct{ slot, table int }
	was := map[int]seat{}
	var list []int
	for _, p := range published.Meetings {
		m := index[p.ID]
		was[m] = seat{slot[p.Slot], in.seating.index[p.Table]}
		list = append(list, m)
	}
	missing, changed = len(in.meet)+1, 0
	st := newState(in)
	taken := map[seat]bool{}
	var assign func(i, moved int)
	assign = func(i, moved int) {
		if i == len(list) {
			for _, m := range list {
				if st.slot[m] != nowhere && !st.precededBy(m, st.slot[m]) {
					return
				}
			}
			if st.missing < missing || st.missing == missing && moved < changed {
				missing, changed = st.missing, moved
			}
			return
		}
		m := list[i]
		for _, s := range in.meet[m].choices {
			if !st.roomy(m, s) || !st.free(m, s) || !st.open(m) {
				continue
			}
			for t := range in.seating.id {
				at := seat{s, t}
				if taken[at] || !in.seating.open[t].has(s) || over.has(s) && at != was[m] {
					continue
				}
				taken[at] = true
				st.put(m, s)
				more := moved
				if at != was[m] {
					more++
				}
				assign(i+1, more)
				st.take(m)
				delete(taken, at)
			}
		}
		assign(i+1, moved+1)
	}
	assign(0, 0)
	return missing, changed
}

func TestRepairChangesLeast(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(11, 35))
	tried, least := 0, 0
	for i := range 400 {
		p := tiny(dice)
		p.MaxBreakSpread, p.Wishes = nil, nil
		if p.Validate() != nil {
			continue
		}
		plan, err := Solve(t.Context(), p, Options{Effort: 1})
		if err != nil || len(plan.Meetings) == 0 {
			continue
		}
		change := Change{Kind: ChangeAbsent, Party: p.Parties[dice.IntN(len(p.Parties))].ID}
		if dice.IntN(2) == 0 {
			change = Change{Kind: ChangeClosed, Table: p.Tables[dice.IntN(len(p.Tables))].ID}
		}
		if dice.IntN(2) == 0 {
			change.Slots = []string{p.Slots[dice.IntN(len(p.Slots))].ID}
		}
		r, err := Repair(t.Context(), p, plan, []Change{change}, Options{})
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		for _, broken := range Check(&r.Problem, &r.Plan) {
			if broken.Key != "agenda.broken_min" && broken.Key != "agenda.broken_must" {
				t.Errorf("case %d: breaks a rule: %v", i, broken)
			}
		}
		in := compile(&r.Problem)
		missing, changed := fewestChanges(in, plan, in.newMask())
		tried++
		if got := stateOf(in, &r.Plan).missing; got == missing && len(r.Changed) == changed {
			least++
		} else if got < missing || got == missing && len(r.Changed) < changed {
			t.Errorf("case %d: %d musts missing and %d changes, fewer than the %d and %d that are possible", i, got, len(r.Changed), missing, changed)
		}
		for _, offer := range r.Offers {
			more := r.Plan
			more.Meetings = append(slices.Clone(r.Plan.Meetings), offer)
			if broken := Check(&r.Problem, &more); len(broken) > len(Check(&r.Problem, &r.Plan)) {
				t.Errorf("case %d: the offer %v does not fit: %v", i, offer, broken)
			}
		}
	}
	t.Logf("%d of %d repairs change least", least, tried)
	if least*100 < tried*97 {
		t.Errorf("only %d of %d repairs change as little as possible", least, tried)
	}
}

func TestRepair(t *testing.T) {
	t.Parallel()
	two := 2
	p := &Problem{
		Slots:   []Slot{{ID: "s1"}, {ID: "s2"}},
		Tables:  []Table{{ID: "t1"}, {ID: "t2"}},
		Parties: []Party{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d", Max: &two}},
		Meetings: []Meeting{
			{ID: "ab", Parties: []string{"a", "b"}, Value: 5},
			{ID: "cd", Parties: []string{"c", "d"}, Value: 3, Must: true},
			{ID: "ac", Parties: []string{"a", "c"}, Value: 2},
		},
	}
	published := &Plan{Meetings: []Seat{{ID: "ab", Slot: "s1", Table: "t1"}, {ID: "cd", Slot: "s1", Table: "t2"}}}
	tests := []struct {
		name   string
		change Change
		want   string // changed, then offers
	}{
		{"TableClosed", Change{Kind: ChangeClosed, Table: "t1", Slots: []string{"s1"}}, "[ab closed s2/t1] []"},
		{"NoShow", Change{Kind: ChangeAbsent, Party: "b"}, "[ab absent -] [ac]"},
		{"Late", Change{Kind: ChangeAbsent, Party: "b", Slots: []string{"s1"}}, "[ab absent s2/t1] []"},
		{"Cancelled", Change{Kind: ChangeCancelled, Meeting: "ab"}, "[ab cancelled -] [ac]"},
		{"Over", Change{Kind: ChangeOver, Slots: []string{"s1"}}, "[] [ac]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := Repair(t.Context(), p, published, []Change{test.change}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			changed, offers := []string{}, []string{}
			for _, m := range r.Changed {
				to := "-"
				if m.To != nil {
					to = m.To.Slot + "/" + m.To.Table
				}
				changed = append(changed, fmt.Sprintf("%s %s %s", m.ID, m.Why, to))
			}
			for _, o := range r.Offers {
				offers = append(offers, o.ID)
			}
			if got := fmt.Sprint(changed, " ", offers); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	if _, err := Repair(t.Context(), p, published, []Change{{Kind: ChangeAbsent, Party: "z"}}, Options{}); err == nil {
		t.Error("a change of an unknown party is taken")
	}
	if _, err := Repair(t.Context(), p, &Plan{Meetings: []Seat{{ID: "zz", Slot: "s1", Table: "t1"}}}, nil, Options{}); err == nil {
		t.Error("a plan of another problem is taken")
	}
}
