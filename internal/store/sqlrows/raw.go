package sqlrows

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// rawPage is how many rows one question of Rows asks for: the bound on what is
// held in memory, and on how long one statement runs.
const rawPage = 500

// Raw gives the rows as the tables hold them.
func (t *Tx) Raw() store.Raw { return raw{t} }

type raw struct{ tx *Tx }

// column is one line of Engine.Columns.
type column struct {
	table, name string
	place       int // in the primary key, 0 for none
	counted     int // 1 where the engine gives out its numbers
}

func (r raw) columns(ctx context.Context) (list []column, err error) {
	err = r.tx.read(ctx, func(rows *sql.Rows) error {
		var c column
		err := rows.Scan(&c.table, &c.name, &c.place, &c.counted)
		list = append(list, c)
		return err
	}, r.tx.engine.Columns)
	return list, err
}

func (r raw) Tables(ctx context.Context) ([]store.Table, error) {
	columns, err := r.columns(ctx)
	if err != nil {
		return nil, err
	}
	var tables []store.Table
	for rest := columns; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].table == rest[0].table {
			n++
		}
		tables = append(tables, describe(rest[:n]))
		rest = rest[n:]
	}
	parents := map[string][]string{}
	err = r.tx.read(ctx, func(rows *sql.Rows) error {
		var child, parent string
		err := rows.Scan(&child, &parent)
		parents[child] = append(parents[child], parent)
		return err
	}, r.tx.engine.References)
	if err != nil {
		return nil, err
	}
	return parentsFirst(tables, parents)
}

func describe(columns []column) store.Table {
	t := store.Table{Name: columns[0].table}
	var key []column
	for _, c := range columns {
		t.Columns = append(t.Columns, c.name)
		if c.place > 0 {
			key = append(key, c)
		}
	}
	slices.SortFunc(key, func(a, b column) int { return a.place - b.place })
	for _, c := range key {
		t.Key = append(t.Key, c.name)
	}
	return t
}

// parentsFirst orders tables so that each comes after those it refers to.
func parentsFirst(tables []store.Table, parents map[string][]string) ([]store.Table, error) {
	var out []store.Table
	placed := map[string]bool{}
	for len(out) < len(tables) {
		before := len(out)
		for _, t := range tables {
			ready := !placed[t.Name] && !slices.ContainsFunc(parents[t.Name], func(p string) bool { return !placed[p] })
			if ready {
				out, placed[t.Name] = append(out, t), true
			}
		}
		if len(out) == before {
			return nil, &scene.Error{Code: scene.Internal, Key: "store.corrupt", Op: "sqlrows: tables refer to each other in a circle"}
		}
	}
	return out, nil
}

func (r raw) Count(ctx context.Context, t store.Table) (int, error) {
	return r.tx.count(ctx, "SELECT COUNT(*) FROM "+quote(t.Name))
}

func (r raw) Rows(ctx context.Context, t store.Table, fn func(row []any) error) error {
	key := strings.Join(quoted(t.Key), ", ")
	begin := "SELECT " + strings.Join(quoted(t.Columns), ", ") + " FROM " + quote(t.Name)
	end := " ORDER BY " + key + " LIMIT " + strconv.Itoa(rawPage)
	var after []any
	for {
		text := begin + end
		if after != nil {
			text = begin + " WHERE (" + key + ") > (" + params(1, len(t.Key)) + ")" + end
		}
		page, err := r.page(ctx, len(t.Columns), text, after)
		if err != nil {
			return err
		}
		for _, row := range page {
			if err := fn(row); err != nil {
				return err
			}
		}
		if len(page) < rawPage {
			return nil
		}
		after = after[:0]
		for _, name := range t.Key {
			after = append(after, page[len(page)-1][slices.Index(t.Columns, name)])
		}
	}
}

func (r raw) page(ctx context.Context, width int, text string, args []any) (page [][]any, err error) {
	err = r.tx.read(ctx, func(rows *sql.Rows) error {
		row, into := make([]any, width), make([]any, width)
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok && b == nil {
				row[i] = []byte{}
			}
		}
		page = append(page, row)
		return nil
	}, text, args...)
	return page, err
}

func (r raw) Insert(ctx context.Context, t store.Table, rows [][]any) error {
	return each(rows, batch, func(part [][]any) error {
		_, err := r.tx.write(ctx, insertText(quote(t.Name), quoted(t.Columns), len(part)), slices.Concat(part...)...)
		return err
	})
}

func (r raw) Settle(ctx context.Context) error {
	if r.tx.engine.Settle == "" {
		return nil
	}
	columns, err := r.columns(ctx)
	if err != nil {
		return err
	}
	for _, c := range columns {
		if c.counted == 0 {
			continue
		}
		names := strings.NewReplacer("{table}", c.table, "{column}", c.name)
		if _, err := r.tx.write(ctx, names.Replace(r.tx.engine.Settle)); err != nil {
			return err
		}
	}
	return nil
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoted(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = quote(name)
	}
	return out
}
