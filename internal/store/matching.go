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
	// Changed pages through the searches whose Updated is not before an instant, in order of ID.
	Changed(ctx context.Context, since time.Time, p Page) (Rows[scene.SavedSearch], error)
	// GetMany returns the rows that exist, each once, in no promised order.
	GetMany(ctx context.Context, ids []scene.ID) ([]scene.SavedSearch, error)
	// Count counts the searches of an account.
	Count(ctx context.Context, owner scene.ID) (int, error)

	// Find notes that searches found listings, and returns the pairs that were not
	// noted before, in no promised order. Searches that do not exist are passed
	// over. A pair may stand in finds once.
	Find(ctx context.Context, finds []Find, at time.Time) ([]Find, error)
	// Gain adds to what a search has found and not told, which is to be told at
	// due, or earlier where that was planned; the zero due plans nothing.
	Gain(ctx context.Context, search scene.ID, found int, due time.Time) error
	// Due returns at most limit (1–MaxPage) states of searches that are to tell
	// something by an instant, the longest due first.
	Due(ctx context.Context, at time.Time, limit int) ([]scene.SearchState, error)
	// Told notes that everything that a search found was told.
	Told(ctx context.Context, search scene.ID, at time.Time) error
	// Seen notes that the owner looked at what a search found.
	Seen(ctx context.Context, search scene.ID) error
	// States returns the states of searches that exist, in no promised order.
	States(ctx context.Context, ids []scene.ID) ([]scene.SearchState, error)
	// Listings pages through the listings that a search found, the latest first.
	Listings(ctx context.Context, search scene.ID, p Page) (Rows[scene.ID], error)
}

// Find is a listing that a saved search found.
type Find struct{ Search, Listing scene.ID }

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
