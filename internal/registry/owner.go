package registry

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// adoptOwners gives rows of a list that names no owner the owner of the stored
// entry that they speak of: the only one with that name. Rows for which several
// could be meant come back as undecided. A row of an unknown name keeps the
// owner that was guessed for it, if one was.
func (r *Registry) adoptOwners(ctx context.Context, rows []scene.Row, source string) (known, undecided []scene.Row, err error) {
	if !slices.ContainsFunc(rows, func(row scene.Row) bool { return ownerless(&row) }) {
		return rows, nil, nil
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		known, undecided = make([]scene.Row, 0, len(rows)), nil
		for i := range rows {
			row := rows[i]
			if ownerless(&row) {
				row = *cloneRow(&row)
				sure, err := adoptOwner(ctx, tx, &row, source)
				if err != nil {
					return err
				}
				if !sure {
					undecided = append(undecided, row)
					continue
				}
			}
			known = append(known, row)
		}
		return nil
	})
	return known, undecided, err
}

func ownerless(row *scene.Row) bool {
	return row.OwnerGuessed || row.Org.Name == "" && row.Listing().OrgName == ""
}

func adoptOwner(ctx context.Context, tx store.Tx, row *scene.Row, source string) (sure bool, err error) {
	var have []*scene.Listing
	if row.Opportunity != nil {
		have, err = sameName(ctx, tx.Opportunities(), row, source, func(o *scene.Opportunity) *scene.Listing { return &o.Listing })
	} else {
		have, err = sameName(ctx, tx.Capabilities(), row, source, func(c *scene.Capability) *scene.Listing { return &c.Listing })
	}
	own := scene.NameKey(row.Org.Name)
	if err != nil || len(have) == 0 || slices.ContainsFunc(have, func(l *scene.Listing) bool { return scene.NameKey(l.OrgName) == own }) {
		return true, err
	}
	if len(have) > 1 {
		return false, nil
	}
	// Its other facts are no news, but the code makes sure which one is meant.
	owner, err := ownerOf(ctx, tx, have[0])
	row.Org = scene.Organisation{Name: owner.Name, CreditCode: owner.CreditCode}
	row.Listing().OrgName = owner.Name
	return true, err
}

// sameName returns the stored listing with the row's code, or else those with its name.
func sameName[T any](ctx context.Context, table store.Listings[T], row *scene.Row, source string,
	listing func(*T) *scene.Listing,
) ([]*scene.Listing, error) {
	told := *row.Listing()
	if source != "" {
		told.Source = source
	}
	if told.Code != "" {
		found, err := table.Find(ctx, told.IdentityKey(row.Kind()))
		if scene.CodeOf(err) != scene.NotFound {
			return []*scene.Listing{listing(&found)}, err
		}
	}
	found, err := table.FindNamed(ctx, []string{scene.NameKey(told.Name)})
	var out []*scene.Listing
	for i := range found {
		if l := listing(&found[i]); told.Code == "" || l.Code == "" || l.Code == told.Code {
			out = append(out, l)
		}
	}
	return out, err
}
