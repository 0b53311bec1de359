package fair

import (
	"slices"
	"strings"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// TwiceSection tells the centre who is twice in an event, or at another one at the same
// time; only of one party where it is named, and nothing where there is nobody.
func TwiceSection(p *ui.Page, board *convene.Board, list []convene.Double, party scene.ID) []ui.FairSection {
	var lines []string
	for i := range list {
		d := &list[i]
		if party != "" && d.Party != party || party == "" && d.Fair == board.Fair.ID && d.Other < d.Party { // told once for the two
			continue
		}
		args := []any{
			"name", d.Name, "party", board.Name(d.Party), "title", d.Title, "other", d.OtherName,
			"from", ui.Clock(d.Start), "to", ui.Clock(d.End), "times", Times(p, d.Meetings),
		}
		lines = append(lines, p.T("fair.twice.line."+twiceKind(&board.Fair, d), args...))
	}
	if lines == nil {
		return nil
	}
	return []ui.FairSection{{ID: "twice", Title: p.T("fair.twice.title", "count", len(lines)), Text: p.T("fair.twice.text"), Lines: lines, Folded: len(lines) > 12}}
}

// twiceKind is how a person is twice: here, there on the day, or there in meetings.
func twiceKind(f *scene.Fair, d *convene.Double) string {
	switch {
	case d.Fair == f.ID:
		return "here"
	case len(d.Meetings) == 0:
		return "day"
	}
	return "meetings"
}

// Times are spans as people read them.
func Times(p *ui.Page, spans []convene.Span) string {
	list := make([]string, 0, len(spans))
	for _, s := range spans {
		list = append(list, ui.Clock(s.Start)+"–"+ui.Clock(s.End))
	}
	return strings.Join(list, p.T("web.comma"))
}

// twiceOwn tells a person where else he is at the time of the event, and which of his
// meetings collide. What visitors cannot see of another event he learns from its
// organisers; so he does where a mail address alone shows that he is somebody, since the
// page is read by whoever typed it: of what another organisation entered it tells neither
// event nor time.
func twiceOwn(p *ui.Page, board *convene.Board, list []convene.Double, party, delegate scene.ID) (lines []string) {
	for i := range list {
		d := &list[i]
		if d.Party != party || delegate != "" && d.Delegate != delegate || !d.Public && d.Fair != board.Fair.ID {
			continue
		}
		if delegate != "" && slices.ContainsFunc(board.Selves(delegate), func(x convene.Self) bool { return x.Delegate == d.There }) {
			continue // his meetings there stand on his page
		}
		line := p.T("fair.twice.own.somewhere")
		if d.Alike || d.Fair == board.Fair.ID {
			line = p.T("fair.twice.own."+twiceKind(&board.Fair, d), "title", d.Title, "from", ui.Clock(d.Start), "to", ui.Clock(d.End), "times", Times(p, d.Meetings))
		}
		if delegate == "" {
			line = d.Name + p.T("colon") + line
		}
		lines = append(lines, line)
		if d.Alike {
			lines = append(lines, collisions(p, board, d)...)
		}
	}
	return lines
}

// collisions are the meetings of a person that collide with those elsewhere.
func collisions(p *ui.Page, board *convene.Board, d *convene.Double) (lines []string) {
	for _, a := range board.Appointments(d.Party, d.Delegate) {
		round := convene.Span{Start: a.Round.Start, End: a.Round.End}
		for _, m := range d.Meetings {
			if m.Overlaps(round) {
				lines = append(lines, p.T("fair.twice.own.clash", "time", ui.Clock(a.Round.Start)+"–"+ui.Clock(a.Round.End), "table", a.Table, "title", d.Title, "at", ui.Clock(m.Start)+"–"+ui.Clock(m.End)))
			}
		}
	}
	return lines
}
