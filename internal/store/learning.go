package store

import (
	"context"

	"jinghe/internal/scene"
)

// Judgements is what people said of pairs. Listings named here need not exist.
type Judgements interface {
	// PutDecisions inserts decisions, or replaces those of the same ID.
	PutDecisions(ctx context.Context, d []scene.Decision) error
	// DecisionsOn returns the decisions on a listing, whichever side of the pair it
	// is, in order of ID.
	DecisionsOn(ctx context.Context, listing scene.ID) ([]scene.Decision, error)
	// DeleteDecision takes a decision back, if there is one.
	DeleteDecision(ctx context.Context, id scene.ID) error
	// Decisions pages through all decisions in order of ID.
	Decisions(ctx context.Context, p Page) (Rows[scene.Decision], error)
	// PutMark pins or excludes a pair, in the place of the mark it has.
	PutMark(ctx context.Context, m scene.Mark) error
	// DeleteMark takes a mark away, if there is one.
	DeleteMark(ctx context.Context, need, offer scene.ID) error
	// Marks pages through all marks in order of need and offer.
	Marks(ctx context.Context, p Page) (Rows[scene.Mark], error)
}

// Weights is the versions of the numbers of a ranking, and which is in force.
type Weights interface {
	// Get returns the set or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.WeightSet, error)
	// Put inserts a set. One of the same ID is a Conflict: sets are not changed.
	Put(ctx context.Context, w scene.WeightSet) error
	// List pages through the sets in order of ID, which is that of time.
	List(ctx context.Context, p Page) (Rows[scene.WeightSet], error)
	// PutActivation appends to the log, or replaces the entry of the same ID.
	// A set that is not kept is a Precondition error.
	PutActivation(ctx context.Context, a scene.Activation) error
	// Activations returns the log in order of ID, which is that of time.
	Activations(ctx context.Context) ([]scene.Activation, error)
}
