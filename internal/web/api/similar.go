package api

import (
	"context"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// SimilarList holds the entries that say nearly the same as one.
type SimilarList struct {
	Items []match.Similar `json:"items" nullable:"false"`
}

const similarText = "Open entries of the same kind that are nearly the same text, most similar first, and in what they differ: " +
	"`first` is what the entry asked about has. An entry that is not open has none."

func exampleSimilar() SimilarList {
	return SimilarList{Items: []match.Similar{{
		Listing:    match.Ref{ID: "01J9ZD3V5W8QJ7R2K4M6N8P0T7", Code: "JH-2026-093", Name: "大桥健康监测", Org: "示例市公路事业中心"},
		Similarity: 0.87, Differences: []match.Difference{{Key: "organisation", First: "示例市桥隧管理中心", Second: "示例市公路事业中心"}},
	}}}
}

func (a *API) mountSimilar() {
	get(a, operation{
		"similar-opportunities", "/opportunities/{id}/similar", edge.Visitor, tagOpportunities,
		"几乎相同的场景机会 · Opportunities that are nearly the same", similarText, exampleSimilar(),
	}, a.similarOpportunities)
	get(a, operation{
		"similar-capabilities", "/capabilities/{id}/similar", edge.Visitor, tagCapabilities,
		"几乎相同的场景能力 · Capabilities that are nearly the same", similarText, exampleSimilar(),
	}, a.similarCapabilities)
}

type similarInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the entry."`
	Lang string `query:"lang" maxLength:"16" doc:"Language of values: zh or en."`
}

func (a *API) similarOpportunities(ctx context.Context, in *similarInput) (*body[SimilarList], error) {
	row, err := a.Services.Catalogue.Opportunity(ctx, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.similarOpportunities", err)
	}
	if !row.Open(a.Now()) {
		return &body[SimilarList]{SimilarList{Items: []match.Similar{}}}, nil
	}
	found, err := a.Services.Likeness.SimilarNeeds(ctx, row.ID, edge.From(ctx).Lang)
	return similarOf(found), scene.Wrap("api.similarOpportunities", err)
}

func (a *API) similarCapabilities(ctx context.Context, in *similarInput) (*body[SimilarList], error) {
	row, err := a.Services.Catalogue.Capability(ctx, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.similarCapabilities", err)
	}
	if !row.Open(a.Now()) {
		return &body[SimilarList]{SimilarList{Items: []match.Similar{}}}, nil
	}
	found, err := a.Services.Likeness.SimilarOffers(ctx, row.ID, edge.From(ctx).Lang)
	return similarOf(found), scene.Wrap("api.similarCapabilities", err)
}

func similarOf(found []match.Similar) *body[SimilarList] {
	found = list(found)
	for i := range found {
		found[i].Differences = list(found[i].Differences)
	}
	return &body[SimilarList]{SimilarList{Items: found}}
}
