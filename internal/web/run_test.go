package web_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"jinghe/internal/scene"
	"jinghe/internal/web"
)

// TestRun starts on a free port, answers, turns a second listener away, drains and leaves nothing behind.
func TestRun(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	s := newSetup(t)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if s.Addr() != "" {
		t.Error("an address before Start")
	}
	if err := s.Start(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(ctx); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("second Start: %v", err)
	}
	client := &http.Client{Transport: &http.Transport{}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Addr()+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.Body.Close() != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("status %d, %v", answer.StatusCode, err)
	}
	other := newSetup(t, func(c *web.Config, _ *city) { c.Addr = s.Addr() })
	if err := other.Start(ctx); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("address in use: %v", err)
	}
	client.CloseIdleConnections()
	if err := s.Shutdown(ctx); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if err := <-s.Stopped(); err != nil {
		t.Errorf("Stopped: %v", err)
	}
	if w := s.get(t, "/readyz"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("ready after Shutdown: %d", w.Code)
	}
	if conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(t.Context(), "tcp", s.Addr()); err == nil {
		t.Error("still listening")
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
	goleak.VerifyNone(t, leaks)
}

func TestConfig(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	tests := map[string]struct {
		change func(*web.Config)
		key    string
	}{
		"OK":        {func(*web.Config) {}, ""},
		"NoClock":   {func(c *web.Config) { c.Now = nil }, "web.config.incomplete"},
		"HalfTLS":   {func(c *web.Config) { c.TLSCert = "cert.pem" }, "web.config.tls"},
		"PublicURL": {func(c *web.Config) { c.PublicURL = "example.cn" }, "web.config.public_url"},
		"PublicOK":  {func(c *web.Config) { c.PublicURL = "https://example.cn/" }, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := s.config(time.Second)
			tt.change(&config)
			_, err := web.New(config, s.services())
			if (err == nil) != (tt.key == "") || err != nil && !strings.Contains(err.Error(), tt.key) {
				t.Errorf("got %v, want key %q", err, tt.key)
			}
		})
	}
}
