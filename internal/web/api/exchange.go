package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// exchangeFormat names the profile by which centres exchange lists.
const exchangeFormat = "jinghe-exchange/1"

const exchangePath = "/exchange"

// MaxExchange is how many bytes the lists of another centre may have.
const MaxExchange = 32 << 20

// Exchange is all that a centre offers to other cities: what is open there and
// is its own. What an earlier document told and this one does not is withdrawn.
type Exchange struct {
	Format        string         `json:"format" enum:"jinghe-exchange/1"`
	Origin        ExchangeOrigin `json:"origin"`
	Made          time.Time      `json:"made"`
	Opportunities []Opportunity  `json:"opportunities" nullable:"false"`
	Capabilities  []Capability   `json:"capabilities" nullable:"false"`
}

// ExchangeOrigin is the centre whose lists they are.
type ExchangeOrigin struct {
	Site string `json:"site" format:"uri" maxLength:"200" example:"https://changjing.example.cn" doc:"Address of its service, which tells it from all others: it must not change from one document to the next."`
	Name string `json:"name" minLength:"1" maxLength:"100" example:"示例市场景应用促进中心"`
}

// Origin is where an entry of another city comes from.
type Origin struct {
	Site string   `json:"site"`
	Name string   `json:"name"`
	ID   scene.ID `json:"id" doc:"Of the entry there."`
}

// ExchangeReport is what taking such lists in did.
type ExchangeReport struct {
	Created   int               `json:"created"`
	Changed   int               `json:"changed"`
	Unchanged int               `json:"unchanged"`
	Withdrawn int               `json:"withdrawn" doc:"No longer told, and closed here."`
	Refused   []ExchangeRefused `json:"refused" nullable:"false"`
}

// ExchangeRefused is an entry that did not go in.
type ExchangeRefused struct {
	ID     scene.ID `json:"id" doc:"There."`
	Name   string   `json:"name"`
	Reason string   `json:"reason"`
}

func (a *API) mountExchange() {
	example := Exchange{
		Format: exchangeFormat, Origin: ExchangeOrigin{"https://changjing.example.cn", "示例市场景应用促进中心"},
		Made:          time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC),
		Opportunities: []Opportunity{exampleOpportunity()}, Capabilities: []Capability{exampleCapability()},
	}
	pour[Exchange](a, operation{
		id: "export-exchange", path: exchangePath, may: edge.Visitor, tag: tagLists, summary: "城市间清单互通：导出 · What other cities may take in",
		text: "Everything that is open here and is this city's own, without contacts. See docs/doors.md.", example: example,
	}, a.exportExchange)
	if a.Services.Accounts == nil {
		return
	}
	change(a, http.MethodPost, http.StatusOK, example, operation{
		id: "import-exchange", path: exchangePath, may: edge.May(scene.ListImport), tag: tagImports, summary: "城市间清单互通：导入 · Take in what another city offers",
		text: "As that city's export answers it, whole: entries go in with their origin, can be matched and not edited here, and what is no longer told is " +
			"closed. The same document again changes nothing. More than 32 MiB, or 2,000,000 values, are a 413.",
		example: ExchangeReport{Created: 2, Refused: []ExchangeRefused{}},
	}, a.importExchange)
}

// exportExchange is what [Exchanger.Give] gives as JSON.
func (a *API) exportExchange(ctx context.Context) (*poured, error) {
	x := a.Exchanger()
	head, err := x.head()
	if err != nil {
		return nil, err
	}
	p := x.poured(head, new(Given))
	p.tag, err = a.stamped(ctx, scene.KindOpportunity, scene.KindCapability)
	return p, scene.Wrap("api.exportExchange", err)
}

// exchangeHeadOf is [Exchange] without its lists.
type exchangeHeadOf struct {
	Format string         `json:"format"`
	Origin ExchangeOrigin `json:"origin"`
	Made   time.Time      `json:"made"`
}

func (a *API) importExchange(ctx context.Context, in *struct{ Body Exchange }) (*body[ExchangeReport], error) {
	report, err := a.Exchanger().Take(ctx, actorOf(ctx), &in.Body)
	if err != nil {
		return nil, err
	}
	return &body[ExchangeReport]{foreignReport(ctx, &report)}, nil
}

// foreignReport says what taking lists in did, in the reader's language.
func foreignReport(ctx context.Context, report *registry.ForeignReport) ExchangeReport {
	out := ExchangeReport{
		Created: report.Created, Changed: report.Changed, Unchanged: report.Unchanged, Withdrawn: report.Withdrawn, Refused: []ExchangeRefused{},
	}
	for _, f := range report.Refused {
		out.Refused = append(out.Refused, ExchangeRefused{f.ID, f.Name, edge.NewProblem(ctx, f.Err).Detail})
	}
	return out
}

// known keeps the codes that a dictionary here knows: another city may have more.
func known(d *scene.Dictionaries, dictionary string, codes []string) []string {
	dict, _ := d.Get(dictionary)
	var out []string
	for _, code := range codes {
		if slices.ContainsFunc(dict.Terms, func(t scene.Term) bool { return t.Code == code }) {
			out = append(out, code)
		}
	}
	return out
}

// foreignListing is a listing of another centre, without an organisation of ours.
func foreignListing(l *Listing, kind scene.Kind, from ExchangeOrigin, d *scene.Dictionaries) scene.Listing {
	origin := &scene.Origin{Site: from.Site, Name: from.Name, ID: l.ID}
	out := scene.Listing{
		ID: origin.LocalID(kind), Origin: origin, Source: scene.SourceOf(from.Site), Code: string(l.ID), State: scene.Published,
		Name: l.Name, NameEn: l.NameEn, Summary: l.SummaryEn, OrgName: l.Organisation.Name, Category: l.Category,
		Fields: known(d, scene.DictField, l.Fields), Industries: known(d, scene.DictIndustry, l.Industries),
		Modes: known(d, scene.DictMode, l.Modes), Regions: known(d, scene.DictRegion, l.Regions), Keywords: plainList(l.Keywords),
	}
	if l.Maturity != nil {
		out.Maturity = scene.Maturity{Min: l.Maturity.Min, Max: l.Maturity.Max}
	}
	if l.ValidFrom != nil {
		out.ValidFrom = l.ValidFrom.UTC()
	}
	if l.ValidTo != nil {
		out.ValidTo = l.ValidTo.UTC()
	}
	return out
}

// plainList is a list without its being empty told apart from its being absent.
func plainList(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}

func foreignNeed(o *Opportunity, from ExchangeOrigin, d *scene.Dictionaries) scene.Opportunity {
	return scene.Opportunity{
		Listing: foreignListing(&o.Listing, scene.KindOpportunity, from, d), Department: o.Department, OwnerKind: scene.OwnerKind(o.OwnerKind),
		Situation: o.Situation, Need: o.Need, Targets: o.Targets, Works: o.Works, Resources: o.Resources, SiteText: o.Site, TechText: o.Technology,
		Budget: rangeOf(o.Budget), Schedule: periodOf(o.Schedule), Procurement: o.Procurement, FirstUse: o.FirstUse,
		Require: scene.Eligibility{
			Qualifications: known(d, scene.DictQualification, o.Eligibility.Qualifications), Regions: known(d, scene.DictRegion, o.Eligibility.Regions),
			MinMaturity: o.Eligibility.MinMaturity, Domestic: o.Eligibility.Domestic, MLPS: o.Eligibility.MLPS, Consortium: o.Eligibility.Consortium,
		},
	}
}

func foreignOffer(c *Capability, from ExchangeOrigin, d *scene.Dictionaries) scene.Capability {
	out := scene.Capability{
		Listing: foreignListing(&c.Listing, scene.KindCapability, from, d), Description: c.Description, Product: c.Product, ProductForm: c.ProductForm,
		TechText: c.Technology, ScenarioText: c.Scenarios, Indicators: c.Indicators, Level: c.Level, Conditions: c.Conditions, IP: c.IP,
		Price: rangeOf(c.Price), Delivery: periodOf(c.Delivery), FirstOfKind: c.FirstOfKind, Domestic: c.Domestic, MLPS: c.MLPS,
		Wants: scene.Terms{
			Regions: known(d, scene.DictRegion, c.Wants.Regions), MinBudget: scene.Money(c.Wants.MinBudgetFen), Modes: known(d, scene.DictMode, c.Wants.Modes),
		},
	}
	for _, x := range c.Cases {
		out.Cases = append(out.Cases, scene.Case(x))
	}
	for _, q := range c.Qualifications {
		if len(known(d, scene.DictQualification, []string{q.Code})) == 0 {
			continue
		}
		until, _ := time.Parse(time.DateOnly, q.Until) // the schema has checked it
		out.Qualifications = append(out.Qualifications, scene.Qualification{Code: q.Code, Level: q.Level, Text: q.Text, Until: until})
	}
	return out
}
