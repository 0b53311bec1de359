package indexer

import (
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/search"
)

// Names of the fields of the indexes.
const (
	TextName     = "name"
	TextOrg      = "org"
	TextSummary  = "summary"
	TextKeywords = "keywords"

	FacetField    = "field"
	FacetIndustry = "industry"
	FacetRegion   = "region"
	FacetMode     = "mode"
	FacetStage    = "stage"
	FacetState    = "state"
	FacetBatch    = "batch"

	NumberUpdated   = "updated"
	NumberValidFrom = "valid_from"
	NumberValidTo   = "valid_to"
	NumberBudgetMax = "budget_max" // yuan; opportunities
	NumberPriceMin  = "price_min"  // yuan; capabilities
)

// endOfTime stands for an open end of validity: 9999-12-31, in Unix seconds.
const endOfTime = 253402300799

func listingSchema() search.Schema {
	return search.Schema{
		Text: []search.TextField{
			{Name: TextName, Weight: 3, Pinyin: true, Suggest: true},
			{Name: TextOrg, Weight: 1.5, Pinyin: true},
			{Name: TextKeywords, Weight: 2, Pinyin: true, Suggest: true},
			{Name: TextSummary, Weight: 1},
		},
		Facets: []string{FacetField, FacetIndustry, FacetRegion, FacetMode, FacetStage, FacetState, FacetBatch},
		Numbers: []string{
			NumberUpdated, NumberValidFrom, NumberValidTo, NumberBudgetMax, NumberPriceMin,
		},
	}
}

func organisationSchema() search.Schema {
	return search.Schema{
		Text: []search.TextField{
			{Name: TextName, Weight: 3, Pinyin: true, Suggest: true},
			{Name: TextKeywords, Weight: 2},
			{Name: TextSummary, Weight: 1},
		},
		Facets:  []string{FacetIndustry, FacetRegion},
		Numbers: []string{NumberUpdated},
	}
}

func (x *Indexer) organisationDocument(o *scene.Organisation) search.Document {
	return search.Document{
		ID: string(o.ID),
		Text: map[string]string{
			TextName: joined(append([]string{o.Name, o.NameEn}, o.Aliases...)...),
			TextKeywords: x.labels(scene.DictIndustry, o.Industries) + " " +
				x.qualifications(o.Qualifications) + " " + string(o.CreditCode),
			TextSummary: o.Profile,
		},
		Facets: map[string][]string{
			FacetIndustry: o.Industries, FacetRegion: x.regions([]string{o.Region}),
		},
		Numbers: map[string]float64{NumberUpdated: float64(o.Updated.Unix())},
	}
}

func (x *Indexer) opportunityDocument(o *scene.Opportunity) search.Document {
	d := x.listingDocument(&o.Listing, joined(o.Situation, o.Need, o.Targets, o.Works, o.Resources,
		o.SiteText, o.TechText, o.Reference, o.Department, o.Summary))
	if o.Budget.Max > 0 {
		d.Numbers[NumberBudgetMax] = float64(o.Budget.Max / scene.Yuan)
	}
	return d
}

func (x *Indexer) capabilityDocument(c *scene.Capability) search.Document {
	d := x.listingDocument(&c.Listing, joined(c.Description, c.Product, c.TechText, c.ScenarioText,
		c.Indicators, c.Conditions, c.Summary))
	if c.Price.Min > 0 {
		d.Numbers[NumberPriceMin] = float64(c.Price.Min / scene.Yuan)
	}
	return d
}

func (x *Indexer) listingDocument(l *scene.Listing, summary string) search.Document {
	d := search.Document{
		ID: string(l.ID),
		Text: map[string]string{
			TextName: joined(l.Name, l.NameEn), TextOrg: l.OrgName, TextSummary: summary,
			TextKeywords: joined(strings.Join(l.Keywords, " "), l.Category, l.Code,
				x.labels(scene.DictField, l.Fields), x.labels(scene.DictIndustry, l.Industries)),
		},
		Facets: map[string][]string{
			FacetField: l.Fields, FacetIndustry: l.Industries, FacetRegion: x.regions(l.Regions),
			FacetMode: l.Modes, FacetState: {string(l.State)},
		},
		Numbers: map[string]float64{
			NumberUpdated:   float64(l.Updated.Unix()),
			NumberValidFrom: instant(l.ValidFrom, 0),
			NumberValidTo:   instant(l.ValidTo, endOfTime),
		},
	}
	if stage := l.Maturity.Stage(); stage != "" {
		d.Facets[FacetStage] = []string{stage}
	}
	if l.Batch != "" {
		d.Facets[FacetBatch] = []string{l.Batch}
	}
	return d
}

// regions adds the divisions around each region, so that choosing a city finds its districts.
func (x *Indexer) regions(codes []string) []string {
	var all []string
	seen := map[string]bool{}
	for _, code := range codes {
		for own := true; code != "" && !seen[code]; own = false {
			term, _ := x.dict().Term(scene.DictRegion, code)
			if own || term.Parent != "" { // the whole country is around everything
				seen[code] = true
				all = append(all, code)
			}
			code = term.Parent
		}
	}
	return all
}

func (x *Indexer) labels(dict string, codes []string) string {
	labels := make([]string, len(codes))
	for i, code := range codes {
		labels[i] = x.dict().Label(dict, code, "zh")
	}
	return strings.Join(labels, " ")
}

func (x *Indexer) qualifications(qs []scene.Qualification) string {
	labels := make([]string, len(qs))
	for i, q := range qs {
		labels[i] = joined(x.dict().Label(scene.DictQualification, q.Code, "zh"), q.Text)
	}
	return strings.Join(labels, " ")
}

func joined(parts ...string) string {
	kept := parts[:0:0]
	for _, p := range parts {
		if strings.TrimSpace(p) != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n")
}

func instant(t time.Time, open float64) float64 {
	if t.IsZero() {
		return open
	}
	return float64(t.Unix())
}
