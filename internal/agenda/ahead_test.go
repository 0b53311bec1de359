package agenda

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
)

// mended is a repair of a tiny problem after a change, with some slots over.
func mended(t *testing.T, dice *rand.Rand) (*Problem, *Plan, *Repaired, []string) {
	t.Helper()
	p := tiny(dice)
	p.MaxBreakSpread = nil
	if p.Validate() != nil {
		return nil, nil, nil, nil
	}
	plan, err := Solve(t.Context(), p, Options{Effort: 1})
	if err != nil {
		return nil, nil, nil, nil
	}
	var over []string
	for i := range p.Slots[:dice.IntN(len(p.Slots)+1)] {
		over = append(over, p.Slots[i].ID)
	}
	changes := []Change{{Kind: ChangeAbsent, Party: p.Parties[dice.IntN(len(p.Parties))].ID}}
	if dice.IntN(3) == 0 {
		changes[0] = Change{Kind: ChangeClosed, Table: p.Tables[dice.IntN(len(p.Tables))].ID}
	}
	if over != nil {
		changes = append(changes, Change{Kind: ChangeOver, Slots: over})
	}
	r, err := Repair(t.Context(), p, plan, changes, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p, plan, r, over
}

// TestRepairBound: the bound of a repaired plan is above every plan that keeps what is
// over, and on the plan itself where nothing that can still be is left out.
func TestRepairBound(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(5, 15))
	whole, tight, tried := 0, 0, 0
	for i := range 800 {
		p, published, r, over := mended(t, dice)
		if r == nil {
			continue
		}
		tried++
		got := &r.Plan
		report := func(what string, args ...any) {
			raw, _ := json.Marshal(p)
			t.Errorf("case %d: %s %v: value %v, bound %v\n%s", i, what, args, got.Value, got.ValueUpperBound, raw)
		}
		if got.ValueUpperBound < got.Value || got.Gap < 0 || got.Gap > 1 {
			report("the bound is below the value")
		}
		if len(got.Meetings)+len(got.Unplanned) != len(compile(p).meet) {
			report("a meeting has no reason")
		}
		can := slices.ContainsFunc(got.Unplanned, func(u Unplanned) bool { return u.Reason != ReasonNever && u.Reason != ReasonNoCommonSlot })
		if !can {
			whole++
			if got.Gap != 0 {
				report("everything that can be is arranged, and yet it falls short")
			}
		}
		best := bestAfter(&r.Problem, published, got, over)
		if worth(best) > got.ValueUpperBound+1e-9 {
			report("a plan has", worth(best))
		}
		if worth(best) > got.ValueUpperBound-1e-9 {
			tight++
		}
	}
	t.Logf("%d repairs: %d arrange all that can be, the bound of %d is reached", tried, whole, tight)
	if whole < tried/20 || tight < tried/2 {
		t.Errorf("of %d repairs %d arrange all, %d bounds are reached", tried, whole, tight)
	}
}

// bestAfter tries every plan that keeps what was published in slots that are over, and
// lacks no more meetings to minimums than got; it returns the largest value.
func bestAfter(p *Problem, published, got *Plan, over []string) int64 {
	in := compile(p)
	was := map[string]string{}
	for _, s := range published.Meetings {
		was[s.ID] = s.Slot
	}
	for m := range in.meet {
		t := &in.meet[m]
		kept := slices.Contains(over, was[t.id])
		for s := range in.slots {
			id := p.Slots[s].ID
			switch {
			case kept && id == was[t.id]:
				t.allowed.set(s)
			case kept, slices.Contains(over, id):
				t.allowed.clear(s)
			}
		}
		t.choices = t.allowed.list()
	}
	best := int64(0)
	for lack, value := range try(in).value {
		if lack <= got.Shortfall {
			best = max(best, value)
		}
	}
	return best
}

// TestRecount: a plan that nobody changed has the sums it had; one with a meeting less
// has less value, and is no longer proven.
func TestRecount(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(9, 9))
	for range 200 {
		p := tiny(dice)
		if p.Validate() != nil {
			continue
		}
		plan, err := Solve(t.Context(), p, Options{Effort: 1})
		if err != nil {
			t.Fatal(err)
		}
		was, before := *plan, len(plan.Meetings)
		Recount(p, plan)
		if a, _ := json.Marshal(was); string(a) != marshalled(plan) {
			t.Fatalf("%s became %s", a, marshalled(plan))
		}
		if before == 0 {
			continue
		}
		plan.Meetings = plan.Meetings[1:]
		Recount(p, plan)
		if plan.Value > was.Value || plan.Gap < was.Gap || plan.Value < was.Value && plan.Proven {
			t.Fatalf("without a meeting: %s", marshalled(plan))
		}
		if c := Compare(p, plan); c.Value != plan.Value || c.Planned != before-1 {
			t.Fatalf("compared: %+v, planned %v", c, plan.Value)
		}
	}
}

func marshalled(p *Plan) string {
	raw, _ := json.Marshal(p)
	return string(raw)
}
