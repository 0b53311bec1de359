package sqlrows

import (
	"context"
	"database/sql"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Uploads returns the table of lists that were handed in by page.
func (t *Tx) Uploads() store.Uploads { return uploads{t} }

type uploads struct{ tx *Tx }

func (u uploads) table() *table[scene.Upload] {
	return &table[scene.Upload]{tx: u.tx, noun: "upload"}
}

func (u uploads) Get(ctx context.Context, id scene.ID) (scene.Upload, error) {
	return u.table().get(ctx, id)
}

func (u uploads) Put(ctx context.Context, row scene.Upload) error {
	if row.ID == "" {
		return u.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&row.Began)
	body, err := encode(row)
	if err != nil {
		return u.tx.spoil(err)
	}
	_, err = u.tx.write(ctx, "INSERT INTO upload (id, began, body) VALUES ($1, $2, $3)"+
		" ON CONFLICT (id) DO UPDATE SET began = excluded.began, body = excluded.body",
		plain(row.ID), row.Began.UnixMicro(), body)
	return err
}

func (u uploads) Delete(ctx context.Context, id scene.ID) error {
	return u.table().delete(ctx, id)
}

func (u uploads) List(ctx context.Context, p store.Page) (store.Rows[scene.Upload], error) {
	return listBodies(ctx, u.table(), clause{}, byBegan, p)
}

func (u uploads) Part(ctx context.Context, id scene.ID, name string) (body []byte, err error) {
	err = u.tx.read(ctx, func(r *sql.Rows) error { return r.Scan(&body) },
		"SELECT body FROM upload_part WHERE upload_id = $1 AND name = $2", plain(id), plain(name))
	return body, err
}

func (u uploads) PutPart(ctx context.Context, id scene.ID, name string, body []byte) error {
	if body == nil {
		body = []byte{}
	}
	_, err := u.tx.write(ctx, "INSERT INTO upload_part (upload_id, name, body) VALUES ($1, $2, $3)"+
		" ON CONFLICT (upload_id, name) DO UPDATE SET body = excluded.body", plain(id), plain(name), body)
	return err
}
