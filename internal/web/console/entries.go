package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// underReview is the value of a filter for every state in which somebody has to act.
const underReview = "review"

// question is what a list of entries is asked for.
type question struct {
	kind   scene.Kind
	filter store.ListingFilter
	state  string
	query  url.Values // as asked, without the place in the list
}

// asked reads a question from the address.
func asked(c echo.Context) question {
	q := question{kind: scene.Kind(c.QueryParam("kind"))}
	if q.kind != scene.KindCapability {
		q.kind = scene.KindOpportunity
	}
	q.filter = store.ListingFilter{
		Words: strings.TrimSpace(c.QueryParam("q")), Batch: c.QueryParam("batch"), Source: c.QueryParam("source"),
		Field: c.QueryParam("field"), OrgID: scene.ID(c.QueryParam("org")), Newest: true,
	}
	q.query = url.Values{"kind": {string(q.kind)}}
	for _, name := range []string{"q", "field", "batch", "source", "org", "sort"} {
		if v := c.QueryParam(name); v != "" {
			q.query.Set(name, v)
		}
	}
	q.in(c.QueryParam("state"))
	return q
}

// in narrows a question to a state, or to underReview; what is neither changes nothing.
func (q *question) in(state string) {
	switch {
	case state == underReview:
		q.filter.States = scene.UnderReview()
	case scene.State(state).Valid():
		q.filter.States = []scene.State{scene.State(state)}
	default:
		return
	}
	q.state = state
	q.query.Set("state", state)
}

// at is the address of the question below path, with other values for some of it.
func (q *question) at(path string, pairs ...string) string {
	with := url.Values{}
	for name, v := range q.query {
		with[name] = v
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		with.Del(pairs[i])
		if pairs[i+1] != "" {
			with.Set(pairs[i], pairs[i+1])
		}
	}
	return path + "?" + with.Encode()
}

// Entries answers GET /console/entries?kind=&q=&state=&field=&batch=&source=&org=&sort=&after=.
func (o *Console) Entries(c echo.Context) error { return o.entries(c, http.StatusOK, nil, nil) }

func (o *Console) entries(c echo.Context, status int, results []registry.StepResult, fault error) error {
	ctx, by, q := c.Request().Context(), actor(c), asked(c)
	p, tabs, err := o.page(c, "web.console.tab.entries", entries)
	if err != nil {
		return err
	}
	v := ui.Entries{
		Nav: tabs, Fault: frame.Sentence(p.Lang, fault), Clear: entries + "?kind=" + string(q.kind), Here: q.at(entries),
		Sorts: sorts(p, &q), Files: entryFiles(p, &q),
	}
	if countable(&by) {
		total, err := o.registry.CountEntries(ctx, by, q.kind, q.filter)
		if err != nil {
			return err
		}
		v.Total = p.T("web.entries.total", "count", total)
	}
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		v.Kinds = append(v.Kinds, ui.Link{Text: p.T("web.kind." + string(kind)), URL: q.at(entries, "kind", string(kind)), Active: kind == q.kind})
	}
	refused := map[scene.ID]bool{}
	for i := range results {
		v.Results = append(v.Results, resultRow(p, &results[i]))
		refused[results[i].ID] = results[i].Err != nil
	}
	if err := o.entryRows(c, p, &q, &v, refused); err != nil {
		return err
	}
	if v.Filter, v.Bulk, err = o.entryForms(c, p, &q); err != nil {
		return err
	}
	return o.frame.Render(c, status, ui.EntriesPage(p, v))
}

// entryRows adds a page of the entries, in the order asked for.
func (o *Console) entryRows(c echo.Context, p *ui.Page, q *question, v *ui.Entries, chosen map[scene.ID]bool) error {
	ctx, by := c.Request().Context(), actor(c)
	if q.query.Get("sort") != byClarity {
		rows, err := o.registry.Entries(ctx, by, q.kind, q.filter, store.Page{After: c.QueryParam("after"), Limit: perPage})
		for i := range rows.Items {
			v.Rows = append(v.Rows, o.entryLine(p, &rows.Items[i], chosen))
		}
		v.Next = after(entries, q.query, rows.Next)
		return err
	}
	from := edge.Number(c.QueryParam("after"))
	list, more, cut, err := o.clearest(ctx, by, p.Lang, q, from)
	for i := range list {
		v.Rows = append(v.Rows, o.clarityLine(p, &list[i], chosen))
	}
	if more {
		v.Next = after(entries, q.query, strconv.Itoa(from+perPage))
	}
	v.Note = p.T("web.entries.clarity.note")
	if cut {
		v.Note = p.T("web.entries.clarity.cut", "max", clarityRows)
	}
	return err
}

// entryFiles are the list as files.
func entryFiles(p *ui.Page, q *question) []ui.Link {
	return []ui.Link{
		{Text: p.T("web.export.xlsx"), URL: q.at(entries + ".xlsx")},
		{Text: p.T("web.brochure.docx"), URL: q.at(brochurePath + ".docx")},
		{Text: p.T("web.brochure.print"), URL: q.at(brochurePath)},
	}
}

func (o *Console) entryLine(p *ui.Page, e *registry.Entry, chosen map[scene.ID]bool) ui.EntryLine {
	l := e.Listing()
	line := ui.EntryLine{
		Row: frame.EntryRow(p, e, reviews), Code: l.Code, Batch: l.Batch, Chosen: chosen[l.ID],
		Pick: string(e.Kind()) + "/" + string(l.ID) + "/" + strconv.Itoa(l.Revision),
	}
	var fields []string
	for _, code := range l.Fields {
		fields = append(fields, o.dict().Label(scene.DictField, code, string(p.Lang)))
	}
	line.Fields = strings.Join(fields, p.T("web.comma"))
	return line
}

// entryForms are the form of the filters and, for who may do so, of what is done to many.
func (o *Console) entryForms(c echo.Context, p *ui.Page, q *question) (ui.Form, *ui.Form, error) {
	all, err := o.registry.Batches(c.Request().Context())
	if err != nil {
		return ui.Form{}, nil, err
	}
	whatever := ui.Option{Label: p.T("web.record.any")}
	state := ui.Field{Name: "state", Label: p.T("web.rows.state"), Type: "choice", Options: []ui.Option{
		whatever, {Value: underReview, Label: p.T("web.entries.under_review"), Chosen: q.state == underReview},
	}}
	for _, s := range []scene.State{
		scene.Draft, scene.Submitted, scene.FormalReview, scene.DepartmentReview, scene.ExpertReview,
		scene.Published, scene.Paused, scene.Expired, scene.Closed, scene.Landed,
	} {
		state.Options = append(state.Options, ui.Option{Value: string(s), Label: p.T("web.state." + string(s)), Chosen: q.state == string(s)})
	}
	field := ui.Field{Name: "field", Label: p.T("web.entries.field"), Type: "choice", Options: append([]ui.Option{whatever}, o.options(p, scene.DictField, q.filter.Field)...)}
	batch := ui.Field{Name: "batch", Label: p.T("web.entries.batch"), Type: "choice", Options: []ui.Option{whatever}}
	for i := range all {
		batch.Options = append(batch.Options, ui.Option{Value: all[i].Name, Label: all[i].Name, Chosen: all[i].Name == q.filter.Batch})
	}
	filter := ui.Form{Groups: []ui.Group{{Fields: []ui.Field{
		{Name: "kind", Type: "hidden", Value: string(q.kind)},
		{Name: "q", Label: p.T("web.entries.words"), Value: q.filter.Words, Max: 100},
		state, field, batch,
		{Name: "source", Label: p.T("web.imports.source"), Value: q.filter.Source, Max: 100},
	}}}}
	if q.filter.OrgID != "" {
		filter.Groups[0].Fields = append(filter.Groups[0].Fields, ui.Field{Name: "org", Type: "hidden", Value: string(q.filter.OrgID)})
	}
	by := actor(c)
	if !by.MayEver(scene.BatchManage) {
		return filter, nil, nil
	}
	return filter, o.bulkForm(c, p, all), nil
}

// options are the terms of a dictionary.
func (o *Console) options(p *ui.Page, dict, chosen string) []ui.Option {
	var list []ui.Option
	d, _ := o.dict().Get(dict)
	for _, t := range d.Terms {
		list = append(list, ui.Option{Value: t.Code, Label: o.dict().Label(dict, t.Code, string(p.Lang)), Chosen: t.Code == chosen})
	}
	return list
}

// bulkForm asks what to do to the entries that are picked. Buttons carry the task,
// so that one form serves all of them.
func (o *Console) bulkForm(c echo.Context, p *ui.Page, all []scene.Batch) *ui.Form {
	batch := ui.Field{Name: "into", Label: p.T("web.bulk.into"), Type: "choice", Options: []ui.Option{{Label: "—"}}}
	for i := range all {
		batch.Options = append(batch.Options, ui.Option{
			Value: string(all[i].ID), Label: all[i].Name + " · " + o.batchState(p, &all[i]).Label, Chosen: c.FormValue("into") == string(all[i].ID),
		})
	}
	none := []ui.Option{{Label: "—"}}
	field := ui.Field{Name: "set_field", Label: p.T("web.bulk.set_field"), Type: "choice", Options: append(slices.Clone(none), o.options(p, scene.DictField, c.FormValue("set_field"))...)}
	region := ui.Field{Name: "set_region", Label: p.T("web.bulk.set_region"), Value: c.FormValue("set_region"), Max: 60, Hint: p.T("web.bulk.set_region.hint")}
	reason := ui.Field{Name: "reason", Label: p.T("web.bulk.reason"), Value: c.FormValue("reason"), Max: 500, Hint: p.T("web.bulk.reason.hint")}
	f := ui.Form{Groups: []ui.Group{{Fields: []ui.Field{batch, field, region, reason}}}}
	for _, t := range []registry.Task{
		registry.TaskBatch, registry.TaskField, registry.TaskRegion, registry.TaskPause, registry.TaskResume, registry.TaskArchive,
	} {
		f.Buttons = append(f.Buttons, ui.Button{Label: p.T("web.bulk.do." + string(t)), Name: "do", Value: string(t), Danger: t == registry.TaskArchive})
	}
	return &f
}

// ManyEntries answers POST /console/entries: one task for every entry that was
// picked, each by itself, with what became of each.
func (o *Console) ManyEntries(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "console.ManyEntries", Err: err}
	}
	order := registry.Order{Task: registry.Task(c.FormValue("do")), Batch: scene.ID(c.FormValue("into")), Reason: c.FormValue("reason"), Entries: picks(form["pick"])}
	missing := ""
	switch order.Task {
	case registry.TaskBatch:
		missing = map[bool]string{true: "bulk.no_batch"}[order.Batch == ""]
	case registry.TaskField:
		order.Value = c.FormValue("set_field")
		missing = map[bool]string{true: "bulk.no_field"}[order.Value == ""]
	case registry.TaskRegion:
		if codes := o.dict().RegionOf(c.FormValue("set_region")); len(codes) > 0 {
			order.Value = codes[0]
		}
		missing = map[bool]string{true: "bulk.no_region"}[order.Value == ""]
	case registry.TaskArchive:
		missing = map[bool]string{true: "listing.reason_missing"}[strings.TrimSpace(order.Reason) == ""]
	}
	if len(order.Entries) == 0 {
		missing = "queue.none"
	}
	if missing != "" {
		return o.entries(c, edge.Status(scene.Invalid), nil, &scene.Error{Code: scene.Invalid, Key: missing})
	}
	results, err := o.registry.Bulk(c.Request().Context(), actor(c), order)
	if err != nil {
		return err
	}
	return o.entries(c, http.StatusOK, results, nil)
}

// picks reads what boxes beside entries send: kind, id and revision.
func picks(values []string) []registry.Step {
	var steps []registry.Step
	for _, pick := range values {
		if parts := strings.Split(pick, "/"); len(parts) == 3 {
			steps = append(steps, registry.Step{Kind: scene.Kind(parts[0]), ID: scene.ID(parts[1]), Revision: edge.Number(parts[2])})
		}
	}
	return steps
}
