package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func person(n int) scene.Account {
	return scene.Account{
		ID: scene.ID(fmt.Sprintf("acc-%04d", n)), Login: fmt.Sprintf("user%d@example.cn", n), Name: "李四",
		Roles: []scene.Role{scene.RoleProvider}, State: scene.AccountActive, Created: now(), Updated: now(),
		Consents: []scene.Consent{{Document: "terms", Version: "1", At: now()}},
	}
}

func accountsKept(t *testing.T, b *bench) {
	var stored scene.Account
	b.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		if err := put(ctx, tx, organisation(1)); err != nil {
			return err
		}
		given := person(1)
		given.OrgID = organisation(1).ID
		if stored, err = tx.Accounts().Put(ctx, given); err != nil {
			return err
		}
		if err := tx.Accounts().PutCredential(ctx, scene.Credential{AccountID: stored.ID, Password: "old"}); err != nil {
			return err
		}
		return tx.Accounts().PutCredential(ctx, scene.Credential{AccountID: stored.ID, Password: "hash", Step: 7, Recovery: []string{"a"}, Changed: now()})
	})
	b.reopen(t)
	want := person(1)
	want.Revision, want.OrgID, want.Created, want.Updated, want.Consents[0].At = 1, organisation(1).ID, kept(), kept(), kept()
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Accounts().Get(ctx, stored.ID)
		expectSame(t, "Get", got, want)
		if err != nil {
			return err
		}
		found, err := tx.Accounts().Find(ctx, want.Login)
		expectSame(t, "Find", found, want)
		if err != nil {
			return err
		}
		proof, err := tx.Accounts().Credential(ctx, stored.ID)
		expectSame(t, "Credential", proof, scene.Credential{AccountID: stored.ID, Password: "hash", Step: 7, Recovery: []string{"a"}, Changed: kept()})
		for what, ask := range map[string]func() error{
			"Get":        func() error { _, err := tx.Accounts().Get(ctx, "nobody"); return err },
			"Find":       func() error { _, err := tx.Accounts().Find(ctx, "nobody"); return err },
			"Credential": func() error { _, err := tx.Accounts().Credential(ctx, "nobody"); return err },
			"Session":    func() error { _, err := tx.Sessions().Get(ctx, "nobody"); return err },
			"Token":      func() error { _, err := tx.Sessions().Token(ctx, "nobody"); return err },
		} {
			expectCode(t, what+" of nobody", ask(), scene.NotFound)
		}
		return err
	})
}

func accountsUnique(t *testing.T, b *bench) {
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for n := range 2 {
			if _, err := tx.Accounts().Put(ctx, person(n)); err != nil {
				return err
			}
		}
		return nil
	})
	for name, tt := range map[string]struct {
		change func(*scene.Account)
		want   scene.Code
	}{
		"OK":           {func(a *scene.Account) { a.Revision = 1; a.Name = "王五" }, ""},
		"LoginTaken":   {func(a *scene.Account) { a.Revision, a.Login = 1, person(0).Login }, scene.Conflict},
		"Stale":        {func(a *scene.Account) { a.Revision = 7 }, scene.Conflict},
		"IDTaken":      {func(*scene.Account) {}, scene.Conflict},
		"NoID":         {func(a *scene.Account) { a.ID, a.Login = "", "new" }, scene.Invalid},
		"Organisation": {func(a *scene.Account) { a.Revision, a.OrgID = 1, "none" }, scene.Precondition},
	} {
		failed := fmt.Errorf("rolled back")
		err := b.try(t, func(ctx context.Context, tx store.Tx) error {
			a := person(1)
			tt.change(&a)
			if _, err := tx.Accounts().Put(ctx, a); err != nil {
				return err
			}
			return failed
		})
		if tt.want == "" && err == failed { //nolint:errorlint // the very value
			continue
		}
		expectCode(t, name, err, tt.want)
	}
	expectCode(t, "credential of nobody", b.try(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Accounts().PutCredential(ctx, scene.Credential{AccountID: "nobody"})
	}), scene.Precondition)
}

func accountsListed(t *testing.T, b *bench) {
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := put(ctx, tx, organisation(1)); err != nil {
			return err
		}
		for n := range 7 {
			a := person(n)
			if n%2 == 0 {
				a.State = scene.AccountPending
			}
			if n > 3 {
				a.OrgID = organisation(1).ID
			}
			if _, err := tx.Accounts().Put(ctx, a); err != nil {
				return err
			}
		}
		return tx.Accounts().Delete(ctx, person(6).ID)
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		for _, tt := range []struct {
			filter store.AccountFilter
			want   []int
		}{
			{store.AccountFilter{}, []int{0, 1, 2, 3, 4, 5}},
			{store.AccountFilter{State: scene.AccountPending}, []int{0, 2, 4}},
			{store.AccountFilter{State: scene.AccountPending, OrgID: organisation(1).ID}, []int{4}},
			{store.AccountFilter{OrgID: "none"}, nil},
			{store.AccountFilter{OrgIDs: []scene.ID{"none", organisation(1).ID}}, []int{4, 5}},
			{store.AccountFilter{Naming: scene.RoleProvider}, []int{0, 1, 2, 3, 4, 5}},
			{store.AccountFilter{Naming: "provide"}, nil},
			{store.AccountFilter{Naming: "p%"}, nil},
			{store.AccountFilter{Naming: scene.RoleAuditor}, nil},
		} {
			var got, want []scene.ID
			for _, n := range tt.want {
				want = append(want, person(n).ID)
			}
			for p := (store.Page{Limit: 2}); ; {
				rows, err := tx.Accounts().List(ctx, tt.filter, p)
				if err != nil {
					return err
				}
				for _, a := range rows.Items {
					got = append(got, a.ID)
				}
				if p.After = rows.Next; p.After == "" {
					break
				}
			}
			expectSame(t, fmt.Sprint(tt.filter), got, want)
			n, err := tx.Accounts().Count(ctx, tt.filter)
			expectSame(t, "count", n, len(want))
			if err != nil {
				return err
			}
		}
		several, err := tx.Accounts().GetMany(ctx, []scene.ID{person(1).ID, "none", person(3).ID, person(1).ID})
		expectSame(t, "those that exist, each once", len(several), 2)
		return err
	})
}

func sessionsEnd(t *testing.T, b *bench) {
	session := func(id string, n int) scene.Session {
		return scene.Session{ID: scene.ID(id), AccountID: person(n).ID, Agent: "x", Created: kept(), Seen: kept(), Expires: kept().Add(time.Hour)}
	}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for n := range 2 {
			if _, err := tx.Accounts().Put(ctx, person(n)); err != nil {
				return err
			}
		}
		for _, s := range []scene.Session{session("a", 0), session("b", 0), session("c", 0), session("d", 1)} {
			if err := tx.Sessions().Put(ctx, s); err != nil {
				return err
			}
		}
		seen := session("a", 0)
		seen.Seen = kept().Add(time.Minute)
		if err := tx.Sessions().Put(ctx, seen); err != nil {
			return err
		}
		n, err := tx.Sessions().DeleteOf(ctx, person(0).ID, "a")
		expectSame(t, "sessions ended", n, 2)
		return err
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		of, err := tx.Sessions().Of(ctx, person(0).ID)
		want := session("a", 0)
		want.Seen = kept().Add(time.Minute)
		expectSame(t, "sessions left", of, []scene.Session{want})
		return err
	})
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Accounts().Delete(ctx, person(0).ID) })
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Sessions().Get(ctx, "a")
		expectCode(t, "session of an account that is gone", err, scene.NotFound)
		_, err = tx.Sessions().Get(ctx, "d")
		return err
	})
	expectCode(t, "session of nobody", b.try(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Sessions().Put(ctx, session("e", 9))
	}), scene.Precondition)
}

// tokensOnce lets several callers take one link: one gets it.
func tokensOnce(t *testing.T, b *bench) {
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Sessions().PutToken(ctx, scene.Token{ID: "t", Purpose: "invite", Roles: []scene.Role{scene.RoleOwner}, Created: kept(), Expires: kept().Add(time.Hour)})
	})
	var work sync.WaitGroup
	var mu sync.Mutex
	codes := map[scene.Code]int{}
	for range 5 {
		work.Go(func() {
			err := b.try(t, func(ctx context.Context, tx store.Tx) error {
				_, err := tx.Sessions().TakeToken(ctx, "t")
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			codes[scene.CodeOf(err)]++
		})
	}
	work.Wait()
	expectSame(t, "takers", codes, map[scene.Code]int{"": 1, scene.NotFound: 4})
}

func attemptsCounted(t *testing.T, b *bench) {
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Sessions().PutAttempts(ctx, scene.Attempts{Key: "gone", Failures: 1, Last: kept()}); err != nil {
			return err
		}
		for _, a := range []scene.Attempts{{Key: "a", Failures: 2, Last: kept(), Until: kept()}, {Key: "gone"}, {Key: "old", Failures: 9, Last: kept().Add(-time.Hour)}} {
			if err := tx.Sessions().PutAttempts(ctx, a); err != nil {
				return err
			}
		}
		return tx.Sessions().Prune(ctx, kept())
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		for key, want := range map[string]scene.Attempts{
			"a": {Key: "a", Failures: 2, Last: kept(), Until: kept()}, "gone": {Key: "gone"}, "old": {Key: "old"},
		} {
			got, err := tx.Sessions().Attempts(ctx, key)
			expectSame(t, key, got, want)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func auditGrowsOnly(t *testing.T, b *bench) {
	line := func(n int, actor, action string) scene.Audit {
		return scene.Audit{
			ID: scene.ID(fmt.Sprintf("line-%d", n)), At: kept().Add(time.Duration(n) * time.Minute), Actor: scene.ID(actor), Action: action,
			Noun: "account", Row: "r", Note: "原因", Changes: []scene.Difference{{Field: "name", Before: "a", After: "b"}},
		}
	}
	lines := []scene.Audit{line(0, "x", "account.add"), line(1, "y", "account.add"), line(2, "x", "account.disable")}
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Audit().Add(ctx, lines...) })
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		for _, tt := range []struct {
			filter store.AuditFilter
			want   []scene.Audit
		}{
			{store.AuditFilter{}, []scene.Audit{lines[2], lines[1], lines[0]}},
			{store.AuditFilter{Actor: "x"}, []scene.Audit{lines[2], lines[0]}},
			{store.AuditFilter{Actor: "x", Action: "account.add", Noun: "account", Row: "r"}, []scene.Audit{lines[0]}},
			{store.AuditFilter{Since: lines[1].At, Until: lines[2].At}, []scene.Audit{lines[1]}},
			{store.AuditFilter{Row: "other"}, nil},
		} {
			var got []scene.Audit
			for p := (store.Page{Limit: 1}); ; {
				rows, err := tx.Audit().List(ctx, tt.filter, p)
				if err != nil {
					return err
				}
				got = append(got, rows.Items...)
				if p.After = rows.Next; p.After == "" {
					break
				}
			}
			expectSame(t, fmt.Sprint(tt.filter), got, tt.want)
		}
		return nil
	})
	add := func(l scene.Audit) error {
		return b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Audit().Add(ctx, l) })
	}
	expectCode(t, "a line twice", add(lines[0]), scene.Conflict)
	expectCode(t, "a line without an action", add(scene.Audit{ID: "n", Noun: "x"}), scene.Invalid)
}

func reviewsKept(t *testing.T, b *bench) {
	step := func(n int, listing scene.ID) scene.Review {
		return scene.Review{
			ID: scene.ID(fmt.Sprintf("step-%d", n)), Kind: scene.KindCapability, Listing: listing,
			From: scene.Submitted, To: scene.Draft, Actor: "a", Reason: "缺少指标", At: kept(),
		}
	}
	proposal := func(id string, state scene.ProposalState) scene.Proposal {
		return scene.Proposal{
			ID: scene.ID(id), Kind: scene.KindCapability, Listing: "l", Base: 3, State: state, Created: kept(),
			Capability: &scene.Capability{Listing: scene.Listing{ID: "l", Name: "新名", Updated: kept()}},
		}
	}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for _, s := range []scene.Review{step(1, "l"), step(2, "other"), step(3, "l")} {
			if err := tx.Reviews().Add(ctx, s); err != nil {
				return err
			}
		}
		for _, p := range []scene.Proposal{proposal("p1", scene.ProposalOpen), proposal("p1", scene.ProposalRefused), proposal("p2", scene.ProposalOpen)} {
			if err := tx.Reviews().PutProposal(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		steps, err := tx.Reviews().Of(ctx, scene.KindCapability, "l")
		expectSame(t, "steps", steps, []scene.Review{step(1, "l"), step(3, "l")})
		if err != nil {
			return err
		}
		open, err := tx.Reviews().Proposal(ctx, scene.KindCapability, "l")
		expectSame(t, "open proposal", open, proposal("p2", scene.ProposalOpen))
		if err != nil {
			return err
		}
		refused, err := tx.Reviews().Proposals(ctx, scene.ProposalRefused, store.Page{})
		expectSame(t, "refused proposals", refused.Items, []scene.Proposal{proposal("p1", scene.ProposalRefused)})
		_, none := tx.Reviews().Proposal(ctx, scene.KindOpportunity, "l")
		expectCode(t, "proposal of another kind", none, scene.NotFound)
		return err
	})
	expectCode(t, "a second open proposal", b.try(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Reviews().PutProposal(ctx, proposal("p3", scene.ProposalOpen))
	}), scene.Conflict)
}
