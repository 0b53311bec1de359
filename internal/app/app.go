// Package app composes the program: from a Config it opens the data
// directory, builds the services on their adapters, starts them in order and
// stops them in the opposite order. The same App runs in the program and in
// end-to-end tests.
//
// It stands on the fifth floor: it may know everything below it, and nothing
// but the verbs of the command line knows it.
//
//	Open   lock, rows, registry: enough for import, export and doctor
//	Start  events, indexes, market, relay, pages, control socket
//	Close  the opposite order, within a bound
package app

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/convene"
	"jinghe/internal/datadir"
	"jinghe/internal/engage"
	"jinghe/internal/learning"
	"jinghe/internal/notify"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/standing"
	"jinghe/internal/store"
)

// Options are what an App takes from its surroundings.
type Options struct {
	Log     *slog.Logger     // required
	Now     func() time.Time // required
	Version string
	// Demo lets staff sign in without a second factor: for the sample city.
	Demo bool
	// TellingPause is how long what is due to people and other systems may wait
	// for the next round; 0 means five seconds.
	TellingPause time.Duration
	// RequestTimeout is how long pages may take; 0 means what [web.Config] says.
	RequestTimeout time.Duration
}

// App is one installation on one data directory.
type App struct {
	cfg      Config
	o        Options
	log      *slog.Logger
	lock     *datadir.Lock
	store    store.Store
	instance string // names this process among those that share the rows
	ids      *scene.IDMaker
	kit      atomic.Pointer[Kit] // swapped whole when the vocabulary is edited
	reg      *registry.Registry
	accounts *account.Service
	learning *learning.Service
	searches *standing.Service
	notices  *notify.Service
	engage   *engage.Service
	fairs    *convene.Service
	mailer   account.Mailer // nil: none is configured
	running  *running       // nil until Start

	previewing sync.Mutex // held while the workbench rehearses an edit

	closing sync.Once
	closed  error
}

var _ Operator = (*App)(nil)

// Open locks the data directory (making it if need be), opens the rows and
// brings their schema up to date. A directory that another process holds is a
// Precondition error that names the process.
func Open(ctx context.Context, cfg Config, o Options) (_ *App, err error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	a := &App{cfg: cfg, o: o, log: o.Log, ids: scene.NewIDMaker(o.Now, rand.Reader)}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Op: "app.Open", Key: "config.data_unusable", Args: map[string]any{"value": cfg.Data}, Err: err}
	}
	if a.lock, err = datadir.Acquire(cfg.Data); err != nil {
		return nil, scene.Wrap("app.Open", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.release())
		}
	}()
	if err := prepareDirectory(cfg.Data); err != nil {
		return nil, scene.Wrap("app.Open", err)
	}
	if a.store, err = openRows(ctx, cfg, o); err != nil {
		return nil, scene.Wrap("app.Open", err)
	}
	a.warnOfClocks(ctx)
	if a.instance, err = instance(cfg.Data); err != nil {
		return nil, scene.Wrap("app.Open", err)
	}
	a.reg = registry.New(a.store, a.ids, o.Now, registry.As(a.instance))
	a.learning = learning.New(a.store, a.ids, o.Now)
	a.engage = engage.New(a.store, a.ids, o.Now)
	cut, err := a.reg.CloseCutOff(ctx, cfg.Store != "")
	if err != nil {
		return nil, scene.Wrap("app.Open", err)
	}
	if cut > 0 {
		o.Log.Warn("imports were cut off; their committed rows stand, and the files can be imported again", "jobs", cut)
	}
	kit, err := a.loadKit(ctx)
	if err != nil {
		return nil, scene.Wrap("app.Open", err)
	}
	a.kit.Store(kit)
	a.openSearches()
	if err := a.openAccounts(ctx); err != nil {
		return nil, scene.Wrap("app.Open", err)
	}
	a.openFairs()
	return a, nil
}

// prepareDirectory removes uploads that a killed server left behind.
func prepareDirectory(dir string) error {
	left, err := filepath.Glob(filepath.Join(dir, uploadPrefix+"*"))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// Close stops what was started, in order and within the context's deadline,
// and lets go of the data directory. It may be called again.
func (a *App) Close(ctx context.Context) error {
	a.closing.Do(func() {
		var err error
		if a.running != nil {
			err = a.running.stop(ctx)
		}
		a.closed = errors.Join(err, a.release())
	})
	return a.closed
}

func (a *App) release() error {
	var errs []error
	if a.accounts != nil {
		a.accounts.Wait()
	}
	if a.fairs != nil {
		a.fairs.Close()
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	if a.lock != nil {
		errs = append(errs, a.lock.Release())
	}
	return scene.Wrap("app.release", errors.Join(errs...))
}

// Registry gives tests and the demo the use cases of the lists.
func (a *App) Registry() *registry.Registry { return a.reg }

// Searches gives tests and the demo the use cases of saved searches.
func (a *App) Searches() *standing.Service { return a.searches }

// URL is the address a person opens; empty before Start.
func (a *App) URL() string {
	if a.running == nil {
		return ""
	}
	scheme := "http://"
	if a.cfg.TLSCert != "" {
		scheme = "https://"
	}
	host, port, err := net.SplitHostPort(a.running.web.Addr())
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost" // every address, this one among them
	}
	return scheme + net.JoinHostPort(host, port) + "/"
}

// Failed receives the reason when a running App cannot go on.
func (a *App) Failed() <-chan error { return a.running.web.Stopped() }
