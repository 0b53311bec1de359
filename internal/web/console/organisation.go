package console

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// organisationURL is the page on which the centre changes by what an organisation is known.
func organisationURL(id scene.ID) string { return organisations + "/" + url.PathEscape(string(id)) }

// Organisation answers GET /console/organisations/:id: what the organisation asks to
// be called, to be decided, and the form by which the centre changes it itself.
func (o *Console) Organisation(c echo.Context) error {
	return o.organisation(c, http.StatusOK, nil, nil)
}

// organisation is that page, with what was wrong with either form.
func (o *Console) organisation(c echo.Context, status int, rename, decide error) error {
	ctx, by := c.Request().Context(), actor(c)
	org, err := o.registry.Organisation(ctx, scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	open, err := o.registry.Naming(ctx, by, org.ID)
	if err != nil && scene.CodeOf(err) != scene.NotFound {
		return err
	}
	p, tabs, fault := o.page(c, "web.naming.edit", organisations)
	if fault != nil {
		return fault
	}
	p.Title = org.Name
	v := ui.OrganisationDesk{
		Nav: tabs, Back: ui.Link{Text: p.T("web.console.tab.organisations"), URL: organisations}, Public: "/organisations/" + string(org.ID),
		Form: renaming(p, &org),
	}
	if done := c.QueryParam("done"); p.Has("web.naming.done." + done) {
		v.Notice = p.T("web.naming.done." + done)
	}
	if rename != nil {
		frame.Retype(&v.Form, c.FormValue)
		frame.Fill(p.Lang, &v.Form, rename)
	}
	if err == nil {
		v.Asked, v.Note = wished(p, &open), open.Proposal.Note
		v.Since = ui.Minute(open.Proposal.Created)
		v.Decide = deciding(p, &open)
		if decide != nil {
			frame.Retype(v.Decide, c.FormValue)
			frame.Fill(p.Lang, v.Decide, decide)
		}
	}
	return o.frame.Render(c, status, ui.OrganisationDeskPage(p, v))
}

// wished is what an organisation is called beside what it asks to be called.
func wished(p *ui.Page, n *registry.Renaming) []ui.DiffRow {
	rows := []ui.DiffRow{}
	if n.Proposal.Naming.Name != n.Present.Name {
		rows = append(rows, ui.NewDiffRow(p.T("web.org.field.name"), n.Present.Name, n.Proposal.Naming.Name))
	}
	if n.Proposal.Naming.CreditCode != n.Present.CreditCode {
		rows = append(rows, ui.NewDiffRow(p.T("web.org.field.code"), string(n.Present.CreditCode), string(n.Proposal.Naming.CreditCode)))
	}
	return rows
}

func deciding(p *ui.Page, n *registry.Renaming) *ui.Form {
	return &ui.Form{
		Action: organisationURL(n.Present.ID) + "/naming", Lax: true,
		Buttons: []ui.Button{{Label: p.T("web.naming.accept"), Name: "accept", Value: "yes"}, {Label: p.T("web.naming.refuse"), Name: "accept", Value: "no", Danger: true}},
		Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "reason", Form: "decide", Label: p.T("web.review.reason"), Hint: p.T("web.naming.refuse.hint"), Max: 200},
			{Name: "seen", Type: "hidden", Value: n.Proposal.Created.Format(time.RFC3339Nano)},
		}}},
	}
}

func renaming(p *ui.Page, org *scene.Organisation) ui.Form {
	kind := ui.Field{Name: "kind", Form: "rename", Label: p.T("web.org.field.kind"), Type: "choice", Short: true, Options: []ui.Option{{Label: p.T("web.sheet.unknown")}}}
	for _, k := range scene.OwnerKinds() {
		kind.Options = append(kind.Options, ui.Option{Value: string(k), Label: p.T("web.owner_kind." + string(k)), Chosen: k == org.Kind})
	}
	return ui.Form{
		Action: organisationURL(org.ID), Buttons: []ui.Button{{Label: p.T("web.naming.save")}}, Lax: true,
		Groups: []ui.Group{{Text: p.T("web.naming.edit.text"), Fields: []ui.Field{
			{Name: "name", Form: "rename", Label: p.T("web.org.field.name"), Value: org.Name, Required: true, Max: 200},
			{Name: "credit_code", Form: "rename", Label: p.T("web.org.field.code"), Value: string(org.CreditCode), Short: true, Max: 30},
			kind,
			{Name: "reason", Form: "rename", Label: p.T("web.naming.reason"), Required: true, Max: 200},
			{Name: "revision", Type: "hidden", Value: strconv.Itoa(org.Revision)},
		}}},
	}
}

// Rename answers POST /console/organisations/:id.
func (o *Console) Rename(c echo.Context) error {
	err := o.registry.Rename(c.Request().Context(), actor(c), registry.Name{
		Org: scene.ID(c.Param("id")), Revision: edge.Number(c.FormValue("revision")), Kind: scene.OwnerKind(c.FormValue("kind")), Reason: c.FormValue("reason"),
		Naming: scene.Naming{Name: c.FormValue("name"), CreditCode: scene.CreditCode(c.FormValue("credit_code"))},
	})
	if frame.Mendable(err) {
		return o.organisation(c, edge.Status(scene.CodeOf(err)), err, nil)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, organisationURL(scene.ID(c.Param("id")))+"?done=changed")
}

// DecideNaming answers POST /console/organisations/:id/naming.
func (o *Console) DecideNaming(c echo.Context) error {
	accept, done := c.FormValue("accept") == "yes", "refused"
	if accept {
		done = "accepted"
	}
	seen, _ := time.Parse(time.RFC3339Nano, c.FormValue("seen")) // what cannot be read was not seen
	err := o.registry.DecideNaming(c.Request().Context(), actor(c), scene.ID(c.Param("id")), seen, accept, c.FormValue("reason"))
	if frame.Mendable(err) {
		return o.organisation(c, edge.Status(scene.CodeOf(err)), nil, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, organisationURL(scene.ID(c.Param("id")))+"?done="+done)
}

// namings are the organisations that ask for another name, for who decides that.
func (o *Console) namings(c echo.Context) ([]ui.Link, error) {
	list, err := o.registry.Namings(c.Request().Context(), actor(c))
	var links []ui.Link
	for i := range list {
		text := list[i].Present.Name
		if next := list[i].Proposal.Naming.Name; next != text {
			text += " → " + next
		}
		links = append(links, ui.Link{Text: text, URL: organisationURL(list[i].Present.ID)})
	}
	return links, err
}
