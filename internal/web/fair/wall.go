package fair

import (
	"bytes"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// Wall answers GET /wall/:code: the display in the hall.
func (h *Fair) Wall(c echo.Context) error {
	board, err := h.wallBoard(c)
	if err != nil {
		return err
	}
	p := h.frame.Page(c)
	p.Title, p.NoIndex = board.Fair.Title, true
	v := h.wallView(p, board)
	v.Stream = "/wall/" + c.Param("code") + "/stream"
	return h.frame.Render(c, http.StatusOK, ui.WallPage(p, v))
}

func (h *Fair) wallBoard(c echo.Context) (*convene.Board, error) {
	id, err := h.service.Wall(c.Request().Context(), c.Param("code"))
	if scene.CodeOf(err) == scene.NotFound {
		err = &scene.Error{Code: scene.NotFound, Op: "fair.Wall", Key: "fair.code_unknown"}
	}
	if err != nil {
		return nil, err
	}
	return h.service.Board(c.Request().Context(), id)
}

// fewTables is how many tables there is room for in large letters.
const fewTables = 12

// wallView is the display at this moment.
func (h *Fair) wallView(p *ui.Page, board *convene.Board) ui.Wall {
	at := h.now()
	v := ui.Wall{Fair: board.Fair.Title, Clock: ui.Clock(at), Few: board.Fair.Tables() <= fewTables}
	v.Late = Late(p, &board.Fair, h.now())
	now, next := board.Now(at)
	if now >= 0 {
		v.Now = wallRound(p, p.T("fair.wall.now"), board, now)
	}
	if next >= 0 {
		v.Next = wallRound(p, p.T("fair.wall.next"), board, next)
	}
	v.Figures = wallFigures(p, board, at)
	switch {
	case board.Version == 0:
		v.Done = p.T("fair.wall.no_plan")
	case now < 0 && next < 0:
		v.Done = p.T("fair.wall.done")
	}
	return v
}

// wallFigures are the numbers of the day: how many parties that take part are there,
// as the desk counts them, which meetings are over, and of how many both sides or one
// said what became of them.
func wallFigures(p *ui.Page, board *convene.Board, at time.Time) []ui.WallFigure {
	if board.Version == 0 {
		return nil
	}
	meetings, over, told := 0, 0, 0
	for i := range board.Rounds {
		r := &board.Rounds[i]
		for _, m := range r.Meetings {
			meetings++
			if !r.End.After(at) {
				over++
			}
			if len(board.Day.Outcomes[m.ID]) > 0 {
				told++
			}
		}
	}
	there, parties := board.Arrivals()
	return []ui.WallFigure{
		{Label: p.T("fair.wall.there"), N: there, Of: parties},
		{Label: p.T("fair.wall.over"), N: over, Of: meetings},
		{Label: p.T("fair.wall.told"), N: told, Of: meetings},
	}
}

func wallRound(p *ui.Page, title string, board *convene.Board, i int) *ui.WallRound {
	r := &board.Rounds[i]
	out := &ui.WallRound{Title: title, Hours: ui.Clock(r.Start) + "–" + ui.Clock(r.End)}
	for _, m := range r.Meetings {
		if len(m.Parties) == 2 {
			out.Rows = append(out.Rows, ui.WallRow{
				Table: m.Table, Left: Sends(p, board, &m, m.Parties[0]), Right: Sends(p, board, &m, m.Parties[1]),
				LeftHere: board.Side(&m, m.Parties[0]) == convene.Present, RightHere: board.Side(&m, m.Parties[1]) == convene.Present,
			})
		}
	}
	return out
}

// Stream answers GET /wall/:code/stream with server-sent events: the display
// whenever it changes, and a beat in between.
func (h *Fair) Stream(c echo.Context) error {
	board, err := h.wallBoard(c)
	if err != nil {
		return err
	}
	p := h.frame.Page(c)
	return h.stream(c, "board", wallBeat, board, func(board *convene.Board) (mark, text string, err error) {
		var b bytes.Buffer
		err = ui.WallBody(p, h.wallView(p, board)).Render(c.Request().Context(), &b)
		return b.String(), b.String(), err
	})
}
