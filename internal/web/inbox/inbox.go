// Package inbox is the pages on which a person reads what he was told, and says
// how he wants to be told.
//
// It stands on the fourth floor beside internal/web, which mounts its handlers
// on routes behind their permissions.
package inbox

import (
	"net/http"
	"net/url"
	"path"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/notify"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Addresses of the pages.
const (
	base    = "/inbox"
	choices = base + "/choices"
)

// perPage is how many notices a page shows.
const perPage = 30

// Inbox holds the handlers. It is safe for concurrent use.
type Inbox struct {
	notices  *notify.Service
	registry *registry.Registry
	frame    *frame.Frame
	now      func() time.Time
}

// New returns the pages.
func New(s backend.Services, f *frame.Frame, now func() time.Time) *Inbox {
	return &Inbox{notices: s.Notices, registry: s.Registry, frame: f, now: now}
}

func actor(c echo.Context) scene.Actor { return edge.From(c.Request().Context()).Actor }

func (i *Inbox) page(c echo.Context, title string) *ui.Page {
	p := i.frame.Page(c)
	p.Title, p.NoIndex, p.Desk = p.T(title), true, true
	return p
}

// List answers GET /inbox?unread=yes&after=CURSOR.
func (i *Inbox) List(c echo.Context) error {
	f := store.NoticeFilter{Unread: c.QueryParam("unread") != ""}
	rows, err := i.notices.Inbox(c.Request().Context(), actor(c), f, store.Page{After: c.QueryParam("after"), Limit: perPage})
	if err != nil {
		return err
	}
	p := i.page(c, "web.inbox.title")
	v := ui.Inbox{Unread: p.Unread, Choices: choices, Tabs: []ui.Link{
		{Text: p.T("web.inbox.all"), URL: base, Active: !f.Unread},
		{Text: p.T("web.inbox.new", "count", p.Unread), URL: base + "?unread=yes", Active: f.Unread},
	}}
	if done := c.QueryParam("done"); p.Has("web.inbox.done." + done) {
		v.Notice = p.T("web.inbox.done." + done)
	}
	by := actor(c)
	if by.MayEver(scene.WebhookManage) {
		v.Tabs = append(v.Tabs, ui.Link{Text: p.T("web.receivers.title"), URL: receivers})
	}
	if p.Unread > 0 {
		v.ReadAll = ui.Form{Action: base + "/read", Buttons: []ui.Button{{Label: p.T("web.inbox.read_all")}}}
	}
	for n := range rows.Items {
		line := row(p, &rows.Items[n])
		if line.Ending, err = i.ending(c, p, &rows.Items[n]); err != nil {
			return err
		}
		v.Rows = append(v.Rows, line)
	}
	if rows.Next != "" {
		q := url.Values{"after": {rows.Next}}
		if f.Unread {
			q.Set("unread", "yes")
		}
		v.Next = base + "?" + q.Encode()
	}
	return i.frame.Render(c, http.StatusOK, ui.InboxPage(p, v))
}

func row(p *ui.Page, n *scene.Notice) ui.NoticeRow {
	return ui.NoticeRow{
		Text: locale.Notice(p.Lang, n), URL: base + "/" + url.PathEscape(string(n.ID)), Kind: p.T("web.notice." + string(n.Kind)),
		When: ui.Moment(p.Lang, n.Created), New: n.Read.IsZero(),
	}
}

// ending is the entry of which a notice says that it ends, with the step that keeps
// it open; nil for another notice, and once that step is taken or no longer his.
func (i *Inbox) ending(c echo.Context, p *ui.Page, n *scene.Notice) (*ui.Ending, error) {
	if n.Key != scene.NoticeEnds || len(n.Rows) == 0 {
		return nil, nil
	}
	kind := scene.Kind(path.Base(path.Dir(n.Path)))
	e, err := i.registry.Entry(c.Request().Context(), actor(c), kind, n.Rows[0])
	if code := scene.CodeOf(err); code == scene.NotFound || code == scene.Forbidden {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return frame.Ending(p, actor(c), &e, i.now()), nil
}

// Open answers GET /inbox/:id: it is read now, and leads where it points.
func (i *Inbox) Open(c echo.Context) error {
	n, err := i.notices.Open(c.Request().Context(), actor(c), scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, edge.LocalPath(n.Path, base))
}

// Read answers POST /inbox/read: everything is read.
func (i *Inbox) Read(c echo.Context) error {
	if _, err := i.notices.Read(c.Request().Context(), actor(c)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, base+"?done=read")
}

// Choices answers GET /inbox/choices.
func (i *Inbox) Choices(c echo.Context) error {
	choice, err := i.notices.Choice(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	return i.choices(c, http.StatusOK, &choice, nil)
}

func (i *Inbox) choices(c echo.Context, status int, choice *scene.NoticeChoice, fault error) error {
	p := i.page(c, "web.inbox.choices")
	lang := choice.Lang
	if lang == "" {
		lang = string(locale.Zh)
	}
	f := ui.Form{Action: choices, Buttons: []ui.Button{{Label: p.T("web.inbox.save")}}, Back: ui.Link{Text: p.T("web.form.cancel"), URL: base}}
	for _, kind := range scene.NoticeKinds() {
		f.Groups = append(f.Groups, i.group(p, kind, choice.Of(kind)))
	}
	f.Groups = append(f.Groups, ui.Group{Fields: []ui.Field{{
		Name: "lang", Label: p.T("web.inbox.lang"), Type: "choice", Short: true, Options: []ui.Option{
			{Value: "zh", Label: "简体中文", Chosen: lang == "zh"}, {Value: "en", Label: "English", Chosen: lang == "en"},
		},
	}}})
	frame.Fill(p.Lang, &f, fault)
	lead := p.T("web.inbox.choices.lead")
	if !i.notices.MailPossible() {
		lead = p.T("web.inbox.choices.no_mail")
	}
	return i.frame.Render(c, status, ui.FormPageView(p, ui.FormPage{
		Lead: lead, Crumb: ui.Link{Text: p.T("web.inbox.title"), URL: base}, Form: f,
	}))
}

func (i *Inbox) group(p *ui.Page, kind scene.NoticeKind, told scene.Told) ui.Group {
	pace := func(way string, chosen scene.Pace) ui.Field {
		f := ui.Field{Name: string(kind) + "." + way, Label: p.T("web.inbox.by." + way), Type: "choice", Short: true}
		for _, pace := range []scene.Pace{scene.PaceNever, scene.PaceAtOnce, scene.PaceDaily, scene.PaceWeekly} {
			key := string(pace)
			if pace == scene.PaceNever {
				key = "never"
			}
			f.Options = append(f.Options, ui.Option{Value: string(pace), Label: p.T("web.inbox.pace." + key), Chosen: pace == chosen})
		}
		return f
	}
	inbox := ui.Field{Name: string(kind) + ".inbox", Label: p.T("web.inbox.by.inbox"), Type: "check"}
	if told.Inbox {
		inbox.Value = "yes"
	}
	fields := []ui.Field{inbox}
	if i.notices.MailPossible() {
		fields = append(fields, pace("mail", told.Mail))
	}
	return ui.Group{Title: p.T("web.notice." + string(kind)), Text: p.T("web.notice." + string(kind) + ".text"), Fields: append(fields, pace("webhook", told.Hook))}
}

// Choose answers POST /inbox/choices.
func (i *Inbox) Choose(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "inbox.Choose", Err: err}
	}
	choice := scene.NoticeChoice{Lang: form.Get("lang"), Kinds: map[scene.NoticeKind]scene.Told{}}
	for _, kind := range scene.NoticeKinds() {
		name := string(kind)
		choice.Kinds[kind] = scene.Told{
			Inbox: form.Get(name+".inbox") != "", Mail: scene.Pace(form.Get(name + ".mail")), Hook: scene.Pace(form.Get(name + ".webhook")),
		}
	}
	err = i.notices.Choose(c.Request().Context(), actor(c), choice)
	if frame.Mendable(err) {
		return i.choices(c, edge.Status(scene.CodeOf(err)), &choice, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, base+"?done=chosen")
}
