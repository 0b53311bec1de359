package console

import (
	"bytes"
	"cmp"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// refreshSeconds is how often the page of a list at work asks again.
const refreshSeconds = "2"

// Imports answers GET /console/imports.
func (o *Console) Imports(c echo.Context) error { return o.imports(c, http.StatusOK, nil) }

func (o *Console) imports(c echo.Context, status int, fault error) error {
	ctx, by := c.Request().Context(), actor(c)
	p, tabs, err := o.page(c, "web.console.tab.imports", imports)
	if err != nil {
		return err
	}
	uploads, err := o.intake.Uploads(ctx, by)
	if err != nil {
		return err
	}
	jobs, err := o.intake.Jobs(ctx, by)
	if err != nil {
		return err
	}
	v := ui.Imports{
		Nav: tabs, Files: xlsx(p, imports, nil), Limit: strconv.Itoa(backend.MaxUpload>>20) + " MiB", Fault: frame.Sentence(p.Lang, fault),
		Source: c.FormValue("source"), Batch: c.FormValue("batch"), Notice: notice(c, p, "web.imports.done."),
	}
	ids, names := make([]scene.ID, 0, len(uploads)+len(jobs)), map[scene.ID]string{}
	for i := range uploads {
		names[uploads[i].Actor] = uploads[i].Name
		ids = append(ids, uploads[i].Actor)
	}
	for i := range jobs {
		ids = append(ids, scene.ID(jobs[i].Actor))
	}
	people, err := o.accounts.Who(ctx, ids...)
	if err != nil {
		return err
	}
	for i := range uploads {
		u := &uploads[i]
		v.Uploads = append(v.Uploads, uploadRow(p, u, frame.Person(p, people, u.Actor, u.Name)))
	}
	for i := range jobs {
		if s := jobs[i].Source; s != "" && !slices.Contains(v.Sources, s) {
			v.Sources = append(v.Sources, s)
		}
		who := scene.ID(jobs[i].Actor)
		v.Jobs = append(v.Jobs, jobRow(p, &jobs[i], frame.Person(p, people, who, cmp.Or(names[who], string(who)))))
	}
	return o.frame.Render(c, status, ui.ImportsPage(p, v))
}

// notice is the sentence that a redirect asks for.
func notice(c echo.Context, p *ui.Page, prefix string) string {
	if done := c.QueryParam("done"); done != "" && p.Has(prefix+done) {
		return p.T(prefix+done, "n", c.QueryParam("n"), "kept", c.QueryParam("kept"))
	}
	return ""
}

func uploadRow(p *ui.Page, u *scene.Upload, who string) ui.UploadRow {
	return ui.UploadRow{
		Name: u.File, URL: imports + "/" + string(u.ID), Source: u.Source, Who: who, When: ui.Minute(u.Began), State: uploadState(p, u),
	}
}

func uploadState(p *ui.Page, u *scene.Upload) ui.State {
	code := map[string]string{
		scene.UploadLooking: "pending", scene.UploadLooked: "open", scene.UploadImporting: "pending",
		scene.UploadDone: "accepted", scene.UploadFailed: "refused",
	}[u.Status]
	return ui.State{Code: code, Label: p.T("web.upload.state." + u.Status)}
}

func jobRow(p *ui.Page, j *scene.Import, who string) ui.JobRow {
	n := j.Count
	row := ui.JobRow{
		File: j.File, Source: j.Source, Who: who, When: ui.Minute(j.Began),
		State:  ui.State{Code: map[string]string{scene.JobDone: "accepted", scene.JobRunning: "pending"}[j.Status], Label: p.T("job." + j.Status)},
		Counts: p.T("web.imports.tally", "created", n.Created, "changed", n.Changed, "unchanged", n.Unchanged, "rejected", n.Rejected),
	}
	if j.Status == scene.JobDone || j.Status == scene.JobFailed {
		row.Undo = undoForm(p, j.ID)
	}
	return row
}

func undoForm(p *ui.Page, job scene.ID) *ui.Form {
	return &ui.Form{Action: imports + "/jobs/" + string(job) + "/undo", Buttons: []ui.Button{{Label: p.T("web.imports.undo.go"), Danger: true}}}
}

// HandIn answers POST /console/imports: it keeps the file and goes to its page.
func (o *Console) HandIn(c echo.Context) error {
	content, name, err := uploaded(c)
	if err != nil {
		return o.handInAgain(c, err)
	}
	u, err := o.intake.Receive(c.Request().Context(), actor(c), scene.Upload{
		File: name, Source: strings.TrimSpace(c.FormValue("source")), Batch: strings.TrimSpace(c.FormValue("batch")),
	}, content)
	if err != nil {
		return o.handInAgain(c, err)
	}
	return c.Redirect(http.StatusSeeOther, imports+"/"+string(u.ID))
}

func (o *Console) handInAgain(c echo.Context, err error) error {
	if frame.Mendable(err) || scene.CodeOf(err) == scene.TooLarge {
		return o.imports(c, edge.Status(scene.CodeOf(err)), err)
	}
	return err
}

// uploaded reads the file of a form, at most one byte more than is taken.
func uploaded(c echo.Context) (content []byte, name string, err error) {
	head, err := c.FormFile("file")
	if err != nil {
		return nil, "", &scene.Error{Code: scene.Invalid, Op: "console.uploaded", Key: "upload.none", Err: err}
	}
	f, err := head.Open()
	if err != nil {
		return nil, "", scene.Wrap("console.uploaded", err)
	}
	defer func() { _ = f.Close() }()
	content, err = io.ReadAll(io.LimitReader(f, backend.MaxUpload+1))
	return content, head.Filename, scene.Wrap("console.uploaded", err)
}

// Upload answers GET /console/imports/:id?show=ROWS&page=N.
func (o *Console) Upload(c echo.Context) error { return o.upload(c, http.StatusOK, nil) }

func (o *Console) upload(c echo.Context, status int, fault error) error {
	ctx, by := c.Request().Context(), actor(c)
	u, err := o.intake.Upload(ctx, by, scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	p, tabs, err := o.page(c, "web.console.tab.imports", imports)
	if err != nil {
		return err
	}
	people, err := o.accounts.Who(ctx, u.Actor)
	if err != nil {
		return err
	}
	p.Title = u.File
	here := imports + "/" + string(u.ID)
	v := ui.UploadPage{
		Nav: tabs, Crumb: ui.Link{Text: p.T("web.console.tab.imports"), URL: imports}, File: u.File, State: uploadState(p, &u.Upload),
		Notice: notice(c, p, "web.imports.done."), Facts: uploadFacts(p, &u.Upload, frame.Person(p, people, u.Actor, u.Name)),
	}
	if u.Working() {
		v.Working, v.Done, v.Total = true, u.Done, u.Total
		v.Progress = p.T("web.upload.progress."+u.Status, "done", u.Done, "total", u.Total)
		c.Response().Header().Set("Refresh", refreshSeconds)
		return o.frame.Render(c, status, ui.UploadPageView(p, v))
	}
	switch {
	case fault != nil:
		v.Fault = frame.Sentence(p.Lang, fault)
	case u.FaultKey != "":
		v.Fault = locale.Text(p.Lang, u.FaultKey, u.FaultArgs)
	}
	v.Discard = &ui.Form{Action: here + "/discard", Buttons: []ui.Button{{Label: p.T("web.upload.discard"), Danger: true}}}
	if u.Status == scene.UploadLooked || u.Status == scene.UploadFailed {
		v.Columns = o.columns(p, &u, here)
	}
	if u.Look != nil && u.FaultKey == "" {
		found(p, &u, &v, here, c.QueryParam("show"), edge.Number(c.QueryParam("page")))
	}
	if u.Job != "" {
		v.Undo = undoForm(p, u.Job)
	}
	return o.frame.Render(c, status, ui.UploadPageView(p, v))
}

func uploadFacts(p *ui.Page, u *scene.Upload, who string) []ui.Fact {
	facts := []ui.Fact{
		{Label: p.T("web.imports.source"), Value: u.Source},
		{Label: p.T("web.imports.batch"), Value: u.Batch},
		{Label: p.T("web.upload.size"), Value: strconv.FormatInt((u.Size+1023)>>10, 10) + " KiB"},
		{Label: p.T("web.record.who"), Value: who},
		{Label: p.T("web.imports.when"), Value: ui.Minute(u.Began)},
	}
	return slices.DeleteFunc(facts, func(f ui.Fact) bool { return f.Value == "" })
}

// Columns answers POST /console/imports/:id/columns: what a person says of heads.
func (o *Console) Columns(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "console.Columns", Err: err}
	}
	mapping := map[string]string{}
	for i, head := range form["head"] {
		if i < len(form["field"]) && form["field"][i] != "" {
			mapping[head] = form["field"][i]
		}
	}
	id := scene.ID(c.Param("id"))
	err = o.intake.Decide(c.Request().Context(), actor(c), id, mapping, scene.Kind(c.FormValue("kind")))
	return o.uploadDone(c, id, err)
}

// Accept answers POST /console/imports/:id/accept.
func (o *Console) Accept(c echo.Context) error {
	id := scene.ID(c.Param("id"))
	return o.uploadDone(c, id, o.intake.Accept(c.Request().Context(), actor(c), id))
}

func (o *Console) uploadDone(c echo.Context, id scene.ID, err error) error {
	if frame.Mendable(err) {
		return o.upload(c, edge.Status(scene.CodeOf(err)), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, imports+"/"+string(id))
}

// Discard answers POST /console/imports/:id/discard.
func (o *Console) Discard(c echo.Context) error {
	err := o.intake.Discard(c.Request().Context(), actor(c), scene.ID(c.Param("id")))
	if frame.Mendable(err) {
		return o.upload(c, edge.Status(scene.CodeOf(err)), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, imports+"?done=discarded")
}

// Marked answers GET /console/imports/:id/marked: the workbook with its bad cells marked.
func (o *Console) Marked(c echo.Context) error {
	var b bytes.Buffer
	ctx := c.Request().Context()
	name, err := o.intake.Marked(ctx, actor(c), scene.ID(c.Param("id")), edge.From(ctx).Lang, &b)
	if err != nil {
		return err
	}
	return attachment(c, name, backend.WorkbookType, b.Bytes())
}

// attachment sends a file to be saved under a name, which may be Chinese.
func attachment(c echo.Context, name, media string, body []byte) error {
	h := c.Response().Header()
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, media, body)
}

// UndoImport answers POST /console/imports/jobs/:job/undo.
func (o *Console) UndoImport(c echo.Context) error {
	report, err := o.intake.Undo(c.Request().Context(), actor(c), scene.ID(c.Param("job")))
	if frame.Mendable(err) {
		return o.imports(c, edge.Status(scene.CodeOf(err)), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, imports+"?done=undone&n="+strconv.Itoa(report.Removed+report.Restored)+"&kept="+strconv.Itoa(len(report.Kept)))
}
