package convene

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Phase is where a fair stands by its state, the clock and what is published of it: the
// word that people read beside its title. Where nothing else is true it is the state.
type Phase string

// The phases that are no state.
const (
	PhaseUnplanned Phase = "unplanned" // its day has come, and its meetings are not published
	PhaseRunning   Phase = "running"   // from its first block to its last
	PhaseHeld      Phase = "held"      // it took place, and its report is not made
	PhaseMissed    Phase = "missed"    // its day went by, and nothing was published
)

// PhaseOf is the phase of a fair at a time; published says whether a plan of it is. One
// without a round of meetings needs none.
func PhaseOf(f *scene.Fair, published bool, now time.Time) Phase {
	began := !now.Before(f.Start())
	published = published || len(f.Slots) == 0 && f.State != scene.FairDraft
	switch {
	case f.Ended():
	case now.After(f.Until()):
		if published {
			return PhaseHeld
		}
		return PhaseMissed
	case !began || f.State != scene.FairClosed: // while parties can sign up, that is the word
	case published:
		return PhaseRunning
	default:
		return PhaseUnplanned
	}
	return Phase(f.State)
}

// Phase is [PhaseOf] now.
func (s *Service) Phase(ctx context.Context, f *scene.Fair) (Phase, error) {
	now := s.now()
	if now.Before(f.Start()) || PhaseOf(f, false, now) == PhaseOf(f, true, now) {
		return PhaseOf(f, false, now), nil // whatever is published
	}
	published := false
	err := s.read(ctx, "convene.Phase", func(tx store.Tx) error {
		pulse, err := tx.Fairs().Pulse(ctx, f.ID)
		published = pulse.Version > 0
		return err
	})
	return PhaseOf(f, published, now), err
}
