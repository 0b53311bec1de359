package store

import (
	"context"
	"time"

	"jinghe/internal/scene"
)

// AccountFilter restricts a list of accounts; zero fields do not restrict.
type AccountFilter struct {
	State scene.AccountState
	OrgID scene.ID
	// OrgIDs keeps those of one of these organisations, at most MaxEventIDs; none does not
	// restrict.
	OrgIDs []scene.ID
	// Naming keeps rows that name a role: of all who hold it, and perhaps a few
	// others, so that a reader of many looks at those few himself.
	Naming scene.Role
}

// Accounts is the table of people who can sign in, and what proves them.
type Accounts interface {
	// Get returns the account or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Account, error)
	// GetMany returns the accounts that exist, each once, in no promised order.
	GetMany(ctx context.Context, ids []scene.ID) ([]scene.Account, error)
	// Find returns the account with that login (as scene.Login folds it) or NotFound.
	Find(ctx context.Context, login string) (scene.Account, error)
	// Put inserts an account with Revision 0, or replaces the one whose stored
	// Revision equals a.Revision, and returns it with the new Revision. A stale
	// revision, or a login held by another account, is a Conflict; an OrgID of
	// no organisation a Precondition.
	Put(ctx context.Context, a scene.Account) (scene.Account, error)
	// Delete removes the account with its credential and sessions, if any.
	Delete(ctx context.Context, id scene.ID) error
	// List pages through the accounts that f keeps, in order of ID.
	List(ctx context.Context, f AccountFilter, p Page) (Rows[scene.Account], error)
	// Count counts the accounts that f keeps.
	Count(ctx context.Context, f AccountFilter) (int, error)
	// Credential returns what proves the account, or a NotFound error.
	Credential(ctx context.Context, account scene.ID) (scene.Credential, error)
	// PutCredential inserts or replaces it. An account that does not exist is a Precondition error.
	PutCredential(ctx context.Context, c scene.Credential) error
}

// Sessions is the table of browsers that are signed in, of links that work
// once, of people whom other systems let in, and of failures that slow a guesser down.
type Sessions interface {
	// Get returns the session, also one that has expired, or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Session, error)
	// Put inserts or replaces a session.
	Put(ctx context.Context, s scene.Session) error
	// Delete ends a session, if it is there.
	Delete(ctx context.Context, id scene.ID) error
	// DeleteOf ends the sessions of an account but for the one with id keep, and returns how many there were.
	DeleteOf(ctx context.Context, account, keep scene.ID) (int, error)
	// Of returns the sessions of an account in order of ID.
	Of(ctx context.Context, account scene.ID) ([]scene.Session, error)

	// PutToken inserts or replaces a link.
	PutToken(ctx context.Context, t scene.Token) error
	// Token returns a link, also one that has expired, or a NotFound error.
	Token(ctx context.Context, id scene.ID) (scene.Token, error)
	// TakeToken removes a link and returns it: of several callers one gets it, the others NotFound.
	TakeToken(ctx context.Context, id scene.ID) (scene.Token, error)

	// PutTie inserts a tie; one that is there is a Conflict, an account that
	// does not exist a Precondition error.
	PutTie(ctx context.Context, t scene.Tie) error
	// Tie returns a tie, or a NotFound error.
	Tie(ctx context.Context, id scene.ID) (scene.Tie, error)

	// Attempts returns the failures counted under a key; none are the zero count with that key.
	Attempts(ctx context.Context, key string) (scene.Attempts, error)
	// PutAttempts inserts or replaces the count; one without failures is removed.
	PutAttempts(ctx context.Context, a scene.Attempts) error

	// Prune removes sessions and links that expired, and counts whose last failure was, before that time.
	Prune(ctx context.Context, before time.Time) error
}

// AuditFilter restricts the record; zero fields do not restrict.
type AuditFilter struct {
	Actor  scene.ID
	Action string
	Noun   string
	Row    scene.ID
	// Since and Until bound the time: Since ≤ At < Until.
	Since, Until time.Time
}

// Audit is the record of who did what. It can be added to and read, and the
// engine itself refuses to change or remove a line.
type Audit interface {
	// Add appends lines. One without ID, action or noun is Invalid, an ID that is there a Conflict.
	Add(ctx context.Context, lines ...scene.Audit) error
	// List pages through the lines that f keeps, newest first.
	List(ctx context.Context, f AuditFilter, p Page) (Rows[scene.Audit], error)
}

// Reviews is what happens to listings between draft and publication.
type Reviews interface {
	// Add appends a step. One without ID or listing is Invalid.
	Add(ctx context.Context, r scene.Review) error
	// Of returns the steps of a listing, oldest first.
	Of(ctx context.Context, kind scene.Kind, listing scene.ID) ([]scene.Review, error)
	// PutProposal inserts or replaces a proposed revision. A second open one of a listing is a Conflict.
	PutProposal(ctx context.Context, p scene.Proposal) error
	// Proposal returns the open proposal for a listing or a NotFound error.
	Proposal(ctx context.Context, kind scene.Kind, listing scene.ID) (scene.Proposal, error)
	// Proposals pages through the proposals in that state in order of ID.
	Proposals(ctx context.Context, state scene.ProposalState, p Page) (Rows[scene.Proposal], error)
}
