package sqlrows

import (
	"context"
	"database/sql"
	"strconv"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Imports returns the log of import jobs.
func (t *Tx) Imports() store.Imports { return imports{t} }

type imports struct{ tx *Tx }

func (i imports) table() *table[scene.Import] {
	return &table[scene.Import]{tx: i.tx, noun: "import_job"}
}

func (i imports) Get(ctx context.Context, id scene.ID) (scene.Import, error) {
	return i.table().get(ctx, id)
}

func (i imports) Put(ctx context.Context, job scene.Import) error {
	if job.ID == "" {
		return i.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&job.Began)
	trim(&job.Ended)
	body, err := encode(job)
	if err != nil {
		return i.tx.spoil(err)
	}
	_, err = i.tx.write(ctx, "INSERT INTO import_job (id, began, body) VALUES ($1, $2, $3)"+
		" ON CONFLICT (id) DO UPDATE SET began = excluded.began, body = excluded.body",
		plain(job.ID), job.Began.UnixMicro(), body)
	return err
}

func (i imports) List(ctx context.Context, p store.Page) (store.Rows[scene.Import], error) {
	return listBodies(ctx, i.table(), clause{}, byBegan, p)
}

func (i imports) AddChanges(ctx context.Context, job scene.ID, changes []scene.Change) error {
	id := plain(job)
	place, err := i.tx.count(ctx, "SELECT COALESCE(MAX(position), 0) FROM import_change WHERE import_id = $1", id)
	if err != nil {
		return i.tx.spoil(err)
	}
	columns := []string{"import_id", "position", "noun", "row_id", "rev_before", "rev_after"}
	return each(changes, batch, func(part []scene.Change) error {
		args := make([]any, 0, len(part)*len(columns))
		for _, c := range part {
			place++
			args = append(args, id, place, plain(c.Noun), plain(c.ID), c.Before, c.After)
		}
		_, err := i.tx.write(ctx, insertText("import_change", columns, len(part)), args...)
		return err
	})
}

func (i imports) Changes(ctx context.Context, job scene.ID, p store.Page) (store.Rows[scene.Change], error) {
	var out store.Rows[scene.Change]
	limit, after, _, err := readPage(p, byPlace)
	if err != nil {
		return out, err
	}
	var last cursor
	err = i.tx.read(ctx, func(r *sql.Rows) error {
		if len(out.Items) == limit {
			out.Next = last.String(byPlace)
			return nil
		}
		var c scene.Change
		err := r.Scan(&last.number, &c.Noun, &c.ID, &c.Before, &c.After)
		out.Items = append(out.Items, c)
		return err
	}, "SELECT position, noun, row_id, rev_before, rev_after FROM import_change"+
		" WHERE import_id = $1 AND position > $2 ORDER BY position LIMIT "+strconv.Itoa(limit+1),
		plain(job), after.number)
	return out, err
}
