package portal

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/ui"
	"jinghe/search"
)

// Search answers GET /search with the kind that was asked for, or else with
// the kind that has more to show.
func (p *Portal) Search(c echo.Context) error {
	kind := scene.Kind(c.QueryParam("kind"))
	if kind != scene.KindOpportunity && kind != scene.KindCapability {
		kind = p.richerKind(c)
	}
	return p.list(c, kind)
}

// Opportunities answers GET /opportunities.
func (p *Portal) Opportunities(c echo.Context) error { return p.list(c, scene.KindOpportunity) }

// Capabilities answers GET /capabilities.
func (p *Portal) Capabilities(c echo.Context) error { return p.list(c, scene.KindCapability) }

// richerKind is capabilities where no opportunity is found, else opportunities.
func (p *Portal) richerKind(c echo.Context) scene.Kind {
	q := readQuery(c, scene.KindOpportunity).search()
	q.Limit, q.Facets, q.Highlight = 1, nil, nil
	found, err := p.finder.Search(c.Request().Context(), scene.KindOpportunity, q)
	if err == nil && found.Total == 0 {
		return scene.KindCapability
	}
	return scene.KindOpportunity
}

func (p *Portal) list(c echo.Context, kind scene.Kind) error {
	v, ctx, q := p.visit(c), c.Request().Context(), readQuery(c, kind)
	v.page.Title, v.page.Query = v.t("web.list."+string(kind)), q.text
	v.page.Nav, v.page.OwnSearch = listPath(kind)[1:], true
	v.page.NoIndex = q.text != "" || len(q.chosen) > 0 || q.lines
	v.page.Canonical, v.page.More = q.canonical(), q.lines
	v.page.Description = v.t("web.list.description." + string(kind))
	if address := q.feed(); address != "" {
		v.page.Feeds = []ui.Link{{Text: v.t("web.feed.title", "name", v.page.Title), URL: address}}
	}
	view, err := v.found(ctx, q)
	if scene.CodeOf(err) == scene.Unavailable {
		p.log.WarnContext(ctx, "index away, listing rows", "error", err)
		view, err = v.listed(ctx, q)
	}
	if err != nil {
		return scene.Wrap("portal.list", err)
	}
	view.Kind, view.Query, view.Keep = kind, q.text, v.keep(q)
	view.Lines, view.FeedURL = q.lines, q.feed()
	cards, lines := q, q
	cards.lines, lines.lines = false, true
	view.Views = []ui.Link{
		{Text: v.t("web.view.cards"), URL: cards.address(), Active: !q.lines}, {Text: v.t("web.view.lines"), URL: lines.address(), Active: q.lines},
	}
	if q.lines {
		view.Hidden = append(view.Hidden, ui.Fact{Label: "view", Value: "lines"})
	}
	for name, values := range q.chosen {
		for _, value := range values {
			view.Hidden = append(view.Hidden, ui.Fact{Label: name, Value: value})
		}
	}
	slices.SortFunc(view.Hidden, func(a, b ui.Fact) int { return slices.Compare([]string{a.Label, a.Value}, []string{b.Label, b.Value}) })
	return v.ok(ui.ResultsPage(v.page, view))
}

// keep is where this search can be kept by who looks, or by a visitor once he
// has signed in; "" where it asks nothing that could be kept.
func (v *visit) keep(q query) string {
	by := edge.From(v.c.Request().Context()).Actor
	asks := q.text != "" || len(q.chosen[backend.FacetField]) > 0 || len(q.chosen[backend.FacetRegion]) > 0
	if !v.page.Open || !asks || by.Known() && !by.MayEver(scene.SearchKeep) {
		return ""
	}
	values := url.Values{"kind": {string(q.kind)}}
	if q.text != "" {
		values.Set("q", q.text)
	}
	for _, name := range []string{backend.FacetField, backend.FacetRegion, backend.FacetMode, backend.FacetStage} {
		if chosen := q.chosen[name]; len(chosen) > 0 {
			values[name] = chosen
		}
	}
	return "/workspace/searches/new?" + values.Encode()
}

// found asks the index.
func (v *visit) found(ctx context.Context, q query) (ui.Results, error) {
	r, err := v.finder.Search(ctx, q.kind, q.search())
	if err != nil {
		return ui.Results{}, err
	}
	view := ui.Results{Total: r.Total, Corrected: r.Corrected, Partial: r.Partial, ClearURL: query{kind: q.kind, text: q.text}.address()}
	if q.kind == scene.KindCapability {
		view.Cards, err = v.offerCards(ctx, r.Hits)
	} else {
		view.Cards, err = v.needCards(ctx, r.Hits)
	}
	if err != nil {
		return ui.Results{}, err
	}
	v.facets(&view, q, r)
	v.sorts(&view, q)
	view.Tabs = v.tabs(q, v.otherTotal(ctx, q), r.Total)
	view.Pager = v.pager(q, r.Total)
	if len(r.Hits) == 0 && view.Pager.Pages > 0 {
		v.page.NoIndex = true
		view.Beyond, view.Pager.Prev = q.at(view.Pager.Pages).address(), ""
	}
	if r.Total == 0 && q.text != "" {
		view.Tries = v.tries(ctx, q)
	}
	if r.Building {
		view.Notice = v.t("web.search.building")
	}
	return view, nil
}

// tries are searches that find something where this one does not: what begins
// like one of its words, or else the fields that the city has most of. What
// cannot be had is left out.
func (v *visit) tries(ctx context.Context, q query) []ui.Link {
	var out []ui.Link
	for _, word := range strings.Fields(q.text)[:min(len(strings.Fields(q.text)), 3)] {
		runes := []rune(word)
		for _, begin := range []string{word, string(runes[:min(len(runes), 2)])} {
			found, err := v.finder.Suggest(ctx, q.kind, begin, hintsShown)
			if err != nil {
				return nil
			}
			for _, s := range found {
				link := ui.Link{Text: s.Text, URL: query{kind: q.kind, text: s.Text}.address()}
				if len(out) < hintsShown && !slices.Contains(out, link) {
					out = append(out, link)
				}
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	counts, err := v.catalogue.Counts(ctx)
	if err != nil {
		return nil
	}
	return v.hints(map[scene.Kind]map[string]int{q.kind: counts[q.kind]}, listPath(q.kind))
}

// otherTotal counts the results of the other kind, -1 if it cannot be told.
func (v *visit) otherTotal(ctx context.Context, q query) int {
	if field, ok := q.oneField(); ok { // is counted anyway
		counts, err := v.catalogue.Counts(ctx)
		if err != nil {
			return -1
		}
		return counts[otherKind(q.kind)][field]
	}
	s := q.of(otherKind(q.kind)).search()
	s.Offset, s.Limit, s.Sort, s.Facets, s.Highlight = 0, search.NoHits, nil, nil, nil
	r, err := v.finder.Search(ctx, otherKind(q.kind), s)
	if err != nil {
		return -1
	}
	return r.Total
}

func (v *visit) facets(view *ui.Results, q query, r search.Result) {
	for _, d := range dimensions() {
		f := ui.Facet{Label: v.t("web.facet." + d.name)}
		counts := r.Facets[d.name]
		if d.dict == scene.DictRegion && len(q.chosen[d.name]) == 0 {
			counts = narrowing(counts, r.Total)
		}
		for _, value := range chosenFirst(counts, q.chosen[d.name], d.shown) {
			active := q.has(d.name, value.Value)
			link := ui.Link{Text: v.facetLabel(d, value.Value), URL: q.toggled(d.name, value.Value).address(), Active: active}
			f.Values = append(f.Values, ui.FacetValue{Link: link, Count: value.Count})
			if active {
				view.Chosen = append(view.Chosen, link)
			}
		}
		if len(f.Values) > 0 {
			view.Facets = append(view.Facets, f)
		}
	}
}

// narrowing drops the divisions that every result lies in: country, province.
func narrowing(counts []search.FacetCount, total int) []search.FacetCount {
	return slices.DeleteFunc(slices.Clone(counts), func(c search.FacetCount) bool { return c.Count == total })
}

// chosenFirst keeps the values in force, also those that nothing carries, and
// then the most frequent ones.
func chosenFirst(counts []search.FacetCount, chosen []string, limit int) []search.FacetCount {
	var first, rest []search.FacetCount
	for _, name := range chosen {
		i := slices.IndexFunc(counts, func(c search.FacetCount) bool { return c.Value == name })
		if i < 0 {
			first = append(first, search.FacetCount{Value: name})
		} else {
			first = append(first, counts[i])
		}
	}
	for _, c := range counts {
		if !slices.Contains(chosen, c.Value) {
			rest = append(rest, c)
		}
	}
	return append(first, rest[:min(len(rest), max(limit-len(first), 0))]...)
}

func (v *visit) facetLabel(d dimension, value string) string {
	switch {
	case d.dict != "":
		return v.dict.Label(d.dict, value, string(v.lang))
	case d.name == backend.FacetStage && v.page.Has("web.stage."+value):
		return v.t("web.stage." + value)
	}
	return value
}

func (v *visit) sorts(view *ui.Results, q query) {
	for _, o := range orders(q.kind) {
		if o.name == "relevance" && q.text == "" {
			continue
		}
		view.Sorts = append(view.Sorts, ui.Link{
			Text: v.t("web.sort." + o.name), URL: q.sorted(o.name).address(), Active: o.name == q.order(),
		})
	}
}

func (v *visit) tabs(q query, other, own int) []ui.Tab {
	tabs := make([]ui.Tab, 0, 2)
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		count := other
		if kind == q.kind {
			count = own
		}
		tabs = append(tabs, ui.Tab{
			Link: ui.Link{Text: v.t("web.kind." + string(kind)), URL: q.of(kind).address(), Active: kind == q.kind},
			Kind: kind, Count: count,
		})
	}
	return tabs
}

func (v *visit) pager(q query, total int) ui.Pager {
	p := ui.Pager{Page: q.page, Pages: min((total+pageSize-1)/pageSize, lastPage)}
	if q.page > 1 {
		p.Prev = q.at(q.page - 1).address()
	}
	if q.page < p.Pages {
		p.Next = q.at(q.page + 1).address()
	}
	return p
}

// listed reads rows when the index is away: newest first, by field and batch only.
func (v *visit) listed(ctx context.Context, q query) (ui.Results, error) {
	filter := store.ListingFilter{Newest: true}
	if fields := q.chosen[backend.FacetField]; len(fields) == 1 {
		filter.Field = fields[0]
	}
	if batches := q.chosen[backend.FacetBatch]; len(batches) == 1 {
		filter.Batch = batches[0]
	}
	view := ui.Results{Notice: v.t("web.search.away"), ClearURL: query{kind: q.kind}.address()}
	counts, err := v.catalogue.Counts(ctx)
	if err != nil {
		return view, err
	}
	view.Total = counts[q.kind][filter.Field]
	var next string
	if q.kind == scene.KindCapability {
		rows, err := v.catalogue.Capabilities(ctx, filter, store.Page{After: q.after, Limit: pageSize})
		if err != nil {
			return view, err
		}
		if err := v.learnOrgs(ctx, nil, rows.Items); err != nil {
			return view, err
		}
		for i := range rows.Items {
			view.Cards = append(view.Cards, v.offerCard(&rows.Items[i], search.Hit{}))
		}
		next = rows.Next
	} else {
		rows, err := v.catalogue.Opportunities(ctx, filter, store.Page{After: q.after, Limit: pageSize})
		if err != nil {
			return view, err
		}
		if err := v.learnOrgs(ctx, rows.Items, nil); err != nil {
			return view, err
		}
		for i := range rows.Items {
			view.Cards = append(view.Cards, v.needCard(&rows.Items[i], search.Hit{}))
		}
		next = rows.Next
	}
	view.Tabs = v.tabs(q, counts[otherKind(q.kind)][filter.Field], view.Total)
	if next != "" {
		q.after = next
		view.Pager.Next = q.address()
	}
	return view, nil
}

func otherKind(kind scene.Kind) scene.Kind {
	if kind == scene.KindCapability {
		return scene.KindOpportunity
	}
	return scene.KindCapability
}
