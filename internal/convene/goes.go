package convene

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// Choose says which delegate takes a meeting of the draft for a party whose delegates
// go alone; "" leaves it to the plan again. The choice is a rule of every later plan:
// the meeting is put where that delegate is free. It ends when the delegate is no
// longer of the party. Who is away then, or at another table, is a Precondition error
// that says so; with swap the one who sat here goes to that other table instead. The
// draft stays as it was whenever there is an error.
func (s *Service) Choose(ctx context.Context, by scene.Actor, fair scene.ID, meeting string, party, delegate scene.ID, swap bool) error {
	return s.redraft(ctx, by, fair, "fair.goes", func(b *base, v *version) error {
		seat, there := v.seat(meeting)
		if !there || !slices.Contains(seat.Parties, string(party)) {
			return &scene.Error{Code: scene.NotFound, Key: "fair.no_such_meeting"}
		}
		x := v.newest(b, party)
		if x == nil || !x.SendsOne() {
			return &scene.Error{Code: scene.Precondition, Key: "fair.goes_together"}
		}
		n := NewNames(&b.fair, b.parties)
		b.note = n.Meeting(meeting) + ": " + n.Party(string(party)) + " → " + cmp.Or(n.who[string(delegate)], "–")
		goes := v.row.Goes.With(meeting, party, delegate)
		if delegate != "" {
			fault, other := v.sitsElsewhere(x, seat, string(delegate))
			if fault != nil && (other == nil || !swap) {
				return s.explain(b, &scene.Error{Code: scene.Precondition, Key: "fair.goes_clash", Fields: []scene.FieldError{*fault}})
			}
			if other != nil {
				goes = goes.With(other.ID, party, "")
				other.Delegates[x.ID] = seat.Delegates[x.ID]
			}
		}
		v.row.Goes = send(v.problem, goes)
		if delegate != "" && v.row.Goes.Of(meeting, party) != delegate {
			return &scene.Error{Code: scene.NotFound, Key: "fair.no_such_delegate"}
		}
		b.assign(v, v.plan, s.now())
		return nil
	})
}

// newest is a party of the draft's problem with the delegates that it has now: who was
// named since the plan was made can be chosen too.
func (v *version) newest(b *base, party scene.ID) *agenda.Party {
	at := slices.IndexFunc(v.problem.Parties, func(p agenda.Party) bool { return p.ID == string(party) })
	row := slices.IndexFunc(b.parties, func(p scene.FairParty) bool { return p.ID == party })
	if at < 0 || row < 0 {
		return nil
	}
	p := &poser{fair: &b.fair, at: map[scene.ID]*scene.FairParty{}, out: &posed{problem: &agenda.Problem{}}}
	p.party(&b.parties[row])
	now := p.out.problem.Parties[0]
	v.problem.Parties[at].Delegates, v.problem.Parties[at].Calendar = now.Delegates, now.Calendar
	return &v.problem.Parties[at]
}

// sitsElsewhere says why a delegate cannot take a meeting where it stands: he is away,
// or at another table, whose meeting is returned too.
func (v *version) sitsElsewhere(x *agenda.Party, seat *agenda.Seat, delegate string) (*scene.FieldError, *agenda.Seat) {
	if slices.ContainsFunc(x.Delegates, func(d agenda.Delegate) bool {
		return d.ID == delegate && slices.Contains(d.Unavailable, seat.Slot)
	}) {
		return sitsOut(delegate, seat.Slot), nil
	}
	if o := v.plan.Elsewhere(seat, x.ID, delegate); o != nil {
		return sitsAt(delegate, o), o
	}
	return nil, nil
}

func sitsOut(delegate, slot string) *scene.FieldError {
	return &scene.FieldError{Field: "plan", Key: "fair.clash_out", Args: map[string]any{"delegate": delegate, "slot": slot}}
}

func sitsAt(delegate string, other *agenda.Seat) *scene.FieldError {
	return &scene.FieldError{Field: "plan", Key: "fair.clash_sits", Args: map[string]any{"delegate": delegate, "slot": other.Slot, "other": other.ID, "table": other.Table}}
}

// sitsWhy says in the words of people why a delegate, as the resource that send made of
// him, does not suffice in a slot; nil for another resource.
func (v *version) sitsWhy(f *scene.FieldError) []scene.FieldError {
	delegate, _ := f.Args["resource"].(string)
	slot, _ := f.Args["slot"].(string)
	i := slices.IndexFunc(v.problem.Resources, func(r agenda.Resource) bool { return r.ID == delegate })
	if i < 0 || !chosen(delegate) {
		return nil
	}
	if slices.Contains(v.problem.Resources[i].Unavailable, slot) {
		return []scene.FieldError{*sitsOut(delegate, slot)}
	}
	var out []scene.FieldError
	for k := range v.plan.Meetings { // all that he was chosen for, of which one has him
		o := &v.plan.Meetings[k]
		if o.Slot == slot && slices.Contains(slices.Collect(maps.Values(v.row.Goes[o.ID])), scene.ID(delegate)) {
			out = append(out, *sitsAt(delegate, o))
		}
	}
	return out
}

// chosen reports whether a resource of a problem is a delegate who was chosen to go.
func chosen(resource string) bool {
	return resource != interpreters && !IsPerson(resource) && !BothSides(resource)
}

// send makes rules of who was chosen to go: each such delegate is a resource that
// serves one meeting at a time, where he is there. What it said before is forgotten. It
// returns the choices that hold: none for meetings, or of delegates, that are gone.
func send(p *agenda.Problem, goes scene.FairGoes) scene.FairGoes {
	p.Resources = slices.DeleteFunc(p.Resources, func(r agenda.Resource) bool { return chosen(r.ID) })
	at := map[string]*agenda.Party{}
	for i := range p.Parties {
		at[p.Parties[i].ID] = &p.Parties[i]
	}
	kept, known := scene.FairGoes{}, map[string]bool{}
	for i := range p.Meetings {
		m := &p.Meetings[i]
		m.Resources = slices.DeleteFunc(slices.Clone(m.Resources), chosen)
		for _, party := range m.Parties {
			x, who := at[party], string(goes.Of(m.ID, scene.ID(party)))
			if who == "" || x == nil || !x.SendsOne() {
				continue
			}
			k := slices.IndexFunc(x.Delegates, func(d agenda.Delegate) bool { return d.ID == who })
			if k < 0 {
				continue
			}
			if !known[who] {
				known[who] = true
				p.Resources = append(p.Resources, agenda.Resource{ID: who, Capacity: 1, Unavailable: x.Delegates[k].Unavailable})
			}
			m.Resources = append(m.Resources, who)
			if kept[m.ID] == nil {
				kept[m.ID] = map[scene.ID]scene.ID{}
			}
			kept[m.ID][scene.ID(party)] = scene.ID(who)
		}
	}
	return kept
}

// held are choices without those whose delegate is away by now where the meeting stands
// in v, or was chosen for another one there: a repair lets somebody else go rather than
// move the meeting.
func (v *version) held(p *agenda.Problem, goes scene.FairGoes) scene.FairGoes {
	away := map[[2]string]bool{} // delegate and slot, or at another table
	for i := range p.Parties {
		for _, d := range p.Parties[i].Delegates {
			for _, slot := range d.Unavailable {
				away[[2]string{d.ID, slot}] = true
			}
		}
	}
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		for _, party := range seat.Parties {
			at := [2]string{string(goes.Of(seat.ID, scene.ID(party))), seat.Slot}
			if away[at] {
				goes = goes.With(seat.ID, scene.ID(party), "")
			}
			away[at] = at[0] != ""
		}
	}
	return goes
}

// assign says which delegate takes each meeting of a party whose delegates go
// alone, so that none is in two places: in each slot first who was chosen, then who had
// the meeting before, as far as they are there, then the others in their order, and last
// who sits at another table at that time for another party of his. A
// meeting for which nobody is left stays without. To what is over went who went, even
// if he left since. before may be nil, or the plan of v itself.
func (b *base) assign(v *version, before *agenda.Plan, now time.Time) {
	p, goes, past := v.problem, v.row.Goes, b.past(now)
	had := map[string]agenda.Seat{}
	if before != nil {
		for _, seat := range before.Meetings {
			had[seat.ID] = seat
		}
	}
	held := map[[2]string][]*agenda.Seat{} // party and slot → meetings
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		seat.Delegates = nil
		if was := had[seat.ID]; was.Slot == seat.Slot && slices.Contains(past, seat.Slot) {
			seat.Delegates = was.Delegates
			continue
		}
		for _, id := range seat.Parties {
			held[[2]string{id, seat.Slot}] = append(held[[2]string{id, seat.Slot}], seat)
		}
	}
	busy := b.sitting(p, held)
	for i := range p.Parties {
		x := &p.Parties[i]
		if len(x.Delegates) == 0 || x.Calendar == agenda.Share {
			continue
		}
		for s := range p.Slots {
			t := turn{x: x, slot: p.Slots[s].ID, taken: map[string]bool{}, busy: busy}
			meetings := held[[2]string{x.ID, t.slot}]
			t.seat(meetings, func(m *agenda.Seat) string { return string(goes.Of(m.ID, scene.ID(x.ID))) })
			t.seat(meetings, func(m *agenda.Seat) string { return t.unless(had[m.ID].Delegates[x.ID]) })
			t.seat(meetings, func(*agenda.Seat) string { return t.next(t.unless) })
			t.seat(meetings, func(*agenda.Seat) string { return t.next(func(who string) string { return who }) })
		}
	}
}

// seated are the delegates who sit in a meeting in a slot, with all that they are in other
// parties.
type seated struct {
	same selves
	at   map[[2]string]bool // slot and delegate
}

func (s *seated) take(slot, who string) {
	for _, other := range s.same[scene.ID(who)] {
		s.at[[2]string{slot, string(other.Delegate)}] = true
	}
}

// sitting are those whose party goes to its meetings together, or has nobody else.
func (b *base) sitting(p *agenda.Problem, held map[[2]string][]*agenda.Seat) *seated {
	s := &seated{same: selvesOf(b.parties), at: map[[2]string]bool{}}
	for i := range p.Parties {
		x := &p.Parties[i]
		for k := 0; k < len(p.Slots) && !x.SendsOne(); k++ {
			slot := p.Slots[k].ID
			for d := 0; d < len(x.Delegates) && len(held[[2]string{x.ID, slot}]) > 0; d++ {
				s.take(slot, x.Delegates[d].ID)
			}
		}
	}
	return s
}

// turn is one slot of a party whose delegates go alone.
type turn struct {
	x     *agenda.Party
	slot  string
	taken map[string]bool
	busy  *seated
}

// unless is who, or "" where he sits at another table for another party.
func (t *turn) unless(who string) string {
	if t.busy.at[[2]string{t.slot, who}] {
		return ""
	}
	return who
}

// seat sends to each meeting that has nobody yet whom pick names, if he is free.
func (t *turn) seat(meetings []*agenda.Seat, pick func(*agenda.Seat) string) {
	for _, m := range meetings {
		if m.Delegates[t.x.ID] != "" {
			continue
		}
		if who := pick(m); t.free(who) {
			if m.Delegates == nil {
				m.Delegates = map[string]string{}
			}
			m.Delegates[t.x.ID], t.taken[who] = who, true
			t.busy.take(t.slot, who)
		}
	}
}

func (t *turn) free(who string) bool {
	return who != "" && !t.taken[who] && slices.ContainsFunc(t.x.Delegates, func(d agenda.Delegate) bool {
		return d.ID == who && !slices.Contains(d.Unavailable, t.slot)
	})
}

// next is the first delegate who is free and whom fit keeps, "" for nobody.
func (t *turn) next(fit func(string) string) string {
	for i := range t.x.Delegates {
		if id := fit(t.x.Delegates[i].ID); t.free(id) {
			return id
		}
	}
	return ""
}

// sits lists the parties of a meeting for which somebody else goes than before; none
// for one that is new or dropped.
func sits(from, to *agenda.Seat) (list []scene.FairSits) {
	if from == nil || to == nil {
		return nil
	}
	for _, id := range to.Parties {
		if was, is := from.Delegates[id], to.Delegates[id]; was != is {
			list = append(list, scene.FairSits{Party: scene.ID(id), From: scene.ID(was), To: scene.ID(is)})
		}
	}
	return list
}

// Why another delegate goes to a meeting that stays where it is.
const (
	goesChosen    = "goes_chosen"    // somebody said so
	goesAway      = "goes_away"      // who was to go is not there
	goesOff       = "goes_off"       // he is of the party no more
	goesElsewhere = "goes_elsewhere" // he is at another table
	goesOther     = "goes_other"     // the plan sends them otherwise
)

// whyOther says of a meeting that stays where it is why another delegate goes.
func (v *version) whyOther(c *scene.FairChange) {
	if len(c.Sits) == 0 || c.From == nil || c.To == nil || *c.From != *c.To {
		return
	}
	seat, _ := v.seat(c.Meeting)
	for _, x := range c.Sits {
		i := slices.IndexFunc(v.problem.Parties, func(p agenda.Party) bool { return p.ID == string(x.Party) })
		if i < 0 {
			continue
		}
		of := v.problem.Parties[i].Delegates
		k := slices.IndexFunc(of, func(d agenda.Delegate) bool { return d.ID == string(x.From) })
		switch {
		case x.To != "" && v.row.Goes.Of(c.Meeting, x.Party) == x.To:
			c.Why = goesChosen
		case x.From != "" && k < 0:
			c.Why = goesOff
		case x.From != "" && slices.Contains(of[k].Unavailable, seat.Slot):
			c.Why = goesAway
		case x.From != "" && v.plan.Elsewhere(seat, string(x.Party), string(x.From)) != nil:
			c.Why = goesElsewhere
		default:
			c.Why = goesOther
		}
	}
}

// chosenAway tells which delegates who were chosen to go said since that they are not there
// when their meeting stands: no plan goes out with them.
func (b *base) chosenAway(v *version, now time.Time) (list []scene.FieldError) {
	past, at := b.past(now), map[string]*scene.FairParty{}
	for i := range b.parties {
		at[string(b.parties[i].ID)] = &b.parties[i]
	}
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		for _, id := range seat.Parties {
			p := at[id]
			if p == nil || slices.Contains(past, seat.Slot) {
				continue
			}
			if d, there := p.Delegate(v.row.Goes.Of(seat.ID, p.ID)); there && slices.Contains(d.Away, seat.Slot) {
				list = append(list, *sitsOut(string(d.ID), seat.Slot))
			}
		}
	}
	return list
}
