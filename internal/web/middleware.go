package web

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"

	"jinghe/internal/attach"
	"jinghe/internal/scene"
	"jinghe/internal/web/api"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
)

const (
	headerRequestID = "X-Request-Id"
	// statusClosed is what the log says of a client that went away (as nginx does).
	statusClosed = 499
	// gzipAbove is the smallest answer worth packing, in bytes, and gzipLevel how
	// hard: a page grows by a fifteenth beside level 6 and takes half the time.
	gzipAbove, gzipLevel = 1024, 2
)

// use builds the chain, outermost first. Every request has an id and a
// language before anything can fail, and is logged however it ends.
func (s *Server) use() error {
	packed, err := s.packed()
	if err != nil {
		return err
	}
	s.echo.Use(
		s.identify,
		s.observe,
		s.secure,
		s.shared,
		packed,
		s.recover,
		s.who,
		s.bound,
		s.seated,
	)
	return nil
}

// packed compresses answers. An error is told inside, while there is still a
// packer to write it to.
func (s *Server) packed() (echo.MiddlewareFunc, error) {
	pack, err := gzhttp.NewWrapper(gzhttp.MinSize(gzipAbove), gzhttp.CompressionLevel(gzipLevel), gzhttp.EnableZstd(false))
	if err != nil {
		return nil, err
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if packedAlready(c) {
				return next(c)
			}
			pack(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				c.SetResponse(echo.NewResponse(w, s.echo))
				if err := next(c); err != nil {
					c.Error(err)
				}
			})).ServeHTTP(c.Response(), c.Request())
			return nil
		}
	}, nil
}

// packedAlready says which answers are packed by their own handler, or by nature.
func packedAlready(c echo.Context) bool {
	path := c.Request().URL.Path
	return strings.HasPrefix(path, "/assets/") || path == "/metrics" || strings.HasPrefix(path, "/files/") || streams(path)
}

// streams says which answers go on for long.
func streams(path string) bool {
	return strings.HasSuffix(path, "/stream") && (strings.HasPrefix(path, "/wall/") || strings.HasPrefix(path, "/e/"))
}

// identify gives the request an id, a language and the reader's preferences.
// An id that came with the request is kept if it is harmless to print.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(headerRequestID)
		if !printableID(id) {
			id = s.newID()
		}
		c.Response().Header().Set(headerRequestID, id)
		r := edge.Request{ID: id, Lang: s.language(c), Prefs: preferences(c)}
		c.SetRequest(c.Request().WithContext(edge.With(c.Request().Context(), r)))
		return next(c)
	}
}

// newID returns 96 random bits in hex. If the source fails the request goes on without.
func (s *Server) newID() string {
	var b [12]byte
	if _, err := io.ReadFull(s.config.Random, b[:]); err != nil {
		s.config.Log.Error("no randomness for request ids", "error", err)
		return "-"
	}
	return hex.EncodeToString(b[:])
}

func printableID(id string) bool {
	if len(id) < 8 || len(id) > 64 {
		return false
	}
	for _, r := range id {
		if r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return true
}

// observe counts and logs the request. The query is left out: it may hold what
// a person searched for. So is what opens something to whoever knows it.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := s.config.Now()
		s.figures.running.Inc()
		defer s.figures.running.Dec()
		if err := next(c); err != nil {
			c.Error(err)
		}
		took, status := s.config.Now().Sub(began), c.Response().Status
		s.figures.count(c.Request().Method, c.Path(), status, took)
		ctx := c.Request().Context()
		s.config.Log.LogAttrs(ctx, accessLevel(c.Request().URL.Path), "request",
			slog.String("method", c.Request().Method), slog.String("path", s.withoutSecrets(c.Request().URL.Path)),
			slog.String("route", c.Path()), slog.Int("status", status), slog.Int64("bytes", c.Response().Size),
			slog.Duration("took", took), slog.String("ip", c.RealIP()),
			slog.String("lang", string(edge.From(ctx).Lang)), slog.String("request_id", edge.From(ctx).ID),
		)
		return nil
	}
}

// withoutSecrets covers the part of a path that a link in a mail, or a personal
// link, is secret by: who reads a log is not who was sent it.
func (s *Server) withoutSecrets(path string) string {
	for _, prefix := range s.secrets {
		if rest, ok := strings.CutPrefix(path, prefix); ok && rest != "" {
			_, after, deeper := strings.Cut(rest, "/")
			if deeper {
				after = "/" + after
			}
			return prefix + "***" + after
		}
	}
	return path
}

// accessLevel keeps the probes of machines out of the ordinary log.
func accessLevel(path string) slog.Level {
	switch {
	case path == "/healthz", path == "/readyz", path == "/metrics", strings.HasPrefix(path, "/assets/"):
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// recover turns a panic into an Internal error, with the stack in the log.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch r := recover(); r {
			case nil:
			case http.ErrAbortHandler:
				panic(r)
			default:
				s.config.Log.ErrorContext(c.Request().Context(), "panic", "value", fmt.Sprint(r),
					"request_id", edge.From(c.Request().Context()).ID, "stack", string(debug.Stack()))
				err = &scene.Error{Code: scene.Internal, Op: "web.recover", Err: fmt.Errorf("panic: %v", r)}
			}
		}()
		return next(c)
	}
}

// bound gives the request a deadline and its body a size.
func (s *Server) bound(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if streams(r.URL.Path) {
			return next(c) // its handler ends it
		}
		defer c.SetRequest(r) // an error is told outside the deadline
		within := s.config.RequestTimeout
		if c.Path() == wordsPath && r.Method == http.MethodPost {
			within += wordsMore
		}
		ctx, cancel := context.WithTimeout(r.Context(), within)
		defer cancel()
		limit := s.config.BodyLimit + moreBody(c.Path())
		if r.ContentLength > limit {
			return &scene.Error{
				Code: scene.TooLarge, Op: "web.bound", Key: "web.body_limit",
				Args: map[string]any{"limit": fmt.Sprintf("%d KiB", limit>>10)},
			}
		}
		bounded := r.WithContext(ctx)
		if bounded.Body != nil {
			bounded.Body = http.MaxBytesReader(c.Response(), bounded.Body, limit)
		}
		c.SetRequest(bounded)
		return next(c)
	}
}

// moreBody is what a route takes besides a form, in bytes: a file, which is read
// only once the permission is known.
func moreBody(path string) int64 {
	switch path {
	case uploadPath:
		return backend.MaxUpload
	case fillPath:
		return backend.MaxDraftFile
	case exchangePath:
		return api.MaxExchange
	case filesPath, picturesPath:
		return attach.MaxSize
	}
	return api.MoreBody(path)
}
