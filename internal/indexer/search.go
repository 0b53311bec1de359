package indexer

import (
	"context"
	"strings"

	"jinghe/internal/scene"
	"jinghe/search"
)

// KindOrganisation addresses the index of organisations; the listing kinds are
// scene.KindOpportunity and scene.KindCapability.
const KindOrganisation scene.Kind = "organisation"

// Search answers a keyword query over one kind, restricted to listings that are
// published and valid now, and to organisations that have or had a public one.
// It returns an Unavailable error when the index is away, or has not been built
// yet and the query has no words; callers then list from the store.
func (x *Indexer) Search(ctx context.Context, kind scene.Kind, q search.Query) (search.Result, error) {
	index, err := x.index(kind)
	if err != nil {
		return search.Result{}, err
	}
	building := &scene.Error{Code: scene.Unavailable, Op: "indexer.Search", Key: "search.building"}
	if !x.built.Load() && strings.TrimSpace(q.Text) == "" {
		return search.Result{}, building
	}
	q.Filter = append(x.shown(kind), q.Filter...)
	result, err := index.Search(ctx, q)
	if err != nil {
		return search.Result{}, wrap("indexer.Search", err)
	}
	if x.lost.Load() { // this search found out, perhaps
		return search.Result{}, building
	}
	result.Building = result.Building || x.making()
	return result, nil
}

// wrap adds the operation to err, and says of an index that does not answer
// that it is away.
func wrap(op string, err error) error {
	if isAway(err) {
		return &scene.Error{Code: scene.Unavailable, Op: op, Key: "search.away", Err: err}
	}
	return scene.Wrap(op, err)
}

// shown returns the clauses that keep what visitors may find: listings that are
// published and valid now, organisations of which a listing is or was public.
func (x *Indexer) shown(kind scene.Kind) []search.Clause {
	now := float64(x.now().Unix())
	if kind == KindOrganisation {
		return []search.Clause{{Number: NumberReleased, Max: &now}}
	}
	return []search.Clause{
		{Facet: FacetState, AnyOf: []string{string(scene.Published)}},
		{Number: NumberValidFrom, Max: &now},
		{Number: NumberValidTo, Min: &now},
	}
}

// Suggest completes a prefix typed into the search box of one kind, with names
// and keywords of what Search can find.
func (x *Indexer) Suggest(ctx context.Context, kind scene.Kind, prefix string, limit int) ([]search.Suggestion, error) {
	index, err := x.index(kind)
	if err != nil {
		return nil, err
	}
	s, err := index.Suggest(ctx, prefix, limit, x.shown(kind))
	if err != nil {
		return nil, wrap("indexer.Suggest", err)
	}
	return s, nil
}

// Stats describes the index of one kind; Building is also set until the first
// Rebuild has run, and while a later one runs.
func (x *Indexer) Stats(ctx context.Context, kind scene.Kind) (search.Stats, error) {
	index, err := x.index(kind)
	if err != nil {
		return search.Stats{}, err
	}
	s, err := index.Stats(ctx)
	if err != nil {
		return search.Stats{}, wrap("indexer.Stats", err)
	}
	s.Building = s.Building || x.making()
	return s, nil
}

// making reports whether not every row is in the indexes yet.
func (x *Indexer) making() bool { return x.building.Load() || !x.built.Load() }

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
