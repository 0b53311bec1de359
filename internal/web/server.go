package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/portal"
	"jinghe/internal/web/ui"
)

// Server serves pages and API. Its methods are safe for concurrent use.
type Server struct {
	config   Config
	services backend.Services
	echo     *echo.Echo
	http     *http.Server
	portal   *portal.Portal
	assets   *ui.Assets
	frame    *frame.Frame
	figures  *figures
	routes   []Route
	secrets  []string // beginnings of paths that go on with a secret
	origins  *http.CrossOriginProtection
	limits   *limits
	room     *room
	recent   *recent
	tally    *tally // nil without peers
	sharing  sync.WaitGroup

	closing  chan struct{} // closed by Shutdown: streams end
	draining atomic.Bool
	probes   probed
	mu       sync.Mutex
	listener net.Listener
	stopped  chan error // receives the error of Serve, once
}

// New builds a server over services; it does not listen yet. The services'
// catalogue and matcher are narrowed to what a visitor may see before any
// handler gets them.
func New(config Config, services backend.Services) (*Server, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	assets, err := ui.LoadAssets()
	if err != nil {
		return nil, scene.Wrap("web.New", err)
	}
	config.Site.URL = config.PublicURL
	services.Catalogue = backend.Visitor(services.Catalogue, config.Now)
	services.Finder = backend.Spelled(services.Finder, services.BatchNames)
	services.Matcher = backend.VisitorMatches(services.Matcher)
	services.Likeness = backend.VisitorLikeness(services.Likeness)
	s := &Server{
		config: config, services: services, assets: assets, echo: echo.New(),
		frame:   frame.New(config.Site, assets, services.Accounts != nil),
		origins: http.NewCrossOriginProtection(), limits: newLimits(config.Rates), room: newRoom(config.Seats), recent: newRecent(config.Now),
		stopped: make(chan error, 1), closing: make(chan struct{}),
	}
	if config.Peers != nil {
		s.tally = newTally(s.limits, config.Peers, config.Now)
	}
	s.portal = portal.New(services, s.frame, config.Now, config.Log)
	if s.figures, err = newFigures(config.Metrics, config.Version); err != nil {
		return nil, scene.Wrap("web.New", err)
	}
	if services.Lists != nil {
		if err := s.figures.watch(services.Lists); err != nil {
			return nil, scene.Wrap("web.New", err)
		}
	}
	if config.PublicURL != "" {
		if err := s.origins.AddTrustedOrigin(config.PublicURL); err != nil {
			return nil, scene.Wrap("web.New", err)
		}
	}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = s.fail
	s.echo.IPExtractor = clientIP(config.TrustedProxies)
	s.echo.SchemeExtractor = clientScheme(config.TrustedProxies)
	if err := s.use(); err != nil {
		return nil, scene.Wrap("web.New", err)
	}
	if err := s.mount(); err != nil {
		return nil, scene.Wrap("web.New", err)
	}
	s.http = &http.Server{
		Handler:           s.echo,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       config.RequestTimeout + 15*time.Second,
		WriteTimeout:      config.RequestTimeout + 30*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(config.Log.Handler(), slog.LevelWarn),
	}
	return s, nil
}

// Handler returns everything the server answers, for tests and for mounting elsewhere.
func (s *Server) Handler() http.Handler { return s.echo }

// Start listens and returns when connections are accepted; serving goes on
// until Shutdown. ctx bounds the listening only. An address in use is a Precondition error.
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		return &scene.Error{Code: scene.Precondition, Op: "web.Start", Key: "web.started"}
	}
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", s.config.Addr)
	if err != nil {
		return &scene.Error{
			Code: scene.Precondition, Op: "web.Start", Key: "web.listen",
			Args: map[string]any{"addr": s.config.Addr}, Err: err,
		}
	}
	s.listener = l
	go func() { s.stopped <- s.serve(l) }() // ends when Shutdown closes the listener
	s.share(ctx)
	return nil
}

// share counts requests together with other processes until Shutdown.
func (s *Server) share(ctx context.Context) {
	if s.tally == nil {
		return
	}
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	s.sharing.Go(func() {
		defer end()
		if err := s.tally.run(ctx); err != nil {
			s.config.Log.Warn("rates of requests are counted by this process alone", "error", err)
		}
	})
	s.sharing.Go(func() {
		<-s.closing
		end()
	})
}

func (s *Server) serve(l net.Listener) error {
	var err error
	if s.config.TLSCert != "" {
		err = s.http.ServeTLS(l, s.config.TLSCert, s.config.TLSKey)
	} else {
		err = s.http.Serve(l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return scene.Wrap("web.serve", err)
}

// Addr returns the address listened on, or "" before Start.
func (s *Server) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// Stopped receives one value when serving has ended: nil after Shutdown, else
// the reason.
func (s *Server) Stopped() <-chan error { return s.stopped }

// Shutdown turns readiness off, refuses new connections and waits for running
// requests until ctx ends; then it cuts them off.
func (s *Server) Shutdown(ctx context.Context) error {
	if !s.draining.Swap(true) {
		close(s.closing)
	}
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	s.sharing.Wait()
	return scene.Wrap("web.Shutdown", err)
}
