package sqlrows

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Scratches returns the table of what was typed and not saved.
func (t *Tx) Scratches() store.Scratches { return scratches{t} }

type scratches struct{ tx *Tx }

func (s scratches) table() *table[scene.Scratch] {
	return &table[scene.Scratch]{tx: s.tx, noun: "scratch"}
}

func (s scratches) Get(ctx context.Context, account scene.ID, place string) (scene.Scratch, error) {
	return s.table().one(ctx, "WHERE account_id = $1 AND place = $2", nil, plain(account), plain(place))
}

func (s scratches) Put(ctx context.Context, row scene.Scratch) error {
	if row.Account == "" || row.Place == "" {
		return s.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&row.Saved)
	body, err := encode(row)
	if err != nil {
		return s.tx.spoil(err)
	}
	_, err = s.tx.write(ctx, "INSERT INTO scratch (account_id, place, saved, body) VALUES ($1, $2, $3, $4)"+
		" ON CONFLICT (account_id, place) DO UPDATE SET saved = excluded.saved, body = excluded.body",
		plain(row.Account), plain(row.Place), row.Saved.UnixMicro(), body)
	return err
}

func (s scratches) Delete(ctx context.Context, account scene.ID, place string) error {
	_, err := s.tx.write(ctx, "DELETE FROM scratch WHERE account_id = $1 AND place = $2", plain(account), plain(place))
	return err
}

func (s scratches) Of(ctx context.Context, account scene.ID) ([]scene.Scratch, error) {
	return s.table().bodies(ctx, "SELECT body FROM scratch WHERE account_id = $1 ORDER BY saved DESC, place", plain(account))
}
