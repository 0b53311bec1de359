package sqlrows

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Batches returns the table of lists that go out together.
func (t *Tx) Batches() store.Batches { return batches{t} }

type batches struct{ tx *Tx }

func (b batches) table() *table[scene.Batch] {
	return &table[scene.Batch]{tx: b.tx, noun: "batch"}
}

func (b batches) Get(ctx context.Context, id scene.ID) (scene.Batch, error) {
	return b.table().get(ctx, id)
}

func (b batches) Put(ctx context.Context, row scene.Batch) (scene.Batch, error) {
	trim(&row.Release)
	trim(&row.Created)
	trim(&row.Updated)
	seen := row.Revision
	row.Revision++
	taken, err := b.tx.count(ctx, "SELECT COUNT(*) FROM batch WHERE name_key = $1 AND id <> $2", plain(scene.NameKey(row.Name)), plain(row.ID))
	if err != nil {
		return row, err
	}
	if taken > 0 {
		return row, b.tx.spoil(&scene.Error{
			Code: scene.Conflict, Key: "batch.name_taken", Args: map[string]any{"name": row.Name},
			Fields: []scene.FieldError{{Field: "name", Key: "batch.name_taken", Args: map[string]any{"name": row.Name}}},
		})
	}
	return row, revised(ctx, b.tx, "batch", []string{"name_key", "release"}, row.ID, seen, &row,
		plain(scene.NameKey(row.Name)), row.Release.UnixMicro())
}

func (b batches) Delete(ctx context.Context, id scene.ID) error { return b.table().delete(ctx, id) }

func (b batches) List(ctx context.Context, p store.Page) (store.Rows[scene.Batch], error) {
	return listBodies(ctx, b.table(), clause{}, byRelease, p)
}

func (b batches) Pending(ctx context.Context, at time.Time) ([]scene.Batch, error) {
	return b.table().bodies(ctx, "SELECT body FROM batch WHERE release > $1", at.UnixMicro())
}

// Showcases returns the table of scenarios that were put to use.
func (t *Tx) Showcases() store.Showcases { return showcases{t} }

type showcases struct{ tx *Tx }

func (s showcases) table() *table[scene.Showcase] {
	return &table[scene.Showcase]{tx: s.tx, noun: "showcase"}
}

func (s showcases) Get(ctx context.Context, id scene.ID) (scene.Showcase, error) {
	return s.table().get(ctx, id)
}

func (s showcases) Put(ctx context.Context, row scene.Showcase) (scene.Showcase, error) {
	trim(&row.Created)
	trim(&row.Updated)
	seen := row.Revision
	row.Revision++
	return row, revised(ctx, s.tx, "showcase", []string{"state", "updated"}, row.ID, seen, &row,
		plain(row.State), row.Updated.UnixMicro())
}

func (s showcases) List(ctx context.Context, state scene.State, p store.Page) (store.Rows[scene.Showcase], error) {
	var c clause
	if state != "" {
		c.add("state = ?", plain(state))
	}
	return listBodies(ctx, s.table(), c, byNewest, p)
}
