package app

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/attach"
	"jinghe/internal/bus"
	"jinghe/internal/bus/jetstream"
	"jinghe/internal/embedder"
	"jinghe/internal/indexer"
	"jinghe/internal/locale"
	"jinghe/internal/repeat"
	"jinghe/internal/scene"
	"jinghe/internal/web"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/ui"
	"jinghe/search"
)

// running is what Start adds to an App.
type running struct {
	log      *slog.Logger
	bus      *jetstream.Bus
	consumer bus.Subscription
	rows     bus.Subscription                 // changes of what is indexed and matched
	hooks    bus.Subscription                 // queues events for receivers of other systems
	telling  atomic.Pointer[bus.Subscription] // matches saved searches; nil until the market is there
	engine   search.Engine
	markets  *markets
	index    *indexer.Indexer
	web      *web.Server
	model    *embedder.Embedder // nil: none is configured
	control  *control
	intake   *intake

	work  sync.WaitGroup  // relay, building of the indexes, learning
	alive context.Context // until Close: what a handler may go on for
	end   context.CancelFunc
	ready chan struct{} // closed when the indexes have been built once
	stale atomic.Bool   // a change did not reach the indexes
	wake  chan struct{} // has keepBuilt look at once
}

// Start opens events, indexes, market and pages and returns when connections
// are accepted. The indexes are filled from the rows meanwhile; until then
// lists come from the rows, and pages say so. When Start fails, Close still has to be called.
func (a *App) Start(ctx context.Context) error {
	r := &running{log: a.log, ready: make(chan struct{}), wake: make(chan struct{}, 1)}
	a.running = r
	steps := []func(context.Context, *App) error{r.openBus, r.openEmbedder, r.openSearch, r.openIndexes, r.openWeb, r.follow, r.listen}
	for _, step := range steps {
		if err := step(ctx, a); err != nil {
			return scene.Wrap("app.Start", err)
		}
	}
	return nil
}

// Ready is closed when the indexes have been built once.
func (a *App) Ready() <-chan struct{} { return a.running.ready }

const (
	// busPatience is how long a start waits for message servers outside, which may
	// be starting themselves, or choosing who leads; busAgain is the pause between.
	busPatience = time.Minute
	busAgain    = time.Second
)

func (r *running) openBus(ctx context.Context, a *App) (err error) {
	for limit := time.After(busPatience); ; {
		r.bus, err = jetstream.Open(ctx, a.busConfig())
		if err == nil || len(a.cfg.NATS) == 0 || scene.CodeOf(err) != scene.Unavailable {
			return err
		}
		r.log.WarnContext(ctx, "the message server (JINGHE_NATS) is not ready yet; trying again for a minute", "remedy", locale.Error(locale.En, err), "error", err)
		select {
		case <-ctx.Done():
			return err
		case <-limit:
			return err
		case <-time.After(busAgain):
		}
	}
}

func (a *App) busConfig() jetstream.Config {
	return jetstream.Config{
		StoreDir: filepath.Join(a.cfg.Data, "events"), URLs: a.cfg.NATS, Credentials: a.cfg.NATSCredentials,
		Replicas: a.cfg.NATSReplicas, Logger: a.log, Now: a.o.Now,
	}
}

func (r *running) openIndexes(ctx context.Context, a *App) (err error) {
	if r.markets, err = newMarkets(ctx, a.kit.Load(), a.o.Now); err != nil {
		return err
	}
	r.markets.care = a.cfg.Care
	r.markets.lists = newLister(a.store, a.o.Now, a.log, r.markets.acquire)
	if r.model != nil {
		r.markets.model = r.model
	}
	if err = a.loadMarks(ctx, r.markets); err != nil {
		return err
	}
	r.index, err = indexer.New(ctx, a.store, r.engine, r.markets,
		func() *scene.Dictionaries { return a.kit.Load().Dictionaries }, a.o.Now)
	return err
}

func (r *running) openWeb(_ context.Context, a *App) (err error) {
	var root []byte
	if a.cfg.TLSLocal {
		if a.cfg.TLSCert, a.cfg.TLSKey, root, err = localTLS(a.cfg.Data, siteNames(&a.cfg), a.o.Now()); err != nil {
			return err
		}
	}
	if a.cfg.TLSCert != "" {
		if _, err := tls.LoadX509KeyPair(a.cfg.TLSCert, a.cfg.TLSKey); err != nil {
			return &scene.Error{
				Code: scene.Invalid, Op: "app.openWeb", Key: "config.tls_unusable",
				Args: map[string]any{"cert": a.cfg.TLSCert, "key": a.cfg.TLSKey}, Err: err,
			}
		}
	}
	proxies, err := prefixes(a.cfg.TrustedProxies)
	if err != nil {
		return err
	}
	r.intake = newIntake(a)
	var peers web.Peers // nil: the server inside a process has nobody else on it
	if len(a.cfg.NATS) > 0 {
		peers = r.bus
	}
	r.web, err = web.New(web.Config{
		Peers: peers, Addr: a.cfg.Addr, PublicURL: a.cfg.PublicURL, TLSCert: a.cfg.TLSCert, TLSKey: a.cfg.TLSKey, TLSRoot: root,
		RequestTimeout: a.o.RequestTimeout, TrustedProxies: proxies, Origins: a.cfg.APIOrigins, EmbedOrigins: a.cfg.EmbedOrigins, Version: a.o.Version, Now: a.o.Now,
		Site: ui.Site{Name: a.cfg.CentreName, City: a.cfg.CentreCity, Contact: a.cfg.CentreContact, ICP: a.cfg.ICP, Police: a.cfg.Police}, Random: rand.Reader, Log: a.log,
	}, backend.Services{
		Catalogue: a.reg, Finder: r.index, Matcher: r.markets, Likeness: r.markets, Accounts: a.accounts, Registry: a.reg, Workbench: a,
		Notices:      a.notices,
		Searches:     a.searches,
		Fairs:        a.fairs,
		Repeats:      repeat.New(a.store, a.o.Now),
		Engagements:  a.engage,
		Lists:        r.markets.lists.state,
		Written:      a.reg.Written,
		Stamp:        a.reg.Stamp,
		BatchNames:   a.reg.BatchNames,
		Intake:       r.intake,
		Drafting:     newDrafting(a, r.markets),
		Files:        attach.New(a.store, a.ids, a.o.Now),
		SignOn:       a.signOn(),
		Learning:     a.learning,
		Dictionaries: func() *scene.Dictionaries { return a.kit.Load().Dictionaries },
		Probes: []backend.Probe{
			{Name: "store", Check: a.store.Ping},
			// Without outside message servers pages answer, and events wait in the rows:
			// a proxy that took every replica out would take the site down.
			{Name: "bus", Optional: len(a.cfg.NATS) > 0, Check: func(ctx context.Context) error { _, err := r.bus.Health(ctx); return err }},
			{Name: "search", Optional: true, Check: r.indexed},
			{Name: "embedder", Optional: true, Check: r.embeds},
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
	r.alive, r.end = context.WithCancel(context.WithoutCancel(ctx))
	r.consumer, err = r.bus.Subscribe(ctx, bus.Consumer{
		Name: a.consumerName("indexer"), Handle: a.handle, Deadline: 5 * time.Minute, Retry: indexRetry(), Forget: a.forgotten(),
		Subjects: []string{scene.DictionaryChanged, scene.MarkChanged, scene.WeightsChanged, scene.SearchChanged},
	})
	if err != nil {
		return err
	}
	// Rows are read again, so that their events need no order; those of one
	// moment are taken up together.
	r.rows, err = r.bus.Subscribe(ctx, bus.Consumer{
		Name: a.consumerName("indexer-rows"), Handle: a.handle, Deadline: 5 * time.Minute, Retry: indexRetry(), Forget: a.forgotten(), Parallel: 64,
		Subjects: []string{scene.OrganisationChanged, scene.OpportunityChanged, scene.CapabilityChanged},
	})
	if err != nil {
		return err
	}
	// One process of several handles an event: what it queues, the leader sends.
	r.hooks, err = r.bus.Subscribe(ctx, bus.Consumer{Name: "webhooks", Handle: a.notices.Handle, Subjects: scene.HookSubjects()})
	if err != nil {
		return err
	}
	r.work.Go(func() { r.keepTelling(r.alive, a) })
	r.work.Go(func() { r.keepSearching(r.alive, a) })
	if err := r.intake.closeCutOff(ctx); err != nil {
		return err
	}
	relay := bus.Relay{Outbox: a.store.Outbox(), Bus: r.bus, Committed: a.store.Committed(), Lead: a.store.Leads, Logger: a.log}
	r.work.Go(func() { relay.Run(r.alive) })
	r.work.Go(func() { r.keepBuilt(r.alive) })
	r.work.Go(func() { r.intake.run(r.alive) })
	r.work.Go(func() { r.markets.keepLearning(r.alive, a.log) })
	r.work.Go(func() { r.markets.lists.follow(r.alive) })
	r.work.Go(func() { r.markets.lists.keep(r.alive) })
	if r.model != nil {
		r.work.Go(func() { r.markets.keepEmbedded(r.alive, a.log) })
	}
	return nil
}

// consumerName names a consumer whose work every process does for itself, such
// as keeping its own indexes. The server inside a process has no other.
func (a *App) consumerName(name string) string {
	if len(a.cfg.NATS) == 0 {
		return name
	}
	return name + "-" + a.instance
}

// forgotten is how long an outside server keeps the place of a process that is
// away. One that comes back later makes everything from the rows in any case.
func (a *App) forgotten() time.Duration {
	if len(a.cfg.NATS) == 0 {
		return 0
	}
	return time.Hour
}

// indexRetry is short: while one event waits, those behind it wait too. What is
// given up makes the indexes stale, and keepBuilt builds them anew.
func indexRetry() bus.Retry { return bus.Retry{200 * time.Millisecond, time.Second, 5 * time.Second} }

const (
	buildPause = 5 * time.Second
	// staleCheck is how long a change that was given up may stay unseen.
	staleCheck = 30 * time.Second
)

// keepBuilt fills the indexes, and again whenever a change did not reach them.
// A failure is tried again after a pause: pages work without, but searching
// people should not have to wait for a restart.
func (r *running) keepBuilt(ctx context.Context) {
	first := true
	for ctx.Err() == nil {
		pause := staleCheck
		if first || r.stale.Swap(false) {
			err := r.rebuild(ctx)
			if err == nil && first {
				close(r.ready)
				r.markets.filled()
				first = false
			}
			if err != nil && ctx.Err() == nil {
				r.notBuilt(ctx, err)
				pause = buildPause
			}
		}
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-time.After(pause):
		}
	}
}

// notBuilt says so. Without its search server the market is filled all the
// same, and learns.
func (r *running) notBuilt(ctx context.Context, err error) {
	r.stale.Store(true)
	if scene.CodeOf(err) == scene.Unavailable {
		r.log.WarnContext(ctx, "the search server does not answer; trying again", "error", err)
		r.markets.filled()
		return
	}
	r.log.ErrorContext(ctx, "indexes not built; trying again", "error", err)
}

// rebuild builds the indexes; a row that breaks the analysis is an error here,
// not the end of the program.
func (r *running) rebuild(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &scene.Error{Code: scene.Internal, Op: "app.rebuild", Err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	return r.index.Rebuild(ctx, nil)
}

// listen opens the doors last: pages, then the control socket.
func (r *running) listen(ctx context.Context, a *App) (err error) {
	if err := r.web.Start(ctx); err != nil {
		return err
	}
	r.control, err = listenControl(ctx, a.cfg.Data, a, a.log)
	return err
}

// stop ends what was started, doors first, each with a share of the time that
// is left. It goes on after a failure and returns all of them.
func (r *running) stop(ctx context.Context) error {
	var errs []error
	stage := func(share int, fn func(context.Context) error) {
		part, cancel := portion(ctx, share)
		defer cancel()
		errs = append(errs, fn(part))
	}
	if r.control != nil {
		stage(4, r.control.stop)
	}
	if r.web != nil && r.web.Addr() != "" {
		stage(3, r.web.Shutdown)
	}
	if r.end != nil {
		r.end()
	}
	for _, s := range []bus.Subscription{r.rows, r.consumer, r.hooks} {
		if s != nil {
			stage(3, s.Stop)
		}
	}
	stage(2, r.wait)
	if telling := r.telling.Load(); telling != nil {
		stage(2, (*telling).Stop)
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
	if r.model != nil {
		errs = append(errs, r.model.Close())
	}
	return scene.Wrap("app.stop", errors.Join(errs...))
}

// wait returns when the background work has ended, or with the context's error.
func (r *running) wait(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		r.work.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// portion gives a stage one part in share of the time that is left.
func portion(ctx context.Context, share int) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(deadline)/time.Duration(share))
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
