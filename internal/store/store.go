// Package store is the contract of the rows: small interfaces over one
// transaction, which internal/store/sqlite and internal/store/postgres keep
// alike. The suite in storetest proves an adapter.
//
// It stands on the first floor. One rule holds everywhere: state and event
// are written in one transaction ([Tx.Emit]), so nothing is announced that
// did not happen and nothing happens unannounced.
package store

import (
	"context"
	"time"

	"jinghe/internal/scene"
)

// Store opens transactions. It is safe for concurrent use.
type Store interface {
	// View runs fn on a consistent snapshot. Writes through its Tx fail.
	View(ctx context.Context, fn func(Tx) error) error
	// Update runs fn in a transaction that is durable on disk when Update
	// returns nil, and leaves no trace when fn or the commit fails. Adapters
	// may run fn again after a serialisation conflict: fn has no side effects
	// outside its Tx.
	Update(ctx context.Context, fn func(Tx) error) error
	// Committed is signalled (never blocking, may coalesce) after a commit that emitted events.
	Committed() <-chan struct{}
	// Outbox is the queue of events that the relay has not yet handed to the bus.
	Outbox() Outbox
	// Health reports whether the store answers, and its schema version.
	Health(ctx context.Context) (Health, error)
	// Close waits for running transactions and releases the store.
	Close() error
}

// Health describes a store.
type Health struct {
	Engine        string // "sqlite" or "postgres", with its version
	SchemaVersion int64
	Integrity     string // "ok", or the first complaint of the engine's own check
}

// Tx is one transaction. It is used by one goroutine and not kept.
type Tx interface {
	Organisations() Organisations
	Opportunities() Listings[scene.Opportunity]
	Capabilities() Listings[scene.Capability]
	Dictionaries() Dictionaries
	Imports() Imports
	Settings() Settings
	// ForImport returns the same transaction with every listing and organisation
	// put through it marked as written by that import job (Revision.Import).
	ForImport(job scene.ID) Tx
	// Emit writes events to the outbox of this transaction.
	Emit(ctx context.Context, events ...scene.Event) error
}

// Page asks for at most Limit rows (1–1000, 0 means 50) after the cursor of an earlier page.
type Page struct {
	After string // opaque cursor; empty is the start
	Limit int
}

// Rows is one page.
type Rows[T any] struct {
	Items []T
	Next  string // cursor of the next page; empty at the end
}

// Organisations is the table of organisations.
type Organisations interface {
	// Get returns the row or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Organisation, error)
	// Find returns the row with that credit code, or else that folded name
	// (scene.NameKey of the name or of an alias), or a NotFound error. Empty arguments match nothing.
	Find(ctx context.Context, code scene.CreditCode, nameKey string) (scene.Organisation, error)
	// GetMany returns the rows that exist, in no promised order.
	GetMany(ctx context.Context, ids []scene.ID) ([]scene.Organisation, error)
	// Put inserts a row with Revision 0, or replaces the row whose stored
	// Revision equals o.Revision, and returns it with the new Revision. A stale
	// revision, or a credit code or name key held by another row, is a Conflict.
	Put(ctx context.Context, o scene.Organisation) (scene.Organisation, error)
	// Delete removes the row, if any.
	Delete(ctx context.Context, id scene.ID) error
	// List pages through all rows in order of ID.
	List(ctx context.Context, p Page) (Rows[scene.Organisation], error)
	// Count counts all rows.
	Count(ctx context.Context) (int, error)
	// Revisions returns the earlier and present contents of a row, newest first.
	Revisions(ctx context.Context, id scene.ID) ([]Revision[scene.Organisation], error)
}

// ListingFilter restricts a list of listings; zero fields do not restrict.
type ListingFilter struct {
	States []scene.State
	OrgID  scene.ID
	Batch  string
	Source string
	Field  string // code of the dictionary “field”
	// OpenAt keeps published listings that are valid at that instant.
	OpenAt time.Time
	// Newest orders by Updated, newest first, instead of by ID.
	Newest bool
}

// Listings is the table of one kind of listing. T is scene.Opportunity or scene.Capability.
type Listings[T any] interface {
	Get(ctx context.Context, id scene.ID) (T, error)
	GetMany(ctx context.Context, ids []scene.ID) ([]T, error)
	// Find returns the row with that scene.Listing.IdentityKey, or NotFound.
	Find(ctx context.Context, identity string) (T, error)
	// Put inserts or replaces as Organisations.Put does; a second row with the
	// same identity key is a Conflict.
	Put(ctx context.Context, row T) (T, error)
	Delete(ctx context.Context, id scene.ID) error
	List(ctx context.Context, f ListingFilter, p Page) (Rows[T], error)
	Count(ctx context.Context, f ListingFilter) (int, error)
	// Revisions returns the earlier and present contents of a row, newest first.
	Revisions(ctx context.Context, id scene.ID) ([]Revision[T], error)
}

// Revision is one content a row has had.
type Revision[T any] struct {
	Number int
	Row    T
	At     time.Time
	// Import is the job that wrote it, if one did.
	Import scene.ID
}

// Dictionaries holds dictionaries and crosswalks that were edited in this
// installation; those that ship with the program are not rows.
type Dictionaries interface {
	Put(ctx context.Context, d scene.Dictionary) error
	List(ctx context.Context) ([]scene.Dictionary, error)
	PutCrosswalk(ctx context.Context, c scene.Crosswalk) error
	Crosswalks(ctx context.Context) ([]scene.Crosswalk, error)
	// PutWords replaces the words added to the search lexicon (one JSON document each, by word).
	PutWords(ctx context.Context, words []scene.Word) error
	Words(ctx context.Context) ([]scene.Word, error)
}

// Imports is the log of import jobs.
type Imports interface {
	Get(ctx context.Context, id scene.ID) (scene.Import, error)
	// Put inserts or replaces a job.
	Put(ctx context.Context, job scene.Import) error
	// List pages newest first.
	List(ctx context.Context, p Page) (Rows[scene.Import], error)
	// AddChanges appends what a job did to rows; Changes returns it in order.
	AddChanges(ctx context.Context, job scene.ID, c []scene.Change) error
	Changes(ctx context.Context, job scene.ID, p Page) (Rows[scene.Change], error)
}

// Settings holds small named values, such as column mappings remembered by source.
type Settings interface {
	// Get returns the value, or nil if there is none.
	Get(ctx context.Context, key string) ([]byte, error)
	Put(ctx context.Context, key string, value []byte) error
}

// Outbox hands committed events to a relay, in commit order, at least once.
type Outbox interface {
	// Pending returns at most limit unsent events, oldest first.
	Pending(ctx context.Context, limit int) ([]scene.Event, error)
	// Sent marks events as handed over; they may be pruned.
	Sent(ctx context.Context, ids []scene.ID) error
	// Depth counts unsent events.
	Depth(ctx context.Context) (int, error)
}
