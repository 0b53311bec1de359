package registry

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// MaxRows is how many entries Rows gives at once: what a page may write to a file.
const MaxRows = 50_000

// CountEntries counts the entries that f keeps, for who may read every entry: a
// count of what somebody may not see is Forbidden to him.
func (r *Registry) CountEntries(ctx context.Context, by scene.Actor, kind scene.Kind, f store.ListingFilter) (n int, err error) {
	for _, do := range []scene.Action{scene.ListingFollow, scene.ListingRead} {
		if err := by.May(do, scene.Object{}); err != nil {
			return 0, err
		}
	}
	err = r.store.View(ctx, func(tx store.Tx) (err error) {
		if kind == scene.KindOpportunity {
			n, err = tx.Opportunities().Count(ctx, f)
			return err
		}
		n, err = tx.Capabilities().Count(ctx, f)
		return err
	})
	return n, scene.Wrap("registry.CountEntries", err)
}

// Rows returns the entries of one kind that f keeps and the actor may read, each
// with its organisation, to be written to a file; more than MaxRows are TooLarge.
// That it was asked for is a line of the record: note says what for.
func (r *Registry) Rows(ctx context.Context, by scene.Actor, kind scene.Kind, f store.ListingFilter, note string) (rows []scene.Row, err error) {
	if err := by.May(scene.ListingFollow, scene.Object{}); err != nil {
		return nil, err
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		rows = nil
		if err := eachEntry(ctx, tx, kind, f, func(e Entry) error {
			if len(rows) == MaxRows {
				return &scene.Error{Code: scene.TooLarge, Key: "listing.too_many_rows", Args: map[string]any{"max": MaxRows}}
			}
			if allowed := by.May(scene.ListingRead, e.Object()) == nil; allowed {
				rows = append(rows, scene.Row{Opportunity: e.Opportunity, Capability: e.Capability})
			}
			return nil
		}); err != nil {
			return err
		}
		return addOrganisations(ctx, tx, rows)
	})
	if err != nil {
		return nil, scene.Wrap("registry.Rows", err)
	}
	err = r.store.Update(ctx, func(tx store.Tx) error {
		recorder := store.Recorder{IDs: r.ids, Now: r.now}
		return recorder.Record(ctx, tx, by, "listing.export", string(kind), "", note, nil, nil)
	})
	return rows, scene.Wrap("registry.Rows", err)
}

// eachEntry hands every entry that f keeps to fn, until it fails.
func eachEntry(ctx context.Context, tx store.Tx, kind scene.Kind, f store.ListingFilter, fn func(Entry) error) error {
	for page := (store.Page{Limit: store.MaxPage}); ; {
		rows, err := entriesOf(ctx, tx, kind, f, page)
		if err != nil {
			return err
		}
		for _, e := range rows.Items {
			if err := fn(e); err != nil {
				return err
			}
		}
		if page.After = rows.Next; page.After == "" {
			return nil
		}
	}
}

// addOrganisations gives each row its owner.
func addOrganisations(ctx context.Context, tx store.Tx, rows []scene.Row) error {
	at := map[scene.ID]scene.Organisation{}
	var ids []scene.ID
	for i := range rows {
		l := rows[i].Listing()
		rows[i].Org.Name = l.OrgName
		if _, asked := at[l.OrgID]; !asked && l.OrgID != "" {
			at[l.OrgID] = scene.Organisation{}
			ids = append(ids, l.OrgID)
		}
	}
	found, err := tx.Organisations().GetMany(ctx, ids)
	for i := range found {
		at[found[i].ID] = found[i]
	}
	for i := range rows {
		if o := at[rows[i].Listing().OrgID]; o.ID != "" {
			rows[i].Org = o
		}
	}
	return err
}
