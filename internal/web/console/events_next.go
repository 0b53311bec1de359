package console

import (
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// early is how long before its first block the page of the day comes first: people
// check in before it begins.
const early = 3 * time.Hour

// standing is where an event stands, in figures that its next step is told from.
type standing struct {
	f                         *scene.Fair
	now                       time.Time
	in, applied, silent, open int // parties that take part, wait to be let in, said nothing; requests that wait for a yes
	invited                   int // parties that have not answered
	wishes                    int
	version                   int
	draft                     bool
	changes                   int      // of the draft
	meetings, told            int      // planned, and those of which a side said something
	closed                    []string // tables
}

// standing counts the rows of an event.
func (o *Console) standing(c echo.Context, f *scene.Fair) (*standing, error) {
	ctx := c.Request().Context()
	board, err := o.fairs.Board(ctx, f.ID)
	if err != nil {
		return nil, err
	}
	s := &standing{f: f, now: o.now(), version: board.Version, open: len(board.Unconfirmed()), told: len(board.Day.Outcomes)}
	for _, p := range board.Parties {
		switch p.State {
		case scene.PartyAccepted:
			s.in++
			for _, w := range p.Wishes {
				if w.Kind != scene.WishNever {
					s.wishes++
				}
			}
			if len(p.Wishes) == 0 {
				s.silent++
			}
		case scene.PartyApplied:
			s.applied++
		case scene.PartyInvited:
			s.invited++
		}
	}
	for i := range board.Rounds {
		s.meetings += len(board.Rounds[i].Meetings)
	}
	ready, err := o.fairs.Prepared(ctx, actor(c), f)
	s.draft, s.changes, s.closed = ready.Draft, max(0, ready.Changes), ready.Closed
	return s, err
}

// stages are the steps of the way of an event, as fair.way.… names them.
func stages() []string { return []string{"prepare", "open", "plan", "publish", "day", "report"} }

// stage is the place of the event in stages, and the key of what to do there.
func (s *standing) stage() (at int, key string) {
	switch convene.PhaseOf(s.f, s.version > 0, s.now) {
	case convene.Phase(scene.FairCancelled):
		return -1, "cancelled"
	case convene.Phase(scene.FairOver):
		return len(stages()), "over"
	case convene.PhaseHeld:
		return 5, "held"
	case convene.PhaseMissed:
		return 0, "missed"
	}
	switch {
	case s.f.State == scene.FairDraft:
		return 0, "draft"
	case s.version > 0:
		return s.published()
	case s.draft:
		return 3, "planned"
	case s.f.State == scene.FairOpen:
		return 1, s.signUp()
	case s.open > 0:
		return 2, "unconfirmed"
	}
	return 2, "closed"
}

// published is stage for one with a plan in force that is still to be held.
func (s *standing) published() (at int, key string) {
	switch {
	case s.draft && s.changes > 0:
		return 3, "changed"
	case !s.now.Before(s.f.Start()):
		return 4, "running"
	case !s.now.Before(s.f.Start().Add(-early)):
		return 4, "soon"
	}
	return 4, "published"
}

// signUp is the key of what to do while parties sign up.
func (s *standing) signUp() string {
	switch {
	case s.applied > 0:
		return "applied"
	case s.in == 0:
		return "nobody"
	}
	return "open"
}

// waysOf are the pages that a step leads to, the one to do first first.
func waysOf(key string) []string {
	switch key {
	case "draft", "nobody":
		return []string{"/parties"}
	case "applied":
		return []string{"/parties"}
	case "open":
		return []string{"/parties", "/whatif"}
	case "unconfirmed", "closed":
		return []string{"/plan", "/whatif", "/parties"}
	case "planned", "changed":
		return []string{"/plan"}
	case "published":
		return []string{"/print/tables", "/parties", "/stage"}
	case "soon", "running":
		return []string{"/day", "/stage", "/plan"}
	case "held":
		return []string{"/report", "/day"}
	case "over":
		return []string{"/report"}
	case "missed":
		return []string{"/edit"}
	}
	return nil
}

// nextStep says where an event stands and what comes next; what only managers do
// is offered to them alone.
func nextStep(p *ui.Page, s *standing, manage bool) *ui.FairNext {
	at, key := s.stage()
	v := &ui.FairNext{Title: p.T("fair.next_step." + key), Text: p.T("fair.next_step."+key+".text", s.figures(p)...)}
	for i, x := range stages() {
		step := ui.FairStep{Label: p.T("fair.way." + x)}
		switch {
		case at < 0:
		case i < at:
			step.State = "done"
		case i == at:
			step.State = "now"
		}
		v.Way = append(v.Way, step)
	}
	base := events + "/" + string(s.f.ID)
	// The state that this step ends in is a button; where it is what comes first, no page is.
	bring := map[string]scene.FairState{"draft": scene.FairOpen, "open": scene.FairClosed, "held": scene.FairOver}[key]
	if s.f.State == scene.FairOpen && key == "held" {
		bring = scene.FairClosed
	}
	if bring != "" && manage {
		v.Forms = []ui.Form{stateForm(p, base, bring)}
	}
	for i, part := range waysOf(key) {
		if part == "/edit" && !manage {
			continue
		}
		v.Ways = append(v.Ways, ui.Link{Text: p.T("fair.go_to" + strings.ReplaceAll(part, "/", ".")), URL: base + part, Active: i == 0 && len(v.Forms) == 0})
	}
	return v
}

// figures are the arguments of every text of a next step.
func (s *standing) figures(p *ui.Page) []any {
	days := ui.Day(s.f.Start()) - ui.Day(s.now)
	when := p.T("fair.in_days", "days", days)
	switch {
	case days == 0:
		when = p.T("fair.today")
	case days == 1:
		when = p.T("fair.tomorrow")
	case days < 0:
		when = p.T("fair.days_ago", "days", -days)
	}
	return []any{
		"in", s.in, "applied", s.applied, "silent", s.silent, "open", s.open, "wishes", s.wishes, "version", s.version,
		"changes", s.changes, "meetings", s.meetings, "told", s.told, "quiet", max(0, s.meetings-s.told), "when", when,
	}
}

// stateForm is the button that brings an event into a state.
func stateForm(p *ui.Page, base string, to scene.FairState) ui.Form {
	return ui.Form{
		Action: base + "/state", Groups: []ui.Group{{Fields: []ui.Field{{Name: "to", Type: "hidden", Value: string(to)}}}},
		Buttons: []ui.Button{{Label: p.T("fair.bring." + string(to)), Danger: to == scene.FairCancelled}},
	}
}

// otherStates are the buttons for the states that the next step does not offer.
func otherStates(p *ui.Page, f *scene.Fair, next *ui.FairNext) []ui.Form {
	var list []ui.Form
	for _, to := range convene.Steps(f) {
		offered := false
		for _, x := range next.Forms {
			offered = offered || x.Groups[0].Fields[0].Value == string(to)
		}
		if !offered {
			list = append(list, stateForm(p, events+"/"+string(f.ID), to))
		}
	}
	return list
}

// tiles are the figures of an event that are seen first.
func (s *standing) tiles(p *ui.Page) []ui.FairTile {
	n := strconv.Itoa
	list := []ui.FairTile{
		{Label: p.T("fair.tile.in"), Value: n(s.in)},
		{Label: p.T("fair.tile.wishes"), Value: n(s.wishes)},
		{Label: p.T("fair.tile.silent"), Value: n(s.silent), Class: warned(s.silent > 0 && s.version == 0)},
	}
	if s.f.Capacity > 0 {
		list[0].Of = "/ " + n(s.f.Capacity)
	}
	if s.applied > 0 {
		list = append(list, ui.FairTile{Label: p.T("fair.tile.applied"), Value: n(s.applied), Class: "tile-warn"})
	}
	if s.invited > 0 {
		list = append(list, ui.FairTile{Label: p.T("fair.tile.invited"), Value: n(s.invited)})
	}
	if s.f.Mode != scene.FairOrganiser {
		list = append(list, ui.FairTile{Label: p.T("fair.tile.open"), Value: n(s.open), Class: warned(s.open > 0 && s.version == 0)})
	}
	if s.version > 0 {
		list = append(list, ui.FairTile{Label: p.T("fair.tile.meetings"), Value: n(s.meetings), Of: p.T("fair.version", "number", s.version)})
		list = append(list, ui.FairTile{Label: p.T("fair.tile.told"), Value: n(s.told), Of: "/ " + n(s.meetings)})
	}
	return list
}

func warned(on bool) string {
	if on {
		return "tile-warn"
	}
	return ""
}
