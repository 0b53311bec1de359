package convene

import (
	"cmp"
	"context"
	"fmt"
	"slices"
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
	// Print changes with the fair, the version of its plan and the log.
	Print string
	made  time.Time
}

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
	Table     string
	Parties   []scene.ID
	Delegates map[scene.ID]scene.ID // party → who goes, where its delegates go alone
}

// kept is the last board made of a fair.
type kept struct {
	board *Board
	busy  chan struct{} // closed when the board being made is there; nil: none is
	stale bool          // something was written since it was begun
}

// forget has the next reader of a fair's board make it anew.
func (s *Service) forget(fair scene.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.boards[fair]; k != nil {
		k.board, k.stale = nil, true
	}
}

// Board returns the board of a fair, at most a second old. Any number of readers
// cost one reading of the rows.
func (s *Service) Board(ctx context.Context, fair scene.ID) (*Board, error) {
	for {
		s.mu.Lock()
		k := s.boards[fair]
		if k == nil {
			k = &kept{}
			s.boards[fair] = k
		}
		if k.board != nil && s.now().Sub(k.board.made) < boardLife {
			b := k.board
			s.mu.Unlock()
			return b, nil
		}
		if k.busy == nil {
			k.busy, k.stale = make(chan struct{}), false
			s.mu.Unlock()
			return s.makeBoard(ctx, fair, k)
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

func (s *Service) makeBoard(ctx context.Context, fair scene.ID, k *kept) (*Board, error) {
	b, err := s.readBoard(ctx, fair)
	s.mu.Lock()
	defer s.mu.Unlock()
	close(k.busy)
	k.busy = nil
	if err != nil {
		if scene.CodeOf(err) == scene.NotFound {
			delete(s.boards, fair)
		}
		return nil, err
	}
	if !k.stale {
		k.board = b
	}
	return b, nil
}

func (s *Service) readBoard(ctx context.Context, fair scene.ID) (*Board, error) {
	b := &Board{made: s.now()}
	err := s.read(ctx, "convene.Board", func(tx store.Tx) (err error) {
		if b.Fair, err = tx.Fairs().Get(ctx, fair); err != nil {
			return err
		}
		parties, err := tx.Fairs().Parties(ctx, fair)
		if err != nil {
			return err
		}
		b.Parties = map[scene.ID]*scene.FairParty{}
		for i := range parties {
			b.Parties[parties[i].ID] = &parties[i]
		}
		entries, err := allEntries(ctx, tx, fair)
		if err != nil {
			return err
		}
		b.Day = dayOf(entries)
		v, err := latest(ctx, tx, fair)
		if err != nil {
			return err
		}
		last := ""
		if len(entries) > 0 {
			last = string(entries[len(entries)-1].ID)
		}
		b.take(v)
		b.Print = fmt.Sprint(b.Fair.Revision, " ", b.Version, " ", last)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

// take lays the published plan out in rounds.
func (b *Board) take(v *version) {
	if v == nil {
		return
	}
	b.Version, b.Why, b.Changes = v.row.Number, v.row.Why, v.row.Changes
	late := time.Duration(b.Fair.Late) * time.Minute
	at := map[string]int{}
	for i := range b.Fair.Slots {
		x := b.Fair.Slots[i]
		at[x.ID] = i
		b.Rounds = append(b.Rounds, Round{Slot: x, Start: x.Start.Add(late), End: x.End.Add(late)})
	}
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		r, there := at[seat.Slot]
		if !there {
			continue
		}
		b.Rounds[r].Meetings = append(b.Rounds[r].Meetings, sitting(seat))
	}
	for i := range b.Rounds {
		slices.SortFunc(b.Rounds[i].Meetings, func(x, y Sitting) int { return cmp.Compare(x.Table, y.Table) })
	}
}

func sitting(seat *agenda.Seat) Sitting {
	x := Sitting{ID: seat.ID, Table: seat.Table, Delegates: map[scene.ID]scene.ID{}}
	for _, id := range seat.Parties {
		x.Parties = append(x.Parties, scene.ID(id))
	}
	for party, delegate := range seat.Delegates {
		x.Delegates[scene.ID(party)] = scene.ID(delegate)
	}
	return x
}

// Now returns the round that runs and the next one, by their times with the
// delay; −1 where there is none.
func (b *Board) Now(at time.Time) (now, next int) {
	now, next = -1, -1
	for i := range b.Rounds {
		r := &b.Rounds[i]
		switch {
		case !r.Start.After(at) && r.End.After(at):
			now = i
		case r.Start.After(at) && next < 0:
			next = i
		}
	}
	return now, next
}

// Name is the name of a party.
func (b *Board) Name(id scene.ID) string {
	if p := b.Parties[id]; p != nil {
		return p.Name
	}
	return string(id)
}

// There reports whether anybody of a party has arrived.
func (b *Board) There(party scene.ID) bool {
	p := b.Parties[party]
	return p != nil && slices.ContainsFunc(p.Delegates, func(d scene.Delegate) bool { _, ok := b.Day.Arrived[d.ID]; return ok })
}

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
	Own    *scene.FairOutcome
}

// Appointments are the meetings of a party in order of time; of one delegate
// only, where the delegates of the party go alone.
func (b *Board) Appointments(party, delegate scene.ID) []Appointment {
	var out []Appointment
	for i := range b.Rounds {
		for _, m := range b.Rounds[i].Meetings {
			k := slices.Index(m.Parties, party)
			if k < 0 || len(m.Parties) != 2 {
				continue
			}
			if goes, alone := m.Delegates[party]; alone && delegate != "" && goes != delegate {
				continue
			}
			other := m.Parties[1-k]
			a := Appointment{Round: b.Rounds[i], Table: m.Table, ID: m.ID, With: other, Why: b.Why[m.ID], Who: b.who(&m, party), Theirs: b.who(&m, other)}
			if p := b.Parties[other]; p != nil {
				w, _ := p.Wish(party)
				a.Note = w.Note
			}
			if o, said := b.Day.Outcomes[m.ID][party]; said {
				a.Own = &o
			}
			out = append(out, a)
		}
	}
	return out
}

func (b *Board) who(m *Sitting, party scene.ID) []string {
	p := b.Parties[party]
	if p == nil {
		return nil
	}
	var names []string
	for i := range p.Delegates {
		d := &p.Delegates[i]
		if goes, alone := m.Delegates[party]; !alone || goes == d.ID {
			names = append(names, d.Name)
		}
	}
	return names
}

// Missing are parties with a meeting now or next of whom nobody has arrived,
// and who were not noted as absent.
func (b *Board) Missing(at time.Time) []scene.ID {
	now, next := b.Now(at)
	var out []scene.ID
	for _, r := range []int{now, next} {
		if r < 0 {
			continue
		}
		for _, m := range b.Rounds[r].Meetings {
			for _, id := range m.Parties {
				if !b.There(id) && !b.Day.Absent(id) && !slices.Contains(out, id) {
					out = append(out, id)
				}
			}
		}
	}
	return out
}

// Wall returns the id of the fair whose wall display has that code, or NotFound.
func (s *Service) Wall(ctx context.Context, code string) (id scene.ID, err error) {
	err = s.read(ctx, "convene.Wall", func(tx store.Tx) error {
		f, err := tx.Fairs().ByWall(ctx, code)
		if err == nil && f.State == scene.FairCancelled {
			err = &scene.Error{Code: scene.NotFound, Key: "fair.code_unknown"}
		}
		id = f.ID
		return err
	})
	return id, err
}
