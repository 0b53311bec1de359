package app_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"jinghe/internal/testkit"
)

// notPages answer GET with something else than a page of their own.
func notPages() []string {
	return strings.Fields(`
		/preferences /suggest /feed.atom /assets/:name /favicon.ico /robots.txt /healthz /readyz /metrics /files/:id /inbox/:id
		/opportunities/:id/card.png /capabilities/:id/card.png /embed/theme.css /embed.js /developers/exchange.schema.json
		/templates/opportunity.xlsx /templates/capability.xlsx /console/reviews /console/imports/:id/marked /console/exchange.json /console/exchange.xlsx
		/console/engagements.xlsx /console/entries.xlsx /console/brochure.docx /console/reviews.xlsx /console/organisations.xlsx /console/accounts.xlsx
		/console/record.xlsx /console/record.csv /console/batches.xlsx /console/showcases.xlsx /console/imports.xlsx
		/console/events/:id/links.csv /console/events/:id/report.xlsx /console/events/:id/report.docx
		/e/sw.js /e/:code/stream /e/:code/app.webmanifest /e/:code/calendar.ics /e/:code/code.png /wall/:code/stream /wall/:code/stage/stream`)
}

// TestAccessible has axe-core look at a page of every route, as somebody who may see
// it, light and dark, on a desk in Chinese and on a phone in English: it finds nothing,
// however slight. A page that is added has to be reached by a link, or be named.
func TestAccessible(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("it is the browser that works here")
	}
	axe := testkit.Axe(t)
	page := testkit.Chromium(t)
	a, pages := everyPage(t)
	for _, r := range a.Routes() {
		if r.Method == http.MethodGet && !strings.HasPrefix(r.Path, "/api/") && !slices.Contains(notPages(), r.Path) &&
			!slices.ContainsFunc(pages, func(e example) bool { return e.route == r.Path }) {
			t.Errorf("no page of %s was found", r.Path)
		}
	}
	var looks atomic.Int64
	jobs := make(chan example)
	var tabs sync.WaitGroup
	for range 2 {
		tab, cancel := chromedp.NewContext(page, chromedp.WithNewBrowserContext())
		defer cancel()
		if err := chromedp.Do(tab); err != nil { // ties the tab to this context
			t.Fatal(err)
		}
		tabs.Go(func() {
			for e := range jobs {
				for _, phone := range []bool{false, true} {
					looks.Add(2)
					for _, fault := range inspect(t, tab, a.URL(), axe, e, phone) {
						t.Errorf("%s as %q (phone: %v): %s", e.path, e.who, phone, fault)
					}
				}
			}
		})
	}
	for _, e := range pages {
		jobs <- e
	}
	close(jobs)
	tabs.Wait()
	t.Logf("%d looks at %d pages", looks.Load(), len(pages))
}

// inspect opens a page and returns what axe-core says of it.
func inspect(t *testing.T, tab context.Context, base, axe string, e example, phone bool) (faults []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab, time.Minute)
	defer cancel()
	lang, width := "zh", int64(1280)
	if phone {
		lang, width = "en", 360
	}
	run := func(err error) {
		if err != nil {
			t.Errorf("%s: %v", e.path, err)
		}
	}
	for name, value := range map[string]string{"jinghe_session": e.token, "jinghe_lang": lang} {
		_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: base})
		run(err)
	}
	dark := func(scheme string) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}
	run(dark("light"))
	run(chromedp.Do(ctx, chromedp.EmulateViewport(width, 740), chromedp.Navigate(strings.TrimSuffix(base, "/")+e.path)))
	const look = `(async () => {
		document.querySelectorAll("details").forEach(d => d.open = true);
		const r = await axe.run(document, {resultTypes: ["violations"], %s});
		return r.violations.map(v => v.impact + " " + v.id + ": " +
			v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " " + (n.failureSummary || "").slice(0, 240)).join(" | "));
	})()`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](axe+";true")); err != nil {
		run(err)
		return nil
	}
	said, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](fmt.Sprintf(look, ""), chromedp.EvalAwaitPromise))
	run(err)
	faults = append(faults, said...)
	run(dark("dark"))
	said, err = chromedp.Run(ctx, chromedp.Evaluate[[]string](fmt.Sprintf(look, `runOnly: ["color-contrast", "link-in-text-block"]`), chromedp.EvalAwaitPromise))
	run(err)
	for _, s := range said {
		faults = append(faults, "dark: "+s)
	}
	return faults
}
