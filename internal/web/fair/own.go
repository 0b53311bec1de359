package fair

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// own is where an organisation's part in events lives.
const own = "/workspace/events"

func (h *Fair) ownPage(c echo.Context, title string) *ui.Page {
	p := h.frame.Page(c)
	p.Title, p.NoIndex, p.Desk, p.Fair, p.Nav = title, true, true, true, "workspace"
	return p
}

// OwnList answers GET /workspace/events.
func (h *Fair) OwnList(c echo.Context) error {
	ctx, by := c.Request().Context(), actor(c)
	list, err := h.service.Fairs(ctx, scene.Actor{})
	if err != nil {
		return err
	}
	parties, err := h.service.Own(ctx, by)
	if err != nil {
		return err
	}
	phases, err := h.service.Phases(ctx, list)
	if err != nil {
		return err
	}
	p := h.ownPage(c, "")
	p.Title = p.T("web.nav.events")
	t := ui.Table{Head: []string{p.T("fair.title"), p.T("fair.when"), p.T("web.rows.state"), p.T("fair.own")}}
	for i := range list {
		f := &list[i]
		state := State(p, phases[i])
		row := []ui.Cell{{Text: f.Title, URL: own + "/" + string(f.ID)}, {Text: When(p, f)}, {State: &state}, {Text: "–"}}
		if x, in := parties[f.ID]; in {
			mine := PartyState(p, &x)
			row[3] = ui.Cell{State: &mine}
		}
		t.Rows = append(t.Rows, row)
	}
	s := ui.FairSection{Table: &t}
	if len(list) == 0 {
		s = ui.FairSection{Empty: p.T("fair.none")}
	}
	return h.frame.Render(c, http.StatusOK, ui.FairDeskPage(p, ui.FairDesk{Crumb: ui.Link{Text: p.T("web.nav.workspace"), URL: "/workspace"}, Sections: []ui.FairSection{s}}))
}

// OwnFair answers GET /workspace/events/:id. Who goes for an organisation whose pages he
// may not enter comes to his own page of the event, or else to what everybody reads of it:
// notices lead all of an organisation here.
func (h *Fair) OwnFair(c echo.Context) error {
	if by := actor(c); by.MayEver(scene.WorkspaceEnter) {
		return h.ownFair(c, http.StatusOK, nil)
	}
	f, err := h.shown(c)
	if err != nil {
		return err
	}
	links, err := h.service.Links(c.Request().Context(), &edge.From(c.Request().Context()).Who.Account)
	if err != nil {
		return err
	}
	for i := range links {
		if links[i].Fair.ID == f.ID {
			return c.Redirect(http.StatusSeeOther, "/e/"+links[i].Delegate.Code)
		}
	}
	return c.Redirect(http.StatusSeeOther, "/events/"+string(f.ID))
}

// shown is the event of the address. One that is not theirs to see yet is not there
// for them.
func (h *Fair) shown(c echo.Context) (scene.Fair, error) {
	f, err := h.service.Fair(c.Request().Context(), actor(c), scene.ID(c.Param("id")))
	if scene.CodeOf(err) == scene.Forbidden {
		err = &scene.Error{Code: scene.NotFound, Op: "fair.OwnFair", Key: "web.not_found"}
	}
	return f, err
}

func (h *Fair) ownFair(c echo.Context, status int, fault error) error {
	ctx, by := c.Request().Context(), actor(c)
	f, err := h.shown(c)
	if err != nil {
		return err
	}
	parties, err := h.service.Own(ctx, by)
	if err != nil {
		return err
	}
	bring, err := h.service.CanBring(ctx, by.OrgID, parties[f.ID].Listings...)
	if err != nil {
		return err
	}
	p, v, err := h.ownDesk(c, &f)
	if err != nil {
		return err
	}
	x, in := parties[f.ID]
	v.Sections = append(v.Sections, ui.FairSection{ID: "facts", Title: p.T("fair.about"), Text: f.Theme, Facts: []ui.Fact{
		{Label: p.T("fair.when"), Value: When(p, &f)}, {Label: p.T("fair.place"), Value: f.Place},
	}}, ui.FairSection{Title: p.T("fair.programme"), Facts: Programme(p, &f, h.now()), Wide: true, Folded: in && x.State == scene.PartyAccepted})
	base := own + "/" + string(f.ID)
	if !in || outside(&x) {
		joining, err := h.joining(c, p, &f, &x, base, bring, fault)
		if err != nil {
			return err
		}
		v.Sections = append(v.Sections, joining...)
		return h.frame.Render(c, status, ui.FairDeskPage(p, v))
	}
	v.Fault, v.Faults = Faults(p, fault)
	mine, err := h.ownParty(c, p, &f, &x)
	if err != nil {
		return err
	}
	v.Sections = append(v.Sections, mine...)
	if f.Ended() {
		return h.frame.Render(c, status, ui.FairDeskPage(p, v))
	}
	if x.State == scene.PartyAccepted {
		wishes, err := h.WishSection(c, p, &f, &x, base+"/wish", false)
		if err != nil {
			return err
		}
		v.Sections = append(v.Sections, wishes...)
	}
	if x.State == scene.PartyRefused { // there is nothing left to say for it
		return h.frame.Render(c, status, ui.FairDeskPage(p, v))
	}
	edit := ui.Form{Action: base + "/amend", Groups: []ui.Group{{Fields: PartyFields(c, p, &f, &x, bring, false)}}, Buttons: []ui.Button{{Label: p.T("fair.save")}}}
	leave := ui.Form{Action: base + "/withdraw", Buttons: []ui.Button{{Label: p.T("fair.withdraw"), Danger: true}}}
	v.Sections = append(v.Sections, ui.FairSection{Title: p.T("fair.amend"), Forms: []ui.Form{edit, leave}, Folded: fault == nil || c.FormValue("revision") == ""})
	return h.frame.Render(c, status, ui.FairDeskPage(p, v))
}

// ownDesk begins the page of an event: where it stands, and what was done.
func (h *Fair) ownDesk(c echo.Context, f *scene.Fair) (*ui.Page, ui.FairDesk, error) {
	phase, err := h.service.Phase(c.Request().Context(), f)
	p := h.ownPage(c, f.Title)
	state := State(p, phase)
	v := ui.FairDesk{Crumb: ui.Link{Text: p.T("web.nav.events"), URL: own}, State: &state}
	if done := c.QueryParam("done"); p.Has("fair.done." + done) {
		v.Notice = p.T("fair.done." + done)
	}
	return p, v, err
}

// outside reports whether a party takes no part, and could.
func outside(x *scene.FairParty) bool {
	return x.State == scene.PartyWithdrawn || x.State == scene.PartyInvited
}

// joining is how an organisation that takes no part comes to do so. Who could come for one
// that was invited is proposed to it first.
func (h *Fair) joining(c echo.Context, p *ui.Page, f *scene.Fair, x *scene.FairParty, base string, bring []convene.Listed, fault error) (list []ui.FairSection, err error) {
	if x.State == scene.PartyInvited {
		if list, err = h.proposals(c, p, f, x); err != nil {
			return nil, err
		}
	}
	return append(list, h.joinSection(c, p, f, x, base, bring, fault)), nil
}

// joinSection is where an organisation says that it comes: by itself, or as the answer to
// an invitation, which it can decline.
func (h *Fair) joinSection(c echo.Context, p *ui.Page, f *scene.Fair, x *scene.FairParty, base string, bring []convene.Listed, fault error) ui.FairSection {
	s, held, button := ui.FairSection{ID: "join", Title: p.T("fair.join")}, &scene.FairParty{}, p.T("fair.join.go")
	invited := x.State == scene.PartyInvited
	if invited {
		s.Title, s.Text, held, button = p.T("fair.invited"), p.T("fair.invited.text"), x, p.T("fair.invited.yes")
	}
	if f.State != scene.FairOpen {
		s.Empty = p.T("fair.not_open")
		return s
	}
	join := ui.Form{Action: base + "/join", Groups: []ui.Group{{Fields: PartyFields(c, p, f, held, bring, false)}}, Buttons: []ui.Button{{Label: button}}}
	frame.Fill(p.Lang, &join, fault)
	s.Forms = []ui.Form{join}
	switch {
	case invited:
		s.Forms = append(s.Forms, ui.Form{Action: base + "/withdraw", Buttons: []ui.Button{{Label: p.T("fair.invited.no"), Danger: true}}})
	case f.Approval:
		s.Text = p.T("fair.join.approval")
	}
	return s
}

// ownParty shows where the sign-up stands and the links of the delegates.
func (h *Fair) ownParty(c echo.Context, p *ui.Page, f *scene.Fair, x *scene.FairParty) ([]ui.FairSection, error) {
	mine := PartyState(p, x)
	t := ui.Table{Head: []string{p.T("fair.delegate"), p.T("fair.link")}}
	for i := range x.Delegates {
		d := &x.Delegates[i]
		link := ui.Cell{Text: p.T("fair.link.none")}
		if d.Code != "" && x.State == scene.PartyAccepted {
			link = ui.Cell{Text: p.T("fair.link.open"), URL: "/e/" + d.Code, Note: Absolute(c, h.public, "/e/"+d.Code)}
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: DelegateName(p, d), Note: d.Post}, link})
	}
	s := ui.FairSection{ID: "mine", Title: p.T("fair.own"), Facts: []ui.Fact{{Label: p.T("web.rows.state"), Value: mine.Label}}, Table: &t}
	if x.State == scene.PartyAccepted {
		s.Text = p.T("fair.link.hint")
	}
	board, err := h.service.Board(c.Request().Context(), f.ID)
	if err != nil {
		return nil, err
	}
	if x.State == scene.PartyWaiting && !f.Ended() {
		s.Text = p.T("fair.phone.party.waiting", "place", board.WaitingPlace(x.ID))
	}
	twice, err := h.service.DoublesOf(c.Request().Context(), board)
	if err != nil {
		return nil, err
	}
	s.Lines = twiceOwn(p, board, twice, x.ID, "")
	list := []ui.FairSection{s}
	if f.State == scene.FairOpen || f.State == scene.FairClosed {
		who, err := h.proposals(c, p, f, x)
		if err != nil {
			return nil, err
		}
		list = append(list, who...)
	}
	visits, err := h.SeatSection(p, board, x, own+"/"+string(f.ID)+"/seat")
	if err != nil {
		return nil, err
	}
	return append(append(ownMeetings(p, board, x), list...), visits...), nil
}

// ownMeetings are the meetings of a party as they are published, and its wishes that came
// to none.
func ownMeetings(p *ui.Page, board *convene.Board, x *scene.FairParty) []ui.FairSection {
	if board.Version == 0 {
		return nil
	}
	plan := ui.Table{Head: []string{p.T("fair.time"), p.T("fair.table"), p.T("fair.with"), p.T("fair.who")}}
	for _, a := range board.Appointments(x.ID, "") {
		interpreter := ""
		if a.Interpreted {
			interpreter = Interpreter(p, board, x.ID, a.With)
		}
		plan.Rows = append(plan.Rows, []ui.Cell{
			{Text: ui.Clock(a.Round.Start) + "–" + ui.Clock(a.Round.End), N: true}, {Text: a.Table}, {Text: board.Name(a.With), Note: lines(interpreter, a.Why.Reason[string(p.Lang)])}, {Text: joined(p, a.Who)},
		})
	}
	meetings := ui.FairSection{ID: "plan", Title: p.T("fair.phone.meetings"), Text: Shifted(p, &board.Fair, board.Made()), Table: &plan}
	if len(plan.Rows) == 0 {
		meetings = ui.FairSection{ID: "plan", Title: p.T("fair.phone.meetings"), Empty: p.T("fair.no_meetings")}
	}
	list := []ui.FairSection{meetings}
	if unmet := leftOut(p, board, x.ID); len(unmet) > 0 {
		list = append(list, ui.FairSection{ID: "unmet", Title: p.T("fair.unmet"), Text: p.T("fair.unmet.text"), Lines: unmet})
	}
	return list
}

// proposals are the contacts of the organisation's own entries who do not come yet:
// whether they do is for the organisation to say, and until then for nobody to see.
func (h *Fair) proposals(c echo.Context, p *ui.Page, f *scene.Fair, x *scene.FairParty) ([]ui.FairSection, error) {
	list, err := h.service.Proposed(c.Request().Context(), actor(c), x.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	t := ui.Table{Head: []string{p.T("fair.delegate"), p.T("fair.invite.mail"), p.T("fair.decide")}}
	for i := range list {
		d := &list[i]
		come := ui.Form{Action: own + "/" + string(f.ID) + "/delegate", Groups: []ui.Group{{Fields: []ui.Field{{Name: "name", Type: "hidden", Value: d.Name}}}}, Buttons: []ui.Button{{Label: p.T("fair.proposed.go"), Of: d.Name}}}
		t.Rows = append(t.Rows, []ui.Cell{{Text: d.Name}, {Text: d.Mail}, {Forms: []ui.Form{come}}})
	}
	return []ui.FairSection{{ID: "proposed", Title: p.T("fair.proposed"), Text: p.T("fair.proposed.text"), Table: &t}}, nil
}

// OwnDelegate answers POST /workspace/events/:id/delegate: a proposed person comes.
func (h *Fair) OwnDelegate(c echo.Context) error {
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	_, err = h.service.Agree(c.Request().Context(), actor(c), x.ID, c.FormValue("name"))
	return h.ownAfter(c, "amended", err)
}

func joined(p *ui.Page, names []string) string {
	text := ""
	for i, n := range names {
		if i > 0 {
			text += p.T("web.comma")
		}
		text += n
	}
	return text
}

// OwnJoin answers POST /workspace/events/:id/join.
func (h *Fair) OwnJoin(c echo.Context) error {
	form, err := ReadParty(c)
	if err == nil {
		_, err = h.service.Join(c.Request().Context(), actor(c), scene.ID(c.Param("id")), "", form)
	}
	return h.ownAfter(c, "joined", err)
}

// mine returns the party of the actor's organisation in the fair of the request.
func (h *Fair) mine(c echo.Context) (scene.FairParty, error) {
	parties, err := h.service.Own(c.Request().Context(), actor(c))
	if err != nil {
		return scene.FairParty{}, err
	}
	x, in := parties[scene.ID(c.Param("id"))]
	if !in {
		return x, &scene.Error{Code: scene.NotFound, Op: "fair.mine", Key: "web.not_found"}
	}
	return x, nil
}

// OwnAmend answers POST /workspace/events/:id/amend.
func (h *Fair) OwnAmend(c echo.Context) error {
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	form, err := ReadParty(c)
	now := x
	if err == nil {
		now, err = h.service.Amend(c.Request().Context(), actor(c), x.ID, form)
	}
	return h.ownAfter(c, Amended(&x, &now), err)
}

// OwnWithdraw answers POST /workspace/events/:id/withdraw.
func (h *Fair) OwnWithdraw(c echo.Context) error {
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	_, err = h.service.Decide(c.Request().Context(), actor(c), x.ID, scene.PartyWithdrawn)
	return h.ownAfter(c, "withdrawn", err)
}

// OwnWish answers POST /workspace/events/:id/wish.
func (h *Fair) OwnWish(c echo.Context) error {
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	_, err = h.service.Wish(c.Request().Context(), actor(c), x.ID, []convene.Wish{ReadWish(c)})
	return h.ownAfter(c, "wished", err)
}

// ownAfter goes back to the page with what was done, or shows it with what is wrong.
func (h *Fair) ownAfter(c echo.Context, done string, err error) error {
	if err == nil {
		return c.Redirect(http.StatusSeeOther, own+"/"+c.Param("id")+"?done="+done)
	}
	if !frame.Mendable(err) && scene.CodeOf(err) != scene.NotFound {
		return err
	}
	return h.ownFair(c, edge.Status(scene.CodeOf(err)), err)
}
