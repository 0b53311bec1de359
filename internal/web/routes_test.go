package web_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/web"
	"jinghe/internal/web/api"
	"jinghe/internal/web/edge"
)

// filled puts ids of the sample city into a route.
func filled(path string) string {
	r := strings.NewReplacer(
		"/opportunities/:id", "/opportunities/OPP002", "/capabilities/:id", "/capabilities/CAP002",
		"/organisations/:id", "/organisations/ORG002", "/batches/:id", "/batches/BAT001", "/showcases/:id", "/showcases/SHO001", "/dictionaries/:name", "/dictionaries/field",
	)
	return r.Replace(path)
}

// TestRoutes asks every route as a stranger: open ones answer, guarded ones refuse.
func TestRoutes(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for _, route := range s.Routes() {
		path := filled(route.Path)
		if route.Path == "/assets/:name" {
			continue // TestAssets has the names
		}
		t.Run(route.Path, func(t *testing.T) {
			w := s.get(t, path)
			want := http.StatusOK
			switch {
			case route.May != edge.Visitor:
				want = http.StatusForbidden
			case route.Path == "/preferences":
				want = http.StatusSeeOther
			case route.Path == "/api/v1/exchange": // no city without an address
				want = http.StatusPreconditionFailed
			}
			if w.Code != want {
				t.Errorf("GET %s: %d, want %d: %s", path, w.Code, want, w.Body)
			}
			noSecret(t, path, w.Body.String())
		})
	}
	if len(s.Routes()) < 30 {
		t.Errorf("only %d routes", len(s.Routes()))
	}
}

func TestOperatorRoutes(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	s.want(t, http.StatusOK, "/about")
	r := newRequest(t, "/metrics", "127.0.0.1:9")
	w := serve(s, r)
	if w.Code != http.StatusOK {
		t.Fatalf("/metrics from this machine: %d", w.Code)
	}
	for _, want := range []string{
		`jinghe_http_requests_total{method="GET",route="/about",status="200"} 1`,
		`jinghe_build_info{version="test"} 1`, "go_goroutines",
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
}

// TestUnseen: what a visitor may not see does not exist for him, by page or API.
func TestUnseen(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*scene.Opportunity)
		status int
	}{
		"Published": {func(*scene.Opportunity) {}, http.StatusOK},
		"Draft":     {func(o *scene.Opportunity) { o.State = scene.Draft }, http.StatusNotFound},
		"Review":    {func(o *scene.Opportunity) { o.State = scene.ExpertReview }, http.StatusNotFound},
		"Embargo":   {func(o *scene.Opportunity) { o.ValidFrom = today().AddDate(0, 0, 1) }, http.StatusNotFound},
		"Expired":   {func(o *scene.Opportunity) { o.ValidTo = today().AddDate(0, 0, -1) }, http.StatusOK},
		"Closed":    {func(o *scene.Opportunity) { o.State = scene.Closed }, http.StatusOK},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSetup(t, func(_ *web.Config, c *city) { c.edit(tt.change) })
			for _, path := range []string{"/opportunities/OPP000", "/opportunities/OPP000/matches", "/api/v1/opportunities/OPP000", "/api/v1/opportunities/OPP000/matches"} {
				if w := s.get(t, path); w.Code != tt.status {
					t.Errorf("GET %s: %d, want %d", path, w.Code, tt.status)
				}
			}
		})
	}
}

// TestEnded: an entry that is over is shown as such and is not matched.
func TestEnded(t *testing.T) {
	t.Parallel()
	s := newSetup(t, func(_ *web.Config, c *city) {
		c.edit(func(o *scene.Opportunity) { o.State = scene.Landed })
	})
	p := parse(t, "/opportunities/OPP000", s.want(t, http.StatusOK, "/opportunities/OPP000").Body.String())
	notices := p.withClass("notice")
	if len(notices) != 2 || !strings.Contains(text(notices[0]), "已落地") {
		t.Errorf("notices: %d", len(notices))
	}
	if n := len(p.withClass("match")); n != 0 {
		t.Errorf("%d matches shown", n)
	}
	body := s.want(t, http.StatusOK, "/api/v1/opportunities/OPP000/matches").Body.String()
	if !strings.Contains(body, `"matches":[]`) || !strings.Contains(body, `"excluded":[]`) {
		t.Errorf("API: %s", body)
	}
}

// TestDegraded: pages come without index and without matcher, and say so.
func TestDegraded(t *testing.T) {
	t.Parallel()
	t.Run("IndexAway", func(t *testing.T) {
		t.Parallel()
		s := newSetup(t)
		s.away.Store(true)
		for _, path := range []string{"/", "/opportunities?q=x&field=smart_transport", "/capabilities?batch=第1批", "/search?q=x"} {
			p := parse(t, path, s.want(t, http.StatusOK, path).Body.String())
			if n := p.withClass("notice"); len(n) != 1 || !strings.Contains(text(n[0]), "搜索服务暂时不可用") {
				t.Errorf("%s: does not say that the index is away", path)
			}
			if len(p.withClass("card")) == 0 {
				t.Errorf("%s: no entries", path)
			}
		}
		w := s.want(t, http.StatusServiceUnavailable, "/api/v1/search?q=x")
		if w.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		s.want(t, http.StatusOK, "/api/v1/health")
	})
	t.Run("IndexAwayPaging", func(t *testing.T) {
		t.Parallel()
		s := newSetup(t)
		s.away.Store(true)
		seen, path := map[string]bool{}, "/capabilities"
		for path != "" {
			p := parse(t, path, s.want(t, http.StatusOK, path).Body.String())
			for _, a := range p.all("a") {
				if strings.HasPrefix(attr(a, "href"), "/capabilities/CAP") {
					seen[attr(a, "href")] = true
				}
			}
			path = ""
			for _, a := range p.all("a") {
				if attr(a, "rel") == "next" {
					path = attr(a, "href")
				}
			}
		}
		open := 0
		for i := range s.capabilities {
			if s.capabilities[i].Open(today()) {
				open++
			}
		}
		if len(seen) != open {
			t.Errorf("paged through %d capabilities, want %d", len(seen), open)
		}
	})
	t.Run("Building", func(t *testing.T) {
		t.Parallel()
		s := newSetup(t)
		s.building.Store(true)
		if body := s.want(t, http.StatusOK, "/opportunities").Body.String(); !strings.Contains(body, "正在重建") {
			t.Error("does not say that the index is being built")
		}
	})
	t.Run("MatcherAway", func(t *testing.T) {
		t.Parallel()
		s := newSetup(t)
		s.unranked.Store(true)
		if body := s.want(t, http.StatusOK, "/opportunities/OPP000").Body.String(); !strings.Contains(body, "匹配服务暂时不可用") {
			t.Error("does not say that the matcher is away")
		}
		s.want(t, http.StatusServiceUnavailable, "/api/v1/opportunities/OPP000/matches")
	})
}

func TestMatchesShown(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for path, want := range map[string]int{
		"/opportunities/OPP001": 5, "/opportunities/OPP001/matches": 20, "/capabilities/CAP001": 5,
		// 0.25 and 0.22; weaker ones are left to the page of matches.
		"/opportunities/" + string(weakNeed): 2,
	} {
		p := parse(t, path, s.want(t, http.StatusOK, path).Body.String())
		if n := len(p.withClass("match")); n != want {
			t.Errorf("%s: %d matches, want %d", path, n, want)
		}
		if more := len(p.withClass("more")); (more == 1) != !strings.HasSuffix(path, "/matches") {
			t.Errorf("%s: %d links to more", path, more)
		}
		if n := len(p.withClass("excluded")); n != 1 {
			t.Errorf("%s: what was excluded is not told", path)
		}
	}
	best := parse(t, "best", s.want(t, http.StatusOK, "/opportunities/OPP000/matches").Body.String()).withClass("match")[0]
	for _, want := range []string{"匹配度 90 分", "预算", "120 万元以内", "请补充报价", "≥450 MPa", "用词相符", "54.0", "合计", "90.0", "对需求方价值 90"} {
		if !strings.Contains(text(best), want) {
			t.Errorf("the best match lacks %q: %s", want, text(best))
		}
	}
	marked := (&page{t, "best", best}).all("mark")
	if want := string([]rune(s.opportunities[0].Name)[:2]); len(marked) != 1 || text(marked[0]) != want {
		t.Errorf("evidence is not marked, want %q once: a passage that is not in the text is not shown", want)
	}
}

func TestResultsPage(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	p := parse(t, "list", s.want(t, http.StatusOK, "/opportunities?field=smart_transport&q=路").Body.String())
	cards := p.withClass("card")
	if len(cards) == 0 {
		t.Fatal("no cards")
	}
	for _, c := range cards {
		if marks := (&page{t, "card", c}).all("mark"); len(marks) == 0 || text(marks[0]) != "路" {
			t.Errorf("card %q: no highlight", text(c))
		}
	}
	if chosen := p.withClass("chosen"); len(chosen) != 1 || !strings.Contains(text(chosen[0]), "智慧交通") {
		t.Error("the filter in force is not shown")
	}
	hidden := ""
	for _, in := range p.all("input") {
		if attr(in, "type") == "hidden" {
			hidden += attr(in, "name") + "=" + attr(in, "value")
		}
	}
	if hidden != "field=smart_transport" {
		t.Errorf("a new search keeps %q", hidden)
	}
	if empty := parse(t, "empty", s.want(t, http.StatusOK, "/opportunities?q=没有这种东西").Body.String()); len(empty.withClass("empty")) != 1 {
		t.Error("an empty result says nothing")
	}
}

// TestHostileQueries: whatever is typed, a page comes.
func TestHostileQueries(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for _, query := range []string{
		"q=%ff%fe", "q=" + strings.Repeat("长", 5000), "page=-1", "page=999999999999999999999", "page=x", "sort=nonsense",
		"field=" + strings.Repeat("a", 3000), "q=%00", "q=<script>alert(1)</script>", "lang=xx", "q=%22%27%3E",
		strings.Repeat("field=x&", 200),
	} {
		w := s.get(t, "/opportunities?"+query)
		if w.Code != http.StatusOK {
			t.Errorf("?%.40s: %d", query, w.Code)
		}
		if strings.Contains(w.Body.String(), "<script>alert") {
			t.Errorf("?%.40s: not escaped", query)
		}
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	p := parse(t, "/", s.want(t, http.StatusOK, "/").Body.String())
	n := 0
	for _, path := range p.local() {
		if !strings.HasPrefix(path, "/assets/") {
			continue
		}
		n++
		w := s.want(t, http.StatusOK, path, "Accept-Encoding", "gzip")
		if !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s may not be kept", path)
		}
		s.want(t, http.StatusNotModified, path, "If-None-Match", w.Header().Get("ETag"))
		if plain := s.want(t, http.StatusOK, path); plain.Header().Get("Content-Encoding") != "" || plain.Body.Len() == 0 {
			t.Errorf("%s: not plain where gzip is not accepted", path)
		}
	}
	if n != 5 {
		t.Errorf("%d assets on the first page, want icon, style and script, and those of drawings", n)
	}
	s.want(t, http.StatusNotFound, "/assets/app.000000000000.css")
	s.want(t, http.StatusNotFound, "/assets/..%2fapp.css")
}

// TestFirstPageSize: everything the first page needs, over the wire.
func TestFirstPageSize(t *testing.T) {
	t.Parallel()
	const limit = 100 << 10
	s := newSetup(t)
	w := s.want(t, http.StatusOK, "/", "Accept-Encoding", "gzip")
	if w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatal("the page is not packed")
	}
	total := w.Body.Len()
	for _, path := range parse(t, "/", s.want(t, http.StatusOK, "/").Body.String()).local() {
		if strings.HasPrefix(path, "/assets/") {
			total += s.want(t, http.StatusOK, path, "Accept-Encoding", "gzip").Body.Len()
		}
	}
	t.Logf("first page with assets: %d bytes", total)
	if total > limit {
		t.Errorf("%d bytes, want at most %d", total, limit)
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	if w := s.do(t, http.MethodHead, "/about", nil); w.Code != http.StatusOK {
		t.Errorf("HEAD /about: %d", w.Code)
	}
	head := string(s.opportunities[0].ID)
	for _, path := range []string{"/openapi.json", "/opportunities", "/opportunities/" + head, "/opportunities/" + head + "/matches", "/capabilities", "/dictionaries"} {
		got, want := s.do(t, http.MethodHead, api.Prefix+path, nil), s.do(t, http.MethodGet, api.Prefix+path, nil)
		if got.Code != http.StatusOK || got.Header().Get("Content-Type") != want.Header().Get("Content-Type") || got.Header().Get("ETag") != want.Header().Get("ETag") {
			t.Errorf("HEAD %s: %d %v, GET has %v", path, got.Code, got.Header(), want.Header())
		}
	}
	if w := s.do(t, http.MethodHead, api.Prefix+"/opportunities/none", nil); w.Code != http.StatusNotFound {
		t.Errorf("HEAD of what is not there: %d", w.Code)
	}
	if w := s.do(t, http.MethodPost, "/about", bytes.NewReader(nil)); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST /about: %d", w.Code)
	}
}
