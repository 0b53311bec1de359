package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/web"
	"jinghe/internal/web/backend"
)

// asked counts how often organisations are read, and may keep them back.
type asked struct {
	*city
	times atomic.Int32
	gate  chan struct{} // nil, or until when nothing is answered
}

func (a *asked) Organisation(ctx context.Context, id scene.ID) (scene.Organisation, error) {
	a.times.Add(1)
	if a.gate != nil {
		<-a.gate
	}
	return a.city.Organisation(ctx, id)
}

// newAsked is a server over it that gives pages out again.
func newAsked(t *testing.T, now func() time.Time) (s *setup, a *asked, written *atomic.Uint64) {
	t.Helper()
	s = newSetup(t)
	a, written = &asked{city: s.city}, &atomic.Uint64{}
	services, config := s.services(), s.config(time.Minute)
	services.Catalogue, services.Written = a, written.Load
	config.Now, config.Rates = now, map[web.Class]web.Rate{}
	var err error
	if s.Server, err = web.New(config, services); err != nil {
		t.Fatal(err)
	}
	return s, a, written
}

// TestRecent: what visitors ask for at nearly the same time is made once; what
// differs in anything that a page shows is not.
func TestRecent(t *testing.T) {
	t.Parallel()
	now := today()
	s, a, written := newAsked(t, func() time.Time { return now })
	const path = "/organisations/ORG001"
	first := s.want(t, http.StatusOK, path)
	steps := []struct {
		name    string
		before  func()
		path    string
		headers []string
		anew    bool
	}{
		{name: "Again", path: path},
		{name: "English", path: path, headers: []string{"Cookie", "jinghe_lang=en"}, anew: true},
		{name: "Dark", path: path, headers: []string{"Cookie", "jinghe_theme=dark"}, anew: true},
		{name: "OtherAddress", path: path + "?page=1", anew: true},
		{name: "StillThere", before: func() { now = now.Add(900 * time.Millisecond) }, path: path},
		{name: "Later", before: func() { now = now.Add(100 * time.Millisecond) }, path: path, anew: true},
		{name: "Written", before: func() { written.Add(1) }, path: path, anew: true},
		{name: "ClockSetBack", before: func() { now = now.Add(-time.Hour) }, path: path, anew: true},
		{name: "Head", path: path, anew: true},
	}
	for _, step := range steps {
		if step.before != nil {
			step.before()
		}
		method, before := http.MethodGet, a.times.Load()
		if step.name == "Head" {
			method = http.MethodHead
		}
		w := s.do(t, method, step.path, nil, step.headers...)
		if anew := a.times.Load() > before; anew != step.anew || w.Code != http.StatusOK {
			t.Errorf("%s: %d, made anew: %v, want %v", step.name, w.Code, anew, step.anew)
		}
		if !step.anew && (w.Body.String() != first.Body.String() || w.Header().Get("Content-Type") != first.Header().Get("Content-Type")) {
			t.Errorf("%s: not the page of before", step.name)
		}
	}
	before := a.times.Load()
	for range 2 {
		s.want(t, http.StatusNotFound, "/organisations/NONE")
	}
	if a.times.Load() != before+2 {
		t.Error("a failure was given out again")
	}
	for i := range 600 { // more than are kept
		s.want(t, http.StatusNotFound, "/organisations/NONE?page="+strconv.Itoa(i))
	}
	s.want(t, http.StatusOK, path+"?page=2")
	before = a.times.Load()
	s.want(t, http.StatusOK, path+"?page=2")
	if a.times.Load() != before {
		t.Error("failures take the places of pages")
	}
}

// TestRecentTogether: those who ask while a page is being made wait for it, and
// make their own where that came to nothing.
func TestRecentTogether(t *testing.T) {
	for name, status := range map[string]int{"ORG001": http.StatusOK, "NONE": http.StatusNotFound} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, a, _ := newAsked(t, today)
				a.gate = make(chan struct{})
				answers := make(chan *httptest.ResponseRecorder, 8)
				for range cap(answers) {
					go func() { answers <- s.get(t, "/organisations/"+name) }()
				}
				synctest.Wait()
				if n := a.times.Load(); n != 1 {
					t.Errorf("%d are made at the same time", n)
				}
				close(a.gate)
				for range cap(answers) {
					if w := <-answers; w.Code != status {
						t.Errorf("%d, want %d", w.Code, status)
					}
				}
			})
		})
	}
}

// lingering is a visitor who takes nothing of his answer until told.
type lingering struct {
	*httptest.ResponseRecorder
	take chan struct{}
}

func (l lingering) Write(b []byte) (int, error) {
	<-l.take
	return l.ResponseRecorder.Write(b)
}

// TestRecentSlow: nobody waits for the first visitor to take his page.
func TestRecentSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, _ := newAsked(t, today)
		const path = "/organisations/ORG001"
		first := lingering{httptest.NewRecorder(), make(chan struct{})}
		done := make(chan struct{})
		go func() {
			defer close(done)
			s.Handler().ServeHTTP(first, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		}()
		synctest.Wait()
		other := s.want(t, http.StatusOK, path)
		if a.times.Load() != 1 {
			t.Errorf("made %d times", a.times.Load())
		}
		close(first.take)
		<-done
		if first.Code != http.StatusOK || first.Body.String() != other.Body.String() {
			t.Errorf("the first visitor got %d, and not the page of the other", first.Code)
		}
	})
}

// TestRecentIsForVisitors: who is signed in neither gets the page of another nor
// leaves his own to one.
func TestRecentIsForVisitors(t *testing.T) {
	t.Parallel()
	o := newOfficeWith(t, func(s *backend.Services) { s.Written = func() uint64 { return 0 } })
	signed, visitor := o.as(scene.RoleSteward), o.browser()
	for range 2 {
		if page := signed.get("/").Body.String(); !strings.Contains(page, `href="/console"`) {
			t.Error("not the page of the one who is signed in")
		}
		if page := visitor.get("/").Body.String(); strings.Contains(page, `href="/console"`) {
			t.Error("a visitor got the page of somebody else")
		}
	}
}
