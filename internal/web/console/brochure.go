package console

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
	"jinghe/internal/web/ui"
)

const (
	brochurePath = "/console/brochure"
	maxBrochure  = 3000 // entries: about as many pages
	docxType     = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// Brochure answers GET /console/brochure with the list under the filters in force,
// set for printing. Without kind both sides are in it, without state what is
// published, also what waits for its batch. What is past its validity is no offer
// any more: it is left out, which the page says, or with expired=yes has chapters
// of its own at the end.
func (o *Console) Brochure(c echo.Context) error {
	p := o.frame.Page(c)
	v, q, err := o.brochure(c, p)
	if err != nil {
		return err
	}
	p.Title, p.NoIndex, p.Desk, p.Nav = v.Title, true, true, "console"
	v.Back = ui.Link{Text: p.T("web.console.tab.entries"), URL: q.at(entries)}
	if v.Past > 0 {
		v.Also = q.at(brochurePath, "kind", c.QueryParam("kind"), "expired", "yes")
	}
	v.Files = []ui.Link{{Text: p.T("web.brochure.docx"), URL: withQuery(brochurePath+".docx", c.QueryParams())}}
	return o.frame.Render(c, http.StatusOK, ui.BrochurePage(p, v))
}

// BrochureFile answers GET /console/brochure.docx.
func (o *Console) BrochureFile(c echo.Context) error {
	p := o.frame.Page(c)
	v, _, err := o.brochure(c, p)
	if err != nil {
		return err
	}
	d := transfer.Paper{
		Lang: p.Lang, Title: v.Title, Subtitle: v.Subtitle, Imprint: v.Imprint, Contents: p.T("web.brochure.contents"), Author: o.frame.Site().Name, At: o.now(),
	}
	for _, t := range v.Overviews {
		d.Heading(1, t.Title)
		table := transfer.Table{Heads: t.Heads, Widths: []float64{6, 40, 30, 16}}
		for _, r := range t.Rows {
			table.Rows = append(table.Rows, []string{r.Number, r.Name, r.Org, r.Field})
		}
		d.Table(table)
	}
	for _, ch := range v.Chapters {
		d.Heading(1, ch.Title)
		for i := range ch.Entries {
			e := &ch.Entries[i]
			d.Heading(2, e.Number+" "+e.Name)
			facts := make([]transfer.PaperFact, len(e.Facts))
			for j, f := range e.Facts {
				facts[j] = transfer.PaperFact{Label: f.Label, Value: f.Value}
			}
			d.Facts(facts)
		}
	}
	var b bytes.Buffer
	if err := transfer.WriteDocx(&b, &d); err != nil {
		return err
	}
	return attachment(c, o.fileName(p, "web.brochure", "docx"), docxType, b.Bytes())
}

// brochure sets the list that is asked for.
func (o *Console) brochure(c echo.Context, p *ui.Page) (ui.Brochure, *question, error) {
	q := asked(c)
	if q.state == "" {
		q.filter.States = []scene.State{scene.Published}
	}
	kinds := []scene.Kind{q.kind}
	if c.QueryParam("kind") == "" {
		kinds = []scene.Kind{scene.KindOpportunity, scene.KindCapability}
	}
	site := o.frame.Site()
	v := ui.Brochure{
		Title:   cmp.Or(q.filter.Batch, p.T("web.brochure.title")),
		Imprint: []string{cmp.Or(site.Name, p.T("web.site.name")), ui.Date(p.Lang, o.now())},
	}
	if site.Contact != "" {
		v.Imprint = append(v.Imprint, p.T("web.contact")+" "+site.Contact)
	}
	for _, kind := range kinds {
		rows, err := o.registry.Rows(c.Request().Context(), actor(c), kind, q.filter, "brochure "+q.query.Encode())
		if err != nil {
			return v, nil, err
		}
		if len(rows) > maxBrochure {
			return v, nil, &scene.Error{Code: scene.TooLarge, Op: "console.brochure", Key: "brochure.too_long", Args: map[string]any{"max": maxBrochure}}
		}
		var past []scene.Row
		if q.state == "" || q.state == string(scene.Published) {
			rows, past = o.valid(rows)
		}
		if c.QueryParam("expired") != "yes" {
			v.Past += len(past)
			past = nil
		}
		o.chapters(p, kind, rows, past, &v)
		for _, count := range []struct {
			key string
			n   int
		}{{"web.brochure.count", len(rows)}, {"web.brochure.count.past", len(past)}} {
			if count.n > 0 {
				v.Subtitle += p.T(count.key, "count", count.n, "kind", p.T("web.kind."+string(kind))) + " "
			}
		}
	}
	return v, &q, nil
}

// valid divides rows into those whose validity has not ended and the rest.
func (o *Console) valid(rows []scene.Row) (valid, past []scene.Row) {
	now := o.now()
	for i := range rows {
		if rows[i].Listing().RunOut(now) {
			past = append(past, rows[i])
		} else {
			valid = append(valid, rows[i])
		}
	}
	return valid, past
}

// chapters adds the entries of one kind: a table of all, then a chapter for each
// field of use in the order of the dictionary, the entry counted in its first, and
// one for those that are past their validity.
func (o *Console) chapters(p *ui.Page, kind scene.Kind, rows, past []scene.Row, v *ui.Brochure) {
	if len(rows)+len(past) == 0 {
		return
	}
	label := p.T("web.kind." + string(kind))
	byField := map[string][]registry.Entry{}
	for i := range rows {
		field := ""
		if fields := rows[i].Listing().Fields; len(fields) > 0 {
			field = fields[0]
		}
		byField[field] = append(byField[field], entryOf(&rows[i]))
	}
	table := ui.BrochureTable{Title: p.T("web.brochure.overview", "kind", label), Heads: heads(p, "web.brochure.number", "web.rows.name", "web.rows.org", "web.entries.field")}
	for _, field := range o.fieldOrder(byField) {
		name := p.T("web.brochure.unfiled")
		if field != "" {
			name = o.dict().Label(scene.DictField, field, string(p.Lang))
		}
		v.Chapters = append(v.Chapters, o.chapter(p, kind, name, byField[field], &table, len(v.Chapters)))
	}
	if len(past) > 0 {
		list := make([]registry.Entry, len(past))
		for i := range past {
			list[i] = entryOf(&past[i])
		}
		v.Chapters = append(v.Chapters, o.chapter(p, kind, p.T("web.brochure.past"), list, &table, len(v.Chapters)))
	}
	v.Overviews = append(v.Overviews, table)
}

func entryOf(r *scene.Row) registry.Entry {
	return registry.Entry{Opportunity: r.Opportunity, Capability: r.Capability}
}

// chapter sets entries in the order of their codes, and adds a line for each to the
// table of all, whose numbers go on.
func (o *Console) chapter(p *ui.Page, kind scene.Kind, name string, list []registry.Entry, table *ui.BrochureTable, before int) ui.BrochureChapter {
	slices.SortStableFunc(list, func(a, b registry.Entry) int {
		return cmp.Or(cmp.Compare(a.Listing().Code, b.Listing().Code), cmp.Compare(a.Listing().Name, b.Listing().Name))
	})
	ch := ui.BrochureChapter{
		Mark: string(kind) + "-" + strconv.Itoa(before+1), From: len(table.Rows) + 1, To: len(table.Rows) + len(list),
		Title: p.T("web.brochure.chapter", "kind", p.T("web.kind."+string(kind)), "field", name, "count", len(list)),
	}
	for i := range list {
		l := list[i].Listing()
		e := ui.BrochureEntry{Mark: string(l.ID), Number: strconv.Itoa(ch.From + i), Name: l.Name, Facts: o.sheetNow().Printed(p, &list[i])}
		ch.Entries = append(ch.Entries, e)
		table.Rows = append(table.Rows, ui.BrochureLine{Mark: e.Mark, Number: e.Number, Name: l.Name, Org: l.OrgName, Field: name})
	}
	return ch
}

// fieldOrder returns the fields that have entries: those of the dictionary in its
// order, then others, entries without a field last.
func (o *Console) fieldOrder(byField map[string][]registry.Entry) []string {
	var order []string
	d, _ := o.dict().Get(scene.DictField)
	for _, t := range d.Terms {
		if len(byField[t.Code]) > 0 {
			order = append(order, t.Code)
		}
	}
	var others []string
	for field := range byField {
		if field != "" && !slices.Contains(order, field) {
			others = append(others, field)
		}
	}
	slices.Sort(others)
	if order = append(order, others...); len(byField[""]) > 0 {
		order = append(order, "")
	}
	return order
}
