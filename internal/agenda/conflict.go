package agenda

import (
	"slices"

	"jinghe/internal/agenda/sat"
)

// largestCase is meeting-slots of a set of meetings worth a search for a
// contradiction.
const largestCase = 60_000

// mostConflicts is how many contradictions are told of.
const mostConflicts = 20

// What a run whose time is over still spends on contradictions: some milliseconds, for
// who waits for a plan that cannot keep everything waits for the reason.
const (
	hastyCase = 3_000  // meeting-slots of a set of meetings
	hastyWork = 40_000 // of the solver of clauses
)

// conflicts looks for sets of conditions that contradict each other, in the smallest
// circle first: the meetings of a party that lacks some, then everything that
// has to be. A must or a minimum that is in one of them is left out of the search for the
// others: each is there whatever becomes of the musts and minimums before it. Those after
// the first share one budget. A run that has been stopped looks for those that are soon
// found.
func (r *run) conflicts() (list []Contradiction) {
	told := map[Condition]bool{}
	each := r.effort * proofPerEffort / 8
	left := 2 * each
	for _, about := range r.cases() {
		if len(list) >= mostConflicts || left <= 0 {
			break
		}
		if told[about.because] {
			continue
		}
		largest, work, stop := largestCase, each, r.stop
		if r.stop() {
			largest, work, stop = hastyCase, min(each, hastyWork), nil
		}
		d := newDispute(r.in, about, largest)
		for d != nil && len(list) < mostConflicts && left > 0 {
			before := d.Work()
			set, minimal := d.smallest(min(work, left), stop, told)
			if len(list) > 0 {
				left -= d.Work() - before
			}
			if len(set) == 0 {
				break
			}
			list = append(list, Contradiction{set, minimal})
			for _, c := range set {
				told[c] = c.Kind == RuleMust || c.Kind == RuleMinimum
			}
		}
	}
	return list
}

// quarrel is what a contradiction is looked for in.
type quarrel struct {
	meetings []int     // that can be planned
	minimums []int     // parties whose minimum is asked for
	because  Condition // what is not kept, the zero Condition where it is everything
}

// cases lists quarrels, narrow ones first.
func (r *run) cases() []quarrel {
	var list []quarrel
	in, w := r.in, r.w
	for x := range in.party {
		if w.number[x] < in.minimum(x) && len(list) < 50 {
			list = append(list, quarrel{in.concerning([]int{x}, false), []int{x}, in.party[x].minimum()})
		}
	}
	for m := range in.meet {
		if in.meet[m].must && w.slot[m] == nowhere && len(list) < 100 {
			list = append(list, quarrel{append(in.concerning(in.meet[m].parties, true), m), nil, in.meet[m].mustBe()})
		}
	}
	var all quarrel
	for x := range in.party {
		if in.minimum(x) > 0 {
			all.minimums = append(all.minimums, x)
		}
	}
	for m := range in.meet {
		wanted := slices.ContainsFunc(in.meet[m].parties, func(x int) bool { return in.minimum(x) > 0 })
		if in.meet[m].must || wanted {
			all.meetings = append(all.meetings, m)
		}
	}
	return append(list, all)
}

// concerning lists the meetings of the parties: of all kinds, or only musts.
func (in *instance) concerning(parties []int, musts bool) []int {
	var list []int
	for m := range in.meet {
		if musts && !in.meet[m].must {
			continue
		}
		if slices.ContainsFunc(in.meet[m].parties, func(x int) bool { return slices.Contains(parties, x) }) {
			list = append(list, m)
		}
	}
	return list
}

// dispute is a formula in which every condition can be switched off.
type dispute struct {
	in *instance
	sat.Solver
	at      map[int][]sat.Lit // per meeting, beside all slots
	planned map[int]sat.Lit
	rules   []Condition
	guards  []sat.Lit // the condition holds where its guard is true
	about   quarrel
	guarded map[Condition]sat.Lit
}

// newDispute states the conditions of a quarrel; nil if it has more than the largest
// number of meeting-slots.
func newDispute(in *instance, about quarrel, largest int) *dispute {
	about.meetings = in.withPredecessors(about.meetings)
	if len(about.meetings)*in.slots > largest {
		return nil
	}
	d := &dispute{in: in, at: map[int][]sat.Lit{}, planned: map[int]sat.Lit{}, about: about, guarded: map[Condition]sat.Lit{}}
	for _, m := range about.meetings {
		d.meeting(m)
	}
	for _, m := range about.meetings {
		d.conditions(m)
	}
	d.parties()
	for s := range in.slots {
		d.limited(Condition{Kind: RuleTables, Slot: in.problem.Slots[s].ID, Count: in.room[s]}, in.room[s], d.holding(s, func(int) bool { return true }))
		for k := range in.supply {
			d.limited(Condition{Kind: RuleResource, Resource: in.problem.Resources[k].ID, Count: in.problem.Resources[k].Capacity},
				in.supply[k][s], d.holding(s, func(m int) bool { return uses(&in.meet[m], k) }))
		}
	}
	return d
}

// mustBe is the condition that a meeting takes place.
func (t *talk) mustBe() Condition { return Condition{Kind: RuleMust, Meeting: t.id} }

// minimum is the condition that a party has as many meetings as it needs.
func (p *person) minimum() Condition {
	return Condition{Kind: RuleMinimum, Party: p.id, Count: p.min}
}

// withPredecessors adds what has to come before, and sorts.
func (in *instance) withPredecessors(meetings []int) []int {
	all := slices.Clone(meetings)
	for i := 0; i < len(all); i++ {
		for _, k := range in.meet[all[i]].after {
			if !slices.Contains(all, k) {
				all = append(all, k)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// guard is the switch of a condition.
func (d *dispute) guard(c Condition) sat.Lit {
	if l, known := d.guarded[c]; known {
		return l
	}
	l := d.NewLit()
	d.guarded[c] = l
	d.rules = append(d.rules, c)
	d.guards = append(d.guards, l)
	return l
}

// meeting: planned is in exactly one slot, of all there are.
func (d *dispute) meeting(m int) {
	d.planned[m] = d.NewLit()
	clause := []sat.Lit{d.planned[m].Not()}
	for s := range d.in.slots {
		l := d.NewLit()
		d.at[m] = append(d.at[m], l)
		d.Add(l.Not(), d.planned[m])
		if d.in.begun.has(s) && !d.in.meet[m].allowed.has(s) {
			d.Add(l.Not())
		}
		clause = append(clause, l)
	}
	d.Add(clause...)
	d.AtMost(1, d.at[m]...)
}

// conditions of one meeting, each under its guard.
func (d *dispute) conditions(m int) {
	t := &d.in.meet[m]
	if t.stands { // a fact, and no condition that could be dropped
		d.Add(d.at[m][t.choices[0]])
		return
	}
	if t.must {
		d.Add(d.guard(t.mustBe()).Not(), d.planned[m])
	}
	for _, party := range t.never {
		d.Add(d.guard(Condition{Kind: RuleNever, Meeting: t.id, Party: party}).Not(), d.planned[m].Not())
	}
	if len(d.in.problem.Begun) > 0 && slices.ContainsFunc(t.parties, func(x int) bool { return d.in.noneAhead(d.in.party[x].capacity) }) {
		d.Add(d.planned[m].Not()) // who left does not come back for a condition less
		return
	}
	for s := range d.in.slots {
		for _, c := range d.against(m, s) {
			d.Add(d.guard(c).Not(), d.at[m][s].Not())
		}
		if l := t.source.Locked; l != nil && l.Slot == d.in.problem.Slots[s].ID && !d.in.seating.opened(l.Table, s) {
			d.Add(d.guard(Condition{Kind: RuleLocked, Meeting: t.id, Slot: l.Slot}).Not(),
				d.guard(Condition{Kind: RuleTables, Slot: l.Slot, Count: d.in.room[s]}).Not(), d.at[m][s].Not())
		}
	}
	d.precedence(m)
}

// against lists the conditions that each alone keep m from slot s.
func (d *dispute) against(m, s int) (list []Condition) {
	t, slot := &d.in.meet[m], &d.in.problem.Slots[s]
	src := t.source
	if src.Block != "" && slot.Block != src.Block {
		list = append(list, Condition{Kind: RuleBlock, Meeting: t.id})
	}
	if src.Minutes > 0 && slot.Start != nil && slot.minutes() < src.Minutes {
		list = append(list, Condition{Kind: RuleMinutes, Meeting: t.id, Count: src.Minutes})
	}
	if src.Fixed != "" && src.Fixed != slot.ID {
		list = append(list, Condition{Kind: RuleFixed, Meeting: t.id, Slot: src.Fixed})
	}
	if src.Locked != nil && src.Locked.Slot != slot.ID {
		list = append(list, Condition{Kind: RuleLocked, Meeting: t.id, Slot: src.Locked.Slot})
	}
	for _, x := range t.parties {
		if d.in.party[x].capacity[s] == 0 {
			list = append(list, Condition{Kind: RuleUnavailable, Party: d.in.party[x].id})
		}
	}
	return list
}

func (d *dispute) precedence(m int) {
	t := &d.in.meet[m]
	for _, k := range t.after {
		g := d.guard(Condition{Kind: RuleAfter, Meeting: t.id}).Not()
		for s := range d.in.slots {
			d.Add(append([]sat.Lit{g, d.at[m][s].Not()}, d.at[k][:s]...)...)
		}
	}
}

// parties: maximums, minimums, and so many meetings at one time.
func (d *dispute) parties() {
	of := map[int][]int{}
	var parties []int
	for _, m := range d.about.meetings {
		for _, x := range d.in.meet[m].parties {
			if of[x] == nil {
				parties = append(parties, x)
			}
			of[x] = append(of[x], m)
		}
	}
	slices.Sort(parties)
	for _, x := range parties {
		p := &d.in.party[x]
		var lits []sat.Lit
		for _, m := range of[x] {
			lits = append(lits, d.planned[m])
		}
		if p.limit >= 0 {
			d.limited(Condition{Kind: RuleMaximum, Party: p.id, Count: p.limit}, p.limit, lits)
		}
		for s := range d.in.slots {
			d.limited(Condition{Kind: RuleOneAtATime, Party: p.id}, max(1, p.capacity[s]),
				d.holding(s, func(m int) bool { return slices.Contains(d.in.meet[m].parties, x) }))
		}
	}
	for _, x := range d.about.minimums {
		c := d.in.party[x].minimum()
		var lits []sat.Lit
		for _, m := range of[x] {
			lits = append(lits, d.planned[m].Not())
		}
		d.limited(c, len(lits)-d.in.party[x].min, lits)
	}
}

func (d *dispute) holding(s int, pass func(m int) bool) []sat.Lit {
	var lits []sat.Lit
	for _, m := range d.about.meetings {
		if pass(m) {
			lits = append(lits, d.at[m][s])
		}
	}
	return lits
}

// limited allows at most so many of the literals while the condition holds.
func (d *dispute) limited(c Condition, most int, lits []sat.Lit) {
	if most >= len(lits) {
		return
	}
	g := d.guard(c)
	if most < 0 {
		d.Add(g.Not())
		return
	}
	copies := make([]sat.Lit, len(lits))
	for i, l := range lits {
		copies[i] = d.NewLit()
		d.Add(g.Not(), l.Not(), copies[i])
	}
	d.AtMost(most, copies...)
}

// smallest finds a contradiction without the conditions that are told of already, and
// drops from it what is not needed. minimal tells that every condition of it is needed.
func (d *dispute) smallest(work int, stop func() bool, told map[Condition]bool) (set []Condition, minimal bool) {
	budget := sat.Budget{Work: work, Stop: stop}
	var hold []sat.Lit
	for i, l := range d.guards {
		if !told[d.rules[i]] {
			hold = append(hold, l)
		}
	}
	if d.Solve(budget, hold...) != sat.Unsatisfiable {
		return nil, false
	}
	core := slices.Clone(d.Core())
	minimal = true
	for i := 0; i < len(core); {
		rest := slices.Delete(slices.Clone(core), i, i+1)
		switch d.Solve(budget, rest...) {
		case sat.Unsatisfiable:
			core = slices.DeleteFunc(core, func(l sat.Lit) bool { return !slices.Contains(d.Core(), l) })
		case sat.Unknown:
			minimal = false
			i++
		default:
			i++
		}
	}
	for i, l := range d.guards {
		if slices.Contains(core, l) {
			set = append(set, d.rules[i])
		}
	}
	return set, minimal
}
