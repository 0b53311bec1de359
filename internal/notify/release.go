package notify

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// releasedKey is the setting that holds the instant up to which the ends of
// embargoes were announced.
const releasedKey = "notify.released"

// Release announces the listings whose embargo ended since it was called last,
// by the events that a change of them has: they become visible without being
// changed, and other systems would never hear of it. What is announced and up to
// when is one transaction. The process that leads calls it.
func (s *Service) Release(ctx context.Context) error {
	const op = "notify.Release"
	var idle bool
	err := s.Store.View(ctx, func(tx store.Tx) error {
		since, err := releasedUntil(ctx, tx)
		if err != nil {
			return err
		}
		if since.IsZero() { // rows of its own would keep a city from being moved here
			idle, err = store.NoListings(ctx, tx)
			return err
		}
		found, err := s.released(ctx, tx, since, s.Now())
		idle = len(found) == 0
		return err
	})
	if err != nil || idle {
		return scene.Wrap(op, err)
	}
	return scene.Wrap(op, s.Store.Update(ctx, func(tx store.Tx) error {
		now := s.Now().UTC()
		since, err := releasedUntil(ctx, tx)
		if err != nil {
			return err
		}
		if !since.IsZero() {
			events, err := s.released(ctx, tx, since, now)
			if err != nil {
				return err
			}
			if err := tx.Emit(ctx, events...); err != nil {
				return err
			}
		}
		return tx.Settings().Put(ctx, releasedKey, []byte(now.Format(time.RFC3339Nano)))
	}))
}

func releasedUntil(ctx context.Context, tx store.Tx) (at time.Time, err error) {
	raw, err := tx.Settings().Get(ctx, releasedKey)
	if err == nil && raw != nil {
		at, err = time.Parse(time.RFC3339Nano, string(raw))
	}
	return at, err
}

// released makes the events of what opened after one instant and is open at another.
func (s *Service) released(ctx context.Context, tx store.Tx, since, now time.Time) (events []scene.Event, err error) {
	f := store.ListingFilter{OpenAt: now, OpenedAfter: since}
	for _, kind := range []struct {
		subject string
		ids     func(context.Context, store.ListingFilter, store.Page) (store.Rows[scene.ID], error)
	}{{scene.OpportunityChanged, tx.Opportunities().IDs}, {scene.CapabilityChanged, tx.Capabilities().IDs}} {
		for page := (store.Page{Limit: store.MaxEventIDs}); ; {
			rows, err := kind.ids(ctx, f, page)
			if err != nil {
				return nil, err
			}
			if len(rows.Items) > 0 {
				id, err := s.IDs.New()
				if err != nil {
					return nil, err
				}
				events = append(events, scene.Event{ID: id, Subject: kind.subject, IDs: rows.Items, Time: now.UTC(), Actor: "system"})
			}
			if page.After = rows.Next; page.After == "" {
				break
			}
		}
	}
	return events, nil
}
