package web_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jinghe/internal/web"
)

// TestRoom: when all seats are taken a visitor waits for a moment and is then
// asked to come back, while what watches the process, and a form, go on.
func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		services, config := s.services(), s.config(time.Minute)
		services.Matcher, config.Seats = slow{}, 1
		var log bytes.Buffer
		config.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
		var err error
		if s.Server, err = web.New(config, services); err != nil {
			t.Fatal(err)
		}
		first := make(chan *httptest.ResponseRecorder, 1)
		go func() { first <- s.get(t, "/api/v1/opportunities/OPP000/matches") }() // until its deadline
		synctest.Wait()
		for _, path := range []string{"/healthz", "/assets/none.css"} {
			if w := s.get(t, path); w.Code == http.StatusServiceUnavailable {
				t.Errorf("%s waits for a seat", path)
			}
		}
		if w := s.do(t, http.MethodPost, "/signin", strings.NewReader("")); w.Code == http.StatusServiceUnavailable {
			t.Error("a form is turned away")
		}
		for lang, says := range map[string]string{"zh": "访问人数较多", "en": "Many people are here"} {
			began := time.Now()
			w := s.get(t, "/about", "Cookie", "jinghe_lang="+lang)
			if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), says) {
				t.Errorf("%d %q %.300s", w.Code, w.Header().Get("Retry-After"), w.Body)
			}
			if waited := time.Since(began); waited != 2*time.Second {
				t.Errorf("after %s", waited)
			}
		}
		later := make(chan *httptest.ResponseRecorder, 1)
		go func() {
			<-first
			later <- s.get(t, "/about")
		}()
		if w := <-later; w.Code != http.StatusOK {
			t.Errorf("the seat was not given back: %d", w.Code)
		}
		if told := log.String(); strings.Count(told, "visitors turned away") != 1 || strings.Contains(told, "crowded") {
			t.Errorf("two visitors turned away within ten seconds are a line in the log: %s", told)
		}
	})
}
