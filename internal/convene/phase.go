package convene

import (
	"context"
	"slices"
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
	phases, err := s.Phases(ctx, []scene.Fair{*f})
	return phases[0], err
}

// Phases is Phase of each of a list, read in one question.
func (s *Service) Phases(ctx context.Context, list []scene.Fair) ([]Phase, error) {
	now, phases := s.now(), make([]Phase, len(list))
	var turns []scene.ID // on what is published
	for i := range list {
		f := &list[i]
		phases[i] = PhaseOf(f, false, now)
		if !now.Before(f.Start()) && phases[i] != PhaseOf(f, true, now) {
			turns = append(turns, f.ID)
		}
	}
	if len(turns) == 0 {
		return phases, nil
	}
	err := s.read(ctx, "convene.Phases", func(tx store.Tx) error {
		published, err := tx.Fairs().Published(ctx, turns)
		for i := range list {
			if slices.Contains(published, list[i].ID) {
				phases[i] = PhaseOf(&list[i], true, now)
			}
		}
		return err
	})
	return phases, err
}
