package crowd

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMix is what the figures are said to be of.
func TestMix(t *testing.T) {
	t.Parallel()
	total := map[string]int{}
	for _, a := range mix() {
		total[""] += a.share
		switch {
		case strings.HasPrefix(a.name, "write"):
			total["write"] += a.share
		case strings.HasPrefix(a.name, "API"):
			total["API"] += a.share
		case strings.HasPrefix(a.name, "search"):
			total["search"] += a.share
		case strings.HasPrefix(a.name, "matches"):
			total["matches"] += a.share
		}
	}
	want := map[string]int{"": 1000, "write": 50, "API": 50, "search": 200, "matches": 100}
	for name, share := range want {
		if total[name] != share {
			t.Errorf("%q has %d of a thousand, want %d", name, total[name], share)
		}
	}
}

// TestOpenLoop: a server that stands still for a second does not hide it: those
// who were due meanwhile have waited, and requests keep coming.
func TestOpenLoop(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	stall, began := sync.OnceFunc(func() { <-time.After(time.Second) }), time.Now()
	server := fake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" && time.Since(began) > 300*time.Millisecond {
			mu.Lock()
			stall()
			mu.Unlock()
		}
	})
	report, err := Play(t.Context(), Town{Base: server, People: []Person{{Login: "a", Token: "t", Offers: []string{"c1"}}, {Login: "b", Staff: true}}},
		Plan{Now: time.Now, Rate: 300, For: 2 * time.Second, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	home, all := report.Lines[0], report.Lines[len(report.Lines)-1]
	if home.Name != "home" || home.Max < 900*time.Millisecond || home.P99 < 500*time.Millisecond {
		t.Errorf("the stall is hidden: %+v", home)
	}
	if all.Count < 450 || all.Count > 750 || all.Failed > 0 {
		t.Errorf("%d requests of about 600, %d failed: %v", all.Count, all.Failed, report.Faults)
	}
}

// TestRefusedIsCounted, its time too.
func TestRefusedIsCounted(t *testing.T) {
	t.Parallel()
	server := fake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Error(w, "away", http.StatusServiceUnavailable)
		}
	})
	report, err := Play(t.Context(), Town{Base: server, People: []Person{{Login: "a", Token: "t", Offers: []string{"c1"}}, {Login: "b", Staff: true}}},
		Plan{Now: time.Now, Rate: 200, For: time.Second, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	home := report.Lines[0]
	var said *refused
	if home.Count == 0 || home.Failed != home.Count || len(report.Faults) == 0 || !errors.As(report.Faults[0], &said) || said.status != 503 {
		t.Errorf("%+v, %v", home, report.Faults)
	}
}

// TestNobody to play with is told.
func TestNobody(t *testing.T) {
	t.Parallel()
	server := fake(t, func(http.ResponseWriter, *http.Request) {})
	if _, err := Play(t.Context(), Town{Base: server}, Plan{Now: time.Now, Rate: 10, For: time.Second}); err == nil {
		t.Error("played without staff and enterprises")
	}
	if _, err := Play(t.Context(), Town{Base: "http://127.0.0.1:1"}, Plan{Now: time.Now, Rate: 10, For: time.Second}); err == nil {
		t.Error("played without a server")
	}
}

// fake answers as much of a server as signing in needs; before is asked first.
func fake(t *testing.T, before http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		before(w, r)
		switch {
		case r.URL.Path == "/api/v1/opportunities" || r.URL.Path == "/api/v1/capabilities":
			fmt.Fprint(w, `{"items":[{"id":"n1","name":"管网漏损定位","organisation":{"id":"o1"}}],"next_cursor":""}`)
		case r.URL.Path == "/sign-in" || r.URL.Path == "/inbox/choices":
			fmt.Fprint(w, `<input type="hidden" name="form_token" value="x">`)
		case r.Method == http.MethodPost && r.URL.Path == "/api/v1/entries/capabilities":
			w.Header().Set("Location", "/api/v1/entries/capabilities/d1")
			w.Header().Set("ETag", `"1"`)
			w.WriteHeader(http.StatusCreated)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}
