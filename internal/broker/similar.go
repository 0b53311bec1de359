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

// SimilarToNeed is SimilarNeeds for a need that the market need not hold, such as
// one under review. org may be nil.
func (m *Market) SimilarToNeed(ctx context.Context, need *scene.Opportunity, org *scene.Organisation, o Options) ([]match.Similar, error) {
	found, err := m.alike(ctx, &m.needs, m.engine.Need(need, org), o.filled())
	return found, scene.Wrap("broker.SimilarToNeed", err)
}

// SimilarToOffer is SimilarToNeed for offers.
func (m *Market) SimilarToOffer(ctx context.Context, offer *scene.Capability, org *scene.Organisation, o Options) ([]match.Similar, error) {
	found, err := m.alike(ctx, &m.offers, m.engine.Offer(offer, org), o.filled())
	return found, scene.Wrap("broker.SimilarToOffer", err)
}

// classified bounds the listings that a classifier learns from: more make it no
// surer and take seconds.
const classified = 5_000

// Classifier learns fields of use from what the market holds of both sides, at most
// 5,000 listings of each; terms are those of the dictionary.
func (m *Market) Classifier(terms []scene.Term) *match.Classifier {
	var profiles []*match.Profile
	for _, s := range []*side{&m.needs, &m.offers} {
		var own []*match.Profile
		s.each(func(e *entry) { own = append(own, e.profile) })
		slices.SortFunc(own, func(a, b *match.Profile) int { return cmp.Compare(a.Ref.ID, b.Ref.ID) })
		step := (len(own) + classified - 1) / classified
		for i := 0; i < len(own); i += step {
			profiles = append(profiles, own[i])
		}
	}
	return m.engine.Classifier(terms, profiles)
}

func (m *Market) similar(ctx context.Context, s *side, id scene.ID, o Options) ([]match.Similar, error) {
	row, ok := s.get(id)
	if !ok {
		return nil, notFound("broker.similar", id)
	}
	return m.alike(ctx, s, row.profile, o)
}

// alike lists what a side has that says nearly the same as a profile, but for
// the listing itself.
func (m *Market) alike(ctx context.Context, s *side, p *match.Profile, o Options) ([]match.Similar, error) {
	rows, _, err := s.candidates(ctx, p, m.engine.Weights().Text, o.Candidates)
	if err != nil {
		return nil, err
	}
	type alike struct {
		match.Similar
		to *match.Profile
	}
	var found []alike
	likeness := m.engine.Likeness(p, m.terms)
	for _, e := range rows {
		if e.profile.Ref.ID == p.Ref.ID || e.profile.Hidden(o.Now) {
			continue
		}
		if v := likeness(e.profile); v >= match.TwinLeast {
			found = append(found, alike{match.Similar{Listing: e.profile.Ref, Similarity: v}, e.profile})
		}
	}
	slices.SortFunc(found, func(a, b alike) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), cmp.Compare(a.Listing.Code, b.Listing.Code), cmp.Compare(a.Listing.ID, b.Listing.ID))
	})
	shown := make([]match.Similar, min(len(found), similarShown))
	for i := range shown {
		shown[i] = found[i].Similar
		shown[i].Differences = m.engine.Differences(p, found[i].to, o.Lang)
	}
	return shown, nil
}
