package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

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

// tellsAfter is between two lines of the log about visitors who were turned away.
const tellsAfter = 10 * time.Second

// room bounds how many answers are made at a time. When more is asked than the
// machine can do, some are told to come back soon and all others are answered;
// without the bound everything would become late together, and nothing be
// answered in time. Changes are never turned away: they have rates of their own.
// Safe for concurrent use.
type room struct {
	seats  chan struct{}
	turned atomic.Int64   // visitors turned away and not told of in the log yet
	tell   rate.Sometimes // a line of the log for each would be work when there is too much
}

func newRoom(seats int) *room {
	return &room{seats: make(chan struct{}, seats), tell: rate.Sometimes{First: 1, Interval: tellsAfter}}
}

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
		r.turned.Add(1)
		return nil, &scene.Error{Code: scene.Unavailable, Op: "web.enter", Key: crowded}
	}
}

// crowded is the key of what a visitor is told who got no seat.
const crowded = "web.crowded"

func isCrowded(err error) bool {
	e, ok := errors.AsType[*scene.Error](err)
	return ok && e.Key == crowded
}

// log tells, every now and then, how many were turned away since it last did.
func (r *room) log(ctx context.Context, to *slog.Logger) {
	r.tell.Do(func() {
		to.WarnContext(ctx, "visitors turned away: more is asked than is answered in time", "visitors", r.turned.Swap(0), "seats", cap(r.seats))
	})
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
		if isCrowded(err) {
			s.room.log(r.Context(), s.config.Log)
		}
		if err != nil {
			return err
		}
		defer leave()
		return next(c)
	}
}
