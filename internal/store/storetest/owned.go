package storetest

import (
	"context"
	"errors"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// readIsOwned: what a transaction reads is its own to change, and is what stands
// in the table, however often the row was read before.
func readIsOwned[T any](s side[T]) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		named := func(name string, revision int) T {
			row := s.row(1)
			p := s.part(&row)
			p.Name, p.Revision, p.Fields, p.Extra = name, revision, []string{name}, map[string]string{"备注": name}
			return row
		}
		write := func(row T) func(context.Context, store.Tx) error {
			return func(ctx context.Context, tx store.Tx) error { return s.puts(ctx, tx, row) }
		}
		sees := func(when, want string) {
			t.Helper()
			for range 2 { // the second time somebody else has changed what he was given
				b.view(t, func(ctx context.Context, tx store.Tx) error {
					one, err := s.table(tx).Get(ctx, "row-0001")
					if err != nil {
						return err
					}
					some, err := s.table(tx).GetMany(ctx, []scene.ID{"row-0001"})
					if err != nil || len(some) != 1 {
						t.Fatal(len(some), err)
					}
					for _, row := range []*T{&one, &some[0]} {
						p := s.part(row)
						if p.Name != want || p.Fields[0] != want || p.Extra["备注"] != want {
							t.Fatalf("%s: %q, %q, %q, want %q", when, p.Name, p.Fields, p.Extra, want)
						}
						p.Fields[0], p.Extra["备注"] = "spoilt", "spoilt"
					}
					return nil
				})
			}
		}
		b.update(t, write(named("甲", 0)))
		sees("written", "甲")
		broken := errors.New("broken")
		err := b.try(t, func(ctx context.Context, tx store.Tx) error {
			if err := s.puts(ctx, tx, named("未成", 1)); err != nil {
				return err
			}
			if row, err := s.table(tx).Get(ctx, "row-0001"); err != nil || s.part(&row).Name != "未成" {
				t.Errorf("a transaction reads %q of what it wrote, %v", s.part(&row).Name, err)
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		sees("taken back", "甲")
		b.update(t, write(named("乙", 1))) // the revision that came to nothing, at the same time
		sees("written again", "乙")
		b.update(t, func(ctx context.Context, tx store.Tx) error { return s.table(tx).Delete(ctx, "row-0001") })
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			_, err := s.table(tx).Get(ctx, "row-0001")
			expectSame(t, "a row that is gone", scene.CodeOf(err), scene.NotFound)
			return nil
		})
		b.update(t, write(named("丙", 0))) // an id that was there before
		b.update(t, write(named("丁", 1)))
		sees("come back", "丁")
	}
}
