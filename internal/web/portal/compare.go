package portal

import (
	"context"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

const (
	compareMost = 4
	compareText = 240 // code points of a text; the entry's own page has the rest
)

// Compare answers GET /compare?kind=…&id=…&id=…&for=…: up to four entries of one
// kind side by side, and as matches of the listing that for names, if it names
// one. The address is all there is to it, so it can be shared.
func (p *Portal) Compare(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	kind := scene.KindOpportunity
	if scene.Kind(c.QueryParam("kind")) == scene.KindCapability {
		kind = scene.KindCapability
	}
	asked := c.QueryParams()["id"]
	var wanted []scene.ID
	for _, id := range asked[:min(len(asked), maxChosen)] {
		if id := scene.ID(id); id != "" && !slices.Contains(wanted, id) && len(id) <= 64 {
			wanted = append(wanted, id)
		}
	}
	view := ui.Compare{Kind: kind, BackURL: listPath(kind), TooMany: len(wanted) > compareMost}
	wanted = wanted[:min(len(wanted), compareMost)]
	columns, err := v.columns(ctx, kind, wanted)
	if err != nil {
		return scene.Wrap("portal.Compare", err)
	}
	view.Missing = len(columns) < len(wanted)
	slices.SortStableFunc(columns, func(a, b column) int { return slices.Index(wanted, a.id) - slices.Index(wanted, b.id) })
	asker := scene.ID(c.QueryParam("for"))
	if view.Fit, err = v.fit(ctx, kind, asker, columns); err != nil {
		return scene.Wrap("portal.Compare", err)
	}
	if view.Fit != nil {
		v.page.Draws, view.BackURL = true, view.Fit.BackURL
	} else {
		asker = ""
	}
	for _, x := range columns {
		rest := slices.DeleteFunc(slices.Clone(wanted), func(id scene.ID) bool { return id == x.id })
		x.head.DropURL = compareURL(kind, asker, rest)
		view.Heads = append(view.Heads, x.head)
	}
	view.Rows = merged(columns)
	v.page.Title, v.page.Nav, v.page.NoIndex, v.page.More = v.t("web.compare.title"), listPath(kind)[1:], true, true
	return v.ok(ui.ComparePageView(v.page, view))
}

func compareURL(kind scene.Kind, asker scene.ID, ids []scene.ID) string {
	values := url.Values{"kind": {string(kind)}}
	if asker != "" {
		values.Set("for", string(asker))
	}
	for _, id := range ids {
		values.Add("id", string(id))
	}
	return "/compare?" + values.Encode()
}

// column is one entry of a comparison.
type column struct {
	id    scene.ID
	head  ui.CompareHead
	facts []ui.Fact
}

func (v *visit) columns(ctx context.Context, kind scene.Kind, wanted []scene.ID) ([]column, error) {
	var list []column
	if kind == scene.KindCapability {
		rows, err := v.catalogue.CapabilitiesByID(ctx, wanted)
		if err != nil {
			return nil, err
		}
		if err := v.learnOrgs(ctx, nil, rows); err != nil {
			return nil, err
		}
		for i := range rows {
			o := &rows[i]
			list = append(list, v.column(kind, &o.Listing, v.offerFacts(o), v.wants(o.Wants), v.parts(offerParts(), offerFields(o))))
		}
		return list, nil
	}
	rows, err := v.catalogue.OpportunitiesByID(ctx, wanted)
	if err != nil {
		return nil, err
	}
	if err := v.learnOrgs(ctx, rows, nil); err != nil {
		return nil, err
	}
	for i := range rows {
		o := &rows[i]
		list = append(list, v.column(kind, &o.Listing, v.needFacts(o), v.requirements(o.Require), v.parts(needParts(), needFields(o))))
	}
	return list, nil
}

func (v *visit) column(kind scene.Kind, l *scene.Listing, facts, terms []ui.Fact, parts []ui.TextPart) column {
	x := column{id: l.ID, head: ui.CompareHead{Name: v.name(l), URL: listingURL(kind, l.ID), Org: v.orgName(l.OrgID, l.OrgName)}}
	x.facts = append(x.facts, ui.Fact{Label: v.t("web.field"), Value: v.labels(scene.DictField, l.Fields)})
	x.facts = append(x.facts, facts...)
	for _, f := range terms {
		x.facts = append(x.facts, ui.Fact{Label: v.t("web.compare.term", "name", f.Label), Value: f.Value})
	}
	for _, part := range parts {
		x.facts = append(x.facts, ui.Fact{Label: part.Heading, Value: ui.Short(part.Text, compareText)})
	}
	return x
}

// merged lays the facts of the columns side by side, in the order in which the
// first that has one names it. What all say alike is told so.
func merged(columns []column) []ui.CompareRow {
	var rows []ui.CompareRow
	for i, x := range columns {
		for _, f := range x.facts {
			at := slices.IndexFunc(rows, func(r ui.CompareRow) bool { return r.Label == f.Label })
			if at < 0 {
				at = len(rows)
				rows = append(rows, ui.CompareRow{Label: f.Label, Values: make([]string, len(columns))})
			}
			rows[at].Values[i] = f.Value
		}
	}
	kept := rows[:0]
	for _, r := range rows {
		if slices.ContainsFunc(r.Values, func(s string) bool { return s != "" }) {
			r.Same = len(columns) > 1 && !slices.ContainsFunc(r.Values, func(s string) bool { return s != r.Values[0] })
			kept = append(kept, r)
		}
	}
	return kept
}
