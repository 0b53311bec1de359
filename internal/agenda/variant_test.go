package agenda

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"jinghe/internal/scene"
)

// variants change a problem so that a plan that is known of it stays possible: what
// is forbidden is not used by the plan, what is fixed and ordered is so in it.
func variants() map[string]func(*Problem, *known, *rand.Rand) {
	return map[string]func(*Problem, *known, *rand.Rand){
		"ForbiddenSlots": forbidSlots, "FixedMeetings": fixMeetings, "Precedences": orderMeetings,
		"All": func(p *Problem, k *known, dice *rand.Rand) {
			forbidSlots(p, k, dice)
			fixMeetings(p, k, dice)
			orderMeetings(p, k, dice)
		},
	}
}

// known is a plan by meeting and by party.
type known struct {
	plan *Plan
	slot map[string]string          // of a meeting
	busy map[string]map[string]bool // of a party: slots
}

func knownOf(plan *Plan) *known {
	k := &known{plan: plan, slot: map[string]string{}, busy: map[string]map[string]bool{}}
	for _, seat := range plan.Meetings {
		k.slot[seat.ID] = seat.Slot
		for _, x := range seat.Parties {
			if k.busy[x] == nil {
				k.busy[x] = map[string]bool{}
			}
			k.busy[x][seat.Slot] = true
		}
	}
	return k
}

// forbidSlots keeps a third of the parties from a fifth of what they do not use.
func forbidSlots(p *Problem, k *known, dice *rand.Rand) {
	for i := range p.Parties {
		x := &p.Parties[i]
		if dice.IntN(3) > 0 {
			continue
		}
		for _, s := range p.Slots {
			if !k.busy[x.ID][s.ID] && dice.IntN(5) == 0 && !slices.Contains(x.Unavailable, s.ID) {
				x.Unavailable = append(x.Unavailable, s.ID)
			}
		}
	}
}

// fixMeetings fixes a twelfth of the meetings.
func fixMeetings(p *Problem, k *known, dice *rand.Rand) {
	for i := range p.Meetings {
		if m := &p.Meetings[i]; dice.IntN(12) == 0 {
			m.Fixed = k.slot[m.ID]
		}
	}
}

// orderMeetings draws pairs of meetings and says which is before the other.
func orderMeetings(p *Problem, k *known, dice *rand.Rand) {
	at := map[string]int{}
	for i := range p.Slots {
		at[p.Slots[i].ID] = i
	}
	for range len(p.Meetings) / 10 {
		m, earlier := &p.Meetings[dice.IntN(len(p.Meetings))], p.Meetings[dice.IntN(len(p.Meetings))].ID
		if at[k.slot[earlier]] < at[k.slot[m.ID]] && !slices.Contains(m.After, earlier) {
			m.After = append(m.After, earlier)
		}
	}
}

// cloned is the problem with lists of its own where variants change them.
func (p *Problem) cloned() *Problem {
	other := *p
	other.Parties, other.Meetings = slices.Clone(p.Parties), slices.Clone(p.Meetings)
	for i := range other.Parties {
		other.Parties[i].Unavailable = slices.Clone(other.Parties[i].Unavailable)
	}
	for i := range other.Meetings {
		other.Meetings[i].After = slices.Clone(other.Meetings[i].After)
	}
	return &other
}

// varied solves the variants of a problem all of whose meetings can be planned, and
// holds each against its rules, the known plan and first-fit. So many musts may be
// missing that little effort does not find a place for.
func varied(t *testing.T, id string, p *Problem, seed uint64, effort, missing int) {
	t.Helper()
	base, err := Solve(t.Context(), p, Options{Effort: effort, Seed: seed})
	if err != nil || len(base.Unplanned) > 0 {
		t.Fatalf("%s: %d left out, %v", id, len(base.Unplanned), err)
	}
	changes := variants()
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		dice := rand.New(rand.NewPCG(seed, uint64(len(id))))
		v := p.cloned()
		changes[name](v, knownOf(base), dice)
		plan, err := Solve(t.Context(), v, Options{Effort: effort, Seed: seed})
		if err != nil {
			t.Fatalf("%s, %s: %v", id, name, err)
		}
		first, err := Greedy(v)
		if err != nil {
			t.Fatal(err)
		}
		broken := slices.DeleteFunc(Check(v, plan), func(f scene.FieldError) bool { return f.Key == "agenda.broken_must" })
		if len(broken) > 0 || len(plan.Unplanned) > missing {
			t.Errorf("%s, %s: %d left out, %v", id, name, len(plan.Unplanned), broken)
		}
		// The known plan keeps the rules of the variant: no bound may pass it.
		if plan.BreaksLowerBound > min(plan.Breaks, base.Breaks) || plan.Value > plan.ValueUpperBound || base.Value > plan.ValueUpperBound {
			t.Errorf("%s, %s: breaks %d ≥ %d, value %v ≤ %v; a plan is known with %d and %v",
				id, name, plan.Breaks, plan.BreaksLowerBound, plan.Value, plan.ValueUpperBound, base.Breaks, base.Value)
		}
		if plan.Value < first.Value || plan.Value == first.Value && plan.Breaks > first.Breaks {
			t.Errorf("%s, %s: value %v with %d breaks, first-fit has %v with %d", id, name, plan.Value, plan.Breaks, first.Value, first.Breaks)
		}
		t.Logf("%s, %s: breaks %d ≥ %d (known %d, first-fit %d of %d meetings)", id, name, plan.Breaks, plan.BreaksLowerBound, base.Breaks, len(first.Meetings), len(v.Meetings))
	}
}

// TestVariants plans variants of an event in which everybody meets everybody.
func TestVariants(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		p := everybody(5)
		for _, id := range []string{"slot-x", "slot-y", "slot-z"} {
			p.Slots = append(p.Slots, Slot{ID: id})
		}
		p.Tables = p.Tables[:4]
		spread := 2
		p.MaxBreakSpread, p.Objective = &spread, []Goal{Breaks}
		varied(t, "everybody", p, seed+1, 3, 0)
	}
}

// TestRealFairsVariants plans variants of the public instances.
func TestRealFairsVariants(t *testing.T) {
	t.Parallel()
	for id, p := range realFairs(t) {
		varied(t, id, p, 1, 5, 1)
	}
}
