package app

import (
	"context"
	"crypto/rand"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// openFairs builds the service of matchmaking events on the open rows.
func (a *App) openFairs() { a.fairs = a.convening(a.o.Now) }

// convening is that service with a clock of its own.
func (a *App) convening(now func() time.Time) *convene.Service {
	c := convene.Config{
		Store: a.store, IDs: a.ids, Now: now, Random: rand.Reader, Log: a.log, Pairing: pairing{a}, Docking: a.engage, Link: a.link,
		Spell: func(name string) (string, string) { return a.kit.Load().Lexicon.Pinyin(name) },
	}
	if a.mailer != nil {
		c.Mailer = a.mailer
	}
	return convene.New(c)
}

// Fairs gives tests and the demo the use cases of events.
func (a *App) Fairs() *convene.Service { return a.fairs }

// pairing ranks what is brought to an event with the kit in force: the lists of
// one event are small, and a market of their own compares them wholly.
type pairing struct{ app *App }

// Pairs ranks the offers for each need, and explains in both languages.
func (p pairing) Pairs(ctx context.Context, needs, offers []scene.Row, top int) ([]match.Ranking, error) {
	o := broker.Options{Top: top, Lang: locale.Zh, Also: locale.En, Now: p.app.o.Now()}
	return broker.MatchRows(ctx, p.app.kit.Load().Engine, needs, offers, o, nil)
}
