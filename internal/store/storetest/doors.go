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

func accessTokensKept(t *testing.T, b *bench) {
	token := func(n, account int, org scene.ID) scene.AccessToken {
		return scene.AccessToken{
			ID: scene.ID(fmt.Sprint("token-", n)), Digest: fmt.Sprint("digest-", n), Name: "门户", AccountID: person(account).ID, OrgID: org,
			Scopes: []scene.Scope{scene.ScopeRead}, Created: kept(), Expires: kept().Add(time.Hour),
		}
	}
	all := []scene.AccessToken{token(0, 0, "a"), token(1, 1, "a"), token(2, 1, "")}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for n := range 2 {
			if _, err := tx.Accounts().Put(ctx, person(n)); err != nil {
				return err
			}
		}
		for _, x := range all {
			if err := tx.AccessTokens().Put(ctx, x); err != nil {
				return err
			}
		}
		all[1].Used, all[1].Revoked = kept(), kept()
		return tx.AccessTokens().Put(ctx, all[1])
	})
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.AccessTokens().Get(ctx, "token-1")
		expectSame(t, "Get", got, all[1])
		if err != nil {
			return err
		}
		if got, err = tx.AccessTokens().Find(ctx, "digest-2"); err != nil {
			return err
		}
		expectSame(t, "Find", got, all[2])
		_, err = tx.AccessTokens().Find(ctx, "token-2")
		expectCode(t, "Find by id", err, scene.NotFound)
		for _, tt := range []struct {
			filter store.AccessTokenFilter
			want   []scene.AccessToken
		}{
			{store.AccessTokenFilter{}, all},
			{store.AccessTokenFilter{Org: "a"}, all[:2]},
			{store.AccessTokenFilter{Account: person(1).ID}, all[1:]},
			{store.AccessTokenFilter{Account: person(0).ID, Org: "b"}, nil},
		} {
			rows, err := tx.AccessTokens().List(ctx, tt.filter, store.Page{})
			expectSame(t, fmt.Sprint(tt.filter), rows.Items, tt.want)
			if err != nil {
				return err
			}
		}
		return nil
	})
	put := func(x scene.AccessToken) scene.Code {
		return scene.CodeOf(b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.AccessTokens().Put(ctx, x) }))
	}
	taken := token(7, 0, "")
	taken.Digest = "digest-0"
	expectSame(t, "a digest twice", put(taken), scene.Conflict)
	expectSame(t, "a token of nobody", put(token(8, 9, "")), scene.Precondition)
	expectSame(t, "a token without an id", put(scene.AccessToken{}), scene.Invalid)
}

func answersKept(t *testing.T, b *bench) {
	begun := scene.Answer{Key: "k", Digest: "d", Created: kept(), Expires: kept().Add(time.Hour)}
	done := begun
	done.Status, done.Body, done.Header = 201, []byte(`{"名":1}`), []string{"ETag", `"1"`}
	var codes []bool
	var mu sync.Mutex
	var work sync.WaitGroup
	for range 5 {
		work.Go(func() {
			var had *scene.Answer
			err := b.try(t, func(ctx context.Context, tx store.Tx) (err error) {
				had, err = tx.Once().Begin(ctx, begun)
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			if err == nil && had == nil {
				codes = append(codes, true)
			}
		})
	}
	work.Wait()
	expectSame(t, "who began", codes, []bool{true})
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Once().Finish(ctx, done) })
	b.reopen(t)
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		had, err := tx.Once().Begin(ctx, begun)
		expectSame(t, "kept", had, &done)
		return err
	})
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Once().Prune(ctx, done.Expires); err != nil { // it is still good at that moment
			return err
		}
		had, err := tx.Once().Begin(ctx, begun)
		expectSame(t, "kept until it expires", had, &done)
		if err != nil {
			return err
		}
		if err := tx.Once().Prune(ctx, done.Expires.Add(time.Microsecond)); err != nil {
			return err
		}
		had, err = tx.Once().Begin(ctx, begun)
		expectSame(t, "after it expired", had == nil, true)
		if err != nil {
			return err
		}
		if err := tx.Once().Forget(ctx, "k"); err != nil {
			return err
		}
		return tx.Once().Forget(ctx, "k")
	})
	for name, tt := range map[string]struct {
		answer scene.Answer
		want   scene.Code
	}{"Unknown": {begun, scene.NotFound}, "NoKey": {scene.Answer{}, scene.Invalid}} {
		err := b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Once().Finish(ctx, tt.answer) })
		expectCode(t, name, err, tt.want)
	}
}

// spentOnce lets several callers spend one thing: one does.
func spentOnce(t *testing.T, b *bench) {
	var work sync.WaitGroup
	var mu sync.Mutex
	codes := map[scene.Code]int{}
	spend := func(id string) error {
		return b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Once().Spend(ctx, id, kept()) })
	}
	for range 5 {
		work.Go(func() {
			err := spend("x")
			mu.Lock()
			defer mu.Unlock()
			codes[scene.CodeOf(err)]++
		})
	}
	work.Wait()
	expectSame(t, "spenders", codes, map[scene.Code]int{"": 1, scene.Conflict: 4})
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Once().Prune(ctx, kept().Add(time.Second)) })
	expectCode(t, "spent anew after it was forgotten", spend("x"), "")
	expectCode(t, "nothing spent", spend(""), scene.Invalid)
}

func tiesKept(t *testing.T, b *bench) {
	tie := scene.Tie{ID: "t", AccountID: person(0).ID, Issuer: "https://example.cn", Subject: "42", Made: kept()}
	put := func(x scene.Tie) error {
		return b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Sessions().PutTie(ctx, x) })
	}
	expectCode(t, "a tie to nobody", put(tie), scene.Precondition)
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Accounts().Put(ctx, person(0))
		return err
	})
	expectCode(t, "a tie", put(tie), "")
	expectCode(t, "a tie twice", put(tie), scene.Conflict)
	expectCode(t, "a tie without an id", put(scene.Tie{}), scene.Invalid)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Sessions().Tie(ctx, "t")
		expectSame(t, "tie", got, tie)
		_, none := tx.Sessions().Tie(ctx, "nobody")
		expectCode(t, "no tie", none, scene.NotFound)
		return err
	})
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Accounts().Delete(ctx, person(0).ID) })
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Sessions().Tie(ctx, "t")
		expectCode(t, "tie of an account that is gone", err, scene.NotFound)
		return nil
	})
}
