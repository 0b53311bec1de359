package agenda

import (
	"math"
	"slices"
)

// scale turns values into whole numbers, so that sums and proofs are exact.
const scale = 1_000_000

// instance is a valid problem in the form that the algorithms work on: ids are
// indexes, wishes are meetings, availabilities are sets of slots. It does not
// change once it is compiled.
type instance struct {
	slots, words int
	room         []int // per slot: meetings that open tables and halls hold
	begun        mask  // slots in which nothing is new
	party        []person
	meet         []talk
	supply       [][]int // per resource and slot: units
	goals        []Goal
	spread       int // −1 for no bound

	problem *Problem
	seating seating
}

// person is a party.
type person struct {
	id       string
	capacity []int // per slot: meetings it can have at that time
	min      int
	limit    int // its maximum, or what stands where that is more; −1 for none
	most     int // bounded by limit and its time
	capped   bool
	newcomer bool
	talks    []int // indexes of its meetings that are not never
}

// talk is a meeting.
type talk struct {
	id      string
	parties []int
	allowed mask // slots that suit every party and the meeting's own conditions
	choices []int
	value   int64
	must    bool
	stands  bool     // in a slot that has begun, whatever rules came since
	never   []string // parties that said never; the meeting is then out, unless it is a must
	after   []int
	before  []int // those that name it in after
	supply  []int
	source  *Meeting
	musts   []string // conditions behind must, for conflicts: "" for the meeting itself, else the party whose wish it is
}

// out tells whether the meeting can never be planned.
func (t *talk) out() bool { return len(t.never) > 0 || len(t.choices) == 0 }

// compile turns a valid problem into an instance.
func compile(p *Problem) *instance {
	in := &instance{slots: len(p.Slots), words: words(len(p.Slots)), spread: -1, problem: p}
	if p.MaxBreakSpread != nil {
		in.spread = *p.MaxBreakSpread
	}
	in.goals = slices.Clone(p.Objective)
	if len(in.goals) == 0 {
		in.goals = DefaultObjective()
	}
	slot := make(map[string]int, len(p.Slots))
	for i := range p.Slots {
		slot[p.Slots[i].ID] = i
	}
	in.seating = newSeating(p, slot)
	in.people(slot)
	in.supplies(slot)
	in.stand(slot)
	in.room = in.seating.rooms()
	in.bounds()
	in.talks(slot)
	return in
}

func (in *instance) newMask() mask { return make(mask, in.words) }

func (in *instance) people(slot map[string]int) {
	in.party = make([]person, len(in.problem.Parties))
	for i := range in.party {
		source := &in.problem.Parties[i]
		x := &in.party[i]
		*x = person{id: source.ID, min: source.Min, newcomer: source.Newcomer, capacity: make([]int, in.slots)}
		for s := range x.capacity {
			x.capacity[s] = len(source.Delegates)
			if len(source.Delegates) == 0 {
				x.capacity[s] = 1
			}
		}
		for d := range source.Delegates {
			for _, id := range source.Delegates[d].Unavailable {
				x.capacity[slot[id]]--
			}
		}
		for _, id := range source.Unavailable {
			x.capacity[slot[id]] = 0
		}
		for s := range x.capacity {
			if source.Calendar == Share {
				x.capacity[s] = min(x.capacity[s], 1)
			}
		}
		if x.limit = -1; source.Max != nil {
			x.limit = *source.Max
		}
	}
}

// bounds says how many meetings each party takes at most.
func (in *instance) bounds() {
	for i := range in.party {
		x := &in.party[i]
		x.most, x.capped = 0, false
		for _, n := range x.capacity {
			x.most += n
		}
		if x.limit >= 0 && x.limit <= x.most {
			x.most, x.capped = x.limit, true
		}
	}
}

func (in *instance) supplies(slot map[string]int) {
	in.supply = make([][]int, len(in.problem.Resources))
	for i := range in.supply {
		source := &in.problem.Resources[i]
		in.supply[i] = slices.Repeat([]int{source.Capacity}, in.slots)
		for _, id := range source.Unavailable {
			in.supply[i][slot[id]] = 0
		}
	}
}

// talks compiles meetings and wishes.
func (in *instance) talks(slot map[string]int) {
	wanted := unite(in.problem)
	party, index, supply := make(map[string]int, len(in.party)), make(map[string]int, len(wanted)), map[string]int{}
	for i := range in.party {
		party[in.party[i].id] = i
	}
	for i := range in.problem.Resources {
		supply[in.problem.Resources[i].ID] = i
	}
	for i := range wanted {
		index[wanted[i].source.ID] = i
	}
	in.meet = make([]talk, len(wanted))
	open := in.openings()
	for i := range wanted {
		w := &wanted[i]
		t := &in.meet[i]
		*t = talk{
			id: w.source.ID, value: int64(math.Round(w.source.Value * scale)), source: w.source,
			must: len(w.musts) > 0, musts: w.musts, never: w.never,
		}
		for _, id := range w.source.Parties {
			t.parties = append(t.parties, party[id])
		}
		for _, id := range w.source.After {
			t.after = append(t.after, index[id])
		}
		for _, id := range w.source.Resources {
			t.supply = append(t.supply, supply[id])
		}
		if s, stands := in.standsAt(t.source, slot); stands {
			t.stands, t.never, t.after, t.allowed = true, nil, nil, in.newMask()
			t.allowed.set(s)
		} else {
			t.allowed = in.suits(t, slot, open)
			t.allowed.drop(in.begun)
		}
		t.choices = t.allowed.list()
	}
	for i := range in.meet {
		for _, k := range in.meet[i].after {
			in.meet[k].before = append(in.meet[k].before, i)
		}
		if len(in.meet[i].never) > 0 {
			continue
		}
		for _, x := range in.meet[i].parties {
			in.party[x].talks = append(in.party[x].talks, i)
		}
	}
}

// openings are the slots in which there is a table at all, and those of each party
// and resource.
type openings struct {
	room          mask
	party, supply []mask
}

func (in *instance) openings() openings {
	open := func(units []int) mask {
		m := in.newMask()
		for s, n := range units {
			if n > 0 {
				m.set(s)
			}
		}
		return m
	}
	o := openings{room: open(in.room), party: make([]mask, len(in.party)), supply: make([]mask, len(in.supply))}
	for x := range in.party {
		o.party[x] = open(in.party[x].capacity)
	}
	for r := range in.supply {
		o.supply[r] = open(in.supply[r])
	}
	return o
}

// suits returns the slots in which the meeting could take place if nothing else did.
func (in *instance) suits(t *talk, slot map[string]int, open openings) mask {
	m := slices.Clone(open.room)
	for _, x := range t.parties {
		m.keep(open.party[x])
	}
	for _, r := range t.supply {
		m.keep(open.supply[r])
	}
	if t.source.free() {
		return m
	}
	for s := range in.slots {
		if m.has(s) && !in.ownRules(t, s, slot) {
			m.clear(s)
		}
	}
	return m
}

// free tells whether the meeting has no rule of its own about slots.
func (m *Meeting) free() bool {
	return m.Block == "" && m.Minutes == 0 && m.Fixed == "" && m.Locked == nil
}

func (in *instance) everybodyThere(t *talk, s int) bool {
	for _, x := range t.parties {
		if in.party[x].capacity[s] == 0 {
			return false
		}
	}
	return true
}

// lacking is a resource of the meeting that there is none of at s, −1 for none.
func (in *instance) lacking(t *talk, s int) int {
	for _, k := range t.supply {
		if in.supply[k][s] == 0 {
			return k
		}
	}
	return -1
}

// ownRules holds the slot against block, length, fixed and locked.
func (in *instance) ownRules(t *talk, s int, slot map[string]int) bool {
	m := t.source
	switch {
	case m.Block != "" && in.problem.Slots[s].Block != m.Block:
		return false
	case m.Minutes > 0 && in.problem.Slots[s].Start != nil && in.problem.Slots[s].minutes() < m.Minutes:
		return false
	case m.Fixed != "" && slot[m.Fixed] != s:
		return false
	case m.Locked != nil:
		return slot[m.Locked.Slot] == s && in.seating.opened(m.Locked.Table, s)
	}
	return true
}

// counts tells whether the goal is part of the objective.
func (in *instance) counts(g Goal) bool { return slices.Contains(in.goals, g) }

// without is the instance where the goal does not count.
func (in *instance) without(g Goal) *instance {
	other := *in
	other.goals = slices.DeleteFunc(slices.Clone(in.goals), func(o Goal) bool { return o == g })
	return &other
}

// minimum is the party's minimum where minimums count, else 0.
func (in *instance) minimum(x int) int {
	if !in.counts(Minimums) {
		return 0
	}
	return in.party[x].min
}
