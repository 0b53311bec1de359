package agenda

import (
	"math"
	"slices"
	"strconv"
	"time"

	"jinghe/internal/scene"
)

// Bounds of a problem.
const (
	MaxSlots    = 1_000
	MaxTables   = 5_000
	MaxParties  = 20_000
	MaxMeetings = 200_000 // meetings and wishes together
	MaxWishes   = 2_000   // of one party: more are a mistake of a program, not wishes
	MaxValue    = 1_000_000

	maxFindings = 50 // told at once
)

// spot is a place in the document. It is put into words only where something is
// wrong there, since there are many places.
type spot struct {
	list string
	at   int    // −1 for the list as a whole
	rest string // of the path
}

func whole(list string) spot         { return spot{list: list, at: -1} }
func entry(list string, at int) spot { return spot{list: list, at: at} }
func (s spot) of(rest string) spot   { return spot{s.list, s.at, s.rest + rest} }
func (s spot) String() string {
	if s.at < 0 {
		return s.list + s.rest
	}
	return s.list + "[" + strconv.Itoa(s.at) + "]" + s.rest
}

// validator collects what is wrong with a problem.
type validator struct {
	findings []scene.FieldError
	more     int // findings beyond those told
	slots    map[string]int
	tables   map[string]int
	halls    map[string]int
	parties  map[string]int
	meetings map[string]int
	supplies map[string]int
}

// Validate reports every way in which the document is not a problem that can be
// planned at all: unknown ids, doubles, negative figures, fixed meetings that
// contradict each other. The error is [scene.Invalid] and its fields say what
// and where. That a valid problem has no plan keeping every rule is for [Solve]
// to find.
func (p *Problem) Validate() error {
	v := &validator{}
	v.sizes(p)
	if len(v.findings) == 0 {
		v.index(p)
		v.places(p)
		v.people(p)
		v.wanted(p)
		v.known(whole("begun"), "slot", v.slots, p.Begun)
		v.goals(p)
	}
	if len(v.findings) == 0 {
		v.fixedTogether(p)
	}
	if len(v.findings) == 0 {
		return nil
	}
	return &scene.Error{
		Code: scene.Invalid, Key: "agenda.invalid", Args: map[string]any{"count": len(v.findings) + v.more},
		Fields: v.findings,
	}
}

// add notes a finding; args are pairs of name and value.
func (v *validator) add(field spot, key string, args ...any) {
	named := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		named[args[i].(string)] = args[i+1]
	}
	if len(v.findings) >= maxFindings && key != "too_many_wishes" {
		v.more++
		return
	}
	v.findings = append(v.findings, scene.FieldError{Field: field.String(), Key: "agenda." + key, Args: named})
}

func (v *validator) sizes(p *Problem) {
	for _, c := range []struct {
		field      string
		have, most int
	}{
		{"slots", len(p.Slots), MaxSlots},
		{"tables", len(p.Tables), MaxTables},
		{"halls", len(p.Halls), MaxTables},
		{"parties", len(p.Parties), MaxParties},
		{"resources", len(p.Resources), MaxParties},
		{"meetings", len(p.Meetings), MaxMeetings},
		{"wishes", len(p.Wishes), MaxMeetings - min(MaxMeetings, len(p.Meetings))},
	} {
		if c.have > c.most {
			v.add(whole(c.field), "too_many", "count", c.have, "most", c.most)
		}
	}
}

// index finds the position of every id and tells of doubles and empty ones.
func (v *validator) index(p *Problem) {
	v.slots = ids(v, "slots", p.Slots, func(s *Slot) string { return s.ID })
	v.tables = ids(v, "tables", p.Tables, func(t *Table) string { return t.ID })
	v.halls = ids(v, "halls", p.Halls, func(h *Hall) string { return h.ID })
	v.parties = ids(v, "parties", p.Parties, func(x *Party) string { return x.ID })
	v.meetings = ids(v, "meetings", p.Meetings, func(m *Meeting) string { return m.ID })
	v.supplies = ids(v, "resources", p.Resources, func(r *Resource) string { return r.ID })
}

func ids[T any](v *validator, field string, list []T, id func(*T) string) map[string]int {
	seen := make(map[string]int, len(list))
	for i := range list {
		name := id(&list[i])
		at := entry(field, i).of(".id")
		if first, double := seen[name]; double {
			v.add(at, "double", "id", name, "first", first)
		} else if name == "" {
			v.add(at, "no_id")
		}
		seen[name] = i
	}
	return seen
}

// known reports ids of the list that the index does not have, and doubles.
func (v *validator) known(field spot, kind string, index map[string]int, list []string) {
	for i, id := range list {
		if _, ok := index[id]; !ok {
			v.add(entry(field.String(), i), "unknown_"+kind, "id", id)
		} else if slices.Contains(list[:i], id) {
			v.add(entry(field.String(), i), "named_twice", "id", id)
		}
	}
}

// places checks slots, tables, halls and resources.
func (v *validator) places(p *Problem) {
	var end *time.Time
	for i := range p.Slots {
		s := &p.Slots[i]
		at := entry("slots", i)
		switch {
		case (s.Start == nil) != (s.End == nil):
			v.add(at, "half_time")
		case s.Start == nil:
		case !s.End.After(*s.Start):
			v.add(at.of(".end"), "ends_before_start", "id", s.ID)
		case end != nil && s.Start.Before(*end):
			v.add(at.of(".start"), "slots_overlap", "id", s.ID)
		}
		if s.End != nil {
			end = s.End
		}
	}
	for i := range p.Tables {
		t := &p.Tables[i]
		at := entry("tables", i)
		v.known(at.of(".unavailable"), "slot", v.slots, t.Unavailable)
		if _, ok := v.halls[t.Hall]; !ok && t.Hall != "" && len(p.Halls) > 0 {
			v.add(at.of(".hall"), "unknown_hall", "id", t.Hall)
		}
	}
	for i := range p.Halls {
		at := entry("halls", i)
		v.known(at.of(".unavailable"), "slot", v.slots, p.Halls[i].Unavailable)
		v.notNegative(at.of(".capacity"), p.Halls[i].Capacity)
	}
	for i := range p.Resources {
		at := entry("resources", i)
		v.known(at.of(".unavailable"), "slot", v.slots, p.Resources[i].Unavailable)
		v.notNegative(at.of(".capacity"), p.Resources[i].Capacity)
	}
}

func (v *validator) notNegative(field spot, value int) {
	if value < 0 {
		v.add(field, "negative", "value", value)
	}
}

// people checks the parties.
func (v *validator) people(p *Problem) {
	for i := range p.Parties {
		x := &p.Parties[i]
		at := entry("parties", i)
		v.known(at.of(".unavailable"), "slot", v.slots, x.Unavailable)
		v.notNegative(at.of(".min"), x.Min)
		if x.Max != nil {
			v.notNegative(at.of(".max"), *x.Max)
			if *x.Max >= 0 && x.Min > *x.Max {
				v.add(at.of(".min"), "min_above_max", "id", x.ID, "min", x.Min, "max", *x.Max)
			}
		}
		if x.Calendar != "" && x.Calendar != Split && x.Calendar != Share {
			v.add(at.of(".calendar"), "unknown_calendar", "value", x.Calendar)
		}
		if len(x.Delegates) == 0 {
			continue
		}
		delegates := at.of(".delegates").String()
		ids(v, delegates, x.Delegates, func(d *Delegate) string { return d.ID })
		for k := range x.Delegates {
			v.known(entry(delegates, k).of(".unavailable"), "slot", v.slots, x.Delegates[k].Unavailable)
		}
	}
	if p.MaxBreakSpread != nil {
		v.notNegative(whole("max_break_spread"), *p.MaxBreakSpread)
	}
}

// wanted checks meetings and wishes.
func (v *validator) wanted(p *Problem) {
	blocks := map[string]bool{"": true}
	for i := range p.Slots {
		blocks[p.Slots[i].Block] = true
	}
	for i := range p.Meetings {
		v.meeting(entry("meetings", i), &p.Meetings[i], blocks)
	}
	type side struct{ from, to string }
	said := make(map[side]int, len(p.Wishes))
	count := map[string]int{}
	for i := range p.Wishes {
		w := &p.Wishes[i]
		at := entry("wishes", i)
		v.known(at.of(".from"), "party", v.parties, []string{w.From})
		v.known(at.of(".to"), "party", v.parties, []string{w.To})
		if w.From == w.To {
			v.add(at.of(".to"), "wish_for_itself", "id", w.From)
		}
		if first, twice := said[side{w.From, w.To}]; twice {
			v.add(at, "wish_twice", "from", w.From, "to", w.To, "first", first)
		}
		said[side{w.From, w.To}] = i
		count[w.From]++
		if w.Kind != Must && w.Kind != Want && w.Kind != Never {
			v.add(at.of(".kind"), "unknown_kind", "value", w.Kind)
		}
		v.worth(at.of(".value"), w.Value)
	}
	for i := range p.Parties {
		if n := count[p.Parties[i].ID]; n > MaxWishes {
			v.add(whole("wishes"), "too_many_wishes", "id", p.Parties[i].ID, "count", n, "most", MaxWishes)
		}
	}
}

func (v *validator) worth(field spot, value float64) {
	if math.IsNaN(value) || value < 0 || value > MaxValue {
		v.add(field, "value_range", "value", value, "most", MaxValue)
	}
}

func (v *validator) meeting(at spot, m *Meeting, blocks map[string]bool) {
	if len(m.Parties) < 2 {
		v.add(at.of(".parties"), "few_parties", "id", m.ID)
	}
	v.known(at.of(".parties"), "party", v.parties, m.Parties)
	v.known(at.of(".resources"), "resource", v.supplies, m.Resources)
	v.known(at.of(".after"), "meeting", v.meetings, m.After)
	if slices.Contains(m.After, m.ID) {
		v.add(at.of(".after"), "after_itself", "id", m.ID)
	}
	v.worth(at.of(".value"), m.Value)
	v.notNegative(at.of(".minutes"), m.Minutes)
	if !blocks[m.Block] {
		v.add(at.of(".block"), "unknown_block", "id", m.Block)
	}
	if m.Fixed != "" {
		v.known(at.of(".fixed"), "slot", v.slots, []string{m.Fixed})
	}
	if m.Locked != nil {
		v.known(at.of(".locked.slot"), "slot", v.slots, []string{m.Locked.Slot})
		v.known(at.of(".locked.table"), "table", v.tables, []string{m.Locked.Table})
		if m.Fixed != "" && m.Fixed != m.Locked.Slot {
			v.add(at.of(".locked.slot"), "locked_elsewhere", "id", m.ID, "fixed", m.Fixed, "locked", m.Locked.Slot)
		}
	}
}

func (v *validator) goals(p *Problem) {
	for i, g := range p.Objective {
		at := entry("objective", i)
		if !slices.Contains(DefaultObjective(), g) {
			v.add(at, "unknown_goal", "value", g)
		} else if slices.Contains(p.Objective[:i], g) {
			v.add(at, "named_twice", "id", g)
		}
	}
}

// fixedTogether finds meetings that have to take place and are fixed so that
// they need one party, or one table, twice at once. Precedence that runs in a
// circle is found here too.
func (v *validator) fixedTogether(p *Problem) {
	type hold struct{ what, slot string }
	held := map[hold][]string{}
	for i := range p.Meetings {
		m := &p.Meetings[i]
		at := entry("meetings", i)
		slot := m.Fixed
		if m.Locked != nil {
			slot = m.Locked.Slot
			if slices.Contains(p.Begun, slot) {
				continue // it stands, whatever rules came since
			}
			seat := hold{"table\x00" + m.Locked.Table, slot}
			if other := held[seat]; len(other) > 0 {
				v.add(at.of(".locked"), "table_locked_twice", "id", m.ID, "other", other[0], "table", m.Locked.Table, "slot", slot)
			}
			held[seat] = append(held[seat], m.ID)
			if k, bounded := v.halls[p.Tables[v.tables[m.Locked.Table]].Hall]; bounded && p.Halls[k].Capacity > 0 {
				inside := hold{"hall\x00" + p.Halls[k].ID, slot}
				held[inside] = append(held[inside], m.ID)
				if len(held[inside]) > p.Halls[k].Capacity {
					v.add(at.of(".locked"), "hall_locked_full", "slot", slot, "hall", p.Halls[k].ID, "count", p.Halls[k].Capacity)
				}
			}
		}
		if slot == "" || !m.Must && m.Locked == nil {
			continue
		}
		for _, id := range m.Parties {
			key := hold{"party\x00" + id, slot}
			if other := held[key]; len(other) >= atOnce(&p.Parties[v.parties[id]]) {
				v.add(at, "party_fixed_twice", "id", m.ID, "other", other[0], "party", id, "slot", slot)
			}
			held[key] = append(held[key], m.ID)
		}
	}
	if i := circle(p, v.meetings); i >= 0 {
		v.add(entry("meetings", i).of(".after"), "after_circle", "id", p.Meetings[i].ID)
	}
}

// atOnce is the most meetings that the party can have at one time.
func atOnce(x *Party) int {
	if len(x.Delegates) == 0 || x.Calendar == Share {
		return 1
	}
	return len(x.Delegates)
}

// circle returns a meeting that would have to come after itself, or −1.
func circle(p *Problem, index map[string]int) int {
	const fresh, open, closed = 0, 1, 2
	state := make([]int, len(p.Meetings))
	var visit func(i int) bool
	visit = func(i int) bool {
		state[i] = open
		for _, id := range p.Meetings[i].After {
			k := index[id]
			if state[k] == open || state[k] == fresh && visit(k) {
				return true
			}
		}
		state[i] = closed
		return false
	}
	for i := range p.Meetings {
		if state[i] == fresh && visit(i) {
			return i
		}
	}
	return -1
}

// Rivals tells which meetings are fixed at one time though a party cannot be at both, so
// that one of them at most takes place. Meetings that have to are not among them: those
// make a problem that [Problem.Validate] refuses. The problem has to be valid.
func (p *Problem) Rivals() (list []scene.FieldError) {
	party := make(map[string]*Party, len(p.Parties))
	for i := range p.Parties {
		party[p.Parties[i].ID] = &p.Parties[i]
	}
	type hold struct{ party, slot string }
	held := map[hold][]string{}
	for i := range p.Meetings {
		m := &p.Meetings[i]
		slot := m.Fixed
		if m.Locked != nil {
			slot = m.Locked.Slot
		}
		if slot == "" || slices.Contains(p.Begun, slot) {
			continue
		}
		for _, id := range m.Parties {
			at := hold{id, slot}
			if held[at] = append(held[at], m.ID); len(held[at]) > atOnce(party[id]) && len(list) < maxFindings {
				list = append(list, scene.FieldError{
					Field: entry("meetings", i).of(".fixed").String(), Key: "agenda.fixed_rivals",
					Args: map[string]any{"id": m.ID, "other": held[at][0], "party": id, "slot": slot, "count": atOnce(party[id])},
				})
			}
		}
	}
	return list
}
