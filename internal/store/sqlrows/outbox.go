package sqlrows

import (
	"context"
	"strconv"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Emit writes events to the outbox.
func (t *Tx) Emit(ctx context.Context, events ...scene.Event) error {
	if t.engine.OnEmit != "" && !t.shared.emitted && len(events) > 0 {
		if _, err := t.write(ctx, t.engine.OnEmit); err != nil {
			return err
		}
	}
	return each(events, batch, func(part []scene.Event) error {
		args := make([]any, 0, 2*len(part))
		for _, e := range part {
			if err := checkEvent(e); err != nil {
				return t.spoil(err)
			}
			trim(&e.Time)
			body, err := encode(e)
			if err != nil {
				return t.spoil(err)
			}
			args = append(args, plain(e.ID), body)
		}
		if err := insertPairs(ctx, t, "outbox", []string{"id", "body"}, args); err != nil {
			return err
		}
		t.shared.emitted = true
		return nil
	})
}

func checkEvent(e scene.Event) error {
	if e.ID == "" || !bus.ValidSubject(e.Subject) {
		return invalid("store.event", map[string]any{"id": string(e.ID), "subject": e.Subject})
	}
	if len(e.IDs) > store.MaxEventIDs {
		return &scene.Error{
			Code: scene.TooLarge, Key: "store.event_ids",
			Args: map[string]any{"count": len(e.IDs), "max": store.MaxEventIDs},
		}
	}
	return nil
}

// Outbox is the store.Outbox of an adapter: each call has a transaction of its
// own, begun by one of these functions.
type Outbox struct {
	View, Update func(ctx context.Context, fn func(store.Tx) error) error
}

var _ store.Outbox = Outbox{}

// Pending returns the oldest events.
func (o Outbox) Pending(ctx context.Context, limit int) (events []scene.Event, err error) {
	err = o.View(ctx, func(tx store.Tx) error {
		events, err = tx.(*Tx).pending(ctx, limit)
		return err
	})
	return events, err
}

// Sent takes events out of the outbox.
func (o Outbox) Sent(ctx context.Context, ids []scene.ID) error {
	return o.Update(ctx, func(tx store.Tx) error { return tx.(*Tx).sent(ctx, ids) })
}

// Depth counts the events of the outbox.
func (o Outbox) Depth(ctx context.Context) (n int, err error) {
	err = o.View(ctx, func(tx store.Tx) error {
		n, err = tx.(*Tx).count(ctx, "SELECT COUNT(*) FROM outbox")
		return err
	})
	return n, err
}

func (t *Tx) pending(ctx context.Context, limit int) ([]scene.Event, error) {
	if limit < 1 || limit > store.MaxPage {
		return nil, invalid("store.page_limit", map[string]any{"limit": limit, "max": store.MaxPage})
	}
	events := table[scene.Event]{tx: t}
	return events.bodies(ctx, "SELECT body FROM outbox ORDER BY seq LIMIT "+strconv.Itoa(limit))
}

func (t *Tx) sent(ctx context.Context, ids []scene.ID) error {
	return inList(distinct(ids), func(list string, args []any) error {
		_, err := t.write(ctx, "DELETE FROM outbox WHERE id IN ("+list+")", args...)
		return err
	})
}
