package api

import (
	"context"
	"strings"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
)

const (
	tagOpportunities = "opportunities"
	tagCapabilities  = "capabilities"
	tagOrganisations = "organisations"
	tagSearch        = "search"
	tagReference     = "reference"
)

// Page is the paging of every list.
type Page struct {
	Cursor string `query:"cursor" maxLength:"512" doc:"next_cursor of the page before; absent for the first."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Items on a page."`
}

func (p Page) store() store.Page { return store.Page{After: p.Cursor, Limit: p.Limit} }

type listInput struct {
	Page
	Field        string `query:"field" maxLength:"64" doc:"Code of the dictionary “field”."`
	Batch        string `query:"batch" maxLength:"64" doc:"第N批, however its blanks and widths are written."`
	Organisation string `query:"organisation" maxLength:"64" doc:"Id of the organisation."`
	Order        string `query:"order" enum:"id,newest" default:"id" doc:"By id, or by release, the latest first (at most 1000)."`
}

func (in *listInput) filter() store.ListingFilter {
	return store.ListingFilter{
		Field: in.Field, Batch: in.Batch, OrgID: scene.ID(in.Organisation), Newest: in.Order == "newest",
	}
}

type itemInput struct {
	ID          string `path:"id" maxLength:"64" doc:"Id of the entry."`
	IfNoneMatch string `header:"If-None-Match" doc:"ETag of the copy you hold; if it is still good the answer is 304."`
}

// holds reports whether the client's copy is the one named by etag.
func (in *itemInput) holds(etag string) bool {
	return matches(in.IfNoneMatch, etag)
}

// matches reports whether a list of tags names one, or any; weak ones count.
func matches(list, etag string) bool {
	etag = strings.TrimPrefix(etag, "W/")
	for tag := range strings.SplitSeq(list, ",") {
		if tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/"); tag == etag || tag == "*" {
			return true
		}
	}
	return false
}

type matchInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the entry."`
	Top  int    `query:"top" minimum:"1" maximum:"50" default:"20" doc:"Matches wanted."`
	Lang string `query:"lang" maxLength:"16" doc:"Language of sentences: zh or en."`
	More bool   `query:"more" doc:"Work the matches out now, with changes and consortium, also where a list was worked out ahead."`
	// Order is the order of the list.
	Order string `query:"order" enum:"fit,care" doc:"By score alone, or the first ten also by the rules of market care; absent for the order of the installation."`
}

func (in *matchInput) matching(ctx context.Context) backend.Matching {
	return backend.Matching{Top: in.Top, Lang: edge.From(ctx).Lang, More: true, Ahead: !in.More, Order: in.Order}
}

// OpportunityPage is one page of opportunities.
type OpportunityPage struct {
	Items      []Opportunity `json:"items" nullable:"false"`
	NextCursor string        `json:"next_cursor,omitempty"`
}

// CapabilityPage is one page of capabilities.
type CapabilityPage struct {
	Items      []Capability `json:"items" nullable:"false"`
	NextCursor string       `json:"next_cursor,omitempty"`
}

// OrganisationPage is one page of organisations.
type OrganisationPage struct {
	Items      []Organisation `json:"items" nullable:"false"`
	NextCursor string         `json:"next_cursor,omitempty"`
}

// body wraps an answer; tagged adds the ETag of a single resource.
type body[T any] struct{ Body T }

type tagged[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

func (a *API) mountOpportunities() {
	get(a, operation{
		"list-opportunities", "/opportunities", edge.Visitor, tagOpportunities,
		"场景机会列表 · List opportunities that are open now", "Only what is published and valid now.",
		OpportunityPage{Items: []Opportunity{exampleOpportunity()}, NextCursor: "b2Zmc2V0OjIw"},
	}, a.listOpportunities)
	get(a, operation{
		"get-opportunity", "/opportunities/{id}", edge.Visitor, tagOpportunities,
		"场景机会 · One opportunity", "Also one that has ended; drafts and entries under review are not found.",
		exampleOpportunity(),
	}, a.opportunity)
	get(a, operation{
		"match-opportunity", "/opportunities/{id}/matches", edge.Visitor, tagOpportunities,
		"匹配的场景能力 · Capabilities that fit, best first, explained", matchText, exampleRanking(),
	}, a.opportunityMatches)
}

const matchText = "Each match has its score in [0,1], the parts whose contributions sum to `raw`, the passages that support " +
	"them (offsets in Unicode code points), and the conditions that are unmet or unknown. `excluded` names the best of " +
	"those that a known condition removed. `changes` tells, one fact or condition at a time, the smallest change of the entry " +
	"that asks (see `kind`; amounts in fen) and how many more it would admit that score at least `least`. `consortium`, where present, " +
	"is the smallest group of providers that brings at least two of the things asked for more than any single one. Where `order` is " +
	"care, a match that does not stand by its score says so in `moved`. An entry that is not open has no matches. " +
	"Where `listed` is present, the counterparts were chosen then, ahead of being asked (scores and sentences are of now), and " +
	"`changes` and `consortium` are told with more=true only."

func (a *API) listOpportunities(ctx context.Context, in *listInput) (*body[OpportunityPage], error) {
	rows, err := listed(ctx, a, scene.KindOpportunity, in, a.Services.Catalogue.Opportunities,
		a.Services.Catalogue.OpportunitiesByID, func(o *scene.Opportunity) scene.ID { return o.ID })
	if err != nil {
		return nil, scene.Wrap("api.listOpportunities", err)
	}
	at, out := a.Now(), &body[OpportunityPage]{OpportunityPage{Items: make([]Opportunity, len(rows.Items)), NextCursor: rows.Next}}
	for i := range rows.Items {
		out.Body.Items[i] = opportunityOf(&rows.Items[i], at)
	}
	return out, nil
}

func (a *API) opportunity(ctx context.Context, in *itemInput) (*tagged[Opportunity], error) {
	row, err := a.Services.Catalogue.Opportunity(ctx, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.opportunity", err)
	}
	tag := etag(row.Revision, row.Open(a.Now()))
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	return &tagged[Opportunity]{tag, opportunityOf(&row, a.Now())}, nil
}

func (a *API) opportunityMatches(ctx context.Context, in *matchInput) (*body[match.Ranking], error) {
	row, err := a.Services.Catalogue.Opportunity(ctx, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.opportunityMatches", err)
	}
	if !row.Open(a.Now()) {
		return noMatches(&row.Listing), nil
	}
	r, err := a.Services.Matcher.OffersFor(ctx, row.ID, in.matching(ctx))
	return ranking(r), scene.Wrap("api.opportunityMatches", err)
}

func (a *API) mountCapabilities() {
	get(a, operation{
		"list-capabilities", "/capabilities", edge.Visitor, tagCapabilities,
		"场景能力列表 · List capabilities that are open now", "Only what is published and valid now.",
		CapabilityPage{Items: []Capability{exampleCapability()}},
	}, a.listCapabilities)
	get(a, operation{
		"get-capability", "/capabilities/{id}", edge.Visitor, tagCapabilities,
		"场景能力 · One capability", "Also one that has ended; drafts and entries under review are not found.",
		exampleCapability(),
	}, a.capability)
	get(a, operation{
		"match-capability", "/capabilities/{id}/matches", edge.Visitor, tagCapabilities,
		"匹配的场景机会 · Opportunities that fit, best first, explained",
		matchText + " Here `need` is the capability that asks and each `offer` is an opportunity.", exampleRanking(),
	}, a.capabilityMatches)
}

func (a *API) listCapabilities(ctx context.Context, in *listInput) (*body[CapabilityPage], error) {
	rows, err := listed(ctx, a, scene.KindCapability, in, a.Services.Catalogue.Capabilities,
		a.Services.Catalogue.CapabilitiesByID, func(c *scene.Capability) scene.ID { return c.ID })
	if err != nil {
		return nil, scene.Wrap("api.listCapabilities", err)
	}
	at, out := a.Now(), &body[CapabilityPage]{CapabilityPage{Items: make([]Capability, len(rows.Items)), NextCursor: rows.Next}}
	for i := range rows.Items {
		out.Body.Items[i] = capabilityOf(&rows.Items[i], at)
	}
	return out, nil
}

func (a *API) capability(ctx context.Context, in *itemInput) (*tagged[Capability], error) {
	row, err := a.Services.Catalogue.Capability(ctx, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.capability", err)
	}
	tag := etag(row.Revision, row.Open(a.Now()))
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	return &tagged[Capability]{tag, capabilityOf(&row, a.Now())}, nil
}

func (a *API) capabilityMatches(ctx context.Context, in *matchInput) (*body[match.Ranking], error) {
	row, err := a.Services.Catalogue.Capability(ctx, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.capabilityMatches", err)
	}
	if !row.Open(a.Now()) {
		return noMatches(&row.Listing), nil
	}
	r, err := a.Services.Matcher.NeedsFor(ctx, row.ID, in.matching(ctx))
	return ranking(r), scene.Wrap("api.capabilityMatches", err)
}

func noMatches(l *scene.Listing) *body[match.Ranking] {
	return ranking(match.Ranking{Need: match.Ref{ID: l.ID, Code: l.Code, Name: l.Name, Org: l.OrgName}})
}

// ranking makes absent lists empty ones.
func ranking(r match.Ranking) *body[match.Ranking] {
	r.Matches, r.Excluded = list(r.Matches), list(r.Excluded)
	for i := range r.Matches {
		m := &r.Matches[i]
		m.Parts, m.Gaps = list(m.Parts), list(m.Gaps)
		for j := range m.Parts {
			m.Parts[j].Evidence = list(m.Parts[j].Evidence)
		}
	}
	return &body[match.Ranking]{r}
}

func (a *API) mountOrganisations() {
	get(a, operation{
		"list-organisations", "/organisations", edge.Visitor, tagOrganisations,
		"单位列表 · List organisations", "In order of id.",
		OrganisationPage{Items: []Organisation{exampleOrganisation()}},
	}, a.listOrganisations)
	get(a, operation{
		"get-organisation", "/organisations/{id}", edge.Visitor, tagOrganisations,
		"单位 · One organisation", "Its listings: /opportunities?organisation=ID and /capabilities?organisation=ID.",
		exampleOrganisation(),
	}, a.organisation)
	if a.Services.Accounts != nil {
		a.mountProfile()
	}
}

func (a *API) listOrganisations(ctx context.Context, in *Page) (*body[OrganisationPage], error) {
	rows, err := a.Services.Catalogue.Organisations(ctx, in.store())
	if err != nil {
		return nil, scene.Wrap("api.listOrganisations", err)
	}
	out := &body[OrganisationPage]{OrganisationPage{Items: make([]Organisation, len(rows.Items)), NextCursor: rows.Next}}
	for i := range rows.Items {
		out.Body.Items[i] = organisationOf(&rows.Items[i])
	}
	return out, nil
}

func (a *API) organisation(ctx context.Context, in *itemInput) (*tagged[Organisation], error) {
	row, err := a.Services.Catalogue.Organisation(ctx, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.organisation", err)
	}
	tag := etag(row.Revision, false)
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	return &tagged[Organisation]{tag, organisationOf(&row)}, nil
}
