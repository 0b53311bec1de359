package agenda

import (
	"math"
	"slices"
)

// seatingRounds of exchanging tables.
const seatingRounds = 8

// report turns the state into a plan document.
func (r *run) report() *Plan {
	r.tell(StageReport)
	r.proveValue()
	if r.valueBound < r.w.value { // prices that want musts which cannot be kept bound nothing
		r.valueBound = r.total()
	}
	plan := seated(r.in, r.w.state, r.sat, r.changes)
	plan.Effort = r.effort
	plan.bounded(r.valueBound, r.w.value)
	plan.BreaksLowerBound = r.breaksBound
	plan.ShortfallLowerBound = r.lackBound
	if r.w.missing == 0 { // prices of plans that keep every must say nothing of one that does not
		plan.Binding = r.relax.binding()
	}
	plan.Unplanned = r.reasons()
	if r.w.missing > 0 || r.w.lacking > 0 {
		if all := r.conflicts(); len(all) > 0 {
			plan.Conflict, plan.ConflictMinimal, plan.MoreConflicts = all[0].Conditions, all[0].Minimal, all[1:]
		}
	}
	r.proven(plan)
	return plan
}

// bounded says how much value a plan could have at most, and how far this one is from it.
func (p *Plan) bounded(bound, value int64) {
	p.ValueUpperBound, p.Gap = worth(bound), 0
	if bound > 0 {
		p.Gap = float64(bound-value) / float64(bound)
	}
}

// describe gives the planned meetings of a state tables and sums, with so many
// rounds of exchanging tables.
func describe(in *instance, st *state, rounds int) *Plan {
	table, changes := arrange(in, st.slot, rounds)
	return seated(in, st, table, changes)
}

// seated is a plan with these tables, and the sums.
func seated(in *instance, st *state, table []int, changes int) *Plan {
	plan := &Plan{Meetings: make([]Seat, 0, len(in.meet)), Unplanned: []Unplanned{}}
	goes := in.delegates(st.slot)
	for m, s := range st.slot {
		if s == nowhere {
			continue
		}
		t := &in.meet[m]
		plan.Meetings = append(plan.Meetings, Seat{
			ID: t.id, Slot: in.problem.Slots[s].ID, Table: in.seating.id[table[m]], Parties: t.source.Parties, Delegates: goes[m],
		})
	}
	least, spread := st.fairness()
	plan.Value, plan.Breaks, plan.Shortfall, plan.TableChanges = worth(st.value), st.breaks, st.lacking, changes
	plan.LeastPartyValue, plan.PartyValueSpread, plan.Lateness = worth(least), worth(spread), st.late
	return plan
}

// proveValue certifies bounds for what the plan lacks, with prices per slot where
// the others leave a gap and the event is small enough.
func (r *run) proveValue() {
	in, w := r.in, r.w
	if in.slots == 0 {
		r.valueBound = 0
		r.lackBound = w.lacking
		return
	}
	if w.lacking > r.lackBound && !r.stop() {
		r.lackBound, _ = in.shortfallBound(r.rounds(), r.stop)
		r.lackBound = min(r.lackBound, w.lacking)
	}
	extra := w.lacking - r.relax.lacking
	r.valueBound = r.relax.valueBound(extra)
	size := (len(in.party) + len(in.meet)) * in.slots
	if r.valueBound <= w.value || size > largestTimed || r.stop() {
		return
	}
	fine := newRelaxation(in)
	fine.at = r.relax.at.clone()
	fine.timed()
	fine.search(r.rounds(), extra, float64(w.value), r.stop)
	if bound := fine.valueBound(extra); bound < r.valueBound {
		r.valueBound, r.relax = bound, fine
	}
}

// proven fills in for which goals nothing can be better, from the first on.
func (r *run) proven(plan *Plan) {
	w := r.w
	least, spread := w.fairness()
	whole := r.w.value == r.total()
	optimal := w.missing == 0 && w.excess() == 0
	for _, g := range r.in.goals {
		if !optimal {
			break
		}
		switch g {
		case Minimums:
			optimal = w.lacking == r.lackBound
		case Value:
			optimal = w.value == r.valueBound
		case Fairness:
			optimal = whole || spread == 0 && least == r.bestLeast()
		case Breaks:
			optimal = w.breaks == r.breaksBound
		case TableChanges:
			optimal = plan.TableChanges == 0
		case Early:
			optimal = r.w.tardiness() == r.in.earliest()
		}
		if optimal {
			plan.ProvenGoals = append(plan.ProvenGoals, g)
		}
	}
	plan.Proven = optimal
	plan.StoppedBy = r.stopped(optimal)
}

// total is the value of everything that can be planned.
func (r *run) total() int64 {
	sum := int64(0)
	for m := range r.in.meet {
		if t := &r.in.meet[m]; !t.out() {
			sum += t.value
		}
	}
	return sum
}

// bestLeast is more than any smallest party value can be, unless it is that of a
// party that has all it can get.
func (r *run) bestLeast() int64 {
	best := int64(math.MaxInt64)
	for x := range r.in.party {
		if len(r.in.party[x].talks) == 0 {
			continue
		}
		sum := int64(0)
		for _, m := range r.in.party[x].talks {
			if !r.in.meet[m].out() {
				sum += r.in.meet[m].value
			}
		}
		best = min(best, sum)
	}
	return best
}

// binding names the limits on which most of the value bound rests.
func (r *relaxation) binding() *Limit {
	in := r.in
	limits := []*Limit{{Kind: LimitTables}, {Kind: LimitParties}, {Kind: LimitCalendars}, {Kind: LimitResources}}
	type priced struct {
		id    string
		price float64
	}
	lists := make([][]priced, len(limits))
	total := 0.0
	note := func(kind int, id string, price float64, units int) {
		if price > 0 && units > 0 {
			limits[kind].Share += price * float64(units)
			total += price * float64(units)
			lists[kind] = append(lists[kind], priced{id, price / scale})
		}
	}
	for s, price := range r.at.room {
		note(0, in.problem.Slots[s].ID, price, in.room[s])
	}
	for x, price := range r.at.party {
		note(1, in.party[x].id, price, r.most[x])
	}
	for i, price := range r.at.time {
		note(2, in.party[i/in.slots].id, price, in.party[i/in.slots].capacity[i%in.slots])
	}
	for i, price := range r.at.supply {
		note(3, in.problem.Resources[i/in.slots].ID, price, in.supply[i/in.slots][i%in.slots])
	}
	best := slices.MaxFunc([]int{0, 1, 2, 3}, func(a, b int) int {
		return int(math.Copysign(1, limits[a].Share-limits[b].Share))
	})
	if len(lists[best]) == 0 {
		return nil
	}
	limit := limits[best]
	limit.Share /= total
	slices.SortStableFunc(lists[best], func(a, b priced) int {
		switch {
		case a.price > b.price:
			return -1
		case a.price < b.price:
			return 1
		}
		return 0
	})
	limit.Price = lists[best][0].price
	for _, l := range lists[best] {
		if len(limit.IDs) < 10 && !slices.Contains(limit.IDs, l.id) {
			limit.IDs = append(limit.IDs, l.id)
		}
	}
	return limit
}
