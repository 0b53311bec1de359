package store

import (
	"context"
	"time"

	"jinghe/internal/scene"
)

// EngagementFilter restricts a list of engagements; zero fields do not restrict.
type EngagementFilter struct {
	Stages []scene.Stage
	Org    scene.ID // of either side, or of a partner
	Need   scene.ID
	Offer  scene.ID
	// DueBefore keeps those whose next action is due before that instant.
	DueBefore time.Time
	// Newest orders by the last change, latest first, instead of by ID.
	Newest bool
}

// Engagements is the table of the pairs that people work on, with their history.
type Engagements interface {
	// Get returns the row or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Engagement, error)
	// Find returns the open engagement of a pair or a NotFound error.
	Find(ctx context.Context, need, offer scene.ID) (scene.Engagement, error)
	// Put inserts a row with Revision 0, or replaces the row whose stored
	// Revision equals e.Revision, and returns it with the new Revision. A stale
	// revision is a Conflict, as is a second open engagement of a pair.
	Put(ctx context.Context, e scene.Engagement) (scene.Engagement, error)
	// Note writes whether and when somebody was reminded of the next action into the
	// row whose stored Revision equals e.Revision, which stays as it is: nobody's
	// open form is behind for it. Of the rest of e nothing may differ from the row.
	Note(ctx context.Context, e scene.Engagement) error
	// List pages through the rows that f keeps.
	List(ctx context.Context, f EngagementFilter, p Page) (Rows[scene.Engagement], error)
	// Count counts the rows that f keeps.
	Count(ctx context.Context, f EngagementFilter) (int, error)
	// CountByStage is Count for each stage that any of them has.
	CountByStage(ctx context.Context, f EngagementFilter) (map[scene.Stage]int, error)
	// AddEntry appends to the history and reports whether it did: a line whose
	// cause (Once) the engagement has already is passed over. An engagement that
	// does not exist is a Precondition error.
	AddEntry(ctx context.Context, e scene.EngagementEntry) (bool, error)
	// Entries returns the history of an engagement, oldest first.
	Entries(ctx context.Context, engagement scene.ID) ([]scene.EngagementEntry, error)
}
