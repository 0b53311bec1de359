package backend

import (
	"context"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// Workbench edits the words and crosswalks that matching reads by, and tells
// beforehand what an edit would do. It is safe for concurrent use.
type Workbench interface {
	// Vocabulary returns what is in force.
	Vocabulary(ctx context.Context) (scene.Vocabulary, error)
	// Preview works out what an edit would change, and stores nothing.
	Preview(ctx context.Context, by scene.Actor, change scene.Amendment, lang locale.Lang) (Preview, error)
	// Amend stores an edit; matching follows within moments, without a restart.
	Amend(ctx context.Context, by scene.Actor, change scene.Amendment) error
}

// Preview is what an edit would do to the first matches of the open opportunities.
type Preview struct {
	Needs   int // open opportunities
	Looked  int // of them, how many were compared
	Changed int // of those, how many lists differ
	// Shifts are the lists that change most, at most 30.
	Shifts []match.Shift
}
