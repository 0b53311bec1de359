package web_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"jinghe/internal/scene"
	"jinghe/internal/testkit"
)

// reach notes for each control of the page, in order, whether the tabulator has
// come to it with the focus to be seen; a group of radio buttons is one control.
const reach = `(() => {
	const seen = window.seen ||= new Map();
	const named = (e) => e.tagName + "#" + e.id + " " + (e.name || e.textContent || e.value).trim().slice(0, 20);
	const all = [...document.querySelectorAll("main a[href], main button, main input:not([type=hidden]), main select, main textarea, main summary")]
		.filter((e) => e.checkVisibility() && !e.disabled && !(e.type === "radio" && !e.checked));
	const at = document.activeElement, style = getComputedStyle(at);
	if (all.includes(at)) seen.set(at, style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
	if (all.some((e) => !seen.has(e))) return "more: " + all.filter((e) => !seen.has(e)).slice(0, 3).map(named).join("; ");
	return [...seen].filter(([e, shown]) => !shown).map(([e]) => named(e)).join("; ");
})()`

// TestBrowserKeyboard: on the heavy pages of the centre every control is reached by the
// tabulator, the focus is to be seen, and an entry is picked and passed on without a mouse.
func TestBrowserKeyboard(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pick := strings.Split(o.waiting("管网漏损定位", "水压调度")[0], "/")
	o.organisation("org-old", "某某科技", "")
	steward := o.as(scene.RoleSteward)
	server := httptest.NewServer(o.Handler())
	t.Cleanup(server.Close)
	page := testkit.Chromium(t)
	ctx, cancel := context.WithTimeout(page, patience)
	defer cancel()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ask := func(script string) string {
		t.Helper()
		said, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	must(chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(server.URL+"/about")))
	ask(`document.cookie = "jinghe_session=` + steward.cookies["jinghe_session"].Value + `; path=/"`)
	desk := "/console/reviews/" + pick[0] + "/" + pick[1]
	for _, path := range []string{
		"/console", desk, desk + "/edit", "/console/entries?kind=capability&sort=clarity", "/console/organisations",
		"/console/organisations/merge?keep=" + string(o.org) + "&drop=org-old", "/console/board/capability/" + pick[1],
	} {
		must(chromedp.Do(ctx, chromedp.Navigate(server.URL+path)))
		said := "more"
		for n := 0; n < 200 && strings.HasPrefix(said, "more"); n++ {
			must(chromedp.Do(ctx, chromedp.KeyEvent(kb.Tab)))
			said = ask(reach)
		}
		if said != "" {
			t.Errorf("%s: not reached, or the focus is not seen: %s", path, said)
		}
	}
	must(chromedp.Do(ctx, chromedp.Navigate(server.URL+"/console"), chromedp.KeyEvent("j"), chromedp.KeyEvent("x")))
	if said := ask(`String(document.querySelectorAll("[name=pick]:checked").length)`); said != "1" {
		t.Fatalf("%s entries are picked by keys", said)
	}
	must(chromedp.Do(ctx, chromedp.KeyEvent("a"), chromedp.WaitVisible(chromedp.CSS(".results-list li"))))
	if said := ask(`document.querySelector(".results-list").textContent`); !strings.Contains(said, "Formal review") {
		t.Errorf("the step by key says %s", said)
	}
}
