package api

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"jinghe/internal/repeat"
	"jinghe/internal/scene"
	"jinghe/internal/store/sqlite"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
)

// TestOnceTooLong: a body in pieces that is longer than is taken, and one that
// breaks off, are the sender's faults, and their key stays free.
func TestOnceTooLong(t *testing.T) {
	t.Parallel()
	rows, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "rows.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	a := &API{Config: Config{Services: backend.Services{Repeats: repeat.New(rows, time.Now)}, Log: slog.New(slog.DiscardHandler)}}
	e := echo.New()
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, 8)
			return next(c)
		}
	})
	h := humaecho.New(e, huma.DefaultConfig("test", "1"))
	h.UseMiddleware(a.once)
	type answer struct{ Body struct{ N int } }
	huma.Register(h, huma.Operation{OperationID: "do", Method: http.MethodPost, Path: "/do"}, told(a, "do", func(context.Context, *struct{}) (*answer, error) {
		return &answer{}, nil
	}))
	for _, tt := range []struct {
		body io.Reader
		code int
	}{
		{io.MultiReader(strings.NewReader("123456"), strings.NewReader("789")), http.StatusRequestEntityTooLarge},
		{io.MultiReader(strings.NewReader("1"), iotest.ErrReader(io.ErrUnexpectedEOF)), http.StatusUnprocessableEntity},
		{strings.NewReader("1"), http.StatusOK},
	} {
		r := httptest.NewRequestWithContext(edge.With(t.Context(), edge.Request{Actor: scene.Actor{ID: "x"}}), http.MethodPost, "/do", tt.body)
		r.ContentLength = -1
		r.Header.Set(idempotencyKey, "key")
		w := httptest.NewRecorder()
		if e.ServeHTTP(w, r); w.Code != tt.code {
			t.Errorf("%d %s, want %d", w.Code, w.Body, tt.code)
		}
	}
}

// TestOnce: what was refused may be tried again under its key; what succeeded is
// answered alike, and what broke off is never done again.
func TestOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault error // of the first try
		done  int   // how often it is done in two tries
		codes [2]int
	}{
		"Done":     {nil, 1, [2]int{http.StatusOK, http.StatusOK}},
		"Refused":  {&scene.Error{Code: scene.Invalid}, 2, [2]int{http.StatusUnprocessableEntity, http.StatusOK}},
		"Broken":   {errors.New("broken after the commit"), 1, [2]int{http.StatusInternalServerError, http.StatusConflict}},
		"CutShort": {&scene.Error{Code: scene.Unavailable}, 1, [2]int{http.StatusServiceUnavailable, http.StatusConflict}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "rows.db"), sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = rows.Close() })
			a := &API{Config: Config{Services: backend.Services{Repeats: repeat.New(rows, time.Now)}, Log: slog.New(slog.DiscardHandler)}}
			e, done := echo.New(), 0
			h := humaecho.New(e, huma.DefaultConfig("test", "1"))
			h.UseMiddleware(a.once)
			type answer struct{ Body struct{ N int } }
			huma.Register(h, huma.Operation{OperationID: "do", Method: http.MethodPost, Path: "/do"}, told(a, "do", func(context.Context, *struct{}) (*answer, error) {
				if done++; done == 1 && tt.fault != nil {
					return nil, tt.fault
				}
				return &answer{}, nil
			}))
			for i, want := range tt.codes {
				r := httptest.NewRequestWithContext(edge.With(t.Context(), edge.Request{Actor: scene.Actor{ID: "x"}}), http.MethodPost, "/do", strings.NewReader(""))
				r.Header.Set(idempotencyKey, "key")
				w := httptest.NewRecorder()
				e.ServeHTTP(w, r)
				if w.Code != want {
					t.Errorf("try %d: %d %s, want %d", i+1, w.Code, w.Body, want)
				}
			}
			if done != tt.done {
				t.Errorf("done %d times, want %d", done, tt.done)
			}
		})
	}
}
