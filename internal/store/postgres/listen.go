package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"jinghe/internal/scene"
)

// channel carries the notices of commits with events. Its payload names the
// Store that committed.
const channel = "jinghe_outbox"

const (
	// beat is how often the listener shows the server that it is alive, and one
	// that does not lead looks whether nobody does.
	beat = 3 * time.Second
	// silence is how long the server hears nothing of a listener before it ends
	// the session, and frees its locks: a process that stands still does not lead.
	silence    = 20 * time.Second
	reconnects = 2 * time.Second // pause after a lost connection
)

// listener hears of commits in other processes, on a connection of its own,
// which also shows that this process is there: it holds the presence lock,
// together with others or alone, and the lock of the leader if nobody else
// has it. While it has no connection, the slow poll of
// the relay is the net below.
type listener struct {
	cfg    *pgx.ConnConfig
	own    string // payload of this process, which knows of its commits
	alone  bool
	leads  atomic.Bool
	wake   func()
	log    *slog.Logger
	cancel context.CancelFunc
	done   chan struct{}
}

// listen starts the listener once it has its connection and its lock.
func (s *Store) listen(ctx context.Context, cfg *pgx.ConnConfig, own string, alone bool) error {
	l := &listener{cfg: cfg, own: own, alone: alone, wake: s.wake, log: s.log, done: make(chan struct{})}
	conn, err := l.connect(ctx)
	if err != nil {
		return err
	}
	ctx, l.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go l.run(ctx, conn)
	s.listener = l
	return nil
}

// stop ends the listener. Its locks are free when it returns.
func (l *listener) stop() {
	l.cancel()
	<-l.done
}

// connect opens the connection, takes the lock and listens.
func (l *listener) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, l.cfg)
	if err != nil {
		return nil, err
	}
	if err := checkServer(conn.PgConn().ParameterStatus("server_version"), l.log); err != nil {
		hangUp(ctx, conn)
		return nil, err
	}
	lock := "SELECT pg_try_advisory_lock_shared($1)"
	if l.alone {
		lock = "SELECT pg_try_advisory_lock($1)"
	}
	var had bool
	err = conn.QueryRow(ctx, lock, int64(lockPresence)).Scan(&had)
	if err == nil && !had {
		key := "store.in_use"
		if !l.alone {
			key = "store.being_filled"
		}
		err = &scene.Error{Code: scene.Precondition, Key: key, Args: map[string]any{"database": l.cfg.Database}}
	}
	if err == nil {
		l.boundSilence(ctx, conn)
		_, err = conn.Exec(ctx, "LISTEN "+channel)
	}
	if err == nil {
		err = l.stand(ctx, conn)
	}
	if err != nil {
		hangUp(ctx, conn)
		return nil, err
	}
	return conn, nil
}

// boundSilence has the server end this session when it falls silent. One that
// does not know the setting leaves the lead with a process that stands still.
func (l *listener) boundSilence(ctx context.Context, conn *pgx.Conn) {
	_, err := conn.Exec(ctx, fmt.Sprintf("SET idle_session_timeout = %d", silence.Milliseconds()))
	if err != nil && ctx.Err() == nil {
		l.log.Warn("the server does not end sessions that fall silent; a process that stands still goes on leading", "err", err)
	}
}

// stand takes the lock of the leader if nobody has it.
func (l *listener) stand(ctx context.Context, conn *pgx.Conn) error {
	var had bool
	err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", int64(lockLeader)).Scan(&had)
	l.leads.Store(err == nil && had)
	return err
}

// hangUp gives back the locks before it closes conn: a server that is busy
// notices the end of a connection late, and whoever comes next would meet a
// process that is gone.
func hangUp(ctx context.Context, conn *pgx.Conn) {
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if !conn.IsClosed() {
		_, _ = conn.Exec(bounded, "SELECT pg_advisory_unlock_all()")
	}
	_ = conn.Close(bounded) // the server notices in any case
}

// run hears on conn and, when that is lost, on the next one.
func (l *listener) run(ctx context.Context, conn *pgx.Conn) {
	defer close(l.done)
	for {
		err := l.hear(ctx, conn)
		for err != nil {
			if ctx.Err() != nil {
				return
			}
			l.log.Warn("not listening for commits; connecting again", "err", err)
			_ = pause(ctx, reconnects) // ends with the context, as the loop does
			conn, err = l.connect(ctx)
		}
		l.log.Info("listening for commits again")
		l.wake() // what was missed meanwhile
	}
}

// hear wakes the relay at each notice until the connection fails.
func (l *listener) hear(ctx context.Context, conn *pgx.Conn) error {
	defer hangUp(ctx, conn)
	defer l.leads.Store(false)
	due := time.Now().Add(beat)
	for {
		if err := l.next(ctx, conn, &due); err != nil {
			return err
		}
	}
}

// next waits for one notice, but not past the next beat, which it does.
func (l *listener) next(ctx context.Context, conn *pgx.Conn, due *time.Time) error {
	bounded, cancel := context.WithDeadline(ctx, *due)
	defer cancel()
	notice, err := conn.WaitForNotification(bounded)
	switch {
	case err == nil:
		if notice.Payload != l.own {
			l.wake()
		}
		if time.Now().Before(*due) {
			return nil
		}
	case ctx.Err() != nil || bounded.Err() == nil || conn.IsClosed():
		return err
	}
	*due = time.Now().Add(beat)
	if l.leads.Load() {
		return conn.Ping(ctx)
	}
	return l.stand(ctx, conn)
}
