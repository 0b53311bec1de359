package app

import (
	"context"

	"jinghe/internal/scene"
)

// Decisions returns what people said of pairs.
func (a *App) Decisions(ctx context.Context) ([]scene.Decision, error) {
	return a.learning.Decisions(ctx)
}
