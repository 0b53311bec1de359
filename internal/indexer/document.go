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
	TextNameEn   = "name_en"
	TextAliases  = "aliases" // organisations
	TextOrg      = "org"
	TextSummary  = "summary"
	TextKeywords = "keywords" // one a line
	TextLabels   = "labels"   // code, category and what the codes mean

	FacetField    = "field"
	FacetIndustry = "industry"
	FacetRegion   = "region"
	FacetMode     = "mode"
	FacetStage    = "stage"
	FacetState    = "state"
	FacetBatch    = "batch"
	FacetOwner    = "owner" // id of the organisation

	NumberUpdated = "updated"
	// NumberPublished is when a listing was news (scene.Listing.Since).
	NumberPublished = "published"
	// NumberReleased is the first release of a listing of an organisation.
	NumberReleased  = "released"
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
			{Name: TextNameEn, Weight: 3, Suggest: true},
			{Name: TextOrg, Weight: 1.5, Pinyin: true},
			{Name: TextKeywords, Weight: 2, Pinyin: true, Suggest: true},
			{Name: TextLabels, Weight: 2, Pinyin: true},
			{Name: TextSummary, Weight: 1},
		},
		Facets: []string{FacetField, FacetIndustry, FacetRegion, FacetMode, FacetStage, FacetState, FacetBatch, FacetOwner},
		Numbers: []string{
			NumberUpdated, NumberPublished, NumberValidFrom, NumberValidTo, NumberBudgetMax, NumberPriceMin,
		},
	}
}

func organisationSchema() search.Schema {
	return search.Schema{
		Text: []search.TextField{
			{Name: TextName, Weight: 3, Pinyin: true, Suggest: true},
			{Name: TextNameEn, Weight: 3, Suggest: true},
			{Name: TextAliases, Weight: 3, Pinyin: true},
			{Name: TextLabels, Weight: 2},
			{Name: TextSummary, Weight: 1},
		},
		Facets:  []string{FacetIndustry, FacetRegion},
		Numbers: []string{NumberUpdated, NumberReleased},
	}
}

// organisationDocument is what visitors find an organisation by. released is
// when the first of its listings was to be seen.
func (x *Indexer) organisationDocument(o *scene.Organisation, released float64) search.Document {
	return redacted(search.Document{
		ID: string(o.ID),
		Text: map[string]string{
			TextName: o.Name, TextNameEn: o.NameEn, TextAliases: joined(o.Aliases...),
			TextLabels: x.labels(scene.DictIndustry, o.Industries) + " " +
				x.qualifications(o.Qualifications) + " " + string(o.CreditCode),
			TextSummary: o.Profile,
		},
		Facets: map[string][]string{
			FacetIndustry: o.Industries, FacetRegion: x.regions([]string{o.Region}),
		},
		Numbers: map[string]float64{NumberUpdated: float64(o.Updated.Unix()), NumberReleased: released},
	})
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
			TextName: l.Name, TextNameEn: l.NameEn, TextOrg: l.OrgName, TextSummary: summary,
			TextKeywords: joined(l.Keywords...),
			TextLabels: joined(l.Category, l.Code,
				x.labels(scene.DictField, l.Fields), x.labels(scene.DictIndustry, l.Industries)),
		},
		Facets: map[string][]string{
			FacetField: l.Fields, FacetIndustry: l.Industries, FacetRegion: x.regions(l.Regions),
			FacetMode: l.Modes, FacetState: {string(l.State)},
		},
		Numbers: map[string]float64{
			NumberUpdated:   float64(l.Updated.Unix()),
			NumberPublished: float64(l.Since().Unix()),
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
	if l.OrgID != "" {
		d.Facets[FacetOwner] = []string{string(l.OrgID)}
	}
	return redacted(d)
}

// redacted covers in a document what pages cover, so that nobody finds an entry
// by a telephone number that it does not show, nor has one completed. Offsets
// stay those of the text on the page.
func redacted(d search.Document) search.Document {
	for name, text := range d.Text {
		d.Text[name] = scene.Redact(text)
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
