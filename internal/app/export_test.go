package app

import (
	"context"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/scene"
)

// Comparing is how long a preview compares lists with so much time left.
func Comparing(left time.Duration) time.Duration { return comparing(left) }

// Decisions returns what people said of pairs.
func (a *App) Decisions(ctx context.Context) ([]scene.Decision, error) {
	return a.learning.Decisions(ctx)
}

// Accounts gives tests the use cases of people.
func (a *App) Accounts() *account.Service { return a.accounts }
