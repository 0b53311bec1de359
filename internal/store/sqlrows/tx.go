// Package sqlrows is the SQL that both engines of internal/store share: one
// transaction over database/sql, written in what SQLite and PostgreSQL have in
// common ($1 placeholders, ON CONFLICT, JSON kept as text).
//
// It stands on the third floor, between the contract and the adapters. An
// adapter opens the database, says which migrations it lacks and how to begin
// a transaction, and tells driver errors apart ([Engine]); the statements here
// do not know which engine answers. The migrations are here too, one file for
// both engines ([Migrations]).
package sqlrows

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Fault is what a driver's error code says, as far as callers can act on it.
type Fault int

// The faults.
const (
	Broken      Fault = iota // anything else: a defect or a broken engine
	Taken                    // a unique constraint
	Reference                // a foreign key
	ReadOnly                 // a write in a reading transaction
	Busy                     // a lock was not had in time
	Conflicting              // transactions got in each other's way: this one may be run again
	Away                     // the engine cannot be reached, or is stopping
	Full                     // no space left
	Corrupt                  // the files are damaged
)

// Classify tells a driver's error by its code, never by its text.
type Classify func(error) Fault

// Tx implements store.Tx on a transaction of database/sql.
type Tx struct {
	sql    *sql.Tx
	engine *Engine
	job    scene.ID
	shared *shared
}

// shared is what a Tx and those made by ForImport have in common.
type shared struct {
	prepared map[string]*sql.Stmt
	failed   error // first failed write
	emitted  bool
	wrote    bool // a statement that changes rows was tried
	conflict bool // a statement failed with Conflicting
}

var _ store.Tx = (*Tx)(nil)

// ForImport marks what is written through the returned Tx.
func (t *Tx) ForImport(job scene.ID) store.Tx {
	marked := *t
	marked.job = job
	return &marked
}

// write runs a statement that changes rows and returns how many it changed.
func (t *Tx) write(ctx context.Context, text string, args ...any) (int, error) {
	res, err := t.exec(ctx, text, args)
	if err != nil {
		return 0, t.spoil(t.fault(err))
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, t.spoil(t.fault(err))
	}
	return int(n), nil
}

// read runs a query and hands each row to scan.
func (t *Tx) read(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) error {
	rows, err := t.query(ctx, text, args)
	if err != nil {
		return t.fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return t.fault(err)
		}
	}
	return t.fault(rows.Err())
}

// count runs a query whose answer is one number.
func (t *Tx) count(ctx context.Context, text string, args ...any) (n int, err error) {
	err = t.read(ctx, func(r *sql.Rows) error { return r.Scan(&n) }, text, args...)
	return n, err
}

func (t *Tx) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	t.shared.wrote = true
	if !t.engine.Prepare {
		return t.sql.ExecContext(ctx, text, args...)
	}
	stmt, err := t.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

func (t *Tx) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if !t.engine.Prepare {
		return t.sql.QueryContext(ctx, text, args...)
	}
	stmt, err := t.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// prepare compiles a statement once in a transaction. database/sql closes it
// with the transaction.
func (t *Tx) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := t.shared.prepared[text]; ok {
		return s, nil
	}
	s, err := t.sql.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	t.shared.prepared[text] = s
	return s, nil
}

// spoil remembers the first failed write.
func (t *Tx) spoil(err error) error {
	if t.shared.failed == nil {
		t.shared.failed = err
	}
	return err
}

// respoil puts a clearer error in the place of the one just remembered.
func (t *Tx) respoil(err error) error {
	t.shared.failed = err
	return err
}

// fault turns an error of the driver into one of the program.
func (t *Tx) fault(err error) error {
	if err != nil && t.engine.Classify(err) == Conflicting {
		t.shared.conflict = true
	}
	return Error(t.engine.Classify, err)
}

// Error turns an error of the driver into a *scene.Error, and leaves nil and
// those that already are one alone.
func Error(classify Classify, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*scene.Error](err); ok {
		return err
	}
	// database/sql ends a transaction by itself when its context ends.
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, sql.ErrTxDone) {
		return &scene.Error{Code: scene.Unavailable, Key: "store.ended", Err: err}
	}
	code, key := scene.Internal, "store.broken"
	switch classify(err) {
	case Taken:
		code, key = scene.Conflict, "store.taken"
	case Reference:
		code, key = scene.Precondition, "store.reference"
	case ReadOnly:
		code, key = scene.Precondition, "store.read_only"
	case Busy, Conflicting:
		code, key = scene.Unavailable, "store.busy"
	case Away:
		code, key = scene.Unavailable, "store.away"
	case Full:
		code, key = scene.Unavailable, "store.full"
	case Corrupt:
		key = "store.corrupt"
	case Broken:
	}
	return &scene.Error{Code: code, Key: key, Err: err}
}

// plain makes a text fit for a key column on every engine: PostgreSQL takes
// neither NUL nor broken UTF-8.
func plain[S ~string](s S) string {
	return strings.ReplaceAll(strings.ToValidUTF8(string(s), "\uFFFD"), "\x00", "")
}

func invalid(key string, args map[string]any) error {
	return &scene.Error{Code: scene.Invalid, Key: key, Args: args}
}
