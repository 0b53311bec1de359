// Package workspace is the pages of an organisation's own: its entries in
// whatever state, drafts and revisions, colleagues.
//
// It stands on the fourth floor beside internal/web, which mounts its handlers
// on routes behind their permissions. What may be done to an entry is decided
// by internal/registry; a page offers only what would be allowed.
package workspace

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/annex"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/sheet"
	"jinghe/internal/web/ui"
)

// base is where the entries live.
const base = "/workspace/listings"

// Workspace holds the handlers. It is safe for concurrent use.
type Workspace struct {
	accounts *account.Service
	registry *registry.Registry
	dict     func() backend.Dictionaries
	drafting backend.Drafting
	annex    *annex.Annex
	frame    *frame.Frame
	now      func() time.Time
}

// New returns the pages.
func New(s backend.Services, f *frame.Frame, now func() time.Time) *Workspace {
	return &Workspace{now: now, accounts: s.Accounts, registry: s.Registry, dict: s.Dictionaries, drafting: s.Drafting, annex: annex.New(s.Files), frame: f}
}

func (w *Workspace) page(c echo.Context, title string) *ui.Page {
	p := w.frame.Page(c)
	p.Title, p.NoIndex, p.Desk, p.Nav = title, true, true, "workspace"
	return p
}

func actor(c echo.Context) scene.Actor { return edge.From(c.Request().Context()).Actor }

// Home answers GET /workspace.
func (w *Workspace) Home(c echo.Context) error {
	return w.home(c, http.StatusOK, "", nil)
}

func (w *Workspace) home(c echo.Context, status int, invitation string, fault error) error {
	ctx, by := c.Request().Context(), actor(c)
	own, err := w.registry.Own(ctx, by)
	if err != nil {
		return err
	}
	people, err := w.accounts.Colleagues(ctx, by)
	if err != nil {
		return err
	}
	org, err := w.registry.Organisation(ctx, by.OrgID)
	if err != nil {
		return err
	}
	p := w.page(c, "")
	p.Title = p.T("web.nav.workspace")
	v := ui.Workspace{Org: org.Name, Invitation: invitation, Invite: w.invite(p, by)}
	frame.Fill(p.Lang, &v.Invite, fault)
	if done := c.QueryParam("done"); done == "profile" {
		v.Notice = p.T("web.profile.done")
	}
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		if by.May(scene.ListingCreate, scene.Object{OrgID: by.OrgID, Kind: kind}) == nil {
			v.Begin = append(v.Begin, ui.Link{Text: p.T("web.workspace.begin." + string(kind)), URL: base + "/new?kind=" + string(kind)})
		}
	}
	kept, err := w.registry.Scratches(ctx, by)
	if err != nil {
		return err
	}
	back, err := w.registry.Returned(ctx, by, own)
	if err != nil {
		return err
	}
	v.Rows = w.entryRows(p, own, kept, back)
	v.Ending = w.ending(p, by, own)
	v.Unfinished = unfinished(p, kept)
	for i := range people {
		a := &people[i]
		v.People = append(v.People, ui.Person{Name: a.Name, Roles: frame.RoleNames(p, a.Roles), State: frame.AccountState(p.Lang, a.State)})
	}
	return w.frame.Render(c, status, ui.WorkspacePage(p, v))
}

// invite is the form by which a colleague is let in: with roles that the actor has itself.
func (w *Workspace) invite(p *ui.Page, by scene.Actor) ui.Form {
	f := ui.Field{Name: "roles", Label: p.T("web.account.roles"), Type: "checks", Required: true}
	for _, r := range []scene.Role{scene.RoleOwner, scene.RoleProvider} {
		if by.Has(r) {
			f.Options = append(f.Options, ui.Option{Value: string(r), Label: p.T("web.role." + string(r)), Chosen: true})
		}
	}
	mail := ui.Field{Name: "mail", Label: p.T("web.invite.mail"), Type: "email", Hint: p.T("web.invite.mail.hint"), Max: 254}
	fields := []ui.Field{f}
	if w.accounts.MailPossible() {
		fields = append(fields, mail)
	}
	return ui.Form{
		Action: "/workspace/invitations", Groups: []ui.Group{{Text: p.T("web.invite.lead"), Fields: fields}},
		Buttons: []ui.Button{{Label: p.T("web.invite.go")}},
	}
}

// sheetNow is the sheet over the dictionaries in force.
func (w *Workspace) sheetNow() *sheet.Sheet { return sheet.New(w.dict()) }

// step reads the entry that a form is about.
func step(c echo.Context) registry.Step {
	return registry.Step{
		Kind: scene.Kind(c.Param("kind")), ID: scene.ID(c.Param("id")), Revision: edge.Number(c.FormValue("revision")),
		Reason: c.FormValue("reason"),
	}
}

// seeOther sends the browser to the page of an entry with what was done.
func seeOther(c echo.Context, kind scene.Kind, id scene.ID, done string) error {
	return c.Redirect(http.StatusSeeOther, frame.EntryURL(base, kind, id)+"?done="+done)
}

// unfinished leads to the forms of new entries that were begun and not saved.
func unfinished(p *ui.Page, kept []scene.Scratch) []ui.Link {
	var links []ui.Link
	for _, s := range kept {
		if kind, is := strings.CutPrefix(s.Place, "new-"); is {
			name := ""
			if len(s.Values["name"]) > 0 {
				name = s.Values["name"][0]
			}
			links = append(links, ui.Link{
				Text: p.T("web.draft.go_on", "kind", p.T("web.kind."+kind+".one"), "name", name, "date", ui.Minute(s.Saved)), URL: base + "/new?kind=" + kind,
			})
		}
	}
	return links
}
