// Package entrance is the pages by which people come in: signing up and in,
// the second factor, passwords, what is a person's own.
//
// It stands on the fourth floor beside internal/web, which mounts its handlers
// on routes behind their permissions, and asks internal/account for everything.
package entrance

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Entrance holds the handlers. It is safe for concurrent use.
type Entrance struct {
	accounts  *account.Service
	fairs     *convene.Service // nil: there are no events
	frame     *frame.Frame
	now       func() time.Time
	elsewhere backend.SignOn // nil: people sign in here alone
}

// New returns the pages over a service of accounts, and one of events, which may be nil.
func New(accounts *account.Service, fairs *convene.Service, f *frame.Frame, now func() time.Time) *Entrance {
	return &Entrance{accounts: accounts, fairs: fairs, frame: f, now: now}
}

// page begins a page of this package.
func (e *Entrance) page(c echo.Context, title string) *ui.Page {
	p := e.frame.Page(c)
	p.Title, p.NoIndex, p.Desk, p.OwnSearch = p.T(title), true, true, true
	return p
}

// SignInPage answers GET /sign-in?next=PATH.
func (e *Entrance) SignInPage(c echo.Context) error {
	r := edge.From(c.Request().Context())
	next := edge.LocalPath(c.QueryParam("next"), "")
	if r.Actor.Known() {
		return c.Redirect(http.StatusSeeOther, home(&r.Actor, next))
	}
	return e.signInPage(c, http.StatusOK, next, "", nil)
}

func (e *Entrance) signInPage(c echo.Context, status int, next, login string, fault error) error {
	p := e.page(c, "web.sign_in.title")
	v := ui.Entrance{Form: ui.Form{
		Action: "/sign-in", Fault: frame.Sentence(p.Lang, fault),
		Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "login", Label: p.T("web.sign_in.login"), Value: login, Required: true, Complete: "username", Max: 100},
			{Name: "password", Label: p.T("web.sign_in.password"), Type: "password", Required: true, Complete: "current-password"},
			{Name: "next", Type: "hidden", Value: next},
		}}},
		Buttons: []ui.Button{{Label: p.T("web.sign_in.go")}},
	}, Ways: []ui.Link{{Text: p.T("web.sign_in.no_account"), URL: "/sign-up"}, {Text: p.T("web.sign_in.forgotten"), URL: "/sign-in/forgotten"}}}
	if e.elsewhere != nil {
		name := e.elsewhere.Label()
		if name == "" {
			name = p.T("web.sign_in.with.other")
		}
		v.Ways = append([]ui.Link{{Text: p.T("web.sign_in.with", "name", name), URL: withNext("/sign-in/with", next)}}, v.Ways...)
	}
	if fault == nil && next != "" {
		v.Lead = p.T("web.sign_in.first")
	}
	return e.frame.Render(c, status, ui.EntrancePage(p, v))
}

// SignIn answers POST /sign-in.
func (e *Entrance) SignIn(c echo.Context) error {
	ctx := c.Request().Context()
	next := edge.LocalPath(c.FormValue("next"), "")
	token, err := e.accounts.SignIn(ctx, account.Attempt{
		Login: c.FormValue("login"), Password: c.FormValue("password"),
		From: c.RealIP(), Agent: c.Request().UserAgent(), Replaces: edge.SessionToken(c),
	})
	switch scene.CodeOf(err) {
	case "":
	case scene.Unauthorized, scene.TooMany:
		edge.Wait(c, err)
		return e.signInPage(c, edge.Status(scene.CodeOf(err)), next, c.FormValue("login"), err)
	default:
		return err
	}
	return e.welcome(c, token, next)
}

// welcome gives the browser its session and sends it on.
func (e *Entrance) welcome(c echo.Context, token, next string) error {
	who, err := e.accounts.Resume(c.Request().Context(), token)
	if err != nil {
		return err
	}
	edge.SetSession(c, token)
	if who.Stage != account.StageDone {
		return c.Redirect(http.StatusSeeOther, withNext(edge.StagePath(who.Stage), next))
	}
	actor := who.Actor(c.RealIP())
	return c.Redirect(http.StatusSeeOther, home(&actor, next))
}

// home is where a person goes who asked for nothing else.
func home(a *scene.Actor, next string) string {
	switch {
	case next != "":
		return next
	case a.MayEver(scene.ConsoleEnter):
		return "/console"
	case a.MayEver(scene.WorkspaceEnter):
		return "/workspace"
	case a.MayEver(scene.OpinionGive):
		return "/opinions"
	}
	return "/account"
}

// SignOut answers POST /sign-out.
func (e *Entrance) SignOut(c echo.Context) error {
	if err := e.accounts.SignOut(c.Request().Context(), edge.SessionToken(c), c.RealIP()); err != nil {
		return err
	}
	edge.ClearSession(c)
	return c.Redirect(http.StatusSeeOther, "/")
}
