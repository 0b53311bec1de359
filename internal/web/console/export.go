package console

import (
	"bytes"
	"context"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/transfer"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// maxTable bounds the lines of a list that a page writes to a file.
const maxTable = 100_000

// EntriesFile answers GET /console/entries.xlsx with the list under the filters in
// force, in a form that imports back unchanged; contacts are masked. layout names
// one of the printed lists of others instead.
func (o *Console) EntriesFile(c echo.Context) error {
	ctx, q := c.Request().Context(), asked(c)
	layout := transfer.Layout(c.QueryParam("layout"))
	if layout == transfer.Free {
		layout = transfer.Jinghe
	}
	rows, err := o.registry.Rows(ctx, actor(c), q.kind, q.filter, q.query.Encode())
	if err != nil {
		return err
	}
	p := o.frame.Page(c)
	var b bytes.Buffer
	if _, err := transfer.Write(ctx, &b, transfer.XLSX, layout, rows, transfer.WriteOptions{Dictionaries: o.dict()}); err != nil {
		return err
	}
	return attachment(c, o.fileName(p, "web.kind."+string(q.kind), "xlsx"), backend.WorkbookType, b.Bytes())
}

// fileName names a file by what it holds and its day.
func (o *Console) fileName(p *ui.Page, key, ending string) string {
	return p.T(key) + "-" + o.now().In(scene.China()).Format("20060102") + "." + ending
}

// sendTable sends a list as a workbook, or as CSV.
func (o *Console) sendTable(c echo.Context, p *ui.Page, key, ending string, t *transfer.Table) error {
	t.Name = p.T(key)
	var b bytes.Buffer
	if ending == "csv" {
		if err := transfer.WriteTableCSV(c.Request().Context(), &b, *t); err != nil {
			return err
		}
		return attachment(c, o.fileName(p, key, ending), "text/csv; charset=utf-8", b.Bytes())
	}
	if err := transfer.WriteTables(c.Request().Context(), &b, []transfer.Table{*t}); err != nil {
		return err
	}
	return attachment(c, o.fileName(p, key, ending), backend.WorkbookType, b.Bytes())
}

// heads are the heads of a table by their message keys.
func heads(p *ui.Page, keys ...string) []string {
	list := make([]string, len(keys))
	for i, k := range keys {
		list[i] = p.T(k)
	}
	return list
}

// all hands every row of a list to fn; more than maxTable are TooLarge.
func all[T any](ctx context.Context, list func(context.Context, store.Page) (store.Rows[T], error), fn func(*T)) error {
	n := 0
	for page := (store.Page{Limit: store.MaxPage}); ; {
		rows, err := list(ctx, page)
		if err != nil {
			return err
		}
		if n += len(rows.Items); n > maxTable {
			return &scene.Error{Code: scene.TooLarge, Key: "listing.too_many_rows", Args: map[string]any{"max": maxTable}}
		}
		for i := range rows.Items {
			fn(&rows.Items[i])
		}
		if page.After = rows.Next; page.After == "" {
			return nil
		}
	}
}

// OrganisationsFile answers GET /console/organisations.xlsx.
func (o *Console) OrganisationsFile(c echo.Context) error {
	p := o.frame.Page(c)
	t := transfer.Table{Heads: heads(p, "web.rows.org", "web.credit_code", "web.owner_kind", "web.org.aliases", "web.people.since"), Widths: []float64{36, 22, 16, 36, 18}}
	err := all(c.Request().Context(), o.registry.Organisations, func(org *scene.Organisation) {
		t.Rows = append(t.Rows, []string{org.Name, string(org.CreditCode), ownerKind(p, org.Kind), strings.Join(org.Aliases, "\n"), ui.Minute(org.Created)})
	})
	if err != nil {
		return err
	}
	return o.sendTable(c, p, "web.console.tab.organisations", "xlsx", &t)
}

func ownerKind(p *ui.Page, kind scene.OwnerKind) string {
	if kind == "" {
		return ""
	}
	return p.T("web.owner_kind." + string(kind))
}

// PeopleFile answers GET /console/accounts.xlsx?state=STATE with what the page shows.
func (o *Console) PeopleFile(c echo.Context) error {
	ctx, by := c.Request().Context(), actor(c)
	p := o.frame.Page(c)
	f := store.AccountFilter{State: scene.AccountState(c.QueryParam("state"))}
	var people []scene.Account
	err := all(ctx, func(ctx context.Context, page store.Page) (store.Rows[scene.Account], error) {
		return o.accounts.Accounts(ctx, by, f, page)
	}, func(a *scene.Account) { people = append(people, *a) })
	if err != nil {
		return err
	}
	names, err := o.orgNames(ctx, people)
	if err != nil {
		return err
	}
	t := transfer.Table{Heads: heads(p, "web.account.name", "web.sign_in.login", "web.account.roles", "web.rows.org", "web.people.state", "web.people.since"), Widths: []float64{16, 20, 28, 36, 12, 18}}
	for i := range people {
		x := person(p, &people[i], names)
		t.Rows = append(t.Rows, []string{x.Name, x.Login, x.Roles, x.Org, x.State.Label, x.Since})
	}
	return o.sendTable(c, p, "web.console.tab.accounts", "xlsx", &t)
}

// QueueFile answers GET /console/reviews.xlsx: what waits for review.
func (o *Console) QueueFile(c echo.Context) error {
	p := o.frame.Page(c)
	queue, _, err := o.registry.Queue(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	t := transfer.Table{Heads: heads(p, "web.rows.name", "web.rows.kind", "web.rows.org", "web.rows.state", "web.queue.since"), Widths: []float64{40, 12, 36, 14, 18}}
	for i := range queue {
		r := frame.EntryRow(p, &queue[i], reviews)
		t.Rows = append(t.Rows, []string{r.Name, r.Kind, r.Org, r.State.Label, r.Date})
	}
	return o.sendTable(c, p, "web.console.queue", "xlsx", &t)
}

// BatchesFile answers GET /console/batches.xlsx.
func (o *Console) BatchesFile(c echo.Context) error {
	p := o.frame.Page(c)
	list, err := o.registry.Batches(c.Request().Context())
	if err != nil {
		return err
	}
	t := transfer.Table{Heads: heads(p, "web.batch.name", "web.people.state", "web.batch.release", "web.batch.intro"), Widths: []float64{24, 12, 18, 60}}
	for i := range list {
		t.Rows = append(t.Rows, []string{list[i].Name, o.batchState(p, &list[i]).Label, ui.Minute(list[i].Release), list[i].Intro})
	}
	return o.sendTable(c, p, "web.console.tab.batches", "xlsx", &t)
}

// ShowcasesFile answers GET /console/showcases.xlsx.
func (o *Console) ShowcasesFile(c echo.Context) error {
	p := o.frame.Page(c)
	t := transfer.Table{Heads: heads(p, "web.line.name", "web.showcase.owner", "web.showcase.provider", "web.people.state", "web.updated"), Widths: []float64{40, 30, 30, 12, 18}}
	err := all(c.Request().Context(), func(ctx context.Context, page store.Page) (store.Rows[scene.Showcase], error) {
		return o.registry.Showcases(ctx, "", page)
	}, func(s *scene.Showcase) {
		t.Rows = append(t.Rows, []string{s.Name, s.Owner, s.Provider, frame.State(p, s.State).Label, ui.Minute(s.Updated)})
	})
	if err != nil {
		return err
	}
	return o.sendTable(c, p, "web.console.tab.showcases", "xlsx", &t)
}

// ImportsFile answers GET /console/imports.xlsx: the newest imports.
func (o *Console) ImportsFile(c echo.Context) error {
	p := o.frame.Page(c)
	jobs, err := o.intake.Jobs(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	t := transfer.Table{Heads: heads(p, "web.imports.file", "web.imports.source", "web.imports.when", "web.imports.counts", "web.people.state"), Widths: []float64{36, 20, 18, 40, 12}}
	for i := range jobs {
		r := jobRow(p, &jobs[i], "")
		t.Rows = append(t.Rows, []string{r.File, r.Source, r.When, r.Counts, r.State.Label})
	}
	return o.sendTable(c, p, "web.imports.jobs", "xlsx", &t)
}

// RecordFile answers GET /console/record.xlsx and /console/record.csv with the
// record under the filters in force.
func (o *Console) RecordFile(ending string) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, by := c.Request().Context(), actor(c)
		p := o.frame.Page(c)
		f := o.recordAsked(c)
		t := transfer.Table{
			Heads:  heads(p, "web.record.when", "web.record.who", "web.sign_in.login", "web.record.from", "web.record.what", "web.record.note", "web.record.noun", "web.record.id", "web.record.fields"),
			Widths: []float64{20, 32, 16, 16, 24, 40, 12, 30, 60},
		}
		var people map[scene.ID]account.Person // of the page that is read
		err := all(ctx, func(ctx context.Context, page store.Page) (store.Rows[scene.Audit], error) {
			rows, err := o.accounts.Record(ctx, by, f, page)
			if err != nil {
				return rows, err
			}
			ids := make([]scene.ID, len(rows.Items))
			for i := range rows.Items {
				ids[i] = rows.Items[i].Actor
			}
			people, err = o.accounts.Who(ctx, ids...)
			return rows, err
		}, func(l *scene.Audit) {
			r := recordRow(p, by, people, l)
			var changes []string
			for _, d := range l.Changes {
				changes = append(changes, d.Field+": "+d.Before+" → "+d.After)
			}
			at := l.At.In(scene.China()).Format("2006-01-02 15:04:05")
			t.Rows = append(t.Rows, []string{at, r.Who, r.Login, r.From, r.What, r.Note, r.Noun, r.Row, strings.Join(changes, "\n")})
		})
		if err != nil {
			return err
		}
		return o.sendTable(c, p, "web.console.tab.record", ending, &t)
	}
}

// xlsx is the link to a list as a workbook, with what it was asked for.
func xlsx(p *ui.Page, path string, query url.Values) []ui.Link {
	return []ui.Link{{Text: p.T("web.export.xlsx"), URL: withQuery(path+".xlsx", query)}}
}
