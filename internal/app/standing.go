package app

import (
	"context"
	"time"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
	"jinghe/internal/standing"
)

// standingPause is how long what a saved search waits for, a morning or the end
// of an embargo, may be overdue.
const standingPause = 20 * time.Second

// openSearches builds the service of saved searches on the open rows.
func (a *App) openSearches() {
	a.searches = standing.New(standing.Config{
		Store: a.store, IDs: a.ids, Now: a.o.Now,
		Dictionaries: func() *scene.Dictionaries { return a.kit.Load().Dictionaries },
	})
}

// Documents and DocFreq count the words of the market that answers, for the
// book of saved searches.
func (m *markets) Documents() int {
	one, done := m.acquire()
	defer done()
	return one.Documents()
}

// DocFreq is [broker.Market.DocFreq] of the market that answers.
func (m *markets) DocFreq(term string) int {
	one, done := m.acquire()
	defer done()
	return one.DocFreq(term)
}

// keepSearching opens the book of saved searches once the market is there that
// tells its words apart, has listings matched with it as they change, and makes
// it anew whenever the market learned or the vocabulary was edited. Until then
// events wait.
func (r *running) keepSearching(ctx context.Context, a *App) {
	select {
	case <-ctx.Done():
		return
	case <-r.ready:
	}
	for again := standingPause; !r.search(ctx, a); {
		select {
		case <-ctx.Done():
			return
		case <-time.After(again):
		}
	}
	for ctx.Err() == nil {
		if a.store.Leads() {
			r.remind(ctx, a)
		}
		select {
		case <-ctx.Done():
		case <-r.markets.learned:
			r.rebook(ctx, a)
		case <-time.After(standingPause):
		}
	}
}

// search opens the book and begins to match. What could not be begun is begun later.
func (r *running) search(ctx context.Context, a *App) bool {
	if !r.rebook(ctx, a) {
		return false
	}
	// One process of several handles an event: what it notes, all tell of.
	telling, err := r.bus.Subscribe(ctx, bus.Consumer{
		Name: "standing", Handle: a.match, Deadline: 5 * time.Minute, FromStart: true,
		Subjects: []string{scene.OpportunityChanged, scene.CapabilityChanged},
	})
	if err != nil {
		if ctx.Err() == nil {
			a.log.WarnContext(ctx, "saved searches are not told of what is new; trying again", "error", err)
		}
		return false
	}
	r.telling.Store(&telling)
	return true
}

// match hands an event to the saved searches. On Close it lets go at once: the
// event comes again.
func (a *App) match(ctx context.Context, e scene.Event) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(a.running.alive, cancel)()
	return a.searches.Handle(ctx, e)
}

// rebook makes the book of saved searches anew.
func (r *running) rebook(ctx context.Context, a *App) bool {
	kit := a.kit.Load()
	book := standing.NewBook(kit.Engine, kit.Lexicon, kit.Dictionaries, r.markets)
	if err := a.searches.Use(ctx, book); err != nil {
		if ctx.Err() == nil {
			a.log.WarnContext(ctx, "saved searches were not read", "error", err)
		}
		return false
	}
	return true
}

// remind tells what is due by the clock alone.
func (r *running) remind(ctx context.Context, a *App) {
	if err := a.searches.Release(ctx); err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "saved searches were not asked about what was released; trying again", "error", err)
	}
	if err := a.searches.Tell(ctx); err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "what saved searches found was not told; trying again", "error", err)
	}
}
