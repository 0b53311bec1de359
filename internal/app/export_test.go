package app

import (
	"context"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/engage"
	"jinghe/internal/notify"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web"
)

// Comparing is how long a preview compares lists with so much time left.
func Comparing(left time.Duration) time.Duration { return comparing(left) }

// Decisions returns what people said of pairs.
func (a *App) Decisions(ctx context.Context) ([]scene.Decision, error) {
	return a.learning.Decisions(ctx)
}

// Accounts gives tests the use cases of people.
func (a *App) Accounts() *account.Service { return a.accounts }

// Engagements gives tests the use cases of pairs.
func (a *App) Engagements() *engage.Service { return a.engage }

// Notices gives tests the use cases of telling people.
func (a *App) Notices() *notify.Service { return a.notices }

// Routes lists what the running server answers.
func (a *App) Routes() []web.Route { return a.running.web.Routes() }

// Store gives tests the rows.
func (a *App) Store() store.Store { return a.store }
