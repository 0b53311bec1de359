package fair

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// What a stream does.
const (
	streamLook  = time.Second      // how often it looks whether the board changed
	streamBeat  = 5 * time.Second  // how often it says that it is alive
	streamLife  = 10 * time.Minute // the browser then connects again by itself
	writeWithin = 15 * time.Second
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

// wallView is the display at this moment.
func (h *Fair) wallView(p *ui.Page, board *convene.Board) ui.Wall {
	at := h.now()
	v := ui.Wall{Fair: board.Fair.Title, Clock: ui.Clock(at)}
	if board.Fair.Late > 0 {
		v.Late = p.T("fair.late.text", "minutes", board.Fair.Late)
	}
	now, next := board.Now(at)
	if now >= 0 {
		v.Now = wallRound(p.T("fair.wall.now"), board, now)
	}
	if next >= 0 {
		v.Next = wallRound(p.T("fair.wall.next"), board, next)
	}
	switch {
	case board.Version == 0:
		v.Done = p.T("fair.wall.no_plan")
	case now < 0 && next < 0:
		v.Done = p.T("fair.wall.done")
	}
	return v
}

func wallRound(title string, board *convene.Board, i int) *ui.WallRound {
	r := &board.Rounds[i]
	out := &ui.WallRound{Title: title, Hours: ui.Clock(r.Start) + "–" + ui.Clock(r.End)}
	for _, m := range r.Meetings {
		if len(m.Parties) == 2 {
			out.Rows = append(out.Rows, ui.WallRow{
				Table: m.Table, Left: board.Name(m.Parties[0]), Right: board.Name(m.Parties[1]),
				LeftHere: board.There(m.Parties[0]), RightHere: board.There(m.Parties[1]),
			})
		}
	}
	return out
}

// Stream answers GET /wall/:code/stream with server-sent events: the display
// whenever it changes, and a beat in between. It goes on until the browser
// leaves, the server stops or its life is over; browsers then come back.
func (h *Fair) Stream(c echo.Context) error {
	board, err := h.wallBoard(c)
	if err != nil {
		return err
	}
	p := h.frame.Page(c)
	w := c.Response()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	control := http.NewResponseController(w)
	send := func(event, data string) error {
		// A connection that cannot be given more time keeps that of the server.
		_ = control.SetWriteDeadline(time.Now().Add(writeWithin))
		var b strings.Builder
		fmt.Fprintf(&b, "event: %s\n", event)
		for line := range strings.Lines(data) {
			b.WriteString("data: " + strings.TrimRight(line, "\n") + "\n")
		}
		if data == "" {
			b.WriteString("data:\n")
		}
		if _, err := w.Write([]byte(b.String() + "\n")); err != nil {
			return err
		}
		return control.Flush()
	}
	look, life := time.NewTicker(streamLook), time.NewTimer(streamLife)
	defer look.Stop()
	defer life.Stop()
	shown, quiet := "", time.Duration(0)
	for {
		var b bytes.Buffer
		if err := ui.WallBody(p, h.wallView(p, board)).Render(c.Request().Context(), &b); err != nil {
			return scene.Wrap("fair.Stream", err)
		}
		switch {
		case b.String() != shown:
			err = send("board", b.String())
			shown, quiet = b.String(), 0
		case quiet >= streamBeat:
			err = send("beat", "")
			quiet = 0
		}
		if err != nil {
			return nil // the browser left
		}
		select {
		case <-look.C:
			quiet += streamLook
		case <-c.Request().Context().Done():
			return nil
		case <-h.closing:
			return nil
		case <-life.C:
			return nil
		}
		if fresh, err := h.service.Board(c.Request().Context(), board.Fair.ID); err == nil {
			board = fresh // while the rows are away the last board stands
		}
	}
}
