package convene

import (
	"context"
	"encoding/json"
	"slices"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Version is a version of the meeting plan, or the draft of the next one, read
// from its row.
type Version struct {
	Row     scene.FairPlan
	Problem *agenda.Problem
	Plan    *agenda.Plan
	Offers  []agenda.Seat // that could be added to a repaired draft as it stands
}

// version is a Version inside the package.
type version struct {
	row     scene.FairPlan
	problem *agenda.Problem
	plan    *agenda.Plan
	offers  []agenda.Seat
}

func readVersion(row scene.FairPlan) (*version, error) {
	v := &version{row: row, problem: &agenda.Problem{}, plan: &agenda.Plan{}}
	for _, part := range []struct {
		raw  json.RawMessage
		into any
	}{{row.Problem, v.problem}, {row.Plan, v.plan}, {row.Offers, &v.offers}} {
		if len(part.raw) == 0 {
			continue
		}
		if err := json.Unmarshal(part.raw, part.into); err != nil {
			return nil, &scene.Error{Code: scene.Internal, Op: "convene.readVersion", Err: err}
		}
	}
	return v, nil
}

// write puts the documents of v into its row.
func (v *version) write() error {
	var err error
	if v.row.Problem, err = json.Marshal(v.problem); err == nil {
		if v.row.Plan, err = json.Marshal(v.plan); err == nil && v.offers != nil {
			v.row.Offers, err = json.Marshal(v.offers)
		}
	}
	if err != nil {
		return &scene.Error{Code: scene.Internal, Op: "convene.write", Err: err}
	}
	return nil
}

func (v *version) shown() *Version {
	if v == nil {
		return nil
	}
	return &Version{Row: v.row, Problem: v.problem, Plan: v.plan, Offers: v.offers}
}

// Sender returns the delegate who takes a meeting of the plan for a party that sends one
// of several, "" for one that does not, or where nobody is left.
func (v *Version) Sender(seat *agenda.Seat, party string) string {
	i := slices.IndexFunc(v.Problem.Parties, func(p agenda.Party) bool { return p.ID == party })
	if i < 0 || !v.Problem.Parties[i].SendsOne() {
		return ""
	}
	return seat.Delegates[party]
}

// Mended reports whether a draft is the repaired plan, and not one that was made anew.
func (v *Version) Mended() bool { return v.Offers != nil }

// Interpreted reports which meetings of the problem need an interpreter, by id: those
// whose parties share no language, where the fair has interpreters.
func (v *Version) Interpreted() map[string]bool { return interpreted(v.Problem) }

func (v *version) interpreted() map[string]bool { return interpreted(v.problem) }

func interpreted(p *agenda.Problem) map[string]bool {
	needs := map[string]bool{}
	for i := range p.Meetings {
		if slices.Contains(p.Meetings[i].Resources, interpreters) {
			needs[p.Meetings[i].ID] = true
		}
	}
	return needs
}

// Speaks are the languages of a party, by code: Chinese where it says nothing.
func Speaks(p *scene.FairParty) []string {
	if p == nil || len(p.Languages) == 0 {
		return []string{"zh"}
	}
	return p.Languages
}

// slots are those that the plan was made for.
func (v *version) slots() []scene.FairSlot {
	var list []scene.FairSlot
	for i := range v.problem.Slots {
		x := &v.problem.Slots[i]
		if x.Start != nil && x.End != nil {
			list = append(list, scene.FairSlot{ID: x.ID, Block: x.Block, Start: *x.Start, End: *x.End})
		}
	}
	return list
}

// seat returns the planned meeting of that id.
func (v *version) seat(id string) (*agenda.Seat, bool) {
	i := slices.IndexFunc(v.plan.Meetings, func(s agenda.Seat) bool { return s.ID == id })
	if i < 0 {
		return nil, false
	}
	return &v.plan.Meetings[i], true
}

// latest returns the version in force, nil where none is published.
func latest(ctx context.Context, tx store.Tx, fair scene.ID) (*version, error) {
	row, err := tx.Fairs().LatestPlan(ctx, fair)
	if scene.CodeOf(err) == scene.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return readVersion(row)
}

// draft returns the draft, or else one that is the version in force unchanged;
// nil where there is neither.
func draft(ctx context.Context, tx store.Tx, fair scene.ID) (*version, error) {
	row, err := tx.Fairs().Plan(ctx, fair, 0)
	if err == nil {
		return readVersion(row)
	}
	if scene.CodeOf(err) != scene.NotFound {
		return nil, err
	}
	v, err := latest(ctx, tx, fair)
	if err != nil || v == nil {
		return nil, err
	}
	v.row.Base, v.row.Number, v.row.Revision, v.row.Changes, v.row.Note = v.row.Number, 0, 0, nil, ""
	v.row.Told, v.row.Causes = nil, nil
	return v, nil
}

// Draft returns the draft of the next version, nil where there is none.
func (s *Service) Draft(ctx context.Context, by scene.Actor, fair scene.ID) (v *Version, err error) {
	return s.version(ctx, by, "convene.Draft", func(tx store.Tx) (*version, error) {
		row, err := tx.Fairs().Plan(ctx, fair, 0)
		if scene.CodeOf(err) == scene.NotFound {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return readVersion(row)
	})
}

// Published returns the version in force, nil where there is none.
func (s *Service) Published(ctx context.Context, by scene.Actor, fair scene.ID) (v *Version, err error) {
	return s.version(ctx, by, "convene.Published", func(tx store.Tx) (*version, error) { return latest(ctx, tx, fair) })
}

func (s *Service) version(ctx context.Context, by scene.Actor, op string, find func(store.Tx) (*version, error)) (*Version, error) {
	if err := by.May(scene.FairRead, scene.Object{}); err != nil {
		return nil, err
	}
	var v *version
	err := s.read(ctx, op, func(tx store.Tx) (err error) {
		v, err = find(tx)
		return err
	})
	return v.shown(), err
}

// changes lists what v changes of what is published, nil for nothing, and why.
func (v *version) changes(published *version, why map[string]string) {
	var before *agenda.Plan
	if published != nil {
		before = published.plan
	}
	v.row.Changes = differences(before, v.plan, why)
	for i := range v.row.Changes {
		v.whyOther(&v.row.Changes[i])
	}
	if published != nil {
		v.interpretedOtherwise(published)
	}
}

// interpretedOtherwise adds to the changes the meetings that have an interpreter no more,
// or have one now, and are else as they were.
func (v *version) interpretedOtherwise(published *version) {
	had, has := published.interpreted(), v.interpreted()
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		was, there := published.seat(seat.ID)
		if !there || had[seat.ID] == has[seat.ID] || slices.ContainsFunc(v.row.Changes, func(c scene.FairChange) bool { return c.Meeting == seat.ID }) {
			continue
		}
		c := scene.FairChange{Meeting: seat.ID, From: placeOf(was), To: placeOf(seat), Why: movedInterpreted}
		if had[seat.ID] {
			c.Why = movedAlone
		}
		for _, id := range seat.Parties {
			c.Parties = append(c.Parties, scene.ID(id))
		}
		v.row.Changes = append(v.row.Changes, c)
	}
}

// Why a meeting changed besides what a repair says.
const (
	movedAnew        = "anew"         // all was planned anew
	movedByHand      = "by_hand"      // a person moved it
	movedFilled      = "filled"       // an offer was taken
	movedInterpreted = "interpreted"  // it has an interpreter now
	movedAlone       = "alone"        // and none any more
	movedShort       = "interpreters" // there are too few of them at its time
	movedPerson      = "person"       // somebody was to be at two tables
	movedBothSides   = "both_sides"   // both sides are one person
)

// whyMoved says of each meeting that a repair changed why, in the words of a fair.
func whyMoved(changed []agenda.Moved) map[string]string {
	why := map[string]string{}
	for i := range changed {
		m := &changed[i]
		switch why[m.ID] = string(m.Why); {
		case m.Why != agenda.MovedResource:
		case m.Resource == interpreters:
			why[m.ID] = movedShort
		case IsPerson(m.Resource):
			why[m.ID] = movedPerson
		case BothSides(m.Resource):
			why[m.ID] = movedBothSides
		default: // the delegate who was chosen to go
			why[m.ID] = string(agenda.MovedAbsent)
		}
	}
	return why
}

// decided notes why a meeting is not as published, where a person decided so.
func (v *version) decided(meeting, why string) {
	v.row.Changes = slices.DeleteFunc(v.row.Changes, func(c scene.FairChange) bool { return c.Meeting == meeting })
	v.row.Changes = append(v.row.Changes, scene.FairChange{Meeting: meeting, Why: why})
}

// differences lists the meetings of next that are not as in before, which may be
// nil, in the order of next and then of what was dropped. A meeting to which somebody
// else goes is one of them.
func differences(before, next *agenda.Plan, why map[string]string) []scene.FairChange {
	was := map[string]*agenda.Seat{}
	if before != nil {
		for i := range before.Meetings {
			was[before.Meetings[i].ID] = &before.Meetings[i]
		}
	}
	var out []scene.FairChange
	add := func(from, to *agenda.Seat) {
		c := scene.FairChange{From: placeOf(from), To: placeOf(to), Sits: sits(from, to)}
		some := to
		if some == nil {
			some = from
		}
		c.Meeting, c.Why = some.ID, why[some.ID]
		for _, id := range some.Parties {
			c.Parties = append(c.Parties, scene.ID(id))
		}
		out = append(out, c)
	}
	now := map[string]bool{}
	for i := range next.Meetings {
		seat := &next.Meetings[i]
		now[seat.ID] = true
		old := was[seat.ID]
		if old == nil || old.Slot != seat.Slot || old.Table != seat.Table || len(sits(old, seat)) > 0 {
			add(old, seat)
		}
	}
	if before != nil {
		for i := range before.Meetings {
			if seat := &before.Meetings[i]; !now[seat.ID] {
				add(seat, nil)
			}
		}
	}
	return out
}

// reasons says of each changed meeting why it changed.
func reasons(changes []scene.FairChange) map[string]string {
	why := map[string]string{}
	for i := range changes {
		why[changes[i].Meeting] = changes[i].Why
	}
	return why
}

func placeOf(s *agenda.Seat) *scene.FairPlace {
	if s == nil {
		return nil
	}
	return &scene.FairPlace{Slot: s.Slot, Table: s.Table}
}

// affected are the parties that changes concern, each once.
func affected(changes []scene.FairChange) []scene.ID {
	var ids []scene.ID
	seen := map[scene.ID]bool{}
	for i := range changes {
		for _, id := range changes[i].Parties {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids
}
