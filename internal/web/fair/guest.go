package fair

import (
	"context"
	"errors"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// guestPath is the address of a personal page.
func guestPath(code string) string { return "/e/" + code }

// Personal answers GET /e/:code: the page of a delegate. Whoever holds the code
// sees it; nobody else's contact is on it.
func (h *Fair) Personal(c echo.Context) error { return h.personal(c, http.StatusOK, nil) }

func (h *Fair) personal(c echo.Context, status int, fault error) error {
	ctx, code := c.Request().Context(), c.Param("code")
	g, err := h.service.Guest(ctx, code)
	if err != nil {
		return err
	}
	board, err := h.service.Board(ctx, g.Fair.ID)
	if err != nil {
		return err
	}
	p := h.frame.Page(c)
	p.Title, p.NoIndex, p.Desk, p.Fair, p.Phone = DelegateName(p, &g.Delegate), true, true, true, true
	c.Response().Header().Set("Referrer-Policy", "no-referrer") // the address is a secret
	state := PartyState(p, &g.Party)
	v := ui.Phone{
		Fair: g.Fair.Title, When: When(p, &g.Fair), Place: g.Fair.Place, Name: DelegateName(p, &g.Delegate), Party: g.Party.Name, Code: code, State: &state,
		Programme: Programme(p, &g.Fair, h.now()), Calendar: guestPath(code) + "/calendar.ics?lang=" + string(p.Lang),
	}
	v.Fault, v.Faults = Faults(p, fault)
	v.Planned = board.Version > 0
	if done := c.QueryParam("done"); p.Has("fair.done." + done) {
		v.Notice = p.T("fair.done." + done)
	}
	v.Opened = opened(c)
	v.QR = guestPath(code) + "/code.png"
	if keepable(c) {
		p.Manifest = guestPath(code) + "/app.webmanifest"
	} else {
		v.Bare = p.T("fair.offline.bare")
	}
	v.Late = Late(p, &g.Fair, h.now())
	v.Stream, v.Mark = guestPath(code)+"/stream", board.Mark(g.Party.ID, g.Delegate.ID)
	v.Acts = Acts(p, board, g.Party.ID)
	if err := h.seats(p, &g, board, &v); err != nil {
		return err
	}
	h.answering(c, p, &g, &v, fault)
	h.arrival(p, c, &g, board, &v)
	if err := h.meetings(ctx, p, &g, board, &v); err != nil {
		return err
	}
	outcomeFaults(c, p, &v, fault)
	if err := h.wishing(c, p, &g, &v); err != nil {
		return err
	}
	if err := h.twice(c, p, &g, board, &v); err != nil {
		return err
	}
	v.Also = Also(p, board, g.Party.ID, g.Delegate.ID)
	if text := noted(p, &g, board); text != "" {
		v.Also = append([]string{text}, v.Also...)
	}
	return h.frame.Render(c, status, ui.PhonePage(p, v))
}

// opened is the part of the page that the last form was about, whether it was taken or
// comes back with a fault; "" for another.
func opened(c echo.Context) string {
	last := c.QueryParam("done")
	if c.Request().Method == http.MethodPost {
		last = path.Base(c.Path())
	}
	switch last {
	case "wished", "amended", "wish", "away":
		return "wishes"
	case "seat", "unseat":
		return "seats"
	}
	return ""
}

// wishing puts what a delegate says before the day on the page, as long as it counts.
func (h *Fair) wishing(c echo.Context, p *ui.Page, g *convene.Guest, v *ui.Phone) error {
	if g.Party.State != scene.PartyAccepted || g.Fair.State != scene.FairOpen && g.Fair.State != scene.FairClosed {
		return nil
	}
	w, err := h.wishesOf(c, p, &g.Fair, &g.Party, guestPath(v.Code)+"/wish")
	if err != nil {
		return err
	}
	v.Away = ui.Form{
		Action: guestPath(v.Code) + "/away", Buttons: []ui.Button{{Label: p.T("fair.save")}},
		Groups: []ui.Group{{Fields: []ui.Field{{Name: "away", Label: p.T("fair.away.own"), Type: "checks", Options: SlotOptions(&g.Fair, g.Delegate.Away)}}}},
	}
	v.Wishes, v.Suggested, v.Others, v.Quota = w.wishes, w.suggested, w.others, w.quota
	if v.Asked = w.asked; len(w.asked) > 0 {
		v.AskedTitle, v.AskedText = p.T("fair.asked", "count", len(w.asked)), p.T("fair.asked.text."+string(g.Fair.Mode))
	}
	warn(v, p.T("fair.contradictions"), w.contradictions)
	return nil
}

// twice tells a delegate where else he is at the time of the event.
func (h *Fair) twice(c echo.Context, p *ui.Page, g *convene.Guest, board *convene.Board, v *ui.Phone) error {
	list, err := h.service.DoublesOf(c.Request().Context(), board)
	if err == nil {
		warn(v, p.T("fair.twice.own"), twiceOwn(p, board, list, g.Party.ID, g.Delegate.ID))
	}
	return err
}

// warn puts lines on top of a page, under what they are about where nothing stands there.
func warn(v *ui.Phone, about string, lines []string) {
	if v.Faults = append(v.Faults, lines...); len(lines) > 0 && v.Fault == "" {
		v.Fault = about
	}
}

// arrival says when somebody arrived, or offers to say so on the day.
func (h *Fair) arrival(p *ui.Page, c echo.Context, g *convene.Guest, board *convene.Board, v *ui.Phone) {
	by := actor(c)
	staff := by.May(scene.FairRun, scene.Object{}) == nil
	today := ui.Day(h.now()) == ui.Day(g.Fair.Start())
	switch {
	case board.Here(g.Party.ID, g.Delegate.ID):
		v.Arrived = p.T("fair.arrived.reported")
		if at, checked := board.Day.Arrived[g.Delegate.ID]; checked {
			v.Arrived = p.T("fair.arrived.at", "time", ui.Clock(at))
		}
	case g.Party.State == scene.PartyAccepted && (today || staff) && g.Fair.State != scene.FairOver:
		label := "fair.arrive"
		if staff {
			label = "fair.arrive.staff"
		}
		v.Arrive = &ui.Form{
			Action: guestPath(v.Code) + "/arrive", Queue: p.T("fair.check_in"), Buttons: []ui.Button{{Label: p.T(label)}},
			Groups: []ui.Group{{Fields: []ui.Field{{Name: "key", Type: "hidden", Value: board.ArrivalKey(g.Party.ID, g.Delegate.ID)}}}},
		}
	}
}

// meetings puts the appointments on the page, the next one on top.
func (h *Fair) meetings(ctx context.Context, p *ui.Page, g *convene.Guest, board *convene.Board, v *ui.Phone) error {
	if g.Party.State != scene.PartyAccepted {
		state := string(g.Party.State)
		if !g.Party.SaidNo.IsZero() {
			state = "declined"
		}
		v.Waiting = p.T("fair.phone.party."+state, "place", board.WaitingPlace(g.Party.ID))
		return nil
	}
	if board.Version == 0 {
		v.Waiting = p.T("fair.phone.waiting")
		return nil
	}
	v.Version = p.T("fair.version", "number", board.Version)
	v.LeftOut = leftOut(p, board, g.Party.ID)
	now := h.now()
	for _, a := range board.Appointments(g.Party.ID, g.Delegate.ID) {
		m := ui.PhoneMeeting{
			ID: a.ID, Slot: a.Round.Slot.ID, Time: ui.Clock(a.Round.Start) + "–" + ui.Clock(a.Round.End), Table: a.Table, With: board.Name(a.With), Note: a.Note,
			Reason: a.Why.Reason[string(p.Lang)], Ask: a.Why.Ask[string(p.Lang)],
			Now: !a.Round.Start.After(now) && a.Round.End.After(now), Over: !a.Round.End.After(now),
		}
		if len(a.Theirs) > 0 {
			m.Theirs = p.T("fair.phone.theirs", "names", joined(p, a.Theirs))
		}
		if a.Interpreted {
			m.Interpreter = Interpreter(p, board, g.Party.ID, a.With)
		}
		if a.Absent {
			m.Absent = p.T("fair.phone.absent")
		}
		if !a.Round.Start.After(now) {
			key, err := h.service.Key()
			if err != nil {
				return err
			}
			m.Outcome, m.Said = outcome(p, v.Code, key, &a), said(p, a.Own)
		}
		if v.Next == nil && !m.Over {
			next := m
			m.Above, next.Briefly, v.Next = true, v.Arrive != nil, &next
		}
		v.Meetings = append(v.Meetings, m)
	}
	if err := h.about(ctx, p, board, v.Meetings); err != nil {
		return err
	}
	foldOutcomes(p, v.Meetings)
	if len(v.Meetings) == 0 {
		v.Waiting = noMeetings(p, g, board)
	}
	return nil
}

// about says in each form what a next step will be about: the pair of entries that the case
// of the meeting is made of.
func (h *Fair) about(ctx context.Context, p *ui.Page, board *convene.Board, list []ui.PhoneMeeting) error {
	var ids []string
	for i := range list {
		if list[i].Outcome != nil {
			ids = append(ids, list[i].ID)
		}
	}
	topics, err := h.service.Topics(ctx, board, ids)
	if err != nil {
		return err
	}
	for i := range list {
		m := &list[i]
		if m.Outcome == nil {
			continue
		}
		switch t, found := topics[m.ID]; {
		case !found:
			m.Outcome.About = p.T("fair.outcome.about_none")
		case t.Loose:
			m.Outcome.About = p.T("fair.outcome.about_parties", "name", m.With)
		default:
			m.Outcome.About = p.T("fair.outcome.about", "need", t.NeedName, "offer", t.OfferName)
		}
	}
	return nil
}

// foldOutcomes leaves the form of the last meeting that nothing was said of in sight.
func foldOutcomes(p *ui.Page, list []ui.PhoneMeeting) {
	seen := false
	for i := len(list) - 1; i >= 0; i-- {
		m := &list[i]
		switch {
		case m.Outcome == nil:
		case m.Said != "":
			m.Outcome.Fold, m.Outcome.Sends = p.T("fair.outcome.again"), p.T("fair.outcome.sends_again")
		case seen:
			m.Outcome.Fold = p.T("fair.outcome.open")
		default:
			seen = true
		}
	}
}

// outcomeFaults shows what was wrong with what somebody said of a meeting where he said it,
// with all that he wrote.
func outcomeFaults(c echo.Context, p *ui.Page, v *ui.Phone, fault error) {
	i := slices.IndexFunc(v.Meetings, func(m ui.PhoneMeeting) bool { return m.Outcome != nil && m.ID == c.FormValue("meeting") })
	if fault == nil || i < 0 {
		return
	}
	f := v.Meetings[i].Outcome
	f.Faults = map[string]string{}
	for _, x := range fieldsOf(fault) {
		at := ""
		if x.Field == "amount" || x.Field == "note" {
			at = x.Field
		}
		f.Faults[at] = p.T(x.Key, pairs(x.Args)...)
	}
	if len(f.Faults) == 0 {
		f.Faults[""] = v.Fault
	}
	for name, options := range map[string][]ui.Option{"held": f.Held, "worth": f.Worth, "next": f.Next} {
		for k := range options {
			options[k].Chosen = options[k].Value == c.FormValue(name)
		}
	}
	f.Amount, f.Note = c.FormValue("amount"), c.FormValue("note")
	v.Fault, v.Faults = "", nil // it stands at the form
}

// noMeetings tells a delegate without meetings who of his party has them, if anybody.
func noMeetings(p *ui.Page, g *convene.Guest, board *convene.Board) string {
	all := board.Appointments(g.Party.ID, "")
	var names []string
	for _, a := range all {
		for _, name := range a.Who {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return p.T("fair.no_meetings")
	}
	return p.T("fair.phone.colleague", "count", len(all), "names", joined(p, names))
}

// noted tells a delegate that he, or his party, was noted as absent, and what he does if
// he is there; "" where that is not so, or where he came since.
func noted(p *ui.Page, g *convene.Guest, board *convene.Board) string {
	switch {
	case g.Fair.Ended() || board.Here(g.Party.ID, g.Delegate.ID):
		return ""
	case board.Absent(g.Party.ID, ""):
		return p.T("fair.phone.noted.party")
	case board.Absent(g.Party.ID, g.Delegate.ID):
		return p.T("fair.phone.noted.own")
	}
	return ""
}

// outcome is the form of three taps.
func outcome(p *ui.Page, code, key string, a *convene.Appointment) *ui.OutcomeForm {
	f := ui.OutcomeForm{Action: guestPath(code) + "/outcome", Meeting: a.ID, Key: key, Queue: ui.Clock(a.Round.Start) + " " + a.Table, Sends: p.T("fair.outcome.sends")}
	o := a.Own
	if o != nil {
		f.Amount, f.Note = wan(o.Amount), o.Note
	}
	for _, x := range []struct{ value, key string }{{"yes", "fair.outcome.yes"}, {"no", "fair.outcome.no"}} {
		f.Held = append(f.Held, ui.Option{Value: x.value, Label: p.T(x.key), Chosen: o != nil && o.Held == (x.value == "yes")})
	}
	for i, value := range []string{"3", "2", "1"} {
		f.Worth = append(f.Worth, ui.Option{Value: value, Label: p.T("fair.worth." + value), Chosen: o != nil && o.Worth == 3-i})
	}
	for _, next := range scene.FairNexts() {
		f.Next = append(f.Next, ui.Option{Value: string(next), Label: p.T("fair.next." + string(next)), Chosen: o != nil && o.Next == next})
	}
	return &f
}

// wan is an amount in 万元, "" for none.
func wan(m scene.Money) string {
	if m == 0 {
		return ""
	}
	return m.Wan()
}

// said is what the own side said of a meeting, "" for nothing.
func said(p *ui.Page, o *scene.FairOutcome) string {
	switch {
	case o == nil:
		return ""
	case !o.Held:
		return p.T("fair.said.not_held")
	}
	text := p.T("fair.said.held")
	if o.Next != "" {
		text += p.T("web.comma") + p.T("fair.next."+string(o.Next))
	}
	if o.Amount != 0 {
		text += p.T("web.comma") + p.T("fair.said.amount", "amount", o.Amount.Wan())
	}
	return text
}

// GuestCode answers GET /e/:code/code.png: what the badge of the delegate says too, to
// be shown at the desk. Whoever takes a picture of it learns nothing.
func (h *Fair) GuestCode(c echo.Context) error {
	g, err := h.service.Guest(c.Request().Context(), c.Param("code"))
	if err != nil {
		return err
	}
	picture, err := Picture(Absolute(c, h.public, BadgePath(g.Fair.ID, g.Delegate.ID)))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "private, no-cache")
	return c.Blob(http.StatusOK, "image/png", picture)
}

// GuestWish answers POST /e/:code/wish.
func (h *Fair) GuestWish(c echo.Context) error {
	_, err := h.service.WishAsGuest(c.Request().Context(), c.Param("code"), c.RealIP(), []convene.Wish{ReadWish(c)})
	return h.guestAfter(c, "wished", "#wishes", err)
}

// GuestAway answers POST /e/:code/away: when the delegate is not there.
func (h *Fair) GuestAway(c echo.Context) error {
	form, err := c.FormParams()
	if err == nil {
		_, err = h.service.AwayAsGuest(c.Request().Context(), c.Param("code"), c.RealIP(), form["away"])
	}
	return h.guestAfter(c, "amended", "", err)
}

// GuestArrive answers POST /e/:code/arrive: of the centre, or the delegate himself.
func (h *Fair) GuestArrive(c echo.Context) error {
	ctx, code := c.Request().Context(), c.Param("code")
	g, err := h.service.Guest(ctx, code)
	if err != nil {
		return err
	}
	by := actor(c)
	m := merged{Done: "arrived"}
	if by.May(scene.FairRun, scene.Object{}) == nil {
		var found convene.Arrival
		found, err = h.service.Arrive(ctx, by, g.Fair.ID, g.Party.ID, g.Delegate.ID)
		m.Fresh = !found.Again
	} else {
		m.Fresh, err = h.service.EnterAsGuest(ctx, code, c.RealIP(), scene.FairEntry{Key: c.FormValue("key"), Kind: scene.EntryArrived})
	}
	if !m.Fresh {
		m.Done = "arrived_again"
	}
	return h.guestSent(c, m, err)
}

// GuestOutcome answers POST /e/:code/outcome. The key was made with the page: a
// form that is sent twice, or later out of a queue, counts once.
func (h *Fair) GuestOutcome(c echo.Context) error {
	o := scene.FairOutcome{Held: c.FormValue("held") == "yes", Note: strings.TrimSpace(c.FormValue("note"))}
	if c.FormValue("held") == "" {
		return h.guestSent(c, merged{}, &scene.Error{Code: scene.Invalid, Op: "fair.GuestOutcome", Key: "fair.outcome.missing"})
	}
	if o.Held {
		o.Worth, o.Next = edge.Number(c.FormValue("worth")), scene.FairNext(c.FormValue("next"))
		if text := strings.TrimSpace(c.FormValue("amount")); text != "" {
			var err error
			if o.Amount, err = scene.ParseWan(text); err != nil {
				return h.guestSent(c, merged{}, amountFault(text, err))
			}
		}
	}
	ctx, code := c.Request().Context(), c.Param("code")
	g, err := h.service.Guest(ctx, code)
	if err != nil {
		return err
	}
	e := scene.FairEntry{Key: c.FormValue("key"), Kind: scene.EntryOutcome, Meeting: c.FormValue("meeting"), Outcome: &o}
	m := merged{Done: "told", Place: "#m-" + e.Meeting}
	was := h.before(c, &g, e.Meeting, &o)
	if m.Fresh, err = h.service.EnterAsGuest(ctx, code, c.RealIP(), e); m.Fresh {
		m.Conflict = was
	}
	return h.guestSent(c, m, err)
}

// amountFault says at its field that an amount cannot be read.
func amountFault(text string, err error) error {
	return &scene.Error{
		Code: scene.Invalid, Op: "fair.GuestOutcome", Key: "money.format", Args: map[string]any{"value": text}, Err: err,
		Fields: []scene.FieldError{{Field: "amount", Key: "money.format", Args: map[string]any{"value": text}}},
	}
}

// guestSent answers a browser with a page and a script with what became of the form.
func (h *Fair) guestSent(c echo.Context, m merged, err error) error {
	if !asked(c) {
		return h.guestAfter(c, m.Done, m.Place, err)
	}
	if err == nil {
		return c.JSON(http.StatusOK, m)
	}
	code := scene.CodeOf(err)
	if !frame.Mendable(err) && code != scene.NotFound || isUnknown(err) {
		return err
	}
	return c.JSON(edge.Status(code), merged{Conflict: frame.Sentence(edge.From(c.Request().Context()).Lang, err)})
}

// isUnknown reports whether a code opens nothing: who guesses is slowed down.
func isUnknown(err error) bool {
	e, ok := errors.AsType[*scene.Error](err)
	return ok && e.Key == "fair.code_unknown"
}

func (h *Fair) guestAfter(c echo.Context, done, place string, err error) error {
	if err == nil {
		return c.Redirect(http.StatusSeeOther, guestPath(c.Param("code"))+"?done="+done+place)
	}
	if !frame.Mendable(err) {
		return err
	}
	return h.personal(c, edge.Status(scene.CodeOf(err)), err)
}
