package portal

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/ui"
	"jinghe/search"
)

// The widget is a page that other sites put into theirs, in a frame of its own:
// a list, or the matches of one entry. It knows nobody, keeps nothing in the
// browser, and looks as its address says.

const (
	embedShown = 5  // entries, unless the address says otherwise
	embedMost  = 20 // entries
)

// embedAsked is what the address of a widget asks for.
type embedAsked struct {
	query
	limit  int
	org    scene.ID
	entry  scene.ID // whose matches are shown, "" for a list
	accent string   // six hexadecimal digits, "" for the colours of the house
	box    bool     // with a search box
}

func readEmbed(c echo.Context) embedAsked {
	a := embedAsked{limit: embedShown, org: scene.ID(c.QueryParam("organisation")), accent: ui.Accent(c.QueryParam("accent")), box: c.QueryParam("search") == "yes"}
	kind := scene.KindOpportunity
	switch c.QueryParam("show") {
	case "capabilities":
		kind = scene.KindCapability
	case "matches":
		if a.entry = scene.ID(c.QueryParam("opportunity")); a.entry == "" {
			kind, a.entry = scene.KindCapability, scene.ID(c.QueryParam("capability"))
		}
	}
	a.query = readQuery(c, kind)
	a.page = 1
	if n, err := strconv.Atoi(c.QueryParam("limit")); err == nil && n > 0 {
		a.limit = min(n, embedMost)
	}
	return a
}

// Embed answers GET /embed.
func (p *Portal) Embed(c echo.Context) error {
	v, ctx, a := p.visit(c), c.Request().Context(), readEmbed(c)
	if a.org != "" {
		if o, err := p.catalogue.Organisation(ctx, a.org); err == nil {
			a.org = o.ID // it may have been merged into another
		}
	}
	v.page.Theme, v.page.Large, v.page.NoIndex = "", c.QueryParam("size") == "large", true
	if theme := c.QueryParam("theme"); theme == "light" || theme == "dark" {
		v.page.Theme = theme
	}
	view := ui.Embed{Kind: a.kind, Small: c.QueryParam("size") == "small", Query: a.text, Accent: a.accent, Height: true}
	status, fill := http.StatusOK, v.embedList
	if c.QueryParam("show") == "matches" {
		fill = v.embedMatches
	}
	if err := fill(ctx, a, &view); err != nil {
		if scene.CodeOf(err) != scene.NotFound {
			return scene.Wrap("portal.Embed", err)
		}
		status, view.Notice = http.StatusNotFound, v.t("web.embed.gone")
	}
	v.page.Title = view.Title
	return v.render(status, ui.EmbedPage(v.page, view))
}

// embedList fills a list: as the index orders it, or while that is away the
// entries changed last.
func (v *visit) embedList(ctx context.Context, a embedAsked, view *ui.Embed) (err error) {
	view.Title, view.AllURL = v.t("web.list."+string(a.kind)), a.address()
	if a.box {
		view.Keep = embedKeep(v.c)
	}
	q := a.search()
	q.Limit, q.Facets = a.limit, nil
	if a.org != "" {
		q.Filter = append(q.Filter, search.Clause{Facet: backend.FacetOwner, AnyOf: []string{string(a.org)}})
		view.AllURL = organisationURL(a.org)
	}
	r, err := v.finder.Search(ctx, a.kind, q)
	if err != nil {
		v.log.WarnContext(ctx, "index away, widget from rows", "error", err)
		return v.embedRows(ctx, a, view)
	}
	view.Total = r.Total
	if a.kind == scene.KindCapability {
		view.Cards, err = v.offerCards(ctx, r.Hits)
	} else {
		view.Cards, err = v.needCards(ctx, r.Hits)
	}
	for i := range view.Cards {
		view.Cards[i].Pick = "" // nothing to compare with
	}
	return err
}

func (v *visit) embedRows(ctx context.Context, a embedAsked, view *ui.Embed) error {
	filter := store.ListingFilter{Newest: true, OrgID: a.org}
	if fields := a.chosen[backend.FacetField]; len(fields) == 1 {
		filter.Field = fields[0]
	}
	if batches := a.chosen[backend.FacetBatch]; len(batches) == 1 {
		filter.Batch = batches[0]
	}
	page := store.Page{Limit: a.limit}
	if a.kind == scene.KindCapability {
		rows, err := v.catalogue.Capabilities(ctx, filter, page)
		if err != nil {
			return err
		}
		for i := range rows.Items {
			view.Cards = append(view.Cards, v.offerCard(&rows.Items[i], search.Hit{}))
		}
		return v.learnOrgs(ctx, nil, rows.Items)
	}
	rows, err := v.catalogue.Opportunities(ctx, filter, page)
	if err != nil {
		return err
	}
	for i := range rows.Items {
		view.Cards = append(view.Cards, v.needCard(&rows.Items[i], search.Hit{}))
	}
	return v.learnOrgs(ctx, rows.Items, nil)
}

// embedMatches fills the matches of one entry.
func (v *visit) embedMatches(ctx context.Context, a embedAsked, view *ui.Embed) error {
	var l *scene.Listing
	var own map[string]string
	if a.kind == scene.KindOpportunity {
		o, err := v.catalogue.Opportunity(ctx, a.entry)
		if err != nil {
			view.Title = v.t("web.matches.of." + string(a.kind))
			return err
		}
		l, own = &o.Listing, needFields(&o)
	} else {
		o, err := v.catalogue.Capability(ctx, a.entry)
		if err != nil {
			view.Title = v.t("web.matches.of." + string(a.kind))
			return err
		}
		l, own = &o.Listing, offerFields(&o)
	}
	found := v.matches(ctx, a.kind, l, own, ours{}, a.limit) // the same for every reader
	view.Title, view.Of, view.AllURL = v.t("web.matches.of."+string(a.kind)), v.name(l), listingURL(a.kind, l.ID)+"/matches"
	view.Kind, view.Matches, view.Notice = found.Kind, found.Items, found.Notice
	return nil
}

// embedKeep is what a search in the widget takes along.
func embedKeep(c echo.Context) []ui.Fact {
	var keep []ui.Fact
	for _, name := range []string{"show", "field", "batch", "organisation", "limit", "theme", "accent", "size", "search", "lang"} {
		if value := c.QueryParam(name); value != "" && len(value) <= 200 {
			keep = append(keep, ui.Fact{Label: name, Value: strings.ToValidUTF8(value, "")})
		}
	}
	return keep
}

// EmbedTheme answers GET /embed/theme.css?accent=RRGGBB with that colour, moved as
// far as needed to be read on either ground; nothing without one.
func (p *Portal) EmbedTheme(c echo.Context) error {
	asked, style := c.QueryParam("accent"), ""
	accent := ui.Accent(asked)
	switch {
	case accent != "":
		style = ui.AccentStyle(accent)
	case asked != "":
		return &scene.Error{Code: scene.Invalid, Op: "portal.EmbedTheme", Key: "web.embed.accent"}
	}
	c.Response().Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(int((24*time.Hour).Seconds())))
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(style))
}

// Widget answers GET /developers/widget: how to put lists and matches into pages
// elsewhere, and what that looks like. allowed are the sites that may.
func (p *Portal) Widget(allowed []string) echo.HandlerFunc {
	return func(c echo.Context) error {
		v := p.visit(c)
		v.page.Title, v.page.More = v.t("web.embed.title"), true
		return v.ok(ui.WidgetPage(v.page, ui.Widget{Site: v.address(), Allowed: allowed, Entry: v.newestNeed(c.Request().Context())}))
	}
}

// newestNeed is an open opportunity to show matches of, "" where there is none.
func (v *visit) newestNeed(ctx context.Context) string {
	rows, err := v.catalogue.Opportunities(ctx, store.ListingFilter{}, store.Page{Limit: 1})
	if err != nil || len(rows.Items) == 0 {
		return ""
	}
	return string(rows.Items[0].ID)
}
