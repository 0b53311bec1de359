package agenda

import "slices"

// Recount sums a plan up anew that a person changed: value, shortfall, breaks, table
// changes, fairness and lateness. Its bounds are those of the problem and stay; what was proven of
// the plan does not, where a sum is another one now. The problem has to be valid;
// meetings, slots and tables that it does not know count for nothing.
func Recount(p *Problem, plan *Plan) {
	in := compile(p)
	st, table := in.read(plan)
	a := newArrangement(in, st.slot)
	copy(a.table, table)
	least, spread := st.fairness()
	now := Plan{
		Value: worth(st.value), Breaks: st.breaks, Shortfall: st.lacking, TableChanges: a.changes(),
		LeastPartyValue: worth(least), PartyValueSpread: worth(spread), Lateness: st.late,
	}
	same := now.Value == plan.Value && now.Breaks == plan.Breaks && now.Shortfall == plan.Shortfall && now.TableChanges == plan.TableChanges &&
		now.Lateness == plan.Lateness
	if !same {
		plan.Proven, plan.ProvenGoals = false, nil
	}
	plan.Value, plan.Breaks, plan.Shortfall, plan.TableChanges = now.Value, now.Breaks, now.Shortfall, now.TableChanges
	plan.LeastPartyValue, plan.PartyValueSpread, plan.Lateness = now.LeastPartyValue, now.PartyValueSpread, now.Lateness
	plan.ValueUpperBound = max(plan.ValueUpperBound, plan.Value)
	plan.BreaksLowerBound, plan.ShortfallLowerBound = min(plan.BreaksLowerBound, plan.Breaks), min(plan.ShortfallLowerBound, plan.Shortfall)
	if plan.Gap = 0; plan.ValueUpperBound > 0 {
		plan.Gap = (plan.ValueUpperBound - plan.Value) / plan.ValueUpperBound
	}
}

// read puts what the instance knows of a plan into a state; table is −1 where a meeting
// is not planned.
func (in *instance) read(plan *Plan) (st *state, table []int) {
	slot, index := make(map[string]int, in.slots), make(map[string]int, len(in.meet))
	for s := range in.problem.Slots {
		slot[in.problem.Slots[s].ID] = s
	}
	for m := range in.meet {
		index[in.meet[m].id] = m
	}
	st, table = newState(in), slices.Repeat([]int{-1}, len(in.meet))
	for i := range plan.Meetings {
		seat := &plan.Meetings[i]
		m, known := index[seat.ID]
		s, open := slot[seat.Slot]
		t, stands := in.seating.index[seat.Table]
		if known && open && stands && st.slot[m] == nowhere {
			st.put(m, s)
			table[m] = t
		}
	}
	return st, table
}
