package storetest

import (
	"context"
	"slices"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// rawOrder reads rows as the tables hold them: by key, parents first.
func rawOrder(t *testing.T, b *bench) {
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := put(ctx, tx, organisation(2), organisation(1)); err != nil {
			return err
		}
		if err := tx.Settings().Put(ctx, "empty", []byte{}); err != nil {
			return err
		}
		return tx.Emit(ctx, event(1), event(2))
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		tables, err := tx.Raw().Tables(ctx)
		if err != nil {
			return err
		}
		names := make([]string, len(tables))
		for i, table := range tables {
			names[i] = table.Name
			if len(table.Key) == 0 || !slices.IsSorted(table.Columns) {
				t.Errorf("table %+v", table)
			}
		}
		for _, pair := range [][2]string{{"organisation", "opportunity"}, {"opportunity", "opportunity_field"}, {"import_job", "import_change"}} {
			if slices.Index(names, pair[0]) < 0 || slices.Index(names, pair[0]) > slices.Index(names, pair[1]) {
				t.Errorf("%s does not come before %s: %v", pair[0], pair[1], names)
			}
		}
		expectColumn(t, ctx, tx, "organisation", "id", "org-0001", "org-0002")
		expectColumn(t, ctx, tx, "organisation", "revision", int64(1), int64(1))
		expectColumn(t, ctx, tx, "outbox", "id", "event-0001", "event-0002")
		expectColumn(t, ctx, tx, "setting", "value", []byte{})
		return nil
	})
}

// expectColumn checks the values of one column and their count.
func expectColumn(t *testing.T, ctx context.Context, tx store.Tx, table, column string, want ...any) {
	t.Helper()
	of := tableNamed(t, ctx, tx, table)
	var got []any
	err := tx.Raw().Rows(ctx, of, func(row []any) error {
		got = append(got, row[slices.Index(of.Columns, column)])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	expectSame(t, table+"."+column, got, want)
	if n, err := tx.Raw().Count(ctx, of); n != len(want) || err != nil {
		t.Errorf("Count of %s: %d, %v", table, n, err)
	}
}

func tableNamed(t *testing.T, ctx context.Context, tx store.Tx, name string) store.Table {
	t.Helper()
	tables, err := tx.Raw().Tables(ctx)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(tables, func(table store.Table) bool { return table.Name == name })
	if i < 0 {
		t.Fatalf("no table %s", name)
	}
	return tables[i]
}

// rawInserted writes rows as they are, more than one page of them, and lets
// numbers that the engine gives out go on behind them.
func rawInserted(t *testing.T, b *bench) {
	const many = 1201
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		word := tableNamed(t, ctx, tx, "word")
		var rows [][]any
		for i := range many {
			rows = append(rows, []any{`{}`, int64(i*7 - 100), "词" + string(rune(0x4e00+i))})
		}
		if err := tx.Raw().Insert(ctx, word, rows); err != nil {
			return err
		}
		var got [][]any
		if err := tx.Raw().Rows(ctx, word, func(row []any) error { got = append(got, row); return nil }); err != nil {
			return err
		}
		expectSame(t, "rows", got, rows)
		outbox := tableNamed(t, ctx, tx, "outbox")
		late := []any{`{"id":"late","subject":"opportunity.changed"}`, "late", int64(77)} // body, id, seq
		if err := tx.Raw().Insert(ctx, outbox, [][]any{late}); err != nil {
			return err
		}
		return tx.Raw().Settle(ctx)
	})
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Emit(ctx, event(1)) })
	events, err := b.Outbox().Pending(t.Context(), 10)
	if err != nil || len(events) != 2 || events[0].ID != "late" {
		t.Errorf("pending %v, %v", events, err)
	}
	twice := b.try(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Raw().Insert(ctx, tableNamed(t, ctx, tx, "outbox"), [][]any{{"{}", "late", int64(78)}})
	})
	expectCode(t, "Insert of a row that is there", twice, scene.Conflict)
}
