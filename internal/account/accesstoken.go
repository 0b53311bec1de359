package account

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Access tokens let another program act for an account, within scopes. What
// one may do is decided where everything is: by scene.Rules, for the actor that
// Bearer returns.

// tokenPrefix begins every access token, so that programs which look for
// secrets in the wrong places find it.
const tokenPrefix = "jinghe_"

// Bounds of access tokens.
const (
	// MaxTokenDays is the longest life of a token; one of staff has StaffTokenDays.
	MaxTokenDays   = 366
	StaffTokenDays = 92
	// maxTokens is how many that still work one account may have.
	maxTokens = 20
)

// NewToken is what is asked of a token.
type NewToken struct {
	Name   string
	Scopes []scene.Scope
	Days   int // of life
}

// MakeToken makes an access token for the actor and returns it with what the
// other program has to send, which is told this once. Scopes that the actor has
// no use for, and a life that is too long, are Invalid.
func (s *Service) MakeToken(ctx context.Context, by scene.Actor, n NewToken) (t scene.AccessToken, secret string, err error) {
	if err := by.May(scene.AccountSelf, scene.Object{Account: by.ID}); err != nil {
		return t, "", err
	}
	if secret, _, err = s.secret(); err != nil {
		return t, "", scene.Wrap("account.MakeToken", err)
	}
	secret = tokenPrefix + secret
	id, err := s.IDs.New()
	if err != nil {
		return t, "", scene.Wrap("account.MakeToken", err)
	}
	now := s.Now().UTC()
	t = scene.AccessToken{
		ID: id, Digest: string(digest(secret)), Name: strings.TrimSpace(n.Name), AccountID: by.ID, OrgID: by.OrgID,
		Scopes: slices.Compact(slices.Sorted(slices.Values(n.Scopes))), Created: now, Expires: now.AddDate(0, 0, n.Days),
	}
	if err := errors.Join(t.Validate(), fitting(&by, &n)); err != nil {
		return t, "", scene.Wrap("account.MakeToken", err)
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		live, err := liveTokens(ctx, tx, by.ID, now)
		if err != nil {
			return err
		}
		if live >= maxTokens {
			return &scene.Error{Code: scene.Precondition, Key: "access_token.too_many", Args: map[string]any{"max": maxTokens}}
		}
		if t.OrgID, err = store.StandingID(ctx, tx, by.OrgID); err != nil {
			return err
		}
		if err := tx.AccessTokens().Put(ctx, t); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "token.make", "access_token", t.ID, t.Name, nil, told(&t))
	})
	if err != nil {
		return t, "", scene.Wrap("account.MakeToken", err)
	}
	return t, secret, nil
}

// liveTokens counts the tokens of an account that still work. Those that ended stay
// for the record, so that all pages are read.
func liveTokens(ctx context.Context, tx store.Tx, account scene.ID, now time.Time) (live int, err error) {
	for page := (store.Page{Limit: store.MaxPage}); ; {
		held, err := tx.AccessTokens().List(ctx, store.AccessTokenFilter{Account: account}, page)
		if err != nil {
			return 0, err
		}
		for i := range held.Items {
			if held.Items[i].Live(now) {
				live++
			}
		}
		if page.After = held.Next; page.After == "" {
			return live, nil
		}
	}
}

// fitting checks that the scopes are of use to the actor, and the life in bounds.
func fitting(by *scene.Actor, n *NewToken) error {
	for _, scope := range n.Scopes {
		if scope.Valid() && !scope.Useful(by.Roles) {
			return &scene.Error{Code: scene.Invalid, Key: "access_token.invalid", Fields: []scene.FieldError{{
				Field: "scopes", Key: "access_token.scope_useless", Args: map[string]any{"value": string(scope)},
			}}}
		}
	}
	if most := LongestToken(by.Roles); n.Days < 1 || n.Days > most {
		return &scene.Error{Code: scene.Invalid, Key: "access_token.invalid", Fields: []scene.FieldError{{
			Field: "days", Key: "access_token.days", Args: map[string]any{"max": most},
		}}}
	}
	return nil
}

// LongestToken is how many days a token of an account with those roles may live.
func LongestToken(roles []scene.Role) int {
	if slices.ContainsFunc(roles, scene.Role.Staff) {
		return StaffTokenDays
	}
	return MaxTokenDays
}

// told is what the record says of a token: nothing that helps to use it.
func told(t *scene.AccessToken) any {
	return map[string]any{"name": t.Name, "scopes": t.Scopes, "expires": t.Expires, "revoked": t.Revoked}
}

// Tokens returns the access tokens that the actor may see, the newest first:
// its own, those of its organisation, or for an administrator all of them.
func (s *Service) Tokens(ctx context.Context, by scene.Actor) (list []scene.AccessToken, err error) {
	if err := by.May(scene.AccountSelf, scene.Object{Account: by.ID}); err != nil {
		return nil, err
	}
	f := store.AccessTokenFilter{Account: by.ID}
	switch {
	case by.May(scene.TokenManage, scene.Object{}) == nil:
		f = store.AccessTokenFilter{}
	case by.OrgID != "" && by.May(scene.TokenManage, scene.Object{OrgID: by.OrgID}) == nil:
		f = store.AccessTokenFilter{Org: by.OrgID}
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		list = nil
		for page := (store.Page{Limit: store.MaxPage}); ; {
			rows, err := tx.AccessTokens().List(ctx, f, page)
			if err != nil {
				return err
			}
			list = append(list, rows.Items...)
			if page.After = rows.Next; page.After == "" {
				return nil
			}
		}
	})
	slices.Reverse(list)
	return list, scene.Wrap("account.Tokens", err)
}

// Owners returns the accounts of tokens that the actor may see, by ID, read
// together. Those of others whose tokens it may not manage are left out.
func (s *Service) Owners(ctx context.Context, by scene.Actor, tokens []scene.AccessToken) (owners map[scene.ID]scene.Account, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		owners = map[scene.ID]scene.Account{}
		for i := range tokens {
			t := &tokens[i]
			_, read := owners[t.AccountID]
			if read || by.ID != t.AccountID && by.May(scene.TokenManage, scene.Object{OrgID: t.OrgID}) != nil {
				continue
			}
			a, err := tx.Accounts().Get(ctx, t.AccountID)
			if err != nil {
				return err
			}
			owners[t.AccountID] = a
		}
		return nil
	})
	return owners, scene.Wrap("account.Owners", err)
}

// RevokeToken ends an access token, one's own or one that the actor may
// manage, at once. One that has ended already stays as it is.
func (s *Service) RevokeToken(ctx context.Context, by scene.Actor, id scene.ID) error {
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		t, err := tx.AccessTokens().Get(ctx, id)
		if err != nil {
			return err
		}
		self := by.May(scene.AccountSelf, scene.Object{Account: t.AccountID})
		if self != nil && by.May(scene.TokenManage, scene.Object{Account: t.AccountID, OrgID: t.OrgID}) != nil {
			return self
		}
		if !t.Live(s.Now()) {
			return nil
		}
		before := t
		t.Revoked, t.Revoker = s.Now().UTC(), by.ID
		if err := tx.AccessTokens().Put(ctx, t); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "token.revoke", "access_token", t.ID, t.Name, told(&before), told(&t))
	})
	return scene.Wrap("account.RevokeToken", err)
}

// Bearer returns who acts with an access token. One that is unknown, ended or
// revoked, or whose account is not active or has left the organisation, is an
// Unauthorized error.
func (s *Service) Bearer(ctx context.Context, secret, from string) (by scene.Actor, err error) {
	var t scene.AccessToken
	var a scene.Account
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		if t, err = tx.AccessTokens().Find(ctx, string(digest(secret))); err != nil {
			return err
		}
		a, err = tx.Accounts().Get(ctx, t.AccountID)
		return err
	})
	useless := &scene.Error{Code: scene.Unauthorized, Op: "account.Bearer", Key: "access_token.useless"}
	if scene.CodeOf(err) == scene.NotFound {
		return by, useless
	}
	if err != nil {
		return by, scene.Wrap("account.Bearer", err)
	}
	now := s.Now().UTC()
	if !t.Live(now) || a.State != scene.AccountActive || a.OrgID != t.OrgID || a.MustChange {
		return by, useless
	}
	if now.Sub(t.Used) >= seenEvery {
		s.used(ctx, t.ID, now, from)
	}
	by = a.Actor(from)
	by.Name += " · " + t.Name
	by.Token, by.Scopes = t.ID, t.Scopes
	return by, nil
}

// used notes when and from where a token was used. A failure is no reason to refuse it.
func (s *Service) used(ctx context.Context, id scene.ID, now time.Time, from string) {
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		t, err := tx.AccessTokens().Get(ctx, id)
		if err != nil {
			return err
		}
		t.Used, t.From = now, from
		return tx.AccessTokens().Put(ctx, t)
	})
	if err != nil {
		s.Log.WarnContext(ctx, "last use of an access token not written", "error", err)
	}
}
