package convene

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Seated is a person who signed up for an entry of a block.
type Seated struct {
	Party    scene.ID
	Delegate scene.ID
	At       time.Time
}

func (d *Day) seated(act, delegate scene.ID) bool {
	return slices.ContainsFunc(d.seats[act], func(x Seated) bool { return x.Delegate == delegate })
}

// Seats are who comes along to an entry that people sign up for, and who waits for
// a place, both in the order in which they signed up. Who no longer takes part in
// the fair gives his place to who waits longest.
func (b *Board) Seats(act *scene.FairAct) (in, waiting []Seated) {
	for _, x := range b.Day.seats[act.ID] {
		p := b.Parties[x.Party]
		if p == nil || p.State != scene.PartyAccepted {
			continue
		}
		if _, there := p.Delegate(x.Delegate); !there {
			continue
		}
		if len(in) < act.Seats {
			in = append(in, x)
		} else {
			waiting = append(waiting, x)
		}
	}
	return in, waiting
}

// SeatOf says whether a delegate comes along to an entry, or else in which place of
// those who wait he is, from 1; 0 where he did not sign up.
func (b *Board) SeatOf(act *scene.FairAct, delegate scene.ID) (in bool, place int) {
	seated, waiting := b.Seats(act)
	own := func(x Seated) bool { return x.Delegate == delegate }
	return slices.ContainsFunc(seated, own), slices.IndexFunc(waiting, own) + 1
}

// Seatable are the entries that people sign up for, in order of time.
func (b *Board) Seatable() []Staged {
	return slices.DeleteFunc(b.Acts(), func(x Staged) bool { return x.Seats == 0 })
}

// SeatAsOwn signs a delegate of the actor's organisation up for an entry, or gives
// his place up: e says which, by whom and under what key. It reports whether the
// entry is new.
func (s *Service) SeatAsOwn(ctx context.Context, by scene.Actor, party scene.ID, e scene.FairEntry) (bool, error) {
	if e.Kind != scene.EntrySeat && e.Kind != scene.EntryUnseat {
		return false, &scene.Error{Code: scene.Forbidden, Op: "convene.SeatAsOwn", Key: "permission.role"}
	}
	p, err := s.Party(ctx, by, party)
	if err != nil {
		return false, err
	}
	e.FairID, e.Party = p.FairID, p.ID
	if err := s.retold(ctx, &e); err != nil {
		return false, err
	}
	return s.enter(ctx, by, e, func(tx store.Tx) (scene.FairParty, error) {
		p, err := tx.Fairs().Party(ctx, party)
		if err == nil {
			err = by.May(scene.FairJoin, scene.Object{OrgID: p.OrgID})
		}
		return p, err
	})
}

// seatable checks a sign-up for an entry: the fair is open or closed, the party
// takes part, and the entry is one that people sign up for and has not begun.
func (s *Service) seatable(ctx context.Context, tx store.Tx, e *scene.FairEntry, p *scene.FairParty) error {
	f, err := tx.Fairs().Get(ctx, e.FairID)
	if err != nil {
		return err
	}
	block, at, there := f.Act(e.Act)
	switch {
	case f.State != scene.FairOpen && f.State != scene.FairClosed:
		return &scene.Error{Code: scene.Precondition, Key: "fair.ended"}
	case !there || f.Blocks[block].Acts[at].Seats == 0:
		return &scene.Error{Code: scene.NotFound, Key: "fair.no_seats_there"}
	case p.State != scene.PartyAccepted:
		return &scene.Error{Code: scene.Precondition, Key: "fair.seat_party"}
	}
	announced := f.Blocks[block].ActStart(at)
	start := announced.Add(f.DelayAt(announced))
	if e.Kind == scene.EntrySeat && !s.now().Before(start) {
		return &scene.Error{Code: scene.Precondition, Key: "fair.seat_late"}
	}
	return nil
}
