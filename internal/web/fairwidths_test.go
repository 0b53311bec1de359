package web_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"jinghe/internal/testkit"
)

// TestBrowserFairWidths opens the pages of an event, those of the centre and
// those of who comes, on a desk and on a phone: nothing runs out of the window.
func TestBrowserFairWidths(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	parties := h.wished()
	server := httptest.NewServer(h.Handler())
	t.Cleanup(server.Close) // after the browser, whose display keeps a stream open
	page := testkit.Chromium(t)
	said := complaints(t, page)
	ctx, cancel := context.WithTimeout(page, patience)
	defer cancel()
	sign := `document.cookie = "jinghe_session=` + h.cookies["jinghe_session"].Value + `; path=/"`
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/about")); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[string](sign)); err != nil {
		t.Fatal(err)
	}
	party := parties["甲公司"]
	for _, width := range []int64{320, 1280} {
		for _, path := range []string{
			h.base, h.base + "/parties", h.base + "/parties/" + string(party.ID), h.base + "/plan", h.base + "/day", h.base + "/stage", h.base + "/report",
			"/e/" + party.Delegates[0].Code, "/wall/" + h.fair.Wall, "/wall/" + h.fair.Wall + "/stage",
		} {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), chromedp.Navigate(server.URL+path)); err != nil {
				t.Fatal(err)
			}
			wide, err := chromedp.Run(ctx, chromedp.Evaluate[string](overflow))
			if err != nil {
				t.Fatal(err)
			}
			if wide != "" {
				t.Errorf("%s at %d runs out of the window: %s", path, width, wide)
			}
			text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(text, "水务对接会") {
				t.Errorf("%s is not a page of the event: %.200s", path, text)
			}
		}
	}
	for _, m := range said() {
		t.Errorf("console: %s", m)
	}
}
