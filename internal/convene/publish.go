package convene

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Publish makes the draft the next version, with those of its offers that are
// named, and tells the parties whose meetings change. A draft whose Revision is no
// longer the one looked at, or that another version overtook, is a Conflict; one of
// another grid of slots, with a party that no longer takes part or was noted absent, or
// that breaks a rule, is a Precondition error that says which; so is one by which somebody
// is in two places, until despite says
// [TwoPlacesSeen], and one with new meetings in slots that have begun, until it says
// [BegunSeen]. What is published stays as it was whenever there is an error. All
// of it is one transaction: nobody withdraws, and no table goes, between the look and
// the word.
func (s *Service) Publish(ctx context.Context, by scene.Actor, fair scene.ID, revision int, offers []string, despite ...Despite) (*Version, error) {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return nil, err
	}
	var v *version
	err := s.store.Update(ctx, func(tx store.Tx) error {
		b, err := readBase(ctx, tx, fair, s.now())
		if err != nil {
			return err
		}
		if v, err = s.nextVersion(b, by, revision, offers); err != nil {
			return err
		}
		if fields := b.twice(v, s.now()); len(fields) > 0 && !slices.Contains(despite, TwoPlacesSeen) {
			return s.explain(b, &scene.Error{Code: scene.Precondition, Key: "fair.twice_look", Fields: fields[:min(len(fields), 20)], Args: map[string]any{"count": len(fields)}})
		}
		if fields := b.tooLate(v, s.now()); len(fields) > 0 && !slices.Contains(despite, BegunSeen) {
			return s.explain(b, &scene.Error{Code: scene.Precondition, Key: "fair.begun_look", Fields: fields[:min(len(fields), 20)], Args: map[string]any{"count": len(fields)}})
		}
		if v.row.Told, err = s.tellAffected(ctx, tx, by, b, &v.row); err != nil {
			return err
		}
		row, err := tx.Fairs().PutPlan(ctx, v.row)
		if err != nil {
			return err
		}
		v.row.Revision = row.Revision
		if err := tx.Fairs().DeletePlan(ctx, fair); err != nil {
			return err
		}
		return s.wrote(ctx, tx, by, "fair.publish", "fair", fair, fair, strconv.Itoa(v.row.Number), nil, nil)
	})
	s.forget(fair)
	s.forgetPlan(fair)
	if err != nil {
		return nil, scene.Wrap("convene.Publish", err)
	}
	return v.shown(), nil
}

// Despite is what somebody was told of, and does what he does all the same.
type Despite string

// What there is to be told of.
const (
	TwoPlacesSeen Despite = "two places" // people would be in two places at once
	BegunSeen     Despite = "begun"      // meetings are new in slots that run or are over
	PastSeen      Despite = "past"       // the day of the fair is over
	KeptSeen      Despite = "kept"       // the place is kept for the other side
)

// tooLate are the meetings of v that nobody could be told of in time.
func (b *base) tooLate(v *version, now time.Time) (fields []scene.FieldError) {
	var published *agenda.Plan
	if b.latest != nil {
		published = b.latest.plan
	}
	for _, seat := range tooLate(v.plan, published, &b.fair, now) {
		fields = append(fields, scene.FieldError{Field: "plan", Key: "fair.begun_meeting", Args: map[string]any{"id": seat.ID, "slot": seat.Slot, "table": seat.Table}})
	}
	return fields
}

// nextVersion makes a version of the draft, if it is the one that was looked at
// and can be published.
func (s *Service) nextVersion(b *base, by scene.Actor, revision int, offers []string) (*version, error) {
	v := b.draft
	switch {
	case v == nil || v.row.Revision == 0:
		return nil, &scene.Error{Code: scene.Precondition, Key: "fair.no_draft"}
	case v.row.Revision != revision:
		return nil, &scene.Error{Code: scene.Conflict, Key: "fair.draft_changed"}
	case b.latest != nil && v.row.Base != b.latest.row.Number: // its changes are told against another one
		return nil, &scene.Error{Code: scene.Conflict, Key: "fair.draft_overtaken"}
	}
	if err := v.accept(b, offers, s.now()); err != nil {
		return nil, err
	}
	if err := s.publishable(b, v); err != nil {
		return nil, err
	}
	number := 1
	if b.latest != nil {
		number = b.latest.row.Number + 1
	}
	why := reasons(v.row.Changes)
	v.offers, v.row.Offers = nil, nil
	v.row.Number, v.row.Revision, v.row.Made, v.row.By = number, 0, s.now().UTC(), by.Name
	v.changes(b.latest, why)
	return v, v.write()
}

// accept adds offers of the draft to its plan.
func (v *version) accept(b *base, offers []string, now time.Time) error {
	for _, id := range offers {
		i := slices.IndexFunc(v.offers, func(s agenda.Seat) bool { return s.ID == id })
		if i < 0 {
			return &scene.Error{Code: scene.NotFound, Op: "convene.Publish", Key: "fair.no_such_meeting"}
		}
		v.plan.Meetings = append(v.plan.Meetings, v.offers[i])
		v.decided(id, movedFilled)
		v.plan.Unplanned = slices.DeleteFunc(v.plan.Unplanned, func(u agenda.Unplanned) bool { return u.ID == id })
	}
	if len(offers) > 0 {
		b.assign(v, v.plan, now)
		agenda.Recount(v.problem, v.plan)
	}
	return nil
}

// publishable refuses a draft that rows have left behind, or that breaks a rule
// which no plan may break: somebody or a table in two places, a place that is gone.
func (s *Service) publishable(b *base, v *version) error {
	if v.recut(&b.fair) {
		return &scene.Error{Code: scene.Precondition, Key: "fair.draft_recut"}
	}
	fields := b.behind(v, s.now())
	for _, f := range clashes(v) {
		resource, _ := f.Args["resource"].(string)
		switch {
		case slices.Contains([]string{"agenda.broken_must", "agenda.broken_min", "agenda.broken_after", "agenda.broken_never"}, f.Key):
			// What could not be kept is shown with the draft; it is for people to publish it so.
		case IsPerson(resource): // is asked about by himself: who sees it may publish it so
		default:
			fields = append(fields, f)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return s.explain(b, &scene.Error{Code: scene.Precondition, Key: "fair.draft_stale", Fields: fields[:min(len(fields), 20)]})
}

// explain puts names in the place of ids in what an error says.
func (s *Service) explain(b *base, err error) error {
	e, ok := errors.AsType[*scene.Error](err)
	if !ok {
		return err
	}
	n := NewNames(&b.fair, b.parties)
	out := *e
	out.Fields = n.Fields(e.Fields)
	return &out
}

// Names turns ids into what people call things by.
type Names struct {
	party map[string]string
	slot  map[string]string
	who   map[string]string
}

// NewNames returns the names of a fair; a slot is called by when it begins, with the delay
// of the hall.
func NewNames(f *scene.Fair, parties []scene.FairParty) *Names {
	n := &Names{party: map[string]string{}, slot: map[string]string{}, who: map[string]string{}}
	for i := range parties {
		n.party[string(parties[i].ID)] = parties[i].Name
		for k := range parties[i].Delegates {
			n.who[string(parties[i].Delegates[k].ID)] = parties[i].Delegates[k].Name
		}
	}
	for i := range f.Slots {
		start, _ := f.Hours(f.Slots[i].Start, f.Slots[i].End)
		n.slot[f.Slots[i].ID] = start.In(scene.China()).Format("15:04")
	}
	return n
}

// Contradiction says the conditions of a contradiction in a problem, as messages.
func (n *Names) Contradiction(p *agenda.Problem, c *agenda.Contradiction) []scene.FieldError {
	list := p.Explain(c)
	for i := range list {
		resource := c.Conditions[i].Resource
		who, delegate := n.Delegate(resource)
		switch {
		case delegate && BothSides(resource):
			list[i] = scene.FieldError{Key: "fair.rule_both_sides", Args: map[string]any{"delegate": who}}
		case delegate && IsPerson(resource):
			list[i] = scene.FieldError{Key: "fair.rule_person", Args: map[string]any{"delegate": who}}
		case delegate:
			list[i] = scene.FieldError{Key: "fair.rule_delegate", Args: map[string]any{"delegate": who}}
		case resource == interpreters:
			list[i].Key = "fair.rule_interpreters"
		}
		n.called(list[i].Args)
	}
	return list
}

// called puts names in the place of the ids of a condition.
func (n *Names) called(args map[string]any) {
	for key, value := range args {
		switch of := value.(type) {
		case string:
			switch key {
			case "meeting":
				args[key] = n.Meeting(of)
			case "party":
				args[key] = n.Party(of)
			case "slot":
				args[key] = n.Slot(of)
			}
		case []string:
			names := make([]string, len(of))
			for i, id := range of {
				names[i] = n.Party(n.Slot(id))
			}
			args[key] = names
		}
	}
}

// Party is the name of a party, or the id where there is none.
func (n *Names) Party(id string) string { return named(n.party, id) }

// Delegate is the name of a delegate, by his id or as the resource of a problem that he
// is, and whether there is one.
func (n *Names) Delegate(id string) (string, bool) {
	name, there := n.who[strings.TrimPrefix(strings.TrimPrefix(id, samePrefix), bothPrefix)]
	return name, there
}

// Slot is the beginning of a slot.
func (n *Names) Slot(id string) string { return named(n.slot, id) }

// Meeting names both sides of a meeting.
func (n *Names) Meeting(id string) string {
	a, b, ok := strings.Cut(id, "~")
	if !ok {
		return id
	}
	return n.Party(a) + " × " + n.Party(b)
}

// Fields puts names into the arguments of faults.
func (n *Names) Fields(list []scene.FieldError) (out []scene.FieldError) {
	for _, f := range list {
		out = append(out, n.Field(f))
	}
	return out
}

// Field puts names into the arguments of a fault.
func (n *Names) Field(f scene.FieldError) scene.FieldError {
	args := make(map[string]any, len(f.Args))
	for key, value := range f.Args {
		args[key] = value
		text, ok := value.(string)
		if !ok {
			continue
		}
		switch key {
		case "party", "from", "to":
			args[key] = n.Party(text)
		case "resource":
			if name, person := n.Delegate(text); person {
				f.Key, args["delegate"] = "fair.clash_person", name
				if BothSides(text) {
					f.Key = "fair.clash_both_sides"
				}
			} else if text == interpreters {
				f.Key = "fair.clash_interpreters"
			}
		case "delegate":
			args[key] = named(n.who, text)
		case "slot":
			args[key] = n.Slot(text)
		case "id", "other":
			args[key] = n.Party(n.Slot(n.Meeting(text)))
		}
	}
	f.Args = args
	return f
}

func named(m map[string]string, id string) string {
	if name, ok := m[id]; ok {
		return name
	}
	return id
}

// argsText is arguments in a fixed order, to compare faults by.
func argsText(args map[string]any) string {
	var b strings.Builder
	for _, k := range sorted(args) {
		fmt.Fprintf(&b, "%s=%v ", k, args[k])
	}
	return b.String()
}
