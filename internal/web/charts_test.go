package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"jinghe/internal/scene"
	"jinghe/internal/testkit"
	"jinghe/internal/web"
)

// drawn is the letters of the drawing of a kind, once it is there.
func drawn(ctx context.Context, t *testing.T, kind string) string {
	t.Helper()
	letters := chromedp.CSS(".drawing-" + kind + " svg text")
	if err := chromedp.Do(ctx, chromedp.ScrollIntoView(chromedp.CSS(".drawing-"+kind)), chromedp.WaitVisible(letters)); err != nil {
		t.Fatalf("%s is not drawn: %v", kind, err)
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`[...document.querySelectorAll(".drawing-`+kind+` svg text")].map(x => x.textContent).join("|")`))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestBrowserDrawings: the market, a match and a comparison are drawn on a desk and
// on a phone, in both looks, under the policy of the pages; a touch of a field leads to its list.
func TestBrowserDrawings(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	said := complaints(t, page)
	_, base := serving(t)
	ctx, cancel := context.WithTimeout(page, patience)
	defer cancel()
	for _, tt := range []struct {
		width       int64
		look        string
		field, axis string
	}{{1280, "lang=zh&theme=light", "智慧交通", "用词相符"}, {360, "lang=en&theme=dark&text=on", "Smart", "Words"}} {
		to := func(path string) {
			t.Helper()
			address := base + "/preferences?" + tt.look + "&back=" + strings.NewReplacer("?", "%3F", "&", "%26").Replace(path)
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(tt.width, 900), chromedp.Navigate(address)); err != nil {
				t.Fatal(err)
			}
		}
		to("/opportunities/OPP001/matches")
		if got := drawn(ctx, t, "radar"); !strings.Contains(got, tt.axis) {
			t.Errorf("%s: the radar says %q", tt.look, got)
		}
		ids, err := chromedp.Run(ctx, chromedp.Evaluate[string](`[...document.querySelectorAll(".match .pick input")].slice(0, 2).map(x => "&id=" + x.value).join("")`))
		if err != nil {
			t.Fatal(err)
		}
		to("/compare?kind=capability&for=OPP001" + ids)
		if got := drawn(ctx, t, "radars"); !strings.Contains(got, tt.axis) {
			t.Errorf("%s: the radars say %q", tt.look, got)
		}
		to("/")
		if got := drawn(ctx, t, "market"); !strings.Contains(got, tt.field) {
			t.Errorf("%s: the map says %q", tt.look, got)
		}
	}
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth`))
	if err != nil || wide > 360 {
		t.Errorf("%d px wide on a phone of 360 (%v)", wide, err)
	}
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(".drawing-market")), chromedp.WaitVisible(chromedp.CSS(".results .card"))); err != nil {
		t.Fatal(err)
	}
	where, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.search`))
	if err != nil || !strings.HasPrefix(where, "?field=") {
		t.Errorf("a touch of the map leads to %q (%v)", where, err)
	}
	for _, m := range said() {
		t.Errorf("console: %s", m)
	}
}

// TestCompareMatches sets matches of one listing side by side, with the parts of
// their scores; what asks and is not open says nothing.
func TestCompareMatches(t *testing.T) {
	t.Parallel()
	s := newSetup(t, func(_ *web.Config, c *city) {
		c.edit(func(o *scene.Opportunity) { o.State = scene.Draft })
	})
	matches := parse(t, "matches", s.want(t, http.StatusOK, "/opportunities/OPP001/matches").Body.String())
	var ids []string
	for _, n := range matches.all("input") {
		if attr(n, "name") == "id" {
			ids = append(ids, attr(n, "value"))
		}
	}
	if len(ids) < 2 {
		t.Fatalf("only %d matches can be picked", len(ids))
	}
	chosen := "&id=" + ids[0] + "&id=" + ids[1]
	axes := func(path string) (n int, p *page) {
		t.Helper()
		w := s.want(t, http.StatusOK, path)
		noSecret(t, path, w.Body.String())
		p = parse(t, path, w.Body.String())
		p.check("zh")
		for _, row := range p.all("tr") {
			if attr(row, "data-axis") != "" {
				n++
			}
		}
		return n, p
	}
	n, p := axes("/compare?kind=capability&for=OPP001" + chosen)
	if n < 3 || len(p.withClass("drawing")) != 1 || len(p.withClass("line-key")) != 2 {
		t.Errorf("%d parts, %d drawings, %d keys", n, len(p.withClass("drawing")), len(p.withClass("line-key")))
	}
	for _, a := range p.withClass("compare-drop") {
		if !strings.Contains(attr(a, "href"), "for=OPP001") {
			t.Errorf("%s forgets what the entries are matches of", attr(a, "href"))
		}
	}
	if n, p := axes("/compare?kind=opportunity&for=CAP001&id=OPP001"); n == 0 && len(p.withClass("unknown")) == 0 {
		t.Error("the other direction says nothing")
	}
	for _, asker := range []string{"OPP000", "none", "", "CAP001", strings.Repeat("x", 300)} {
		if n, p := axes("/compare?kind=capability&for=" + asker + chosen); n != 0 || len(p.withClass("drawing")) != 0 {
			t.Errorf("for=%.20s: %d parts", asker, n)
		}
	}
	s.unranked.Store(true)
	if n, p := axes("/compare?kind=capability&for=OPP001" + chosen); n != 0 || len(p.withClass("notice")) != 1 {
		t.Errorf("without rankings: %d parts, %d notices", n, len(p.withClass("notice")))
	}
}
