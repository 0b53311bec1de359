package fair

import (
	"net/http"
	"slices"
	"strings"

	ics "github.com/arran4/golang-ical"
	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/ui"
)

// Calendar answers GET /e/:code/calendar.ics: the meetings of a delegate as a
// feed. A meeting keeps its UID through all versions and its SEQUENCE rises with
// them, so that a calendar moves what it has instead of adding to it.
func (h *Fair) Calendar(c echo.Context) error {
	ctx := c.Request().Context()
	g, err := h.service.Guest(ctx, c.Param("code"))
	if err != nil {
		return err
	}
	board, err := h.service.Board(ctx, g.Fair.ID)
	if err != nil {
		return err
	}
	p := &ui.Page{Lang: edge.From(ctx).Lang}
	text := feed(p, &g, board)
	c.Response().Header().Set("Cache-Control", "private, no-cache")
	c.Response().Header().Set("Content-Disposition", `inline; filename="schedule.ics"`)
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", []byte(text))
}

// feed writes the calendar of a delegate. A meeting that the version in force
// dropped, or to which a colleague goes now, is told as cancelled, for calendars that
// only merge.
func feed(p *ui.Page, g *convene.Guest, board *convene.Board) string {
	cal := ics.NewCalendarFor("Jinghe")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(g.Fair.Title)
	cal.SetXWRCalName(g.Fair.Title)
	cal.SetRefreshInterval("PT5M")
	sequence := board.Version + g.Fair.Revision // both only rise, and a delay is a revision
	add := func(meeting string) *ics.VEvent {
		e := cal.AddEvent(meeting + "@" + string(g.Fair.ID) + ".jinghe")
		e.SetSequence(sequence)
		e.SetDtStampTime(g.Fair.Updated)
		return e
	}
	planned := map[string]bool{}
	for _, a := range board.Appointments(g.Party.ID, g.Delegate.ID) {
		planned[a.ID] = true
		e := add(a.ID)
		e.SetStartAt(a.Round.Start)
		e.SetEndAt(a.Round.End)
		e.SetSummary(p.T("fair.calendar.with", "name", board.Name(a.With)))
		e.SetLocation(strings.TrimSpace(g.Fair.Place + " " + a.Table))
		e.SetStatus(ics.ObjectStatusConfirmed)
		if text := noteOf(p, g, board, &a); text != "" {
			e.SetDescription(text)
		}
	}
	for i := range board.Changes {
		x := &board.Changes[i]
		if x.From == nil || planned[x.Meeting] || !concerns(x, g) {
			continue
		}
		if slot, ok := g.Fair.Slot(x.From.Slot); ok {
			e := add(x.Meeting)
			start, end := g.Fair.Hours(slot.Start, slot.End)
			e.SetStartAt(start)
			e.SetEndAt(end)
			e.SetStatus(ics.ObjectStatusCancelled)
			e.SetSummary(p.T("fair.calendar.cancelled"))
		}
	}
	return cal.Serialize()
}

// noteOf is what a calendar tells of a meeting besides where and with whom it is: who comes
// for the other side, which interpreter, why the two meet and what to ask.
func noteOf(p *ui.Page, g *convene.Guest, board *convene.Board, a *convene.Appointment) string {
	var list []string
	if len(a.Theirs) > 0 {
		list = append(list, p.T("fair.phone.theirs", "names", joined(p, a.Theirs)))
	}
	if a.Interpreted {
		list = append(list, Interpreter(p, board, g.Party.ID, a.With))
	}
	if reason := a.Why.Reason[string(p.Lang)]; reason != "" {
		list = append(list, reason)
	}
	return strings.Join(append(list, a.Why.Ask[string(p.Lang)]...), "\n")
}

// concerns reports whether a change took a meeting from a delegate who may have had it.
func concerns(x *scene.FairChange, g *convene.Guest) bool {
	if x.To != nil {
		return slices.ContainsFunc(x.Sits, func(s scene.FairSits) bool {
			_, there := g.Party.Delegate(s.From) // what nobody went to, or one who left, was everybody's
			return s.Party == g.Party.ID && (s.From == g.Delegate.ID || !there)
		})
	}
	return slices.Contains(x.Parties, g.Party.ID)
}
