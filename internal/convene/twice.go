package convene

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Double is a person whom a fair has twice: for two of its parties, or at another fair
// at the same time of the same day. Two delegates are one person where they have one mail
// address, unless both are of one organisation and have two names: colleagues share a
// mailbox. Where one of them has no address, one organisation and one name is enough.
type Double struct {
	Party    scene.ID // of the fair that is asked about
	Delegate scene.ID
	Name     string // of the delegate
	// Fair is where else: the same one where Other is a party of it.
	Fair      scene.ID
	Title     string
	Public    bool // whether visitors see that fair
	Other     scene.ID
	OtherName string   // of the party there
	There     scene.ID // the delegate there
	// Alike says that both parties are of one organisation. Else a mail address is all
	// that was compared, which anybody can type: where its owner is, the centre alone
	// is told.
	Alike    bool
	Start    time.Time
	End      time.Time
	Meetings []Span // published ones there of that person, with the delay of its hall
}

// Span is a time in which somebody is taken.
type Span struct{ Start, End time.Time }

// Overlaps reports whether two times have a moment in common.
func (s Span) Overlaps(o Span) bool { return s.Start.Before(o.End) && o.Start.Before(s.End) }

// spanOf is a slot with the delay of its hall.
func spanOf(f *scene.Fair, x *scene.FairSlot) Span {
	start, end := f.Hours(x.Start, x.End)
	return Span{start, end}
}

// person is a delegate with his party.
type person struct {
	party    *scene.FairParty
	delegate *scene.Delegate
}

// is reports whether two delegates of two parties are one person.
func (p person) is(o person) bool {
	a, b := strings.ToLower(p.delegate.Mail), strings.ToLower(o.delegate.Mail)
	named := p.named(o)
	house := acrossFairs(p.party) == acrossFairs(o.party)
	if a != "" && b != "" {
		return a == b && (named || !house)
	}
	return named && house
}

// named reports whether two delegates have one name.
func (p person) named(o person) bool {
	key := scene.NameKey(p.delegate.Name)
	return key != "" && key == scene.NameKey(o.delegate.Name)
}

// people are the delegates of parties that take part, by what may show that two are one.
type people map[string][]person

func peopleOf(parties []scene.FairParty) people {
	all := people{}
	for i := range parties {
		p := &parties[i]
		if p.State != scene.PartyAccepted {
			continue
		}
		for k := range p.Delegates {
			x := person{p, &p.Delegates[k]}
			for _, key := range x.keys() {
				all[key] = append(all[key], x)
			}
		}
	}
	return all
}

func (p person) keys() (keys []string) {
	if p.delegate.Unnamed {
		return nil
	}
	if p.delegate.Mail != "" {
		keys = append(keys, "mail "+strings.ToLower(p.delegate.Mail))
	}
	if name := scene.NameKey(p.delegate.Name); name != "" {
		keys = append(keys, "name "+acrossFairs(p.party)+" "+name)
	}
	return keys
}

// same are those who are one person with x, each once, in order of their parties.
func (all people) same(x person) (list []person) {
	for _, key := range x.keys() {
		for _, o := range all[key] {
			if o.delegate.ID != x.delegate.ID && x.is(o) && !slices.ContainsFunc(list, func(y person) bool { return y.delegate.ID == o.delegate.ID }) {
				list = append(list, o)
			}
		}
	}
	slices.SortFunc(list, func(a, b person) int {
		return cmp.Or(cmp.Compare(a.party.ID, b.party.ID), cmp.Compare(a.delegate.ID, b.delegate.ID))
	})
	return list
}

// Self is a delegate of a party of a fair who is the same person as one of another.
type Self struct{ Party, Delegate scene.ID }

// selves are, by delegate, whom else of the same fair he is for sure: one person as
// [Double] has it, who has one name besides. A mailbox that two people share checks
// neither in for the other.
type selves map[scene.ID][]Self

func selvesOf(parties []scene.FairParty) selves {
	all, out := peopleOf(parties), selves{}
	each(parties, func(x person) {
		for _, o := range all.same(x) {
			if o.party.ID != x.party.ID && x.named(o) {
				out[x.delegate.ID] = append(out[x.delegate.ID], Self{o.party.ID, o.delegate.ID})
			}
		}
	})
	return out
}

// doubles finds the people of a fair who are in it twice, or at another fair that is held
// at the same time.
func doubles(ctx context.Context, tx store.Tx, f *scene.Fair, parties []scene.FairParty) (list []Double, err error) {
	own := peopleOf(parties)
	if len(own) == 0 {
		return nil, nil
	}
	each(parties, func(x person) {
		for _, o := range own.same(x) {
			if o.party.ID != x.party.ID {
				list = append(list, doubled(x, o, f))
			}
		}
	})
	day := Span{f.Start(), f.End()}
	err = store.Each(func(p store.Page) (store.Rows[scene.Fair], error) { return tx.Fairs().List(ctx, p) }, func(g *scene.Fair) error {
		alive := g.State == scene.FairDraft || g.State == scene.FairOpen || g.State == scene.FairClosed
		if g.ID == f.ID || !alive || !day.Overlaps(Span{g.Start(), g.End()}) {
			return nil
		}
		more, err := doublesAt(ctx, tx, g, parties)
		list = append(list, more...)
		return err
	})
	return list, err
}

// each calls fn for every delegate of the parties that take part.
func each(parties []scene.FairParty, fn func(person)) {
	for i := range parties {
		if parties[i].State == scene.PartyAccepted {
			for k := range parties[i].Delegates {
				fn(person{&parties[i], &parties[i].Delegates[k]})
			}
		}
	}
}

// doublesAt finds those of the parties' people who are at another fair too.
func doublesAt(ctx context.Context, tx store.Tx, g *scene.Fair, parties []scene.FairParty) (list []Double, err error) {
	theirs, err := tx.Fairs().Parties(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	there := peopleOf(theirs)
	each(parties, func(x person) {
		for _, o := range there.same(x) {
			list = append(list, doubled(x, o, g))
		}
	})
	if len(list) == 0 {
		return nil, nil
	}
	v, err := latest(ctx, tx, g.ID)
	if err != nil || v == nil {
		return list, err
	}
	for i := range list {
		list[i].Meetings = v.taken(g, list[i].Other, list[i].There)
	}
	return list, nil
}

func doubled(x, o person, g *scene.Fair) Double {
	return Double{
		Party: x.party.ID, Delegate: x.delegate.ID, Name: x.delegate.Name, Fair: g.ID, Title: g.Title, Public: public(g),
		Other: o.party.ID, OtherName: o.party.Name, There: o.delegate.ID, Alike: acrossFairs(x.party) == acrossFairs(o.party),
		Start: g.Start(), End: g.End(),
	}
}

// taken are the times of the meetings to which a delegate of a party goes.
func (v *version) taken(f *scene.Fair, party, delegate scene.ID) (list []Span) {
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		if x, there := f.Slot(seat.Slot); there && goesTo(seat, party, delegate) {
			list = append(list, spanOf(f, &x))
		}
	}
	slices.SortFunc(list, func(a, b Span) int { return a.Start.Compare(b.Start) })
	return list
}

// goesTo reports whether a delegate of a party goes to a meeting: alone, or with all of it.
func goesTo(seat *agenda.Seat, party, delegate scene.ID) bool {
	who, alone := seat.Delegates[string(party)]
	return slices.Contains(seat.Parties, string(party)) && (!alone || who == string(delegate))
}

// away puts the slots in which people of the parties are in a meeting of another fair to
// those in which they are not here. The parties are changed in place, their delegates not.
func (b *base) away(parties []scene.FairParty) {
	for i := range parties {
		p, own := &parties[i], false
		for _, d := range b.doubles {
			k := slices.IndexFunc(p.Delegates, func(x scene.Delegate) bool { return x.ID == d.Delegate })
			if d.Party != p.ID || d.Fair == b.fair.ID || k < 0 {
				continue
			}
			if !own {
				p.Delegates, own = slices.Clone(p.Delegates), true
			}
			held := slices.Clone(p.Delegates[k].Away)
			for _, x := range b.fair.Slots {
				slot := spanOf(&b.fair, &x)
				if slices.ContainsFunc(d.Meetings, slot.Overlaps) && !slices.Contains(held, x.ID) {
					held = append(held, x.ID)
				}
			}
			p.Delegates[k].Away = held
		}
	}
}

// presentBut are the parties of [base.present], with those of their delegates away who sit
// in a meeting of plan for another party, as far as that is not over: a repair sends
// nobody to two tables. Where somebody sits at two already, he stays with the party that
// cannot send another.
func (b *base) presentBut(plan *agenda.Plan) []scene.FairParty {
	parties, past := b.present(), b.past(b.at)
	at := map[scene.ID]*scene.FairParty{}
	for i := range parties {
		at[parties[i].ID] = &parties[i]
	}
	taken, same := sittings(plan, at), selvesOf(parties)
	each(parties, func(x person) {
		for _, other := range same[x.delegate.ID] {
			for _, slot := range sorted(taken[other.Delegate]) {
				stays := taken[x.delegate.ID][slot] && (bound(x.party) || !bound(at[other.Party]) && x.party.ID < other.Party)
				if !stays && !slices.Contains(past, slot) {
					x.delegate.Away = append(x.delegate.Away, slot)
				}
			}
		}
	})
	return parties
}

// samePrefix begins the name of the resource that one person is who comes for two parties;
// what follows is the id of one of the delegates that he is.
const samePrefix = "same:"

// IsPerson reports whether a resource of a problem is a person who comes for two parties.
func IsPerson(resource string) bool { return strings.HasPrefix(resource, samePrefix) }

// bothPrefix begins the name of the resource of a meeting whose two sides are one person:
// there is none of it. What follows is as after [samePrefix].
const bothPrefix = "both:"

// BothSides reports whether a resource is the person who would be both sides of a meeting.
func BothSides(resource string) bool { return strings.HasPrefix(resource, bothPrefix) }

// bound reports whether all of a party go to each of its meetings.
func bound(p *scene.FairParty) bool { return p.Share || len(p.Delegates) == 1 }

// sittings are the slots in which each delegate sits in a meeting of a plan, as far as he
// is there.
func sittings(plan *agenda.Plan, at map[scene.ID]*scene.FairParty) map[scene.ID]map[string]bool {
	out := map[scene.ID]map[string]bool{}
	for i := range plan.Meetings {
		seat := &plan.Meetings[i]
		for _, id := range seat.Parties {
			p := at[scene.ID(id)]
			for k := 0; p != nil && k < len(p.Delegates); k++ {
				d := p.Delegates[k].ID
				away := slices.Contains(p.Away, seat.Slot) || slices.Contains(p.Delegates[k].Away, seat.Slot)
				if away || seat.Delegates[id] != string(d) && !bound(p) {
					continue
				}
				if out[d] == nil {
					out[d] = map[string]bool{}
				}
				out[d][seat.Slot] = true
			}
		}
	}
	return out
}

// sameOf names the resource of each party that cannot meet without a person who comes for
// another one too: where all of its delegates go together, or it has no other. A person
// serves one meeting at a time.
func sameOf(parties []scene.FairParty) map[scene.ID][]string {
	all, out := peopleOf(parties), map[scene.ID][]string{}
	each(parties, func(x person) {
		if !bound(x.party) {
			return
		}
		first, twice := x.delegate.ID, false
		for _, o := range all.same(x) {
			if o.party.ID != x.party.ID && bound(o.party) {
				first, twice = min(first, o.delegate.ID), true
			}
		}
		if id := samePrefix + string(first); twice && !slices.Contains(out[x.party.ID], id) {
			out[x.party.ID] = append(out[x.party.ID], id)
		}
	})
	return out
}

// stood reports whether a meeting is at its time by what is published.
func (b *base) stood(seat *agenda.Seat) bool {
	if b.latest == nil {
		return false
	}
	was, there := b.latest.seat(seat.ID)
	return there && was.Slot == seat.Slot
}

// twice says who would be in two places by the plan of v, once for each meeting that is
// still to come, or new in a slot that runs: in two of it at a time, or at another fair.
func (b *base) twice(v *version, now time.Time) (list []scene.FieldError) {
	begun := b.begun(now)
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		x, there := b.fair.Slot(seat.Slot)
		if !there || slices.Contains(begun, seat.Slot) && b.stood(seat) || slices.Contains(b.past(now), seat.Slot) {
			continue
		}
		slot := spanOf(&b.fair, &x)
		for _, d := range b.doubles {
			if goesTo(seat, d.Party, d.Delegate) {
				list = append(list, b.met(v, seat, &d, slot)...)
			}
		}
	}
	return list
}

// met says what else a person has while he is in a meeting.
func (b *base) met(v *version, seat *agenda.Seat, d *Double, slot Span) (list []scene.FieldError) {
	if d.Fair == b.fair.ID {
		for i := range v.plan.Meetings {
			o := &v.plan.Meetings[i]
			if o.Slot == seat.Slot && o.ID > seat.ID && goesTo(o, d.Other, d.There) { // once for the two
				list = append(list, scene.FieldError{Field: "plan", Key: "fair.twice_here", Args: map[string]any{
					"delegate": d.Name, "slot": seat.Slot, "id": seat.ID, "table": seat.Table, "other": o.ID, "at": o.Table,
				}})
			}
		}
		return list
	}
	for _, m := range d.Meetings {
		if m.Overlaps(slot) {
			list = append(list, scene.FieldError{Field: "plan", Key: "fair.twice_there", Args: map[string]any{
				"delegate": d.Name, "slot": seat.Slot, "id": seat.ID, "title": d.Title, "party": string(d.Party), "from": clockOf(m.Start), "to": clockOf(m.End),
			}})
		}
	}
	return list
}

func clockOf(at time.Time) string { return at.In(scene.China()).Format("15:04") }

// Doubles are the people of a fair who come for two of its parties, or are at another fair
// that is held at the same time, in order of party.
func (s *Service) Doubles(ctx context.Context, by scene.Actor, fair scene.ID) (list []Double, err error) {
	if err := by.May(scene.FairRead, scene.Object{}); err != nil {
		return nil, err
	}
	b, err := s.Board(ctx, fair)
	if err != nil {
		return nil, err
	}
	return s.DoublesOf(ctx, b)
}

// DoublesOf is Doubles of a board, as it was at most a minute ago where another fair
// changed since. What is written on the day, and wishes, change nothing of it: however
// many phones ask meanwhile, the rows are read once.
func (s *Service) DoublesOf(ctx context.Context, b *Board) (list []Double, err error) {
	s.seeking.Lock()
	defer s.seeking.Unlock()
	held := s.twins[b.Fair.ID]
	if held != nil && held.people == b.people && held.fair == b.Fair.Revision && s.now().Sub(held.made) < metLife {
		return held.list, nil
	}
	err = s.read(ctx, "convene.Doubles", func(tx store.Tx) (err error) {
		list, err = doubles(ctx, tx, &b.Fair, b.list())
		return err
	})
	if err != nil {
		return nil, err
	}
	s.twins[b.Fair.ID] = &twins{made: s.now(), people: b.people, fair: b.Fair.Revision, list: list}
	return list, nil
}

// twins are the doubles of a fair as they were read last.
type twins struct {
	made   time.Time
	people string // of the board
	fair   int    // its revision
	list   []Double
}

// printOfPeople changes with who comes for which party.
func printOfPeople(parties []scene.FairParty) string {
	h := fnv.New128a()
	for i := range parties {
		p := &parties[i]
		if p.State != scene.PartyAccepted {
			continue
		}
		fmt.Fprintf(h, "%s %q %s ", p.ID, p.Name, p.OrgID)
		for k := range p.Delegates {
			d := &p.Delegates[k]
			fmt.Fprintf(h, "%s %q %q %t ", d.ID, d.Name, d.Mail, d.Unnamed)
		}
	}
	return string(h.Sum(nil))
}

// TwoPlaces says of the draft of a fair, or else of the version in force, who would be in
// two places by it, in names.
func (s *Service) TwoPlaces(ctx context.Context, by scene.Actor, fair scene.ID) ([]scene.FieldError, error) {
	if err := by.May(scene.FairRead, scene.Object{}); err != nil {
		return nil, err
	}
	b, err := s.Board(ctx, fair)
	if err != nil {
		return nil, err
	}
	look, err := s.Look(ctx, by, b)
	if err != nil {
		return nil, err
	}
	return look.TwoPlaces, nil
}
