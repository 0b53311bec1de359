package api

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
	"jinghe/search"
)

// listed reads one page of a list: by id from the rows, newest first from the
// index, which knows when an entry was released. While the index is away the
// newest are those changed last.
func listed[T any](ctx context.Context, a *API, kind scene.Kind, in *listInput,
	list func(context.Context, store.ListingFilter, store.Page) (store.Rows[T], error),
	byID func(context.Context, []scene.ID) ([]T, error), idOf func(*T) scene.ID,
) (store.Rows[T], error) {
	if in.Organisation != "" { // one that was merged into another is asked for by its old id
		if o, err := a.Services.Catalogue.Organisation(ctx, scene.ID(in.Organisation)); err == nil {
			in.Organisation = string(o.ID)
		}
	}
	if in.Order != "newest" {
		return list(ctx, in.filter(), in.store())
	}
	offset, err := offsetOf(in.Cursor)
	if err != nil { // a cursor of the rows, given out while the index was away
		return list(ctx, in.filter(), in.store())
	}
	found, err := a.Services.Finder.Search(ctx, kind, in.newest(kind, offset))
	if scene.CodeOf(err) == scene.Unavailable && offset == 0 {
		return list(ctx, in.filter(), in.store())
	}
	if err != nil {
		return store.Rows[T]{}, err
	}
	ids := make([]scene.ID, len(found.Hits))
	place := make(map[scene.ID]int, len(ids))
	for i, h := range found.Hits {
		ids[i] = scene.ID(h.ID)
		place[ids[i]] = i
	}
	var out store.Rows[T]
	if out.Items, err = byID(ctx, ids); err != nil {
		return out, err
	}
	slices.SortFunc(out.Items, func(x, y T) int { return place[idOf(&x)] - place[idOf(&y)] })
	if next := offset + len(ids); len(ids) > 0 && next < min(found.Total, deepest) {
		out.Next = cursorOf(next)
	}
	return out, nil
}

func (in *listInput) newest(kind scene.Kind, offset int) search.Query {
	q := search.Query{Sort: newestFirst(kind), Offset: offset, Limit: in.Limit}
	for _, f := range []struct{ facet, value string }{
		{backend.FacetField, in.Field}, {backend.FacetBatch, in.Batch}, {backend.FacetOwner, in.Organisation},
	} {
		if f.value != "" {
			q.Filter = append(q.Filter, search.Clause{Facet: f.facet, AnyOf: []string{f.value}})
		}
	}
	return q
}
