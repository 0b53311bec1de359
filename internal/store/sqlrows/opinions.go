package sqlrows

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Opinions returns the table of what experts were asked about entries.
func (t *Tx) Opinions() store.Opinions { return opinions{t} }

type opinions struct{ tx *Tx }

func (o opinions) table() *table[scene.Opinion] {
	return &table[scene.Opinion]{tx: o.tx, noun: "opinion"}
}

func (o opinions) Get(ctx context.Context, id scene.ID) (scene.Opinion, error) {
	return o.table().get(ctx, id)
}

func (o opinions) Put(ctx context.Context, row scene.Opinion) (scene.Opinion, error) {
	if row.ID == "" || row.Listing == "" || row.Account == "" {
		return row, o.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&row.Asked)
	trim(&row.Due)
	trim(&row.Answered)
	trim(&row.Reminded)
	seen := row.Revision
	row.Revision++
	waits, remind := plain(row.ID), int64(0) // an id holds no blank, so it is no pair
	if row.State == scene.OpinionAsked {
		waits = pairKey(row.Listing, row.Account)
		if row.Reminded.IsZero() {
			remind = row.Due.UnixMicro()
		}
	}
	return row, revised(ctx, o.tx, "opinion", []string{"listing_id", "account_id", "waits", "remind"},
		row.ID, seen, &row, plain(row.Listing), plain(row.Account), waits, remind)
}

func (o opinions) About(ctx context.Context, listing scene.ID) ([]scene.Opinion, error) {
	return o.table().bodies(ctx, "SELECT body FROM opinion WHERE listing_id = $1 ORDER BY id", plain(listing))
}

func (o opinions) Of(ctx context.Context, account scene.ID, limit int) ([]scene.Opinion, error) {
	return o.table().bodies(ctx, "SELECT body FROM opinion WHERE account_id = $1"+
		" ORDER BY CASE WHEN waits = id THEN 1 ELSE 0 END, id DESC LIMIT $2", plain(account), limit)
}

func (o opinions) Due(ctx context.Context, before time.Time, limit int) ([]scene.Opinion, error) {
	return o.table().bodies(ctx, "SELECT body FROM opinion WHERE remind > 0 AND remind < $1 ORDER BY remind, id LIMIT $2", before.UnixMicro(), limit)
}
