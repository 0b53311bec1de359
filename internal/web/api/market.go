package api

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// MarketField is how much of both sides one field of use has.
type MarketField struct {
	Field         string `json:"field" doc:"Code of the dictionary “field”." example:"smart_water"`
	Zh            string `json:"zh" example:"智慧水务"`
	En            string `json:"en,omitempty" example:"Smart water"`
	Opportunities int    `json:"opportunities" doc:"Open now."`
	Capabilities  int    `json:"capabilities" doc:"Open now."`
}

// Market is the open entries of both sides by field of use.
type Market struct {
	Opportunities int           `json:"opportunities"`
	Capabilities  int           `json:"capabilities"`
	Fields        []MarketField `json:"fields" nullable:"false" doc:"In the order of the dictionary. An entry of two fields counts in both."`
}

func (a *API) mountMarket() {
	get(a, operation{
		"get-market", "/market", edge.Visitor, tagLists, "供需版图 · Both sides of the market by field of use", "What is open now.",
		Market{135, 218, []MarketField{{"smart_water", "智慧水务", "Smart water", 9, 14}}},
	}, a.market)
}

func (a *API) market(ctx context.Context, _ *struct{}) (*body[Market], error) {
	counts, err := a.Services.Catalogue.Counts(ctx)
	if err != nil {
		return nil, scene.Wrap("api.market", err)
	}
	needs, offers := counts[scene.KindOpportunity], counts[scene.KindCapability]
	out := &body[Market]{Market{needs[""], offers[""], []MarketField{}}}
	fields, _ := a.Services.Dictionaries().Get(scene.DictField)
	for _, t := range fields.Terms {
		if n, m := needs[t.Code], offers[t.Code]; n+m > 0 {
			out.Body.Fields = append(out.Body.Fields, MarketField{t.Code, t.Zh, t.En, n, m})
		}
	}
	return out, nil
}
