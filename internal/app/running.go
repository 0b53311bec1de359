package app

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/netip"
	"path/filepath"
	"sync"
	"time"

	"jinghe/internal/bus"
	"jinghe/internal/bus/jetstream"
	"jinghe/internal/indexer"
	"jinghe/internal/scene"
	"jinghe/internal/web"
	"jinghe/internal/web/backend"
	"jinghe/search/embedded"
)

// running is what Start adds to an App.
type running struct {
	log      *slog.Logger
	bus      *jetstream.Bus
	consumer bus.Subscription
	engine   *embedded.Engine
	markets  *markets
	index    *indexer.Indexer
	web      *web.Server
	control  *control

	work  sync.WaitGroup // relay and first build of the indexes
	end   context.CancelFunc
	ready chan struct{} // closed when the indexes have been built once
}

// Start opens events, indexes, market and pages and returns when connections
// are accepted. The indexes are filled from the rows meanwhile; until then
// lists come from the rows, and pages say so. When Start fails, Close still has to be called.
func (a *App) Start(ctx context.Context) error {
	r := &running{log: a.log, ready: make(chan struct{})}
	a.running = r
	steps := []func(context.Context, *App) error{r.openBus, r.openIndexes, r.openWeb, r.follow, r.listen}
	for _, step := range steps {
		if err := step(ctx, a); err != nil {
			return scene.Wrap("app.Start", err)
		}
	}
	return nil
}

// Ready is closed when the indexes have been built once.
func (a *App) Ready() <-chan struct{} { return a.running.ready }

func (r *running) openBus(ctx context.Context, a *App) (err error) {
	r.bus, err = jetstream.Open(ctx, a.busConfig())
	return err
}

func (a *App) busConfig() jetstream.Config {
	return jetstream.Config{
		StoreDir: filepath.Join(a.cfg.Data, "events"), URLs: a.cfg.NATS, Credentials: a.cfg.NATSCredentials,
		Replicas: a.cfg.NATSReplicas, Logger: a.log, Now: a.o.Now,
	}
}

func (r *running) openIndexes(ctx context.Context, a *App) (err error) {
	r.engine = embedded.New(a.kit.Load().Lexicon)
	if r.markets, err = newMarkets(ctx, a.kit.Load(), a.o.Now); err != nil {
		return err
	}
	r.index, err = indexer.New(ctx, a.store, r.engine, r.markets,
		func() *scene.Dictionaries { return a.kit.Load().Dictionaries }, a.o.Now)
	return err
}

func (r *running) openWeb(_ context.Context, a *App) (err error) {
	proxies, err := prefixes(a.cfg.TrustedProxies)
	if err != nil {
		return err
	}
	r.web, err = web.New(web.Config{
		Addr: a.cfg.Addr, PublicURL: a.cfg.PublicURL, TLSCert: a.cfg.TLSCert, TLSKey: a.cfg.TLSKey,
		TrustedProxies: proxies, Version: a.o.Version, Now: a.o.Now, Random: rand.Reader, Log: a.log,
	}, backend.Services{
		Catalogue: a.reg, Finder: r.index, Matcher: r.markets,
		Dictionaries: func() *scene.Dictionaries { return a.kit.Load().Dictionaries },
		Probes: []backend.Probe{
			{Name: "store", Check: a.store.Ping},
			{Name: "bus", Check: func(ctx context.Context) error { _, err := r.bus.Health(ctx); return err }},
			{Name: "search", Optional: true, Check: r.indexed},
		},
	})
	return err
}

// indexed is the probe of the indexes: away until they were built once.
func (r *running) indexed(context.Context) error {
	select {
	case <-r.ready:
		return nil
	default:
		return &scene.Error{Code: scene.Unavailable, Key: "search.building"}
	}
}

// follow subscribes to changes before the rows are read, so that none falls
// between, and lets relay and first build go their way.
func (r *running) follow(ctx context.Context, a *App) (err error) {
	r.consumer, err = r.bus.Subscribe(ctx, bus.Consumer{
		Name: "indexer", Handle: a.handle, Deadline: 5 * time.Minute, Retry: indexRetry(),
		Subjects: []string{scene.OrganisationChanged, scene.OpportunityChanged, scene.CapabilityChanged, scene.DictionaryChanged},
	})
	if err != nil {
		return err
	}
	var running context.Context
	running, r.end = context.WithCancel(context.WithoutCancel(ctx))
	relay := bus.Relay{Outbox: a.store.Outbox(), Bus: r.bus, Committed: a.store.Committed(), Logger: a.log}
	r.work.Go(func() { relay.Run(running) })
	r.work.Go(func() {
		r.build(running)
		r.markets.keepLearning(running, a.log)
	})
	return nil
}

// indexRetry is short: while one event waits, those behind it wait too, and a
// rebuild mends what a dead letter left behind.
func indexRetry() bus.Retry { return bus.Retry{200 * time.Millisecond, time.Second, 5 * time.Second} }

// build fills the indexes. A failure is tried again after a pause: pages work
// without, but searching people should not have to wait for a restart.
func (r *running) build(ctx context.Context) {
	for {
		err := r.index.Rebuild(ctx, nil)
		if err == nil {
			close(r.ready)
			r.markets.ask()
			return
		}
		if ctx.Err() != nil {
			return
		}
		r.log.Error("indexes not built; trying again", "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(5 * time.Second):
		}
	}
}

// listen opens the doors last: pages, then the control socket.
func (r *running) listen(ctx context.Context, a *App) (err error) {
	if err := r.web.Start(ctx); err != nil {
		return err
	}
	r.control, err = listenControl(a.cfg.Data, a, a.log)
	return err
}

// stop ends what was started, doors first. It goes on after a failure and
// returns all of them.
func (r *running) stop(ctx context.Context) error {
	var errs []error
	if r.control != nil {
		errs = append(errs, r.control.stop(ctx))
	}
	if r.web != nil && r.web.Addr() != "" {
		errs = append(errs, r.web.Shutdown(ctx))
	}
	if r.consumer != nil {
		errs = append(errs, r.consumer.Stop(ctx))
	}
	if r.end != nil {
		r.end()
		r.work.Wait()
	}
	if r.bus != nil {
		errs = append(errs, r.bus.Close(ctx))
	}
	if r.engine != nil {
		errs = append(errs, r.engine.Close())
	}
	if r.markets != nil {
		errs = append(errs, r.markets.close())
	}
	return scene.Wrap("app.stop", errors.Join(errs...))
}

func prefixes(cidrs []string) ([]netip.Prefix, error) {
	all := make([]netip.Prefix, 0, len(cidrs))
	for _, s := range cidrs {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, settingError("config.trusted_proxies", "JINGHE_TRUSTED_PROXIES", s)
		}
		all = append(all, p)
	}
	return all, nil
}
