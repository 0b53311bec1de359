package convene

import (
	"slices"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// recut reports whether meetings of v stand in slots that a fair does not have, or has at
// other times: v is of another grid, and nothing of it can be published.
func (v *version) recut(f *scene.Fair) bool {
	if v == nil {
		return false
	}
	slots, _, _ := v.lost(f)
	return len(slots) > 0
}

// keeps reports whether a fair has a slot at the times it had.
func keeps(f *scene.Fair, slot *scene.FairSlot) bool {
	now, there := f.Slot(slot.ID)
	return there && now.Start.Equal(slot.Start) && now.End.Equal(slot.End)
}

// behind is what rows have done to v since it was made: who left, who was noted absent or
// said that he is away, which place is gone, and what has no interpreter any more. Over
// slots are as they were.
func (b *base) behind(v *version, now time.Time) (fields []scene.FieldError) {
	state := map[string]scene.FairPartyState{}
	for i := range b.parties {
		state[string(b.parties[i].ID)] = b.parties[i].State
	}
	tables, over := tableIDs(&b.fair), b.past(now)
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		_, known := b.fair.Slot(seat.Slot)
		past := slices.Contains(over, seat.Slot)
		for _, id := range seat.Parties {
			if state[id] != scene.PartyAccepted && !past {
				fields = append(fields, scene.FieldError{Field: "plan", Key: "fair.party_left", Args: map[string]any{"party": id}})
			}
		}
		if !known || !slices.Contains(tables, seat.Table) {
			fields = append(fields, scene.FieldError{Field: "plan", Key: "fair.place_gone", Args: map[string]any{"id": seat.ID, "slot": seat.Slot, "table": seat.Table}})
		}
	}
	fields = append(fields, b.noShows(v, now)...)
	fields = append(fields, b.chosenAway(v, now)...)
	return append(fields, b.uninterpreted(v, now)...)
}

// noShows are those whom v plans though they were noted absent, in slots that are not
// over; what stands in one that runs, as published, is not planned by v.
func (b *base) noShows(v *version, now time.Time) (list []scene.FieldError) {
	day, begun, past := dayOf(&b.fair, selvesOf(b.parties), b.entries), b.begun(now), b.past(now)
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		if slices.Contains(past, seat.Slot) || slices.Contains(begun, seat.Slot) && b.stood(seat) {
			continue
		}
		for k := range b.parties {
			if p := &b.parties[k]; slices.Contains(seat.Parties, string(p.ID)) {
				list = append(list, b.notComing(day, p, seat)...)
			}
		}
	}
	return list
}

// notComing tells of a party, or of whom it sends, that they were noted absent at the time
// of a meeting.
func (b *base) notComing(day *Day, p *scene.FairParty, seat *agenda.Seat) []scene.FieldError {
	noted := func(delegate scene.ID) bool {
		return slices.Contains(day.absentSlots(&b.fair, p.ID, delegate), seat.Slot)
	}
	comes := func(d scene.Delegate) bool { return !noted(d.ID) }
	who := scene.ID(seat.Delegates[string(p.ID)])
	switch {
	case noted(""), len(p.Delegates) > 0 && !slices.ContainsFunc(p.Delegates, comes):
		return []scene.FieldError{{Field: "plan", Key: "fair.clash_away", Args: map[string]any{"party": string(p.ID), "slot": seat.Slot}}}
	case who != "" && noted(who):
		return []scene.FieldError{*sitsOut(string(who), seat.Slot)}
	}
	return nil
}
