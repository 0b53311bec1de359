package postgres

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// channel carries the notices of commits with events. Its payload names the
// Store that committed.
const channel = "jinghe_outbox"

const (
	// quiet is how long the listener waits before it asks whether its
	// connection is still there.
	quiet      = 30 * time.Second
	reconnects = 2 * time.Second // pause after a lost connection
)

// listener hears of commits in other processes, on a connection of its own.
// While it has none, the slow poll of the relay is the net below.
type listener struct {
	cfg    *pgx.ConnConfig
	own    string // payload of this process, which knows of its commits
	wake   func()
	log    *slog.Logger
	cancel context.CancelFunc
	done   chan struct{}
}

func listen(ctx context.Context, cfg *pgx.ConnConfig, own string, wake func(), log *slog.Logger) *listener {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l := &listener{cfg: cfg, own: own, wake: wake, log: log, cancel: cancel, done: make(chan struct{})}
	go l.run(ctx)
	return l
}

func (l *listener) stop() {
	l.cancel()
	<-l.done
}

func (l *listener) run(ctx context.Context) {
	defer close(l.done)
	for ctx.Err() == nil {
		err := l.hear(ctx)
		if ctx.Err() != nil {
			return
		}
		l.log.Warn("not listening for commits; connecting again", "err", err)
		_ = pause(ctx, reconnects) // ends with the context, as the loop does
	}
}

// hear connects and wakes the relay at each notice until the connection fails.
func (l *listener) hear(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, l.cfg)
	if err != nil {
		return err
	}
	defer func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(bounded)
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	for {
		if err := l.next(ctx, conn); err != nil {
			return err
		}
	}
}

// next waits for one notice, or asks for a sign of life when none comes.
func (l *listener) next(ctx context.Context, conn *pgx.Conn) error {
	bounded, cancel := context.WithTimeout(ctx, quiet)
	defer cancel()
	notice, err := conn.WaitForNotification(bounded)
	switch {
	case err == nil:
		if notice.Payload != l.own {
			l.wake()
		}
		return nil
	case ctx.Err() == nil && bounded.Err() != nil && !conn.IsClosed():
		return conn.Ping(ctx)
	default:
		return err
	}
}
