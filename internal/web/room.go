package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// seatsPerProcessor is how many answers a processor works on side by side: enough
// that none idles while some wait for rows, few enough that all of them together
// are made within a moment and in little memory.
const seatsPerProcessor = 32

// patience is how long a visitor's answer waits for a seat: about as long as one
// waits after a click.
const patience = 2 * time.Second

// room bounds how many answers are made at a time. When more is asked than the
// machine can do, some are told to come back soon and all others are answered;
// without the bound everything would become late together, and nothing be
// answered in time. Changes are never turned away: they have rates of their own.
// Safe for concurrent use.
type room struct {
	seats chan struct{}
}

func newRoom(seats int) *room { return &room{seats: make(chan struct{}, seats)} }

// enter waits for a seat, which leave gives back. Unavailable where a visitor got
// none in time; whoever is known waits until ctx ends.
func (r *room) enter(ctx context.Context, known bool) (leave func(), err error) {
	leave = func() { <-r.seats }
	select {
	case r.seats <- struct{}{}:
		return leave, nil
	default:
	}
	var late <-chan time.Time
	if !known {
		t := time.NewTimer(patience)
		defer t.Stop()
		late = t.C
	}
	select {
	case r.seats <- struct{}{}:
		return leave, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-late:
		return nil, &scene.Error{Code: scene.Unavailable, Op: "web.enter", Key: "web.crowded"}
	}
}

// seated has what is read, rather than changed, wait for room. Streams, files and
// what other programs watch the process by need next to no work.
func (s *Server) seated(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method != http.MethodGet && r.Method != http.MethodHead || packedAlready(c) || accessLevel(r.URL.Path) == slog.LevelDebug {
			return next(c)
		}
		who := edge.From(r.Context())
		leave, err := s.room.enter(r.Context(), who.Actor.Known())
		if err != nil {
			return err
		}
		defer leave()
		return next(c)
	}
}
