package registry

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// lenID is the length of a scene.ID.
const lenID = 26

// adoptIDs knows the rows again whose 编号 is the ID of a stored entry, as our own
// export prints it where an entry has no code: the ID moves to its place, and the
// code stays empty. Of two rows with one ID the later one keeps it as a code of
// its own, which is then told like any other.
func (r *Registry) adoptIDs(ctx context.Context, rows []scene.Row) ([]scene.Row, error) {
	asked := map[scene.Kind][]scene.ID{}
	for i := range rows {
		if code := rows[i].Listing().Code; len(code) == lenID {
			asked[rows[i].Kind()] = append(asked[rows[i].Kind()], scene.ID(code))
		}
	}
	if len(asked) == 0 {
		return rows, nil
	}
	stored := map[scene.ID]bool{}
	err := r.store.View(ctx, func(tx store.Tx) error {
		if err := storedIDs(ctx, tx.Opportunities(), asked[scene.KindOpportunity], func(o *scene.Opportunity) *scene.Listing { return &o.Listing }, stored); err != nil {
			return err
		}
		return storedIDs(ctx, tx.Capabilities(), asked[scene.KindCapability], func(c *scene.Capability) *scene.Listing { return &c.Listing }, stored)
	})
	if err != nil {
		return nil, err
	}
	rows = slices.Clone(rows)
	for i := range rows {
		if id := scene.ID(rows[i].Listing().Code); stored[id] {
			stored[id] = false
			rows[i] = *cloneRow(&rows[i])
			l := rows[i].Listing()
			l.ID, l.Code = id, ""
		}
	}
	return rows, nil
}

// storedIDs notes which of the ids are those of entries without a code.
func storedIDs[T any](ctx context.Context, table store.Listings[T], ids []scene.ID, part func(*T) *scene.Listing, into map[scene.ID]bool) error {
	for chunk := range slices.Chunk(ids, store.MaxPage) {
		found, err := table.GetMany(ctx, chunk)
		if err != nil {
			return err
		}
		for i := range found {
			if l := part(&found[i]); l.Code == "" {
				into[l.ID] = true
			}
		}
	}
	return nil
}
