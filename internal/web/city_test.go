package web_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
	"jinghe/search"
)

// today is when every test happens.
func today() time.Time { return time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC) }

// What must never reach a visitor; every row of the city carries all of it.
const (
	secretPerson = "柳不具名"
	secretPhone  = "13987654321"
	secretMail   = "nobody.here@example.com"
	secretExtra  = "内部备注不公开"
)

// city is the sample city as rows in memory. It plays catalogue, finder and
// matcher. Rows are made once and only read afterwards.
type city struct {
	dict          *scene.Dictionaries
	organisations []scene.Organisation
	opportunities []scene.Opportunity
	capabilities  []scene.Capability
	batches       []scene.Batch // the last one is still to come
	showcases     []scene.Showcase

	away     atomic.Bool // the index does not answer
	building atomic.Bool
	partial  atomic.Bool // results have some of the words
	unranked atomic.Bool // the matcher does not answer
	broken   atomic.Bool // the store fails
}

func newCity(t testing.TB) *city {
	t.Helper()
	dict, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := samplecity.Load(today())
	if err != nil {
		t.Fatal(err)
	}
	c := &city{dict: dict}
	orgs := map[string]scene.ID{}
	for i, row := range rows {
		if _, ok := orgs[row.Org.Name]; !ok {
			o := row.Org
			o.ID, o.Revision, o.Updated = scene.ID(fmt.Sprintf("ORG%03d", len(orgs))), 1, today()
			o.Contact = secretContact()
			o.Profile += "\n联系人" + secretPhone
			orgs[row.Org.Name] = o.ID
			c.organisations = append(c.organisations, o)
		}
		l := row.Listing()
		l.OrgID, l.OrgName = orgs[row.Org.Name], row.Org.Name
		l.State, l.Revision, l.Batch = scene.Published, 1, fmt.Sprintf("第%d批", i%3+1)
		l.Updated = today().Add(-time.Duration(i) * time.Hour)
		l.Contact, l.Extra = secretContact(), map[string]string{"备注": secretExtra}
		if o := row.Opportunity; o != nil {
			o.ID = scene.ID(fmt.Sprintf("OPP%03d", len(c.opportunities)))
			o.Need += "（联系 " + secretPhone + "，" + secretMail + "）"
			c.opportunities = append(c.opportunities, *o)
			continue
		}
		row.Capability.ID = scene.ID(fmt.Sprintf("CAP%03d", len(c.capabilities)))
		row.Capability.Description += " 电话 " + secretPhone
		c.capabilities = append(c.capabilities, *row.Capability)
	}
	for n := range 4 {
		c.batches = append(c.batches, scene.Batch{
			ID: scene.ID(fmt.Sprintf("BAT%03d", n)), Revision: 1, Name: fmt.Sprintf("第%d批", n+1), NameEn: fmt.Sprintf("Batch %d", n+1),
			Intro: "联合发布。", Release: today().AddDate(0, 0, 7*n-20),
		})
	}
	for n := range 4 {
		c.showcases = append(c.showcases, scene.Showcase{
			ID: scene.ID(fmt.Sprintf("SHO%03d", n)), Revision: 1, Name: fmt.Sprintf("积水点治理%d", n), Owner: "水务集团", Provider: "甲公司",
			Scenario: "下穿通道积水，联系 " + secretPhone, Before: "靠人看", After: "自动报警", Since: "2026-03", Fields: c.opportunities[n].Fields, Opportunity: "OPP002", Capability: "CAP002",
			Figures: []scene.Figure{{Name: "处置时间", Before: "45", After: "8", Unit: "分钟"}, {Name: "误报", After: "2", Unit: "次/月"}},
			State:   []scene.State{scene.Published, scene.Draft}[n/3],
		})
	}
	return c
}

func secretContact() scene.Contact {
	return scene.Contact{Person: secretPerson, Phone: secretPhone, Mail: secretMail, Raw: secretPerson + secretPhone}
}

func (c *city) services() backend.Services {
	return backend.Services{
		Catalogue: c, Finder: c, Matcher: c, Likeness: c,
		Dictionaries: func() backend.Dictionaries { return c.dict },
	}
}

// edit changes the state of the first opportunity, before the city is served.
func (c *city) edit(change func(*scene.Opportunity)) *scene.Opportunity {
	change(&c.opportunities[0])
	return &c.opportunities[0]
}

func (c *city) fault() error {
	if c.broken.Load() {
		return &scene.Error{Code: scene.Internal, Op: "city", Err: fmt.Errorf("disk %s on fire", "/var/secret/path")}
	}
	return nil
}

func one[T any](c *city, rows []T, id scene.ID, idOf func(*T) scene.ID) (T, error) {
	var none T
	if err := c.fault(); err != nil {
		return none, err
	}
	for i := range rows {
		if idOf(&rows[i]) == id {
			return rows[i], nil
		}
	}
	return none, &scene.Error{Code: scene.NotFound, Op: "city"}
}

func many[T any](c *city, rows []T, ids []scene.ID, idOf func(*T) scene.ID) ([]T, error) {
	var out []T
	for i := range rows {
		if slices.Contains(ids, idOf(&rows[i])) {
			out = append(out, rows[i])
		}
	}
	return out, c.fault()
}

// paged cuts rows; the cursor is the number of rows before.
func paged[T any](c *city, rows []T, p store.Page) (store.Rows[T], error) {
	start, limit := 0, cmp.Or(p.Limit, 50)
	if p.After != "" {
		if _, err := fmt.Sscanf(p.After, "at%d", &start); err != nil {
			return store.Rows[T]{}, &scene.Error{Code: scene.Invalid, Key: "web.cursor"}
		}
	}
	end := min(start+limit, len(rows))
	out := store.Rows[T]{Items: rows[min(start, end):end]}
	if end < len(rows) {
		out.Next = fmt.Sprintf("at%d", end)
	}
	return out, c.fault()
}

func needID(o *scene.Opportunity) scene.ID { return o.ID }
func offerID(o *scene.Capability) scene.ID { return o.ID }
func orgID(o *scene.Organisation) scene.ID { return o.ID }

func (c *city) Opportunity(_ context.Context, id scene.ID) (scene.Opportunity, error) {
	return one(c, c.opportunities, id, needID)
}

func (c *city) Capability(_ context.Context, id scene.ID) (scene.Capability, error) {
	return one(c, c.capabilities, id, offerID)
}

func (c *city) Organisation(_ context.Context, id scene.ID) (scene.Organisation, error) {
	return one(c, c.organisations, id, orgID)
}

func (c *city) OpportunitiesByID(_ context.Context, ids []scene.ID) ([]scene.Opportunity, error) {
	return many(c, c.opportunities, ids, needID)
}

func (c *city) CapabilitiesByID(_ context.Context, ids []scene.ID) ([]scene.Capability, error) {
	return many(c, c.capabilities, ids, offerID)
}

func (c *city) OrganisationsByID(_ context.Context, ids []scene.ID) ([]scene.Organisation, error) {
	return many(c, c.organisations, ids, orgID)
}

func passes(l *scene.Listing, f store.ListingFilter) bool {
	return (len(f.States) == 0 || slices.Contains(f.States, l.State)) && (f.OrgID == "" || f.OrgID == l.OrgID) &&
		(f.Batch == "" || f.Batch == l.Batch) && (f.Field == "" || slices.Contains(l.Fields, f.Field)) &&
		(f.OpenAt.IsZero() || l.Open(f.OpenAt))
}

func (c *city) Opportunities(_ context.Context, f store.ListingFilter, p store.Page) (store.Rows[scene.Opportunity], error) {
	var rows []scene.Opportunity
	for i := range c.opportunities {
		if passes(&c.opportunities[i].Listing, f) {
			rows = append(rows, c.opportunities[i])
		}
	}
	return paged(c, rows, p)
}

func (c *city) Capabilities(_ context.Context, f store.ListingFilter, p store.Page) (store.Rows[scene.Capability], error) {
	var rows []scene.Capability
	for i := range c.capabilities {
		if passes(&c.capabilities[i].Listing, f) {
			rows = append(rows, c.capabilities[i])
		}
	}
	return paged(c, rows, p)
}

func (c *city) Organisations(_ context.Context, p store.Page) (store.Rows[scene.Organisation], error) {
	return paged(c, c.organisations, p)
}

// Batches are in the order of the store: the latest release first.
func (c *city) Batches(context.Context) ([]scene.Batch, error) {
	all := slices.Clone(c.batches)
	slices.Reverse(all)
	return all, c.fault()
}

func (c *city) Batch(_ context.Context, id scene.ID) (scene.Batch, error) {
	return one(c, c.batches, id, func(b *scene.Batch) scene.ID { return b.ID })
}

func (c *city) Showcases(_ context.Context, state scene.State, p store.Page) (store.Rows[scene.Showcase], error) {
	var rows []scene.Showcase
	for _, s := range c.showcases {
		if state == "" || s.State == state {
			rows = append(rows, s)
		}
	}
	return paged(c, rows, p)
}

func (c *city) Showcase(_ context.Context, id scene.ID) (scene.Showcase, error) {
	return one(c, c.showcases, id, func(s *scene.Showcase) scene.ID { return s.ID })
}

func (c *city) Counts(context.Context) (map[scene.Kind]map[string]int, error) {
	out := map[scene.Kind]map[string]int{}
	for kind, listings := range map[scene.Kind][]*scene.Listing{
		scene.KindOpportunity: c.listings(scene.KindOpportunity), scene.KindCapability: c.listings(scene.KindCapability),
	} {
		out[kind] = map[string]int{}
		for _, l := range listings {
			if l.Open(today()) {
				out[kind][""]++
				for _, f := range l.Fields {
					out[kind][f]++
				}
			}
		}
	}
	return out, c.fault()
}

func (c *city) listings(kind scene.Kind) []*scene.Listing {
	var out []*scene.Listing
	if kind == scene.KindOpportunity {
		for i := range c.opportunities {
			out = append(out, &c.opportunities[i].Listing)
		}
	} else {
		for i := range c.capabilities {
			out = append(out, &c.capabilities[i].Listing)
		}
	}
	return out
}

// Search finds names that contain the text.
func (c *city) Search(_ context.Context, kind scene.Kind, q search.Query) (search.Result, error) {
	if c.away.Load() {
		return search.Result{}, &scene.Error{Code: scene.Unavailable, Op: "city"}
	}
	if kind == backend.KindOrganisation {
		r := search.Result{Total: len(c.organisations)}
		for _, o := range c.organisations[:min(max(q.Limit, 0), len(c.organisations))] {
			r.Hits = append(r.Hits, search.Hit{ID: string(o.ID)})
		}
		return r, nil
	}
	var found []*scene.Listing
	for _, l := range c.listings(kind) {
		if l.Open(today()) && strings.Contains(l.Name, q.Text) && c.holds(l, q.Filter) {
			found = append(found, l)
		}
	}
	if len(q.Sort) > 0 && q.Sort[0].Number == backend.NumberValidTo {
		slices.SortStableFunc(found, func(a, b *scene.Listing) int { return a.ValidTo.Compare(b.ValidTo) })
	}
	if len(q.Sort) > 0 && q.Sort[0].Number == backend.NumberPublished {
		slices.SortStableFunc(found, func(a, b *scene.Listing) int { return b.Since().Compare(a.Since()) })
	}
	r := search.Result{Total: len(found), Partial: c.partial.Load(), Building: c.building.Load(), Facets: map[string][]search.FacetCount{}}
	for _, name := range q.Facets {
		r.Facets[name] = tally(found, name)
	}
	for _, l := range found[min(q.Offset, len(found)):min(q.Offset+max(q.Limit, 0), len(found))] {
		h := search.Hit{ID: string(l.ID), Score: 1}
		if before, _, ok := strings.Cut(l.Name, q.Text); ok && q.Text != "" {
			start := len([]rune(before))
			h.Highlights = map[string][]search.Span{backend.TextName: {{Start: start, End: start + len([]rune(q.Text))}}}
		}
		r.Hits = append(r.Hits, h)
	}
	return r, nil
}

func values(l *scene.Listing, facet string) []string {
	switch facet {
	case backend.FacetField:
		return l.Fields
	case backend.FacetIndustry:
		return l.Industries
	case backend.FacetRegion:
		return l.Regions
	case backend.FacetMode:
		return l.Modes
	case backend.FacetBatch:
		return []string{l.Batch}
	case backend.FacetOwner:
		return []string{string(l.OrgID)}
	case backend.FacetStage:
		if s := l.Maturity.Stage(); s != "" {
			return []string{s}
		}
	}
	return nil
}

func (c *city) holds(l *scene.Listing, clauses []search.Clause) bool {
	for _, clause := range clauses {
		if clause.Facet != "" && !slices.ContainsFunc(values(l, clause.Facet), func(v string) bool { return slices.Contains(clause.AnyOf, v) }) {
			return false
		}
		if clause.Max != nil && (l.ValidTo.IsZero() || float64(l.ValidTo.Unix()) > *clause.Max) {
			return false
		}
	}
	return true
}

func tally(found []*scene.Listing, facet string) []search.FacetCount {
	counts := map[string]int{}
	for _, l := range found {
		for _, v := range values(l, facet) {
			counts[v]++
		}
	}
	var out []search.FacetCount
	for v, n := range counts {
		out = append(out, search.FacetCount{Value: v, Count: n})
	}
	slices.SortFunc(out, func(a, b search.FacetCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return out
}

func (c *city) Suggest(_ context.Context, kind scene.Kind, prefix string, limit int) ([]search.Suggestion, error) {
	if c.away.Load() {
		return nil, &scene.Error{Code: scene.Unavailable, Op: "city"}
	}
	var out []search.Suggestion
	for _, l := range c.listings(kind) {
		if strings.Contains(l.Name, prefix) && len(out) < limit {
			out = append(out, search.Suggestion{Text: l.Name, Count: 1})
		}
	}
	return out, nil
}

func (c *city) Stats(_ context.Context, kind scene.Kind) (search.Stats, error) {
	if c.away.Load() {
		return search.Stats{}, &scene.Error{Code: scene.Unavailable, Op: "city"}
	}
	return search.Stats{Documents: len(c.listings(kind)), Building: c.building.Load()}, nil
}

func (c *city) OffersFor(_ context.Context, id scene.ID, q backend.Matching) (match.Ranking, error) {
	return c.rank(scene.KindCapability, id, q)
}

func (c *city) NeedsFor(_ context.Context, id scene.ID, q backend.Matching) (match.Ranking, error) {
	return c.rank(scene.KindOpportunity, id, q)
}

// ForDraft ranks as for the listing of the same name, or any other.
func (c *city) ForDraft(_ context.Context, d backend.Draft, q backend.Matching) (match.Ranking, error) {
	var l *scene.Listing
	kind := scene.KindCapability
	if d.Need != nil {
		l = &d.Need.Listing
	} else {
		kind, l = scene.KindOpportunity, &d.Offer.Listing
	}
	r, err := c.rank(kind, "", q)
	r.Need.Name = l.Name
	if d.Org != nil {
		r.Need.Org = d.Org.Name
	}
	return r, err
}

// weakNeed is an opportunity whose matches begin at 0.25.
const weakNeed scene.ID = "OPP003"

// rank pairs the listing with the first entries of the other kind.
func (c *city) rank(kind scene.Kind, id scene.ID, q backend.Matching) (match.Ranking, error) {
	if c.unranked.Load() {
		return match.Ranking{}, &scene.Error{Code: scene.Unavailable, Op: "city"}
	}
	r := match.Ranking{Need: match.Ref{ID: id}, Version: "test-1"}
	for i, l := range c.listings(kind) {
		ref := match.Ref{ID: l.ID, Code: l.Code, Name: l.Name, Org: l.OrgName}
		gap := match.Gap{Clause: "budget", Status: "unknown", Have: "", Want: "120 万元以内", Advice: "请补充报价。"}
		if i < q.Top {
			best := 0.9
			if id == weakNeed {
				best = 0.25
			}
			r.Matches = append(r.Matches, c.pair(ref, i, best-float64(i)*0.03, gap))
			continue
		}
		gap.Status, gap.Have = "unmet", "200 万元起"
		r.Excluded = append(r.Excluded, match.Exclusion{Offer: ref, Clauses: []match.Gap{gap, {Clause: "qualification:little_giant", Status: "unmet"}}})
		if len(r.Excluded) == 3 {
			break
		}
	}
	return r, nil
}

func (c *city) pair(ref match.Ref, i int, score float64, gap match.Gap) match.Match {
	m := match.Match{
		Offer: ref, Score: score, Raw: score, Eligible: "unknown", Reason: "“桥梁、监测”相符，指标达到。",
		Gaps: []match.Gap{gap, {Clause: "indicator:屈服强度", Status: "unmet", Have: "400 MPa", Want: "≥450 MPa"}},
		Parts: []match.Part{
			{Name: "terms", Value: score, Weight: 0.6, Contribution: 0.6 * score, Evidence: []match.Evidence{
				{Side: "need", Field: "name", Start: 0, End: 2, Text: string([]rune(c.opportunities[0].Name)[:2])},
				{Side: "offer", Field: "description", Start: 1_000_000, End: 1_000_002, Text: "不在"},
			}},
			{Name: "latent", Value: score, Weight: 0.1, Contribution: 0.1 * score},
			{Name: "taxonomy", Value: score, Weight: 0.3, Contribution: 0.3 * score},
			{Name: "freshness", Value: 1, Weight: 0},
		},
		Reciprocal: match.Reciprocal{Need: score, Offer: 0.5, Both: 0.7},
	}
	if i%2 == 1 {
		m.Eligible, m.Gaps = "yes", nil
	}
	return m
}
