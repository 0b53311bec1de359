package learning

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Marked is a mark with what people call its pair.
type Marked struct {
	scene.Mark
	NeedName  string `json:"need_name"` // empty where the listing is gone
	NeedCode  string `json:"need_code,omitempty"`
	OfferName string `json:"offer_name"`
	OfferCode string `json:"offer_code,omitempty"`
}

// Mark pins a pair or takes it out, in the place of the mark it has. need and
// offer are IDs, codes or names; what names no listing or several is Invalid.
// The market follows by the event.
func (s *Service) Mark(ctx context.Context, need, offer string, kind scene.MarkKind, reason, actor string) (scene.Mark, error) {
	m := scene.Mark{Kind: kind, Reason: reason, At: s.now(), Actor: actor}
	err := s.store.Update(ctx, func(tx store.Tx) (err error) {
		if m.Need, m.Offer, err = pairOf(ctx, tx, need, offer); err != nil {
			return err
		}
		if err := m.Validate(); err != nil {
			return err
		}
		if err := tx.Judgements().PutMark(ctx, m); err != nil {
			return err
		}
		return s.emit(ctx, tx, scene.MarkChanged, actor, m.Need, m.Offer)
	})
	return m, scene.Wrap("learning.Mark", err)
}

// Unmark takes the mark of a pair away; a pair without one stays as it is.
func (s *Service) Unmark(ctx context.Context, need, offer, actor string) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		n, o, err := pairOf(ctx, tx, need, offer)
		if err != nil {
			return err
		}
		if err := tx.Judgements().DeleteMark(ctx, n, o); err != nil {
			return err
		}
		return s.emit(ctx, tx, scene.MarkChanged, actor, n, o)
	})
	return scene.Wrap("learning.Unmark", err)
}

// pairOf finds both listings, without reading the lists where IDs are given.
func pairOf(ctx context.Context, tx store.Tx, need, offer string) (n, o scene.ID, err error) {
	_, errNeed := tx.Opportunities().Get(ctx, scene.ID(need))
	_, errOffer := tx.Capabilities().Get(ctx, scene.ID(offer))
	if errNeed == nil && errOffer == nil {
		return scene.ID(need), scene.ID(offer), nil
	}
	needs, offers, err := both(ctx, tx)
	if err != nil {
		return "", "", err
	}
	if n, err = needs.find("need", need); err != nil {
		return "", "", err
	}
	o, err = offers.find("offer", offer)
	return n, o, err
}

// Marks returns all marks in order of need and offer.
func (s *Service) Marks(ctx context.Context) (list []scene.Mark, err error) {
	err = s.store.View(ctx, func(tx store.Tx) (err error) {
		list, err = marks(ctx, tx)
		return err
	})
	return list, scene.Wrap("learning.Marks", err)
}

// NamedMarks is Marks with what people call the pairs.
func (s *Service) NamedMarks(ctx context.Context) (list []Marked, err error) {
	err = s.store.View(ctx, func(tx store.Tx) error {
		bare, err := marks(ctx, tx)
		if err != nil {
			return err
		}
		list = make([]Marked, len(bare))
		for i, m := range bare {
			list[i].Mark = m
			needs, err := tx.Opportunities().GetMany(ctx, []scene.ID{m.Need})
			if err != nil {
				return err
			}
			for _, n := range needs {
				list[i].NeedName, list[i].NeedCode = n.Name, n.Code
			}
			offers, err := tx.Capabilities().GetMany(ctx, []scene.ID{m.Offer})
			if err != nil {
				return err
			}
			for _, o := range offers {
				list[i].OfferName, list[i].OfferCode = o.Name, o.Code
			}
		}
		return nil
	})
	return list, scene.Wrap("learning.NamedMarks", err)
}

func marks(ctx context.Context, tx store.Tx) ([]scene.Mark, error) {
	return all(func(p store.Page) (store.Rows[scene.Mark], error) { return tx.Judgements().Marks(ctx, p) })
}
