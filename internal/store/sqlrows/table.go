package sqlrows

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// table is what the tables of organisations, opportunities and capabilities
// do alike: bodies with a revision, earlier bodies beside them. Values given
// to its hooks are copies that may be changed.
type table[T any] struct {
	tx   *Tx
	noun string // name of the table, and prefix of its message keys
	// head points to what every row has.
	head func(*T) head
	// columns are the key columns of this table, keys their values.
	columns []string
	keys    func(*T) []any
	// clone copies a row with all that can be written to. Nil: rows are not kept.
	clone func(T) T
	// trim brings the times of a row to what is kept.
	trim func(*T)
	// claim checks that what is unique is not held by another row.
	claim func(context.Context, []*T) error
	// attach writes the rows of side tables; fresh says that there are none yet.
	attach func(ctx context.Context, rows []*T, fresh bool) error
}

// head is what every row has.
type head struct {
	ID       *scene.ID
	Revision *int
	Updated  *time.Time
}

// common are the columns of every table, before its own keys and the body.
var common = [...]string{"id", "revision", "updated", "import_id"}

func (t *table[T]) get(ctx context.Context, id scene.ID) (T, error) {
	rows, err := t.getMany(ctx, []scene.ID{id})
	return t.first(rows, err, map[string]any{"id": string(id)})
}

// one returns the row that the condition finds, or NotFound with those arguments.
func (t *table[T]) one(ctx context.Context, where string, missing map[string]any, args ...any) (T, error) {
	rows, err := t.rows(ctx, where, args...)
	return t.first(rows, err, missing)
}

func (t *table[T]) first(rows []T, err error, missing map[string]any) (none T, _ error) {
	if err != nil {
		return none, err
	}
	if len(rows) == 0 {
		return none, &scene.Error{Code: scene.NotFound, Key: t.noun + ".not_found", Args: missing}
	}
	return rows[0], nil
}

// many returns the rows whose unique column has one of the values.
func many[T any, S ~string](ctx context.Context, t *table[T], column string, values []S) (out []T, err error) {
	err = inList(distinct(values), func(list string, args []any) error {
		rows, err := t.rows(ctx, "WHERE "+column+" IN ("+list+")", args...)
		out = append(out, rows...)
		return err
	})
	return out, err
}

// bodies runs a query whose only column is a body.
func (t *table[T]) bodies(ctx context.Context, text string, args ...any) (out []T, err error) {
	err = t.tx.read(ctx, func(r *sql.Rows) error {
		var raw sql.RawBytes
		if err := r.Scan(&raw); err != nil {
			return err
		}
		row, err := decode[T](raw)
		out = append(out, row)
		return err
	}, text, args...)
	return out, err
}

func (t *table[T]) put(ctx context.Context, row T) (T, error) {
	out, err := t.putMany(ctx, []T{row})
	if err != nil {
		var none T
		return none, err
	}
	return out[0], nil
}

// putMany writes rows in order; runs of new ones share statements.
func (t *table[T]) putMany(ctx context.Context, rows []T) ([]T, error) {
	out := slices.Clone(rows)
	var fresh []*T
	flush := func() error {
		defer func() { fresh = fresh[:0] }()
		return each(fresh, batch, func(part []*T) error { return t.insert(ctx, part) })
	}
	for i := range out {
		row := &out[i]
		if *t.head(row).ID == "" {
			return nil, t.tx.spoil(invalid("store.id_required", nil))
		}
		t.trim(row)
		if *t.head(row).Revision == 0 {
			fresh = append(fresh, row)
			continue
		}
		if err := flush(); err != nil {
			return nil, err
		}
		if err := t.replace(ctx, row); err != nil {
			return nil, err
		}
	}
	if err := flush(); err != nil {
		return nil, err
	}
	return out, nil
}

func (t *table[T]) insert(ctx context.Context, rows []*T) error {
	if err := t.claim(ctx, rows); err != nil {
		return t.tx.spoil(err)
	}
	columns := slices.Concat(common[:], t.columns, []string{"body"})
	args := make([]any, 0, len(rows)*len(columns))
	for _, row := range rows {
		*t.head(row).Revision = 1
		values, err := t.values(row)
		if err != nil {
			return t.tx.spoil(err)
		}
		args = append(args, values...)
	}
	if _, err := t.tx.write(ctx, insertText(t.noun, columns, len(rows)), args...); err != nil {
		return err
	}
	return t.attach(ctx, rows, true)
}

// replace keeps the stored content as a revision and writes the new one,
// provided that the stored one has the revision that row names.
func (t *table[T]) replace(ctx context.Context, row *T) error {
	h := t.head(row)
	id, seen := plain(*h.ID), *h.Revision
	if err := t.claim(ctx, []*T{row}); err != nil {
		return t.tx.spoil(err)
	}
	n, err := t.tx.write(ctx, "INSERT INTO "+t.noun+"_revision (id, revision, updated, import_id, body)"+
		" SELECT id, revision, updated, import_id, body FROM "+t.noun+" WHERE id = $1 AND revision = $2", id, seen)
	if err != nil {
		return err
	}
	*h.Revision = seen + 1
	values, err := t.values(row)
	if err != nil {
		return t.tx.spoil(err)
	}
	if n == 1 {
		n, err = t.tx.write(ctx, t.updateText(), append(values, seen)...)
	}
	if err != nil {
		return err
	}
	if n != 1 {
		return t.tx.spoil(&scene.Error{
			Code: scene.Conflict, Key: "store.stale",
			Args: map[string]any{"id": string(*h.ID), "revision": seen},
		})
	}
	return t.attach(ctx, []*T{row}, false)
}

// updateText takes the values of a row and, last, the revision it replaces.
func (t *table[T]) updateText() string {
	columns := slices.Concat(common[:], t.columns, []string{"body"})
	var c clause
	for _, column := range columns {
		c.add(column+" = ?", nil)
	}
	set := strings.Join(c.parts[1:], ", ")
	c.add("revision = ?", nil)
	return "UPDATE " + t.noun + " SET " + set + " WHERE " + c.parts[0] + " AND " + c.parts[len(columns)]
}

// values returns a row's columns in the order common, keys, body.
func (t *table[T]) values(row *T) ([]any, error) {
	h := t.head(row)
	body, err := encode(row)
	if err != nil {
		return nil, err
	}
	args := []any{plain(*h.ID), *h.Revision, h.Updated.UnixMicro(), plain(t.tx.job)}
	return append(append(args, t.keys(row)...), body), nil
}

func (t *table[T]) delete(ctx context.Context, id scene.ID) error {
	if kept := t.tx.engine.Kept; kept != nil {
		kept.drop(rowID{t.noun, id})
	}
	_, err := t.tx.write(ctx, "DELETE FROM "+t.noun+" WHERE id = $1", plain(id))
	return err
}

// revisions returns the content of a row and those before it.
func (t *table[T]) revisions(ctx context.Context, id scene.ID) (out []store.Revision[T], err error) {
	const columns = "SELECT revision, updated, import_id, body FROM "
	text := columns + t.noun + " WHERE id = $1 UNION ALL " +
		columns + t.noun + "_revision WHERE id = $1 ORDER BY revision DESC"
	err = t.tx.read(ctx, func(r *sql.Rows) error {
		var v store.Revision[T]
		var at int64
		var body sql.RawBytes
		if err := r.Scan(&v.Number, &at, &v.Import, &body); err != nil {
			return err
		}
		v.Row, err = decode[T](body)
		v.At = *t.head(&v.Row).Updated
		out = append(out, v)
		return err
	}, text, plain(id))
	return out, err
}

func encode(row any) (string, error) {
	body, err := json.Marshal(row)
	if err != nil {
		return "", &scene.Error{Code: scene.Invalid, Key: "store.body", Err: err}
	}
	return string(body), nil
}

func decode[T any](body []byte) (row T, err error) {
	if err := json.Unmarshal(body, &row); err != nil {
		return row, &scene.Error{Code: scene.Internal, Key: "store.corrupt", Err: err}
	}
	return row, nil
}

// distinct returns the values without repetitions and without empty ones.
func distinct[S ~string](values []S) []S {
	out := slices.Clone(values)
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(s S) bool { return s == "" })
}
