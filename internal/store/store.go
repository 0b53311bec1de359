// Package store is the contract of the rows: small interfaces over one
// transaction, which internal/store/sqlite and internal/store/postgres keep
// alike. The suite in storetest proves an adapter.
//
// It stands on the first floor. One rule holds everywhere: state and event
// are written in one transaction ([Tx.Emit]), so nothing is announced that
// did not happen and nothing happens unannounced.
//
// What holds for every table:
//   - Errors are *scene.Error. Besides those named at a method, any of them may
//     return Invalid for an argument out of its bounds, Unavailable when the
//     engine is away, busy, full or the context ended, and Internal.
//   - Times are kept to the microsecond and come back in UTC.
//   - Writing never sets a time: Created and Updated are the caller's.
package store

import (
	"context"
	"time"

	"jinghe/internal/scene"
)

// Bounds of one call.
const (
	// MaxPage is the largest Page.Limit, DefaultPage the one meant by 0.
	MaxPage     = 1000
	DefaultPage = 50
	// MaxEventIDs is how many rows one event may name.
	MaxEventIDs = 500
)

// Store opens transactions. It is safe for concurrent use.
type Store interface {
	// View runs fn on a consistent snapshot. Writes through its Tx fail with
	// a Precondition error.
	View(ctx context.Context, fn func(Tx) error) error
	// Update runs fn in a transaction that is durable on disk when Update
	// returns nil, and leaves no trace when fn or the commit fails, or when fn
	// panics. Adapters may run fn again after a serialisation conflict: fn has
	// no side effects outside its Tx. fn must not call Update of the same
	// store: there may be one writer only.
	//
	// A write that failed spoils its transaction: Update then rolls back and
	// returns that error even if fn swallowed it. A NotFound spoils nothing.
	Update(ctx context.Context, fn func(Tx) error) error
	// Committed is signalled (never blocking, may coalesce) after a commit
	// that emitted events. It has one reader: the relay.
	Committed() <-chan struct{}
	// Leads reports whether this process is the one, among those that share the
	// rows, that does what one alone should do. It may change at any time, and
	// for a moment two may think so: what is done under it does no harm twice.
	Leads() bool
	// Outbox is the queue of events that the relay has not yet handed to the bus.
	Outbox() Outbox
	// Ping reports whether the store answers; it costs a round trip.
	Ping(ctx context.Context) error
	// Health describes the store and has the engine check its files, which
	// reads all of them: for a doctor, not for a probe.
	Health(ctx context.Context) (Health, error)
	// Close waits for running transactions and releases the store. What is
	// asked later fails with Unavailable. Closing twice is harmless.
	Close() error
}

// Health describes a store.
type Health struct {
	Engine        string // "sqlite" or "postgres", with its version
	SchemaVersion int64
	Integrity     string // "ok", or the first complaint of the engine's own check
	// Clock is the time on the engine's machine when it was asked; zero where
	// that is this machine.
	Clock time.Time
}

// Tx is one transaction. It is used by one goroutine and not kept.
type Tx interface {
	Organisations() Organisations
	Opportunities() Listings[scene.Opportunity]
	Capabilities() Listings[scene.Capability]
	Dictionaries() Dictionaries
	Imports() Imports
	Settings() Settings
	Judgements() Judgements
	Weights() Weights
	Accounts() Accounts
	Sessions() Sessions
	Audit() Audit
	Reviews() Reviews
	SavedSearches() SavedSearches
	MatchLists() MatchLists
	Notices() Notices
	AccessTokens() AccessTokens
	Once() Once
	Batches() Batches
	Showcases() Showcases
	Uploads() Uploads
	Scratches() Scratches
	Looks() Looks
	Attachments() Attachments
	Engagements() Engagements
	Opinions() Opinions
	Webhooks() Webhooks
	Fairs() Fairs
	// Emit writes events to the outbox of this transaction. An event without
	// ID, or whose Subject is not <noun>.<verb>, is Invalid, one with more than MaxEventIDs rows TooLarge,
	// one whose ID is still in the outbox a Conflict.
	Emit(ctx context.Context, events ...scene.Event) error
	// Raw gives the rows as the tables hold them, for those who carry all of
	// them to another place and know nothing of what they mean.
	Raw() Raw
	// ForImport returns the same transaction with every content written
	// through it marked as written by that job (Revision.Import). The empty
	// ID takes the mark away.
	ForImport(job scene.ID) Tx
}

// Table describes a table. Both engines describe it alike.
type Table struct {
	Name    string
	Columns []string // in order of name
	Key     []string // columns of the primary key, which orders the rows
}

// Raw reads and writes whole tables. Values are string, int64, float64, []byte
// (never a nil one) or nil.
type Raw interface {
	// Tables returns the tables in an order in which they can be filled: those
	// that are referred to come first.
	Tables(ctx context.Context) ([]Table, error)
	// Count counts the rows of a table.
	Count(ctx context.Context, t Table) (int, error)
	// Rows hands the rows to fn in order of the key, each with the values of
	// the table's columns. fn may keep the row, and ends the reading by an error.
	Rows(ctx context.Context, t Table, fn func(row []any) error) error
	// Insert adds rows. One that is there already is a Conflict.
	Insert(ctx context.Context, t Table, rows [][]any) error
	// Settle has numbers that the engine gives out go on after those inserted.
	Settle(ctx context.Context) error
}

// Page asks for at most Limit rows (1–MaxPage, 0 means DefaultPage) after the
// cursor of an earlier page of the same question.
type Page struct {
	After string // opaque cursor; empty is the start
	Limit int
}

// Rows is one page.
type Rows[T any] struct {
	Items []T
	Next  string // cursor of the next page; empty at the end
}

// Organisations is the table of organisations. One that was merged into another
// (MergedInto) is still there for who asks by its ID, is found by nothing else,
// and can be given no listing or account: a Precondition.
type Organisations interface {
	// Get returns the row or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Organisation, error)
	// Find returns the row with that credit code, or else that folded name
	// (scene.NameKey of the name or of an alias), or a NotFound error. Empty arguments match nothing.
	Find(ctx context.Context, code scene.CreditCode, nameKey string) (scene.Organisation, error)
	// FindMany returns each row once that has one of the codes or folded
	// names, in no promised order. It serves an import's chunk in one question.
	FindMany(ctx context.Context, codes []scene.CreditCode, nameKeys []string) ([]scene.Organisation, error)
	// GetMany returns the rows that exist, each once, in no promised order.
	GetMany(ctx context.Context, ids []scene.ID) ([]scene.Organisation, error)
	// Put inserts a row with Revision 0, or replaces the row whose stored
	// Revision equals o.Revision, and returns it with the new Revision. A stale
	// revision, or a credit code or name key held by another row, is a Conflict.
	Put(ctx context.Context, o scene.Organisation) (scene.Organisation, error)
	// PutMany is Put for each row in order, at less cost.
	PutMany(ctx context.Context, rows []scene.Organisation) ([]scene.Organisation, error)
	// Delete removes the row and its revisions, if any. While a listing names
	// the organisation it fails with Precondition.
	Delete(ctx context.Context, id scene.ID) error
	// List pages through the rows that were not merged into another, in order of ID.
	List(ctx context.Context, p Page) (Rows[scene.Organisation], error)
	// Named is List of those one of whose folded names (scene.NameKey) holds the
	// words, or whose credit code or ID they are; no words keep all.
	Named(ctx context.Context, words string, p Page) (Rows[scene.Organisation], error)
	// Count counts the rows of List.
	Count(ctx context.Context) (int, error)
	// Revisions returns the present and earlier contents of a row, newest
	// first; none if there is no such row.
	Revisions(ctx context.Context, id scene.ID) ([]Revision[scene.Organisation], error)
}

// ListingFilter restricts a list of listings; zero fields do not restrict.
type ListingFilter struct {
	States []scene.State
	OrgID  scene.ID
	Batch  string
	// Batches keeps those that carry one of these names; none does not restrict.
	Batches []string
	Source  string
	Field   string // code of the dictionary “field”
	// Words keeps those whose folded name holds it (scene.NameKey), or one of the
	// names of whose organisation does; and those whose ID or code, or the credit
	// code of whose organisation, it is.
	Words string
	// OpenAt keeps published listings that are valid at that instant
	// (scene.Listing.Open).
	OpenAt time.Time
	// OpenedAfter keeps those that state an instant from which they are valid
	// which is after that one.
	OpenedAfter time.Time
	// EndsBefore keeps those that state an end of their validity which is at or
	// before that instant.
	EndsBefore time.Time
	// Newest orders by Updated, newest first, instead of by ID.
	Newest bool
}

// Listings is the table of one kind of listing. T is scene.Opportunity or scene.Capability.
type Listings[T any] interface {
	// Get returns the row or a NotFound error.
	Get(ctx context.Context, id scene.ID) (T, error)
	// GetMany returns the rows that exist, each once, in no promised order.
	GetMany(ctx context.Context, ids []scene.ID) ([]T, error)
	// Find returns the row with that scene.Listing.IdentityKey, or NotFound.
	Find(ctx context.Context, identity string) (T, error)
	// FindMany returns the rows with one of those identity keys, each once, in
	// no promised order.
	FindMany(ctx context.Context, identities []string) ([]T, error)
	// FindNamed returns the rows whose folded name (scene.NameKey) is one of
	// those, each once, in no promised order. A name may have several rows:
	// whose they are is the caller's to look at.
	FindNamed(ctx context.Context, nameKeys []string) ([]T, error)
	// Put inserts or replaces as Organisations.Put does; a second row with the
	// same identity key is a Conflict, an OrgID of no organisation a Precondition.
	Put(ctx context.Context, row T) (T, error)
	// PutMany is Put for each row in order, at less cost.
	PutMany(ctx context.Context, rows []T) ([]T, error)
	// Delete removes the row and its revisions, if any.
	Delete(ctx context.Context, id scene.ID) error
	// List pages through the rows that f keeps.
	List(ctx context.Context, f ListingFilter, p Page) (Rows[T], error)
	// IDs is List without the contents.
	IDs(ctx context.Context, f ListingFilter, p Page) (Rows[scene.ID], error)
	// Count counts the rows that f keeps.
	Count(ctx context.Context, f ListingFilter) (int, error)
	// Batches returns the names of batches that rows carry, as written, in order.
	Batches(ctx context.Context) ([]string, error)
	// CountByField counts the rows of each code of the dictionary “field”; a
	// row with several codes counts under each.
	CountByField(ctx context.Context, f ListingFilter) (map[string]int, error)
	// Revisions returns the present and earlier contents of a row, newest
	// first; none if there is no such row.
	Revisions(ctx context.Context, id scene.ID) ([]Revision[T], error)
}

// Revision is one content a row has had.
type Revision[T any] struct {
	Number int
	Row    T
	At     time.Time // Updated of the content
	// Import is the job that wrote it, if one did.
	Import scene.ID
}

// Dictionaries holds dictionaries and crosswalks that were edited in this
// installation; those that ship with the program are not rows.
type Dictionaries interface {
	// Put inserts or replaces the dictionary of that name.
	Put(ctx context.Context, d scene.Dictionary) error
	// List returns the edited dictionaries in order of name.
	List(ctx context.Context) ([]scene.Dictionary, error)
	// PutCrosswalk inserts or replaces the crosswalk between those two dictionaries.
	PutCrosswalk(ctx context.Context, c scene.Crosswalk) error
	// Crosswalks returns the edited crosswalks in order of From and To.
	Crosswalks(ctx context.Context) ([]scene.Crosswalk, error)
	// PutWords replaces all the words added to the search lexicon. A word
	// twice is Invalid.
	PutWords(ctx context.Context, words []scene.Word) error
	// Words returns them in the order in which they were put.
	Words(ctx context.Context) ([]scene.Word, error)
}

// Imports is the log of import jobs.
type Imports interface {
	// Get returns the job or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Import, error)
	// Put inserts or replaces a job.
	Put(ctx context.Context, job scene.Import) error
	// List pages through the jobs, the one that began last first.
	List(ctx context.Context, p Page) (Rows[scene.Import], error)
	// AddChanges appends what a job did to rows. A job that was never put is a
	// Precondition error.
	AddChanges(ctx context.Context, job scene.ID, c []scene.Change) error
	// Changes returns what AddChanges was given, in that order.
	Changes(ctx context.Context, job scene.ID, p Page) (Rows[scene.Change], error)
}

// Settings holds small named values, such as column mappings remembered by source.
type Settings interface {
	// Get returns the value, or nil if there is none.
	Get(ctx context.Context, key string) ([]byte, error)
	// Put inserts or replaces the value; nil removes it.
	Put(ctx context.Context, key string, value []byte) error
}

// Outbox hands committed events to a relay, in commit order, at least once.
type Outbox interface {
	// Pending returns at most limit (1–MaxPage) unsent events, oldest first.
	Pending(ctx context.Context, limit int) ([]scene.Event, error)
	// Sent marks events as handed over: they are pruned. Unknown ids are skipped.
	Sent(ctx context.Context, ids []scene.ID) error
	// Depth counts unsent events.
	Depth(ctx context.Context) (int, error)
}
