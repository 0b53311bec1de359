package sqlrows

import (
	"context"
	"database/sql"
	"strconv"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// listBodies pages through the rows that c keeps.
func listBodies[T any](ctx context.Context, t *table[T], c clause, o order, p store.Page) (store.Rows[T], error) {
	if !t.keeps() {
		return listRows(ctx, t.tx, t.noun, "body", c, o, p, func(raw sql.RawBytes) (T, error) { return decode[T](raw) })
	}
	page, err := listIDs(ctx, t.tx, t.noun, c, o, p)
	if err != nil {
		return store.Rows[T]{}, err
	}
	rows, err := t.getMany(ctx, page.Items)
	at := make(map[scene.ID]int, len(rows))
	for i := range rows {
		at[*t.head(&rows[i]).ID] = i
	}
	out := store.Rows[T]{Next: page.Next}
	for _, id := range page.Items {
		if i, ok := at[id]; ok {
			out.Items = append(out.Items, rows[i])
		}
	}
	return out, err
}

// listIDs pages through the ids of the rows that c keeps.
func listIDs(ctx context.Context, tx *Tx, table string, c clause, o order, p store.Page) (store.Rows[scene.ID], error) {
	return listRows(ctx, tx, table, "id", c, o, p, func(raw sql.RawBytes) (scene.ID, error) { return scene.ID(raw), nil })
}

// columns says what an order is by: a column of numbers that counts before the
// id, or none, and whether the largest comes first.
func (o order) columns() (number string, descending bool) {
	switch o {
	case byNewest:
		return "updated", true
	case byBegan:
		return "began", true
	case byAt:
		return "at", true
	case byRelease:
		return "release", true
	default:
		return "", false
	}
}

// listRows asks for one row more than the page holds, to know whether there is a next one.
func listRows[T any](ctx context.Context, tx *Tx, table, column string, c clause, o order, p store.Page,
	read func(sql.RawBytes) (T, error),
) (store.Rows[T], error) {
	limit, after, start, err := readPage(p, o)
	if err != nil {
		return store.Rows[T]{}, err
	}
	number, descending := o.columns()
	by, want := " ORDER BY id", "0"
	switch {
	case descending:
		by, want = " ORDER BY "+number+" DESC, id DESC", number
		if !start {
			c.add("("+number+" < ? OR "+number+" = ? AND id < ?)", after.number, after.number, after.id)
		}
	case !start:
		c.add("id > ?", after.id)
	}
	var out store.Rows[T]
	var last cursor
	err = tx.read(ctx, func(r *sql.Rows) error {
		if len(out.Items) == limit {
			out.Next = last.String(o)
			return nil
		}
		var raw sql.RawBytes
		if err := r.Scan(&last.id, &last.number, &raw); err != nil {
			return err
		}
		item, err := read(raw)
		out.Items = append(out.Items, item)
		return err
	}, listText(c.from(table), table, column, want, c.text(), by+" LIMIT "+strconv.Itoa(limit+1), by), c.args...)
	return out, err
}

// listText chooses the rows of a page by their keys alone and joins the bodies
// after that: what has to be sorted stays narrow, however long the bodies are.
func listText(from, table, column, number, where, last, by string) string {
	if column == "id" {
		return "SELECT id, " + number + ", id FROM " + from + where + last
	}
	keys := "SELECT id FROM " + from + where + last
	return "SELECT id, " + number + ", " + column + " FROM " + table + " WHERE id IN (" + keys + ")" + by
}
