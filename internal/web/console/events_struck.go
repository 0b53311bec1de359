package console

import (
	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// struck tells, after somebody was checked in whose party was noted absent before, which
// of its meetings were taken out, and offers to put back those that still can be; and so
// of another party for which he comes.
func (o *Console) struck(c echo.Context, p *ui.Page, board *convene.Board, base string) (list []ui.FairSection, err error) {
	came := []scene.ID{scene.ID(c.QueryParam("party"))}
	for _, other := range board.Selves(scene.ID(c.QueryParam("delegate"))) {
		came = append(came, other.Party)
	}
	for _, id := range came {
		x := board.Parties[id]
		if x == nil || !board.Noted(id) || !board.There(id) { // for most, at a busy desk, nothing is read
			continue
		}
		lost, err := o.fairs.Struck(c.Request().Context(), actor(c), board.Fair.ID, id)
		if err != nil {
			return nil, err
		}
		list = append(list, struckSection(p, board, base, x, lost)...)
	}
	return list, nil
}

// struckSection lists what a party lost.
func struckSection(p *ui.Page, board *convene.Board, base string, x *scene.FairParty, list []convene.Struck) []ui.FairSection {
	if len(list) == 0 {
		return nil
	}
	s := struckTable(p, board, base, list, ui.Field{Name: "party", Type: "hidden", Value: string(x.ID)})
	s.Title, s.Text = p.T("fair.struck", "name", x.Name, "count", len(list)), p.T("fair.struck.text")
	return []ui.FairSection{s}
}

// struckAt lists, after a table was opened again, what its closing took out; nothing where
// none was, or one that is not there any more.
func (o *Console) struckAt(c echo.Context, x *planning) (sections []ui.FairSection, err error) {
	if table, unknown := convene.TableTyped(x.f, c.QueryParam("table")); unknown == nil && x.may {
		list, err := o.fairs.StruckAt(c.Request().Context(), actor(c), x.f.ID, table)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		s := struckTable(x.p, x.board, events+"/"+string(x.f.ID), list, ui.Field{Name: "table", Type: "hidden", Value: table})
		s.Title, s.Text = x.p.T("fair.struck.at", "table", table, "count", len(list)), x.p.T("fair.struck.at.text")
		sections = append(sections, s)
	}
	return sections, nil
}

// struckTable is the meetings that were taken out with what became of each, and the button
// that puts back those that still can be; of says which they are.
func struckTable(p *ui.Page, board *convene.Board, base string, list []convene.Struck, of ui.Field) ui.FairSection {
	names := board.Names()
	t := ui.Table{Head: []string{p.T("fair.meeting"), p.T("fair.time"), p.T("fair.table"), p.T("web.rows.state")}}
	ahead := 0
	for _, m := range list {
		key := "fair.struck.over"
		switch {
		case m.Ahead && m.Pending:
			key = "fair.struck.pending"
		case m.Ahead:
			key = "fair.struck.gone"
		}
		if m.Ahead {
			ahead++
		}
		with := names.Meeting(m.Meeting)
		if m.With != "" {
			with = board.Name(m.With)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: with}, {Text: names.Slot(m.At.Slot)}, {Text: m.At.Table}, {Text: p.T(key)}})
	}
	s := ui.FairSection{ID: "struck", Table: &t}
	if ahead > 0 {
		s.Forms = []ui.Form{{Action: base + "/day", Groups: []ui.Group{{Fields: []ui.Field{{Name: "do", Type: "hidden", Value: "put_back"}, of}}}, Buttons: []ui.Button{{Label: p.T("fair.struck.go", "count", ahead)}}}}
	}
	return s
}

// putBack puts back what a party lost, or a table that was closed.
func (o *Console) putBack(c echo.Context, by scene.Actor, id scene.ID) error {
	if table := c.FormValue("table"); table != "" {
		return o.fairs.PutBackAt(c.Request().Context(), by, id, table)
	}
	return o.fairs.PutBack(c.Request().Context(), by, id, scene.ID(c.FormValue("party")))
}
