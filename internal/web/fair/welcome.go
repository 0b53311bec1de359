package fair

import (
	"strings"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// Welcome says who was checked in and where he is to go first, also for another party for
// which he comes. Of one who was there already it says since when: a badge that is read
// twice does not look like somebody who comes.
func Welcome(p *ui.Page, board *convene.Board, x *convene.Named, again bool) string {
	args := []any{"name", DelegateName(p, &x.Delegate), "party", x.Party.Name}
	first := upcoming(board, x.Party.ID, x.Delegate.ID)
	var said []string
	switch {
	case again && first != nil:
		said = []string{againText(p, board, x), p.T("fair.again.next", appointed(board, first)...)}
	case again:
		said = []string{againText(p, board, x), p.T("fair.again.done")}
	case first != nil:
		said = []string{p.T("fair.checked_in.next", append(args, appointed(board, first)...)...)}
	default:
		said = []string{p.T("fair.checked_in", args...)}
	}
	for _, other := range board.Selves(x.Delegate.ID) {
		if next := upcoming(board, other.Party, other.Delegate); next != nil {
			said = append(said, p.T("fair.checked_in.also", append(appointed(board, next), "party", board.Name(other.Party))...))
		}
	}
	return strings.Join(said, p.T("fair.between"))
}

// againText says since when somebody is there, and for which other party he was checked in.
func againText(p *ui.Page, board *convene.Board, x *convene.Named) string {
	a := board.Arrival(x.Party.ID, x.Delegate.ID)
	args := []any{"name", DelegateName(p, &x.Delegate), "party", x.Party.Name, "time", ui.Clock(a.At)}
	if a.Elsewhere != "" {
		return p.T("fair.again.for", append(args, "other", board.Name(a.Elsewhere))...)
	}
	return p.T("fair.again", args...)
}

// upcoming is the meeting of a delegate that runs, or else the next one; nil for none.
func upcoming(board *convene.Board, party, delegate scene.ID) *convene.Appointment {
	for _, a := range board.Appointments(party, delegate) {
		if a.Round.End.After(board.Made()) {
			return &a
		}
	}
	return nil
}

func appointed(board *convene.Board, a *convene.Appointment) []any {
	return []any{"time", ui.Clock(a.Round.Start), "table", a.Table, "with", board.Name(a.With)}
}

// Also are the meetings to come that a person has for other parties of the same event, a
// line for each party: without them he would take himself for free. Times and tables of
// meetings stand on the wall too; with whom they are is on the page of that party alone.
func Also(p *ui.Page, board *convene.Board, party, delegate scene.ID) (lines []string) {
	for _, other := range board.Selves(delegate) {
		var at []string
		for _, a := range board.Appointments(other.Party, other.Delegate) {
			if a.Round.End.After(board.Made()) && a.With != party { // his own two parties meet: it is on the page
				at = append(at, ui.Clock(a.Round.Start)+"–"+ui.Clock(a.Round.End)+" "+a.Table)
			}
		}
		if at == nil {
			lines = append(lines, p.T("fair.also.free", "party", board.Name(other.Party)))
			continue
		}
		lines = append(lines, p.T("fair.also", "party", board.Name(other.Party), "meetings", strings.Join(at, p.T("web.comma"))))
	}
	return lines
}
