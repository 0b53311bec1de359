package workspace

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/sheet"
	"jinghe/internal/web/ui"
)

// filling is a form with what stands in it.
type filling struct {
	entry  registry.Entry
	stored *registry.Entry // as it is now, where it is not what the form began with
	unread map[string]sheet.Fault
	typed  url.Values
	fault  error
	more   error  // what would be refused next, see wrong
	turn   int    // of what was kept of the form
	notice string // where its content comes from
	forget bool   // what was kept can be discarded
	since  int64  // when it was kept, in milliseconds of Unix time
}

// blank begins an entry of a kind, with the contact of who writes it.
func blank(c echo.Context, kind scene.Kind) (registry.Entry, error) {
	var e registry.Entry
	switch kind {
	case scene.KindOpportunity:
		e.Opportunity = &scene.Opportunity{}
	case scene.KindCapability:
		e.Capability = &scene.Capability{}
	default:
		return e, &scene.Error{Code: scene.NotFound, Op: "workspace", Key: "web.not_found"}
	}
	e.Listing().OrgID = actor(c).OrgID
	if who := edge.From(c.Request().Context()).Who; who != nil {
		e.Listing().Contact = scene.Contact{Person: who.Account.Name, Phone: who.Account.Phone, Mail: who.Account.Mail}
	}
	return e, nil
}

// New answers GET /workspace/listings/new?kind=KIND&from=ID: blank, or filled
// from an earlier entry of one's own.
func (w *Workspace) New(c echo.Context) error {
	kind := scene.Kind(c.QueryParam("kind"))
	e, err := blank(c, kind)
	if err != nil {
		return err
	}
	by := actor(c)
	if err := by.May(scene.ListingCreate, scene.Object{OrgID: by.OrgID, Kind: kind}); err != nil {
		return err
	}
	f := filling{entry: e}
	from := scene.ID(c.QueryParam("from"))
	if err := w.resume(c, &f, from == ""); err != nil {
		return err
	}
	if from != "" {
		if err := w.copied(c, &f, from); err != nil {
			return err
		}
	}
	return w.form(c, http.StatusOK, f)
}

// Create answers POST /workspace/listings/new?kind=KIND.
func (w *Workspace) Create(c echo.Context) error {
	e, err := blank(c, scene.Kind(c.QueryParam("kind")))
	if err != nil {
		return err
	}
	f := filling{entry: e}
	if err := w.read(c, &f); err != nil {
		return err
	}
	if c.FormValue("then") == "fill" { // a row of a list: shown first
		f.notice = w.page(c, "").T("web.draft.filled")
		return w.form(c, http.StatusOK, f)
	}
	if len(f.unread) > 0 {
		return w.wrong(c, f, meant(c, scene.ListingCreate), nil, w.form)
	}
	made, err := w.registry.Create(c.Request().Context(), actor(c), f.entry)
	if frame.Mendable(err) {
		return w.wrong(c, f, meant(c, scene.ListingCreate), err, w.form)
	}
	if err != nil {
		return err
	}
	if err := w.registry.DropScratch(c.Request().Context(), actor(c), place(&e)); err != nil {
		return err
	}
	return w.after(c, &made)
}

// meant is the step that a form of a draft is sent for: to be saved, by the action
// given, or to be handed in.
func meant(c echo.Context, save scene.Action) scene.Action {
	if c.FormValue("then") == "submit" {
		return scene.ListingSubmit
	}
	return save
}

// wrong shows a form again with all that is wrong with it at once, so that nobody
// mends one fault to be told of the next: what could not be read, what the step
// refused with err, and what it would have refused after that.
func (w *Workspace) wrong(c echo.Context, f filling, do scene.Action, err error, form func(echo.Context, int, filling) error) error {
	f.fault, f.more = err, w.registry.Check(c.Request().Context(), actor(c), do, f.entry, c.FormValue("note"))
	if f.more != nil && scene.CodeOf(f.more) != scene.Invalid {
		return f.more
	}
	status := http.StatusUnprocessableEntity
	if err != nil {
		status = edge.Status(scene.CodeOf(err))
	}
	return form(c, status, f)
}

// after submits the entry where the button said so.
func (w *Workspace) after(c echo.Context, e *registry.Entry) error {
	if meant(c, "") != scene.ListingSubmit {
		return seeOther(c, e.Kind(), e.Listing().ID, "saved")
	}
	s := registry.Step{Kind: e.Kind(), ID: e.Listing().ID, Revision: e.Listing().Revision}
	_, err := w.registry.Submit(c.Request().Context(), actor(c), s)
	if frame.Mendable(err) {
		return w.form(c, edge.Status(scene.CodeOf(err)), filling{entry: *e, fault: err})
	}
	if err != nil {
		return err
	}
	return seeOther(c, e.Kind(), e.Listing().ID, "submitted")
}

// Edit answers GET /workspace/listings/:kind/:id/edit.
func (w *Workspace) Edit(c echo.Context) error {
	e, err := w.entry(c)
	if err != nil {
		return err
	}
	by := actor(c)
	if by.May(scene.ListingEdit, e.Object()) != nil {
		if err := by.May(scene.ListingPropose, e.Object()); err != nil {
			return err
		}
		if open, err := w.registry.Proposed(c.Request().Context(), by, e.Kind(), e.Listing().ID); err == nil && !open.Stale() {
			next := open.Next // what was proposed already is what one goes on from
			next.Listing().Revision = e.Listing().Revision
			e = next
		}
	}
	f := filling{entry: e}
	if err := w.resume(c, &f, true); err != nil {
		return err
	}
	return w.form(c, http.StatusOK, f)
}

// Save answers POST /workspace/listings/:kind/:id/edit.
func (w *Workspace) Save(c echo.Context) error {
	stored, err := w.entry(c)
	if err != nil {
		return err
	}
	f := filling{entry: stored.Copy()}
	f.entry.Listing().Revision = edge.Number(c.FormValue("revision"))
	if err := w.read(c, &f); err != nil {
		return err
	}
	ctx, by := c.Request().Context(), actor(c)
	edit, do := by.May(scene.ListingEdit, stored.Object()) == nil, scene.ListingPropose
	if edit {
		do = meant(c, scene.ListingEdit)
	}
	if len(f.unread) > 0 {
		return w.wrong(c, f, do, nil, w.form)
	}
	var saved registry.Entry
	if edit {
		saved, err = w.registry.Edit(ctx, by, f.entry)
	} else {
		_, err = w.registry.Propose(ctx, by, f.entry, c.FormValue("note"))
	}
	if frame.Mendable(err) {
		moved(&f, &stored)
		return w.wrong(c, f, do, err, w.form)
	}
	if err == nil {
		err = w.registry.DropScratch(ctx, by, place(&stored))
	}
	switch {
	case err != nil:
		return err
	case edit:
		return w.after(c, &saved)
	}
	return seeOther(c, stored.Kind(), stored.Listing().ID, "proposed")
}

// moved has a form go on from the stored entry where somebody wrote it since
// the form began: the differences are shown, and saving once more decides.
func moved(f *filling, stored *registry.Entry) {
	if l := f.entry.Listing(); l.ID != "" && l.Revision != stored.Listing().Revision {
		l.Revision = stored.Listing().Revision
		f.stored = stored
	}
}

func (w *Workspace) entry(c echo.Context) (registry.Entry, error) {
	return w.registry.Entry(c.Request().Context(), actor(c), scene.Kind(c.Param("kind")), scene.ID(c.Param("id")))
}

func (w *Workspace) read(c echo.Context, f *filling) error {
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "workspace.read", Err: err}
	}
	f.typed, f.turn = form, edge.Number(form.Get("turn"))
	f.unread = w.sheetNow().Read(&f.entry, form)
	return nil
}

// place names the form of an entry among those of an account.
func place(e *registry.Entry) string {
	if id := e.Listing().ID; id != "" {
		return string(id)
	}
	return "new-" + string(e.Kind())
}

// form shows the form of an entry. Nothing that was typed is lost: what could
// not be read stands as it was typed.
func (w *Workspace) form(c echo.Context, status int, f filling) error {
	p := w.page(c, "")
	e := &f.entry
	l := e.Listing()
	v := ui.FormPage{Lead: p.T("web.entry.lead"), Crumb: ui.Link{Text: p.T("web.nav.workspace"), URL: "/workspace"}, Notice: f.notice}
	v.Form = w.fields(p, &f)
	if l.ID == "" {
		p.Title = p.T("web.workspace.begin." + string(e.Kind()))
		v.Form.Action = base + "/new?kind=" + string(e.Kind())
		starts, err := w.starts(c, p, e.Kind())
		if err != nil {
			return err
		}
		v.Starts = starts
	} else {
		p.Title = p.T("web.entry.edit", "name", l.Name)
		v.Form.Back.URL = frame.EntryURL(base, e.Kind(), l.ID)
		v.Form.Action = v.Form.Back.URL + "/edit"
	}
	if l.ID == "" || l.State == scene.Draft {
		v.Form.Buttons = append(v.Form.Buttons, ui.Button{Label: p.T("web.entry.save_submit"), Name: "then", Value: "submit"})
	} else {
		v.Lead = p.T("web.entry.lead.propose")
		v.Form.Buttons = []ui.Button{{Label: p.T("web.entry.propose")}}
		v.Form.Groups = append(v.Form.Groups, ui.Group{Fields: []ui.Field{{Name: "note", Label: p.T("web.entry.note"), Value: f.typed.Get("note"), Max: 200}}})
	}
	unseen := hidden(&f)
	v.Form.Groups = append(v.Form.Groups, ui.Group{Fields: unseen})
	if f.stored != nil {
		v.Diff, v.DiffNote = w.sheetNow().Differences(p, f.stored, e), p.T("web.draft.moved", "date", ui.Minute(f.stored.Listing().Updated))
	}
	if f.forget {
		v.Forget = &ui.Form{Action: base + "/forget", Buttons: []ui.Button{{Label: p.T("web.draft.forget"), Danger: true}}, Groups: []ui.Group{{Fields: unseen[2:]}}}
	}
	v.Clear = w.clear(c, p, e, true)
	return w.frame.Render(c, status, ui.FormPageView(p, v))
}

// hidden are the fields by which a form knows what it was written on: revision
// and turn, then which entry it is.
func hidden(f *filling) []ui.Field {
	l := f.entry.Listing()
	list := []ui.Field{
		{Name: "revision", Value: strconv.Itoa(l.Revision)},
		{Name: "turn", Value: strconv.Itoa(f.turn)},
		{Name: "kind", Value: string(f.entry.Kind())},
		{Name: "id", Value: string(l.ID)},
	}
	for i := range list {
		list[i].Type = "hidden"
	}
	return list
}

// faults are those of the step that was refused, and what it would have refused next.
func (f *filling) faults(p *ui.Page) map[string]string {
	all := frame.Faults(p.Lang, f.more)
	maps.Copy(all, frame.Faults(p.Lang, f.fault))
	return all
}

// fields is the form with what stands in it and what is wrong with that.
func (w *Workspace) fields(p *ui.Page, f *filling) ui.Form {
	faults := f.faults(p)
	for name, fault := range f.unread {
		faults[name] = locale.Text(p.Lang, fault.Key, fault.Args)
	}
	if f.entry.Listing().RunOut(w.now()) && faults["valid_to"] == "" { // told before anybody hands it in
		faults["valid_to"] = p.T("listing.valid_to_past")
	}
	view := ui.Form{
		Groups: w.sheetNow().Form(p, &f.entry, faults), Lax: true, Back: ui.Link{Text: p.T("web.form.cancel"), URL: "/workspace"},
		Keep: place(&f.entry), Draft: base + "/keep", Since: f.since, Buttons: []ui.Button{{Label: p.T("web.entry.save")}},
	}
	for g := range view.Groups {
		for i := range view.Groups[g].Fields {
			if x := &view.Groups[g].Fields[i]; f.unread[x.Name].Key != "" {
				x.Value = f.typed.Get(x.Name)
			}
		}
	}
	switch {
	case f.stored != nil:
		view.Fault = p.T("web.draft.conflict")
	case len(f.unread) > 0:
		view.Fault = p.T("web.form.unread")
	case f.fault != nil:
		view.Fault = frame.Sentence(p.Lang, f.fault)
	}
	return view
}
