package jetstream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"jinghe/internal/scene"
)

// maxMemory bounds what the server inside may keep in memory-backed streams;
// there are none.
const maxMemory = 16 << 20

// startServer starts a server inside this process: no port, no signal
// handlers, every write synced before it is acknowledged.
func startServer(ctx context.Context, c Config) (*server.Server, error) {
	if c.StoreDir == "" {
		return nil, &scene.Error{Code: scene.Invalid, Key: "bus.store_dir"}
	}
	s, err := server.NewServer(&server.Options{
		ServerName: "jinghe", DontListen: true, NoSigs: true,
		JetStream: true, StoreDir: c.StoreDir, SyncAlways: true,
		JetStreamMaxMemory: maxMemory, JetStreamMaxStore: -1,
		DisableJetStreamBanner: true, NoSystemAccount: true,
	})
	if err != nil {
		return nil, err
	}
	s.SetLoggerV2(serverLog{c.Logger}, false, false, false)
	s.Start()
	deadline, _ := ctx.Deadline()
	// A server that cannot use its directory is down again when Start returns.
	if !s.JetStreamEnabled() || !s.ReadyForConnections(time.Until(deadline)) {
		s.Shutdown()
		s.WaitForShutdown()
		return nil, &scene.Error{Code: scene.Unavailable, Key: "bus.not_ready", Args: map[string]any{"dir": c.StoreDir}}
	}
	return s, nil
}

// connect opens the connection. It comes back by itself after a break, for as
// long as the bus is open.
func (b *Bus) connect() (err error) {
	options := []nats.Option{
		nats.Name("jinghe"), nats.MaxReconnects(-1), nats.Timeout(requestTimeout),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			b.config.Logger.Warn("bus connection", "err", err)
		}),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				b.config.Logger.Warn("bus disconnected", "err", err)
			}
		}),
		nats.ReconnectHandler(func(c *nats.Conn) {
			b.config.Logger.Info("bus connected again", "server", c.ConnectedServerName())
		}),
	}
	if b.config.Credentials != "" {
		options = append(options, nats.UserCredentials(b.config.Credentials))
	}
	if b.server != nil {
		options = append(options, nats.InProcessServer(b.server))
	}
	if b.conn, err = nats.Connect(strings.Join(b.config.URLs, ","), options...); err != nil {
		return err
	}
	b.js, err = jetstream.New(b.conn, jetstream.WithPublishAsyncMaxPending(inFlight),
		jetstream.WithPublishAsyncTimeout(requestTimeout), jetstream.WithDefaultTimeout(requestTimeout))
	return err
}

// serverLog writes what the server inside says to the log of the program.
type serverLog struct{ to *slog.Logger }

func (l serverLog) Noticef(format string, v ...any) { l.write(slog.LevelDebug, format, v) }
func (l serverLog) Warnf(format string, v ...any)   { l.write(slog.LevelWarn, format, v) }
func (l serverLog) Fatalf(format string, v ...any)  { l.write(slog.LevelError, format, v) }
func (l serverLog) Errorf(format string, v ...any)  { l.write(slog.LevelError, format, v) }
func (l serverLog) Debugf(format string, v ...any)  { l.write(slog.LevelDebug, format, v) }
func (l serverLog) Tracef(format string, v ...any)  { l.write(slog.LevelDebug, format, v) }

func (l serverLog) write(level slog.Level, format string, v []any) {
	if ctx := context.Background(); l.to.Enabled(ctx, level) {
		l.to.Log(ctx, level, "nats-server: "+fmt.Sprintf(format, v...))
	}
}

// fail turns an error of the client or the server into a *scene.Error, and
// adds the operation.
func fail(op string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*scene.Error](err); !ok {
		code, key := scene.Unavailable, "bus.unavailable"
		switch {
		case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired):
			code, key = scene.Invalid, "bus.password"
		case errors.Is(err, nats.ErrNoServers), errors.Is(err, nats.ErrInvalidConnection):
			key = "bus.unreachable"
		case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
			key = "bus.ended"
		case errors.Is(err, nats.ErrConnectionClosed):
			key = "bus.closed"
		}
		err = &scene.Error{Code: code, Key: key, Err: err}
	}
	return scene.Wrap("jetstream."+op, err)
}
