package console

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Record answers GET /console/record?who=LOGIN&noun=NOUN&row=ID&since=DAY&until=DAY.
func (o *Console) Record(c echo.Context) error {
	ctx, by := c.Request().Context(), actor(c)
	p, tabs, err := o.page(c, "web.console.tab.record", record)
	if err != nil {
		return err
	}
	lines, next, err := o.folded(ctx, by, o.recordAsked(c), c.QueryParam("after"))
	if err != nil {
		return err
	}
	v := ui.Record{
		Nav: tabs, Filter: recordFilter(c, p), Next: after(record, c.QueryParams(), next),
		Files: []ui.Link{
			{Text: p.T("web.export.xlsx"), URL: withQuery(record+".xlsx", c.QueryParams())}, {Text: p.T("web.export.csv"), URL: withQuery(record+".csv", c.QueryParams())},
		},
	}
	ids := make([]scene.ID, len(lines))
	for i := range lines {
		ids[i] = lines[i].Actor
	}
	people, err := o.accounts.Who(ctx, ids...)
	if err != nil {
		return err
	}
	for i := range lines {
		row := recordRow(p, by, people, &lines[i].Audit)
		if n := lines[i].times; n > 1 {
			row.Times = p.T("web.record.times", "count", n, "since", ui.Minute(lines[i].first))
		}
		v.Rows = append(v.Rows, row)
	}
	return o.frame.Render(c, http.StatusOK, ui.RecordPage(p, v))
}

// withQuery is an address with what a list was asked for, without the place in it.
func withQuery(path string, query url.Values) string {
	q := url.Values{}
	for name, values := range query {
		if name != "after" && len(values) > 0 && values[0] != "" {
			q[name] = values
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// recordAsked reads what of the record is asked for.
func (o *Console) recordAsked(c echo.Context) store.AuditFilter {
	f := store.AuditFilter{Noun: c.QueryParam("noun"), Action: c.QueryParam("action"), Row: scene.ID(c.QueryParam("row"))}
	if day, err := time.ParseInLocation(time.DateOnly, c.QueryParam("since"), scene.China()); err == nil {
		f.Since = day
	}
	if day, err := time.ParseInLocation(time.DateOnly, c.QueryParam("until"), scene.China()); err == nil {
		f.Until = day.AddDate(0, 0, 1)
	}
	if who := c.QueryParam("who"); who != "" {
		f.Actor = scene.ID(who)
		if a, err := o.accounts.Find(c.Request().Context(), actor(c), who); err == nil {
			f.Actor = a.ID
		}
	}
	return f
}

func recordFilter(c echo.Context, p *ui.Page) ui.Form {
	noun := ui.Field{Name: "noun", Label: p.T("web.record.noun"), Type: "choice", Options: []ui.Option{{Label: p.T("web.record.any")}}}
	for _, n := range []string{"account", "organisation", "opportunity", "capability", "batch", "showcase", "import", "vocabulary"} {
		noun.Options = append(noun.Options, ui.Option{Value: n, Label: p.T("web.record.noun." + n), Chosen: c.QueryParam("noun") == n})
	}
	return ui.Form{Groups: []ui.Group{{Fields: []ui.Field{
		{Name: "who", Label: p.T("web.record.who"), Value: c.QueryParam("who"), Max: 100},
		noun,
		{Name: "row", Label: p.T("web.record.id"), Value: c.QueryParam("row"), Max: 40},
		{Name: "since", Label: p.T("web.record.since"), Type: "date", Value: c.QueryParam("since")},
		{Name: "until", Label: p.T("web.record.until"), Type: "date", Value: c.QueryParam("until")},
	}}}}
}

func recordRow(p *ui.Page, by scene.Actor, people map[scene.ID]account.Person, l *scene.Audit) ui.RecordRow {
	row := ui.RecordRow{
		When: ui.Minute(l.At), Who: frame.Person(p, people, l.Actor, l.Name), From: l.From, What: l.Action, Noun: l.Noun, Row: string(l.Row), Note: l.Note,
	}
	if row.Who == "" {
		row.Who = p.T("web.record.visitor")
	}
	if _, known := people[l.Actor]; known {
		row.Login, _, _ = strings.Cut(l.Name, " · ")
	}
	if p.Has("web.record.action." + l.Action) {
		row.What = p.T("web.record.action." + l.Action)
	}
	if p.Has("web.record.noun." + l.Noun) {
		row.Noun = p.T("web.record.noun." + l.Noun)
	}
	switch kind := scene.Kind(l.Noun); {
	case l.Noun == "account" && l.Row != "":
		row.RowURL = accounts + "/" + row.Row
	case (kind == scene.KindOpportunity || kind == scene.KindCapability) && by.MayEver(scene.ListingRead):
		row.RowURL = frame.EntryURL(reviews, kind, l.Row)
	}
	for _, d := range l.Changes {
		row.Changes = append(row.Changes, ui.NewDiffRow(d.Field, d.Before, d.After))
	}
	return row
}

// foldedLine is a line of the record, or several that failed alike.
type foldedLine struct {
	scene.Audit           // the latest
	first       time.Time // of the earliest
	times       int
}

const (
	foldWithin = time.Hour // between the first and the last of those that are told as one
	foldPages  = 20        // of the record that are read for one page at most
)

// folded reads the record from after on until a page is full: failures of one
// sort, at one thing and from one address, within an hour, are one line. The
// record itself keeps each, and so do the files.
func (o *Console) folded(ctx context.Context, by scene.Actor, f store.AuditFilter, after string) (lines []foldedLine, next string, err error) {
	type failure struct {
		action    string
		row       scene.ID
		from, who string
	}
	at := map[failure]int{}
	for range foldPages {
		rows, err := o.accounts.Record(ctx, by, f, store.Page{After: after, Limit: perPage})
		if err != nil {
			return nil, "", err
		}
		for _, l := range rows.Items {
			key := failure{l.Action, l.Row, l.From, l.Name}
			i, before := at[key]
			if strings.HasSuffix(l.Action, "_failed") && before && lines[i].At.Sub(l.At) <= foldWithin {
				lines[i].first, lines[i].times = l.At, lines[i].times+1
				continue
			}
			at[key] = len(lines)
			lines = append(lines, foldedLine{Audit: l, first: l.At, times: 1})
		}
		if after = rows.Next; after == "" || len(lines) >= perPage {
			break
		}
	}
	return lines, after, nil
}
