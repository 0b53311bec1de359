package store

import (
	"context"
	"time"

	"jinghe/internal/scene"
)

// AccessTokenFilter restricts a list of access tokens; zero fields do not restrict.
type AccessTokenFilter struct {
	Account scene.ID
	Org     scene.ID
}

// AccessTokens is the table of tokens by which other programs act for an account.
type AccessTokens interface {
	// Get returns the token, also one that has expired or was revoked, or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.AccessToken, error)
	// Find returns the token with that digest, or a NotFound error.
	Find(ctx context.Context, digest string) (scene.AccessToken, error)
	// Put inserts or replaces a token. A digest that another one has is a
	// Conflict, an account that does not exist a Precondition error.
	Put(ctx context.Context, t scene.AccessToken) error
	// List pages through the tokens that f keeps, in order of ID.
	List(ctx context.Context, f AccessTokenFilter, p Page) (Rows[scene.AccessToken], error)
}

// Once is what must happen once only: answers to requests that may come again,
// and things that work once.
type Once interface {
	// Begin keeps a unless something is kept under its Key, and returns nil, or
	// else what is kept, also where it has expired.
	Begin(ctx context.Context, a scene.Answer) (*scene.Answer, error)
	// Finish replaces what is kept under the Key of a; NotFound where nothing is.
	Finish(ctx context.Context, a scene.Answer) error
	// Forget removes what is kept under the key, if anything is.
	Forget(ctx context.Context, key string) error
	// Spend uses something up until it is worthless anyhow; Conflict where that was done before.
	Spend(ctx context.Context, id string, expires time.Time) error
	// Prune removes what expired before that time.
	Prune(ctx context.Context, before time.Time) error
}
