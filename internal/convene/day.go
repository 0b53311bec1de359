package convene

import (
	"context"
	"errors"
	"slices"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Day is what the log of a fair says happened.
type Day struct {
	Arrived map[scene.ID]time.Time // delegate → when he was checked in first
	// Reported is, by delegate, when he first said of a meeting that it took place, and did
	// not correct that since: he was there, checked in or not.
	Reported map[scene.ID]time.Time
	Outcomes map[string]map[scene.ID]scene.FairOutcome
	Act      scene.ID  // on the stage, "" for nobody
	ActSince time.Time // since when
	ActAfter scene.ID  // who was on last, where nobody is
	Staged   int       // how often the stage changed
	// seats are who signed up for an entry, in the order of the server.
	seats  map[scene.ID][]Seated
	absent map[scene.ID][]absence
	// entered are those of whom a line says that they arrived, and not another one of the
	// same person.
	entered map[Self]bool
}

// dayOf folds the log of a fair in the order of the server. Who comes for two parties has
// arrived for both.
func dayOf(f *scene.Fair, same selves, entries []scene.FairEntry) *Day {
	d := &Day{Arrived: map[scene.ID]time.Time{}, Reported: map[scene.ID]time.Time{}, Outcomes: map[string]map[scene.ID]scene.FairOutcome{}, absent: map[scene.ID][]absence{}, seats: map[scene.ID][]Seated{}, entered: map[Self]bool{}}
	last := lastWords(entries)
	for i := range entries {
		e := &entries[i]
		switch e.Kind {
		case scene.EntryArrived:
			d.entered[Self{e.Party, e.Delegate}] = true
			d.arrives(f, e, Self{e.Party, e.Delegate})
			for _, other := range same[e.Delegate] {
				d.arrives(f, e, other)
			}
		case scene.EntryAbsent:
			d.absent[e.Party] = append(d.absent[e.Party], absence{entry: e.ID, delegate: e.Delegate, slots: e.Slots, at: e.At})
		case scene.EntryOutcome:
			d.says(f, same, e, last[wordOf(e)].Held)
		case scene.EntrySeat:
			if !d.seated(e.Act, e.Delegate) {
				d.seats[e.Act] = append(d.seats[e.Act], Seated{Party: e.Party, Delegate: e.Delegate, At: e.At})
			}
		case scene.EntryUnseat:
			d.seats[e.Act] = slices.DeleteFunc(d.seats[e.Act], func(x Seated) bool { return x.Delegate == e.Delegate })
		case scene.EntryStage:
			if e.Act == "" && d.Act != "" {
				d.ActAfter = d.Act
			}
			d.Act, d.ActSince = e.Act, e.At
			d.Staged++
		}
	}
	return d
}

// says notes what a side says of a meeting, and of who says that it took place, and stays
// with that, that he was there.
func (d *Day) says(f *scene.Fair, same selves, e *scene.FairEntry, stays bool) {
	if d.Outcomes[e.Meeting] == nil {
		d.Outcomes[e.Meeting] = map[scene.ID]scene.FairOutcome{}
	}
	d.Outcomes[e.Meeting][e.Party] = *e.Outcome
	if !e.Outcome.Held || !stays {
		return
	}
	d.reports(f, e, Self{e.Party, e.Delegate})
	for _, other := range same[e.Delegate] {
		d.reports(f, e, other)
	}
}

// word is of which meeting a delegate says something.
type word struct {
	meeting  string
	delegate scene.ID
}

func wordOf(e *scene.FairEntry) word { return word{e.Meeting, e.Delegate} }

// lastWords are what each delegate said last of each meeting: the rest is corrected by it.
func lastWords(entries []scene.FairEntry) map[word]scene.FairOutcome {
	last := map[word]scene.FairOutcome{}
	for i := range entries {
		if e := &entries[i]; e.Kind == scene.EntryOutcome && e.Delegate != "" {
			last[wordOf(e)] = *e.Outcome
		}
	}
	return last
}

// Held reports whether a meeting took place: a side says so and none denies it.
func (d *Day) Held(meeting string) bool {
	held := false
	for _, o := range d.Outcomes[meeting] {
		if !o.Held {
			return false
		}
		held = true
	}
	return held
}

// Enter adds an entry to the log for the centre, and reports whether it is new:
// one with a Key that is there already changes nothing.
func (s *Service) Enter(ctx context.Context, by scene.Actor, e scene.FairEntry) (bool, error) {
	if err := by.May(scene.FairRun, scene.Object{}); err != nil {
		return false, err
	}
	return s.enter(ctx, by, e, nil)
}

// EnterAsGuest adds an entry about the party of a personal link: its delegate
// arrived, or what its side says of a meeting it had, or a place at a visit. Who
// says another thing of the same without end is refused with TooLarge.
func (s *Service) EnterAsGuest(ctx context.Context, code, from string, e scene.FairEntry) (bool, error) {
	g, err := s.Guest(ctx, code)
	if err != nil {
		return false, err
	}
	switch e.Kind {
	case scene.EntryArrived, scene.EntryOutcome, scene.EntrySeat, scene.EntryUnseat:
	default:
		return false, &scene.Error{Code: scene.Forbidden, Op: "convene.EnterAsGuest", Key: "permission.role"}
	}
	e.FairID, e.Party, e.Delegate = g.Fair.ID, g.Party.ID, g.Delegate.ID
	if err := s.retold(ctx, &e); err != nil {
		return false, err
	}
	return s.enter(ctx, g.actor(from), e, byCode(ctx, code))
}

// enter writes an entry; still, if given, looks again that the party may.
func (s *Service) enter(ctx context.Context, by scene.Actor, e scene.FairEntry, still func(store.Tx) (scene.FairParty, error)) (fresh bool, err error) {
	if e.ID, err = s.ids.New(); err != nil {
		return false, scene.Wrap("convene.enter", err)
	}
	e.At, e.By = s.now().UTC(), by.Name
	if err := e.Validate(); err != nil {
		return false, scene.Wrap("convene.enter", err)
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		fresh = false
		if still != nil {
			if _, err := still(tx); err != nil {
				return err
			}
		}
		v, err := s.fitsRows(ctx, tx, &e)
		if err != nil {
			return err
		}
		if fresh, err = tx.Fairs().AddEntry(ctx, e); err != nil || !fresh {
			return err
		}
		if v != nil {
			if err := s.learns(ctx, tx, v, &e, by); err != nil {
				return err
			}
		}
		if e.Kind == scene.EntryStage {
			return s.wrote(ctx, tx, by, "fair.stage", "fair", e.FairID, e.FairID, string(e.Act), nil, nil)
		}
		return s.wrote(ctx, tx, by, "fair."+string(e.Kind), "fair_party", e.Party, e.FairID, e.Meeting, nil, e.Outcome)
	})
	s.forget(e.FairID)
	return fresh, scene.Wrap("convene.enter", err)
}

// mostRetold is how many lines of the log a personal link may write about one
// thing: a meeting, an entry of the programme, its own check-in.
const mostRetold = 40

// retold refuses, with TooLarge, a line about what a link wrote too many lines of
// already: no link fills the log. It looks at the board, so that what arrives at the
// very same time may be a few more.
func (s *Service) retold(ctx context.Context, e *scene.FairEntry) error {
	b, err := s.Board(ctx, e.FairID)
	if err != nil {
		return err
	}
	seat := func(k scene.FairEntryKind) bool { return k == scene.EntrySeat || k == scene.EntryUnseat }
	n := 0
	for i := range b.log {
		x := &b.log[i]
		if x.Key == e.Key {
			return nil // it is there already, and counts once
		}
		if x.Party == e.Party && x.Delegate == e.Delegate && x.Meeting == e.Meeting && x.Act == e.Act && (x.Kind == e.Kind || seat(x.Kind) && seat(e.Kind)) {
			n++
		}
	}
	if n < mostRetold {
		return nil
	}
	return &scene.Error{Code: scene.TooLarge, Op: "convene.retold", Key: "fair.retold", Args: map[string]any{"most": mostRetold}}
}

// fitsRows checks an entry against the party and the published plan, which it
// returns for an outcome.
func (s *Service) fitsRows(ctx context.Context, tx store.Tx, e *scene.FairEntry) (*version, error) {
	if e.Kind == scene.EntryStage {
		f, err := tx.Fairs().Get(ctx, e.FairID)
		if _, _, there := f.Act(e.Act); err == nil && e.Act != "" && !there {
			err = &scene.Error{Code: scene.NotFound, Key: "fair.no_such_act"}
		}
		return nil, err
	}
	p, err := tx.Fairs().Party(ctx, e.Party)
	if err != nil {
		return nil, err
	}
	if p.FairID != e.FairID {
		return nil, &scene.Error{Code: scene.NotFound, Key: "fair_party.not_found"}
	}
	if e.Delegate != "" { // whom each kind names that has to name one
		if _, there := p.Delegate(e.Delegate); !there {
			return nil, &scene.Error{Code: scene.NotFound, Key: "fair.no_such_delegate"}
		}
	}
	switch e.Kind {
	case scene.EntryArrived:
		return nil, Enters(&p)
	case scene.EntryOutcome:
		return said(ctx, tx, e, &p)
	case scene.EntrySeat, scene.EntryUnseat:
		return nil, s.seatable(ctx, tx, e, &p)
	}
	return nil, nil
}

// Enters refuses the check-in of a party that does not take part: one that waits has to
// be let in first.
func Enters(p *scene.FairParty) error {
	switch p.State {
	case scene.PartyAccepted:
		return nil
	case scene.PartyWaiting:
		return &scene.Error{Code: scene.Precondition, Key: "fair.arrive_waiting", Args: map[string]any{"name": p.Name}}
	}
	return &scene.Error{Code: scene.Precondition, Key: "fair.arrive_not_in", Args: map[string]any{"name": p.Name}}
}

// said returns the published plan for what a party says of a meeting of it, and notes when
// the meeting is, and who of the party says so: where only one can have been there, he.
func said(ctx context.Context, tx store.Tx, e *scene.FairEntry, p *scene.FairParty) (*version, error) {
	v, err := planned(ctx, tx, e)
	if err != nil {
		return nil, err
	}
	seat, _ := v.seat(e.Meeting)
	e.Slots = []string{seat.Slot}
	if _, there := p.Delegate(scene.ID(seat.Delegates[string(p.ID)])); there && e.Delegate == "" {
		e.Delegate = scene.ID(seat.Delegates[string(p.ID)])
	}
	if e.Delegate == "" && len(p.Delegates) == 1 {
		e.Delegate = p.Delegates[0].ID
	}
	return v, nil
}

// planned returns the published plan, which has to have the meeting of an outcome
// with the party that speaks.
func planned(ctx context.Context, tx store.Tx, e *scene.FairEntry) (*version, error) {
	v, err := latest(ctx, tx, e.FairID)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, &scene.Error{Code: scene.Precondition, Key: "fair.no_plan"}
	}
	if seat, there := v.seat(e.Meeting); !there || !slices.Contains(seat.Parties, string(e.Party)) {
		return nil, &scene.Error{Code: scene.NotFound, Key: "fair.no_such_meeting"}
	}
	return v, nil
}

// Mend repairs the published plan into a draft: who did not come is away, tables
// can be closed, slots that are past stay as they are, nothing new comes into one that
// runs, and as few meetings as possible change. What that makes room for is offered with
// the draft. Walk-ins and wishes said since count. A table is named in letters of any
// case; what runs at it stays, and it stays closed in later repairs and plans until [Service.Reopen]; one that is
// not there is Invalid.
func (s *Service) Mend(ctx context.Context, by scene.Actor, fair scene.ID, closed []scene.FairPlace) error {
	return s.mend(ctx, by, fair, mending{closed: closed})
}

// mending is what a repair is asked for besides what the log says.
type mending struct {
	closed []scene.FairPlace
	opened string // the id of a table that was closed
}

func (s *Service) mend(ctx context.Context, by scene.Actor, fair scene.ID, m mending) error {
	if err := by.May(scene.FairRun, scene.Object{}); err != nil {
		return err
	}
	b, err := s.base(ctx, fair)
	if err != nil {
		return err
	}
	if b.latest == nil {
		return &scene.Error{Code: scene.Precondition, Op: "convene.Mend", Key: "fair.no_plan"}
	}
	if err := b.known(&m); err != nil {
		return err
	}
	repaired, made, err := s.repaired(ctx, b, m, b.latest.plan)
	if err != nil {
		return err
	}
	return s.keepDraft(ctx, by, b, made, repaired)
}

// known puts the ids of tables in the place of what was typed.
func (b *base) known(m *mending) (err error) {
	m.closed = slices.Clone(m.closed)
	for i := range m.closed {
		if m.closed[i], err = placeTyped(&b.fair, m.closed[i]); err != nil {
			return err
		}
	}
	if m.opened != "" {
		m.opened, err = TableTyped(&b.fair, m.opened)
	}
	return err
}

// repaired is a plan brought into line with the log and with what is asked for, and the
// problem with that in it.
func (s *Service) repaired(ctx context.Context, b *base, m mending, published *agenda.Plan) (*agenda.Repaired, *posed, error) {
	pairs, err := s.pairs(ctx, b, suggestionWait)
	if err != nil {
		return nil, nil, err
	}
	present, parties := b.present(), b.presentBut(published)
	standing := b.standing(present)
	made := pose(&b.fair, parties, pairs, placesOf(standing), published.Meetings)
	b.begin(made.problem, standing)
	excuse(made.problem, b.gone(present))
	made.goes = send(made.problem, b.latest.held(made.problem, b.draft.row.Goes))
	var changes []agenda.Change
	if past := b.past(s.now()); past != nil {
		changes = append(changes, agenda.Change{Kind: agenda.ChangeOver, Slots: past})
	}
	if begun := b.begun(s.now()); begun != nil {
		changes = append(changes, agenda.Change{Kind: agenda.ChangeBegun, Slots: begun})
	}
	closures := b.closures(s.now())
	for _, table := range sorted(closures) {
		if table != m.opened {
			changes = append(changes, agenda.Change{Kind: agenda.ChangeClosed, Table: table, Slots: closures[table]})
		}
	}
	for _, c := range m.closed {
		if ahead := b.ahead(c.Slot); len(ahead) > 0 { // what runs at the table stays
			changes = append(changes, agenda.Change{Kind: agenda.ChangeClosed, Table: c.Table, Slots: ahead})
		}
	}
	repaired, err := agenda.Repair(ctx, made.problem, published, changes, agenda.Options{})
	if err != nil {
		return nil, nil, s.explain(b, scene.Wrap("convene.Mend", err))
	}
	made.problem = &repaired.Problem
	return repaired, made, nil
}

// Reopen takes back that a table was closed, and repairs the plan into a draft as Mend
// does. What its closing took out is told by [Service.StruckAt], and comes back by
// [Service.PutBackAt].
func (s *Service) Reopen(ctx context.Context, by scene.Actor, fair scene.ID, table string) error {
	return s.mend(ctx, by, fair, mending{opened: table})
}

// ahead are the slots that have not begun, or with an id that one, if it has not.
func (b *base) ahead(slot string) []string {
	begun := b.begun(b.at)
	return slices.DeleteFunc(slotIDs(&b.fair), func(id string) bool {
		return slices.Contains(begun, id) || slot != "" && id != slot
	})
}

// NoShow notes that a party does not come, or not in some slots, and repairs the
// published plan into a draft, if there is one. key is made by who asks.
func (s *Service) NoShow(ctx context.Context, by scene.Actor, fair, party scene.ID, slots []string, key string) error {
	return s.NoShowOf(ctx, by, fair, party, "", slots, key)
}

// NoShowOf is NoShow for one delegate of a party, or with "" for all of it. Where the
// delegates of the party go alone, only the meetings that he takes are in question, and
// a colleague who is free then takes them.
func (s *Service) NoShowOf(ctx context.Context, by scene.Actor, fair, party, delegate scene.ID, slots []string, key string) error {
	e := scene.FairEntry{FairID: fair, Key: key, Kind: scene.EntryAbsent, Party: party, Delegate: delegate, Slots: slots}
	if _, err := s.Enter(ctx, by, e); err != nil {
		return err
	}
	err := s.Mend(ctx, by, fair, nil)
	if e, ok := errors.AsType[*scene.Error](err); ok && e.Key == "fair.no_plan" {
		return nil
	}
	return err
}
