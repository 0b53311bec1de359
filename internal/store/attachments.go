package store

import (
	"context"

	"jinghe/internal/scene"
)

// Attachments is the table of files that belong to entries and showcases.
type Attachments interface {
	// Get returns the row or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Attachment, error)
	// Content returns the bytes of an attachment, or a NotFound error.
	Content(ctx context.Context, id scene.ID) ([]byte, error)
	// Add inserts a row with its content. An ID that is taken is a Conflict, a
	// row without ID or Row Invalid.
	Add(ctx context.Context, a scene.Attachment, content []byte) error
	// Delete removes the row with its content, if it is there.
	Delete(ctx context.Context, id scene.ID) error
	// Of returns those of a row, in order of their ids.
	Of(ctx context.Context, noun string, row scene.ID) ([]scene.Attachment, error)
}
