package store

import (
	"context"
	"time"

	"jinghe/internal/scene"
)

// WebhookFilter restricts a list of receivers; zero fields do not restrict.
type WebhookFilter struct {
	Account scene.ID
	OrgID   scene.ID
	State   scene.HookState
}

// Webhooks is the table of the receivers of other systems, and the log of what
// they were sent.
type Webhooks interface {
	// Get returns the row or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Webhook, error)
	// Put inserts a row with Revision 0, or replaces the row whose stored
	// Revision equals w.Revision, and returns it with the new Revision. A stale
	// revision is a Conflict, an account that does not exist a Precondition error.
	Put(ctx context.Context, w scene.Webhook) (scene.Webhook, error)
	// Delete removes the row and its log, if any.
	Delete(ctx context.Context, id scene.ID) error
	// List pages through the rows that f keeps, in order of ID.
	List(ctx context.Context, f WebhookFilter, p Page) (Rows[scene.Webhook], error)

	// Queue adds a delivery and reports whether it did: a message that the
	// receiver has already is passed over.
	Queue(ctx context.Context, d scene.Delivery) (bool, error)
	// Delivery returns one or a NotFound error.
	Delivery(ctx context.Context, id scene.ID) (scene.Delivery, error)
	// PutDelivery replaces a delivery.
	PutDelivery(ctx context.Context, d scene.Delivery) error
	// Deliveries pages through the log of a receiver, the latest first.
	Deliveries(ctx context.Context, webhook scene.ID, p Page) (Rows[scene.Delivery], error)
	// DueDeliveries returns at most limit (1–MaxPage) of what waits and was due at
	// an instant, the longest due first.
	DueDeliveries(ctx context.Context, at time.Time, limit int) ([]scene.Delivery, error)
	// PutOff has what waits for a receiver be due at an instant at the earliest. It
	// changes when a delivery is handed out by DueDeliveries, not what its row says.
	PutOff(ctx context.Context, webhook scene.ID, until time.Time) error
	// PruneDeliveries removes what no longer waits and was made before an instant.
	PruneDeliveries(ctx context.Context, before time.Time) error
}
