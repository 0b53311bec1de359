package convene

import (
	"slices"
	"strings"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// past are the slots that are over.
func (b *base) past(now time.Time) []string {
	return slotsBy(&b.fair, now, func(_, end time.Time) time.Time { return end })
}

// begun are the slots that run or are over: nothing new is planned into them.
func (b *base) begun(now time.Time) []string { return begun(&b.fair, now) }

func begun(f *scene.Fair, now time.Time) []string {
	return slotsBy(f, now, func(start, _ time.Time) time.Time { return start })
}

// slotsBy are the slots of which an instant has come, with the delay of the hall.
func slotsBy(f *scene.Fair, now time.Time, of func(start, end time.Time) time.Time) (list []string) {
	for i := range f.Slots {
		if !of(f.Hours(f.Slots[i].Start, f.Slots[i].End)).After(now) {
			list = append(list, f.Slots[i].ID)
		}
	}
	return list
}

// Begun are the meetings of a version that stand in a slot which runs or is over, and
// did not stand there as published, which may be nil: they would be told of too late.
// A nil version has none.
func (v *Version) Begun(published *Version, f *scene.Fair, now time.Time) []agenda.Seat {
	if v == nil {
		return nil
	}
	var before *agenda.Plan
	if published != nil {
		before = published.Plan
	}
	return tooLate(v.Plan, before, f, now)
}

func tooLate(plan, published *agenda.Plan, f *scene.Fair, now time.Time) (list []agenda.Seat) {
	stood := map[[2]string]bool{}
	if published != nil {
		for _, seat := range published.Meetings {
			stood[[2]string{seat.ID, seat.Slot}] = true
		}
	}
	late := begun(f, now)
	for _, seat := range plan.Meetings {
		if slices.Contains(late, seat.Slot) && !stood[[2]string{seat.ID, seat.Slot}] {
			list = append(list, seat)
		}
	}
	return list
}

// closures are the slots to come in which tables were closed, by table, as the draft or
// else the published plan has them.
func (b *base) closures(now time.Time) map[string][]string {
	if b.draft == nil {
		return nil
	}
	return closures(b.draft.problem.Tables, &b.fair, now)
}

func closures(tables []agenda.Table, f *scene.Fair, now time.Time) map[string][]string {
	out := map[string][]string{}
	known, gone := tableIDs(f), begun(f, now)
	for i := range tables {
		t := &tables[i]
		ahead := slices.DeleteFunc(slices.Clone(t.Unavailable), func(id string) bool {
			_, there := f.Slot(id)
			return !there || slices.Contains(gone, id)
		})
		if len(ahead) > 0 && slices.Contains(known, t.ID) {
			out[t.ID] = ahead
		}
	}
	return out
}

// standing are the meetings of the published plan that a new plan leaves where they are,
// whatever rules came since: those in slots that are over, and those that run and whose
// sides are there. Of a party that has fewer people there by now, as many run as it has
// people for.
func (b *base) standing(parties []scene.FairParty) (list []agenda.Seat) {
	if b.latest == nil {
		return nil
	}
	begun, past := b.begun(b.at), b.past(b.at)
	at := map[string]*scene.FairParty{}
	for i := range parties {
		at[string(parties[i].ID)] = &parties[i]
	}
	var running []agenda.Seat
	stays := map[string]bool{}
	for _, seat := range b.latest.plan.Meetings {
		switch {
		case slices.Contains(past, seat.Slot):
			stays[seat.ID] = at[seat.Parties[0]] != nil && at[seat.Parties[1]] != nil
		case slices.Contains(begun, seat.Slot):
			running = append(running, seat)
		}
	}
	slices.SortStableFunc(running, func(x, y agenda.Seat) int { return absentees(at, &x) - absentees(at, &y) })
	held := map[[2]string]int{}
	for i := range running {
		seat := &running[i]
		full := func(id string) bool { return held[[2]string{id, seat.Slot}] >= peopleThere(at[id], seat.Slot) }
		if slices.ContainsFunc(seat.Parties, full) {
			continue
		}
		stays[seat.ID] = true
		for _, id := range seat.Parties {
			held[[2]string{id, seat.Slot}]++
		}
	}
	for _, seat := range b.latest.plan.Meetings {
		if stays[seat.ID] {
			list = append(list, seat)
		}
	}
	return list
}

// absentees counts the delegates who were to take a meeting and are not there.
func absentees(at map[string]*scene.FairParty, seat *agenda.Seat) (n int) {
	for id, who := range seat.Delegates {
		if p := at[id]; p != nil {
			if d, there := p.Delegate(scene.ID(who)); !there || slices.Contains(d.Away, seat.Slot) {
				n++
			}
		}
	}
	return n
}

// peopleThere is how many meetings a party can have in a slot.
func peopleThere(p *scene.FairParty, slot string) (n int) {
	if p == nil || p.State != scene.PartyAccepted || slices.Contains(p.Away, slot) {
		return 0
	}
	for i := range p.Delegates {
		if !slices.Contains(p.Delegates[i].Away, slot) {
			n++
		}
	}
	if len(p.Delegates) == 0 {
		return 1
	}
	if p.Share {
		n = min(n, 1)
	}
	return n
}

// begin tells a problem which slots have begun, and what stands in them: with an
// interpreter where one was there, and with nothing else that there could be too little of.
func (b *base) begin(p *agenda.Problem, standing []agenda.Seat) {
	p.Begun = b.begun(b.at)
	if len(standing) == 0 {
		return
	}
	stays, with := map[string]bool{}, b.latest.interpreted()
	for i := range standing {
		stays[standing[i].ID] = true
	}
	needed := false
	for i := range p.Meetings {
		if m := &p.Meetings[i]; stays[m.ID] {
			if m.Resources = nil; with[m.ID] {
				m.Resources, needed = []string{interpreters}, true
			}
		}
	}
	if needed && b.fair.Interpreters == 0 {
		p.Resources = append(p.Resources, agenda.Resource{ID: interpreters})
	}
}

// close has a problem keep the tables closed that are.
func (b *base) close(p *agenda.Problem) {
	closed := b.closures(b.at)
	for i := range p.Tables {
		t := &p.Tables[i]
		t.Unavailable = append(slices.Clone(t.Unavailable), closed[t.ID]...)
	}
}

// gone are the parties of whom nobody is there in any slot to come: that were noted
// absent, or take part no more, or of which that is left on the day.
func (b *base) gone(parties []scene.FairParty) map[string]bool {
	begun, out := b.begun(b.at), map[string]bool{}
	day := dayOf(&b.fair, selvesOf(b.parties), b.entries)
	for i := range parties {
		p := &parties[i]
		noted := p.State != scene.PartyAccepted || len(begun) > 0 || len(day.absent[p.ID]) > 0
		out[string(p.ID)] = noted && !slices.ContainsFunc(b.fair.Slots, func(x scene.FairSlot) bool {
			return !slices.Contains(begun, x.ID) && peopleThere(p, x.ID) > 0
		})
	}
	return out
}

// excuse has nothing be demanded for parties that are gone: neither a minimum nor a must.
func excuse(p *agenda.Problem, gone map[string]bool) {
	for i := range p.Parties {
		if gone[p.Parties[i].ID] {
			p.Parties[i].Min = 0
		}
	}
	for i := range p.Wishes {
		if w := &p.Wishes[i]; w.Kind == agenda.Must && (gone[w.From] || gone[w.To]) {
			w.Kind = agenda.Want
		}
	}
}

// locks are those of the draft that can still hold, and what stands.
func (b *base) locks(standing []agenda.Seat, gone map[string]bool) map[string]scene.FairPlace {
	out := placesOf(standing)
	if b.draft == nil {
		return out
	}
	begun := b.begun(b.at)
	for id, at := range b.draft.row.Locks {
		one, other, _ := strings.Cut(id, "~")
		if _, stands := out[id]; !stands && b.has(at) && !slices.Contains(begun, at.Slot) && !gone[one] && !gone[other] {
			out[id] = at
		}
	}
	return out
}

// has reports whether the fair has a place.
func (b *base) has(at scene.FairPlace) bool {
	_, there := b.fair.Slot(at.Slot)
	return there && slices.Contains(tableIDs(&b.fair), at.Table)
}

func placesOf(seats []agenda.Seat) map[string]scene.FairPlace {
	out := map[string]scene.FairPlace{}
	for i := range seats {
		out[seats[i].ID] = *placeOf(&seats[i])
	}
	return out
}
