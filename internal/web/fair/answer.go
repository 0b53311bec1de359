package fair

import (
	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// answering offers who holds the link of an invited party to answer: a yes with who
// comes, or a no.
func (h *Fair) answering(c echo.Context, p *ui.Page, g *convene.Guest, v *ui.Phone, fault error) {
	invited, open := g.Party.State == scene.PartyInvited, g.Fair.State == scene.FairOpen
	can := open || invited && g.Fair.State == scene.FairClosed // to say no, at least
	if !can || !g.Party.Asked() {
		return
	}
	v.AnswersText = p.T("fair.answer.text", "party", v.Party)
	if !invited {
		v.AnswersText = p.T("fair.answer.after_all", "party", v.Party)
	}
	action := guestPath(v.Code) + "/answer"
	says := func(what string) ui.Field { return ui.Field{Name: "says", Type: "hidden", Value: what} }
	if open {
		v.Answers = append(v.Answers, ui.Form{
			Action: action, Buttons: []ui.Button{{Label: p.T("fair.answer.comes")}},
			Groups: []ui.Group{{Fields: []ui.Field{
				says("yes"),
				{Name: "name", Form: "answer", Label: p.T("fair.answer.name"), Required: true, Max: 50, Complete: "name"},
				{Name: "post", Form: "answer", Label: p.T("fair.answer.post"), Max: 50, Complete: "organization-title"},
				{Name: "mail", Form: "answer", Label: p.T("fair.answer.mail"), Type: "email", Max: 254, Complete: "email", Hint: p.T("fair.answer.mail.hint")},
				{Name: "consent", Form: "answer", Label: p.T("fair.answer.consent"), Type: "check", Required: true, Link: ui.Link{Text: p.T("web.document.privacy"), URL: "/privacy"}},
			}}},
		})
	}
	if invited {
		v.Answers = append(v.Answers, ui.Form{
			Action: action, Buttons: []ui.Button{{Label: p.T("fair.answer.declines"), Danger: true}},
			Groups: []ui.Group{{Fields: []ui.Field{
				says("no"), {Name: "reason", Form: "answer", Label: p.T("fair.answer.reason"), Type: "text-area", Rows: 3, Max: 500},
			}}},
		})
	}
	if fault == nil || c.FormValue("says") == "" {
		return
	}
	form := &v.Answers[0]
	if c.FormValue("says") == "no" {
		form = &v.Answers[len(v.Answers)-1]
	}
	frame.Retype(form, c.FormValue)
	frame.Fill(p.Lang, form, fault)
	v.Fault, v.Faults = "", nil // it stands at the form
}

// GuestAnswer answers POST /e/:code/answer: an invited party comes, or does not.
func (h *Fair) GuestAnswer(c echo.Context) error {
	a := convene.Answer{
		Comes: c.FormValue("says") == "yes", Name: c.FormValue("name"), Post: c.FormValue("post"), Mail: c.FormValue("mail"),
		Consent: c.FormValue("consent") == "yes", Reason: c.FormValue("reason"),
	}
	x, err := h.service.AnswerAsGuest(c.Request().Context(), c.Param("code"), c.RealIP(), a)
	return h.guestAfter(c, "answered."+string(x.State), "", err)
}
