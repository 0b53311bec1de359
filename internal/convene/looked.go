package convene

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Looked is the plan of a fair as one looks at it, of one reading: its documents are
// large. Nobody changes what it holds.
type Looked struct {
	Draft     *Version           // nil for none
	Published *Version           // the version in force, nil for none
	TwoPlaces []scene.FieldError // as [Service.TwoPlaces] has them
	Doubles   []Double           // as [Service.Doubles] has them
	Recut     bool               // the draft is of another grid of slots, and void
	Behind    []scene.FieldError // why the draft fits the rows no more, in names; none where it is void
}

// Look returns the plan of the fair of a board.
func (s *Service) Look(ctx context.Context, by scene.Actor, board *Board) (*Looked, error) {
	if err := by.May(scene.FairRead, scene.Object{}); err != nil {
		return nil, err
	}
	var draft, published *version
	var twins []Double // as of now: publishing asks too
	err := s.read(ctx, "convene.Look", func(tx store.Tx) error {
		pulse, err := tx.Fairs().Pulse(ctx, board.Fair.ID)
		if err != nil {
			return err
		}
		if published, err = s.inForce(ctx, tx, board.Fair.ID, pulse); err != nil {
			return err
		}
		if twins, err = doubles(ctx, tx, &board.Fair, board.list()); err != nil {
			return err
		}
		row, err := tx.Fairs().Plan(ctx, board.Fair.ID, 0)
		if scene.CodeOf(err) == scene.NotFound {
			return nil
		}
		if err == nil {
			draft, err = readVersion(row)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &Looked{Draft: draft.shown(), Published: published.shown(), Doubles: twins}
	shown := draft
	if shown == nil {
		shown = published
	}
	f := &board.Fair
	if shown == nil || f.Ended() {
		return out, nil
	}
	b := &base{at: s.now(), fair: *f, parties: board.list(), entries: board.log, latest: published, draft: draft, doubles: twins}
	n := NewNames(f, b.parties)
	if out.Recut = draft.recut(f); draft != nil && !out.Recut {
		out.Behind = n.Fields(b.behind(draft, b.at))
	}
	out.TwoPlaces = n.Fields(b.twice(shown, b.at))
	return out, nil
}
