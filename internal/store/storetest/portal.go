package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// batch makes the n-th batch of a test; each goes out a day after the one before.
func batch(n int) scene.Batch {
	return scene.Batch{
		ID: scene.ID(fmt.Sprintf("batch-%03d", n)), Name: fmt.Sprintf("2026年第%d批", n), Intro: "水务与应急",
		Release: kept().AddDate(0, 0, n), Created: kept(), Updated: kept(),
	}
}

func batchesKept(t *testing.T, b *bench) {
	var want []scene.Batch
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		want = nil // an adapter may run this again
		for _, n := range []int{3, 2, 1} {
			row, err := tx.Batches().Put(ctx, batch(n))
			if err != nil {
				return err
			}
			want = append(want, row)
		}
		return nil
	})
	b.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		want[2].Release = kept().AddDate(0, 0, 9)
		want[2], err = tx.Batches().Put(ctx, want[2])
		want = []scene.Batch{want[2], want[0], want[1]}
		return err
	})
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		first, err := tx.Batches().List(ctx, store.Page{Limit: 2})
		if err != nil {
			return err
		}
		rest, err := tx.Batches().List(ctx, store.Page{Limit: 2, After: first.Next})
		expectSame(t, "batches, the latest release first", append(first.Items, rest.Items...), want)
		if err != nil {
			return err
		}
		pending, err := tx.Batches().Pending(ctx, want[1].Release)
		expectSame(t, "batches still to come", pending, want[:1])
		if err != nil {
			return err
		}
		got, err := tx.Batches().Get(ctx, "batch-002")
		expectSame(t, "batch", got, want[2])
		return err
	})
	for what, row := range map[string]scene.Batch{
		"taken":         {ID: "other", Name: " 2026年第２批 ", Release: kept()},
		"stale":         {ID: "batch-001", Revision: 1, Name: "x", Release: kept()},
		"never written": {ID: "batch-777", Revision: 3, Name: "y", Release: kept()},
	} {
		err := b.try(t, func(ctx context.Context, tx store.Tx) error { _, err := tx.Batches().Put(ctx, row); return err })
		expectCode(t, what, err, scene.Conflict)
	}
	err := b.try(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Batches().Put(ctx, scene.Batch{Name: "z"})
		return err
	})
	expectCode(t, "batch without id", err, scene.Invalid)
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Batches().Delete(ctx, "batch-003") })
	err = b.try(t, func(ctx context.Context, tx store.Tx) error { _, err := tx.Batches().Get(ctx, "batch-003"); return err })
	expectCode(t, "deleted batch", err, scene.NotFound)
}

func showcasesKept(t *testing.T, b *bench) {
	row := func(n int, state scene.State) scene.Showcase {
		return scene.Showcase{
			ID: scene.ID(fmt.Sprintf("showcase-%03d", n)), Name: "积水点治理", Owner: "水务集团", Provider: "甲公司",
			Scenario: "下穿通道", Figures: []scene.Figure{{Name: "处置时间", Before: "45", After: "8", Unit: "分钟"}},
			Investment: scene.MoneyRange{Max: 80 * scene.Wan}, State: state, Created: kept(), Updated: kept().Add(time.Duration(n) * time.Second),
		}
	}
	var want []scene.Showcase
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		want = nil
		for n, state := range []scene.State{scene.Published, scene.Draft, scene.Published} {
			s, err := tx.Showcases().Put(ctx, row(n, state))
			if err != nil {
				return err
			}
			want = append(want, s)
		}
		return nil
	})
	b.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		want[1].Plate = "市级示范"
		want[1], err = tx.Showcases().Put(ctx, want[1])
		return err
	})
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		public, err := tx.Showcases().List(ctx, scene.Published, store.Page{})
		expectSame(t, "published", public.Items, []scene.Showcase{want[2], want[0]})
		if err != nil {
			return err
		}
		all, err := tx.Showcases().List(ctx, "", store.Page{})
		expectSame(t, "all", all.Items, []scene.Showcase{want[2], want[1], want[0]})
		if err != nil {
			return err
		}
		got, err := tx.Showcases().Get(ctx, "showcase-001")
		expectSame(t, "showcase", got, want[1])
		return err
	})
	stale := want[1]
	stale.Revision = 1
	err := b.try(t, func(ctx context.Context, tx store.Tx) error { _, err := tx.Showcases().Put(ctx, stale); return err })
	expectCode(t, "stale showcase", err, scene.Conflict)
}
