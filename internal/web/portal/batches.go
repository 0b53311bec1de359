package portal

import (
	"context"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/ui"
	"jinghe/search"
)

// batchShown bounds the entries of each kind on the page of a batch; the lists
// have all of them.
const batchShown = 100

// Batches answers GET /batches.
func (p *Portal) Batches(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	v.page.Title, v.page.Nav, v.page.More = v.t("web.batches.title"), "batches", true
	v.page.Description = v.t("web.batches.lead")
	all, err := v.catalogue.Batches(ctx)
	if err != nil {
		return scene.Wrap("portal.Batches", err)
	}
	return v.ok(ui.BatchesPageView(v.page, v.batches(ctx, all)))
}

// batches shows batches with what of each is on the market now.
func (v *visit) batches(ctx context.Context, all []scene.Batch) []ui.BatchRow {
	needs, offers := v.batchCounts(ctx, scene.KindOpportunity), v.batchCounts(ctx, scene.KindCapability)
	rows := make([]ui.BatchRow, 0, len(all))
	for i := range all {
		b := &all[i]
		row := v.batch(b)
		if row.Needs, row.Offers = -1, -1; needs != nil && offers != nil {
			row.Needs, row.Offers = needs[scene.NameKey(b.Name)], offers[scene.NameKey(b.Name)]
		}
		rows = append(rows, row)
	}
	return rows
}

func (v *visit) batch(b *scene.Batch) ui.BatchRow {
	row := ui.BatchRow{
		Name: b.Name, URL: batchURL(b.ID), Date: ui.Date(v.lang, b.Release), Intro: b.Intro,
		NeedsURL: "/opportunities?batch=" + url.QueryEscape(b.Name), OffersURL: "/capabilities?batch=" + url.QueryEscape(b.Name),
	}
	if v.lang == locale.En {
		row.Name, row.Intro = first(b.NameEn, b.Name), first(b.IntroEn, b.Intro)
	}
	return row
}

// batchCounts is the number of open entries by folded name of the batch, nil if it cannot be told.
func (v *visit) batchCounts(ctx context.Context, kind scene.Kind) map[string]int {
	r, err := v.finder.Search(ctx, kind, search.Query{Facets: []string{backend.FacetBatch}, Limit: 1})
	if err != nil {
		return nil
	}
	counts := map[string]int{}
	for _, c := range r.Facets[backend.FacetBatch] {
		counts[scene.NameKey(c.Value)] += c.Count
	}
	return counts
}

// Batch answers GET /batches/:id.
func (p *Portal) Batch(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	b, err := p.catalogue.Batch(ctx, scene.ID(c.Param("id")))
	if err != nil {
		return scene.Wrap("portal.Batch", err)
	}
	filter, page := store.ListingFilter{Batch: b.Name}, store.Page{Limit: batchShown}
	needs, err := p.catalogue.Opportunities(ctx, filter, page)
	if err != nil {
		return scene.Wrap("portal.Batch", err)
	}
	offers, err := p.catalogue.Capabilities(ctx, filter, page)
	if err != nil {
		return scene.Wrap("portal.Batch", err)
	}
	if err := v.learnOrgs(ctx, needs.Items, offers.Items); err != nil {
		return scene.Wrap("portal.Batch", err)
	}
	view := ui.BatchPage{BatchRow: v.batches(ctx, []scene.Batch{b})[0]}
	for i := range needs.Items {
		view.NeedRows = append(view.NeedRows, v.line(scene.KindOpportunity, &needs.Items[i].Listing, ui.MoneyRange(v.lang, needs.Items[i].Budget)))
	}
	for i := range offers.Items {
		view.OfferRows = append(view.OfferRows, v.line(scene.KindCapability, &offers.Items[i].Listing, ui.MoneyRange(v.lang, offers.Items[i].Price)))
	}
	view.More = needs.Next != "" || offers.Next != ""
	v.page.Title, v.page.Nav, v.page.More = view.Name, "batches", true
	v.page.Description = ui.Short(first(view.Intro, view.Name), 120)
	v.page.Canonical = view.URL
	v.page.Feeds = v.feeds(url.Values{"batch": {b.Name}}, view.Name)
	return v.ok(ui.BatchPageView(v.page, view))
}

// line is a listing as a row of a table: to scan and to print.
func (v *visit) line(kind scene.Kind, l *scene.Listing, money string) ui.Line {
	return ui.Line{
		ID: string(l.ID), Name: v.name(l), URL: listingURL(kind, l.ID), Code: l.Code, Org: v.orgName(l.OrgID, l.OrgName),
		Fields: v.labels(scene.DictField, l.Fields), Money: money, Until: ui.Date(v.lang, l.ValidTo),
		Released: ui.Date(v.lang, l.Since()),
	}
}

func batchURL(id scene.ID) string { return "/batches/" + string(id) }

// latestBatch is what the first page shows of the batch that went out last.
func (v *visit) latestBatch(ctx context.Context) ([]ui.BatchRow, error) {
	all, err := v.catalogue.Batches(ctx)
	if err != nil {
		return nil, err
	}
	return v.batches(ctx, slices.Clip(all[:min(len(all), batchesShown)])), nil
}
