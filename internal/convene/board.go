package convene

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// boardLife is how old a board may be: what another process wrote is seen so late.
const boardLife = time.Second

// Board is a fair as it stands on the day: the published plan with the log. It
// is a snapshot that many may read and none may change.
type Board struct {
	Fair    scene.Fair
	Parties map[scene.ID]*scene.FairParty
	Day     *Day
	Version int // of the plan, 0 for none
	Rounds  []Round
	Why     map[string]scene.FairWhy
	Changes []scene.FairChange // of the version in force against the one before
	// Print changes with the fair, its parties, the version of its plan and the log.
	Print     string
	made      time.Time
	published time.Time            // when the version in force was
	posed     map[string]bool      // meetings that the version in force was made from
	own       map[scene.ID][]place // party → its meetings, in order of time
	log       []scene.FairEntry
	pulse     store.FairPulse
	// brings changes with who takes part and what is brought, people with who comes.
	brings, people string
	same           selves
}

// place is where a meeting stands on a board: in which round, and there.
type place struct{ round, at int }

// Round is a slot with its meetings, by table.
type Round struct {
	Slot     scene.FairSlot
	Start    time.Time // with the delay of the hall
	End      time.Time
	Meetings []Sitting
}

// Sitting is a planned meeting as people see it.
type Sitting struct {
	ID        string
	Slot      string
	Table     string
	Parties   []scene.ID
	Delegates map[scene.ID]scene.ID // party → who goes, where its delegates go alone
	// Interpreted says that the parties share no language and an interpreter comes.
	Interpreted bool
}

// kept is the last board made of a fair.
type kept struct {
	board  *Board
	wrote  int           // how often this process wrote to the fair
	covers int           // of these, how many the board has seen
	busy   chan struct{} // closed when the board being made is there; nil: none is
}

// forget has readers who come from now on wait for a board that has seen what
// was written. Of a fair whose board nobody asked for there is nothing to forget:
// whoever names fairs that are not there leaves nothing in memory.
func (s *Service) forget(fair scene.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.boards[fair]; k != nil {
		k.wrote++
	}
}

// kept is called under the lock.
func (s *Service) kept(fair scene.ID) *kept {
	k := s.boards[fair]
	if k == nil {
		k = &kept{covers: -1}
		s.boards[fair] = k
	}
	return k
}

// Board returns the board of a fair, at most a second old and with everything
// that this process wrote before the call. Any number of readers cost one reading
// of the rows.
func (s *Service) Board(ctx context.Context, fair scene.ID) (*Board, error) {
	s.mu.Lock()
	need := s.kept(fair).wrote
	s.mu.Unlock()
	for {
		s.mu.Lock()
		k := s.kept(fair)
		if k.board != nil && k.covers >= need && s.now().Sub(k.board.made) < boardLife {
			b := k.board
			s.mu.Unlock()
			return b, nil
		}
		if k.busy == nil {
			seen := k.begin()
			s.mu.Unlock()
			return s.makeBoard(ctx, fair, k, seen)
		}
		busy := k.busy
		s.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, &scene.Error{Code: scene.Unavailable, Op: "convene.Board", Key: "web.deadline", Err: ctx.Err()}
		}
	}
}

// begin notes, under the lock, that a board is being made, and what it will have seen.
func (k *kept) begin() int {
	k.busy = make(chan struct{})
	return k.wrote
}

// makeBoard makes a board that has seen so many writes. However it ends, also by a
// panic, those who wait go on: with the board, or by making one themselves.
func (s *Service) makeBoard(ctx context.Context, fair scene.ID, k *kept, seen int) (b *Board, err error) {
	s.mu.Lock()
	last := k.board
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		close(k.busy)
		k.busy = nil
		switch {
		case b != nil:
			k.board, k.covers = b, seen
		case k.board == nil || scene.CodeOf(err) == scene.NotFound:
			delete(s.boards, fair)
		}
	}()
	return s.readBoard(ctx, fair, last)
}

// readBoard reads a board. What is as the last one had it, which may be nil, is
// taken from there: on the day that is all but the newest lines of the log.
func (s *Service) readBoard(ctx context.Context, fair scene.ID, last *Board) (*Board, error) {
	var b *Board
	err := s.read(ctx, "convene.Board", func(tx store.Tx) (err error) {
		b = &Board{made: s.now()}
		if b.Fair, err = tx.Fairs().Get(ctx, fair); err != nil {
			return err
		}
		if b.pulse, err = tx.Fairs().Pulse(ctx, fair); err != nil {
			return err
		}
		if err := b.readParties(ctx, tx, last); err != nil {
			return err
		}
		if err := b.readLog(ctx, tx, last); err != nil {
			return err
		}
		v, err := s.inForce(ctx, tx, fair, b.pulse)
		if err != nil {
			return err
		}
		b.take(v, last)
		newest := scene.ID("")
		if len(b.log) > 0 {
			newest = b.log[len(b.log)-1].ID
		}
		b.Print = fmt.Sprint(b.Fair.Revision, " ", b.pulse, " ", newest)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

func (b *Board) readParties(ctx context.Context, tx store.Tx, last *Board) error {
	if last != nil && last.pulse.Parties == b.pulse.Parties && last.pulse.Revisions == b.pulse.Revisions {
		b.Parties, b.brings, b.people, b.same = last.Parties, last.brings, last.people, last.same
		return nil
	}
	parties, err := tx.Fairs().Parties(ctx, b.Fair.ID)
	b.Parties = make(map[scene.ID]*scene.FairParty, len(parties))
	for i := range parties {
		b.Parties[parties[i].ID] = &parties[i]
	}
	b.brings, b.people, b.same = printOf(parties), printOfPeople(parties), selvesOf(parties)
	return err
}

// readLog reads the lines after those of the last board. A line that got its place
// before one that was there earlier makes the count wrong: then all are read.
func (b *Board) readLog(ctx context.Context, tx store.Tx, last *Board) (err error) {
	if last != nil {
		b.log = slices.Clip(last.log)
	}
	if last != nil && last.pulse.Entries == b.pulse.Entries && last.people == b.people && last.Fair.Revision == b.Fair.Revision {
		b.Day = last.Day
		return nil
	}
	if len(b.log) > 0 {
		more, err := tx.Fairs().Entries(ctx, b.Fair.ID, b.log[len(b.log)-1].ID)
		if err != nil {
			return err
		}
		b.log = append(b.log, more...)
	}
	if len(b.log) != b.pulse.Entries {
		if b.log, err = tx.Fairs().Entries(ctx, b.Fair.ID, ""); err != nil {
			return err
		}
	}
	b.Day = dayOf(&b.Fair, b.same, b.log)
	return nil
}

// inForce is latest, with the documents of a version read once: a published
// version never changes.
func (s *Service) inForce(ctx context.Context, tx store.Tx, fair scene.ID, pulse store.FairPulse) (*version, error) {
	if pulse.Version == 0 {
		return nil, nil
	}
	s.mu.Lock()
	v := s.plans[fair]
	s.mu.Unlock()
	if v != nil && v.row.Number == pulse.Version && v.row.Revision == pulse.Written {
		return v, nil
	}
	v, err := latest(ctx, tx, fair)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.plans[fair] = v
	s.mu.Unlock()
	return v, nil
}

// take lays the published plan out in rounds, unless the last board did.
func (b *Board) take(v *version, last *Board) {
	if v == nil {
		return
	}
	b.Version, b.Why, b.Changes, b.published = v.row.Number, v.row.Why, v.row.Changes, v.row.Made
	if last != nil && last.pulse.Version == b.pulse.Version && last.pulse.Written == b.pulse.Written && last.Fair.Revision == b.Fair.Revision {
		b.Rounds, b.own, b.posed = last.Rounds, last.own, last.posed
		return
	}
	b.posed = make(map[string]bool, len(v.problem.Meetings))
	for i := range v.problem.Meetings {
		b.posed[v.problem.Meetings[i].ID] = true
	}
	at, needs := map[string]int{}, v.interpreted()
	for i := range b.Fair.Slots {
		x := b.Fair.Slots[i]
		at[x.ID] = i
		start, end := b.Fair.Hours(x.Start, x.End)
		b.Rounds = append(b.Rounds, Round{Slot: x, Start: start, End: end})
	}
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		r, there := at[seat.Slot]
		if !there {
			continue
		}
		x := sitting(seat)
		x.Interpreted = needs[x.ID]
		b.Rounds[r].Meetings = append(b.Rounds[r].Meetings, x)
	}
	for i := range b.Rounds {
		slices.SortFunc(b.Rounds[i].Meetings, func(x, y Sitting) int { return cmp.Compare(x.Table, y.Table) })
	}
	b.own = map[scene.ID][]place{}
	for i := range b.Rounds {
		for k := range b.Rounds[i].Meetings {
			for _, party := range b.Rounds[i].Meetings[k].Parties {
				b.own[party] = append(b.own[party], place{i, k})
			}
		}
	}
}

func sitting(seat *agenda.Seat) Sitting {
	x := Sitting{ID: seat.ID, Slot: seat.Slot, Table: seat.Table, Delegates: map[scene.ID]scene.ID{}}
	for _, id := range seat.Parties {
		x.Parties = append(x.Parties, scene.ID(id))
	}
	for party, delegate := range seat.Delegates {
		x.Delegates[scene.ID(party)] = scene.ID(delegate)
	}
	return x
}

// Now returns the round that runs and the next one, by their times with the delay, of
// those in which somebody meets; −1 where there is none.
func (b *Board) Now(at time.Time) (now, next int) {
	now, next = -1, -1
	for i := range b.Rounds {
		r := &b.Rounds[i]
		switch {
		case len(r.Meetings) == 0: // nobody waits for a round in which nobody meets
		case !r.Start.After(at) && r.End.After(at):
			now = i
		case r.Start.After(at) && next < 0:
			next = i
		}
	}
	return now, next
}

// Names turns the ids of the fair into what people call things by.
func (b *Board) Names() *Names {
	parties := make([]scene.FairParty, 0, len(b.Parties))
	for _, p := range b.Parties {
		parties = append(parties, *p)
	}
	return NewNames(&b.Fair, parties)
}

// Name is the name of a party.
func (b *Board) Name(id scene.ID) string {
	if p := b.Parties[id]; p != nil {
		return p.Name
	}
	return string(id)
}

// Made is when the board was read.
func (b *Board) Made() time.Time { return b.made }

// Appointment is a meeting seen from one side.
type Appointment struct {
	Round  Round
	Table  string
	ID     string
	With   scene.ID
	Who    []string // who of the own party goes
	Theirs []string // who of the other
	Why    scene.FairWhy
	Note   string // what the other side wants to talk about
	Absent bool   // who comes of the other side was noted as not coming
	// Interpreted says that an interpreter comes.
	Interpreted bool
	Own         *scene.FairOutcome
}

// Appointments are the meetings of a party in order of time; of one delegate
// only, where the delegates of the party go alone.
func (b *Board) Appointments(party, delegate scene.ID) []Appointment {
	var out []Appointment
	for _, at := range b.own[party] {
		m := &b.Rounds[at.round].Meetings[at.at]
		if len(m.Parties) != 2 {
			continue
		}
		if goes, alone := b.goes(m, party); alone && delegate != "" && goes != delegate {
			continue
		}
		other := m.Parties[1-slices.Index(m.Parties, party)]
		a := Appointment{Round: b.Rounds[at.round], Table: m.Table, ID: m.ID, With: other, Why: b.Why[m.ID], Who: b.who(m, party), Theirs: b.who(m, other), Interpreted: m.Interpreted, Absent: b.Side(m, other) == Gone}
		if p := b.Parties[other]; p != nil {
			w, _ := p.Wish(party)
			a.Note = w.Note
		}
		if o, said := b.Day.Outcomes[m.ID][party]; said {
			a.Own = &o
		}
		out = append(out, a)
	}
	return out
}

// Mark changes whenever what the page of a delegate shows of the day does. Before its
// dash it tells of the schedule, which the organisers change: appointments, a delay;
// after it of what the delegate does himself: his check-in, places, outcomes. It is
// short, and says nothing to others. A delegate who is not there any more has none.
func (b *Board) Mark(party, delegate scene.ID) string {
	p := b.Parties[party]
	if p == nil {
		return ""
	}
	if _, there := p.Delegate(delegate); !there {
		return ""
	}
	plan, own := fnv.New64a(), fnv.New64a()
	fmt.Fprint(plan, b.Fair.Revision, b.Version == 0, len(b.own[party])) // who has none is told of those of his colleagues
	fmt.Fprint(own, p.Revision, b.Day.Arrived[delegate].UnixMicro(), b.Here(party, delegate), b.Absent(party, delegate))
	for _, a := range b.Seatable() {
		in, place := b.SeatOf(&a.FairAct, delegate)
		fmt.Fprint(own, a.ID, in, place)
	}
	for _, a := range b.Appointments(party, delegate) {
		fmt.Fprint(plan, a.ID, a.Round.Slot.ID, a.Table, a.Absent, b.Name(a.With), a.Who, a.Theirs)
		if a.Own != nil {
			fmt.Fprint(own, a.ID, *a.Own)
		}
	}
	for _, other := range b.same[delegate] {
		for _, a := range b.Appointments(other.Party, other.Delegate) {
			fmt.Fprint(plan, other.Party, a.Round.Slot.ID, a.Table)
		}
	}
	return strconv.FormatUint(plan.Sum64(), 36) + "-" + strconv.FormatUint(own.Sum64(), 36)
}

// goes returns who takes a meeting alone. One who left his party meanwhile takes none:
// until the next plan says who does, it is everybody's who is left.
func (b *Board) goes(m *Sitting, party scene.ID) (scene.ID, bool) {
	id, alone := m.Delegates[party]
	if p := b.Parties[party]; alone && p != nil {
		_, alone = p.Delegate(id)
	}
	return id, alone
}

// Sender returns the delegate who takes a meeting for a party that sends one of
// several, and whether it does.
func (b *Board) Sender(m *Sitting, party scene.ID) (scene.Delegate, bool) {
	id, alone := b.goes(m, party)
	p := b.Parties[party]
	if !alone || p == nil || len(p.Delegates) < 2 {
		return scene.Delegate{}, false
	}
	return p.Delegate(id)
}

func (b *Board) who(m *Sitting, party scene.ID) []string {
	p := b.Parties[party]
	if p == nil {
		return nil
	}
	var names []string
	for i := range p.Delegates {
		d := &p.Delegates[i]
		if goes, alone := b.goes(m, party); !d.Unnamed && (!alone || goes == d.ID) {
			names = append(names, d.Name)
		}
	}
	return names
}

// Wall returns the id of the fair whose wall display has that code, or NotFound.
func (s *Service) Wall(ctx context.Context, code string) (id scene.ID, err error) {
	err = s.read(ctx, "convene.Wall", func(tx store.Tx) error {
		f, err := tx.Fairs().ByWall(ctx, scene.CodeKey(code))
		if err == nil && f.State == scene.FairCancelled {
			err = &scene.Error{Code: scene.NotFound, Key: "fair.code_unknown"}
		}
		id = f.ID
		return err
	})
	return id, err
}
