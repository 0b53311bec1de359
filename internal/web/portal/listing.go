package portal

import (
	"context"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// matchesBeside is how many matches a listing's own page shows.
const matchesBeside = 5

// Opportunity answers GET /opportunities/:id.
func (p *Portal) Opportunity(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	o, err := p.catalogue.Opportunity(ctx, scene.ID(c.Param("id")))
	if err != nil {
		return scene.Wrap("portal.Opportunity", err)
	}
	if err := v.learnOrgs(ctx, []scene.Opportunity{o}, nil); err != nil {
		return scene.Wrap("portal.Opportunity", err)
	}
	view := v.listing(scene.KindOpportunity, &o.Listing)
	view.Parts = v.parts(needParts(), needFields(&o))
	view.Facts = v.needFacts(&o)
	view.Terms = v.requirements(o.Require)
	if view.Files, err = p.annex.Files(c, v.page, string(scene.KindOpportunity), o.ID, "", nil); err != nil {
		return scene.Wrap("portal.Opportunity", err)
	}
	view.Match = v.matches(ctx, scene.KindOpportunity, &o.Listing, needFields(&o), v.ours(ctx, scene.KindOpportunity, &o.Listing), matchesBeside)
	v.page.Data = v.schemaNeed(&o)
	return v.ok(ui.ListingPageView(v.page, view))
}

// Capability answers GET /capabilities/:id.
func (p *Portal) Capability(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	o, err := p.catalogue.Capability(ctx, scene.ID(c.Param("id")))
	if err != nil {
		return scene.Wrap("portal.Capability", err)
	}
	if err := v.learnOrgs(ctx, nil, []scene.Capability{o}); err != nil {
		return scene.Wrap("portal.Capability", err)
	}
	view := v.listing(scene.KindCapability, &o.Listing)
	view.Parts = v.parts(offerParts(), offerFields(&o))
	view.Facts = v.offerFacts(&o)
	view.Terms = v.wants(o.Wants)
	for _, x := range o.Cases {
		year := ""
		if x.Year > 0 {
			year = strconv.Itoa(x.Year)
		}
		view.Cases = append(view.Cases, ui.CaseRow{Customer: x.Customer, Year: year, Result: x.Result})
	}
	if view.Files, err = p.annex.Files(c, v.page, string(scene.KindCapability), o.ID, "", nil); err != nil {
		return scene.Wrap("portal.Capability", err)
	}
	view.Match = v.matches(ctx, scene.KindCapability, &o.Listing, offerFields(&o), v.ours(ctx, scene.KindCapability, &o.Listing), matchesBeside)
	v.page.Data = v.schemaOffer(&o)
	return v.ok(ui.ListingPageView(v.page, view))
}

// listing fills what both kinds share, and the frame.
func (v *visit) listing(kind scene.Kind, l *scene.Listing) ui.ListingPage {
	view := ui.ListingPage{
		Kind: kind, Name: v.name(l), Code: l.Code, Batch: l.Batch, Tags: l.Keywords,
		Org: v.orgName(l.OrgID, l.OrgName), OrgURL: organisationURL(l.OrgID),
	}
	view.Begin = v.interest(kind, l)
	if v.lang == locale.En {
		view.Lead = l.Summary
	}
	for _, code := range l.Fields {
		view.Fields = append(view.Fields, ui.Link{
			Text: v.dict.Label(scene.DictField, code, string(v.lang)),
			URL:  listPath(kind) + "?field=" + url.QueryEscape(code),
		})
	}
	switch {
	case l.State != scene.Published:
		view.Notice = v.t("web.listing.ended", "state", v.t("web.state."+string(l.State)))
	case !l.Open(v.at):
		view.Notice = v.t("web.listing.ended", "state", v.t("web.state.expired"))
	default:
		view.Ends, view.Soon = ui.Remaining(v.lang, l.ValidTo, v.at)
	}
	v.page.Title, v.page.Nav = view.Name, listPath(kind)[1:]
	v.page.Description = ui.Short(view.Name+" — "+view.Org, 120)
	v.page.NoIndex = view.Notice != ""
	v.page.Canonical, v.page.Kind, v.page.Image = listingURL(kind, l.ID), "article", listingURL(kind, l.ID)+"/card.png"
	view.CardURL = listingURL(kind, l.ID) + "/card"
	return view
}

// part is one headed field of a description.
type part struct{ field, key string }

func needParts() []part {
	return []part{
		{"situation", "web.part.situation"},
		{"need", "web.part.need"},
		{"targets", "web.part.targets"},
		{"works", "web.part.works"},
		{"resources", "web.part.resources"},
		{"technology", "web.part.technology"},
		{"reference", "web.part.reference"},
	}
}

func offerParts() []part {
	return []part{
		{"description", "web.part.description"},
		{"product", "web.part.product"},
		{"technology", "web.part.technology"},
		{"scenarios", "web.part.scenarios"},
		{"indicators", "web.part.indicators"},
		{"conditions", "web.part.conditions"},
		{"ip", "web.part.ip"},
	}
}

// needFields and offerFields are the texts of a listing by JSON name, as
// headings and quotations refer to them.
func needFields(o *scene.Opportunity) map[string]string {
	return map[string]string{
		"name": o.Name, "name_en": o.NameEn, "summary_en": o.Summary, "situation": o.Situation, "need": o.Need,
		"targets": o.Targets, "resources": o.Resources, "works": o.Works, "site_text": o.SiteText,
		"need_type": o.NeedType, "reference": o.Reference, "technology": o.TechText, "category": o.Category,
	}
}

func offerFields(c *scene.Capability) map[string]string {
	return map[string]string{
		"name": c.Name, "name_en": c.NameEn, "summary_en": c.Summary, "description": c.Description,
		"product": c.Product, "product_form": c.ProductForm, "technology": c.TechText,
		"scenarios": c.ScenarioText, "indicators": c.Indicators, "level": c.Level,
		"conditions": c.Conditions, "ip": c.IP, "category": c.Category,
	}
}

func (v *visit) parts(order []part, texts map[string]string) []ui.TextPart {
	var out []ui.TextPart
	for _, p := range order {
		if text := texts[p.field]; text != "" {
			out = append(out, ui.TextPart{Heading: v.t(p.key), Text: text})
		}
	}
	return out
}

// origin names the other city's centre that a listing belongs to, if one does.
func origin(l *scene.Listing) string {
	if !l.Foreign() {
		return ""
	}
	return l.Origin.Name
}

func (v *visit) needFacts(o *scene.Opportunity) []ui.Fact {
	facts := []ui.Fact{
		{Label: v.t("web.budget"), Value: ui.MoneyRange(v.lang, o.Budget)},
		{Label: v.t("web.schedule"), Value: ui.Months(v.lang, o.Schedule)},
		{Label: v.t("web.site"), Value: first(o.SiteText, v.labels(scene.DictRegion, o.Regions))},
		{Label: v.t("web.modes"), Value: v.labels(scene.DictMode, o.Modes)},
	}
	facts = known(facts, v.t("web.origin"), origin(&o.Listing))
	facts = known(facts, v.t("web.owner_kind"), v.ownerKind(o.OwnerKind))
	facts = known(facts, v.t("web.department"), o.Department)
	facts = known(facts, v.t("web.procurement"), o.Procurement)
	facts = known(facts, v.t("web.first_use"), v.truth(o.FirstUse))
	return v.dates(facts, &o.Listing)
}

func (v *visit) offerFacts(c *scene.Capability) []ui.Fact {
	facts := []ui.Fact{
		{Label: v.t("web.price"), Value: ui.MoneyRange(v.lang, c.Price)},
		{Label: v.t("web.delivery"), Value: ui.Months(v.lang, c.Delivery)},
		{Label: v.t("web.maturity.label"), Value: ui.Maturity(v.lang, c.Maturity)},
		{Label: v.t("web.modes"), Value: v.labels(scene.DictMode, c.Modes)},
	}
	facts = known(facts, v.t("web.origin"), origin(&c.Listing))
	facts = known(facts, v.t("web.serves"), v.labels(scene.DictRegion, c.Regions))
	facts = known(facts, v.t("web.qualifications"), v.qualifications(c.Qualifications))
	facts = known(facts, v.t("web.product_form"), c.ProductForm)
	facts = known(facts, v.t("web.level"), c.Level)
	facts = known(facts, v.t("web.first_of_kind"), c.FirstOfKind)
	facts = known(facts, v.t("web.domestic"), v.truth(c.Domestic))
	facts = known(facts, v.t("web.mlps"), v.mlps(c.MLPS))
	return v.dates(facts, &c.Listing)
}

func (v *visit) dates(facts []ui.Fact, l *scene.Listing) []ui.Fact {
	facts = known(facts, v.t("web.valid_to"), ui.Date(v.lang, l.ValidTo))
	return known(facts, v.t("web.updated"), ui.Date(v.lang, l.Updated))
}

// requirements lists what an owner demands; only what is demanded.
func (v *visit) requirements(e scene.Eligibility) []ui.Fact {
	var facts []ui.Fact
	facts = known(facts, v.t("web.qualifications"), v.labels(scene.DictQualification, e.Qualifications))
	facts = known(facts, v.t("web.require.regions"), v.labels(scene.DictRegion, e.Regions))
	if e.MinMaturity > 0 {
		facts = known(facts, v.t("web.require.maturity"), v.t("web.require.maturity.value", "level", e.MinMaturity))
	}
	if e.Domestic {
		facts = known(facts, v.t("web.domestic"), v.t("web.require.domestic"))
	}
	facts = known(facts, v.t("web.mlps"), v.mlps(e.MLPS))
	return known(facts, v.t("web.consortium"), v.truth(e.Consortium))
}

// wants lists what a provider demands of a scenario.
func (v *visit) wants(t scene.Terms) []ui.Fact {
	var facts []ui.Fact
	facts = known(facts, v.t("web.wants.regions"), v.labels(scene.DictRegion, t.Regions))
	if t.MinBudget > 0 {
		facts = known(facts, v.t("web.wants.budget"), ui.Money(v.lang, t.MinBudget))
	}
	return known(facts, v.t("web.modes"), v.labels(scene.DictMode, t.Modes))
}

func (v *visit) truth(t scene.Truth) string {
	if t == scene.Unknown {
		return ""
	}
	return v.t("web.truth." + t.String())
}

func (v *visit) ownerKind(k scene.OwnerKind) string {
	if k == "" {
		return ""
	}
	return v.t("web.owner_kind." + string(k))
}

func (v *visit) mlps(level int) string {
	if level == 0 {
		return ""
	}
	return v.t("web.mlps.level", "level", level)
}

func (v *visit) qualifications(list []scene.Qualification) string {
	codes := make([]string, len(list))
	for i, q := range list {
		codes[i] = q.Code
	}
	return v.labels(scene.DictQualification, codes)
}

// known adds a fact whose value is there.
func known(facts []ui.Fact, label, value string) []ui.Fact {
	if value == "" {
		return facts
	}
	return append(facts, ui.Fact{Label: label, Value: value})
}

func first(values ...string) string {
	for _, s := range values {
		if s != "" {
			return s
		}
	}
	return ""
}

// OpportunityMatches answers GET /opportunities/:id/matches.
func (p *Portal) OpportunityMatches(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	o, err := p.catalogue.Opportunity(ctx, scene.ID(c.Param("id")))
	if err != nil {
		return scene.Wrap("portal.OpportunityMatches", err)
	}
	if err := v.learnOrgs(ctx, []scene.Opportunity{o}, nil); err != nil {
		return scene.Wrap("portal.OpportunityMatches", err)
	}
	return v.matchesPage(ctx, scene.KindOpportunity, &o.Listing, needFields(&o), v.needFacts(&o))
}

// CapabilityMatches answers GET /capabilities/:id/matches.
func (p *Portal) CapabilityMatches(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	o, err := p.catalogue.Capability(ctx, scene.ID(c.Param("id")))
	if err != nil {
		return scene.Wrap("portal.CapabilityMatches", err)
	}
	if err := v.learnOrgs(ctx, nil, []scene.Capability{o}); err != nil {
		return scene.Wrap("portal.CapabilityMatches", err)
	}
	return v.matchesPage(ctx, scene.KindCapability, &o.Listing, offerFields(&o), v.offerFacts(&o))
}

func (v *visit) matchesPage(ctx context.Context, kind scene.Kind, l *scene.Listing, own map[string]string, facts []ui.Fact) error {
	v.page.Title, v.page.Nav, v.page.NoIndex = v.t("web.matches.of."+string(kind)), listPath(kind)[1:], true
	v.page.Draws = true
	found := v.matches(ctx, kind, l, own, v.ours(ctx, kind, l), matchesFull)
	found.MoreURL = ""
	if done := v.c.QueryParam("done"); v.page.Has("web.mine.done." + done) {
		found.Done = v.t("web.mine.done." + done)
	}
	view := ui.MatchesPage{
		Kind: kind, Name: v.name(l), BackURL: listingURL(kind, l.ID), Org: v.orgName(l.OrgID, l.OrgName),
		Facts: facts[:min(len(facts), 4)], Match: found,
	}
	return v.ok(ui.MatchesPageView(v.page, view))
}
