package entrance

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// ForgottenPage answers GET /sign-in/forgotten.
func (e *Entrance) ForgottenPage(c echo.Context) error {
	p := e.page(c, "web.forgotten.title")
	v := ui.Entrance{Lead: p.T("web.forgotten.lead"), Form: ui.Form{
		Action: "/sign-in/forgotten",
		Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "login", Label: p.T("web.sign_in.login"), Required: true, Complete: "username", Max: 100},
		}}},
		Buttons: []ui.Button{{Label: p.T("web.forgotten.go")}},
	}, Ways: []ui.Link{{Text: p.T("web.sign_in.title"), URL: "/sign-in"}}}
	if !e.accounts.MailPossible() {
		v.Lead, v.Form = p.T("web.forgotten.no_mail"), ui.Form{}
	}
	return e.frame.Render(c, http.StatusOK, ui.EntrancePage(p, v))
}

// Forgotten answers POST /sign-in/forgotten: the same, whoever asks for whom.
func (e *Entrance) Forgotten(c echo.Context) error {
	ctx := c.Request().Context()
	err := e.accounts.Forgotten(ctx, c.FormValue("login"), c.RealIP(), message(edge.From(ctx).Lang, "reset"))
	if err != nil {
		return err
	}
	p := e.page(c, "web.forgotten.title")
	return e.frame.Render(c, http.StatusOK, ui.EntrancePage(p, ui.Entrance{
		Lead: p.T("web.forgotten.done"), Ways: []ui.Link{{Text: p.T("web.sign_in.title"), URL: "/sign-in"}},
	}))
}

// RenewPage answers GET /sign-in/reset/:token. Whether the link is good shows
// when it is used: looking at it tells nothing.
func (e *Entrance) RenewPage(c echo.Context) error { return e.renewPage(c, http.StatusOK, nil) }

func (e *Entrance) renewPage(c echo.Context, status int, fault error) error {
	p := e.page(c, "web.renew.title")
	v := ui.Entrance{Lead: p.T("web.renew.lead"), Form: ui.Form{
		Action: "/sign-in/reset/" + c.Param("token"),
		Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "password", Label: p.T("web.password.next"), Type: "password", Required: true, Complete: "new-password", Hint: p.T("web.password.hint")},
		}}},
		Buttons: []ui.Button{{Label: p.T("web.password.go")}},
	}}
	frame.Fill(p.Lang, &v.Form, fault)
	return e.frame.Render(c, status, ui.EntrancePage(p, v))
}

// Renew answers POST /sign-in/reset/:token.
func (e *Entrance) Renew(c echo.Context) error {
	err := e.accounts.Renew(c.Request().Context(), c.Param("token"), c.FormValue("password"), c.RealIP())
	if scene.CodeOf(err) == scene.Invalid {
		return e.renewPage(c, edge.Status(scene.Invalid), err)
	}
	if err != nil {
		return err
	}
	edge.ClearSession(c)
	p := e.page(c, "web.renew.done")
	return e.frame.Render(c, http.StatusOK, ui.EntrancePage(p, ui.Entrance{
		Lead: p.T("web.renew.done.text"), Ways: []ui.Link{{Text: p.T("web.sign_in.title"), URL: "/sign-in"}},
	}))
}
