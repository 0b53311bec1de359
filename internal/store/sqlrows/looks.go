package sqlrows

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Looks returns the table of what people saw of their matches.
func (t *Tx) Looks() store.Looks { return looks{t} }

type looks struct{ tx *Tx }

func (s looks) Get(ctx context.Context, account, listing scene.ID) (scene.Look, error) {
	t := table[scene.Look]{tx: s.tx, noun: "look"}
	return t.one(ctx, "WHERE account_id = $1 AND listing_id = $2", nil, plain(account), plain(listing))
}

func (s looks) Put(ctx context.Context, row scene.Look) error {
	if row.Account == "" || row.Listing == "" {
		return s.tx.spoil(invalid("store.id_required", nil))
	}
	body, err := encode(row)
	if err != nil {
		return s.tx.spoil(err)
	}
	_, err = s.tx.write(ctx, "INSERT INTO look (account_id, listing_id, body) VALUES ($1, $2, $3)"+
		" ON CONFLICT (account_id, listing_id) DO UPDATE SET body = excluded.body", plain(row.Account), plain(row.Listing), body)
	return err
}
