package workspace

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// desk is where the centre has the entries of others.
const desk = "/console/reviews"

// Amend answers GET /console/reviews/:kind/:id/edit: the form of the owner, for the centre.
func (w *Workspace) Amend(c echo.Context) error {
	e, err := w.amendable(c)
	if err != nil {
		return err
	}
	f := filling{entry: e}
	if err := w.resume(c, &f, true); err != nil {
		return err
	}
	return w.amendForm(c, http.StatusOK, f)
}

// amendable is the entry that the address names, if the actor may write it so.
func (w *Workspace) amendable(c echo.Context) (registry.Entry, error) {
	e, err := w.entry(c)
	if err != nil {
		return e, err
	}
	by := actor(c)
	return e, by.May(scene.ListingAmend, e.Object())
}

// SaveAmended answers POST /console/reviews/:kind/:id/edit.
func (w *Workspace) SaveAmended(c echo.Context) error {
	stored, err := w.amendable(c)
	if err != nil {
		return err
	}
	f := filling{entry: stored.Copy()}
	f.entry.Listing().Revision = edge.Number(c.FormValue("revision"))
	if err := w.read(c, &f); err != nil {
		return err
	}
	ctx, by := c.Request().Context(), actor(c)
	if len(f.unread) > 0 {
		return w.wrong(c, f, scene.ListingAmend, nil, w.amendForm)
	}
	_, err = w.registry.Amend(ctx, by, f.entry, c.FormValue("note"))
	if frame.Mendable(err) {
		moved(&f, &stored)
		return w.wrong(c, f, scene.ListingAmend, err, w.amendForm)
	}
	if err == nil {
		err = w.registry.DropScratch(ctx, by, place(&stored))
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, frame.EntryURL(desk, stored.Kind(), stored.Listing().ID)+"?done=amended")
}

// ForgetAmended answers POST /console/reviews/:kind/:id/forget: the form begins anew.
func (w *Workspace) ForgetAmended(c echo.Context) error {
	e, err := w.amendable(c)
	if err != nil {
		return err
	}
	if err := w.registry.DropScratch(c.Request().Context(), actor(c), place(&e)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, frame.EntryURL(desk, e.Kind(), e.Listing().ID)+"/edit")
}

// amendForm is the form of the owner without the contact, with a reason that the
// owner reads.
func (w *Workspace) amendForm(c echo.Context, status int, f filling) error {
	p := w.page(c, "")
	e, l := &f.entry, f.entry.Listing()
	here := frame.EntryURL(desk, e.Kind(), l.ID)
	p.Title, p.Nav = p.T("web.entry.edit", "name", l.Name), "console"
	v := ui.FormPage{Lead: p.T("web.amend.lead", "org", l.OrgName), Crumb: ui.Link{Text: l.Name, URL: here}, Notice: f.notice, Form: w.fields(p, &f)}
	v.Form.Groups = slices.DeleteFunc(v.Form.Groups, func(g ui.Group) bool {
		return slices.ContainsFunc(g.Fields, func(x ui.Field) bool { return strings.HasPrefix(x.Name, "contact.") })
	})
	v.Form.Action, v.Form.Draft, v.Form.Back.URL = here+"/edit", desk+"/keep", here
	v.Form.Buttons = []ui.Button{{Label: p.T("web.amend.save")}}
	reason := f.faults(p)["reason"]
	v.Form.Groups = append(v.Form.Groups, ui.Group{Fields: append([]ui.Field{{
		Name: "note", Label: p.T("web.amend.reason"), Hint: p.T("web.amend.reason.hint"), Value: f.typed.Get("note"), Max: 200, Required: true, Fault: reason,
	}}, hidden(&f)...)})
	if f.stored != nil {
		v.Diff, v.DiffNote = w.sheetNow().Differences(p, f.stored, e), p.T("web.draft.moved", "date", ui.Minute(f.stored.Listing().Updated))
	}
	if f.forget {
		v.Forget = &ui.Form{Action: here + "/forget", Buttons: []ui.Button{{Label: p.T("web.draft.forget"), Danger: true}}}
	}
	v.Clear = w.clear(c, p, e, true)
	return w.frame.Render(c, status, ui.FormPageView(p, v))
}
