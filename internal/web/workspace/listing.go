package workspace

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

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
	if who := edge.From(c.Request().Context()).Who; who != nil {
		e.Listing().Contact = scene.Contact{Person: who.Account.Name, Phone: who.Account.Phone, Mail: who.Account.Mail}
	}
	return e, nil
}

// New answers GET /workspace/listings/new?kind=KIND.
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
	return w.form(c, http.StatusOK, &e, nil, nil)
}

// Create answers POST /workspace/listings/new?kind=KIND.
func (w *Workspace) Create(c echo.Context) error {
	e, err := blank(c, scene.Kind(c.QueryParam("kind")))
	if err != nil {
		return err
	}
	faults, err := w.read(c, &e)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return w.form(c, http.StatusUnprocessableEntity, &e, faults, nil)
	}
	made, err := w.registry.Create(c.Request().Context(), actor(c), e)
	if frame.Mendable(err) {
		return w.form(c, edge.Status(scene.CodeOf(err)), &e, nil, err)
	}
	if err != nil {
		return err
	}
	return w.after(c, &made)
}

// after submits the entry where the button said so.
func (w *Workspace) after(c echo.Context, e *registry.Entry) error {
	if c.FormValue("then") != "submit" {
		return seeOther(c, e.Kind(), e.Listing().ID, "saved")
	}
	s := registry.Step{Kind: e.Kind(), ID: e.Listing().ID, Revision: e.Listing().Revision}
	_, err := w.registry.Submit(c.Request().Context(), actor(c), s)
	if frame.Mendable(err) {
		return w.form(c, edge.Status(scene.CodeOf(err)), e, nil, err)
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
	return w.form(c, http.StatusOK, &e, nil, nil)
}

// Save answers POST /workspace/listings/:kind/:id/edit.
func (w *Workspace) Save(c echo.Context) error {
	stored, err := w.entry(c)
	if err != nil {
		return err
	}
	e := stored
	e.Listing().Revision = edge.Number(c.FormValue("revision"))
	faults, err := w.read(c, &e)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return w.form(c, http.StatusUnprocessableEntity, &e, faults, nil)
	}
	ctx, by := c.Request().Context(), actor(c)
	if by.May(scene.ListingEdit, stored.Object()) == nil {
		saved, err := w.registry.Edit(ctx, by, e)
		if frame.Mendable(err) {
			return w.form(c, edge.Status(scene.CodeOf(err)), &e, nil, err)
		}
		if err != nil {
			return err
		}
		return w.after(c, &saved)
	}
	_, err = w.registry.Propose(ctx, by, e, c.FormValue("note"))
	if frame.Mendable(err) {
		return w.form(c, edge.Status(scene.CodeOf(err)), &e, nil, err)
	}
	if err != nil {
		return err
	}
	return seeOther(c, e.Kind(), e.Listing().ID, "proposed")
}

func (w *Workspace) entry(c echo.Context) (registry.Entry, error) {
	return w.registry.Entry(c.Request().Context(), actor(c), scene.Kind(c.Param("kind")), scene.ID(c.Param("id")))
}

func (w *Workspace) read(c echo.Context, e *registry.Entry) (map[string]string, error) {
	form, err := c.FormParams()
	if err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Op: "workspace.read", Err: err}
	}
	return w.sheetNow().Read(e, form), nil
}

// form shows the form of an entry. Nothing that was typed is lost: what could
// not be read stands as it was typed.
func (w *Workspace) form(c echo.Context, status int, e *registry.Entry, unread map[string]string, fault error) error {
	p := w.page(c, "")
	l := e.Listing()
	faults := frame.Faults(p.Lang, fault)
	for name, key := range unread {
		faults[name] = locale.Text(p.Lang, key, nil)
	}
	f := ui.Form{Groups: w.sheetNow().Form(p, e, faults), Lax: true, Back: ui.Link{Text: p.T("web.form.cancel"), URL: "/workspace"}}
	for g := range f.Groups {
		for i := range f.Groups[g].Fields {
			if x := &f.Groups[g].Fields[i]; unread[x.Name] != "" {
				x.Value = c.FormValue(x.Name)
			}
		}
	}
	switch {
	case fault != nil:
		f.Fault = frame.Sentence(p.Lang, fault)
	case len(unread) > 0:
		f.Fault = p.T("web.form.unread")
	}
	f.Buttons = []ui.Button{{Label: p.T("web.entry.save")}}
	if l.ID == "" {
		p.Title = p.T("web.workspace.begin." + string(e.Kind()))
		f.Action, f.Keep = base+"/new?kind="+string(e.Kind()), "new-"+string(e.Kind())
	} else {
		p.Title = p.T("web.entry.edit", "name", l.Name)
		f.Action, f.Back.URL, f.Keep = frame.EntryURL(base, e.Kind(), l.ID)+"/edit", frame.EntryURL(base, e.Kind(), l.ID), string(l.ID)
	}
	lead := p.T("web.entry.lead")
	if l.ID == "" || l.State == scene.Draft {
		f.Buttons = append(f.Buttons, ui.Button{Label: p.T("web.entry.save_submit"), Name: "then", Value: "submit"})
	} else {
		lead = p.T("web.entry.lead.propose")
		f.Buttons = []ui.Button{{Label: p.T("web.entry.propose")}}
		f.Groups = append(f.Groups, ui.Group{Fields: []ui.Field{{Name: "note", Label: p.T("web.entry.note"), Value: c.FormValue("note"), Max: 200}}})
	}
	f.Groups = append(f.Groups, ui.Group{Fields: []ui.Field{{Name: "revision", Type: "hidden", Value: strconv.Itoa(l.Revision)}}})
	return w.frame.Render(c, status, ui.FormPageView(p, ui.FormPage{
		Lead: lead, Crumb: ui.Link{Text: p.T("web.nav.workspace"), URL: "/workspace"}, Form: f,
	}))
}
