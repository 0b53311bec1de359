package web_test

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/testkit"
	"jinghe/internal/web"
)

const portalOrigin = "https://portal.example.cn"

// TestEmbedHeaders: only the sites that the installation names may show a widget,
// nothing else may be framed, and a widget knows and keeps nobody.
func TestEmbedHeaders(t *testing.T) {
	t.Parallel()
	alone := newSetup(t)
	o := newOffice(t, func(c *web.Config, _ *account.Config) { c.EmbedOrigins = []string{portalOrigin} })
	signed := o.as(scene.RoleProvider)
	ancestors := func(h http.Header) string {
		_, rest, _ := strings.Cut(h.Get("Content-Security-Policy"), "frame-ancestors ")
		who, _, _ := strings.Cut(rest, ";")
		return who
	}
	if got := ancestors(alone.get(t, "/embed").Header()); got != "'self'" {
		t.Errorf("where no site is named: %q", got)
	}
	w := signed.get("/embed?lang=en&theme=dark&size=large")
	if got := ancestors(w.Header()); got != "'self' "+portalOrigin || w.Header().Get("X-Frame-Options") != "" {
		t.Errorf("ancestors %q, X-Frame-Options %q", got, w.Header().Get("X-Frame-Options"))
	}
	if len(w.Result().Cookies()) != 0 || strings.Contains(w.Body.String(), "某人") || strings.Contains(w.Header().Get("Cache-Control"), "no-store") {
		t.Errorf("it knows who looks, or keeps something: %v", w.Result().Cookies())
	}
	for _, path := range []string{"/", "/opportunities", "/sign-in", "/developers/widget", "/api/v1/opportunities"} {
		if h := signed.get(path).Header(); ancestors(h) != "'none'" || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s may be framed: %q", path, ancestors(h))
		}
	}
	script := signed.get("/embed.js")
	if h := script.Header(); h.Get("Cross-Origin-Resource-Policy") != "cross-origin" || !strings.HasPrefix(h.Get("Content-Type"), "text/javascript") || script.Body.Len() > 3<<10 {
		t.Errorf("the script: %v, %d bytes", h, script.Body.Len())
	}
}

// TestEmbedShows: what the address asks for is shown, and no contact.
func TestEmbedShows(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for name, tt := range map[string]struct {
		query          string
		status         int
		cards, matches int
	}{
		"Default":      {"", http.StatusOK, 5, 0},
		"Capabilities": {"show=capabilities&limit=3", http.StatusOK, 3, 0},
		"TooMany":      {"limit=999", http.StatusOK, 20, 0},
		"NoNumber":     {"limit=-4", http.StatusOK, 5, 0},
		"Nothing":      {"q=绝无此词", http.StatusOK, 0, 0},
		"Matches":      {"show=matches&opportunity=OPP000&limit=4", http.StatusOK, 0, 4},
		"Reverse":      {"show=matches&capability=CAP000&limit=2", http.StatusOK, 0, 2},
		"Gone":         {"show=matches&opportunity=none", http.StatusNotFound, 0, 0},
		"NoEntry":      {"show=matches", http.StatusNotFound, 0, 0},
		"Odd":          {"accent=%22%3E%3Cscript%3E&theme=x&size=%00&q=%ff", http.StatusOK, 0, 0},
	} {
		path := "/embed?" + tt.query
		w := s.get(t, path)
		p := parse(t, path, w.Body.String())
		if w.Code != tt.status || len(p.withClass("card")) != tt.cards && name != "Odd" || len(p.withClass("embed-name")) != tt.matches {
			t.Errorf("%s: %d, %d cards, %d matches", name, w.Code, len(p.withClass("card")), len(p.withClass("embed-name")))
		}
		if strings.Contains(w.Body.String(), "<script>") || strings.Contains(w.Body.String(), " style=") {
			t.Errorf("%s: something inline", name)
		}
		noSecret(t, path, w.Body.String())
	}
	s.away.Store(true)
	if n := len(parse(t, "away", s.want(t, http.StatusOK, "/embed?limit=2").Body.String()).withClass("card")); n != 2 {
		t.Errorf("%d cards while the index is away", n)
	}
	s.want(t, http.StatusUnprocessableEntity, "/embed/theme.css?accent=red")
	if css := s.want(t, http.StatusOK, "/embed/theme.css?accent=%23D97706").Body.String(); strings.ContainsAny(css, "<>") || !strings.Contains(css, "--link:#") {
		t.Errorf("the colour: %s", css)
	}
}

// printedTags are the tags that the page about widgets tells its readers to copy.
func printedTags(t *testing.T, page string) (tags [3]string) {
	t.Helper()
	n := 0
	for part := range strings.SplitSeq(page, "<code>") {
		if tag, _, _ := strings.Cut(part, "</code>"); strings.HasPrefix(tag, "&lt;script") && n < len(tags) {
			tags[n] = html.UnescapeString(tag)
			n++
		}
	}
	if n != len(tags) {
		t.Errorf("%d tags: %v", n, tags)
	}
	return tags
}

// TestWidgetTagIsAlive: the tag names the site as the reader's browser found it, or
// as the installation says.
func TestWidgetTagIsAlive(t *testing.T) {
	t.Parallel()
	for public, want := range map[string]string{"": "http://10.1.2.3:8951", "https://a.example.cn": "https://a.example.cn"} {
		s := newSetup(t, func(c *web.Config, _ *city) { c.PublicURL = public })
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://10.1.2.3:8951/developers/widget", http.NoBody)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		for _, tag := range printedTags(t, w.Body.String()) {
			if !strings.Contains(tag, ` src="`+want+`/embed.js" `) {
				t.Errorf("public address %q: %s", public, tag)
			}
		}
	}
}

// portalPage is a page of another site with widgets in it, the first put there by
// the tag that the page about widgets prints.
func portalPage(t *testing.T, base string) string {
	t.Helper()
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ask, err := http.NewRequestWithContext(r.Context(), http.MethodGet, base+"/developers/widget", http.NoBody)
		if err != nil {
			t.Error(err)
			return
		}
		answer, err := http.DefaultClient.Do(ask)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = answer.Body.Close() }()
		about, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Error(err)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src "+base+"; frame-src "+base)
		fmt.Fprintf(w, `<!DOCTYPE html><title>门户</title><p>企业服务</p>
%[2]s
<script async src="%[1]s/embed.js" data-show="matches" data-opportunity="OPP000" data-limit="3" data-title="匹配"></script>`, base, printedTags(t, string(about))[1])
	}))
	t.Cleanup(host.Close)
	return strings.Replace(host.URL, "127.0.0.1", "localhost", 1) // another site, not only another origin
}

// TestBrowserEmbed puts two widgets into a page of another site: they come, fit
// their height, look as asked, and neither side sees into the other; in a page of
// a site that is not named they do not come.
func TestBrowserEmbed(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	address := testkit.Address(t)
	base := "http://" + address
	origin := portalPage(t, base)
	run(t, newSetup(t, func(c *web.Config, _ *city) { c.Addr, c.EmbedOrigins = address, []string{origin} }))
	ctx, cancel := context.WithTimeout(page, patience)
	defer cancel()
	strange := portalPage(t, base)
	said := complaints(t, page)
	if err := chromedp.Do(ctx, chromedp.Navigate(strange)); err != nil {
		t.Fatal(err)
	}
	refusal := func() bool {
		return strings.Contains(strings.Join(said(), " "), "frame-ancestors")
	}
	for !refusal() {
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[int](`new Promise(r => setTimeout(() => r(1), 50))`, chromedp.EvalAwaitPromise)); err != nil {
			t.Fatal(err)
		}
	}
	heights, err := chromedp.Run(ctx, chromedp.Evaluate[string](`[...document.querySelectorAll("iframe")].map(f => f.style.height).join()`))
	if err != nil || !refusal() || heights != "320px,320px" {
		t.Errorf("a site that is not named: heights %s, %v; the browser said %v", heights, err, said())
	}

	const settled = `(() => {
		const frames = [...document.querySelectorAll("iframe.jinghe-widget")];
		return frames.length === 2 && frames.every(f => f.style.height !== "320px") && frames.map(f => f.title).join("|");
	})()`
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 1200), chromedp.Navigate(origin)); err != nil {
		t.Fatal(err)
	}
	if titles, err := chromedp.Run(ctx, chromedp.Poll[string](settled, chromedp.WithPollingTimeout(0))); err != nil || titles != "城市场景清单|匹配" {
		t.Fatalf("%q, %v", titles, err)
	}
	seen, err := chromedp.Run(ctx, chromedp.Evaluate[string](`[...document.querySelectorAll("iframe")].map(f => f.contentDocument === null).join()`))
	if err != nil || seen != "true,true" {
		t.Errorf("the page sees into the widget: %s, %v", seen, err)
	}
	inside(t, ctx, base)
}

// inside looks at the widgets from within: they run as documents of their own
// site, without cookies, as wide as the frame.
func inside(t *testing.T, ctx context.Context, base string) {
	t.Helper()
	targets, err := chromedp.Targets(ctx)
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, target := range targets {
		if !strings.HasPrefix(target.URL, base+"/embed?") {
			continue
		}
		frame, cancel := chromedp.NewContext(ctx, chromedp.WithTargetID(target.TargetID))
		t.Cleanup(cancel) // it closes what it looked at
		got, err := chromedp.Run(frame, chromedp.Evaluate[string](`[document.querySelectorAll(".card, .embed-name").length, document.documentElement.dataset.theme,
			document.cookie, (() => { `+"return "+overflow+`})(), document.querySelectorAll('base[target="_blank"]').length].join("|")`))
		want := "2|dark||"
		if strings.Contains(target.URL, "show=matches") {
			want = "3|auto||"
		}
		if looked++; err != nil || got != want+"|1" {
			t.Errorf("%s: %q, %v, want %q", target.URL, got, err, want)
		}
	}
	if looked != 2 {
		t.Errorf("%d widgets as targets of their own, want 2", looked)
	}
}
