package postgres

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"jinghe/internal/scene"
	"jinghe/internal/store/sqlrows"
)

const (
	// versionTable is where the schema's versions are counted. A database that
	// has it is a store of this program.
	versionTable = "jinghe_version"
	// oldestServer is the oldest server that is let in, newestServer the newest
	// that was out when this was written: a later one is let in with a warning.
	oldestServer, newestServer = 14, 18
)

// prepare looks at the server and brings the schema up to date. It has
// connections of its own: a migration may take longer than any statement.
func (s *Store) prepare(ctx context.Context, cfg *pgx.ConnConfig, o Options) error {
	files, err := sqlrows.Migrations(sqlrows.Postgres)
	if err != nil {
		return err
	}
	patient := cfg.Copy()
	patient.RuntimeParams = maps.Clone(cfg.RuntimeParams)
	for _, name := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} {
		patient.RuntimeParams[name] = "0"
	}
	db := stdlib.OpenDB(*patient)
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() // the lock goes with it
	if err := checkDurable(ctx, conn, s.log); err != nil {
		return err
	}
	if err := checkEncoding(ctx, conn, cfg); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(lockMigration)); err != nil {
		return err
	}
	if err := checkOwn(ctx, conn, cfg); err != nil {
		return err
	}
	return s.upgrade(ctx, cfg, db, files, o)
}

// upgrade applies the files that the database does not have yet.
func (s *Store) upgrade(ctx context.Context, cfg *pgx.ConnConfig, db *sql.DB, files fs.FS, o Options) error {
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithTableName(versionTable),
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(s.log))
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return &scene.Error{
			Code: scene.Precondition, Key: "store.newer", Args: map[string]any{"path": cfg.Database, "have": have, "want": want},
		}
	}
	if o.UpTo != 0 {
		want = o.UpTo
	}
	if have > 0 && have < want && o.BeforeUpgrade != nil {
		if err := o.BeforeUpgrade(ctx, s, have); err != nil {
			return err
		}
	}
	_, err = p.UpTo(ctx, want)
	return err
}

// checkServer refuses a server that is too old. The version is what the server
// says of itself when one connects, such as “15.14 (Debian 15.14-0+deb12u1)”.
func checkServer(version string, log *slog.Logger) error {
	digits, _, _ := strings.Cut(version, ".")
	major, err := strconv.Atoi(strings.TrimFunc(digits, func(r rune) bool { return r < '0' || r > '9' }))
	switch {
	case err != nil || major > newestServer:
		log.Warn("this version of PostgreSQL is newer than the program knows; upgrade the program if anything fails",
			"have", version, "known", newestServer)
	case major < oldestServer:
		return &scene.Error{Code: scene.Precondition, Key: "store.server_old", Args: map[string]any{
			"have": version, "want": strconv.Itoa(oldestServer),
		}}
	}
	return nil
}

// checkDurable warns of a server that does not keep what it acknowledged.
func checkDurable(ctx context.Context, conn *sql.Conn, log *slog.Logger) error {
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var value string
		if err := conn.QueryRowContext(ctx, "SELECT current_setting($1)", setting).Scan(&value); err != nil {
			return err
		}
		if value == "off" {
			log.Warn("PostgreSQL may lose what it acknowledged; switch this setting on", "setting", setting, "value", value)
		}
	}
	return nil
}

// checkEncoding refuses a database whose encoding cannot hold every character.
func checkEncoding(ctx context.Context, conn *sql.Conn, cfg *pgx.ConnConfig) error {
	var encoding string
	if err := conn.QueryRowContext(ctx, "SELECT current_setting('server_encoding')").Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return &scene.Error{Code: scene.Precondition, Key: "store.encoding", Args: map[string]any{"database": cfg.Database, "have": encoding}}
	}
	return nil
}

// checkOwn refuses a schema that holds tables of another program.
func checkOwn(ctx context.Context, conn *sql.Conn, cfg *pgx.ConnConfig) error {
	var tables, own int
	row := conn.QueryRowContext(ctx, "SELECT COUNT(*), COUNT(*) FILTER (WHERE tablename = $1) FROM pg_tables"+
		" WHERE schemaname = current_schema()", versionTable)
	if err := row.Scan(&tables, &own); err != nil {
		return err
	}
	if tables > 0 && own == 0 {
		return &scene.Error{Code: scene.Precondition, Key: "store.foreign_database", Args: map[string]any{"database": cfg.Database}}
	}
	return nil
}

// explain says what is wrong with the address or the server when it could not
// be opened: each message names the remedy.
func (s *Store) explain(cfg *pgx.ConnConfig, err error) error {
	if _, told := errors.AsType[*scene.Error](err); told || errors.Is(err, context.Canceled) {
		return s.engine.Fail("open", err)
	}
	args := map[string]any{"host": cfg.Host, "port": cfg.Port, "user": cfg.User, "database": cfg.Database}
	told := func(code scene.Code, key string) error {
		return &scene.Error{Code: code, Op: "postgres.open", Key: key, Args: args, Err: err}
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case invalidPassword, invalidAuthorization:
			return told(scene.Invalid, "store.password")
		case noSuchDatabase:
			return told(scene.Invalid, "store.no_database")
		case insufficientRight:
			return told(scene.Precondition, "store.privilege")
		}
	}
	if strings.Contains(err.Error(), "tls error") { // the driver has no type for it
		return told(scene.Invalid, "store.tls")
	}
	if classify(err) == sqlrows.Away {
		return told(scene.Unavailable, "store.unreachable")
	}
	return s.engine.Fail("open", err)
}
