package console

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/ui"
)

// chosenMeeting is the meeting that the page of the plan is asked about.
func chosenMeeting(c echo.Context) string {
	if typed := c.FormValue("meeting"); typed != "" {
		return typed
	}
	return c.QueryParam("meeting")
}

// sends are the delegates of a party that has to say which of them goes; nil for one
// that goes as a whole.
func (x *planning) sends(party string) []scene.Delegate {
	held := x.board.Parties[scene.ID(party)]
	if held == nil || held.Share || len(held.Delegates) < 2 {
		return nil
	}
	return held.Delegates
}

// called is the name of a delegate of a party, "" where there is none of that id.
func (x *planning) called(party, delegate string) string {
	if held := x.board.Parties[scene.ID(party)]; held != nil {
		if d, there := held.Delegate(scene.ID(delegate)); there {
			return fair.DelegateName(x.p, &d)
		}
	}
	return ""
}

// senders names who goes to a meeting, for the parties that send one of several.
func (x *planning) senders(seat *agenda.Seat) string {
	var names []string
	for _, id := range seat.Parties {
		if x.sends(id) == nil {
			continue
		}
		if name := x.called(id, seat.Delegates[id]); name != "" {
			names = append(names, name)
		}
	}
	if names == nil {
		return ""
	}
	return x.p.T("fair.goes.cell", "names", strings.Join(names, x.p.T("web.comma")))
}

// noted is what stands below a meeting: who goes, and that an interpreter comes.
func (x *planning) noted(seat *agenda.Seat) string {
	return strings.Trim(x.senders(seat)+"\n"+x.interpreter(seat), "\n")
}

// interpreter says which languages the interpreter of a meeting speaks, "" for none.
func (x *planning) interpreter(seat *agenda.Seat) string {
	if !x.needs[seat.ID] || len(seat.Parties) != 2 {
		return ""
	}
	return fair.Interpreter(x.p, x.board, scene.ID(seat.Parties[0]), scene.ID(seat.Parties[1]))
}

// sat names who went before a change, and who goes after it.
func (x *planning) sat(c *scene.FairChange) (from, to string) {
	name := func(s *scene.FairSits, id scene.ID) string {
		if id == "" {
			return ""
		}
		if known := x.called(string(s.Party), string(id)); known != "" {
			return known
		}
		return x.p.T("fair.goes.gone")
	}
	var before, after []string
	for i := range c.Sits {
		s := &c.Sits[i]
		before, after = append(before, name(s, s.From)), append(after, name(s, s.To))
	}
	return strings.Join(before, " · "), strings.Join(after, " · ")
}

// goers is where it is chosen who takes the meeting that the page is asked about, for
// each side that could send another.
func (x *planning) goers(c echo.Context) []ui.FairSection {
	v, meeting := x.shown(), chosenMeeting(c)
	i := slices.IndexFunc(v.Plan.Meetings, func(s agenda.Seat) bool { return s.ID == meeting })
	if i < 0 {
		return nil
	}
	seat := &v.Plan.Meetings[i]
	s := ui.FairSection{ID: "goes", Title: x.p.T("fair.goes"), Text: x.p.T("fair.goes.text", "meeting", x.names.Meeting(seat.ID), "place", x.place(seat))}
	for _, party := range seat.Parties {
		if list := x.sends(party); list != nil {
			s.Forms = append(s.Forms, x.goer(c, seat, party, list))
		}
	}
	if s.Forms == nil {
		s.Empty = x.p.T("fair.goes.none")
	}
	return []ui.FairSection{s}
}

func (x *planning) goer(c echo.Context, seat *agenda.Seat, party string, list []scene.Delegate) ui.Form {
	p := x.p
	chosen := string(x.shown().Row.Goes.Of(seat.ID, scene.ID(party)))
	if c.FormValue("party") == party { // it was refused, and the two can change places
		chosen = c.FormValue("delegate")
	}
	name := x.called(party, seat.Delegates[party])
	if name == "" {
		name = p.T("fair.goes.nobody")
	}
	field := ui.Field{Name: "delegate", Label: x.names.Party(party), Type: "choice", Options: []ui.Option{{Label: p.T("fair.goes.auto", "name", name), Chosen: chosen == ""}}}
	swaps := false
	for i := range list {
		d := &list[i]
		label := fair.DelegateName(p, d)
		if d.Post != "" {
			label += "（" + d.Post + "）"
		}
		if slices.Contains(d.Away, seat.Slot) {
			label += " · " + p.T("fair.away.short")
		}
		if other := x.shown().Plan.Elsewhere(seat, party, string(d.ID)); other != nil {
			label += " · " + p.T("fair.goes.busy", "meeting", x.names.Meeting(other.ID), "table", other.Table)
			swaps = true
		}
		field.Options = append(field.Options, ui.Option{Value: string(d.ID), Label: label, Chosen: chosen == string(d.ID)})
	}
	form := ui.Form{
		Action: x.base + "?meeting=" + seat.ID + "#goes",
		Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "meeting", Type: "hidden", Value: seat.ID}, {Name: "party", Type: "hidden", Value: party}, field,
		}}},
		Buttons: []ui.Button{{Label: p.T("fair.goes.do"), Name: "do", Value: "goes"}},
	}
	if swaps {
		form.Buttons = append(form.Buttons, ui.Button{Label: p.T("fair.goes.swap"), Name: "do", Value: "swap"})
	}
	return form
}
