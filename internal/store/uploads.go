package store

import (
	"context"

	"jinghe/internal/scene"
)

// The parts of an upload.
const (
	UploadFile   = "file"   // as it was handed in
	UploadReport = "report" // what was found in it
)

// Uploads is the table of lists that were handed in by page.
type Uploads interface {
	// Get returns the upload or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Upload, error)
	// Put inserts or replaces an upload.
	Put(ctx context.Context, u scene.Upload) error
	// Delete removes the upload with its parts, if any.
	Delete(ctx context.Context, id scene.ID) error
	// List pages through the uploads, the one that began last first.
	List(ctx context.Context, p Page) (Rows[scene.Upload], error)
	// Part returns a part, or nil if there is none.
	Part(ctx context.Context, id scene.ID, name string) ([]byte, error)
	// PutPart inserts or replaces a part. An upload that does not exist is a
	// Precondition error.
	PutPart(ctx context.Context, id scene.ID, name string, body []byte) error
}
