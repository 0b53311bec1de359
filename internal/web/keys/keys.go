// Package keys is the pages on which people make, see and revoke access tokens
// for other programs: one for the workspace, one for the console.
//
// It stands on the fourth floor beside internal/web, which mounts its handlers
// on routes behind their permissions. What may be done is decided by
// internal/account.
package keys

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Keys holds the handlers of one place. It is safe for concurrent use.
type Keys struct {
	accounts *account.Service
	frame    *frame.Frame
	room     string // "workspace" or "console"
}

// New returns the pages of a room.
func New(accounts *account.Service, f *frame.Frame, room string) *Keys {
	return &Keys{accounts: accounts, frame: f, room: room}
}

func (k *Keys) here() string { return "/" + k.room + "/tokens" }

// List answers GET /ROOM/tokens.
func (k *Keys) List(c echo.Context) error { return k.list(c, http.StatusOK, "", nil) }

func (k *Keys) list(c echo.Context, status int, secret string, fault error) error {
	ctx := c.Request().Context()
	by := edge.From(ctx).Actor
	tokens, err := k.accounts.Tokens(ctx, by)
	if err != nil {
		return err
	}
	from := min(max(edge.Number(c.QueryParam("after")), 0), len(tokens))
	tokens = tokens[from:]
	rest := len(tokens) - perPage
	if rest > 0 {
		tokens = tokens[:perPage]
	}
	owners, err := k.accounts.Owners(ctx, by, tokens)
	if err != nil {
		return err
	}
	said, err := c.FormParams()
	if err != nil || secret != "" { // what was made is not made again by a second press
		said = nil
	}
	p := k.frame.Page(c)
	p.Title, p.NoIndex, p.Desk, p.Nav = p.T("web.tokens.title"), true, true, k.room
	v := ui.Tokens{
		Crumb: ui.Link{Text: p.T("web.nav." + k.room), URL: "/" + k.room}, Secret: secret, Make: k.form(p, &by, said),
	}
	if done := c.QueryParam("done"); p.Has("web.tokens.done." + done) {
		v.Notice = p.T("web.tokens.done." + done)
	}
	frame.Fill(p.Lang, &v.Make, fault)
	for i := range tokens {
		v.Rows = append(v.Rows, k.row(c, p, &tokens[i], owners))
	}
	if rest > 0 {
		v.Next = k.here() + "?after=" + strconv.Itoa(from+perPage)
	}
	return k.frame.Render(c, status, ui.TokensPage(p, v))
}

// perPage is how many tokens a page shows.
const perPage = 50

func (k *Keys) row(c echo.Context, p *ui.Page, t *scene.AccessToken, owners map[scene.ID]scene.Account) ui.TokenRow {
	ctx := c.Request().Context()
	row := ui.TokenRow{Name: t.Name, Until: ui.Minute(t.Expires), State: ui.State{Code: "published", Label: p.T("web.tokens.live")}}
	for _, s := range t.Scopes {
		row.Scopes = append(row.Scopes, scopeLabel(p, s))
	}
	if !t.Used.IsZero() {
		row.Used, row.From = ui.Minute(t.Used), t.From
	}
	by := edge.From(ctx).Actor
	if t.AccountID != by.ID {
		row.Owner = string(t.AccountID)
		if a, known := owners[t.AccountID]; known {
			row.Owner = a.Name
		}
	}
	switch {
	case !t.Revoked.IsZero():
		row.State = ui.State{Code: "closed", Label: p.T("web.tokens.revoked")}
	case !t.Live(k.accounts.Now()):
		row.State = ui.State{Code: "expired", Label: p.T("web.tokens.expired")}
	default:
		row.Revoke = k.here() + "/" + string(t.ID) + "/revoke"
	}
	return row
}

// scopeLabel is a scope in words, with the name by which programs, the reference and
// refusals know it.
func scopeLabel(p *ui.Page, s scene.Scope) string {
	return p.T("web.tokens.scope."+string(s)) + " · " + string(s)
}

// form asks for what a token is for, what it may do, and for how long; said is what
// was filled in before.
func (k *Keys) form(p *ui.Page, by *scene.Actor, said url.Values) ui.Form {
	f := ui.Field{Name: "scopes", Label: p.T("web.tokens.scopes"), Type: "checks", Required: true}
	for _, s := range scene.Scopes() {
		if s.Useful(by.Roles) {
			f.Options = append(f.Options, ui.Option{Value: string(s), Label: scopeLabel(p, s), Chosen: slices.Contains(said["scopes"], string(s))})
		}
	}
	days := ui.Field{Name: "days", Label: p.T("web.tokens.days"), Type: "choice", Short: true}
	longest := account.LongestToken(by.Roles)
	for _, d := range []string{"7", "30", "90", "365"} {
		if edge.Number(d) <= longest {
			days.Options = append(days.Options, ui.Option{Value: d, Label: p.T("web.tokens.days." + d), Chosen: cmp.Or(said.Get("days"), "90") == d})
		}
	}
	return ui.Form{
		Action: k.here(), Groups: []ui.Group{{Text: p.T("web.tokens.lead"), Fields: []ui.Field{
			{Name: "name", Label: p.T("web.tokens.name"), Value: said.Get("name"), Required: true, Max: 60, Hint: p.T("web.tokens.name.hint")}, f, days,
		}}},
		Buttons: []ui.Button{{Label: p.T("web.tokens.make")}},
	}
}

func scopes(c echo.Context) []scene.Scope {
	form, err := c.FormParams()
	if err != nil {
		return nil
	}
	var list []scene.Scope
	for _, s := range form["scopes"] {
		list = append(list, scene.Scope(s))
	}
	return list
}

// Make answers POST /ROOM/tokens: the token is on its page, and nowhere else.
func (k *Keys) Make(c echo.Context) error {
	ctx := c.Request().Context()
	_, secret, err := k.accounts.MakeToken(ctx, edge.From(ctx).Actor, account.NewToken{
		Name: c.FormValue("name"), Scopes: slices.Clone(scopes(c)), Days: edge.Number(c.FormValue("days")),
	})
	if frame.Mendable(err) {
		return k.list(c, edge.Status(scene.CodeOf(err)), "", err)
	}
	if err != nil {
		return err
	}
	return k.list(c, http.StatusOK, secret, nil)
}

// Revoke answers POST /ROOM/tokens/:id/revoke.
func (k *Keys) Revoke(c echo.Context) error {
	ctx := c.Request().Context()
	if err := k.accounts.RevokeToken(ctx, edge.From(ctx).Actor, scene.ID(c.Param("id"))); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, k.here()+"?done=revoked")
}
