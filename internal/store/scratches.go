package store

import (
	"context"

	"jinghe/internal/scene"
)

// Scratches is the table of what people typed into forms and have not saved.
type Scratches interface {
	// Get returns what is kept of the form of an account, or a NotFound error.
	Get(ctx context.Context, account scene.ID, place string) (scene.Scratch, error)
	// Put inserts or replaces it. An account that does not exist is a
	// Precondition error, a row without account or place Invalid.
	Put(ctx context.Context, s scene.Scratch) error
	// Delete removes it, if it is there.
	Delete(ctx context.Context, account scene.ID, place string) error
	// Of returns all of an account, the one kept last first.
	Of(ctx context.Context, account scene.ID) ([]scene.Scratch, error)
}
