package entrance

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"
	"github.com/pquerna/otp"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// withNext adds the page that a person was on the way to.
func withNext(path, next string) string {
	if next == "" {
		return path
	}
	return path + "?" + url.Values{"next": {next}}.Encode()
}

// next is the page that a person was on the way to, from address or form.
func next(c echo.Context) string { return edge.LocalPath(c.FormValue("next"), "") }

// CodePage answers GET /sign-in/code.
func (e *Entrance) CodePage(c echo.Context) error {
	return e.codePage(c, http.StatusOK, nil)
}

func (e *Entrance) codePage(c echo.Context, status int, fault error) error {
	p := e.page(c, "web.code.title")
	return e.frame.Render(c, status, ui.EntrancePage(p, ui.Entrance{
		Lead: p.T("web.code.lead"),
		Form: ui.Form{
			Action: "/sign-in/code", Fault: frame.Sentence(p.Lang, fault),
			Groups: []ui.Group{{Fields: []ui.Field{
				{Name: "code", Label: p.T("web.code.code"), Required: true, Complete: "one-time-code", Max: 20, Short: true},
				{Name: "next", Type: "hidden", Value: next(c)},
			}}},
			Buttons: []ui.Button{{Label: p.T("web.sign_in.go")}},
		},
	}))
}

// Code answers POST /sign-in/code.
func (e *Entrance) Code(c echo.Context) error {
	token, err := e.accounts.Code(c.Request().Context(), edge.SessionToken(c), c.FormValue("code"), c.RealIP())
	switch scene.CodeOf(err) {
	case "":
		return e.welcome(c, token, next(c))
	case scene.Unauthorized, scene.TooMany:
		edge.Wait(c, err)
		return e.codePage(c, edge.Status(scene.CodeOf(err)), err)
	}
	return err
}

// PasswordPage answers GET /account/password.
func (e *Entrance) PasswordPage(c echo.Context) error {
	return e.passwordPage(c, http.StatusOK, nil)
}

func (e *Entrance) passwordPage(c echo.Context, status int, fault error) error {
	p := e.page(c, "web.password.title")
	v := ui.Entrance{Form: ui.Form{
		Action: "/account/password",
		Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "present", Label: p.T("web.password.present"), Type: "password", Required: true, Complete: "current-password"},
			{Name: "password", Label: p.T("web.password.next"), Type: "password", Required: true, Complete: "new-password", Hint: p.T("web.password.hint")},
			{Name: "next", Type: "hidden", Value: next(c)},
		}}},
		Buttons: []ui.Button{{Label: p.T("web.password.go")}},
	}}
	if who := edge.From(c.Request().Context()).Who; who.Stage == account.StageChange {
		v.Lead = p.T("web.password.given")
	}
	frame.Fill(p.Lang, &v.Form, fault)
	return e.frame.Render(c, status, ui.EntrancePage(p, v))
}

// Password answers POST /account/password.
func (e *Entrance) Password(c echo.Context) error {
	token, err := e.accounts.ChangePassword(c.Request().Context(), edge.SessionToken(c), c.FormValue("present"), c.FormValue("password"), c.RealIP())
	switch scene.CodeOf(err) {
	case "":
		return e.welcome(c, token, next(c))
	case scene.Invalid, scene.TooMany:
		edge.Wait(c, err)
		return e.passwordPage(c, edge.Status(scene.CodeOf(err)), err)
	}
	return err
}

// FactorPage answers GET /account/factor.
func (e *Entrance) FactorPage(c echo.Context) error {
	return e.factorPage(c, http.StatusOK, nil)
}

func (e *Entrance) factorPage(c echo.Context, status int, fault error) error {
	secret, who, err := e.accounts.Offer(c.Request().Context(), edge.SessionToken(c))
	if err != nil {
		return err
	}
	p := e.page(c, "web.factor.title")
	v := ui.Entrance{Lead: p.T("web.factor.lead"), Secret: secret, Form: ui.Form{
		Action: "/account/factor",
		Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "code", Label: p.T("web.factor.code"), Required: true, Complete: "one-time-code", Mode: "numeric", Max: 10, Short: true},
			{Name: "next", Type: "hidden", Value: next(c)},
		}}},
		Buttons: []ui.Button{{Label: p.T("web.factor.go")}},
	}}
	if v.Picture, err = e.picture(&who.Account, secret); err != nil {
		return err
	}
	frame.Fill(p.Lang, &v.Form, fault)
	return e.frame.Render(c, status, ui.EntrancePage(p, v))
}

// picture is the QR code that an authenticator reads, as a data address.
func (e *Entrance) picture(a *scene.Account, secret string) (string, error) {
	name := e.frame.Site().Name
	if name == "" {
		name = "Jinghe"
	}
	address := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + name + ":" + a.Login, RawQuery: url.Values{"secret": {secret}, "issuer": {name}}.Encode()}
	key, err := otp.NewKeyFromURL(address.String())
	if err != nil {
		return "", scene.Wrap("entrance.picture", err)
	}
	image, err := key.Image(440, 440)
	if err != nil {
		return "", scene.Wrap("entrance.picture", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image); err != nil {
		return "", scene.Wrap("entrance.picture", err)
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// Factor answers POST /account/factor: the recovery codes are on its page, and nowhere else.
func (e *Entrance) Factor(c echo.Context) error {
	token, codes, err := e.accounts.Enrol(c.Request().Context(), edge.SessionToken(c), c.FormValue("code"), c.RealIP())
	if scene.CodeOf(err) == scene.Invalid {
		return e.factorPage(c, edge.Status(scene.Invalid), err)
	}
	if err != nil {
		return err
	}
	edge.SetSession(c, token)
	p := e.page(c, "web.factor.done")
	onward := next(c)
	if onward == "" {
		onward = "/account"
	}
	return e.frame.Render(c, http.StatusOK, ui.EntrancePage(p, ui.Entrance{
		Lead: p.T("web.factor.recovery"), Codes: codes, Ways: []ui.Link{{Text: p.T("web.factor.onward"), URL: onward}},
	}))
}

// Account answers GET /account.
func (e *Entrance) Account(c echo.Context) error {
	ctx := c.Request().Context()
	r := edge.From(ctx)
	sessions, err := e.accounts.Sessions(ctx, r.Actor)
	if err != nil {
		return err
	}
	p := e.page(c, "web.account.title")
	p.OwnSearch = false
	a := &r.Who.Account
	v := ui.AccountView{FactorLabel: p.T("web.account.factor_on"), Facts: []ui.Fact{
		{Label: p.T("web.sign_in.login"), Value: a.Login},
		{Label: p.T("web.account.name"), Value: a.Name},
		{Label: p.T("web.account.roles"), Value: frame.RoleNames(p, a.Roles)},
	}}
	if a.SecondFactor {
		v.FactorLabel = p.T("web.account.factor_again")
	}
	if a.Department != "" {
		v.Facts = append(v.Facts, ui.Fact{Label: p.T("web.account.department"), Value: a.Department})
	}
	if err := e.schedules(c, p, a, &v); err != nil {
		return err
	}
	if len(v.Schedules) == 0 && slices.Equal(a.Roles, []scene.Role{scene.RoleAttendee}) { // nothing but this page is behind the account
		v.Facts = append(v.Facts, ui.Fact{Label: p.T("web.account.schedule"), Value: p.T("web.account.schedule_by_link")})
	}
	for _, s := range sessions {
		v.Sessions = append(v.Sessions, ui.SessionRow{
			Began: ui.Minute(s.Created), From: s.From, Agent: agent(p, s.Agent), This: s.ID == r.Who.Session.ID,
		})
	}
	if c.QueryParam("done") == "others" {
		v.Notice = p.T("web.account.others_out")
	}
	return e.frame.Render(c, http.StatusOK, ui.AccountPage(p, v))
}

// maxSchedules is how many events an account leads to.
const maxSchedules = 3

// schedules leads a person to the personal pages of the events to which he goes.
func (e *Entrance) schedules(c echo.Context, p *ui.Page, a *scene.Account, v *ui.AccountView) error {
	if e.fairs == nil {
		return nil
	}
	links, err := e.fairs.Links(c.Request().Context(), a)
	if err != nil {
		return err
	}
	for i := range links[:min(len(links), maxSchedules)] {
		f := &links[i].Fair
		v.Schedules = append(v.Schedules, ui.Link{
			Text: p.T("web.account.schedule_of", "title", f.Title, "when", ui.Hours(p.Lang, f.Start(), f.End())), URL: "/e/" + links[i].Delegate.Code,
		})
	}
	return nil
}

// SignOutOthers answers POST /account/sign-out-others.
func (e *Entrance) SignOutOthers(c echo.Context) error {
	ctx := c.Request().Context()
	if _, err := e.accounts.SignOutOthers(ctx, edge.From(ctx).Actor, edge.SessionToken(c)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/account?done=others")
}
