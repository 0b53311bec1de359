package fair

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// What a stream does.
const (
	streamLook  = time.Second      // how often it looks whether the board changed
	wallBeat    = 5 * time.Second  // how often that of a wall says that it is alive
	phoneBeat   = 25 * time.Second // and that of a phone, of which there are many
	streamLife  = 10 * time.Minute // the browser then connects again by itself
	writeWithin = 15 * time.Second
)

// stream answers with server-sent events: the text that view makes of the board
// whenever its mark changes, under the name event, and a beat in between. It goes on until the
// browser leaves, the server stops, view has nothing to say, or its life is over;
// browsers then come back.
func (h *Fair) stream(c echo.Context, event string, beat time.Duration, board *convene.Board, view func(*convene.Board) (mark, text string, err error)) error {
	ctx, send := c.Request().Context(), sender(c)
	look, life := time.NewTicker(streamLook), time.NewTimer(streamLife)
	defer look.Stop()
	defer life.Stop()
	shown, quiet := "", time.Duration(0)
	for {
		mark, text, err := view(board)
		if err != nil {
			return scene.Wrap("fair.stream", err)
		}
		switch {
		case mark == "":
			return nil
		case mark != shown:
			err = send(event, text)
			shown, quiet = mark, 0
		case quiet >= beat:
			err = send("beat", "")
			quiet = 0
		}
		if err != nil {
			return nil // the browser left
		}
		select {
		case <-look.C:
			quiet += streamLook
		case <-ctx.Done():
			return nil
		case <-h.closing:
			return nil
		case <-life.C:
			return nil
		}
		if fresh, err := h.service.Board(ctx, board.Fair.ID); err == nil {
			board = fresh // while the rows are away the last board stands
		}
	}
}

// sender begins an answer of events and returns what sends one of them.
func sender(c echo.Context) func(event, data string) error {
	w := c.Response()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	control := http.NewResponseController(w)
	return func(event, data string) error {
		// A connection that cannot be given more time keeps that of the server.
		_ = control.SetWriteDeadline(time.Now().Add(writeWithin))
		var b strings.Builder
		b.WriteString("event: " + event + "\n")
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
}

// Follow answers GET /e/:code/stream: a mark that changes whenever the page of the
// delegate would. A phone that follows it asks for the page only then. The stream
// ends when the link is revoked.
func (h *Fair) Follow(c echo.Context) error {
	ctx, code := c.Request().Context(), c.Param("code")
	g, err := h.service.Guest(ctx, code)
	if err != nil {
		return err
	}
	board, err := h.service.Board(ctx, g.Fair.ID)
	if err != nil {
		return err
	}
	return h.stream(c, "mark", phoneBeat, board, func(board *convene.Board) (mark, text string, err error) {
		p := board.Parties[g.Party.ID]
		if p == nil {
			return "", "", nil
		}
		if d, there := p.Delegate(g.Delegate.ID); !there || d.Code != code {
			return "", "", nil
		}
		mark = board.Mark(g.Party.ID, g.Delegate.ID)
		return mark, mark, nil
	})
}
