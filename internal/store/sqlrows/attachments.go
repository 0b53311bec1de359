package sqlrows

import (
	"context"
	"database/sql"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Attachments returns the table of files that belong to entries and showcases.
func (t *Tx) Attachments() store.Attachments { return attachments{t} }

type attachments struct{ tx *Tx }

func (a attachments) table() *table[scene.Attachment] {
	return &table[scene.Attachment]{tx: a.tx, noun: "attachment"}
}

func (a attachments) Get(ctx context.Context, id scene.ID) (scene.Attachment, error) {
	return a.table().get(ctx, id)
}

func (a attachments) Content(ctx context.Context, id scene.ID) (body []byte, err error) {
	found := false
	err = a.tx.read(ctx, func(r *sql.Rows) error { found = true; return r.Scan(&body) },
		"SELECT body FROM attachment_content WHERE attachment_id = $1", plain(id))
	if err == nil && !found {
		err = &scene.Error{Code: scene.NotFound, Key: "attachment.not_found"}
	}
	return body, err
}

func (a attachments) Add(ctx context.Context, row scene.Attachment, content []byte) error {
	if row.ID == "" || row.Noun == "" || row.Row == "" {
		return a.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&row.Added)
	body, err := encode(row)
	if err != nil {
		return a.tx.spoil(err)
	}
	if content == nil {
		content = []byte{}
	}
	_, err = a.tx.write(ctx, "INSERT INTO attachment (id, noun, row_id, body) VALUES ($1, $2, $3, $4)",
		plain(row.ID), plain(row.Noun), plain(row.Row), body)
	if err != nil {
		return err
	}
	_, err = a.tx.write(ctx, "INSERT INTO attachment_content (attachment_id, body) VALUES ($1, $2)", plain(row.ID), content)
	return err
}

func (a attachments) Delete(ctx context.Context, id scene.ID) error {
	return a.table().delete(ctx, id)
}

func (a attachments) Of(ctx context.Context, noun string, row scene.ID) ([]scene.Attachment, error) {
	return a.table().bodies(ctx, "SELECT body FROM attachment WHERE noun = $1 AND row_id = $2 ORDER BY id", plain(noun), plain(row))
}
