package storetest

import (
	"context"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func scratchesKept(t *testing.T, b *bench) {
	first := scene.Scratch{Account: person(1).ID, Place: "new-capability", Turn: 1, Values: map[string][]string{"name": {"漏损"}, "price.min": {"三十"}}, Saved: kept()}
	second := scene.Scratch{Account: person(1).ID, Place: "capability/x", Turn: 4, Base: 2, Values: map[string][]string{}, Saved: kept().Add(time.Minute)}
	other := scene.Scratch{Account: person(2).ID, Place: "new-capability", Turn: 1, Saved: kept()}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for n := 1; n <= 2; n++ {
			if _, err := tx.Accounts().Put(ctx, person(n)); err != nil {
				return err
			}
		}
		for _, s := range []scene.Scratch{first, second, other} {
			if err := tx.Scratches().Put(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	first.Turn, first.Saved, first.Values = 2, kept().Add(time.Hour), map[string][]string{"fields": {"a", "b"}}
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Scratches().Put(ctx, first) })
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Scratches().Get(ctx, first.Account, first.Place)
		expectSame(t, "scratch", got, first)
		if err != nil {
			return err
		}
		all, err := tx.Scratches().Of(ctx, first.Account)
		expectSame(t, "scratches of an account, the latest first", all, []scene.Scratch{first, second})
		if err != nil {
			return err
		}
		_, err = tx.Scratches().Get(ctx, other.Account, second.Place)
		expectCode(t, "the form of another account", err, scene.NotFound)
		return nil
	})
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Scratches().Delete(ctx, first.Account, first.Place)
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Scratches().Get(ctx, first.Account, first.Place)
		expectCode(t, "a scratch that is gone", err, scene.NotFound)
		return nil
	})
	err := b.try(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Scratches().Put(ctx, scene.Scratch{Account: "nobody", Place: "x"})
	})
	expectCode(t, "of nobody", err, scene.Precondition)
	err = b.try(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Scratches().Put(ctx, scene.Scratch{Account: person(1).ID})
	})
	expectCode(t, "of no form", err, scene.Invalid)
}

func looksKept(t *testing.T, b *bench) {
	first := scene.Look{Account: person(1).ID, Listing: "n1", Seen: map[scene.ID]time.Time{"o1": {}, "o2": kept()}}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Accounts().Put(ctx, person(1)); err != nil {
			return err
		}
		if err := tx.Looks().Put(ctx, scene.Look{Account: first.Account, Listing: "n1"}); err != nil {
			return err
		}
		return tx.Looks().Put(ctx, first)
	})
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Looks().Get(ctx, first.Account, "n1")
		expectSame(t, "look", got, first)
		if err != nil {
			return err
		}
		_, err = tx.Looks().Get(ctx, first.Account, "n2")
		expectCode(t, "a list that nobody looked at", err, scene.NotFound)
		return nil
	})
	for code, bad := range map[scene.Code]scene.Look{scene.Precondition: {Account: "nobody", Listing: "n1"}, scene.Invalid: {Account: first.Account}} {
		err := b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Looks().Put(ctx, bad) })
		expectCode(t, "a look of nobody, or at nothing", err, code)
	}
}
