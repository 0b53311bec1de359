package api

import (
	"context"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

const tagLists = "lists"

// OpenData is everything of one kind that is on the market now, to keep and to use.
type OpenData[T any] struct {
	Licence string    `json:"licence" doc:"On what terms it may be used."`
	Source  string    `json:"source,omitempty" doc:"Who publishes it."`
	Made    time.Time `json:"made"`
	Count   int       `json:"count"`
	Items   []T       `json:"items" nullable:"false"`
}

func (a *API) mountLists() {
	const text = "Everything that is published and valid now in one file, without contacts, on the terms that `licence` states."
	pour[OpenData[Opportunity]](a, operation{
		"download-opportunities", "/open-data/opportunities", edge.Visitor, tagLists, "开放数据：场景机会 · All open opportunities", text,
		OpenData[Opportunity]{Licence: "…", Count: 1, Items: []Opportunity{exampleOpportunity()}},
	}, a.openOpportunities)
	pour[OpenData[Capability]](a, operation{
		"download-capabilities", "/open-data/capabilities", edge.Visitor, tagLists, "开放数据：场景能力 · All open capabilities", text,
		OpenData[Capability]{Licence: "…", Count: 1, Items: []Capability{exampleCapability()}},
	}, a.openCapabilities)
}

func (a *API) openOpportunities(ctx context.Context) (*poured, error) {
	return openData(ctx, a, scene.KindOpportunity, "opportunities", a.Services.Catalogue.Opportunities, opportunityOf)
}

func (a *API) openCapabilities(ctx context.Context) (*poured, error) {
	return openData(ctx, a, scene.KindCapability, "capabilities", a.Services.Catalogue.Capabilities, capabilityOf)
}

// openLicence says on what terms the lists may be used.
func openLicence(lang locale.Lang) string { return locale.Text(lang, "web.open.licence", nil) }
