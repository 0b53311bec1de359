package console

import (
	"context"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// after is the address of the next page, "" at the end.
func after(path string, query url.Values, cursor string) string {
	if cursor == "" {
		return ""
	}
	q := url.Values{}
	for name, values := range query {
		if name != "after" {
			q[name] = values
		}
	}
	q.Set("after", cursor)
	return path + "?" + q.Encode()
}

// People answers GET /console/accounts?state=STATE&after=CURSOR.
func (o *Console) People(c echo.Context) error {
	ctx := c.Request().Context()
	p, tabs, err := o.page(c, "web.console.tab.accounts", accounts)
	if err != nil {
		return err
	}
	state := scene.AccountState(c.QueryParam("state"))
	rows, err := o.accounts.Accounts(ctx, actor(c), store.AccountFilter{State: state}, store.Page{After: c.QueryParam("after"), Limit: perPage})
	if err != nil {
		return err
	}
	v := ui.People{Nav: tabs, Next: after(accounts, c.QueryParams(), rows.Next), Files: xlsx(p, accounts, c.QueryParams())}
	v.Filter = append(v.Filter, ui.Link{Text: p.T("web.people.all"), URL: accounts, Active: state == ""})
	for _, s := range []scene.AccountState{scene.AccountPending, scene.AccountUnproven, scene.AccountActive, scene.AccountDisabled} {
		v.Filter = append(v.Filter, ui.Link{Text: frame.AccountState(p.Lang, s).Label, URL: accounts + "?state=" + string(s), Active: s == state})
	}
	names, err := o.orgNames(ctx, rows.Items)
	if err != nil {
		return err
	}
	for i := range rows.Items {
		v.Rows = append(v.Rows, person(p, &rows.Items[i], names))
	}
	return o.frame.Render(c, http.StatusOK, ui.PeoplePage(p, v))
}

func (o *Console) orgNames(ctx context.Context, list []scene.Account) (map[scene.ID]string, error) {
	var ids []scene.ID
	for i := range list {
		ids = append(ids, list[i].OrgID)
	}
	orgs, err := o.registry.OrganisationsByID(ctx, ids)
	names := map[scene.ID]string{}
	for i := range orgs {
		names[orgs[i].ID] = orgs[i].Name
	}
	return names, err
}

func person(p *ui.Page, a *scene.Account, orgs map[scene.ID]string) ui.Person {
	v := ui.Person{
		ID: string(a.ID), Name: a.Name, Login: a.Login, Mail: a.Mail, Roles: frame.RoleNames(p, a.Roles), Org: orgs[a.OrgID],
		Since: ui.Minute(a.Created), URL: accounts + "/" + string(a.ID), State: frame.AccountState(p.Lang, a.State),
	}
	if a.Applied != nil {
		v.Org, v.Claim, v.Typed = a.Applied.Name, a.Applied.Known, a.Applied.Typed
	}
	if a.Department != "" {
		v.Org = a.Department
	}
	return v
}

// Person answers GET /console/accounts/:id.
func (o *Console) Person(c echo.Context) error { return o.person(c, http.StatusOK, "", nil) }

func (o *Console) person(c echo.Context, status int, password string, fault error) error {
	ctx, by := c.Request().Context(), actor(c)
	a, err := o.accounts.Account(ctx, by, scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	p, tabs, err := o.page(c, "web.console.tab.accounts", accounts)
	if err != nil {
		return err
	}
	names, err := o.orgNames(ctx, []scene.Account{a})
	if err != nil {
		return err
	}
	code, err := o.codeOf(ctx, &a)
	if err != nil {
		return err
	}
	p.Title = a.Name
	v := ui.PersonPage{Nav: tabs, Password: password, Person: person(p, &a, names), Facts: personFacts(p, &a, names, code)}
	if done := c.QueryParam("done"); p.Has("web.person.done." + done) {
		v.Notice = p.T("web.person.done." + done)
	}
	v.Forms = personForms(p, by, &a)
	frame.FillOne(p.Lang, v.Forms, fault)
	return o.frame.Render(c, status, ui.PersonPageView(p, v))
}

// codeOf is the credit code of the organisation of an account, as it is registered;
// "" while it is only applied with, which the account says itself.
func (o *Console) codeOf(ctx context.Context, a *scene.Account) (scene.CreditCode, error) {
	if a.Applied != nil || a.OrgID == "" {
		return "", nil
	}
	org, err := o.registry.Organisation(ctx, a.OrgID)
	if scene.CodeOf(err) == scene.NotFound {
		return "", nil
	}
	return org.CreditCode, err
}

func personFacts(p *ui.Page, a *scene.Account, orgs map[scene.ID]string, code scene.CreditCode) []ui.Fact {
	facts := []ui.Fact{
		{Label: p.T("web.sign_in.login"), Value: a.Login}, {Label: p.T("web.account.roles"), Value: frame.RoleNames(p, a.Roles)},
	}
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, ui.Fact{Label: p.T(key), Value: value})
		}
	}
	add("web.rows.org", orgs[a.OrgID])
	add("web.credit_code", string(code))
	if a.Applied != nil {
		if a.Applied.Typed == "" {
			add("web.rows.org", a.Applied.Name)
		} else {
			add("web.person.registered", a.Applied.Name)
			add("web.person.typed", a.Applied.Typed)
		}
		add("web.credit_code", string(a.Applied.CreditCode))
		if a.Applied.Kind != "" {
			add("web.owner_kind", p.T("web.owner_kind."+string(a.Applied.Kind)))
		}
	}
	add("web.account.department", a.Department)
	add("web.sign_up.mail", a.Mail)
	add("web.sign_up.phone", a.Phone)
	for _, consent := range a.Consents {
		add("web.document."+consent.Document, p.T("web.person.consent", "version", consent.Version, "at", ui.Minute(consent.At)))
	}
	add("web.people.since", ui.Minute(a.Created))
	return facts
}

// personForms offers what the actor may do to the account.
func personForms(p *ui.Page, by scene.Actor, a *scene.Account) []ui.Form {
	here := accounts + "/" + string(a.ID)
	form := func(action, label string, danger bool, fields ...ui.Field) ui.Form {
		return ui.Form{Action: here + "/" + action, Groups: []ui.Group{{Fields: fields}}, Buttons: []ui.Button{{Label: label, Danger: danger}}}
	}
	reason := ui.Field{Name: "reason", Label: p.T("web.person.reason"), Required: true, Max: 200}
	var forms []ui.Form
	if (a.State == scene.AccountPending || a.State == scene.AccountUnproven) && by.MayEver(scene.AccountVerify) {
		forms = append(forms, form("approve", p.T("web.person.approve"), false), form("refuse", p.T("web.person.refuse"), true, reason))
	}
	if !by.MayEver(scene.AccountManage) {
		return forms
	}
	switch a.State {
	case scene.AccountActive:
		roles := ui.Field{Name: "roles", Label: p.T("web.account.roles"), Type: "checks"}
		for _, r := range scene.Roles() {
			chosen := false
			for _, held := range a.Roles {
				chosen = chosen || held == r
			}
			roles.Options = append(roles.Options, ui.Option{Value: string(r), Label: p.T("web.role." + string(r)), Chosen: chosen})
		}
		department := ui.Field{Name: "department", Label: p.T("web.account.department"), Value: a.Department, Max: 200}
		forms = append(forms, form("roles", p.T("web.person.roles"), false, roles, department),
			form("reset", p.T("web.person.reset"), true), form("disable", p.T("web.person.disable"), true, reason))
	case scene.AccountDisabled:
		forms = append(forms, form("enable", p.T("web.person.enable"), false))
	}
	return forms
}

// did goes back to the account with what was done or what was wrong.
func (o *Console) did(c echo.Context, err error, done string) error {
	if frame.Mendable(err) {
		return o.person(c, edge.Status(scene.CodeOf(err)), "", err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, accounts+"/"+c.Param("id")+"?done="+done)
}

// Approve answers POST /console/accounts/:id/approve.
func (o *Console) Approve(c echo.Context) error {
	_, err := o.accounts.Approve(c.Request().Context(), actor(c), scene.ID(c.Param("id")))
	return o.did(c, err, "approved")
}

// Refuse answers POST /console/accounts/:id/refuse.
func (o *Console) Refuse(c echo.Context) error {
	_, err := o.accounts.Refuse(c.Request().Context(), actor(c), scene.ID(c.Param("id")), c.FormValue("reason"))
	return o.did(c, err, "refused")
}

// Disable answers POST /console/accounts/:id/disable.
func (o *Console) Disable(c echo.Context) error {
	_, err := o.accounts.Disable(c.Request().Context(), actor(c), scene.ID(c.Param("id")), c.FormValue("reason"))
	return o.did(c, err, "disabled")
}

// Enable answers POST /console/accounts/:id/enable.
func (o *Console) Enable(c echo.Context) error {
	_, err := o.accounts.Enable(c.Request().Context(), actor(c), scene.ID(c.Param("id")))
	return o.did(c, err, "enabled")
}

// SetRoles answers POST /console/accounts/:id/roles.
func (o *Console) SetRoles(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "console.SetRoles", Err: err}
	}
	var roles []scene.Role
	for _, r := range form["roles"] {
		roles = append(roles, scene.Role(r))
	}
	_, err = o.accounts.SetRoles(c.Request().Context(), actor(c), scene.ID(c.Param("id")), roles, c.FormValue("department"))
	return o.did(c, err, "roles")
}

// Reset answers POST /console/accounts/:id/reset: the new password is on its page, and nowhere else.
func (o *Console) Reset(c echo.Context) error {
	_, password, err := o.accounts.Reset(c.Request().Context(), actor(c), scene.ID(c.Param("id")))
	if err != nil {
		return o.did(c, err, "")
	}
	return o.person(c, http.StatusOK, password, nil)
}
