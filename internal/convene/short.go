package convene

import (
	"slices"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// Short is how many meetings of the version in force, in slots that have not begun, need
// an interpreter and will have none: there are fewer than when it was planned.
func (b *Board) Short(at time.Time) (n int) {
	for i := range b.Rounds {
		if !b.Rounds[i].Start.After(at) {
			continue
		}
		needed := 0
		for k := range b.Rounds[i].Meetings {
			if b.Rounds[i].Meetings[k].Interpreted {
				needed++
			}
		}
		n += max(0, needed-b.Fair.Interpreters)
	}
	return n
}

// uninterpreted tells which meetings of v, to come, have no interpreter since there are
// fewer than v was made for.
func (b *base) uninterpreted(v *version, now time.Time) (list []scene.FieldError) {
	fewer := slices.ContainsFunc(v.problem.Resources, func(r agenda.Resource) bool { return r.ID == interpreters && r.Capacity > b.fair.Interpreters })
	if !fewer {
		return nil // the rules of v tell
	}
	needs, begun, n := v.interpreted(), b.begun(now), map[string]int{}
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		if !needs[seat.ID] || slices.Contains(begun, seat.Slot) {
			continue
		}
		if n[seat.Slot]++; n[seat.Slot] > b.fair.Interpreters {
			list = append(list, scene.FieldError{Field: "plan", Key: "fair.clash_interpreters", Args: map[string]any{"id": seat.ID, "slot": seat.Slot}})
		}
	}
	return list
}
