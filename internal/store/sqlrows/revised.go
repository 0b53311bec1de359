package sqlrows

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"jinghe/internal/scene"
)

// revised inserts a row that was never stored (seen is 0), or replaces the one
// that has the revision seen. row is its body, keys the values of the key columns.
// Rows whose earlier contents are kept are those of a [table].
func revised(ctx context.Context, tx *Tx, table string, columns []string, id scene.ID, seen int, row any, keys ...any) error {
	if id == "" {
		return tx.spoil(invalid("store.id_required", nil))
	}
	return revisedBy(ctx, tx, table, []string{"id"}, columns, seen, row, append([]any{plain(id)}, keys...))
}

// revisedBy is revised for a primary key of several columns, whose values come first.
func revisedBy(ctx context.Context, tx *Tx, table string, primary, columns []string, seen int, row any, keys []any) error {
	body, err := encode(row)
	if err != nil {
		return tx.spoil(err)
	}
	all := slices.Concat(primary, columns, []string{"revision", "body"})
	args := append(slices.Clone(keys), seen+1, body)
	if seen == 0 {
		_, err := tx.write(ctx, insertText(table, all, 1), args...)
		return err
	}
	set := make([]string, len(all))
	for i, column := range all {
		set[i] = column + " = $" + strconv.Itoa(i+1)
	}
	n, err := tx.write(ctx, "UPDATE "+table+" SET "+strings.Join(set[len(primary):], ", ")+
		" WHERE "+strings.Join(set[:len(primary)], " AND ")+" AND revision = $"+strconv.Itoa(len(all)+1), append(args, seen)...)
	if err == nil && n != 1 {
		err = tx.spoil(&scene.Error{Code: scene.Conflict, Key: "store.stale", Args: map[string]any{"id": keys[0], "revision": seen}})
	}
	return err
}
