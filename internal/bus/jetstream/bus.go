// Package jetstream keeps the contract of internal/bus on NATS JetStream: a
// server inside this process that listens on no port, or any server or cluster
// that an address names. Both run through the same code.
//
// It stands on the third floor and is the only importer of NATS.
//
//	stream jinghe_v1    subjects jinghe.v1.>     the events, by age
//	stream jinghe_dead  subjects jinghe.dead.>   what consumers gave up on
//
// The server inside syncs every write before it acknowledges. An outside
// server decides that itself: set sync_interval: always there.
package jetstream

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
)

// Names on the server.
const (
	streamEvents = "jinghe_v1"
	streamDead   = "jinghe_dead"
	prefixEvents = bus.EventPrefix
	prefixDead   = "jinghe.dead."
)

// Defaults of Config.
const (
	defaultMaxAge  = 30 * 24 * time.Hour
	defaultAckWait = 5 * time.Second
	// duplicateWindow is how long the server knows an event's ID: longer than
	// a relay is usually away between handing over and noting it.
	duplicateWindow = time.Hour
	// requestTimeout bounds a request whose context has no deadline.
	requestTimeout = 10 * time.Second
	// inFlight is how many published events may wait for the server at once.
	inFlight = 256
)

// Config says where the server is and how it is used. The zero values of all
// but StoreDir are good for one binary.
type Config struct {
	// StoreDir holds the streams of the server inside this process. Two
	// processes on one directory ruin it: the caller holds the lock of the
	// data directory. It is not read where URLs are given.
	StoreDir string
	// URLs are addresses of an outside server or cluster: nats://host:4222.
	URLs []string
	// Credentials is the path of a NATS credentials file for URLs, if needed.
	Credentials string
	// Replicas of each stream in a cluster, 1 to 5; 0 means 1.
	Replicas int
	// MaxAge is how long events and dead letters are kept; 0 means 30 days. A
	// consumer that lags further behind misses some.
	MaxAge time.Duration
	// AckWait is how soon an event is handed out again after the process that
	// was handling it has died; 0 means 5 s. Living handlers extend it.
	AckWait time.Duration
	// Source is the attribute “source” of the CloudEvents; empty means "/jinghe".
	Source string
	// Logger receives failed handlers and the server's own messages; nil is silent.
	Logger *slog.Logger
	// Now stamps dead letters; nil means time.Now.
	Now func() time.Time
}

func (c Config) withDefaults() Config {
	if c.Replicas == 0 {
		c.Replicas = 1
	}
	if c.MaxAge == 0 {
		c.MaxAge = defaultMaxAge
	}
	if c.AckWait == 0 {
		c.AckWait = defaultAckWait
	}
	if c.Source == "" {
		c.Source = "/jinghe"
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Bus is a connection to JetStream. It is safe for concurrent use.
type Bus struct {
	config Config
	name   string         // of this Bus among those on the same servers
	server *server.Server // nil if outside
	conn   *nats.Conn
	js     jetstream.JetStream
	events jetstream.Stream
	dead   jetstream.Stream

	mu      sync.Mutex
	closed  bool
	running map[string]*subscription // by name of the consumer
}

var _ bus.Bus = (*Bus)(nil)

// Open starts the server inside, or connects to the one outside, and makes
// the streams if they are missing. It fails with Unavailable when no server
// answers within the context or ten seconds.
func Open(ctx context.Context, c Config) (_ *Bus, err error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	b := &Bus{config: c.withDefaults(), name: rand.Text(), running: map[string]*subscription{}}
	defer func() {
		if err != nil {
			_ = b.release(ctx)
		}
	}()
	if len(c.URLs) == 0 {
		if b.server, err = startServer(ctx, b.config); err != nil {
			return nil, fail("open", err)
		}
	}
	if err = b.connect(); err != nil {
		return nil, b.unopened(err)
	}
	if err = b.makeStreams(ctx); errors.Is(err, nats.ErrNoResponders) {
		err = &scene.Error{Code: scene.Unavailable, Key: "bus.no_streams", Err: err} // or it is still starting
	}
	if err != nil {
		return nil, b.unopened(err)
	}
	return b, nil
}

// What a server answers that has too few others for the copies asked for, in a
// cluster and alone (server/errors.json of nats-server).
const (
	noPeers    jetstream.ErrorCode = 10005
	noReplicas jetstream.ErrorCode = 10074
)

// unopened names the setting when servers outside do not serve.
func (b *Bus) unopened(err error) error {
	err = fail("open", err)
	e, ok := errors.AsType[*scene.Error](err)
	if !ok || b.server != nil || e.Key != "bus.unavailable" && e.Key != "bus.ended" {
		return err
	}
	named := &scene.Error{Code: e.Code, Op: e.Op, Key: "bus.no_answer", Err: e.Err}
	if api, ok := errors.AsType[*jetstream.APIError](err); ok && (api.ErrorCode == noPeers || api.ErrorCode == noReplicas) {
		named.Key, named.Args = "bus.no_peers", map[string]any{"want": b.config.Replicas}
	}
	return named
}

// bounded gives ctx a deadline if it has none.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, requestTimeout)
}

func (b *Bus) makeStreams(ctx context.Context) (err error) {
	config := jetstream.StreamConfig{
		Name: streamEvents, Description: "Domain events of Jinghe", Subjects: []string{prefixEvents + ">"},
		Storage: jetstream.FileStorage, Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardOld,
		MaxAge: b.config.MaxAge, Duplicates: min(duplicateWindow, b.config.MaxAge), Replicas: b.config.Replicas,
	}
	if b.events, err = b.js.CreateOrUpdateStream(ctx, config); err != nil {
		return err
	}
	config.Name, config.Description = streamDead, "Events of Jinghe that a consumer gave up on"
	config.Subjects = []string{prefixDead + ">"}
	b.dead, err = b.js.CreateOrUpdateStream(ctx, config)
	return err
}

// Health asks the server for its streams and consumers.
func (b *Bus) Health(ctx context.Context) (bus.Health, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	h := bus.Health{Server: "nats-server " + b.conn.ConnectedServerVersion(), Pending: map[string]int{}}
	consumers := b.events.ListConsumers(ctx)
	for info := range consumers.Info() {
		h.Pending[info.Name] = int(info.NumPending) + info.NumAckPending
	}
	if err := consumers.Err(); err != nil {
		return h, fail("health", err)
	}
	info, err := b.dead.Info(ctx)
	if err != nil {
		return h, fail("health", err)
	}
	h.Dead = int(info.State.Msgs)
	return h, nil
}

// Close stops the subscriptions together, then the connection and the server
// inside. When the context ends first, handlers are told to end at once, and
// the context's error is returned.
func (b *Bus) Close(ctx context.Context) error {
	b.mu.Lock()
	first := !b.closed
	b.closed = true
	subscriptions := slices.Collect(maps.Values(b.running))
	b.mu.Unlock()
	if !first {
		return nil
	}
	var wg sync.WaitGroup
	errs := make([]error, len(subscriptions))
	for i, s := range subscriptions {
		wg.Go(func() { errs[i] = s.Stop(ctx) })
	}
	wg.Wait()
	released := b.release(ctx)
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return released
}

// release lets go of the connection and the server inside. A server that is
// still at it when the context ends goes on alone.
func (b *Bus) release(ctx context.Context) error {
	if b.conn != nil {
		b.conn.Close()
	}
	if b.server == nil {
		return nil
	}
	down := make(chan struct{})
	go func() {
		defer close(down)
		b.server.Shutdown()
		b.server.WaitForShutdown()
	}()
	select {
	case <-down:
		return nil
	case <-ctx.Done():
		return fail("close", ctx.Err())
	}
}

// enter registers a subscription under its name.
func (b *Bus) enter(s *subscription) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return &scene.Error{Code: scene.Unavailable, Key: "bus.closed"}
	}
	if b.running[s.consumer.Name] != nil {
		return &scene.Error{Code: scene.Conflict, Key: "bus.consumer_running", Args: map[string]any{"name": s.consumer.Name}}
	}
	b.running[s.consumer.Name] = s
	return nil
}

func (b *Bus) leave(s *subscription) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running[s.consumer.Name] == s {
		delete(b.running, s.consumer.Name)
	}
}
