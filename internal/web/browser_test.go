package web_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"jinghe/internal/testkit"
)

// serving starts s on a free port for the time of the test.
func serving(t *testing.T) (*setup, string) {
	t.Helper()
	s := newSetup(t)
	run(t, s)
	return s, "http://" + s.Addr()
}

// run starts s for the time of the test.
func run(t *testing.T, s *setup) {
	t.Helper()
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// A connection that a browser opened ahead and did not use holds a shutdown for 5 s.
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Error(err)
		}
	})
}

// complaints collects what the browser says on its console, refusals of the
// content security policy among it.
func complaints(t *testing.T, page context.Context) func() []string {
	t.Helper()
	var mu sync.Mutex
	var said []string
	go func() { // ends with the browser
		for m, err := range chromedp.Console(page) {
			if err != nil {
				return
			}
			if m.Type == "error" || m.Type == "warning" || m.Type == chromedp.ConsoleException {
				mu.Lock()
				said = append(said, m.Text)
				mu.Unlock()
			}
		}
	}()
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return said
	}
}

// overflow names what runs out of the window.
const overflow = `Array.from(document.querySelectorAll("body *")).filter(e => {
	const r = e.getBoundingClientRect();
	return r.width > 0 && r.right > innerWidth + 1 && !e.closest(".scroll, pre, svg, .hide");
}).map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right)).slice(0, 5).join("; ")`

// TestBrowserWidths opens the main pages on a desk and on a phone, in both
// languages and in large text: nothing runs out of the window, and the browser
// has nothing to complain of.
func TestBrowserWidths(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	said := complaints(t, page)
	_, base := serving(t)
	ctx, cancel := context.WithTimeout(page, patience)
	defer cancel()
	for _, width := range []int64{320, 390, 1280} {
		for _, look := range []string{"lang=zh", "lang=en", "lang=en&text=on"} {
			for _, path := range []string{
				"/", "/opportunities?q=路", "/opportunities/OPP000", "/opportunities/OPP000/matches",
				"/capabilities/CAP000", "/organisations/ORG000", "/about", "/developers", "/developers/widget", "/embed?limit=3&search=yes", "/nowhere",
			} {
				if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), chromedp.Navigate(base+"/preferences?"+look+"&back="+path)); err != nil {
					t.Fatal(err)
				}
				wide, err := chromedp.Run(ctx, chromedp.Evaluate[string](overflow))
				if err != nil {
					t.Fatal(err)
				}
				if wide != "" {
					t.Errorf("%s at %d (%s) runs out of the window: %s", path, width, look, wide)
				}
			}
			if err := chromedp.Do(ctx, chromedp.Navigate(base+"/preferences?text=off")); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, m := range said() {
		if !strings.Contains(m, "404") { // the page that is meant not to be there
			t.Errorf("console: %s", m)
		}
	}
}

// TestBrowserHeadOnPhone: on a phone the head of a page is two rows, with what a
// signed-in reader has more too, and the menu opens without a script.
func TestBrowserHeadOnPhone(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	_, base := serving(t)
	ctx, cancel := context.WithTimeout(page, patience)
	defer cancel()
	for _, lang := range []string{"zh", "en"} {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(360, 740), chromedp.Navigate(base+"/preferences?lang="+lang+"&back=/opportunities/OPP000")); err != nil {
			t.Fatal(err)
		}
		said, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(() => {
			const prefs = document.querySelector(".top .prefs"), who = document.createElement("a"), mail = prefs.lastElementChild.cloneNode(true);
			who.textContent = "administrator";
			who.href = "/account";
			who.className = "who";
			prefs.append(mail, who);
			const top = document.querySelector(".top"), menu = top.querySelector(".menu"), link = menu.querySelector("a");
			const folded = top.offsetHeight, hidden = !link.checkVisibility();
			menu.querySelector("summary").click();
			return [folded <= 116, hidden, link.checkVisibility(), top.offsetHeight === folded, document.documentElement.scrollWidth <= innerWidth].join() + " " + folded;
		})()`))
		if err != nil || !strings.HasPrefix(said, "true,true,true,true,true ") {
			t.Errorf("%s: low, folded, opened, as high when open, nothing beside the window: %s, %v", lang, said, err)
		}
	}
}

// TestBrowserHeadOfSignedIn adds to the head what a signed-in reader has more, in
// the longer language: at 1280 px it still is one line.
func TestBrowserHeadOfSignedIn(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	_, base := serving(t)
	ctx, cancel := context.WithTimeout(page, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(base+"/preferences?lang=en&back=/opportunities/OPP000")); err != nil {
		t.Fatal(err)
	}
	lines, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(() => {
		const box = s => document.querySelector(".top " + s).getBoundingClientRect();
		const room = document.querySelector(".top .main-nav a").cloneNode();
		room.textContent = "Workspace";
		document.querySelector(".top .main-nav a").parentNode.append(room);
		const who = document.createElement("a");
		who.textContent = "administrator";
		who.href = "/account";
		document.querySelector(".top .prefs").append(who);
		const brand = box(".brand"), find = box(".find"), prefs = box(".prefs");
		return find.top < brand.bottom && prefs.top < brand.bottom ? "one" : JSON.stringify([brand, find, prefs]);
	})()`))
	if err != nil {
		t.Fatal(err)
	}
	if lines != "one" {
		t.Errorf("the head of the page breaks: brand, search, preferences at %s", lines)
	}
}

// TestBrowserSuggest completes a search by keyboard alone: also where what was typed
// last is answered after a choice was made, as on a slow network.
func TestBrowserSuggest(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	s, base := serving(t)
	ctx, cancel := context.WithTimeout(page, patience)
	defer cancel()
	name := s.opportunities[0].Name
	typed := []rune(name)
	script := func(text string) string {
		t.Helper()
		said, err := chromedp.Run(ctx, chromedp.Evaluate[string](text, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return said
	}
	if err := chromedp.Do(
		ctx,
		chromedp.Navigate(base+"/"),
		chromedp.SendKeys(chromedp.CSS("#q"), string(typed[:2])),
		chromedp.WaitVisible(chromedp.CSS(".options li")),
	); err != nil {
		t.Fatal(err)
	}
	script(`window.asked = new Promise((on) => {
		const real = window.fetch, gate = new Promise((open) => { window.answer = open; });
		window.fetch = (...x) => { on(); return gate.then(() => real(...x)); };
	}), ""`)
	if err := chromedp.Do(ctx, chromedp.SendKeys(chromedp.CSS("#q"), string(typed[2:3]))); err != nil {
		t.Fatal(err)
	}
	script(`window.asked.then(() => "")`)
	if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.ArrowDown)); err != nil {
		t.Fatal(err)
	}
	script(`window.answer(), new Promise((done) => setTimeout(done, 1000, ""))`) // in which it would be shown
	const state = `(() => {
		const box = document.querySelector("#q"), at = document.getElementById(box.getAttribute("aria-activedescendant"));
		return [box.getAttribute("aria-expanded"), at && at.getAttribute("aria-selected"), at && at.dataset.text].join("|");
	})()`
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](state))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("true|true|%s", name); got != want {
		t.Errorf("after an arrow: %q, want %q", got, want)
	}
	if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(".results .card"))); err != nil {
		t.Fatal(err)
	}
	where, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("#q").value`))
	if err != nil {
		t.Fatal(err)
	}
	if where != name {
		t.Errorf("searched for %q", where)
	}
}
