package broker

import (
	"cmp"
	"context"
	"slices"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// similarShown is how many are told of one listing.
const similarShown = 10

// SimilarNeeds lists the open needs that say nearly the same as one of the
// market, most similar first. It returns a NotFound error where the market does
// not hold it.
func (m *Market) SimilarNeeds(ctx context.Context, id scene.ID, o Options) ([]match.Similar, error) {
	found, err := m.similar(ctx, &m.needs, id, o.filled())
	return found, scene.Wrap("broker.SimilarNeeds", err)
}

// SimilarOffers is SimilarNeeds for offers.
func (m *Market) SimilarOffers(ctx context.Context, id scene.ID, o Options) ([]match.Similar, error) {
	found, err := m.similar(ctx, &m.offers, id, o.filled())
	return found, scene.Wrap("broker.SimilarOffers", err)
}

func (m *Market) similar(ctx context.Context, s *side, id scene.ID, o Options) ([]match.Similar, error) {
	row, ok := s.get(id)
	if !ok {
		return nil, notFound("broker.similar", id)
	}
	rows, _, err := s.candidates(ctx, row.profile, m.engine.Weights().Text, o.Candidates)
	if err != nil {
		return nil, err
	}
	found := []match.Similar{}
	for _, e := range rows {
		if e == row || e.profile.Ref.ID == id || e.profile.Hidden(o.Now) {
			continue
		}
		if v := m.engine.Similarity(row.profile, e.profile, m.terms); v >= match.TwinLeast {
			found = append(found, match.Similar{Listing: e.profile.Ref, Similarity: v, Differences: m.engine.Differences(row.profile, e.profile, o.Lang)})
		}
	}
	slices.SortFunc(found, func(a, b match.Similar) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), cmp.Compare(a.Listing.Code, b.Listing.Code), cmp.Compare(a.Listing.ID, b.Listing.ID))
	})
	return found[:min(len(found), similarShown)], nil
}
