package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/web"
	"jinghe/internal/web/backend"
)

// TestNewestByRelease: the list of the API, the search and the pages agree.
func TestNewestByRelease(t *testing.T) {
	t.Parallel()
	const first, second = scene.ID("OPP007"), scene.ID("OPP003")
	s := newSetup(t, func(_ *web.Config, c *city) {
		for i := range c.opportunities {
			o := &c.opportunities[i]
			o.Updated, o.Created, o.ValidFrom = today(), today(), today().AddDate(0, 0, -20-i)
			switch o.ID {
			case first:
				o.ValidFrom = today().AddDate(0, 0, -1)
			case second:
				o.ValidFrom = today().AddDate(0, 0, -2)
			}
		}
	})
	for _, path := range []string{
		"/api/v1/opportunities?order=newest&limit=2", "/api/v1/search?kind=opportunity&sort=newest&limit=2",
	} {
		var got struct {
			Items []struct{ ID scene.ID }
			Next  string `json:"next_cursor"`
		}
		if err := json.Unmarshal(s.want(t, http.StatusOK, path).Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Items) != 2 || got.Items[0].ID != first || got.Items[1].ID != second || got.Next == "" {
			t.Errorf("%s: %+v", path, got)
		}
		next := s.want(t, http.StatusOK, path+"&cursor="+got.Next).Body.Bytes()
		if err := json.Unmarshal(next, &got); err != nil || slices.ContainsFunc(got.Items, func(x struct{ ID scene.ID }) bool {
			return x.ID == first || x.ID == second
		}) {
			t.Errorf("%s, page two: %s, %v", path, next, err)
		}
	}
	p := parse(t, "list", s.want(t, http.StatusOK, "/opportunities?sort=newest").Body.String())
	if got := attr((&page{t, "card", p.withClass("card")[0]}).all("a")[0], "href"); got != "/opportunities/"+string(first) {
		t.Errorf("the list begins with %s", got)
	}
	s.away.Store(true)
	s.want(t, http.StatusOK, "/api/v1/opportunities?order=newest&limit=2")
}

// TestMetricsBehindProxy: behind a proxy on this machine everybody would seem to be an operator.
func TestMetricsBehindProxy(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for _, name := range []string{"X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Proto"} {
		r := newRequest(t, "/metrics", "127.0.0.1:9")
		r.Header.Set(name, "127.0.0.1")
		if w := serve(s, r); w.Code != http.StatusForbidden {
			t.Errorf("with %s: %d", name, w.Code)
		}
	}
}

func TestReadinessIsKeptForAMoment(t *testing.T) {
	t.Parallel()
	var asked, seconds atomic.Int64
	c := newCity(t)
	services := c.services()
	services.Probes = []backend.Probe{{Name: "store", Check: func(context.Context) error { asked.Add(1); return nil }}}
	s := &setup{city: c, log: &journal{}}
	config := s.config(time.Minute)
	config.Now = func() time.Time { return today().Add(time.Duration(seconds.Load()) * time.Second) }
	var err error
	if s.Server, err = web.New(config, services); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		s.want(t, http.StatusOK, "/readyz")
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("probed %d times within a second", n)
	}
	seconds.Store(1)
	s.want(t, http.StatusOK, "/readyz")
	if n := asked.Load(); n != 2 {
		t.Errorf("probed %d times after a second", n)
	}
}
