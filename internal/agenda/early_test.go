package agenda

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// small draws an event of few parties and much room.
func small(seed uint64) *Problem {
	return Draw(Shape{
		Name: "small", Left: 4 + int(seed%3), Right: 6, Slots: 10, Tables: 6, Wishes: 14, Absent: float64(seed%2) / 10, Max: 10, LeastValue: 1, MostValue: 98,
	}, seed)
}

// TestEarlySlotsAreFilled plans events of few parties: nobody waits for a slot
// while one before it could hold the meeting as well.
func TestEarlySlotsAreFilled(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		p := small(seed)
		for i := range p.Parties {
			if seed >= 6 && i%3 == 0 { // of another kind: delegates split a calendar, and there is something to share
				p.Parties[i].Delegates = []Delegate{{ID: fmt.Sprint("d", i)}, {ID: fmt.Sprint("e", i)}}
				p.Resources = []Resource{{ID: "r", Capacity: 1}}
			}
		}
		plan := solved(t, p)
		for i := range plan.Meetings {
			if to, better := sooner(p, plan, i); better {
				t.Errorf("seed %d: %s waits for %s, and nothing is lost at %s, table %s", seed, plan.Meetings[i].ID, plan.Meetings[i].Slot, to.Slot, to.Table)
			}
		}
	}
}

// sooner is an earlier place for a meeting of the plan by which nothing is lost.
func sooner(p *Problem, plan *Plan, meeting int) (Place, bool) {
	for s := range p.Slots {
		if p.Slots[s].ID == plan.Meetings[meeting].Slot {
			break
		}
		for i := range p.Tables {
			other := *plan
			other.Meetings = slices.Clone(plan.Meetings)
			other.Meetings[meeting].Slot, other.Meetings[meeting].Table = p.Slots[s].ID, p.Tables[i].ID
			if len(Check(p, &other)) > len(Check(p, plan)) {
				continue
			}
			Recount(p, &other)
			if other.Breaks <= plan.Breaks && other.TableChanges <= plan.TableChanges {
				return Place{Slot: p.Slots[s].ID, Table: p.Tables[i].ID}, true
			}
		}
	}
	return Place{}, false
}

// TestFirstSlotIsUsed is what an organiser sees: three hosts and three guests who are
// there all day begin in the first slot.
func TestFirstSlotIsUsed(t *testing.T) {
	t.Parallel()
	p := event(8, 4, people("a", "b", "c", "x", "y", "z"))
	for _, host := range []string{"a", "b", "c"} {
		for _, guest := range []string{"x", "y", "z"} {
			p.Meetings = append(p.Meetings, meet(host+guest, 1, host, guest))
		}
	}
	plan := solved(t, p)
	if len(plan.Meetings) != 9 || plan.Breaks != 0 || plan.Lateness != 9 {
		t.Errorf("%d meetings, %d breaks, lateness %d: three slots of three are %d", len(plan.Meetings), plan.Breaks, plan.Lateness, 9)
	}
	p.Objective = []Goal{Minimums, Value, Fairness, Breaks, Early}
	if plan = solved(t, p); !slices.Contains(plan.ProvenGoals, Early) || !plan.Proven {
		t.Errorf("that nothing is earlier is proven by the time of each party: %v", plan.ProvenGoals)
	}
}

// TestNothingIsLostForEarlySlots compares plans of many kinds, in several orders of
// goals, with those of the same order without early slots.
func TestNothingIsLostForEarlySlots(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(7, 7))
	orders := [][]Goal{DefaultObjective(), {Breaks, Early}, {Value, Breaks, Early}, {Value, TableChanges, Breaks, Early}, {Early}, {Value, Early, Breaks}}
	tried, earlier := 0, 0
	for i := range 240 {
		p := tiny(dice)
		if i%8 == 0 {
			p = small(uint64(i))
		}
		if p.Validate() != nil {
			continue
		}
		tried++
		goals := orders[i%len(orders)]
		p.Objective = goals
		plan, first := solved(t, p), *p
		first.Objective = slices.DeleteFunc(slices.Clone(goals), func(g Goal) bool { return g == Early })
		if len(first.Objective) == 0 {
			first.Objective = []Goal{Value} // nothing is left out of the list, which would be all
		}
		without := solved(t, &first)
		in := compile(p)
		above := in.goals[:slices.Index(in.goals, Early)]
		was, is := stateOf(in, without), stateOf(in, plan)
		a, b := was.scoredBy(above, without.TableChanges), is.scoredBy(above, plan.TableChanges)
		if a.less(b) || a == b && is.tardiness() > was.tardiness() {
			t.Errorf("case %d, %v: %v at %d without early slots, %v at %d with", i, goals, a, was.tardiness(), b, is.tardiness())
		}
		if is.tardiness() < was.tardiness() {
			earlier++
		}
		if plan.Lateness != is.late {
			t.Errorf("case %d: lateness %d, told as %d", i, is.late, plan.Lateness)
		}
	}
	if earlier < tried/10 { // most tiny ones leave nothing to gain
		t.Errorf("%d of %d plans became earlier", earlier, tried)
	}
}

// TestRepairLeavesEarlySlotsAlone: what is published moves for a change only, not for an
// early slot that is free.
func TestRepairLeavesEarlySlotsAlone(t *testing.T) {
	t.Parallel()
	p := event(6, 2, people("a", "b", "c", "d"), meet("ab", 2, "a", "b"), meet("cd", 1, "c", "d"), meet("ad", 1, "a", "d"))
	published := &Plan{Meetings: []Seat{{ID: "ab", Slot: "s4", Table: "t1"}, {ID: "cd", Slot: "s5", Table: "t2"}, {ID: "ad", Slot: "s6", Table: "t1"}}}
	repaired, err := Repair(t.Context(), p, published, []Change{{Kind: ChangeAbsent, Party: "c"}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(repaired.Changed) != 1 || repaired.Changed[0].ID != "cd" || repaired.Plan.Lateness != 3+5 {
		t.Errorf("changed %+v, lateness %d", repaired.Changed, repaired.Plan.Lateness)
	}
}

// TestALockedTableThatIsTaken brings a meeting in that was left out, whose table
// another one has got meanwhile: it stays out.
func TestALockedTableThatIsTaken(t *testing.T) {
	t.Parallel()
	p := event(2, 2, people("a", "b", "c", "d"), meet("ab", 1, "a", "b"), meet("cd", 1, "c", "d"))
	p.Meetings[0].Locked, p.Meetings[1].Fixed = &Place{Slot: "s2", Table: "t1"}, "s2"
	in := compile(p)
	st := newState(in)
	st.put(1, 1)
	if newForward(st, []int{-1, 0}).compact(func() bool { return false }) || st.slot[0] != nowhere {
		t.Errorf("it sits in %d", st.slot[0])
	}
}
