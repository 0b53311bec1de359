// Package postgres keeps the contract of internal/store in a PostgreSQL
// database, which several processes may share: serialisable transactions that
// are run again after a conflict, bounded pools, and time-outs everywhere.
//
// It stands on the third floor and is the only importer of the driver. The SQL
// itself and the migrations are shared with SQLite in internal/store/sqlrows;
// opening, migrating, waking and telling errors apart are here.
package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlrows"
)

// Options are what Open may be told.
type Options struct {
	// Logger receives migrations, lost connections and conflicts; nil is silent.
	Logger *slog.Logger
	// MaxConns bounds the connections of the pool; 0 means 10. One more
	// listens for commits of other processes.
	MaxConns int
	// Alone wants no other process on the database, and keeps others away
	// while the Store is open: for whoever fills it or takes all out of it.
	Alone bool
	// UpTo brings the schema no further than to this version; 0 means the newest.
	UpTo int64
	// BeforeUpgrade, if not nil, is called before the schema of a database with
	// rows is brought further, from version have on: to put the rows of s by. An
	// error keeps the schema as it is.
	BeforeUpgrade func(ctx context.Context, s store.Store, have int64) error
}

// Store is a database of a PostgreSQL server. It is safe for concurrent use,
// and so is the database for several Stores in several processes.
type Store struct {
	db       *sql.DB
	engine   sqlrows.Engine
	log      *slog.Logger
	woken    chan struct{}
	gate     sqlrows.Gate
	listener *listener
}

var _ store.Store = (*Store)(nil)

// Keys of advisory locks: "JING" and a number.
const (
	lockMigration = 0x4A494E47_00000001
	lockEvents    = 0x4A494E47_00000002
	lockPresence  = 0x4A494E47_00000003
	lockLeader    = 0x4A494E47_00000004
)

const defaultConns = 10

// Open connects to the database that the address names, in a form that libpq
// reads (postgres://user:password@host:port/database?…), and brings its schema
// up to date; of several processes one does it and the others wait. Errors name
// the remedy: store.url, store.unreachable, store.tls, store.password, store.no_database,
// store.privilege, store.server_old, store.newer, store.encoding, store.foreign_database; and
// store.in_use or store.being_filled where Alone stands in the way.
func Open(ctx context.Context, address string, o Options) (_ *Store, err error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	cfg, err := configure(address)
	if err != nil {
		return nil, err
	}
	instance := rand.Text()
	s := &Store{log: o.Logger, woken: make(chan struct{}, 1), engine: engine(instance)}
	if err := s.listen(ctx, cfg, instance, o.Alone); err != nil {
		return nil, s.explain(cfg, err)
	}
	s.pool(cfg, o.MaxConns)
	err = s.prepare(ctx, cfg, o)
	if err == nil {
		err = s.db.PingContext(ctx)
	}
	if err != nil {
		s.listener.stop()
		_ = s.db.Close()
		return nil, s.explain(cfg, err)
	}
	return s, nil
}

// pool makes the pool of connections; none is opened yet.
func (s *Store) pool(cfg *pgx.ConnConfig, conns int) {
	if conns == 0 {
		conns = defaultConns
	}
	s.db = stdlib.OpenDB(*cfg)
	s.db.SetMaxOpenConns(conns)
	s.db.SetMaxIdleConns(conns)
	s.db.SetConnMaxIdleTime(5 * time.Minute)
	s.db.SetConnMaxLifetime(time.Hour) // so that a server that was moved is found
}

// engine says what PostgreSQL does its own way in transactions of this process.
func engine(instance string) sqlrows.Engine {
	const tables = ` FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
		LEFT JOIN pg_index k ON k.indrelid = t.oid AND k.indisprimary
		WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND t.relname <> '` + versionTable + `'`
	return sqlrows.Engine{
		Name: "postgres", Classify: classify, Kept: sqlrows.NewKept(),
		// Who writes events takes turns until the commit, so that the order of
		// the outbox is that of commits; the notice goes out with the commit.
		OnEmit: fmt.Sprintf("SELECT pg_advisory_xact_lock(%d), pg_notify('%s', '%s')", lockEvents, channel, instance),
		Columns: `SELECT t.relname::text COLLATE "C" AS name, c.attname::text COLLATE "C" AS part,
			COALESCE(array_position(k.indkey::int2[], c.attnum) - array_lower(k.indkey::int2[], 1) + 1, 0),
			CASE WHEN c.attidentity = '' THEN 0 ELSE 1 END` + tables + ` ORDER BY name, part`,
		References: `SELECT DISTINCT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
			WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`,
		Settle: `SELECT setval(pg_get_serial_sequence('{table}', '{column}'), MAX({column})) FROM {table} HAVING MAX({column}) IS NOT NULL`,
	}
}

// configure reads the address and adds the bounds that it does not set itself.
func configure(address string) (*pgx.ConnConfig, error) {
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Op: "postgres.open", Key: "store.url", Err: err}
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 5 * time.Second
	}
	for name, value := range map[string]string{
		"application_name": "jinghe",
		// A process that stands still must not hold up the others for longer.
		"idle_in_transaction_session_timeout": "20s",
		"lock_timeout":                        "15s",
		"statement_timeout":                   "60s",
	} {
		if _, set := cfg.RuntimeParams[name]; !set {
			cfg.RuntimeParams[name] = value
		}
	}
	return cfg, nil
}

// View runs fn on a snapshot.
func (s *Store) View(ctx context.Context, fn func(store.Tx) error) error {
	if err := s.gate.Enter(); err != nil {
		return s.engine.Fail("view", err)
	}
	defer s.gate.Leave()
	_, err := s.engine.Run(ctx, "view", s.db, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, fn)
	return err
}

// Update runs fn in a serialisable transaction, and again after a conflict
// with another one.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.update(ctx, sql.LevelSerializable, fn)
}

// maxTries bounds how often a transaction is run: by then it has waited for
// some ten seconds.
const maxTries = 60

func (s *Store) update(ctx context.Context, level sql.IsolationLevel, fn func(store.Tx) error) error {
	if err := s.gate.Enter(); err != nil {
		return s.engine.Fail("update", err)
	}
	defer s.gate.Leave()
	for try := 1; ; try++ {
		out, err := s.engine.Run(ctx, "update", s.db, &sql.TxOptions{Isolation: level}, fn)
		if err == nil && out.Emitted {
			s.wake()
		}
		if !out.Conflict || try == maxTries || ctx.Err() != nil {
			return err
		}
		s.log.Debug("transactions in conflict; running one again", "try", try, "err", err)
		if err := pause(ctx, backoff(try)); err != nil {
			return s.engine.Fail("update", err)
		}
	}
}

// backoff grows to a quarter of a second and is spread, so that those who met
// once do not meet again.
func backoff(try int) time.Duration {
	most := min(time.Millisecond<<min(try, 8), 250*time.Millisecond)
	return most/2 + mathrand.N(most/2) //nolint:gosec // not a secret
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// wake signals the reader of Committed.
func (s *Store) wake() {
	select {
	case s.woken <- struct{}{}:
	default: // the reader has not yet taken the last one: it will find this too
	}
}

// Committed is signalled after a commit that emitted events, in this process
// or in another one on the same database.
func (s *Store) Committed() <-chan struct{} { return s.woken }

// Leads reports whether this process holds the lock of the leader. When the
// leader is gone, another one has it within seconds.
func (s *Store) Leads() bool { return s.listener.leads.Load() }

// Outbox returns the queue of unsent events. What takes events out of it
// depends on nothing it has read.
func (s *Store) Outbox() store.Outbox {
	return sqlrows.Outbox{View: s.View, Update: func(ctx context.Context, fn func(store.Tx) error) error {
		return s.update(ctx, sql.LevelReadCommitted, fn)
	}}
}

// Ping asks the server for a row.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.ask(ctx, "SELECT 1::text")
	return s.engine.Fail("ping", err)
}

// Health asks for the versions, for broken indexes and for damaged pages that
// the server has met.
func (s *Store) Health(ctx context.Context) (h store.Health, err error) {
	version, err := s.ask(ctx, "SHOW server_version")
	if err != nil {
		return h, s.engine.Fail("health", err)
	}
	h.Engine = "postgres " + version
	schema, err := s.ask(ctx, "SELECT COALESCE(MAX(version_id), 0)::text FROM "+versionTable+" WHERE is_applied")
	if err != nil {
		return h, s.engine.Fail("health", err)
	}
	if h.SchemaVersion, err = strconv.ParseInt(schema, 10, 64); err != nil {
		return h, s.engine.Fail("health", err)
	}
	clock, err := s.ask(ctx, "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint::text")
	if err != nil {
		return h, s.engine.Fail("health", err)
	}
	micros, err := strconv.ParseInt(clock, 10, 64)
	if err != nil {
		return h, s.engine.Fail("health", err)
	}
	h.Clock = time.UnixMicro(micros).UTC()
	h.Integrity, err = s.ask(ctx, `SELECT COALESCE(
		(SELECT 'invalid index ' || MIN(indexrelid::regclass::text) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
			WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace),
		(SELECT checksum_failures || ' damaged pages' FROM pg_stat_database
			WHERE datname = current_database() AND checksum_failures > 0),
		'ok')`)
	return h, s.engine.Fail("health", err)
}

// ask runs a query whose answer is one text.
func (s *Store) ask(ctx context.Context, query string) (answer string, err error) {
	if err := s.gate.Enter(); err != nil {
		return "", err
	}
	defer s.gate.Leave()
	err = s.db.QueryRowContext(ctx, query).Scan(&answer)
	return answer, err
}

// Close waits for running transactions and closes the connections.
func (s *Store) Close() error {
	if !s.gate.Close() {
		return nil
	}
	s.listener.stop()
	return s.engine.Fail("close", s.db.Close())
}
