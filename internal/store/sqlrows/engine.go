package sqlrows

import (
	"context"
	"database/sql"
	"sync"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Engine is what differs between engines while transactions run.
type Engine struct {
	Name string // prefix of operations in errors
	// Classify tells the driver's errors apart.
	Classify Classify
	// Prepare has each statement compiled once in a transaction, for a driver
	// that does not keep compiled statements itself.
	Prepare bool
	// Kept holds decoded rows between transactions; nil decodes them at each reading.
	Kept *Kept
	// NameHeads names the index of the heads of rows in queries for them, to an
	// engine that would take the one of the primary key and read whole rows.
	NameHeads bool
	// OnEmit is a statement that runs before the first event of a transaction
	// is written, such as one that makes the writers of events take turns.
	OnEmit string
	// Columns is a query for every column of every table of the program, in
	// order of table and column: table, column, place in the primary key from 1
	// on or 0, and 1 where the engine gives out its numbers or 0.
	Columns string
	// References is a query for every pair of a table and one that it refers to.
	References string
	// Settle is a statement that has the numbers of a column go on after the
	// largest; {table} and {column} stand for its names. Empty where the engine
	// does so by itself.
	Settle string
}

// Outcome says what came of a transaction.
type Outcome struct {
	Emitted  bool // events were written to the outbox
	Conflict bool // another transaction was in the way: this one may be run again
}

// Run begins a transaction, has fn work in it, and ends it. Errors of fn are
// the caller's and returned as they are; others say that op failed.
func (e *Engine) Run(ctx context.Context, op string, db *sql.DB, o *sql.TxOptions, fn func(store.Tx) error) (Outcome, error) {
	begun, err := db.BeginTx(ctx, o)
	if err != nil {
		return Outcome{}, e.Fail(op, err)
	}
	done := false
	defer func() {
		if !done { // fn failed, or panicked
			_ = begun.Rollback()
		}
	}()
	tx := &Tx{sql: begun, engine: e, shared: &shared{prepared: map[string]*sql.Stmt{}}}
	err = fn(tx)
	if err == nil {
		err = tx.shared.failed // though fn swallowed it
	}
	if err != nil {
		return Outcome{Conflict: tx.shared.conflict}, err
	}
	done = true
	err = begun.Commit()
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	err = scene.Wrap(e.Name+"."+op, tx.fault(err))
	return Outcome{Emitted: tx.shared.emitted, Conflict: tx.shared.conflict}, err
}

// Fail turns an error of the driver into one that says what failed; nil stays nil.
func (e *Engine) Fail(op string, err error) error {
	return scene.Wrap(e.Name+"."+op, Error(e.Classify, err))
}

// Gate counts what is under way in a store, so that closing it can wait. It is
// safe for concurrent use; its zero value is open.
type Gate struct {
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// Enter begins something, which ends with Leave. When the gate is closed it
// returns an Unavailable error.
func (g *Gate) Enter() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return &scene.Error{Code: scene.Unavailable, Key: "store.closed"}
	}
	g.running.Add(1)
	return nil
}

// Leave ends what Enter began.
func (g *Gate) Leave() { g.running.Done() }

// Close lets nothing more in and waits for what is under way. It reports
// whether it was the first to close.
func (g *Gate) Close() (first bool) {
	g.mu.Lock()
	first = !g.closed
	g.closed = true
	g.mu.Unlock()
	g.running.Wait()
	return first
}
