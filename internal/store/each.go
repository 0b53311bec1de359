package store

import (
	"context"

	"jinghe/internal/scene"
)

// Each hands every row of a list to fn, until one of the two fails. list reads a
// page, which it does before fn is given its rows: fn may change them.
func Each[T any](list func(Page) (Rows[T], error), fn func(*T) error) error {
	for page := (Page{Limit: MaxPage}); ; {
		rows, err := list(page)
		if err != nil {
			return err
		}
		for i := range rows.Items {
			if err := fn(&rows.Items[i]); err != nil {
				return err
			}
		}
		if page.After = rows.Next; page.After == "" {
			return nil
		}
	}
}

// EachListing is Each for the listings that f keeps.
func EachListing[T any](ctx context.Context, table Listings[T], f ListingFilter, fn func(*T)) error {
	list := func(p Page) (Rows[T], error) { return table.List(ctx, f, p) }
	return Each(list, func(row *T) error {
		fn(row)
		return nil
	})
}

// NoListings reports whether there is no listing of either kind yet.
func NoListings(ctx context.Context, tx Tx) (bool, error) {
	for _, ids := range []func(context.Context, ListingFilter, Page) (Rows[scene.ID], error){tx.Opportunities().IDs, tx.Capabilities().IDs} {
		rows, err := ids(ctx, ListingFilter{}, Page{Limit: 1})
		if err != nil || len(rows.Items) > 0 {
			return false, err
		}
	}
	return true, nil
}
