package store

import (
	"context"
	"time"

	"jinghe/internal/scene"
)

// Batches is the table of lists that go out together. Their entries carry the name.
type Batches interface {
	// Get returns the row or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Batch, error)
	// Put inserts a row with Revision 0, or replaces the row whose stored
	// Revision equals b.Revision, and returns it with the new Revision. A stale
	// revision, or a folded name (scene.NameKey) held by another row, is a
	// Conflict, a row without an ID Invalid.
	Put(ctx context.Context, b scene.Batch) (scene.Batch, error)
	// Delete removes the row, if it is there.
	Delete(ctx context.Context, id scene.ID) error
	// List pages through all rows, the latest release first.
	List(ctx context.Context, p Page) (Rows[scene.Batch], error)
	// Pending returns the batches whose release is after that instant, in no
	// promised order.
	Pending(ctx context.Context, at time.Time) ([]scene.Batch, error)
}

// Showcases is the table of scenarios that were put to use.
type Showcases interface {
	// Get returns the row or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Showcase, error)
	// Put inserts or replaces as Batches.Put does; a stale revision is a Conflict.
	Put(ctx context.Context, s scene.Showcase) (scene.Showcase, error)
	// List pages through the rows in that state, or in any where it is empty,
	// the one last changed first.
	List(ctx context.Context, state scene.State, p Page) (Rows[scene.Showcase], error)
}
