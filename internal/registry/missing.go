package registry

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// missing lists the rows of the same source that the file no longer holds, for
// the kinds it does hold.
func (im *importing) missing(ctx context.Context) error {
	if im.o.Source == "" {
		return nil
	}
	kinds := map[scene.Kind]bool{}
	for _, row := range im.file.listings {
		kinds[row.Kind()] = true
	}
	for _, row := range im.refused {
		kinds[row.Kind()] = true
	}
	return im.store.View(ctx, func(tx store.Tx) error {
		if err := im.seeRefused(ctx, tx); err != nil {
			return err
		}
		if kinds[scene.KindOpportunity] {
			if err := missingRows(ctx, im, tx.Opportunities(), scene.KindOpportunity,
				func(o *scene.Opportunity) *scene.Listing { return &o.Listing }); err != nil {
				return err
			}
		}
		if !kinds[scene.KindCapability] {
			return nil
		}
		return missingRows(ctx, im, tx.Capabilities(), scene.KindCapability,
			func(c *scene.Capability) *scene.Listing { return &c.Listing })
	})
}

func missingRows[T any](ctx context.Context, im *importing, table store.Listings[T], kind scene.Kind,
	listing func(*T) *scene.Listing,
) error {
	page := store.Page{Limit: chunk}
	for {
		ids, err := table.IDs(ctx, store.ListingFilter{Source: im.o.Source}, page)
		if err != nil {
			return err
		}
		gone := slices.DeleteFunc(ids.Items, func(id scene.ID) bool { return im.seen[id] })
		rows, err := table.GetMany(ctx, gone)
		if err != nil {
			return err
		}
		for i := range rows {
			l := listing(&rows[i])
			im.report.Job.Missing = append(im.report.Job.Missing, l.ID)
			im.report.Missing = append(im.report.Missing, RowReport{
				Kind: kind, ID: l.ID, Label: l.Code, Name: l.Name, Org: l.OrgName, Action: Missing,
			})
		}
		if page.After = ids.Next; page.After == "" {
			return nil
		}
	}
}

// seeRefused marks the entries that rows speak of which did not go in: the
// list holds them, so they are not missing.
func (im *importing) seeRefused(ctx context.Context, tx store.Tx) error {
	for _, row := range im.refused {
		var err error
		if row.Opportunity != nil {
			err = see(ctx, im, tx.Opportunities(), row, func(o *scene.Opportunity) scene.ID { return o.ID })
		} else {
			err = see(ctx, im, tx.Capabilities(), row, func(c *scene.Capability) scene.ID { return c.ID })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func see[T any](ctx context.Context, im *importing, table store.Listings[T], row *scene.Row, id func(*T) scene.ID) error {
	l := *row.Listing()
	l.Source = im.o.Source
	coded, err := table.FindMany(ctx, []string{l.IdentityKey(row.Kind())})
	if err != nil {
		return err
	}
	named, err := table.FindNamed(ctx, []string{scene.NameKey(l.Name)})
	for _, t := range append(coded, named...) {
		im.seen[id(&t)] = true
	}
	return err
}
