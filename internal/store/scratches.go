package store

import (
	"context"

	"jinghe/internal/scene"
)

// Looks is the table of what people saw at their last look at lists of matches.
type Looks interface {
	// Get returns the last look of an account at the list of a listing, or a
	// NotFound error.
	Get(ctx context.Context, account, listing scene.ID) (scene.Look, error)
	// Put inserts or replaces it. An account that does not exist is a Precondition
	// error, a row without account or listing Invalid.
	Put(ctx context.Context, l scene.Look) error
}

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
