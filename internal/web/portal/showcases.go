package portal

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/ui"
)

const (
	showcasesHome = 3
	showcasesPage = 24
)

// Showcases answers GET /showcases?field=CODE&after=CURSOR.
func (p *Portal) Showcases(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	v.page.Title, v.page.Nav, v.page.More = v.t("web.showcases.title"), "showcases", true
	v.page.Description = v.t("web.showcases.lead")
	all, err := v.allShowcases(ctx)
	if err != nil {
		return scene.Wrap("portal.Showcases", err)
	}
	field := c.QueryParam("field")
	view := ui.ShowcasesPage{Fields: v.showcaseFields(all, field)}
	if field != "" {
		all = slices.DeleteFunc(all, func(s scene.Showcase) bool { return !slices.Contains(s.Fields, field) })
	}
	start, next := pageOf(c, len(all))
	for i := range all[start:next] {
		view.Cards = append(view.Cards, v.showcaseCard(&all[start+i]))
	}
	view.Total = len(all)
	v.page.Canonical, v.page.NoIndex = "/showcases", field != "" || start > 0
	view.Pager = showcasePager(start, next, len(all), field)
	return v.ok(ui.ShowcasesPageView(v.page, view))
}

// pageOf reads ?page=N over n items.
func pageOf(c echo.Context, n int) (start, next int) {
	page := readPageNumber(c)
	start = min((page-1)*showcasesPage, n)
	return start, min(start+showcasesPage, n)
}

func showcasePager(start, next, n int, field string) ui.Pager {
	address := func(page int) string {
		values := url.Values{}
		if field != "" {
			values.Set("field", field)
		}
		return withPage("/showcases", values, page)
	}
	p := ui.Pager{Page: start/showcasesPage + 1, Pages: (n + showcasesPage - 1) / showcasesPage}
	if start > 0 {
		p.Prev = address(min(p.Page-1, max(p.Pages, 1)))
	}
	if next < n {
		p.Next = address(p.Page + 1)
	}
	return p
}

// allShowcases reads what is published. A city has dozens, not thousands.
func (v *visit) allShowcases(ctx context.Context) ([]scene.Showcase, error) {
	rows, err := v.catalogue.Showcases(ctx, scene.Published, store.Page{Limit: store.MaxPage})
	return rows.Items, err
}

// showcaseFields are the fields of use that have showcases, with how many.
func (v *visit) showcaseFields(all []scene.Showcase, active string) []ui.FacetValue {
	counts := map[string]int{}
	for i := range all {
		for _, f := range all[i].Fields {
			counts[f]++
		}
	}
	var out []ui.FacetValue
	d, _ := v.dict.Get(scene.DictField)
	for _, term := range d.Terms {
		if counts[term.Code] == 0 && term.Code != active {
			continue
		}
		link := ui.Link{Text: v.dict.Label(scene.DictField, term.Code, string(v.lang)), URL: "/showcases?field=" + url.QueryEscape(term.Code), Active: term.Code == active}
		if link.Active {
			link.URL = "/showcases"
		}
		out = append(out, ui.FacetValue{Link: link, Count: counts[term.Code]})
	}
	return out
}

func (v *visit) showcaseName(s *scene.Showcase) string {
	if v.lang == locale.En {
		return first(s.NameEn, s.Name)
	}
	return s.Name
}

func (v *visit) showcaseCard(s *scene.Showcase) ui.ShowcaseCard {
	c := ui.ShowcaseCard{
		Name: v.showcaseName(s), URL: showcaseURL(s.ID), Owner: s.Owner, Provider: s.Provider,
		Fields: v.labels(scene.DictField, s.Fields), Since: v.month(s.Since), Plate: s.Plate, Text: ui.Short(s.Scenario, 72),
	}
	if v.lang == locale.En && s.Summary != "" {
		c.Text = s.Summary
	}
	if len(s.Figures) > 0 {
		c.Figure = figure(s.Figures[0])
	}
	return c
}

func figure(f scene.Figure) *ui.Figure {
	return &ui.Figure{Name: f.Name, Before: f.Before, After: f.After, Unit: f.Unit}
}

// month renders YYYY-MM.
func (v *visit) month(s string) string {
	year, month, ok := strings.Cut(s, "-")
	if !ok {
		return s
	}
	return v.t("web.month", "year", year, "month", strings.TrimPrefix(month, "0"))
}

// Showcase answers GET /showcases/:id.
func (p *Portal) Showcase(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	s, err := p.catalogue.Showcase(ctx, scene.ID(c.Param("id")))
	if err != nil {
		return scene.Wrap("portal.Showcase", err)
	}
	view := ui.ShowcasePage{
		Name: v.showcaseName(&s), Owner: s.Owner, Provider: s.Provider, Plate: s.Plate,
		Before: s.Before, After: s.After,
		Parts: v.parts([]part{{"scenario", "web.showcase.scenario"}, {"conditions", "web.showcase.conditions"}, {"evidence", "web.showcase.evidence"}},
			map[string]string{"scenario": s.Scenario, "conditions": s.Conditions, "evidence": s.Evidence}),
	}
	if v.lang == locale.En {
		view.Lead = s.Summary
	}
	if view.PicturesBefore, view.PicturesAfter, err = p.annex.Pictures(c, s.ID); err != nil {
		return scene.Wrap("portal.Showcase", err)
	}
	for _, f := range s.Figures {
		view.Figures = append(view.Figures, *figure(f))
	}
	for _, code := range s.Fields {
		view.Fields = append(view.Fields, ui.Link{
			Text: v.dict.Label(scene.DictField, code, string(v.lang)), URL: "/showcases?field=" + url.QueryEscape(code),
		})
	}
	view.Facts = known(view.Facts, v.t("web.showcase.owner"), s.Owner)
	view.Facts = known(view.Facts, v.t("web.showcase.provider"), s.Provider)
	view.Facts = known(view.Facts, v.t("web.showcase.site"), s.Site)
	view.Facts = known(view.Facts, v.t("web.showcase.since"), v.month(s.Since))
	view.Facts = known(view.Facts, v.t("web.showcase.investment"), ui.MoneyRange(v.lang, s.Investment))
	view.Facts = known(view.Facts, v.t("web.showcase.plate"), s.Plate)
	if view.Related, err = v.related(ctx, &s); err != nil {
		return scene.Wrap("portal.Showcase", err)
	}
	v.page.Title, v.page.Nav, v.page.More = view.Name, "showcases", true
	v.page.Description = ui.Short(first(view.Lead, s.Scenario), 120)
	v.page.Canonical, v.page.Kind, v.page.Data = showcaseURL(s.ID), "article", v.schemaShowcase(&s)
	return v.ok(ui.ShowcasePageView(v.page, view))
}

// related are the entries that a showcase grew from, as cards.
func (v *visit) related(ctx context.Context, s *scene.Showcase) ([]ui.Card, error) {
	var cards []ui.Card
	if s.Opportunity != "" {
		o, err := v.catalogue.Opportunity(ctx, s.Opportunity)
		if err != nil {
			return nil, err
		}
		if err := v.learnOrgs(ctx, []scene.Opportunity{o}, nil); err != nil {
			return nil, err
		}
		cards = append(cards, v.needCard(&o, noHit()))
	}
	if s.Capability != "" {
		o, err := v.catalogue.Capability(ctx, s.Capability)
		if err != nil {
			return nil, err
		}
		if err := v.learnOrgs(ctx, nil, []scene.Capability{o}); err != nil {
			return nil, err
		}
		cards = append(cards, v.offerCard(&o, noHit()))
	}
	return cards, nil
}

func showcaseURL(id scene.ID) string { return "/showcases/" + string(id) }

// homeShowcases are the latest ones.
func (v *visit) homeShowcases(ctx context.Context) ([]ui.ShowcaseCard, error) {
	rows, err := v.catalogue.Showcases(ctx, scene.Published, store.Page{Limit: showcasesHome})
	cards := make([]ui.ShowcaseCard, 0, len(rows.Items))
	for i := range rows.Items {
		cards = append(cards, v.showcaseCard(&rows.Items[i]))
	}
	return cards, err
}
