package web_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"jinghe/internal/web"
	"jinghe/internal/web/ui"
)

// setup is a server over the sample city, asked without a network.
type setup struct {
	*city
	*web.Server
	log *journal
}

func newSetup(t testing.TB, change ...func(*web.Config, *city)) *setup {
	t.Helper()
	s := &setup{city: newCity(t), log: &journal{}}
	config := s.config(time.Minute)
	for _, f := range change {
		f(&config, s.city)
	}
	var err error
	if s.Server, err = web.New(config, s.services()); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *setup) config(timeout time.Duration) web.Config {
	return web.Config{
		Addr: "127.0.0.1:0", Now: today, Random: rand.Reader, Version: "test", RequestTimeout: timeout,
		Site: ui.Site{Name: "示例市场景应用促进中心", ICP: "苏ICP备00000000号", Police: "苏公网安备 00000000000000号"},
		Log:  slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
}

// get asks for a path; headers are pairs of name and value.
func (s *setup) get(t testing.TB, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	return s.do(t, http.MethodGet, path, nil, headers...)
}

func (s *setup) do(t testing.TB, method, path string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), method, path, body)
	r.RemoteAddr = "192.0.2.7:4711"
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// want asks for a page that must come, and returns it.
func (s *setup) want(t testing.TB, status int, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	w := s.get(t, path, headers...)
	if w.Code != status {
		t.Fatalf("GET %s: status %d, want %d\n%s\n%s", path, w.Code, status, w.Body, s.log)
	}
	return w
}

// journal is a log that may be read while it is written.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}
