package fair

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// Stage answers GET /wall/:code/stage: who is on, for how long, who is next. Who
// runs the event steers it there by keys and buttons.
func (h *Fair) Stage(c echo.Context) error {
	board, err := h.wallBoard(c)
	if err != nil {
		return err
	}
	p := h.frame.Page(c)
	p.Title, p.NoIndex = board.Fair.Title, true
	v := h.stageView(p, board)
	v.Stream = "/wall/" + c.Param("code") + "/stage/stream"
	if by := actor(c); by.May(scene.FairRun, scene.Object{}) == nil {
		v.Action = "/console/events/" + string(board.Fair.ID) + "/stage"
	}
	return h.frame.Render(c, http.StatusOK, ui.StagePage(p, v))
}

// StageStream answers GET /wall/:code/stage/stream: the stage whenever it changes.
func (h *Fair) StageStream(c echo.Context) error {
	board, err := h.wallBoard(c)
	if err != nil {
		return err
	}
	p := h.frame.Page(c)
	return h.stream(c, "board", wallBeat, board, func(board *convene.Board) (string, string, error) {
		v := h.stageView(p, board)
		mark := v.Fair + v.Seen + "|" + v.Late
		for _, x := range []*ui.StageAct{v.Now, v.Next} {
			if x != nil {
				mark += "|" + x.Title + x.Who + x.Hours + x.Place
			}
		}
		var b bytes.Buffer
		err := ui.StageBody(p, v).Render(c.Request().Context(), &b)
		return mark, b.String(), err
	})
}

// stageView is the stage at this moment.
func (h *Fair) stageView(p *ui.Page, board *convene.Board) ui.Stage {
	v := ui.Stage{Fair: board.Fair.Title, Seen: string(board.Day.Act)}
	v.Late = Late(p, &board.Fair, h.now())
	on := board.OnStage()
	if on.Now != nil {
		v.Now = stageAct(p, on.Now)
		v.Now.Left = strconv.Itoa(int(on.Now.Until.Sub(h.now()) / time.Second))
		v.Now.Clock = clockLeft(on.Now.Until.Sub(h.now()))
	}
	if on.Next != nil {
		v.Next = stageAct(p, on.Next)
	}
	switch {
	case on.Now == nil && on.Next == nil && len(board.Acts()) == 0:
		v.Empty = p.T("fair.stage.none")
	case on.Now == nil && on.Next == nil:
		v.Empty = p.T("fair.stage.done")
	case on.Now == nil:
		v.Empty = p.T("fair.stage.waiting")
	}
	return v
}

func stageAct(p *ui.Page, a *convene.Staged) *ui.StageAct {
	return &ui.StageAct{
		Block: p.T("fair.block." + string(a.Block.Kind)), Title: a.Title, Who: a.Who, Place: a.Place,
		Hours: ui.Clock(a.Start) + "–" + ui.Clock(a.Until),
	}
}

// clockLeft is “7:05”, or “−0:30” where time is up.
func clockLeft(d time.Duration) string {
	sign, s := "", int(d/time.Second)
	if s < 0 {
		sign, s = "−", -s
	}
	two := strconv.Itoa(s % 60)
	if len(two) < 2 {
		two = "0" + two
	}
	return sign + strconv.Itoa(s/60) + ":" + two
}

// Acts are the entries that name a party, as its people read them.
func Acts(p *ui.Page, board *convene.Board, party scene.ID) []ui.Fact {
	var list []ui.Fact
	for _, a := range board.ActsOf(party) {
		text := p.T("fair.block."+string(a.Block.Kind)) + p.T("colon") + a.Title
		if a.Place != "" {
			text += p.T("web.comma") + a.Place
		}
		list = append(list, ui.Fact{Label: ui.Clock(a.Start) + "–" + ui.Clock(a.Until), Value: text})
	}
	return list
}
