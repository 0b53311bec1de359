package agenda

import (
	"context"
	"fmt"
	"slices"

	"jinghe/internal/scene"
)

// Repaired is a published plan after changes.
type Repaired struct {
	Plan    Plan    `json:"plan"`
	Problem Problem `json:"problem"` // with the changes in it, for the next repair
	Changed []Moved `json:"changed"` // every meeting that is not as it was published
	// Offers are meetings left out so far that fit as the plan now stands, the most
	// valuable first: all of them, or any, could be added without moving anything.
	Offers []Seat `json:"offers"`
}

// Moved is a meeting that is not as it was published.
type Moved struct {
	ID   string      `json:"id"`
	From *Place      `json:"from,omitempty"` // absent where it is new
	To   *Place      `json:"to,omitempty"`   // absent where it is dropped
	Why  MovedReason `json:"why"`
	// Resource is what there is too little of, for [MovedResource].
	Resource string `json:"resource,omitempty"`
	// For is the meeting that this one makes way for.
	For string `json:"for,omitempty"`
}

// MovedReason is why a published meeting changed.
type MovedReason string

// The reasons.
const (
	MovedAbsent    MovedReason = "absent"    // a party is not there
	MovedClosed    MovedReason = "closed"    // its table cannot be used
	MovedCancelled MovedReason = "cancelled" // it does not take place
	MovedAfter     MovedReason = "after"     // a meeting that must precede it moved or was dropped
	MovedForMust   MovedReason = "for_must"  // it makes way for one that has to take place
	MovedResource  MovedReason = "resource"  // too many meetings need a resource at that time
	MovedFull      MovedReason = "full"      // a party takes fewer meetings by now
)

// Repair brings a published plan into line with changes and keeps what it can:
// musts first, then as few changed meetings as possible, then value. Meetings
// that a change hits move to free places or are dropped; others move only for a
// must. What the changes make room for is offered, not added. The bound of its plan
// is on what was held with what can still be: a party that is gone, a table that is
// closed and a slot that is over count for nothing in it. Errors are
// [scene.Invalid], for an invalid problem, a plan that is not of this problem or
// a change of unknown ids.
func Repair(ctx context.Context, p *Problem, published *Plan, changes []Change, options Options) (*Repaired, error) {
	if err := p.Validate(); err != nil {
		return nil, scene.Wrap("agenda.Repair", err)
	}
	next, over, begun, err := p.changed(changes)
	if err != nil {
		return nil, scene.Wrap("agenda.Repair", err)
	}
	in := compile(next)
	r := &repair{run: newRun(ctx, in, options), over: over, begun: begun, was: map[int]Place{}, why: map[int]Moved{}}
	out := &Repaired{Problem: *next, Changed: []Moved{}}
	if err := r.load(published, out, changes, p); err != nil {
		return nil, scene.Wrap("agenda.Repair", err)
	}
	r.onlyAhead()
	r.displace()
	r.place()
	out.Plan = *r.plan()
	r.tellChanges(out)
	r.offer(out)
	return out, nil
}

// repair is one call of Repair.
type repair struct {
	*run
	*floor
	over      mask
	begun     mask          // these too hold nothing that they did not hold before
	was       map[int]Place // as published
	why       map[int]Moved
	displaced []int
	order     []int // in which meetings are looked at: first those whose delegate is away
}

// load puts the published meetings into the state, whether they still fit or not.
func (r *repair) load(published *Plan, out *Repaired, changes []Change, p *Problem) error {
	index, slot := map[string]int{}, map[string]int{}
	for m := range r.in.meet {
		index[r.in.meet[m].id] = m
	}
	for s := range p.Slots {
		slot[p.Slots[s].ID] = s
	}
	gone := map[string]bool{}
	for _, c := range changes {
		if c.Kind == ChangeCancelled {
			gone[c.Meeting] = true
		}
	}
	r.floor = newFloor(r.w.state)
	for i := range published.Meetings {
		seat := published.Meetings[i]
		place := Place{Slot: seat.Slot, Table: seat.Table}
		m, known := index[seat.ID]
		s, isSlot := slot[seat.Slot]
		t, isTable := r.in.seating.index[seat.Table]
		switch {
		case gone[seat.ID]:
			out.Changed = append(out.Changed, Moved{ID: seat.ID, From: &place, Why: MovedCancelled})
			continue
		case !known || !isSlot || !isTable || r.w.slot[m] != nowhere:
			return &scene.Error{
				Code: scene.Invalid, Key: "agenda.plan_of_other", Args: map[string]any{"id": seat.ID, "slot": seat.Slot, "table": seat.Table},
				Fields: []scene.FieldError{{Field: fmt.Sprintf("meetings[%d]", i), Key: "agenda.broken_unknown", Args: map[string]any{"id": seat.ID, "slot": seat.Slot, "table": seat.Table}}},
			}
		}
		r.was[m] = place
		r.seat(m, s, t)
	}
	r.order = r.in.lackingFirst(published, index)
	return nil
}

// lackingFirst are all meetings, at first those of which a delegate who was to take them
// is away by now.
func (in *instance) lackingFirst(published *Plan, index map[string]int) []int {
	away := map[string][]string{}
	for i := range in.problem.Parties {
		for _, d := range in.problem.Parties[i].Delegates {
			if len(d.Unavailable) > 0 {
				away[d.ID] = d.Unavailable
			}
		}
	}
	lacks := make([]bool, len(in.meet))
	var first, rest []int
	for i := range published.Meetings {
		seat := &published.Meetings[i]
		for _, who := range seat.Delegates {
			if m, known := index[seat.ID]; known && !lacks[m] && slices.Contains(away[who], seat.Slot) {
				lacks[m] = true
				first = append(first, m)
			}
		}
	}
	for m := range in.meet {
		if !lacks[m] {
			rest = append(rest, m)
		}
	}
	return append(first, rest...)
}

// displace takes out what cannot stay where it is: of the meetings of a party that
// lacks a delegate first those that he was to take.
func (r *repair) displace() {
	r.dislodge()
	r.ration()
	r.dislodge() // what had to come after those
}

// dislodge takes out what cannot stay for itself.
func (r *repair) dislodge() {
	in, w := r.in, r.w
	for again := true; again; {
		again = false
		for _, m := range r.order {
			s := w.slot[m]
			t, why := &in.meet[m], Moved{}
			if s == nowhere || r.over.has(s) || t.stands {
				continue
			}
			switch k := in.lacking(t, s); {
			case !in.everybodyThere(t, s) || !w.withinCalendars(m, s):
				why.Why = MovedAbsent
			case k >= 0:
				why.Why, why.Resource = MovedResource, in.problem.Resources[k].ID
			case !in.seating.opened(in.seating.id[r.table[m]], s):
				why.Why = MovedClosed
			case !w.precededBy(m, s):
				why.Why = MovedAfter
			}
			if why.Why != "" {
				r.dislodged(m, why)
				again = true
			}
		}
	}
}

func (r *repair) dislodged(m int, why Moved) {
	r.takeOut(m)
	r.why[m] = why
	r.displaced = append(r.displaced, m)
}

// ration takes out as many meetings as there is too little for: of those that need a
// resource in one slot, and of those of a party that takes fewer.
func (r *repair) ration() {
	for s := range r.in.slots {
		for k := range r.in.supply {
			for !r.over.has(s) && r.w.units[k][s] < 0 {
				m := r.spared(r.w.using(k, s))
				if m == nowhere {
					break
				}
				r.dislodged(m, Moved{Why: MovedResource, Resource: r.in.problem.Resources[k].ID})
			}
		}
	}
	for x := range r.in.party {
		p := &r.in.party[x]
		for p.limit >= 0 && r.w.number[x] > p.limit {
			m := r.spared(slices.DeleteFunc(slices.Clone(p.talks), func(m int) bool { return r.w.slot[m] == nowhere }))
			if m == nowhere {
				break
			}
			r.dislodged(m, Moved{Why: MovedFull})
		}
	}
}

// spared is which of the meetings is taken out with the least harm: one that is no must,
// that has another place, that is worth least; nowhere where all of them have to stay.
func (r *repair) spared(list []int) int {
	best, least := nowhere, [3]int64{}
	for _, m := range list {
		if r.stays(m, false) {
			continue
		}
		harm := [3]int64{0, 1, r.in.meet[m].value}
		if r.in.meet[m].must {
			harm[0] = 1
		}
		if r.hasPlace(m) {
			harm[1] = 0
		}
		if best == nowhere || slices.Compare(harm[:], least[:]) < 0 {
			best, least = m, harm
		}
	}
	return best
}

// hasPlace tells whether a planned meeting finds a place in another slot.
func (r *repair) hasPlace(m int) bool {
	was := r.origin(m)
	r.takeOut(m)
	there := slices.ContainsFunc(r.in.meet[m].choices, func(s int) bool {
		return s != was.slot && !r.over.has(s) && !r.begun.has(s) && r.w.fits(m, s) && r.freeTable(m, s) >= 0
	})
	r.putBack([]origin{was})
	return there
}

// withinCalendars tells whether no party of m has more meetings at s than it can.
func (st *state) withinCalendars(m, s int) bool {
	for _, x := range st.in.meet[m].parties {
		if st.held[x*st.in.slots+s] > st.in.party[x].capacity[s] {
			return false
		}
	}
	return true
}

// precededBy tells whether the meetings that come before m do.
func (st *state) precededBy(m, s int) bool {
	for _, k := range st.in.meet[m].after {
		if st.slot[k] == nowhere || st.slot[k] >= s {
			return false
		}
	}
	return true
}

// place finds new places for the displaced: musts first, then by falling value.
func (r *repair) place() {
	slices.SortStableFunc(r.displaced, func(a, b int) int {
		ta, tb := &r.in.meet[a], &r.in.meet[b]
		switch {
		case ta.must != tb.must && ta.must, ta.must == tb.must && ta.value > tb.value:
			return -1
		case ta.must == tb.must && ta.value == tb.value:
			return 0
		}
		return 1
	})
	for range 2 { // again, for those that wait for others
		for _, m := range r.displaced {
			if r.w.slot[m] == nowhere && !r.in.meet[m].out() && !r.settle(m) && r.in.meet[m].must {
				r.clearFor(m)
			}
		}
	}
}

// settle puts m at a free place: its old slot, else the first that fits.
func (r *repair) settle(m int) bool {
	choices := r.in.meet[m].choices
	old := slices.IndexFunc(choices, func(s int) bool { return r.in.problem.Slots[s].ID == r.was[m].Slot })
	for i := range choices {
		s := choices[(i+max(old, 0))%len(choices)]
		if r.over.has(s) || !r.w.fits(m, s) {
			continue
		}
		if t := r.freeTable(m, s); t >= 0 {
			r.seat(m, s, t)
			return true
		}
	}
	return false
}

// clearFor makes way for a must by moving or, where that fails, dropping the
// fewest others: ever more are tried.
func (r *repair) clearFor(m int) {
	for most := 1; most <= len(r.in.meet[m].parties)+1; most++ {
		for _, drop := range []bool{false, true} {
			for _, s := range r.in.meet[m].choices {
				if !r.over.has(s) && r.clearAt(m, s, most, drop) {
					return
				}
			}
		}
	}
}

// clearAt tries to bring m to s by taking out at most so many others, which find
// other places or, with drop, none.
func (r *repair) clearAt(m, s, most int, drop bool) bool {
	block := r.inTheWay(m, s)
	if len(block) == 0 || len(block) > most {
		return false
	}
	if slices.ContainsFunc(block, func(other int) bool { return r.stays(other, drop) }) {
		return false
	}
	moved := make([]origin, 0, len(block))
	for _, other := range block {
		moved = append(moved, r.origin(other))
		r.takeOut(other)
	}
	table := r.freeTable(m, s)
	if table < 0 || !r.w.fits(m, s) {
		r.putBack(moved)
		return false
	}
	r.seat(m, s, table)
	for _, o := range moved {
		if !r.settle(o.meeting) && (!drop || !r.w.ordered(o.meeting, nowhere)) {
			r.takeOut(m)
			r.putBack(moved)
			return false
		}
	}
	for _, o := range moved {
		r.why[o.meeting] = Moved{Why: MovedForMust, For: r.in.meet[m].id}
	}
	return true
}

// stays tells whether a meeting may not be moved, or dropped, for another.
func (r *repair) stays(m int, drop bool) bool {
	t := &r.in.meet[m]
	return t.source.Locked != nil || t.must && drop || r.over.has(r.w.slot[m]) || r.begun.has(r.w.slot[m])
}

// inTheWay lists the meetings that keep m from s: those of its parties there,
// the cheapest of parties that are full, the cheapest there if tables are.
func (r *repair) inTheWay(m, s int) []int {
	var list []int
	add := func(other int) {
		if other >= 0 && !slices.Contains(list, other) {
			list = append(list, other)
		}
	}
	for _, x := range r.in.meet[m].parties {
		if r.w.held[x*r.in.slots+s] >= r.in.party[x].capacity[s] {
			add(r.w.otherOf(x, s, m))
		}
	}
	for _, x := range r.in.meet[m].parties {
		if r.w.number[x] >= r.in.party[x].most {
			add(r.w.cheapest(r.in.party[x].talks, m))
		}
	}
	for _, k := range r.in.meet[m].supply {
		if len(list) == 0 && r.w.units[k][s] <= 0 {
			add(r.w.cheapest(r.w.using(k, s), m))
		}
	}
	if len(list) == 0 && r.w.spare[s] <= 0 {
		add(r.w.cheapest(r.w.here[s], m))
	}
	return list
}

// plan describes the state with the tables that it keeps.
func (r *repair) plan() *Plan {
	a := newArrangement(r.in, r.w.slot)
	copy(a.table, r.table)
	r.weigh()
	plan := seated(r.in, r.w.state, r.table, a.changes())
	plan.Effort, plan.StoppedBy = r.effort, r.stopped(false)
	plan.bounded(r.valueBound, r.w.value)
	plan.ShortfallLowerBound = min(r.relax.lacking, plan.Shortfall)
	plan.Unplanned = r.leftBehind()
	return plan
}

// tellChanges lists what is not as published, in the order of the meetings.
func (r *repair) tellChanges(out *Repaired) {
	for m := range r.in.meet {
		was, published := r.was[m]
		if !published {
			continue
		}
		moved := r.why[m]
		moved.ID, moved.From = r.in.meet[m].id, &was
		if s := r.w.slot[m]; s != nowhere {
			moved.To = &Place{Slot: r.in.problem.Slots[s].ID, Table: r.in.seating.id[r.table[m]]}
			if *moved.To == was {
				continue
			}
		}
		out.Changed = append(out.Changed, moved)
	}
}

// offer lists what fits now and was left out, the most valuable first.
func (r *repair) offer(out *Repaired) {
	out.Offers = []Seat{}
	for _, m := range r.in.sorted(r.leftOut(), func(m int) float64 { return float64(r.in.meet[m].value) }) {
		if len(out.Offers) == 20 {
			return
		}
		for _, s := range r.in.meet[m].choices {
			if r.over.has(s) || !r.w.fits(m, s) {
				continue
			}
			if t := r.freeTable(m, s); t >= 0 {
				r.seat(m, s, t) // none that follows is to take its place
				out.Offers = append(out.Offers, Seat{
					ID: r.in.meet[m].id, Slot: r.in.problem.Slots[s].ID, Table: r.in.seating.id[t], Parties: r.in.meet[m].source.Parties,
				})
				out.Plan.offered(r.in.meet[m].id)
				break
			}
		}
	}
}

// offered says of a meeting left out that there is a place for it.
func (p *Plan) offered(id string) {
	for i := range p.Unplanned {
		if u := &p.Unplanned[i]; u.ID == id {
			u.Reason, u.Detail = ReasonOffered, nil
		}
	}
}

// leftOut lists the meetings that were not published, are not planned, and whose
// parties can take one more.
func (r *repair) leftOut() []int {
	var list []int
	for m := range r.in.meet {
		if _, published := r.was[m]; !published && r.w.slot[m] == nowhere && !r.in.meet[m].out() && r.w.open(m) {
			list = append(list, m)
		}
	}
	return list
}
