package backend

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/search"
)

// BatchNames returns names of batches with every spelling of them that entries of
// a kind carry.
type BatchNames func(ctx context.Context, kind scene.Kind, names []string) ([]string, error)

// Spelled has a search for the entries of a batch find them however they write its
// name: what one list calls 第３批 is 第3批 of another.
func Spelled(f Finder, names BatchNames) Finder {
	if names == nil {
		return f
	}
	return spelled{f, names}
}

type spelled struct {
	Finder
	names BatchNames
}

// Search asks for every spelling.
func (s spelled) Search(ctx context.Context, kind scene.Kind, q search.Query) (search.Result, error) {
	for i := range q.Filter {
		if q.Filter[i].Facet != FacetBatch {
			continue
		}
		names, err := s.names(ctx, kind, q.Filter[i].AnyOf)
		if err != nil {
			return search.Result{}, err
		}
		q.Filter = slices.Clone(q.Filter) // the caller's stays
		q.Filter[i].AnyOf = names
	}
	return s.Finder.Search(ctx, kind, q)
}
