package entrance

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// SignUpPage answers GET /sign-up.
func (e *Entrance) SignUpPage(c echo.Context) error {
	return e.signUpPage(c, http.StatusOK, nil)
}

func (e *Entrance) signUpPage(c echo.Context, status int, fault error) error {
	p := e.page(c, "web.sign_up.title")
	puzzle, err := e.accounts.Puzzle(c.Request().Context(), p.Form)
	if err != nil {
		return err
	}
	lead := "web.sign_up.lead.staff"
	if e.accounts.MailPossible() {
		lead = "web.sign_up.lead.mail"
	}
	v := ui.FormPage{Lead: p.T(lead), Crumb: ui.Link{Text: p.T("web.sign_in.title"), URL: "/sign-in"}, Form: ui.Form{
		Action: "/sign-up", Puzzle: puzzle, Bits: account.PuzzleBits, Keep: "sign-up",
		Groups:  []ui.Group{e.orgGroup(c, p), e.personGroup(c, p, e.accounts.MailPossible()), consentGroup(c, p)},
		Buttons: []ui.Button{{Label: p.T("web.sign_up.go")}}, Back: ui.Link{Text: p.T("web.sign_up.have"), URL: "/sign-in"},
	}}
	frame.Fill(p.Lang, &v.Form, fault)
	return e.frame.Render(c, status, ui.FormPageView(p, v))
}

func (e *Entrance) orgGroup(c echo.Context, p *ui.Page) ui.Group {
	roles, kind := map[string]bool{}, c.FormValue("kind")
	for _, r := range formValues(c, "roles") {
		roles[r] = true
	}
	f := ui.Field{Name: "roles", Label: p.T("web.sign_up.roles"), Type: "checks", Required: true, Hint: p.T("web.sign_up.roles.hint")}
	for _, r := range []scene.Role{scene.RoleOwner, scene.RoleProvider} {
		f.Options = append(f.Options, ui.Option{Value: string(r), Label: p.T("web.sign_up.role." + string(r)), Chosen: roles[string(r)]})
	}
	k := ui.Field{Name: "kind", Label: p.T("web.owner_kind"), Type: "choice", Short: true, Options: []ui.Option{{Label: p.T("web.sheet.unknown")}}}
	for _, o := range scene.OwnerKinds() {
		k.Options = append(k.Options, ui.Option{Value: string(o), Label: p.T("web.owner_kind." + string(o)), Chosen: kind == string(o)})
	}
	return ui.Group{Title: p.T("web.sign_up.org"), Fields: []ui.Field{
		{Name: "org", Label: p.T("web.sign_up.org_name"), Value: c.FormValue("org"), Required: true, Complete: "organization", Max: 200, Hint: p.T("web.sign_up.org_name.hint")},
		{Name: "credit_code", Label: p.T("web.credit_code"), Value: c.FormValue("credit_code"), Required: true, Short: true, Max: 30, Hint: p.T("web.sign_up.credit_code.hint")},
		k, f,
	}}
}

func (e *Entrance) personGroup(c echo.Context, p *ui.Page, mailNeeded bool) ui.Group {
	return ui.Group{Title: p.T("web.sign_up.person"), Fields: []ui.Field{
		{Name: "name", Label: p.T("web.account.name"), Value: c.FormValue("name"), Required: true, Short: true, Complete: "name", Max: 50},
		{Name: "phone", Label: p.T("web.sign_up.phone"), Value: c.FormValue("phone"), Type: "tel", Short: true, Complete: "tel", Max: 40},
		{Name: "mail", Label: p.T("web.sign_up.mail"), Value: c.FormValue("mail"), Type: "email", Required: mailNeeded, Complete: "email", Max: 254},
		{Name: "login", Label: p.T("web.sign_in.login"), Value: c.FormValue("login"), Required: true, Short: true, Complete: "username", Max: 100, Hint: p.T("web.sign_up.login.hint")},
		{Name: "password", Label: p.T("web.sign_in.password"), Type: "password", Required: true, Short: true, Complete: "new-password", Hint: p.T("web.password.hint")},
	}}
}

func consentGroup(c echo.Context, p *ui.Page) ui.Group {
	return ui.Group{Fields: []ui.Field{
		{Name: "privacy", Label: p.T("web.sign_up.privacy"), Type: "check", Value: c.FormValue("privacy"), Link: ui.Link{Text: p.T("web.document.privacy"), URL: "/privacy"}},
		{Name: "terms", Label: p.T("web.sign_up.terms"), Type: "check", Value: c.FormValue("terms"), Link: ui.Link{Text: p.T("web.document.terms"), URL: "/terms"}},
	}}
}

// consents are the documents that were agreed to, with version and time.
func (e *Entrance) consents(c echo.Context) []scene.Consent {
	var list []scene.Consent
	for _, document := range []string{"privacy", "terms"} {
		if c.FormValue(document) == "yes" {
			list = append(list, scene.Consent{Document: document, Version: scene.DocumentVersion, At: e.now().UTC(), From: c.RealIP()})
		}
	}
	return list
}

func formValues(c echo.Context, name string) []string {
	form, err := c.FormParams()
	if err != nil {
		return nil
	}
	return form[name]
}

func formRoles(c echo.Context) []scene.Role {
	var roles []scene.Role
	for _, r := range formValues(c, "roles") {
		roles = append(roles, scene.Role(r))
	}
	return roles
}

// SignUp answers POST /sign-up.
func (e *Entrance) SignUp(c echo.Context) error {
	ctx := c.Request().Context()
	r := edge.From(ctx)
	solved, err := e.accounts.Solved(ctx, c.FormValue("puzzle"), c.FormValue("answer"), r.Form)
	if err != nil {
		return err
	}
	a, err := e.accounts.SignUp(ctx, account.SignUp{
		Login: c.FormValue("login"), Name: c.FormValue("name"), Mail: c.FormValue("mail"), Phone: c.FormValue("phone"),
		Password: c.FormValue("password"), Org: c.FormValue("org"), CreditCode: c.FormValue("credit_code"),
		Kind: scene.OwnerKind(c.FormValue("kind")), Roles: formRoles(c), Consents: e.consents(c), From: c.RealIP(),
		Solved: solved, Message: message(r.Lang, "mail"),
	})
	if frame.Mendable(err) {
		return e.signUpPage(c, edge.Status(scene.CodeOf(err)), err)
	}
	if err != nil {
		return err
	}
	p := e.page(c, "web.sign_up.done")
	return e.frame.Render(c, http.StatusOK, ui.EntrancePage(p, ui.Entrance{
		Lead: p.T("web.sign_up.done."+string(a.State), "mail", a.Mail), Notice: otherName(p, &a), Kept: "sign-up",
		Ways: []ui.Link{{Text: p.T("web.error.home"), URL: "/"}},
	}))
}

// otherName tells somebody that his organisation is registered by another name than
// the one he wrote, and what becomes of that; "" where it is not.
func otherName(p *ui.Page, a *scene.Account) string {
	if a.Applied == nil || a.Applied.Typed == "" {
		return ""
	}
	return p.T("web.sign_up.other_name", "code", string(a.Applied.CreditCode), "registered", a.Applied.Name, "typed", a.Applied.Typed)
}

// message makes subject and text of a mail with a link.
func message(lang locale.Lang, kind string) func(link string) (subject, text string) {
	return func(link string) (string, string) {
		return locale.Text(lang, "account.letter."+kind+".subject", nil), locale.Text(lang, "account.letter."+kind, map[string]any{"link": link})
	}
}

// ProveMailPage answers GET /sign-up/mail/:token. Programs that look at links
// in mails must not use them up, so the page asks for a press of a button.
func (e *Entrance) ProveMailPage(c echo.Context) error {
	p := e.page(c, "web.prove.title")
	return e.frame.Render(c, http.StatusOK, ui.EntrancePage(p, ui.Entrance{
		Lead: p.T("web.prove.lead"),
		Form: ui.Form{Action: "/sign-up/mail/" + c.Param("token"), Buttons: []ui.Button{{Label: p.T("web.prove.go")}}},
	}))
}

// ProveMail answers POST /sign-up/mail/:token.
func (e *Entrance) ProveMail(c echo.Context) error {
	a, err := e.accounts.ProveMail(c.Request().Context(), c.Param("token"), c.RealIP())
	if err != nil {
		return err
	}
	p := e.page(c, "web.prove.done")
	return e.frame.Render(c, http.StatusOK, ui.EntrancePage(p, ui.Entrance{
		Lead: p.T("web.prove.done." + string(a.State)), Notice: otherName(p, &a), Ways: []ui.Link{{Text: p.T("web.sign_in.title"), URL: "/sign-in"}},
	}))
}

// InvitationPage answers GET /invitations/:token.
func (e *Entrance) InvitationPage(c echo.Context) error {
	return e.invitationPage(c, http.StatusOK, nil)
}

func (e *Entrance) invitationPage(c echo.Context, status int, fault error) error {
	t, o, err := e.accounts.Invitation(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	p := e.page(c, "web.invitation.title")
	v := ui.FormPage{
		Lead:  p.T("web.invitation.lead", "org", o.Name, "roles", frame.RoleNames(p, t.Roles)),
		Crumb: ui.Link{Text: p.T("web.sign_in.title"), URL: "/sign-in"},
		Form: ui.Form{
			Action: "/invitations/" + c.Param("token"), Groups: []ui.Group{e.personGroup(c, p, false), consentGroup(c, p)},
			Buttons: []ui.Button{{Label: p.T("web.invitation.go")}},
		},
	}
	frame.Fill(p.Lang, &v.Form, fault)
	return e.frame.Render(c, status, ui.FormPageView(p, v))
}

// Invitation answers POST /invitations/:token.
func (e *Entrance) Invitation(c echo.Context) error {
	_, err := e.accounts.Accept(c.Request().Context(), c.Param("token"), account.Joining{
		Login: c.FormValue("login"), Name: c.FormValue("name"), Mail: c.FormValue("mail"), Phone: c.FormValue("phone"),
		Password: c.FormValue("password"), Consents: e.consents(c), From: c.RealIP(),
	})
	if frame.Mendable(err) {
		return e.invitationPage(c, edge.Status(scene.CodeOf(err)), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/sign-in?next=/workspace")
}

// Document answers GET /privacy and GET /terms.
func (e *Entrance) Document(name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		p := e.page(c, "web.document."+name)
		p.NoIndex, p.OwnSearch, p.Desk = false, false, false
		return e.frame.Render(c, http.StatusOK, ui.DocumentPage(p, ui.Document{
			Version: p.T("web.document.version", "version", scene.DocumentVersion), Text: p.T("web.document." + name + ".text"),
		}))
	}
}
