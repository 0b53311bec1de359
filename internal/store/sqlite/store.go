// Package sqlite keeps the contract of internal/store in one SQLite file:
// write-ahead log, a full sync at every commit, one writer and many readers.
//
// It stands on the third floor and is the only importer of the driver, which
// is pure Go. The SQL itself is shared with PostgreSQL in
// internal/store/sqlrows; opening, migrating and telling errors apart are here.
//
// One process opens a file: the caller holds the lock of the data directory
// (internal/datadir).
package sqlite

import (
	"context"
	"database/sql"
	"log/slog"
	"net/url"
	"path/filepath"
	"runtime"
	"strconv"

	driver "modernc.org/sqlite"

	"jinghe/internal/store"
	"jinghe/internal/store/sqlrows"
)

// Options are what Open may be told.
type Options struct {
	// BackupDir receives a copy of an older database before it is upgraded;
	// empty is the directory of the file.
	BackupDir string
	// Logger receives migrations and failures of checkpoints; nil is silent.
	Logger *slog.Logger
	// UpTo brings the schema no further than to this version; 0 means the newest.
	UpTo int64
}

// Store is a SQLite file. It is safe for concurrent use.
type Store struct {
	path    string
	writer  *sql.DB // one connection; transactions begin with the write lock
	readers *sql.DB // snapshots; cannot write
	log     *slog.Logger
	woken   chan struct{}
	gate    sqlrows.Gate
	engine  *sqlrows.Engine
}

var _ store.Store = (*Store)(nil)

// Open opens the file at path, making it if there is none, and brings its
// schema up to date, after a copy into BackupDir where an older one holds
// rows. A database of a newer program is refused with a Precondition error
// (store.newer, arguments have and want), a file that is something else with
// store.foreign.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	s := &Store{path: path, log: o.Logger, woken: make(chan struct{}, 1), engine: engine()}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if o.BackupDir == "" {
		o.BackupDir = filepath.Dir(path)
	}
	var err error
	if s.writer, err = connect(path, writing, 1); err != nil {
		return nil, fail("open", err)
	}
	if err := s.migrate(ctx, o.BackupDir, o.UpTo); err != nil {
		_ = s.writer.Close()
		return nil, fail("open", err)
	}
	if s.readers, err = connect(path, reading, max(4, runtime.NumCPU())); err != nil {
		_ = s.writer.Close()
		return nil, fail("open", err)
	}
	return s, nil
}

// busyMillis bounds the wait for a lock of another process, such as a backup tool.
const busyMillis = 10_000

type access int

const (
	writing access = iota
	reading
)

// connect opens a pool of connections to the file.
func connect(path string, a access, size int) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	q := url.Values{
		"_busy_timeout": {strconv.Itoa(busyMillis)},
		"_foreign_keys": {"on"},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_defensive":    {"1"},
		// Connections hold 8 MiB of pages each; a negative number counts KiB.
		"_pragma": {"cache_size(-8192)", "journal_size_limit(67108864)", "temp_store(2)"},
		"_txlock": {"immediate"},
	}
	if a == reading {
		q.Set("_txlock", "deferred")
		q.Set("_query_only", "on")
	}
	name := filepath.ToSlash(abs)
	if name[0] != '/' { // C:/…
		name = "/" + name
	}
	file := url.URL{Scheme: "file", Path: name, RawQuery: q.Encode()}
	opens, err := driver.NewConnector(file.String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector{opens})
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// View runs fn on a snapshot.
func (s *Store) View(ctx context.Context, fn func(store.Tx) error) error {
	_, err := s.run(ctx, "view", s.readers, fn)
	return err
}

// Update runs fn in the only writing transaction.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	out, err := s.run(ctx, "update", s.writer, fn)
	if err == nil && out.Emitted {
		select {
		case s.woken <- struct{}{}:
		default: // the reader has not yet taken the last one: it will find this too
		}
	}
	return err
}

func (s *Store) run(ctx context.Context, op string, db *sql.DB, fn func(store.Tx) error) (out sqlrows.Outcome, err error) {
	if err := s.gate.Enter(); err != nil {
		return out, fail(op, err)
	}
	defer s.gate.Leave()
	return s.engine.Run(ctx, op, db, nil, fn)
}

func engine() *sqlrows.Engine {
	return &sqlrows.Engine{
		Name: "sqlite", Classify: classify, Prepare: true, Kept: sqlrows.NewKept(), NameHeads: true,
		Columns:    "SELECT t.name, c.name, c.pk, 0 FROM sqlite_master t, pragma_table_info(t.name) c" + ownTables + " ORDER BY t.name, c.name",
		References: "SELECT DISTINCT t.name, f.\"table\" FROM sqlite_master t, pragma_foreign_key_list(t.name) f" + ownTables,
	}
}

// ownTables are those of the program among all of the file.
const ownTables = " WHERE t.type = 'table' AND t.name <> '" + versionTable + "' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"

// Committed is signalled after a commit that emitted events.
func (s *Store) Committed() <-chan struct{} { return s.woken }

// Leads is true: one process has the file.
func (s *Store) Leads() bool { return true }

// Outbox returns the queue of unsent events.
func (s *Store) Outbox() store.Outbox { return sqlrows.Outbox{View: s.View, Update: s.Update} }

// Ping asks one reader for a row.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.ask(ctx, "SELECT 1")
	return fail("ping", err)
}

// Health asks for the versions and has SQLite check the file.
func (s *Store) Health(ctx context.Context) (store.Health, error) {
	var h store.Health
	version, err := s.ask(ctx, "SELECT sqlite_version()")
	if err != nil {
		return h, fail("health", err)
	}
	h.Engine = "sqlite " + version
	schema, err := s.ask(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM "+versionTable+" WHERE is_applied = 1")
	if err != nil {
		return h, fail("health", err)
	}
	if h.SchemaVersion, err = strconv.ParseInt(schema, 10, 64); err != nil {
		return h, fail("health", err)
	}
	h.Integrity, err = s.ask(ctx, "PRAGMA integrity_check(1)")
	return h, fail("health", err)
}

// ask runs a query whose answer is one value.
func (s *Store) ask(ctx context.Context, query string) (answer string, err error) {
	if err := s.gate.Enter(); err != nil {
		return "", err
	}
	defer s.gate.Leave()
	err = s.readers.QueryRowContext(ctx, query).Scan(&answer)
	return answer, err
}

// Close waits for running transactions, moves the log into the file and
// closes it.
func (s *Store) Close() error {
	if !s.gate.Close() {
		return nil
	}
	errRead := s.readers.Close()
	if _, err := s.writer.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		s.log.Warn("checkpoint at close failed", "path", s.path, "err", err)
	}
	errWrite := s.writer.Close()
	if errWrite == nil {
		errWrite = errRead
	}
	return fail("close", errWrite)
}

func fail(op string, err error) error {
	return (&sqlrows.Engine{Name: "sqlite", Classify: classify}).Fail(op, err)
}
