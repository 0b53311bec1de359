package convene

import (
	"maps"
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

// standing are the meetings of the published plan that a new plan leaves where they are:
// those in slots that are over, and those that run and whose sides are there. A party
// that has fewer delegates by now keeps as many as it has people for.
func (b *base) standing(parties []scene.FairParty) (list []agenda.Seat) {
	if b.latest == nil {
		return nil
	}
	begun, past := b.begun(b.at), b.past(b.at)
	at, held := map[string]*scene.FairParty{}, map[[2]string]int{}
	for i := range parties {
		at[string(parties[i].ID)] = &parties[i]
	}
	for _, seat := range b.latest.plan.Meetings {
		stays := slices.Contains(begun, seat.Slot)
		for _, id := range seat.Parties {
			p := at[id]
			if p == nil || !slices.Contains(past, seat.Slot) && (p.State != scene.PartyAccepted || slices.Contains(p.Away, seat.Slot)) {
				stays = false
				break
			}
			people := len(p.Delegates)
			if p.Share {
				people = 1
			}
			stays = stays && held[[2]string{id, seat.Slot}] < max(1, people)
		}
		if !stays {
			continue
		}
		list = append(list, seat)
		for _, id := range seat.Parties {
			held[[2]string{id, seat.Slot}]++
		}
	}
	return list
}

// onlyStanding has a problem keep what stands in slots that have begun and closes these
// to everything else: a rule that came later takes nothing back that was held.
func (b *base) onlyStanding(p *agenda.Problem, standing []agenda.Seat) {
	gone, closed := b.begun(b.at), b.closures(b.at)
	if len(gone) == 0 && len(closed) == 0 {
		return
	}
	taken, number, stays := map[[2]string]bool{}, map[string]int{}, map[string]bool{}
	for _, seat := range standing {
		taken[[2]string{seat.Table, seat.Slot}], stays[seat.ID] = true, true
		for _, id := range seat.Parties {
			number[id]++
		}
	}
	for i := range p.Tables {
		t := &p.Tables[i]
		t.Unavailable = append(slices.Clone(t.Unavailable), closed[t.ID]...)
		for _, slot := range gone {
			if !taken[[2]string{t.ID, slot}] {
				t.Unavailable = append(t.Unavailable, slot)
			}
		}
	}
	ahead := func(slots []string) []string {
		return slices.DeleteFunc(slices.Clone(slots), func(id string) bool { return slices.Contains(gone, id) })
	}
	for i := range p.Parties {
		x := &p.Parties[i]
		x.Unavailable = ahead(x.Unavailable)
		if x.Max != nil && *x.Max < number[x.ID] {
			x.Max = new(number[x.ID])
		}
		for k := range x.Delegates {
			x.Delegates[k].Unavailable = ahead(x.Delegates[k].Unavailable)
		}
	}
	p.Wishes = slices.DeleteFunc(p.Wishes, func(w agenda.Wish) bool {
		return w.Kind == agenda.Never && stays[pairOf(scene.ID(w.From), scene.ID(w.To)).meetingID()]
	})
	for i := range p.Meetings {
		if m := &p.Meetings[i]; stays[m.ID] {
			m.Resources = slices.DeleteFunc(m.Resources, func(id string) bool { return strings.HasPrefix(id, samePrefix) })
		}
	}
}

// locks are those of the draft that can still hold, and what stands.
func (b *base) locks(standing []agenda.Seat) map[string]scene.FairPlace {
	out := map[string]scene.FairPlace{}
	if b.draft != nil {
		out = maps.Clone(b.draft.row.Locks)
		if out == nil {
			out = map[string]scene.FairPlace{}
		}
	}
	gone := b.begun(b.at)
	maps.DeleteFunc(out, func(_ string, at scene.FairPlace) bool { return slices.Contains(gone, at.Slot) })
	for i := range standing {
		out[standing[i].ID] = *placeOf(&standing[i])
	}
	return out
}
