package store

import (
	"context"
	"time"

	"jinghe/internal/scene"
)

// Opinions is the table of what experts were asked about entries.
type Opinions interface {
	// Get returns the row or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Opinion, error)
	// Put inserts a row with Revision 0, or replaces the row whose stored Revision
	// equals o.Revision, and returns it with the new Revision. A stale revision is a
	// Conflict, as is a second question to one expert about one entry that waits
	// for an answer.
	Put(ctx context.Context, o scene.Opinion) (scene.Opinion, error)
	// About returns those about an entry, in the order in which they were asked.
	About(ctx context.Context, listing scene.ID) ([]scene.Opinion, error)
	// Of returns the latest of an expert, what waits for him first; at most limit.
	Of(ctx context.Context, account scene.ID, limit int) ([]scene.Opinion, error)
	// Due returns at most limit that wait for an answer, of which nobody was
	// reminded, and that are due before that instant, the earliest first.
	Due(ctx context.Context, before time.Time, limit int) ([]scene.Opinion, error)
}
