package store

import (
	"context"
	"time"

	"jinghe/internal/scene"
)

// SavedSearches is the table of the questions that people keep.
type SavedSearches interface {
	// Get returns the row or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.SavedSearch, error)
	// Put inserts a row with Revision 0, or replaces the row whose stored
	// Revision equals s.Revision, and returns it with the new Revision. A stale
	// revision is a Conflict, a row without an ID Invalid.
	Put(ctx context.Context, s scene.SavedSearch) (scene.SavedSearch, error)
	// Delete removes the row and what it found, if any.
	Delete(ctx context.Context, id scene.ID) error
	// List pages through the searches of an account, or of everybody where owner
	// is empty, in order of ID.
	List(ctx context.Context, owner scene.ID, p Page) (Rows[scene.SavedSearch], error)
	// Found notes that searches found a listing and returns those that had not
	// found it before, in the order given. Searches that do not exist are passed over.
	Found(ctx context.Context, listing scene.ID, searches []scene.ID, at time.Time) ([]scene.ID, error)
	// Listings pages through the listings that a search found, the latest first.
	Listings(ctx context.Context, search scene.ID, p Page) (Rows[scene.ID], error)
}

// MatchLists is the table of the lists that the market worked out ahead. They
// are copies: losing one costs time only.
type MatchLists interface {
	// PutMany inserts the lists or replaces those of the same listings.
	PutMany(ctx context.Context, lists []scene.MatchList) error
	// Delete removes the lists of listings, if any.
	Delete(ctx context.Context, kind scene.Kind, ids []scene.ID) error
	// List pages through the lists of one kind in order of ID.
	List(ctx context.Context, kind scene.Kind, p Page) (Rows[scene.MatchList], error)
	// Count counts the lists of one kind.
	Count(ctx context.Context, kind scene.Kind) (int, error)
}
