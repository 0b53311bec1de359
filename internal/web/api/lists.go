package api

import (
	"context"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

const tagLists = "lists"

// Batch is a list of entries that went out together (第N批).
type Batch struct {
	ID      scene.ID  `json:"id"`
	Name    string    `json:"name" example:"2026年第三批" doc:"What its entries carry in batch."`
	NameEn  string    `json:"name_en,omitempty"`
	Intro   string    `json:"intro,omitempty"`
	IntroEn string    `json:"intro_en,omitempty"`
	Release time.Time `json:"release"`
}

// BatchList is the batches that are out.
type BatchList struct {
	Items []Batch `json:"items" nullable:"false"`
}

// Showcase is a scenario that is in use (示范场景).
type Showcase struct {
	ID          scene.ID  `json:"id"`
	Revision    int       `json:"revision"`
	Name        string    `json:"name"`
	NameEn      string    `json:"name_en,omitempty"`
	SummaryEn   string    `json:"summary_en,omitempty"`
	Owner       string    `json:"owner" doc:"应用单位."`
	Provider    string    `json:"provider" doc:"技术单位."`
	Opportunity scene.ID  `json:"opportunity,omitempty" doc:"Entry it grew from."`
	Capability  scene.ID  `json:"capability,omitempty" doc:"Entry it grew from."`
	Fields      []string  `json:"fields" nullable:"false" doc:"Codes of the dictionary “field”."`
	Site        string    `json:"site,omitempty"`
	Since       string    `json:"since,omitempty" example:"2026-03"`
	Scenario    string    `json:"scenario"`
	Before      string    `json:"before,omitempty"`
	After       string    `json:"after,omitempty"`
	Figures     []Figure  `json:"figures" nullable:"false"`
	Investment  *Money    `json:"investment,omitempty"`
	Conditions  string    `json:"conditions,omitempty" doc:"复制推广条件."`
	Evidence    string    `json:"evidence,omitempty"`
	Plate       string    `json:"plate,omitempty"`
	Updated     time.Time `json:"updated"`
}

// Figure is one measure before and after.
type Figure struct {
	Name   string `json:"name" example:"处置时间"`
	Before string `json:"before,omitempty" example:"45"`
	After  string `json:"after" example:"8"`
	Unit   string `json:"unit,omitempty" example:"分钟"`
}

// ShowcasePage is one page of showcases.
type ShowcasePage struct {
	Items      []Showcase `json:"items" nullable:"false"`
	NextCursor string     `json:"next_cursor,omitempty"`
}

// OpenData is everything of one kind that is on the market now, to keep and to use.
type OpenData[T any] struct {
	Licence string    `json:"licence" doc:"On what terms it may be used."`
	Source  string    `json:"source,omitempty" doc:"Who publishes it."`
	Made    time.Time `json:"made"`
	Count   int       `json:"count"`
	Items   []T       `json:"items" nullable:"false"`
}

func (a *API) mountLists() {
	batch := Batch{ID: "01J9ZD3V5W8QJ7R2K4M6N8P0B1", Name: "2026年第三批", Release: time.Date(2026, 11, 16, 1, 0, 0, 0, time.UTC)}
	showcase := Showcase{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0C1", Revision: 2, Name: "积水点治理", Owner: "某水务集团", Provider: "某科技公司", Fields: []string{"smart_water"}, Since: "2026-03",
		Scenario: "下穿通道积水自动报警。", Figures: []Figure{{"处置时间", "45", "8", "分钟"}}, Updated: time.Date(2026, 11, 16, 1, 0, 0, 0, time.UTC),
	}
	get(a, operation{
		"list-batches", "/batches", edge.Visitor, tagLists, "清单批次 · Batches that are out, the latest first",
		"Entries of a batch: /opportunities?batch=NAME and /capabilities?batch=NAME. One to come is in no answer.",
		BatchList{Items: []Batch{batch}},
	}, a.batches)
	get(a, operation{
		"get-batch", "/batches/{id}", edge.Visitor, tagLists, "清单批次 · One batch that is out", "", batch,
	}, a.batch)
	get(a, operation{
		"list-showcases", "/showcases", edge.Visitor, tagLists, "示范案例 · Showcases, the one last changed first", "",
		ShowcasePage{Items: []Showcase{showcase}},
	}, a.showcases)
	get(a, operation{
		"get-showcase", "/showcases/{id}", edge.Visitor, tagLists, "示范案例 · One showcase", "", showcase,
	}, a.showcase)
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

func (a *API) batches(ctx context.Context, _ *struct{}) (*body[BatchList], error) {
	all, err := a.Services.Catalogue.Batches(ctx)
	if err != nil {
		return nil, scene.Wrap("api.batches", err)
	}
	out := &body[BatchList]{BatchList{Items: make([]Batch, len(all))}}
	for i, b := range all {
		out.Body.Items[i] = batchOf(&b)
	}
	return out, nil
}

func (a *API) batch(ctx context.Context, in *itemInput) (*tagged[Batch], error) {
	b, err := a.Services.Catalogue.Batch(ctx, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.batch", err)
	}
	tag := etag(b.Revision, false)
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	return &tagged[Batch]{tag, batchOf(&b)}, nil
}

func batchOf(b *scene.Batch) Batch {
	return Batch{ID: b.ID, Name: b.Name, NameEn: b.NameEn, Intro: b.Intro, IntroEn: b.IntroEn, Release: b.Release}
}

func (a *API) showcases(ctx context.Context, in *Page) (*body[ShowcasePage], error) {
	rows, err := a.Services.Catalogue.Showcases(ctx, scene.Published, in.store())
	if err != nil {
		return nil, scene.Wrap("api.showcases", err)
	}
	out := &body[ShowcasePage]{ShowcasePage{Items: make([]Showcase, len(rows.Items)), NextCursor: rows.Next}}
	for i := range rows.Items {
		out.Body.Items[i] = showcaseOf(&rows.Items[i])
	}
	return out, nil
}

func (a *API) showcase(ctx context.Context, in *itemInput) (*tagged[Showcase], error) {
	row, err := a.Services.Catalogue.Showcase(ctx, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.showcase", err)
	}
	// Which of its entries can be opened changes without it.
	tag := etag(row.Revision, row.Opportunity != "" || row.Capability != "")
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	return &tagged[Showcase]{tag, showcaseOf(&row)}, nil
}

func showcaseOf(s *scene.Showcase) Showcase {
	out := Showcase{
		ID: s.ID, Revision: s.Revision, Name: s.Name, NameEn: s.NameEn, SummaryEn: s.Summary, Owner: s.Owner, Provider: s.Provider,
		Opportunity: s.Opportunity, Capability: s.Capability, Fields: list(s.Fields), Site: s.Site, Since: s.Since, Scenario: s.Scenario,
		Before: s.Before, After: s.After, Figures: []Figure{}, Investment: moneyOf(s.Investment), Conditions: s.Conditions,
		Evidence: s.Evidence, Plate: s.Plate, Updated: s.Updated,
	}
	for _, f := range s.Figures {
		out.Figures = append(out.Figures, Figure(f))
	}
	return out
}

func (a *API) openOpportunities(ctx context.Context) (*poured, error) {
	return openData(ctx, a, "opportunities", a.Services.Catalogue.Opportunities, opportunityOf)
}

func (a *API) openCapabilities(ctx context.Context) (*poured, error) {
	return openData(ctx, a, "capabilities", a.Services.Catalogue.Capabilities, capabilityOf)
}

// openLicence says on what terms the lists may be used.
func openLicence(lang locale.Lang) string { return locale.Text(lang, "web.open.licence", nil) }
