package sqlrows

import (
	"context"
	"strconv"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Webhooks returns the tables of receivers and of what they were sent.
func (t *Tx) Webhooks() store.Webhooks { return webhooks{t} }

type webhooks struct{ tx *Tx }

func (w webhooks) table() *table[scene.Webhook] {
	return &table[scene.Webhook]{tx: w.tx, noun: "webhook"}
}

func (w webhooks) log() *table[scene.Delivery] {
	return &table[scene.Delivery]{tx: w.tx, noun: "webhook_delivery"}
}

func (w webhooks) Get(ctx context.Context, id scene.ID) (scene.Webhook, error) {
	return w.table().get(ctx, id)
}

func (w webhooks) Put(ctx context.Context, row scene.Webhook) (scene.Webhook, error) {
	for _, at := range []*time.Time{&row.OldUntil, &row.Failing, &row.Created, &row.Updated} {
		trim(at)
	}
	seen := row.Revision
	row.Revision++
	return row, revised(ctx, w.tx, "webhook", []string{"account_id", "org_id", "state"}, row.ID, seen, &row,
		plain(row.Account), plain(row.OrgID), plain(row.State))
}

func (w webhooks) Delete(ctx context.Context, id scene.ID) error { return w.table().delete(ctx, id) }

func (w webhooks) List(ctx context.Context, f store.WebhookFilter, p store.Page) (store.Rows[scene.Webhook], error) {
	var c clause
	for _, on := range []struct{ column, value string }{
		{"account_id", string(f.Account)}, {"org_id", string(f.OrgID)}, {"state", string(f.State)},
	} {
		if on.value != "" {
			c.add(on.column+" = ?", plain(on.value))
		}
	}
	return listBodies(ctx, w.table(), c, byID, p)
}

// delivery returns the columns of a delivery in the order id, webhook_id,
// message, state, at, due, body.
func (w webhooks) delivery(d *scene.Delivery) ([]any, error) {
	if d.ID == "" || d.Webhook == "" || d.Message == "" {
		return nil, w.tx.spoil(invalid("store.id_required", nil))
	}
	for _, at := range []*time.Time{&d.At, &d.Due, &d.Done} {
		trim(at)
	}
	body, err := encode(d)
	if err != nil {
		return nil, w.tx.spoil(err)
	}
	return []any{plain(d.ID), plain(d.Webhook), plain(d.Message), plain(d.State), d.At.UnixMicro(), d.Due.UnixMicro(), body}, nil
}

func (w webhooks) Queue(ctx context.Context, d scene.Delivery) (bool, error) {
	args, err := w.delivery(&d)
	if err != nil {
		return false, err
	}
	n, err := w.tx.write(ctx, "INSERT INTO webhook_delivery (id, webhook_id, message, state, at, due, body) VALUES ("+params(1, 7)+")"+
		" ON CONFLICT (webhook_id, message) DO NOTHING", args...)
	return n == 1, err
}

func (w webhooks) Delivery(ctx context.Context, id scene.ID) (scene.Delivery, error) {
	return w.log().get(ctx, id)
}

func (w webhooks) PutDelivery(ctx context.Context, d scene.Delivery) error {
	args, err := w.delivery(&d)
	if err != nil {
		return err
	}
	_, err = w.tx.write(ctx, "UPDATE webhook_delivery SET webhook_id = $2, message = $3, state = $4, at = $5, due = $6, body = $7 WHERE id = $1", args...)
	return err
}

func (w webhooks) Deliveries(ctx context.Context, webhook scene.ID, p store.Page) (store.Rows[scene.Delivery], error) {
	var c clause
	c.add("webhook_id = ?", plain(webhook))
	return listBodies(ctx, w.log(), c, byAt, p)
}

func (w webhooks) DueDeliveries(ctx context.Context, at time.Time, limit int) ([]scene.Delivery, error) {
	if limit < 1 || limit > store.MaxPage {
		return nil, invalid("store.page_limit", map[string]any{"limit": limit, "max": store.MaxPage})
	}
	return w.log().bodies(ctx, "SELECT body FROM webhook_delivery WHERE state = 'waiting' AND due <= $1 ORDER BY due, id LIMIT "+strconv.Itoa(limit), at.UnixMicro())
}

func (w webhooks) PutOff(ctx context.Context, webhook scene.ID, until time.Time) error {
	_, err := w.tx.write(ctx, "UPDATE webhook_delivery SET due = $2 WHERE webhook_id = $1 AND state = 'waiting' AND due < $2", plain(webhook), until.UnixMicro())
	return err
}

func (w webhooks) PruneDeliveries(ctx context.Context, before time.Time) error {
	_, err := w.tx.write(ctx, "DELETE FROM webhook_delivery WHERE state <> 'waiting' AND at < $1", before.UnixMicro())
	return err
}
