package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
)

func newRequest(t testing.TB, path, from string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, path, nil)
	r.RemoteAddr = from
	return r
}

func serve(s *setup, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for _, path := range []string{"/", "/nowhere", "/api/v1/health", "/api/v1/nowhere", "/healthz"} {
		h := s.get(t, path).Header()
		policy := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: policy lacks %s", path, want)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: policy is loose: %s", path, policy)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
			"Strict-Transport-Security": "", "X-Xss-Protection": "",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if h.Get("X-Request-Id") == "" {
			t.Errorf("%s: no request id", path)
		}
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	tests := map[string]struct {
		sent string
		kept bool
	}{
		"Kept":   {"abc-12345678", true},
		"Short":  {"abc", false},
		"Break":  {"abcdefgh\nforged", false},
		"Markup": {"<b>abcdefgh</b>", false},
		"Long":   {strings.Repeat("a", 65), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := s.get(t, "/nowhere", "X-Request-Id", tt.sent, "Accept", "application/json")
			id := w.Header().Get("X-Request-Id")
			if (id == tt.sent) != tt.kept || id == "" {
				t.Errorf("got %q", id)
			}
			var p edge.Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.RequestID != id {
				t.Errorf("problem carries %q: %v", p.RequestID, err)
			}
		})
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	tests := map[string]struct {
		path, cookie, accept string
		want                 string
	}{
		"Default":         {"/about", "", "", "zh-CN"},
		"Asked":           {"/about?lang=en", "jinghe_lang=zh", "zh", "en"},
		"Cookie":          {"/about", "jinghe_lang=en", "zh-CN", "en"},
		"CookieForged":    {"/about", "jinghe_lang=fr", "en", "en"},
		"Accepted":        {"/about", "", "en-GB,en;q=0.9", "en"},
		"Weights":         {"/about", "", "en;q=0.3, zh-TW;q=0.8", "zh-CN"},
		"Refused":         {"/about", "", "en;q=0", "zh-CN"},
		"NeitherOfOurs":   {"/about", "", "fr-FR,de;q=0.9", "zh-CN"},
		"FirstOfEqual":    {"/about", "", "fr, en, zh", "en"},
		"BrokenWeight":    {"/about", "", "en;q=x, zh;q=0.1", "zh-CN"},
		"AskedButUnknown": {"/about?lang=fr", "", "en", "en"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := s.want(t, http.StatusOK, tt.path, "Cookie", tt.cookie, "Accept-Language", tt.accept)
			if got := attr(parse(t, tt.path, w.Body.String()).all("html")[0], "lang"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if w := s.get(t, "/about?lang=en"); !strings.Contains(w.Header().Get("Set-Cookie"), "jinghe_lang=en") {
		t.Error("the choice is not remembered")
	}
	if w := s.get(t, "/api/v1/health?lang=en"); w.Header().Get("Set-Cookie") != "" {
		t.Error("the API sets a cookie")
	}
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	tests := map[string]struct{ query, cookie, to string }{
		"Dark":        {"theme=dark&back=/about", "jinghe_theme=dark", "/about"},
		"Auto":        {"theme=auto&back=/about", "Max-Age=0", "/about"},
		"Large":       {"text=on&back=/search?q=x", "jinghe_text=large", "/search?q=x"},
		"Lang":        {"lang=en", "jinghe_lang=en", "/"},
		"Elsewhere":   {"lang=en&back=https://example.com", "jinghe_lang=en", "/"},
		"Protocol":    {"lang=en&back=//example.com", "jinghe_lang=en", "/"},
		"Backslash":   {`lang=en&back=/\example.com`, "jinghe_lang=en", "/"},
		"Unknown":     {"theme=pink", "", "/"},
		"HeaderBreak": {"theme=dark&back=/a%0d%0aSet-Cookie:x=y", "jinghe_theme=dark", "/"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := s.want(t, http.StatusSeeOther, "/preferences?"+tt.query)
			if got := w.Header().Get("Location"); got != tt.to {
				t.Errorf("goes to %q, want %q", got, tt.to)
			}
			cookie := w.Header().Get("Set-Cookie")
			if !strings.Contains(cookie, tt.cookie) || tt.cookie != "" && (!strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax")) {
				t.Errorf("cookie %q", cookie)
			}
		})
	}
	w := s.want(t, http.StatusOK, "/about", "Cookie", "jinghe_theme=dark; jinghe_text=large")
	if root := parse(t, "/about", w.Body.String()).all("html")[0]; attr(root, "data-theme") != "dark" || attr(root, "data-text") != "large" {
		t.Error("the choices are not followed")
	}
}

func TestProxies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		trusted    string
		from       string
		forwarded  string
		wantIP     string
		wantSecure bool
	}{
		"NobodyTrusted": {"", "10.0.0.9:1", "203.0.113.5", "10.0.0.9", false},
		"Trusted":       {"10.0.0.0/8", "10.0.0.9:1", "203.0.113.5", "203.0.113.5", true},
		"Stranger":      {"10.0.0.0/8", "192.0.2.1:1", "203.0.113.5", "192.0.2.1", false},
		"Chain":         {"10.0.0.0/8", "10.0.0.9:1", "6.6.6.6, 203.0.113.5, 10.0.0.8", "203.0.113.5", true},
		"CloudBalancer": {"100.64.0.0/10", "100.64.3.4:1", "203.0.113.5", "203.0.113.5", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSetup(t, func(c *web.Config, _ *city) {
				if tt.trusted != "" {
					c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix(tt.trusted)}
				}
			})
			r := newRequest(t, "/about", tt.from)
			r.Header.Set("X-Forwarded-For", tt.forwarded)
			r.Header.Set("X-Forwarded-Proto", "https")
			w := serve(s, r)
			if !strings.Contains(s.log.String(), `"ip":"`+tt.wantIP+`"`) {
				t.Errorf("logged: %s", s.log)
			}
			if got := w.Header().Get("Strict-Transport-Security") != ""; got != tt.wantSecure {
				t.Errorf("secure: %v, want %v", got, tt.wantSecure)
			}
		})
	}
}

func TestAccessLog(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	s.get(t, "/search?q=私密词", "X-Request-Id", "abcdef123456")
	var line map[string]any
	if err := json.Unmarshal([]byte(s.log.String()), &line); err != nil {
		t.Fatalf("%v in %s", err, s.log)
	}
	for name, want := range map[string]any{
		"msg": "request", "method": "GET", "path": "/search", "route": "/search", "status": 200.0, "ip": "192.0.2.7", "request_id": "abcdef123456",
	} {
		if line[name] != want {
			t.Errorf("%s is %v, want %v", name, line[name], want)
		}
	}
	if strings.Contains(s.log.String(), "私密词") {
		t.Error("what was searched for is in the log")
	}
}

// TestAccessLogHidesLinks: what opens something to whoever knows it is not in the
// log, whether or not it opens anything; where it was asked for is.
func TestAccessLogHidesLinks(t *testing.T) {
	t.Parallel()
	log := &journal{}
	o := newOffice(t, func(c *web.Config, _ *account.Config) { c.Log = slog.New(slog.NewJSONHandler(log, nil)) })
	const secret = "GEHEIM2345GEHEIM2345"
	for path, want := range map[string]string{
		"/e/": "/e/***", "/wall/": "/wall/***", "/invitations/": "/invitations/***", "/sign-up/mail/": "/sign-up/mail/***", "/sign-in/reset/": "/sign-in/reset/***",
	} {
		for _, end := range []string{"", "/stream", "/nothing"} {
			o.Handler().ServeHTTP(httptest.NewRecorder(), newRequest(t, path+secret+end, "192.0.2.7:1"))
			if !strings.Contains(log.String(), `"path":"`+want+end+`"`) {
				t.Errorf("%s is not logged as %s", path+secret+end, want+end)
			}
		}
	}
	if strings.Contains(log.String(), secret) {
		t.Errorf("a link is in the log: %s", log.String())
	}
}

// slow is a matcher that waits for the end of its context, or panics.
type slow struct{ panics bool }

func (m slow) OffersFor(ctx context.Context, _ scene.ID, _ backend.Matching) (match.Ranking, error) {
	if m.panics {
		panic("boom /var/secret")
	}
	<-ctx.Done()
	return match.Ranking{}, ctx.Err()
}

func (m slow) NeedsFor(ctx context.Context, id scene.ID, q backend.Matching) (match.Ranking, error) {
	return m.OffersFor(ctx, id, q)
}

func (m slow) ForDraft(ctx context.Context, _ backend.Draft, q backend.Matching) (match.Ranking, error) {
	return m.OffersFor(ctx, "", q)
}

func newWith(t *testing.T, matcher backend.Matcher, timeout time.Duration) *setup {
	t.Helper()
	s := newSetup(t)
	services := s.services()
	services.Matcher = matcher
	config := s.config(timeout)
	var err error
	if s.Server, err = web.New(config, services); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDeadlineAndPanic(t *testing.T) {
	t.Parallel()
	t.Run("APIDeadline", func(t *testing.T) {
		t.Parallel()
		w := newWith(t, slow{}, 20*time.Millisecond).want(t, http.StatusServiceUnavailable, "/api/v1/opportunities/OPP000/matches")
		if !strings.Contains(w.Body.String(), "处理超时") {
			t.Error(w.Body)
		}
	})
	t.Run("PageDeadline", func(t *testing.T) {
		t.Parallel()
		w := newWith(t, slow{}, 20*time.Millisecond).get(t, "/opportunities/OPP000/matches")
		if w.Code != http.StatusServiceUnavailable && !strings.Contains(w.Body.String(), "匹配服务暂时不可用") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
	t.Run("Panic", func(t *testing.T) {
		t.Parallel()
		s := newWith(t, slow{panics: true}, time.Minute)
		for _, path := range []string{"/opportunities/OPP000", "/api/v1/opportunities/OPP000/matches"} {
			noSecret(t, path, s.want(t, http.StatusInternalServerError, path).Body.String())
		}
		if !strings.Contains(s.log.String(), "boom") {
			t.Error("the panic is not in the log")
		}
	})
}

func TestFailures(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	tests := map[string]struct {
		method, path, accept string
		body                 int
		status               int
		code                 string // "" expects a page
	}{
		"PageNotFound":   {"GET", "/nowhere", "text/html", 0, 404, ""},
		"EntryNotFound":  {"GET", "/opportunities/NONE", "text/html", 0, 404, ""},
		"JSONNotFound":   {"GET", "/nowhere", "application/json", 0, 404, "not_found"},
		"APINotFound":    {"GET", "/api/v1/nowhere", "text/html", 0, 404, "not_found"},
		"APIEntry":       {"GET", "/api/v1/capabilities/NONE", "", 0, 404, "not_found"},
		"APIMethod":      {"DELETE", "/api/v1/capabilities", "", 0, 405, "invalid"},
		"PageMethod":     {"DELETE", "/about", "text/html", 0, 405, ""},
		"TooLarge":       {"POST", "/api/v1/search", "", 2 << 20, 413, "too_large"},
		"BadLimit":       {"GET", "/api/v1/opportunities?limit=0", "", 0, 422, "invalid"},
		"BadNumber":      {"GET", "/api/v1/opportunities?limit=x", "", 0, 422, "invalid"},
		"BadEnum":        {"GET", "/api/v1/search?kind=person", "", 0, 422, "invalid"},
		"BadCursor":      {"GET", "/api/v1/search?cursor=!!!", "", 0, 422, "invalid"},
		"ForgedCursor":   {"GET", "/api/v1/search?cursor=b2Zmc2V0Oi01", "", 0, 422, "invalid"},
		"BadStoreCursor": {"GET", "/api/v1/opportunities?cursor=zzz", "", 0, 422, "invalid"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := s.do(t, tt.method, tt.path, bytes.NewReader(make([]byte, tt.body)), "Accept", tt.accept)
			if w.Code != tt.status {
				t.Fatalf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			if tt.code == "" {
				p := parse(t, tt.path, w.Body.String())
				p.check(locale.Zh)
				if !strings.Contains(text(p.root), w.Header().Get("X-Request-Id")) {
					t.Error("the page does not name the request")
				}
				return
			}
			checkProblem(t, w, tt.code)
		})
	}
}

func checkProblem(t *testing.T, w *httptest.ResponseRecorder, code string) {
	t.Helper()
	if ct := w.Header().Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("content type %q", ct)
	}
	var p edge.Problem
	d := json.NewDecoder(w.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		t.Fatal(err)
	}
	if p.Code != code || p.Status != w.Code || p.RequestID == "" || p.Detail == "" || p.Type != "urn:jinghe:problem:"+code {
		t.Errorf("problem %+v", p)
	}
}

// TestBroken: what goes wrong inside is told in the log only.
func TestBroken(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	s.broken.Store(true)
	for _, path := range []string{"/", "/opportunities", "/capabilities/CAP001", "/organisations/ORG001", "/api/v1/opportunities", "/api/v1/organisations/ORG001"} {
		noSecret(t, path, s.want(t, http.StatusInternalServerError, path).Body.String())
	}
	if !strings.Contains(s.log.String(), "/var/secret/path") {
		t.Error("the cause is not in the log")
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	bad := errors.New("password=hunter2 refused")
	probe := func(err error) func(context.Context) error { return func(context.Context) error { return err } }
	tests := map[string]struct {
		probes []backend.Probe
		status int
		body   string
	}{
		"NoProbes": {nil, 200, `"status":"ok"`},
		"AllWell":  {[]backend.Probe{{Name: "store", Check: probe(nil)}}, 200, `"store":"ok"`},
		"Optional": {[]backend.Probe{{Name: "store", Check: probe(nil)}, {Name: "search", Check: probe(bad), Optional: true}}, 200, `"status":"degraded"`},
		"Required": {[]backend.Probe{{Name: "store", Check: probe(bad)}, {Name: "search", Check: probe(nil), Optional: true}}, 503, `"status":"away"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSetup(t)
			services := s.services()
			services.Probes = tt.probes
			var err error
			if s.Server, err = web.New(s.config(time.Minute), services); err != nil {
				t.Fatal(err)
			}
			w := s.want(t, tt.status, "/readyz")
			if !strings.Contains(w.Body.String(), tt.body) || strings.Contains(w.Body.String(), "hunter2") {
				t.Error(w.Body)
			}
			s.want(t, http.StatusOK, "/healthz")
		})
	}
}
