package console

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

const (
	batches       = "/console/batches"
	candidates    = 100 // entries offered for a batch at once
	maxBatchIntro = 2000
)

// Batches answers GET /console/batches.
func (o *Console) Batches(c echo.Context) error { return o.batchList(c, http.StatusOK, nil) }

func (o *Console) batchList(c echo.Context, status int, fault error) error {
	all, err := o.registry.Batches(c.Request().Context())
	if err != nil {
		return err
	}
	p, tabs, err := o.page(c, "web.console.tab.batches", batches)
	if err != nil {
		return err
	}
	v := ui.BatchDesk{Nav: tabs, Files: xlsx(p, batches, nil), New: batchForm(p, c, batches, &scene.Batch{}, fault != nil)}
	frame.Fill(p.Lang, &v.New, fault)
	if c.QueryParam("done") == "withdrawn" {
		v.Notice = p.T("web.batch.done.withdrawn")
	}
	for i := range all {
		v.Rows = append(v.Rows, ui.Row{
			Name: all[i].Name, URL: batches + "/" + string(all[i].ID), Date: ui.Minute(all[i].Release), State: o.batchState(p, &all[i]),
		})
	}
	return o.frame.Render(c, status, ui.BatchesDeskPage(p, v))
}

func (o *Console) batchState(p *ui.Page, b *scene.Batch) ui.State {
	if b.Released(o.now()) {
		return ui.State{Code: "published", Label: p.T("web.batch.state.out")}
	}
	return ui.State{Code: "submitted", Label: p.T("web.batch.state.waits")}
}

// MakeBatch answers POST /console/batches.
func (o *Console) MakeBatch(c echo.Context) error {
	made, err := o.registry.SaveBatch(c.Request().Context(), actor(c), readBatch(c, scene.Batch{}))
	if frame.Mendable(err) {
		return o.batchList(c, edge.Status(scene.CodeOf(err)), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, batches+"/"+string(made.ID)+"?done=made")
}

// Batch answers GET /console/batches/:id?q=WORDS.
func (o *Console) Batch(c echo.Context) error { return o.batch(c, http.StatusOK, nil) }

func (o *Console) batch(c echo.Context, status int, fault error) error {
	ctx, by, id := c.Request().Context(), actor(c), scene.ID(c.Param("id"))
	b, err := o.registry.Batch(ctx, id)
	if err != nil {
		return err
	}
	inside, err := o.registry.InBatch(ctx, by, id)
	if err != nil {
		return err
	}
	outside, err := o.registry.ForBatch(ctx, by)
	if err != nil {
		return err
	}
	p, tabs, err := o.page(c, "web.console.tab.batches", batches)
	if err != nil {
		return err
	}
	p.Title = b.Name
	here, q := batches+"/"+string(id), strings.TrimSpace(c.QueryParam("q"))
	v := ui.BatchEditor{
		Nav: tabs, State: o.batchState(p, &b), Release: ui.Minute(b.Release), Query: q, Here: here,
		Edit:    batchForm(p, c, here, &b, c.FormValue("do") == "save"),
		Take:    pickForm(p, here, "take", p.T("web.batch.take"), len(inside) > 0),
		Add:     pickForm(p, here, "add", p.T("web.batch.add"), len(outside) > 0),
		Outside: pickRows(p, outside, q, 0, candidates), Count: len(inside),
	}
	page := min(max(edge.Number(c.QueryParam("page")), 1), max((len(inside)+shownInBatch-1)/shownInBatch, 1))
	v.Inside = pickRows(p, inside, "", (page-1)*shownInBatch, shownInBatch)
	v.Pager = batchPager(here, page, len(inside))
	v.Files = []ui.Link{
		{Text: p.T("web.brochure.docx"), URL: brochurePath + ".docx?batch=" + url.QueryEscape(b.Name)},
		{Text: p.T("web.brochure.print"), URL: brochurePath + "?batch=" + url.QueryEscape(b.Name)},
		{Text: p.T("web.batch.all"), URL: entries + "?batch=" + url.QueryEscape(b.Name)},
	}
	if done := c.QueryParam("done"); p.Has("web.batch.done." + done) {
		v.Notice = p.T("web.batch.done." + done)
	}
	v.Withdraw = withdrawForm(p, c, here, &b, o.now())
	if b.Released(o.now()) {
		v.Public = "/batches/" + string(id)
	} else {
		v.Take.Buttons = append(v.Take.Buttons, freeing(p, len(inside))...)
		v.Edit.Buttons = append(v.Edit.Buttons, ui.Button{Label: p.T("web.batch.release_now"), Name: "do", Value: "release"})
	}
	faulty := &v.Edit
	if of := map[string]*ui.Form{"take": &v.Take, "free": &v.Take, "add": &v.Add, "withdraw": &v.Withdraw}[c.FormValue("do")]; of != nil {
		faulty = of
	}
	frame.Fill(p.Lang, faulty, fault)
	return o.frame.Render(c, status, ui.BatchEditorPage(p, v))
}

// shownInBatch is how many entries of a batch a page shows.
const shownInBatch = 50

func batchPager(here string, page, count int) ui.Pager {
	v := ui.Pager{Page: page, Pages: (count + shownInBatch - 1) / shownInBatch}
	if page > 1 {
		v.Prev = here + "?page=" + strconv.Itoa(page-1)
	}
	if page < v.Pages {
		v.Next = here + "?page=" + strconv.Itoa(page+1)
	}
	return v
}

func pickForm(p *ui.Page, here, do, label string, some bool) ui.Form {
	f := ui.Form{Action: here, Lax: true}
	if some {
		f.Buttons = []ui.Button{{Label: label, Name: "do", Value: do}}
	}
	return f
}

// freeing is the button that shows what leaves a batch to come.
func freeing(p *ui.Page, inside int) []ui.Button {
	if inside == 0 {
		return nil
	}
	return []ui.Button{{Label: p.T("web.batch.free"), Name: "do", Value: "free"}}
}

// withdrawForm takes a batch back that was made by mistake.
func withdrawForm(p *ui.Page, c echo.Context, here string, b *scene.Batch, now time.Time) ui.Form {
	fields := []ui.Field{{Name: "reason", Form: "withdraw", Label: p.T("web.batch.withdraw.reason"), Type: "text-area", Rows: 2, Max: 500, Value: c.FormValue("reason")}}
	text := p.T("web.batch.withdraw.text.out")
	if !b.Released(now) {
		text = p.T("web.batch.withdraw.text")
		fields = append(fields, ui.Field{Name: "show", Form: "withdraw", Label: p.T("web.batch.withdraw.show"), Type: "check", Value: c.FormValue("show")})
	}
	return ui.Form{
		Action: here, Lax: true,
		Groups:  []ui.Group{{Text: text, Fields: append(fields, ui.Field{Name: "revision", Form: "withdraw", Type: "hidden", Value: strconv.Itoa(b.Revision)})}},
		Buttons: []ui.Button{{Label: p.T("web.batch.withdraw"), Name: "do", Value: "withdraw", Danger: true}},
	}
}

// pickRows are entries with what a box beside them sends; q keeps those whose
// name or owner has it; skip are passed over and at most limit shown.
func pickRows(p *ui.Page, list []registry.Entry, q string, skip, limit int) []ui.PickRow {
	var rows []ui.PickRow
	key := scene.NameKey(q)
	for i := range list {
		l := list[i].Listing()
		if key != "" && !strings.Contains(scene.NameKey(l.Name), key) && !strings.Contains(scene.NameKey(l.OrgName), key) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if len(rows) == limit {
			break
		}
		row := frame.EntryRow(p, &list[i], reviews)
		row.Date = ui.Minute(l.ValidFrom)
		rows = append(rows, ui.PickRow{Row: row, Value: string(list[i].Kind()) + ":" + string(l.ID)})
	}
	return rows
}

// ChangeBatch answers POST /console/batches/:id with
// do=save|release|add|take|free|withdraw.
func (o *Console) ChangeBatch(c echo.Context) error {
	ctx, by, id := c.Request().Context(), actor(c), scene.ID(c.Param("id"))
	do := c.FormValue("do")
	var err error
	switch do {
	case "add":
		err = o.registry.AddToBatch(ctx, by, id, picked(c))
	case "take":
		err = o.registry.TakeFromBatch(ctx, by, id, picked(c))
	case "free":
		err = o.registry.FreeFromBatch(ctx, by, id, picked(c))
	case "withdraw":
		_, err = o.registry.WithdrawBatch(ctx, by, registry.Withdrawal{
			Batch: id, Revision: edge.Number(c.FormValue("revision")), Reason: c.FormValue("reason"), Show: c.FormValue("show") != "",
		})
	default:
		err = o.saveBatch(c, id, do == "release")
		do = map[bool]string{true: "released", false: "saved"}[do == "release"]
	}
	if frame.Mendable(err) {
		return o.batch(c, edge.Status(scene.CodeOf(err)), err)
	}
	if err != nil {
		return err
	}
	if do == "withdraw" {
		return c.Redirect(http.StatusSeeOther, batches+"?done=withdrawn")
	}
	return c.Redirect(http.StatusSeeOther, batches+"/"+string(id)+"?done="+do+"&q="+url.QueryEscape(c.FormValue("q")))
}

func (o *Console) saveBatch(c echo.Context, id scene.ID, now bool) error {
	ctx := c.Request().Context()
	b, err := o.registry.Batch(ctx, id)
	if err != nil {
		return err
	}
	b = readBatch(c, b)
	if now {
		b.Release = o.now().UTC()
	}
	_, err = o.registry.SaveBatch(ctx, actor(c), b)
	return err
}

// readBatch reads a form over what is stored.
func readBatch(c echo.Context, b scene.Batch) scene.Batch {
	if n := edge.Number(c.FormValue("revision")); n > 0 {
		b.Revision = n
	}
	b.Name, b.NameEn = c.FormValue("name"), c.FormValue("name_en")
	b.Intro, b.IntroEn = c.FormValue("intro"), c.FormValue("intro_en")
	at, err := ui.ParseMinute(c.FormValue("release"))
	if err != nil {
		at = time.Time{} // told as missing
	}
	if ui.MinuteInput(at) != ui.MinuteInput(b.Release) { // seconds of the stored one stay
		b.Release = at
	}
	return b
}

// picked reads the boxes of a form.
func picked(c echo.Context) []registry.Ref {
	form, err := c.FormParams()
	if err != nil {
		return nil
	}
	var refs []registry.Ref
	for _, value := range form["entry"] {
		kind, id, _ := strings.Cut(value, ":")
		refs = append(refs, registry.Ref{Kind: scene.Kind(kind), ID: scene.ID(id)})
	}
	return refs
}

// batchForm is the form of a batch; typed says that what was sent is to be shown again.
func batchForm(p *ui.Page, c echo.Context, action string, b *scene.Batch, typed bool) ui.Form {
	value := map[string]string{
		"name": b.Name, "name_en": b.NameEn, "intro": b.Intro, "intro_en": b.IntroEn, "release": ui.MinuteInput(b.Release),
	}
	if typed {
		for name := range value {
			value[name] = c.FormValue(name)
		}
	}
	f := ui.Form{
		Action: action,
		Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "name", Label: p.T("web.batch.name"), Value: value["name"], Required: true, Max: 64, Hint: p.T("web.batch.name.hint")},
			{Name: "release", Label: p.T("web.batch.release"), Type: "datetime-local", Value: value["release"], Required: true, Hint: p.T("web.batch.release.hint")},
			{Name: "intro", Label: p.T("web.batch.intro"), Type: "text-area", Rows: 3, Max: maxBatchIntro, Value: value["intro"]},
			{Name: "name_en", Label: p.T("web.batch.name_en"), Value: value["name_en"], Max: 64},
			{Name: "intro_en", Label: p.T("web.batch.intro_en"), Type: "text-area", Rows: 2, Max: maxBatchIntro, Value: value["intro_en"]},
		}}},
		Buttons: []ui.Button{{Label: p.T("web.batch.save"), Name: "do", Value: "save"}},
	}
	if b.Revision > 0 {
		f.Groups[0].Fields = append(f.Groups[0].Fields, ui.Field{Name: "revision", Type: "hidden", Value: strconv.Itoa(b.Revision)})
	}
	return f
}
