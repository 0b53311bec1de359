package learning

import (
	"context"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Decide pins a pair, takes it out or, with the empty kind, takes its mark away,
// in the name of an account and with a line in the record of changes on both
// listings. Taking a pair out asks for a reason. It returns Forbidden to who may
// not do scene.PairMark, NotFound for unknown listings and Invalid for a mark
// that does not hold.
func (s *Service) Decide(ctx context.Context, by scene.Actor, need, offer scene.ID, kind scene.MarkKind, reason string) error {
	const op = "learning.Decide"
	if err := by.May(scene.PairMark, scene.Object{}); err != nil {
		return err
	}
	m := scene.Mark{Need: need, Offer: offer, Kind: kind, Reason: strings.TrimSpace(reason), At: s.now(), Actor: string(by.ID)}
	if kind == scene.Excluded && m.Reason == "" {
		return &scene.Error{Code: scene.Invalid, Op: op, Key: "mark.reason_missing", Fields: []scene.FieldError{{Field: "reason", Key: "mark.reason_missing"}}}
	}
	if kind != "" {
		if err := m.Validate(); err != nil {
			return scene.Wrap(op, err)
		}
	}
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if _, err := tx.Opportunities().Get(ctx, need); err != nil {
			return err
		}
		if _, err := tx.Capabilities().Get(ctx, offer); err != nil {
			return err
		}
		if err := s.putMark(ctx, tx, m); err != nil {
			return err
		}
		action := "pair." + string(kind)
		if kind == "" {
			action = "pair.unmarked"
		}
		recorder := store.Recorder{IDs: s.ids, Now: s.now}
		if err := recorder.Record(ctx, tx, by, action, string(scene.KindOpportunity), need, m.Reason, nil, map[string]any{"pair": offer}); err != nil {
			return err
		}
		return recorder.Record(ctx, tx, by, action, string(scene.KindCapability), offer, m.Reason, nil, map[string]any{"pair": need})
	})
	return scene.Wrap(op, err)
}

// putMark writes a mark, or takes it away where it has no kind.
func (s *Service) putMark(ctx context.Context, tx store.Tx, m scene.Mark) error {
	var err error
	if m.Kind == "" {
		err = tx.Judgements().DeleteMark(ctx, m.Need, m.Offer)
	} else {
		err = tx.Judgements().PutMark(ctx, m)
	}
	if err != nil {
		return err
	}
	return s.emit(ctx, tx, scene.MarkChanged, m.Actor, m.Need, m.Offer)
}

// MarksOf returns the marks of a listing by its counterpart.
func (s *Service) MarksOf(ctx context.Context, by scene.Actor, kind scene.Kind, id scene.ID) (map[scene.ID]scene.Mark, error) {
	if err := by.May(scene.PairMark, scene.Object{}); err != nil {
		return nil, err
	}
	list, err := s.Marks(ctx)
	found := map[scene.ID]scene.Mark{}
	for _, m := range list {
		switch {
		case kind == scene.KindOpportunity && m.Need == id:
			found[m.Offer] = m
		case kind == scene.KindCapability && m.Offer == id:
			found[m.Need] = m
		}
	}
	return found, err
}
