package indexer

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/search"
)

// KindOrganisation addresses the index of organisations; the listing kinds are
// scene.KindOpportunity and scene.KindCapability.
const KindOrganisation scene.Kind = "organisation"

// Search answers a keyword query over one kind. Listings are restricted to
// those that are published and valid now. It returns an Unavailable error when
// the index is away; callers then list from the store.
func (x *Indexer) Search(ctx context.Context, kind scene.Kind, q search.Query) (search.Result, error) {
	index, err := x.index(kind)
	if err != nil {
		return search.Result{}, err
	}
	if kind != KindOrganisation {
		q.Filter = append(x.open(), q.Filter...)
	}
	result, err := index.Search(ctx, q)
	if err != nil {
		return search.Result{}, scene.Wrap("indexer.Search", err)
	}
	return result, nil
}

// open returns the clauses that keep listings which are published and valid now.
func (x *Indexer) open() []search.Clause {
	now := float64(x.now().Unix())
	return []search.Clause{
		{Facet: FacetState, AnyOf: []string{string(scene.Published)}},
		{Number: NumberValidFrom, Max: &now},
		{Number: NumberValidTo, Min: &now},
	}
}

// Suggest completes a prefix typed into the search box of one kind.
func (x *Indexer) Suggest(ctx context.Context, kind scene.Kind, prefix string, limit int) ([]search.Suggestion, error) {
	index, err := x.index(kind)
	if err != nil {
		return nil, err
	}
	s, err := index.Suggest(ctx, prefix, limit)
	if err != nil {
		return nil, scene.Wrap("indexer.Suggest", err)
	}
	return s, nil
}

// Stats describes the index of one kind; Building is also set while Rebuild runs.
func (x *Indexer) Stats(ctx context.Context, kind scene.Kind) (search.Stats, error) {
	index, err := x.index(kind)
	if err != nil {
		return search.Stats{}, err
	}
	s, err := index.Stats(ctx)
	if err != nil {
		return search.Stats{}, scene.Wrap("indexer.Stats", err)
	}
	s.Building = s.Building || x.building.Load()
	return s, nil
}

func (x *Indexer) index(kind scene.Kind) (search.Index, error) {
	switch kind {
	case KindOrganisation:
		return x.organisations, nil
	case scene.KindOpportunity:
		return x.opportunities, nil
	case scene.KindCapability:
		return x.capabilities, nil
	}
	return nil, &scene.Error{
		Code: scene.Invalid, Op: "indexer", Key: "search.kind",
		Args: map[string]any{"value": string(kind)},
	}
}
