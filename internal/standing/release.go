package standing

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// releasedKey is the setting that holds the instant up to which listings whose
// embargo ended were matched.
const releasedKey = "standing.released"

// Release matches the listings whose embargo ended since it was called last:
// they become visible without being changed. The process that leads calls it.
func (s *Service) Release(ctx context.Context) error {
	const op = "standing.Release"
	now := s.Now().UTC()
	since, err := s.releasedUntil(ctx)
	if err != nil {
		return scene.Wrap(op, err)
	}
	if !since.IsZero() {
		for _, kind := range []struct {
			subject string
			ids     func(context.Context, store.Tx, store.ListingFilter, store.Page) (store.Rows[scene.ID], error)
		}{
			{scene.OpportunityChanged, idsOf(store.Tx.Opportunities)},
			{scene.CapabilityChanged, idsOf(store.Tx.Capabilities)},
		} {
			if err := s.release(ctx, kind.subject, kind.ids, store.ListingFilter{OpenAt: now, OpenedAfter: since}); err != nil {
				return scene.Wrap(op, err)
			}
		}
	}
	if since.IsZero() {
		if empty, err := s.noListings(ctx); err != nil || empty {
			return scene.Wrap(op, err) // rows of its own would keep a city from being moved here
		}
	}
	return scene.Wrap(op, s.Store.Update(ctx, func(tx store.Tx) error {
		return tx.Settings().Put(ctx, releasedKey, []byte(now.Format(time.RFC3339Nano)))
	}))
}

// noListings reports whether there is nothing yet that could be released.
func (s *Service) noListings(ctx context.Context) (empty bool, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		one := store.Page{Limit: 1}
		needs, err := tx.Opportunities().IDs(ctx, store.ListingFilter{}, one)
		if err != nil || len(needs.Items) > 0 {
			return err
		}
		offers, err := tx.Capabilities().IDs(ctx, store.ListingFilter{}, one)
		empty = len(offers.Items) == 0
		return err
	})
	return empty, err
}

func (s *Service) releasedUntil(ctx context.Context) (at time.Time, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		raw, err := tx.Settings().Get(ctx, releasedKey)
		if err == nil && raw != nil {
			at, err = time.Parse(time.RFC3339Nano, string(raw))
		}
		return err
	})
	return at, err
}

func idsOf[T any](table func(store.Tx) store.Listings[T]) func(context.Context, store.Tx, store.ListingFilter, store.Page) (store.Rows[scene.ID], error) {
	return func(ctx context.Context, tx store.Tx, f store.ListingFilter, p store.Page) (store.Rows[scene.ID], error) {
		return table(tx).IDs(ctx, f, p)
	}
}

func (s *Service) release(ctx context.Context, subject string,
	ids func(context.Context, store.Tx, store.ListingFilter, store.Page) (store.Rows[scene.ID], error), f store.ListingFilter,
) error {
	page := store.Page{Limit: store.MaxEventIDs}
	for {
		var rows store.Rows[scene.ID]
		err := s.Store.View(ctx, func(tx store.Tx) (err error) {
			rows, err = ids(ctx, tx, f, page)
			return err
		})
		if err != nil {
			return err
		}
		if len(rows.Items) > 0 {
			if err := s.Handle(ctx, scene.Event{Subject: subject, IDs: rows.Items, Time: s.Now()}); err != nil {
				return err
			}
		}
		if page.After = rows.Next; page.After == "" {
			return nil
		}
	}
}
