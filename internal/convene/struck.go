package convene

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Struck is a meeting that was taken out because a party was noted absent, or its table
// closed.
type Struck struct {
	Meeting string
	Parties []scene.ID
	With    scene.ID // the other side of the party that was asked about
	At      scene.FairPlace
	Pending bool // only the draft takes it out: it is published still
	Ahead   bool // its slot has not begun
}

// Struck returns the meetings that a party lost by being noted absent, and has not got
// back: what who comes late has to be told of. They are in order of time.
func (s *Service) Struck(ctx context.Context, by scene.Actor, fair, party scene.ID) ([]Struck, error) {
	return s.struck(ctx, by, fair, lostBy(party))
}

// StruckAt is Struck for a table that was closed, in letters of any case: the meetings
// for which there was no other one. With is empty.
func (s *Service) StruckAt(ctx context.Context, by scene.Actor, fair scene.ID, table string) ([]Struck, error) {
	return s.struck(ctx, by, fair, lostAt(table))
}

// loss is what is looked for among meetings that were taken out.
type loss struct {
	// among reports whether a meeting is one of these, and who is the other side of whoever
	// looks.
	among func(*scene.FairChange) (with scene.ID, ok bool)
	party scene.ID // no version from before its first no-show has any; "" where that is not known
}

func lostBy(party scene.ID) loss {
	return loss{party: party, among: func(c *scene.FairChange) (scene.ID, bool) {
		side := slices.Index(c.Parties, party)
		if side < 0 || c.Why != string(agenda.MovedAbsent) {
			return "", false
		}
		return c.Parties[1-side], true
	}}
}

func lostAt(table string) loss {
	key := scene.NameKey(table)
	return loss{among: func(c *scene.FairChange) (scene.ID, bool) {
		return "", c.Why == string(agenda.MovedClosed) && scene.NameKey(c.From.Table) == key
	}}
}

// since is when it can have begun, as the log has it; never where it cannot have.
func (l *loss) since(entries []scene.FairEntry) (at time.Time, ever bool) {
	if l.party == "" {
		return time.Time{}, true
	}
	i := slices.IndexFunc(entries, func(e scene.FairEntry) bool { return e.Kind == scene.EntryAbsent && e.Party == l.party })
	if i < 0 {
		return time.Time{}, false
	}
	return entries[i].At, true
}

func (s *Service) struck(ctx context.Context, by scene.Actor, fair scene.ID, lost loss) (list []Struck, err error) {
	if err := by.May(scene.FairRead, scene.Object{}); err != nil {
		return nil, err
	}
	err = s.read(ctx, "convene.Struck", func(tx store.Tx) error {
		b, err := readBase(ctx, tx, fair, s.now())
		if err != nil || b.latest == nil {
			return err
		}
		list, err = b.struck(ctx, tx, lost)
		return err
	})
	return list, err
}

// struck looks through the versions from the newest to the first in which it can be: their
// documents are large.
func (b *base) struck(ctx context.Context, tx store.Tx, lost loss) (list []Struck, err error) {
	since, ever := lost.since(b.entries)
	if !ever {
		return nil, nil
	}
	begun := b.begun(b.at)
	add := func(changes []scene.FairChange, pending bool) {
		for i := range changes {
			c := &changes[i]
			if len(c.Parties) != 2 || c.To != nil || c.From == nil {
				continue
			}
			with, ok := lost.among(c)
			if _, stands := b.latest.seat(c.Meeting); !ok || stands != pending || slices.ContainsFunc(list, func(x Struck) bool { return x.Meeting == c.Meeting }) {
				continue
			}
			list = append(list, Struck{Meeting: c.Meeting, Parties: c.Parties, With: with, At: *c.From, Pending: pending, Ahead: !slices.Contains(begun, c.From.Slot)})
		}
	}
	if b.draft != nil {
		add(b.draft.row.Changes, true)
	}
	for n := b.latest.row.Number; n > 1; n-- {
		row := b.latest.row
		if n != row.Number {
			if row, err = tx.Fairs().Plan(ctx, b.fair.ID, n); err != nil {
				return nil, err
			}
		}
		if row.Made.Before(since) {
			break
		}
		add(row.Changes, false)
	}
	slots := slotIDs(&b.fair)
	slices.SortStableFunc(list, func(x, y Struck) int { return slices.Index(slots, x.At.Slot) - slices.Index(slots, y.At.Slot) })
	return list, nil
}

// PutBack repairs the published plan into a draft that has the meetings again which a
// party lost by being noted absent, where they were, as far as their slots have not begun
// and both sides and a table are free then. Those that do not fit there are among what
// the draft offers, if they fit elsewhere. Nothing else moves for them.
func (s *Service) PutBack(ctx context.Context, by scene.Actor, fair, party scene.ID) error {
	if err := by.May(scene.FairRun, scene.Object{}); err != nil {
		return err
	}
	return s.putBack(ctx, by, fair, lostBy(party))
}

// PutBackAt is PutBack for the meetings that were taken out as a table was closed.
func (s *Service) PutBackAt(ctx context.Context, by scene.Actor, fair scene.ID, table string) error {
	if err := by.May(scene.FairRun, scene.Object{}); err != nil {
		return err
	}
	f, err := s.Fair(ctx, by, fair)
	if err != nil {
		return err
	}
	if table, err = TableTyped(&f, table); err != nil {
		return err
	}
	return s.putBack(ctx, by, fair, lostAt(table))
}

func (s *Service) putBack(ctx context.Context, by scene.Actor, fair scene.ID, of loss) error {
	lost, err := s.struck(ctx, by, fair, of)
	if err != nil {
		return err
	}
	b, err := s.base(ctx, fair)
	if err != nil {
		return err
	}
	if b.latest == nil {
		return &scene.Error{Code: scene.Precondition, Op: "convene.PutBack", Key: "fair.no_plan"}
	}
	plan := *b.latest.plan
	plan.Meetings = slices.Clone(plan.Meetings)
	parties := b.presentBut(&plan)
	for i := range lost {
		if seat := b.fitsBack(&plan, parties, &lost[i]); seat != nil {
			plan.Meetings = append(plan.Meetings, *seat)
		}
	}
	repaired, made, err := s.repaired(ctx, b, mending{}, &plan)
	if err != nil {
		return err
	}
	return s.keepDraft(ctx, by, b, made, repaired)
}

// fitsBack is the seat of a meeting that was taken out where it was, at its table or
// another one, nil where it does not fit there.
func (b *base) fitsBack(plan *agenda.Plan, parties []scene.FairParty, x *Struck) *agenda.Seat {
	if x.Pending || !x.Ahead {
		return nil
	}
	seat := agenda.Seat{ID: x.Meeting, Slot: x.At.Slot, Parties: []string{string(x.Parties[0]), string(x.Parties[1])}}
	for _, id := range seat.Parties {
		i := slices.IndexFunc(parties, func(p scene.FairParty) bool { return string(p.ID) == id })
		if i < 0 || parties[i].State != scene.PartyAccepted || !b.hasTime(plan, &parties[i], seat.Slot) {
			return nil
		}
	}
	closed := b.closures(b.at)
	for _, table := range append([]string{x.At.Table}, tableIDs(&b.fair)...) {
		taken := slices.ContainsFunc(plan.Meetings, func(o agenda.Seat) bool { return o.Slot == seat.Slot && o.Table == table })
		if !taken && slices.Contains(tableIDs(&b.fair), table) && !slices.Contains(closed[table], seat.Slot) {
			seat.Table = table
			return &seat
		}
	}
	return nil
}

// hasTime reports whether a party can take one meeting more in a slot.
func (b *base) hasTime(plan *agenda.Plan, p *scene.FairParty, slot string) bool {
	if slices.Contains(p.Away, slot) {
		return false
	}
	here, all, people := 0, 0, 0
	for i := range plan.Meetings {
		if seat := &plan.Meetings[i]; slices.Contains(seat.Parties, string(p.ID)) {
			all++
			if seat.Slot == slot {
				here++
			}
		}
	}
	for i := range p.Delegates {
		if !slices.Contains(p.Delegates[i].Away, slot) {
			people++
		}
	}
	if p.Share {
		people = min(people, 1)
	}
	most := mostOf(&b.fair, p)
	return here < people && (most == nil || all < *most)
}
