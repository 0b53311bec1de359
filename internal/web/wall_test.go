package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestWallStreams: the display shows who meets where, changes within two seconds
// of what happens, and a stream ends with the server.
func TestWallStreams(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	h.wished()
	wall := "/wall/" + h.fair.Wall
	h.office.browser().sees(wall, "水务对接会", "data-stream")
	if w := h.office.browser().get("/wall/NOBODY"); w.Code != http.StatusNotFound {
		t.Errorf("another code: %d", w.Code)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	server := httptest.NewServer(h.Handler())
	defer server.Close()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+wall+"/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if got := answer.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("content type %q", got)
	}
	heard := make(chan string, 100)
	go func() { // ends with the body
		defer close(heard)
		b := make([]byte, 64<<10)
		for {
			n, err := answer.Body.Read(b)
			if n > 0 {
				heard <- string(b[:n])
			}
			if err != nil {
				return
			}
		}
	}()
	said := "" // a word may come in two parts
	until := func(what, text string) {
		t.Helper()
		for !strings.Contains(said, text) {
			select {
			case s, open := <-heard:
				if !open {
					t.Fatalf("the stream ended before %s", what)
				}
				said += s
			case <-ctx.Done():
				t.Fatalf("no %s", what)
			}
		}
	}
	until("board", "event: board")
	if _, err := h.fairs.Delay(ctx, steward(), h.fair.ID, 15); err != nil {
		t.Fatal(err)
	}
	until("delay", "顺延 15 分钟")
	if err := h.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	for range heard { // until the stream has ended
	}
	if ctx.Err() != nil {
		t.Error("the stream went on after the server")
	}
}
