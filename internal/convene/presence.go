package convene

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"jinghe/internal/scene"
)

// absence is one no-show: of a party, or of one delegate of it. nil slots are all from
// then on.
type absence struct {
	entry    scene.ID // of the log
	delegate scene.ID // "" for the whole party
	slots    []string
	at       time.Time
	ended    time.Time // when who was away came after all, zero while it holds
}

func (a *absence) over() bool { return !a.ended.IsZero() }

// of reports whether an absence keeps a delegate away: his own, or that of his party;
// with "" as delegate, whether it is that of the whole party.
func (a *absence) of(delegate scene.ID) bool { return a.delegate == "" || a.delegate == delegate }

// endsBy reports whether it ends by an arrival at a time, of somebody who says that he is
// there in some slots. An absence in some slots ends if one of them has begun, as announced:
// he is there sooner than was thought. Where all of them are still to come, who arrives said
// that he leaves for a while, and does so, unless he names one of them: then he is there
// after all.
func (a *absence) endsBy(f *scene.Fair, at time.Time, there []string) bool {
	return a.allDay() || slices.ContainsFunc(a.slots, func(id string) bool {
		x, known := f.Slot(id)
		return !known || !x.Start.After(at) || slices.Contains(there, id)
	})
}

// arrives notes that a delegate came, and ends his absences and those of his party:
// whoever else of it was noted by himself stays away.
func (d *Day) arrives(f *scene.Fair, e *scene.FairEntry, who Self) {
	if _, there := d.Arrived[who.Delegate]; !there {
		d.Arrived[who.Delegate] = e.At
	}
	for i := range d.absent[who.Party] {
		if a := &d.absent[who.Party][i]; !a.over() && a.of(who.Delegate) && a.endsBy(f, e.At, e.Slots) {
			a.ended = e.At
		}
	}
}

// reports notes that a delegate says of a meeting that it took place. No-shows that were
// noted before it was over were none; one that was noted later stands.
func (d *Day) reports(f *scene.Fair, e *scene.FairEntry, who Self) {
	if _, there := d.Reported[who.Delegate]; !there {
		d.Reported[who.Delegate] = e.At
	}
	for i := range d.absent[who.Party] {
		if a := &d.absent[who.Party][i]; !a.over() && a.of(who.Delegate) && a.deniedBy(f, e.Slots) {
			a.ended = e.At
		}
	}
}

// deniedBy reports whether who was in a meeting in one of the slots was not away as noted.
func (a *absence) deniedBy(f *scene.Fair, slots []string) bool {
	return slices.ContainsFunc(slots, func(id string) bool {
		x, known := f.Slot(id)
		_, end := f.Hours(x.Start, x.End)
		return slices.Contains(a.slots, id) || known && a.allDay() && end.After(a.at)
	})
}

// came reports whether a delegate was ever there: checked in, or in a meeting of which he
// says that it took place.
func (d *Day) came(delegate scene.ID) bool {
	_, arrived := d.Arrived[delegate]
	_, reported := d.Reported[delegate]
	return arrived || reported
}

// cameOf reports whether anybody of a party was ever there, whoever was noted absent since.
// Every count of arrivals is of such parties.
func (d *Day) cameOf(p *scene.FairParty) bool {
	return slices.ContainsFunc(p.Delegates, func(x scene.Delegate) bool { return d.came(x.ID) })
}

// away reports whether an absence that still holds keeps a delegate away, as of tells.
func (d *Day) away(party, delegate scene.ID, counts func(*absence) bool) bool {
	return slices.ContainsFunc(d.absent[party], func(a absence) bool { return !a.over() && a.of(delegate) && counts(&a) })
}

// gone reports whether a party is away for all that is left of the day: as a whole, or
// each of its delegates by himself.
func (d *Day) gone(p *scene.FairParty) bool {
	return d.allAway(p, (*absence).allDay)
}

// allAway is away for a party as a whole, or for each of its delegates by himself.
func (d *Day) allAway(p *scene.FairParty, counts func(*absence) bool) bool {
	return d.away(p.ID, "", counts) || len(p.Delegates) > 0 && !slices.ContainsFunc(p.Delegates, func(x scene.Delegate) bool { return !d.away(p.ID, x.ID, counts) })
}

func (a *absence) allDay() bool { return len(a.slots) == 0 }

// absentSlots are the slots in which a party, or a delegate of it, is not there, by the
// log: those of the party where delegate is "", else those noted of him alone.
func (d *Day) absentSlots(f *scene.Fair, party, delegate scene.ID) []string {
	var out []string
	for i := range d.absent[party] {
		a := &d.absent[party][i]
		switch {
		case a.over() || a.delegate != delegate:
		case !a.allDay():
			out = append(out, a.slots...)
		default:
			for i := range f.Slots {
				if _, end := f.Hours(f.Slots[i].Start, f.Slots[i].End); end.After(a.at) {
					out = append(out, f.Slots[i].ID)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// noted counts how often a delegate, or his party, was noted absent; with "" the party.
func (d *Day) noted(party, delegate scene.ID) (n int) {
	for i := range d.absent[party] {
		if d.absent[party][i].of(delegate) {
			n++
		}
	}
	return n
}

// ArrivalKey is the key of the entry that a delegate arrived: another one after each
// time that he, or his party, was noted absent, so that who comes back can be checked
// in again.
func (b *Board) ArrivalKey(party, delegate scene.ID) string {
	key := "arrived-" + string(delegate)
	if n := b.Day.noted(party, delegate); n > 0 {
		key += "-" + strconv.Itoa(n)
	}
	return key
}

// Selves are the delegates of other parties of the fair who are the same person.
func (b *Board) Selves(delegate scene.ID) []Self { return b.same[delegate] }

// AwayAhead are the slots to come in which a delegate, or his party, was noted absent,
// and not for all of the day, in order of time.
func (b *Board) AwayAhead(party, delegate scene.ID, at time.Time) (list []scene.FairSlot) {
	gone := begun(&b.Fair, at)
	for i := range b.Fair.Slots {
		x := b.Fair.Slots[i]
		if !slices.Contains(gone, x.ID) && b.Day.away(party, delegate, func(a *absence) bool { return slices.Contains(a.slots, x.ID) }) {
			list = append(list, x)
		}
	}
	return list
}

// AbsenceKey is the key of the entry that a party does not come, or with a delegate
// that he does not: another one with each version of the plan, and each time after it
// was noted before.
func (b *Board) AbsenceKey(party, delegate scene.ID) string {
	return fmt.Sprint("absent-", party, delegate, "-", b.Version, "-", b.Day.noted(party, delegate))
}

// Here reports whether a delegate came, and did not leave since.
func (b *Board) Here(party, delegate scene.ID) bool {
	return b.Day.came(delegate) && !b.Day.away(party, delegate, (*absence).allDay)
}

// Came reports whether a check-in of a delegate at a time has nothing to write: he is of
// that party, has arrived, and no absence of his would end by it.
func (b *Board) Came(party, delegate scene.ID, at time.Time) bool {
	p := b.Parties[party]
	if p == nil {
		return false
	}
	_, own := p.Delegate(delegate)
	_, came := b.Day.Arrived[delegate]
	return own && came && !b.Day.away(party, delegate, func(a *absence) bool { return a.endsBy(&b.Fair, at, nil) })
}

// Left reports whether a party was there, and is noted absent since.
func (b *Board) Left(party scene.ID) bool {
	p := b.Parties[party]
	return p != nil && b.Day.cameOf(p) && !b.There(party)
}

// ByReport reports whether all that is known of those of a party who are there is that
// they say of a meeting that it took place: nobody checked them in.
func (b *Board) ByReport(party scene.ID) bool {
	p := b.Parties[party]
	return b.There(party) && !slices.ContainsFunc(p.Delegates, func(d scene.Delegate) bool {
		_, arrived := b.Day.Arrived[d.ID]
		return arrived && b.Here(party, d.ID)
	})
}

// There reports whether anybody of a party came, and did not leave since.
func (b *Board) There(party scene.ID) bool {
	p := b.Parties[party]
	return p != nil && slices.ContainsFunc(p.Delegates, func(d scene.Delegate) bool { return b.Here(party, d.ID) })
}

// Absent reports whether a party was noted as not coming: as a whole, or each of its
// delegates by himself. With a delegate, whether he was, or his party.
func (b *Board) Absent(party, delegate scene.ID) bool {
	anyTime := func(*absence) bool { return true }
	p := b.Parties[party]
	if delegate != "" || p == nil {
		return b.Day.away(party, delegate, anyTime)
	}
	return b.Day.allAway(p, anyTime)
}

// Noted reports whether a party, or a delegate of it, was ever noted absent, whoever came
// after all.
func (b *Board) Noted(party scene.ID) bool { return len(b.Day.absent[party]) > 0 }

// Presence is where who takes a meeting stands.
type Presence int

// The kinds of presence.
const (
	Expected Presence = iota // neither arrived nor noted absent
	Present                  // arrived
	Gone                     // noted absent
)

// Side is how a side of a meeting stands: the delegate whom it sends, where its
// delegates go alone, else anybody of it. Who is away in other slots alone comes.
func (b *Board) Side(m *Sitting, party scene.ID) Presence {
	d, one := b.Sender(m, party)
	then := func(a *absence) bool { return a.allDay() || slices.Contains(a.slots, m.Slot) }
	p := b.Parties[party]
	switch {
	case p == nil:
		return Expected
	case one && b.Day.away(party, d.ID, then), !one && b.Day.allAway(p, then):
		return Gone
	case one && b.Here(party, d.ID), !one && b.There(party):
		return Present
	}
	return Expected
}

// Arrivals is how many of the parties that take part came, out of how many, as the report
// counts them too: also who was noted absent since.
func (b *Board) Arrivals() (came, all int) {
	for _, p := range b.Parties {
		if p.State != scene.PartyAccepted {
			continue
		}
		all++
		if b.Day.cameOf(p) {
			came++
		}
	}
	return came, all
}

// Late is who should be there by now: a delegate whom his party sends, or with ""
// anybody of it.
type Late struct{ Party, Delegate scene.ID }

// soon is how long before a meeting somebody is missed at the desk.
const soon = 30 * time.Minute

// Missing are those with a meeting now, or next and soon, who have not arrived, and who
// were not noted as absent.
func (b *Board) Missing(at time.Time) []Late {
	now, next := b.Now(at)
	var out []Late
	for _, r := range []int{now, next} {
		if r < 0 || b.Rounds[r].Start.Sub(at) > soon {
			continue
		}
		for i := range b.Rounds[r].Meetings {
			m := &b.Rounds[r].Meetings[i]
			for _, id := range m.Parties {
				d, _ := b.Sender(m, id)
				if x := (Late{id, d.ID}); b.Side(m, id) == Expected && !slices.Contains(out, x) {
					out = append(out, x)
				}
			}
		}
	}
	return out
}
