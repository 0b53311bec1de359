package convene

import (
	"context"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
)

// Arrival is what a check-in found.
type Arrival struct {
	At    time.Time // when the delegate arrived first
	Again bool      // he was there already, so that nothing was written
	// Elsewhere is the other party for which he was checked in, "" where it was this one.
	Elsewhere scene.ID
	// Away are the slots to come in which he was noted absent, and stays so.
	Away []scene.FairSlot
}

// Arrive notes that a delegate is there, for a page, a badge and a program alike. Who is
// there already, for this party or as the same person for another one, arrives no second
// time: when he did is told. An absence for the rest of the day ends, and one in single
// slots of which one has begun; those all of whose slots are to come stay, and end where
// after names one of them. Errors are Forbidden, NotFound, and Precondition for a party
// that takes no part.
func (s *Service) Arrive(ctx context.Context, by scene.Actor, fair, party, delegate scene.ID, after ...string) (a Arrival, err error) {
	if err := by.May(scene.FairRun, scene.Object{}); err != nil {
		return a, err
	}
	b, err := s.Board(ctx, fair)
	if err != nil {
		return a, err
	}
	away := b.AwayAhead(party, delegate, s.now())
	back := slices.DeleteFunc(slices.Clone(after), func(id string) bool {
		return !slices.ContainsFunc(away, func(x scene.FairSlot) bool { return x.ID == id })
	})
	if len(back) == 0 && b.Came(party, delegate, s.now()) && b.Parties[party].State == scene.PartyAccepted {
		return b.found(party, delegate, true, s.now()), nil
	}
	e := scene.FairEntry{FairID: fair, Key: b.ArrivalKey(party, delegate), Kind: scene.EntryArrived, Party: party, Delegate: delegate, Slots: back}
	if len(back) > 0 {
		e.Key = strings.Join([]string{e.Key, "back", back[0]}, "-")
	}
	fresh, err := s.Enter(ctx, by, e)
	if err != nil {
		return a, err
	}
	if b, err = s.Board(ctx, fair); err != nil {
		return a, err
	}
	return b.found(party, delegate, !fresh, s.now()), nil
}

func (b *Board) found(party, delegate scene.ID, again bool, at time.Time) Arrival {
	a := b.Arrival(party, delegate)
	a.Again, a.Away = again, b.AwayAhead(party, delegate, at)
	return a
}

// Arrival is since when a delegate is there, and for which other party he was checked in,
// if for none of his own.
func (b *Board) Arrival(party, delegate scene.ID) Arrival {
	a := Arrival{At: b.Day.Arrived[delegate]}
	for _, other := range b.same[delegate] {
		if b.Day.entered[other] && !b.Day.entered[Self{party, delegate}] {
			a.Elsewhere = other.Party
		}
	}
	return a
}
