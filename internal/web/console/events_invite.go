package console

import (
	"encoding/csv"
	"net/url"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// inviteSections tell who was sent his link, and hand the links out where no mail goes.
func (o *Console) inviteSections(c echo.Context, p *ui.Page, f *scene.Fair) ([]ui.FairSection, error) {
	list, err := o.fairs.Invitations(c.Request().Context(), actor(c), f.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	base := events + "/" + string(f.ID)
	t := ui.Table{Head: []string{p.T("fair.delegate"), p.T("fair.party"), p.T("fair.invite.mail"), p.T("fair.link"), p.T("fair.invite.state_head")}}
	mail, sent, due, failed := 0, 0, 0, 0
	for i := range list {
		x := &list[i]
		if x.Delegate.Mail != "" && x.Delegate.Code != "" {
			mail++
		}
		switch l := x.Letter; {
		case l == nil:
		case l.Fault != "":
			failed++
		case !l.Due.IsZero():
			due++
		default:
			sent++
		}
		t.Rows = append(t.Rows, o.inviteRow(c, p, x))
	}
	s := ui.FairSection{ID: "invite", Title: p.T("fair.invite"), Text: p.T("fair.invite.text"), Ways: []ui.Link{{Text: p.T("fair.invite.list"), URL: base + "/links.csv"}}}
	s.Lines = []string{p.T("fair.invite.count", "all", len(list), "mail", mail, "sent", sent, "due", due, "failed", failed)}
	open := f.State == scene.FairOpen || f.State == scene.FairClosed
	switch left := mail - sent - due; {
	case !o.fairs.MailPossible():
		s.Lines = append(s.Lines, p.T("fair.invite.no_mail"))
	case left > 0 && open:
		s.Forms = []ui.Form{{Action: base + "/invite", Buttons: []ui.Button{{Label: p.T("fair.invite.go", "count", left)}}}}
	}
	return []ui.FairSection{s, {Title: p.T("fair.invite.table", "count", len(list)), Table: &t, Folded: true}}, nil
}

func (o *Console) inviteRow(c echo.Context, p *ui.Page, x *convene.Invitation) []ui.Cell {
	link := ui.Cell{Text: p.T("fair.link.none")}
	if x.Delegate.Code != "" {
		link = ui.Cell{Text: fair.Absolute(c, o.public, "/e/"+x.Delegate.Code)}
	}
	state := ui.Cell{Text: p.T("fair.invite.none")}
	switch l := x.Letter; {
	case l == nil:
	case l.Fault != "":
		state.Note = p.T(l.Fault)
	case !l.Due.IsZero():
		state.Text = p.T("fair.invite.due")
	default:
		state.Text = p.T("fair.invite.sent", "time", ui.Date(p.Lang, l.Sent)+" "+ui.Clock(l.Sent))
	}
	return []ui.Cell{{Text: fair.DelegateName(p, &x.Delegate), Note: x.Delegate.Post}, {Text: x.Party.Name}, {Text: x.Delegate.Mail}, link, state}
}

// InviteParties answers POST /console/events/:id/invite: to all who were sent
// nothing yet.
func (o *Console) InviteParties(c echo.Context) error {
	if _, err := o.event(c); err != nil {
		return err
	}
	_, err := o.fairs.Invite(c.Request().Context(), actor(c), scene.ID(c.Param("id")), "")
	if err == nil {
		return eventDone(c, "/parties", "invited")
	}
	if !frame.Mendable(err) {
		return err
	}
	return o.eventParties(c, edge.Status(scene.CodeOf(err)), err)
}

// EventLinks answers GET /console/events/:id/links.csv: names and personal links,
// to be handed out by other ways than mail.
func (o *Console) EventLinks(c echo.Context) error {
	f, err := o.event(c)
	if err != nil {
		return err
	}
	list, err := o.fairs.Invitations(c.Request().Context(), actor(c), f.ID)
	if err != nil {
		return err
	}
	p := o.frame.Page(c)
	h := c.Response().Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(f.Title)+".csv")
	h.Set("Cache-Control", "no-store")
	if _, err := c.Response().Write([]byte("\ufeff")); err != nil { // Excel reads UTF-8 by this mark
		return scene.Wrap("console.EventLinks", err)
	}
	w := csv.NewWriter(c.Response())
	rows := [][]string{{p.T("fair.party"), p.T("fair.delegate"), p.T("fair.invite.mail"), p.T("fair.link")}}
	for i := range list {
		x := &list[i]
		link := ""
		if x.Delegate.Code != "" {
			link = fair.Absolute(c, o.public, "/e/"+x.Delegate.Code)
		}
		rows = append(rows, []string{cellText(x.Party.Name), cellText(fair.DelegateName(p, &x.Delegate)), x.Delegate.Mail, link})
	}
	return scene.Wrap("console.EventLinks", w.WriteAll(rows))
}

// cellText keeps a spreadsheet from taking a name for a formula.
func cellText(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@') {
		return "'" + s
	}
	return s
}

// mailButton has the invitation go out to one delegate.
func mailButton(p *ui.Page, base string, d *scene.Delegate) ui.Form {
	return ui.Form{Action: base + "/link", Groups: []ui.Group{{Fields: []ui.Field{
		{Name: "delegate", Type: "hidden", Value: string(d.ID)}, {Name: "do", Type: "hidden", Value: "mail"},
	}}}, Buttons: []ui.Button{{Label: p.T("fair.invite.again")}}}
}
