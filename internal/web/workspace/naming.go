package workspace

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// namingPath takes another name or credit code that an organisation asks for.
const namingPath = profilePath + "/name"

// naming is what stands below the form of an organisation: the form that asks for
// another name or code, with what was asked for and waits.
func (w *Workspace) naming(c echo.Context, p *ui.Page, x *profiled) (*ui.Naming, error) {
	open, err := w.registry.Naming(c.Request().Context(), actor(c), x.org.ID)
	if err != nil && scene.CodeOf(err) != scene.NotFound {
		return nil, err
	}
	v := ui.Naming{}
	wanted, reason := scene.Naming{Name: x.org.Name, CreditCode: x.org.CreditCode}, ""
	if err == nil {
		wanted, reason = *open.Proposal.Naming, open.Proposal.Note
		v.Waits = p.T("web.naming.waits", "name", wanted.Name, "code", string(wanted.CreditCode), "date", ui.Date(p.Lang, open.Proposal.Created))
		v.Recall = &ui.Form{Action: namingPath + "/recall", Buttons: []ui.Button{{Label: p.T("web.naming.recall")}}}
	}
	v.Form = ui.Form{
		Action: namingPath, Buttons: []ui.Button{{Label: p.T("web.naming.ask")}}, Lax: true,
		Groups: []ui.Group{{Text: p.T("web.naming.text"), Fields: []ui.Field{
			{Name: "name", Form: "naming", Label: p.T("web.org.field.name"), Value: wanted.Name, Required: true, Max: 200},
			{Name: "credit_code", Form: "naming", Label: p.T("web.org.field.code"), Value: string(wanted.CreditCode), Max: 30},
			{Name: "reason", Form: "naming", Label: p.T("web.naming.reason"), Value: reason, Hint: p.T("web.naming.reason.hint"), Required: true, Max: 200},
		}}},
	}
	if x.naming != nil {
		frame.Retype(&v.Form, c.FormValue)
		frame.Fill(p.Lang, &v.Form, x.naming)
	}
	return &v, nil
}

// AskNaming answers POST /workspace/organisation/name.
func (w *Workspace) AskNaming(c echo.Context) error {
	ctx, by := c.Request().Context(), actor(c)
	wanted := scene.Naming{Name: c.FormValue("name"), CreditCode: scene.CreditCode(c.FormValue("credit_code"))}
	err := w.registry.AskNaming(ctx, by, wanted, c.FormValue("reason"))
	if frame.Mendable(err) {
		o, again := w.registry.Organisation(ctx, by.OrgID)
		if again != nil {
			return again
		}
		return w.profile(c, edge.Status(scene.CodeOf(err)), &profiled{org: o, region: w.regionName(o.Region), naming: err})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, profilePath+"?done=asked")
}

// RecallNaming answers POST /workspace/organisation/name/recall.
func (w *Workspace) RecallNaming(c echo.Context) error {
	if err := w.registry.RecallNaming(c.Request().Context(), actor(c)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, profilePath+"?done=recalled")
}
