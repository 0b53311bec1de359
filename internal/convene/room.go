package convene

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"math"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Room is how the places of a fair stand, counted in parties.
type Room struct {
	Capacity int // 0 for no bound
	Taken    int
}

// Left is how many more parties fit; very many where there is no bound.
func (r Room) Left() int {
	if r.Capacity == 0 {
		return math.MaxInt
	}
	return max(0, r.Capacity-r.Taken)
}

// OverBy is by how many parties the hall is above its capacity once so many more are let in.
func (r Room) OverBy(more int) int {
	if r.Capacity == 0 {
		return 0
	}
	return max(0, r.Taken+more-r.Capacity)
}

// promised are the places by sign-up: every party that takes part has one, whether it
// comes or not. It is what the waiting list goes by: a place moves to who waits when
// its party gives it back.
func promised(f *scene.Fair, all iter.Seq[*scene.FairParty]) Room {
	return counted(f, all, func(*scene.FairParty) bool { return true })
}

// Room are the places of the hall as the day stands: the capacity counts the parties
// that take part without those noted as not coming for what is left of the day, as a
// whole or one delegate after the other. The place of a no-show goes to who is at the
// door, a walk-in or one that waits, and to nobody by itself: who waits may not be there
// either. A no-show that comes after all is in, if need be beyond the capacity.
func (b *Board) Room() Room {
	return counted(&b.Fair, maps.Values(b.Parties), func(p *scene.FairParty) bool { return !b.Day.gone(p) })
}

func counted(f *scene.Fair, all iter.Seq[*scene.FairParty], counts func(*scene.FairParty) bool) Room {
	r := Room{Capacity: f.Capacity}
	for p := range all {
		if p.State == scene.PartyAccepted && counts(p) {
			r.Taken++
		}
	}
	return r
}

// inPlace goes through parties without a copy of them.
func inPlace(all []scene.FairParty) iter.Seq[*scene.FairParty] {
	return func(yield func(*scene.FairParty) bool) {
		for i := range all {
			if !yield(&all[i]) {
				return
			}
		}
	}
}

// roomOf is [Board.Room] inside a transaction.
func roomOf(ctx context.Context, tx store.Tx, f *scene.Fair, all []scene.FairParty) (Room, error) {
	r := promised(f, inPlace(all))
	if r.Left() > 0 {
		return r, nil
	}
	entries, err := tx.Fairs().Entries(ctx, f.ID, "")
	day := dayOf(f, selvesOf(all), entries)
	return counted(f, inPlace(all), func(p *scene.FairParty) bool { return !day.gone(p) }), err
}

// placed is the state of a party that is to be let in: it takes part where there is a
// place that is not kept for the other side, or kept says that it may be, else it waits;
// where it waits already, no place at all is an error.
func (s *Service) placed(ctx context.Context, tx store.Tx, f *scene.Fair, all []scene.FairParty, p *scene.FairParty, kept bool) (scene.FairPartyState, error) {
	if p.State == scene.PartyInvited {
		p.Created = s.now().UTC() // the centre says yes for it, and now it waits if it has to
	}
	if err := sided(ctx, tx, p); err != nil {
		return "", err
	}
	r, err := roomOf(ctx, tx, f, all)
	switch {
	case err != nil:
		return "", err
	case p.State == scene.PartyWaiting && r.Left() == 0:
		return "", fullUp(r, 1)
	case r.Left() > 0 && kept || r.Left() > keptFor(f, inPlace(all), p):
		return scene.PartyAccepted, nil
	}
	return scene.PartyWaiting, nil
}

// fullUp says that no party more fits, and by how many the hall would be over.
func fullUp(r Room, more int) error {
	return &scene.Error{Code: scene.Precondition, Key: "fair.full", Args: map[string]any{"taken": r.Taken, "capacity": r.Capacity, "over": r.OverBy(more)}}
}

// LetIn lets a party in that waits, also where the hall is full: over is by how many
// parties it may be above its capacity then, as whoever lets it in was told. Where it
// would be more by now that is a Precondition error that says how many; so is a party
// that does not wait. One that takes part already stays in.
func (s *Service) LetIn(ctx context.Context, by scene.Actor, id scene.ID, over int) (scene.FairParty, error) {
	if err := by.May(scene.FairRun, scene.Object{}); err != nil {
		return scene.FairParty{}, err
	}
	return s.party(ctx, by, id, "fair.let_in", func(tx store.Tx, f *scene.Fair, p *scene.FairParty) error {
		if p.State == scene.PartyAccepted {
			return nil
		}
		if p.State != scene.PartyWaiting {
			return &scene.Error{Code: scene.Precondition, Key: "fair.not_waiting", Args: map[string]any{"name": p.Name}}
		}
		all, err := tx.Fairs().Parties(ctx, f.ID)
		if err != nil {
			return err
		}
		r, err := roomOf(ctx, tx, f, all)
		if err != nil {
			return err
		}
		if r.OverBy(1) > over {
			return fullUp(r, 1)
		}
		p.State = scene.PartyAccepted
		return s.tellDecided(ctx, tx, by, f, p)
	})
}

// Waiting are the parties that wait for a place, in the order in which places go to them.
func (b *Board) Waiting() (list []*scene.FairParty) {
	for _, p := range b.Parties {
		if p.State == scene.PartyWaiting {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, sooner)
	return list
}

// WhyWaits says why a party waits: the hall is full, or what is left is kept for the other
// side; nil where it does not wait.
func (b *Board) WhyWaits(id scene.ID) *scene.FieldError {
	p := b.Parties[id]
	if p == nil || p.State != scene.PartyWaiting {
		return nil
	}
	all := maps.Values(b.Parties)
	r := promised(&b.Fair, all)
	why := &scene.FieldError{Field: "state", Key: "fair.waits.full", Args: map[string]any{
		"place": b.WaitingPlace(id), "taken": r.Taken, "capacity": r.Capacity, "left": r.Left(),
	}}
	if r.Left() > 0 && keptFor(&b.Fair, all, p) > 0 {
		why.Key = "fair.waits.kept." + cmp.Or(string(side(p)), "unknown")
	}
	return why
}

// WaitingPlace is in which place of the waiting list a party is, from 1; 0 for none.
func (b *Board) WaitingPlace(id scene.ID) int {
	return 1 + slices.IndexFunc(b.Waiting(), func(p *scene.FairParty) bool { return p.ID == id })
}
