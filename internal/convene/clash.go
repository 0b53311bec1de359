package convene

import (
	"errors"
	"slices"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// clashes are the rules that a draft breaks. Locks are not among them: a lock
// that was set after solving is a wish of the person who set it. Nor is what stands in
// slots that had begun, whichever rule came since. What a delegate who
// was chosen cannot do is told of him by name.
func clashes(v *version) []scene.FieldError {
	free := *v.problem
	free.Meetings = slices.Clone(v.problem.Meetings)
	for i := range free.Meetings {
		m := &free.Meetings[i]
		seat, there := v.seat(m.ID)
		if m.Locked != nil && (!there || seat.Slot != m.Locked.Slot || !slices.Contains(free.Begun, seat.Slot)) {
			m.Locked = nil
		}
	}
	var list []scene.FieldError
	for _, f := range agenda.Check(&free, v.plan) {
		if told := v.sitsWhy(&f); f.Key == "agenda.broken_resource" && told != nil {
			list = append(list, told...)
		} else {
			list = append(list, f)
		}
	}
	return list
}

// newClashes are those that were not there before.
func newClashes(before, after []scene.FieldError) []scene.FieldError {
	count := map[string]int{}
	name := func(f scene.FieldError) string { return f.Key + " " + argsText(f.Args) }
	for _, f := range before {
		count[name(f)]++
	}
	var out []scene.FieldError
	for _, f := range after {
		if n := name(f); count[n] > 0 {
			count[n]--
		} else {
			out = append(out, f)
		}
	}
	return out
}

// inTheWay says what a meeting that was moved to where it cannot stand met there: whom
// a party meets at that time, and who is not there. Each is said once.
func (v *version) inTheWay(moved *agenda.Seat, fields []scene.FieldError) []scene.FieldError {
	var out []scene.FieldError
	for _, f := range fields {
		told := []scene.FieldError{f}
		switch f.Key {
		case "agenda.broken_party_twice":
			id, _ := f.Args["party"].(string)
			told = append(v.absent(moved.Slot, id), v.meets(moved, id)...)
		case "agenda.broken_slot":
			told = v.absent(moved.Slot, moved.Parties...)
		case "fair.clash_sits":
			if f.Args["other"] == moved.ID {
				continue // the other meeting of that delegate is told too
			}
		}
		if len(told) == 0 {
			told = []scene.FieldError{f}
		}
		for _, x := range told {
			if !slices.ContainsFunc(out, func(y scene.FieldError) bool { return x.Key == y.Key && argsText(x.Args) == argsText(y.Args) }) {
				out = append(out, x)
			}
		}
	}
	return out
}

// meets names the other meetings of a party at the time of one that was moved.
func (v *version) meets(moved *agenda.Seat, party string) (list []scene.FieldError) {
	for i := range v.plan.Meetings {
		if x := &v.plan.Meetings[i]; x.ID != moved.ID && x.Slot == moved.Slot && slices.Contains(x.Parties, party) {
			list = append(list, scene.FieldError{Field: "plan", Key: "fair.clash_meets", Args: map[string]any{"party": party, "slot": x.Slot, "other": x.ID, "table": x.Table}})
		}
	}
	return list
}

// absent names those of the parties of whom nobody is there in a slot.
func (v *version) absent(slot string, parties ...string) (list []scene.FieldError) {
	for _, id := range parties {
		if v.away(id, slot) {
			list = append(list, scene.FieldError{Field: "plan", Key: "fair.clash_away", Args: map[string]any{"party": id, "slot": slot}})
		}
	}
	return list
}

// away reports whether nobody of a party is there in a slot.
func (v *version) away(party, slot string) bool {
	i := slices.IndexFunc(v.problem.Parties, func(p agenda.Party) bool { return p.ID == party })
	if i < 0 {
		return false
	}
	p := &v.problem.Parties[i]
	gone := func(d agenda.Delegate) bool { return slices.Contains(d.Unavailable, slot) }
	return slices.Contains(p.Unavailable, slot) || len(p.Delegates) > 0 && !slices.ContainsFunc(p.Delegates, func(d agenda.Delegate) bool { return !gone(d) })
}

// lockFaults are what is wrong with the problem that the locks of a draft make.
func lockFaults(b *base) []scene.FieldError {
	e, _ := errors.AsType[*scene.Error](b.pose(nil).problem.Validate())
	if e == nil {
		return nil
	}
	return e.Fields
}

// locksFit refuses locks that contradict each other, of which before is what was wrong
// already.
func (s *Service) locksFit(b *base, before []scene.FieldError) error {
	fresh := newClashes(before, lockFaults(b))
	if len(fresh) == 0 {
		return nil
	}
	return s.explain(b, &scene.Error{Code: scene.Precondition, Key: "fair.locks_contradict", Fields: fresh})
}
