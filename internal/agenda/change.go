package agenda

import (
	"fmt"
	"slices"

	"jinghe/internal/scene"
)

// Change is what happened after a plan was published.
type Change struct {
	Kind    ChangeKind `json:"kind"`
	Party   string     `json:"party,omitempty"`
	Table   string     `json:"table,omitempty"`
	Meeting string     `json:"meeting,omitempty"`
	// Slots in which it holds; empty means all that are not over.
	Slots []string `json:"slots,omitempty"`
}

// ChangeKind is a kind of change.
type ChangeKind string

// The kinds of change.
const (
	ChangeAbsent    ChangeKind = "absent"    // Party is not there in Slots: a no-show, or late
	ChangeClosed    ChangeKind = "closed"    // Table cannot be used in Slots
	ChangeCancelled ChangeKind = "cancelled" // Meeting does not take place
	ChangeOver      ChangeKind = "over"      // Slots are past: what they hold stays as it is
	ChangeBegun     ChangeKind = "begun"     // Slots run: what they hold may go, and nothing else comes in
)

// changed returns the problem with the changes in it, as a copy, and the slots
// that are over, and those that have begun.
func (p *Problem) changed(changes []Change) (next *Problem, over, begun mask, err error) {
	slot := make(map[string]int, len(p.Slots))
	for i := range p.Slots {
		slot[p.Slots[i].ID] = i
	}
	over, begun = make(mask, words(len(p.Slots))), make(mask, words(len(p.Slots)))
	for i := range changes {
		for _, id := range changes[i].Slots {
			s, known := slot[id]
			if !known {
				return nil, nil, nil, unknownChange(i, "slot", id)
			}
			switch changes[i].Kind {
			case ChangeOver:
				over.set(s)
			case ChangeBegun:
				begun.set(s)
			}
		}
	}
	copied := *p
	next = &copied
	next.Tables, next.Parties = slices.Clone(p.Tables), slices.Clone(p.Parties)
	var ahead []string
	for s := range p.Slots {
		if !over.has(s) {
			ahead = append(ahead, p.Slots[s].ID)
		}
	}
	for i := range changes {
		if err := next.apply(i, &changes[i], ahead); err != nil {
			return nil, nil, nil, err
		}
	}
	return next, over, begun, nil
}

// apply makes one change; ahead are the slots that are not over.
func (p *Problem) apply(i int, c *Change, ahead []string) error {
	slots := c.Slots
	if len(slots) == 0 {
		slots = ahead
	}
	switch c.Kind {
	case ChangeAbsent:
		k := slices.IndexFunc(p.Parties, func(x Party) bool { return x.ID == c.Party })
		if k < 0 {
			return unknownChange(i, "party", c.Party)
		}
		p.Parties[k].Unavailable = union(p.Parties[k].Unavailable, slots)
	case ChangeClosed:
		k := slices.IndexFunc(p.Tables, func(t Table) bool { return t.ID == c.Table })
		if k < 0 {
			return unknownChange(i, "table", c.Table)
		}
		p.Tables[k].Unavailable = union(p.Tables[k].Unavailable, slots)
	case ChangeCancelled:
		if !p.cancel(c.Meeting) {
			return unknownChange(i, "meeting", c.Meeting)
		}
	case ChangeOver, ChangeBegun:
	default:
		return unknownChange(i, "change", string(c.Kind))
	}
	return nil
}

func unknownChange(i int, kind, id string) error {
	return &scene.Error{Code: scene.Invalid, Key: "agenda.change_unknown", Fields: []scene.FieldError{{
		Field: fmt.Sprintf("changes[%d]", i), Key: "agenda.unknown_" + kind, Args: map[string]any{"id": id},
	}}}
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, id := range b {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// cancel takes a meeting out, with the wishes it was made of.
func (p *Problem) cancel(id string) bool {
	for _, u := range unite(p) {
		if u.source.ID != id {
			continue
		}
		p.Meetings = slices.Clone(p.Meetings)
		p.Meetings = slices.DeleteFunc(p.Meetings, func(m Meeting) bool { return m.ID == id })
		for i := range p.Meetings {
			after := slices.Clone(p.Meetings[i].After)
			p.Meetings[i].After = slices.DeleteFunc(after, func(k string) bool { return k == id })
		}
		if parties := u.source.Parties; len(parties) == 2 {
			gone := pair(parties[0], parties[1])
			p.Wishes = slices.Clone(p.Wishes)
			p.Wishes = slices.DeleteFunc(p.Wishes, func(w Wish) bool { return pair(w.From, w.To) == gone })
		}
		return true
	}
	return false
}
