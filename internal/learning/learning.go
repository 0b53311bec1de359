// Package learning keeps what people decide about pairs and what follows from
// it: decisions, pins and exclusions, and the versions of the weights that were
// refitted to decisions.
//
// It stands on the second floor: it knows internal/store and internal/scene,
// and no other service. The refit itself is the market's ([broker.Market.Tune]);
// internal/app brings both together. What changes is announced by domain events
// in the same transaction.
package learning

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Service is the use cases of learning. It is safe for concurrent use.
type Service struct {
	store store.Store
	ids   *scene.IDMaker
	now   func() time.Time
}

// New returns a Service over s.
func New(s store.Store, ids *scene.IDMaker, now func() time.Time) *Service {
	return &Service{store: s, ids: ids, now: now}
}

// emit announces a change in the transaction that made it.
func (s *Service) emit(ctx context.Context, tx store.Tx, subject, actor string, ids ...scene.ID) error {
	id, err := s.ids.New()
	if err != nil {
		return err
	}
	return tx.Emit(ctx, scene.Event{ID: id, Subject: subject, IDs: ids, Time: s.now().UTC(), Actor: actor})
}

// all reads every page of a list.
func all[T any](page func(store.Page) (store.Rows[T], error)) (list []T, err error) {
	p := store.Page{Limit: store.MaxPage}
	for {
		rows, err := page(p)
		if err != nil {
			return nil, err
		}
		list = append(list, rows.Items...)
		if p.After = rows.Next; p.After == "" {
			return list, nil
		}
	}
}
