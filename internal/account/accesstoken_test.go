package account_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func TestMakeToken(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	provider := d.actorOf(scene.RoleProvider)
	read := []scene.Scope{scene.ScopeRead}
	for name, tt := range map[string]struct {
		n     account.NewToken
		field string
	}{
		"OK":      {account.NewToken{Name: " 门户 ", Scopes: read, Days: 30}, ""},
		"NoName":  {account.NewToken{Scopes: read, Days: 30}, "name"},
		"Break":   {account.NewToken{Name: "a\nb", Scopes: read, Days: 30}, "name"},
		"NoScope": {account.NewToken{Name: "a", Days: 30}, "scopes"},
		"Unknown": {account.NewToken{Name: "a", Scopes: []scene.Scope{"everything"}, Days: 30}, "scopes"},
		"Useless": {account.NewToken{Name: "a", Scopes: []scene.Scope{scene.ScopeImport}, Days: 30}, "scopes"},
		"NoDays":  {account.NewToken{Name: "a", Scopes: read}, "days"},
		"TooLong": {account.NewToken{Name: "a", Scopes: read, Days: account.MaxTokenDays + 1}, "days"},
	} {
		made, secret, err := d.MakeToken(t.Context(), provider, tt.n)
		if got := faultAt(err); got != tt.field || (err == nil) != (tt.field == "") {
			t.Errorf("%s: %v, want a fault of %q", name, err, tt.field)
		}
		if err == nil && (made.Name != "门户" || !strings.HasPrefix(secret, "jinghe_") || strings.Contains(made.Digest, secret) || made.OrgID != provider.OrgID) {
			t.Errorf("%s: %+v", name, made)
		}
	}
	if _, _, err := d.MakeToken(t.Context(), d.actorOf(scene.RoleSteward), account.NewToken{Name: "a", Scopes: read, Days: account.StaffTokenDays + 1}); faultAt(err) != "days" {
		t.Errorf("staff for longer: %v", err)
	}
	if _, _, err := d.MakeToken(t.Context(), scene.Actor{}, account.NewToken{Name: "a", Scopes: read, Days: 1}); scene.CodeOf(err) != scene.Unauthorized {
		t.Errorf("a visitor: %v", err)
	}
	byToken := provider
	byToken.Token, byToken.Scopes = "t", scene.Scopes()
	if _, _, err := d.MakeToken(t.Context(), byToken, account.NewToken{Name: "a", Scopes: read, Days: 1}); scene.CodeOf(err) != scene.Forbidden {
		t.Errorf("a token makes a token: %v", err)
	}
	for range 19 {
		if _, _, err := d.MakeToken(t.Context(), provider, account.NewToken{Name: "a", Scopes: read, Days: 1}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := d.MakeToken(t.Context(), provider, account.NewToken{Name: "a", Scopes: read, Days: 1}); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("one too many: %v", err)
	}
}

// TestMakeTokenBoundBehindEnded: however many have ended, those that still work are counted.
func TestMakeTokenBoundBehindEnded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	provider := d.actorOf(scene.RoleProvider)
	err := d.Store.Update(t.Context(), func(tx store.Tx) error {
		for i := range store.MaxPage {
			ended := scene.AccessToken{
				ID: scene.ID(fmt.Sprintf("0000%d", i)), Digest: fmt.Sprintf("ended%d", i), Name: "a", AccountID: provider.ID, OrgID: provider.OrgID,
				Scopes: []scene.Scope{scene.ScopeRead}, Created: d.now(), Expires: d.now(), Revoked: d.now(),
			}
			if err := tx.AccessTokens().Put(t.Context(), ended); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 21 {
		_, _, err := d.MakeToken(t.Context(), provider, account.NewToken{Name: "a", Scopes: []scene.Scope{scene.ScopeRead}, Days: 1})
		if (err == nil) != (i < 20) {
			t.Fatalf("number %d: %v", i+1, err)
		}
	}
}

// TestBearerEnds: whatever takes the ground from under a token ends it.
func TestBearerEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, d *desk, by scene.Actor, made scene.AccessToken){
		"Revoked": func(t *testing.T, d *desk, by scene.Actor, made scene.AccessToken) {
			t.Helper()
			if err := d.RevokeToken(t.Context(), by, made.ID); err != nil {
				t.Fatal(err)
			}
		},
		"Expired": func(_ *testing.T, d *desk, _ scene.Actor, _ scene.AccessToken) { d.pass(30 * 24 * time.Hour) },
		"Disabled": func(t *testing.T, d *desk, by scene.Actor, _ scene.AccessToken) {
			t.Helper()
			if _, err := d.Disable(t.Context(), scene.Console(), by.ID, "x"); err != nil {
				t.Fatal(err)
			}
		},
		"Moved": func(t *testing.T, d *desk, by scene.Actor, _ scene.AccessToken) {
			t.Helper()
			err := d.rows.Update(t.Context(), func(tx store.Tx) error {
				a, err := tx.Accounts().Get(t.Context(), by.ID)
				if err != nil {
					return err
				}
				if _, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: "NEXT", Name: "下一家"}); err != nil {
					return err
				}
				a.OrgID = "NEXT"
				_, err = tx.Accounts().Put(t.Context(), a)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			by := d.actorOf(scene.RoleProvider)
			made, secret, err := d.MakeToken(t.Context(), by, account.NewToken{Name: "门户", Scopes: []scene.Scope{scene.ScopeRead}, Days: 30})
			if err != nil {
				t.Fatal(err)
			}
			got, err := d.Bearer(t.Context(), secret, "192.0.2.9")
			if err != nil || got.ID != by.ID || got.Token != made.ID || got.From != "192.0.2.9" || !strings.HasSuffix(got.Name, "门户") {
				t.Fatalf("%+v, %v", got, err)
			}
			if list, err := d.Tokens(t.Context(), by); err != nil || len(list) != 1 || list[0].Used.IsZero() || list[0].From != "192.0.2.9" {
				t.Errorf("%+v, %v", list, err)
			}
			end(t, d, by, made)
			if _, err := d.Bearer(t.Context(), secret, "x"); scene.CodeOf(err) != scene.Unauthorized {
				t.Errorf("it still works: %v", err)
			}
		})
	}
}

// TestTokensOfOthers: a colleague and an administrator see and end a token,
// somebody else does neither.
func TestTokensOfOthers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	provider := d.actorOf(scene.RoleProvider)
	colleague := provider
	colleague.ID, colleague.Roles = "colleague", []scene.Role{scene.RoleOwner}
	stranger := colleague
	stranger.OrgID = "ELSE"
	for name, tt := range map[string]struct {
		by scene.Actor
		ok bool
	}{
		"Self": {provider, true}, "Colleague": {colleague, true}, "Stranger": {stranger, false},
		"Admin": {scene.Actor{ID: "root", Roles: []scene.Role{scene.RoleAdmin}}, true}, "Steward": {scene.Actor{ID: "s", Roles: []scene.Role{scene.RoleSteward}}, false},
	} {
		made, _, err := d.MakeToken(t.Context(), provider, account.NewToken{Name: name, Scopes: []scene.Scope{scene.ScopeRead}, Days: 1})
		if err != nil {
			t.Fatal(err)
		}
		list, err := d.Tokens(t.Context(), tt.by)
		if err != nil || (len(list) > 0 && list[0].ID == made.ID) != tt.ok {
			t.Errorf("%s sees %d, %v", name, len(list), err)
		}
		owners, err := d.Owners(t.Context(), tt.by, []scene.AccessToken{made})
		_, known := owners[made.AccountID]
		if revoked := d.RevokeToken(t.Context(), tt.by, made.ID); (revoked == nil) != tt.ok || known != tt.ok || err != nil {
			t.Errorf("%s: owner known %v (%v), revoke %v", name, known, err, revoked)
		}
	}
	rows, err := d.Record(t.Context(), scene.Actor{ID: "a", Roles: []scene.Role{scene.RoleAuditor}}, store.AuditFilter{Noun: "access_token"}, store.Page{})
	if err != nil || len(rows.Items) != 8 {
		t.Errorf("%d lines of the record, %v", len(rows.Items), err)
	}
	for _, line := range rows.Items {
		for _, c := range line.Changes {
			if c.Field == "digest" {
				t.Error("the record helps to use a token")
			}
		}
	}
}

// TestManyTokens: all tokens are told, however many there are, the newest first.
func TestManyTokens(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	by := d.actorOf(scene.RoleProvider)
	const many = store.MaxPage + 7
	err := d.Store.Update(t.Context(), func(tx store.Tx) error {
		for n := range many {
			id := scene.ID(fmt.Sprintf("token-%05d", n))
			err := tx.AccessTokens().Put(t.Context(), scene.AccessToken{ID: id, Digest: string(id), Name: "旧", AccountID: by.ID, OrgID: by.OrgID, Revoked: d.Now()})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := d.Tokens(t.Context(), by)
	if err != nil || len(list) != many || list[0].ID != "token-01006" || list[many-1].ID != "token-00000" {
		t.Errorf("%d tokens, %v", len(list), err)
	}
}

func (d *desk) actorOf(role scene.Role) scene.Actor {
	d.t.Helper()
	a := d.add(string(role), role)
	return a.Actor("192.0.2.1")
}

// faultAt is the first field that an error names.
func faultAt(err error) string {
	if e, ok := errors.AsType[*scene.Error](err); ok && len(e.Fields) > 0 {
		return e.Fields[0].Field
	}
	return ""
}
