package archive

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// insertRows is how many rows are handed to the engine at once.
const insertRows = 250

// filling writes rows into the tables of an empty store and checks what is
// there afterwards.
type filling struct {
	raw    store.Raw
	tables []store.Table
	sums   []Sum // of what was written
	step   func()

	at      *summing
	table   store.Table
	waiting [][]any
}

// newFilling looks at the store that is to be filled: it must have the tables
// that come, and no rows.
func newFilling(ctx context.Context, raw store.Raw, coming []store.Table, step func()) (*filling, error) {
	tables, err := raw.Tables(ctx)
	if err != nil {
		return nil, err
	}
	if err := sameTables(coming, tables); err != nil {
		return nil, err
	}
	for _, t := range tables {
		n, err := raw.Count(ctx, t)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			return nil, &scene.Error{Code: scene.Conflict, Key: "archive.not_empty", Args: map[string]any{"table": t.Name, "rows": n}}
		}
	}
	return &filling{raw: raw, tables: tables, step: step}, nil
}

// sameTables compares tables by name and columns, in whatever order they are.
func sameTables(a, b []store.Table) error {
	differ := func(table string) error {
		return &scene.Error{Code: scene.Precondition, Key: "archive.tables_differ", Args: map[string]any{"table": table}}
	}
	columns := make(map[string][]string, len(b))
	for _, t := range b {
		columns[t.Name] = t.Columns
	}
	for _, t := range a {
		if !slices.Equal(columns[t.Name], t.Columns) {
			return differ(t.Name)
		}
		delete(columns, t.Name)
	}
	for name := range columns {
		return differ(name)
	}
	return nil
}

// begin starts a table.
func (f *filling) begin(t store.Table) { f.table, f.at = t, newSumming(t) }

func (f *filling) add(ctx context.Context, row []any) error {
	if err := f.at.add(row); err != nil {
		return err
	}
	f.step()
	f.waiting = append(f.waiting, row)
	if len(f.waiting) < insertRows {
		return nil
	}
	return f.flush(ctx)
}

func (f *filling) flush(ctx context.Context) error {
	if len(f.waiting) == 0 {
		return nil
	}
	err := f.raw.Insert(ctx, f.table, f.waiting)
	f.waiting = f.waiting[:0]
	return err
}

// end finishes a table and returns what was written.
func (f *filling) end(ctx context.Context) (Sum, error) {
	err := f.flush(ctx)
	s := f.at.sum()
	f.sums = append(f.sums, s)
	return s, err
}

// check reads back what is there and compares it with what was written.
func (f *filling) check(ctx context.Context) error {
	if err := f.raw.Settle(ctx); err != nil {
		return err
	}
	there, err := sums(ctx, f.raw, f.tables, f.step)
	if err != nil {
		return err
	}
	if table, differ := differing(f.sums, there); differ {
		return &scene.Error{Code: scene.Internal, Key: "archive.differs", Args: map[string]any{"table": table}}
	}
	return nil
}

// stepping returns a function that counts one row more of total.
func stepping(progress func(done, total int), total int) func() {
	done := 0
	return func() {
		if done++; progress != nil && (done%100 == 0 || done == total) {
			progress(done, total)
		}
	}
}
