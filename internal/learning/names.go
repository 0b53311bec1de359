package learning

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// names finds listings by what people call them.
type names struct {
	ids    map[scene.ID]bool
	byCode map[string][]scene.ID
	byName map[string][]scene.ID // folded
}

// read lists all listings of one kind once: a file of judgements names many.
func read[T any](ctx context.Context, table store.Listings[T], listing func(*T) *scene.Listing) (*names, error) {
	n := &names{ids: map[scene.ID]bool{}, byCode: map[string][]scene.ID{}, byName: map[string][]scene.ID{}}
	p := store.Page{Limit: store.MaxPage}
	for {
		rows, err := table.List(ctx, store.ListingFilter{}, p)
		if err != nil {
			return nil, err
		}
		for i := range rows.Items {
			l := listing(&rows.Items[i])
			n.ids[l.ID] = true
			if l.Code != "" {
				n.byCode[l.Code] = append(n.byCode[l.Code], l.ID)
			}
			key := scene.NameKey(l.Name)
			n.byName[key] = append(n.byName[key], l.ID)
		}
		if p.After = rows.Next; p.After == "" {
			return n, nil
		}
	}
}

// both reads the names of needs and offers.
func both(ctx context.Context, tx store.Tx) (needs, offers *names, err error) {
	if needs, err = read(ctx, tx.Opportunities(), func(o *scene.Opportunity) *scene.Listing { return &o.Listing }); err != nil {
		return nil, nil, err
	}
	offers, err = read(ctx, tx.Capabilities(), func(c *scene.Capability) *scene.Listing { return &c.Listing })
	return needs, offers, err
}

// find returns the listing that a person calls so: by its ID, its code, or its
// name, of which the first that fits one listing alone counts. Else it returns
// an Invalid error that says which column to mend.
func (n *names) find(side, called string) (scene.ID, error) {
	if n.ids[scene.ID(called)] {
		return scene.ID(called), nil
	}
	found := slices.Concat(n.byCode[called], n.byName[scene.NameKey(called)])
	key := "judgement." + side + "_unknown"
	switch {
	case len(n.byCode[called]) == 1:
		return n.byCode[called][0], nil
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		key = "judgement." + side + "_ambiguous"
	}
	return "", &scene.Error{Code: scene.Invalid, Key: key, Args: map[string]any{"value": called, "count": len(found)}}
}
