package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"jinghe/internal/scene"
)

// TestBrowserNews: an open page shows the new schedule by itself and says what changed
// since it was last seen, also after it was loaded anew, until somebody has seen it; what
// the delegate does himself, or the desk for him, is no news.
func TestBrowserNews(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	all := h.wished()
	h.before(2 * time.Hour)
	own, gone := all["甲公司"], all["丙公司"]
	server := httptest.NewServer(h.Handler())
	t.Cleanup(server.Close)
	tab := newTab(t)
	ctx, eval, wait := tab.ctx, tab.eval, tab.wait
	open := func() {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(360, 800), chromedp.Navigate(server.URL+"/e/"+own.Delegates[0].Code)); err != nil {
			t.Fatal(err)
		}
	}
	open()
	wait("three meetings", `document.querySelectorAll("#meetings ~ .appointment").length === 3`)
	wait("no news", `document.querySelector("[data-news]").hidden`)

	eval(`(document.dispatchEvent(new Event("input")), "")`) // somebody is at it
	if _, err := h.fairs.Enter(t.Context(), steward(), scene.FairEntry{FairID: h.fair.ID, Key: "at-the-desk", Kind: scene.EntryArrived, Party: own.ID, Delegate: own.Delegates[0].ID}); err != nil {
		t.Fatal(err)
	}
	late := time.Now().Add(7 * time.Second) // a page looks after five at most
	for time.Now().Before(late) {
		if eval(`String(document.querySelector("[data-follow]").hidden)`) != "true" {
			t.Fatal("his own check-in is told as a change of the schedule")
		}
		<-time.After(200 * time.Millisecond)
	}
	open()
	wait("checked in", `!document.querySelector("form[action$='/arrive']")`)
	if err := h.fairs.NoShow(t.Context(), steward(), h.fair.ID, gone.ID, nil, "absent-00001"); err != nil {
		t.Fatal(err)
	}
	h.do("/plan", "/plan", url.Values{"do": {"publish"}, "revision": {"1"}})
	wait("the new schedule", `document.querySelectorAll("#meetings ~ .appointment").length === 2`)
	wait("what changed", `!document.querySelector("[data-news]").hidden && document.querySelector("[data-news]").innerText.includes("Cancelled") && document.querySelector("[data-news]").innerText.includes("丙公司")`)
	open()
	wait("told again", `document.querySelector("[data-news] ul").innerText.includes("丙公司")`)
	wait("fits", `document.documentElement.scrollWidth <= 360`)
	eval(`(document.querySelector("[data-news] button").click(), "")`)
	wait("seen", `document.querySelector("[data-news]").hidden`)

	e := scene.FairEntry{FairID: h.fair.ID, Key: "came-after-all", Kind: scene.EntryArrived, Party: gone.ID, Delegate: gone.Delegates[0].ID}
	if _, err := h.fairs.Enter(t.Context(), steward(), e); err != nil {
		t.Fatal(err)
	}
	if err := h.fairs.PutBack(t.Context(), steward(), h.fair.ID, gone.ID); err != nil {
		t.Fatal(err)
	}
	h.do("/plan", "/plan", url.Values{"do": {"publish"}, "revision": {"1"}})
	wait("the new meeting", `document.querySelector("[data-news]").innerText.includes("New: ")`)
	wait("marked", `[...document.querySelectorAll("#meetings ~ .appointment")].filter(x => x.querySelector(".changed")).length === 1`)
	open()
	eval(`(document.querySelector("[data-news] button").click(), "")`)
	open()
	wait("seen for good", `document.querySelector("[data-news]").hidden && document.querySelectorAll("#meetings ~ .appointment").length === 3`)
}

// TestBrowserFirstPlan: who looked before anything was planned is told that the plan is
// published, and not of changes; the next version has its changes told.
func TestBrowserFirstPlan(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	link := "/e/" + h.parties()["甲公司"].Delegates[0].Code
	server := httptest.NewServer(h.Handler())
	t.Cleanup(server.Close)
	tab := newTab(t)
	if err := chromedp.Do(tab.ctx, chromedp.EmulateViewport(360, 800), chromedp.Navigate(server.URL+link)); err != nil {
		t.Fatal(err)
	}
	tab.wait("nothing yet", `document.querySelector("[data-news]").hidden && document.querySelector("[data-follow]").textContent.includes("something new")`)
	all := h.wished()
	h.before(2 * time.Hour)
	news := `document.querySelector("[data-news]")`
	tab.wait("the first plan", `!`+news+`.hidden && `+news+`.innerText.includes("is published") && `+news+`.querySelectorAll("li").length === 0`)
	if text := tab.eval(news + `.innerText + document.querySelectorAll(".changed").length`); strings.Contains(text, "changed") || !strings.HasSuffix(text, "0") {
		t.Errorf("the first plan is told as %q", text)
	}
	tab.eval(`(` + news + `.querySelector("button").click(), "")`)
	if err := h.fairs.NoShow(t.Context(), steward(), h.fair.ID, all["丙公司"].ID, nil, "absent-00001"); err != nil {
		t.Fatal(err)
	}
	h.sees(h.base+"/day", "有未发布的草案：3 场会谈将变动", "查看草案并发布")
	h.sees(h.base+"/plan", "起因：丙公司 不在场")
	h.do("/plan", "/plan", url.Values{"do": {"publish"}, "revision": {"1"}})
	tab.wait("the change", `!`+news+`.hidden && `+news+`.innerText.includes("changed since") && `+news+`.querySelectorAll("li").length === 1`)
	// Who has no meeting in it is not sent to look for one.
	h.do("/parties", "/parties", url.Values{"lines": {"丁公司,孙经理"}})
	if err := chromedp.Do(tab.ctx, chromedp.Navigate(server.URL+"/e/"+h.parties()["丁公司"].Delegates[0].Code)); err != nil {
		t.Fatal(err)
	}
	last := `localStorage[Object.keys(localStorage).find((k) => k.startsWith("jinghe-seen-") && k.endsWith(location.pathname))]`
	tab.wait("seen", last+`?.includes("meetings")`)
	tab.eval(`(` + last + ` = '{"plan":"","meetings":{}}', location.reload(), "")`)
	tab.wait("no meeting, and no news", news+`.hidden && !`+last+`.includes('"plan":""')`)
}

// TestBrowserNewestPage: a page that was asked for before a change and comes after it
// does not stay: neither in the place of a newer one, nor until the next change.
func TestBrowserNewestPage(t *testing.T) {
	t.Parallel()
	h := newHeld(t)
	own := h.wished()["甲公司"]
	delay := func(minutes int) {
		t.Helper()
		if _, err := h.fairs.Delay(t.Context(), steward(), h.fair.ID, minutes); err != nil {
			t.Fatal(err)
		}
	}
	pages, link := h.Handler(), "/e/"+own.Delegates[0].Code
	asked, come, again := make(chan struct{}), make(chan struct{}), make(chan struct{})
	first, second := sync.OnceFunc(func() { close(asked) }), sync.OnceFunc(func() { close(again) })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		made := httptest.NewRecorder()
		switch {
		case r.URL.Path == "/e/sw.js": // which would answer for a page that is late
			http.NotFound(w, r)
			return
		case r.URL.Path != link || r.Header.Get("Sec-Fetch-Dest") != "empty":
			pages.ServeHTTP(w, r)
			return
		}
		r.Header.Del("Accept-Encoding") // to be read here
		pages.ServeHTTP(made, r)
		if strings.Contains(made.Body.String(), "15 minutes late") {
			first()
			<-come
		} else {
			defer second()
		}
		for name, values := range made.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(made.Code)
		_, _ = w.Write(made.Body.Bytes()) // the browser may be gone
	}))
	t.Cleanup(server.Close)
	tab := newTab(t)
	if err := chromedp.Do(tab.ctx, chromedp.Navigate(server.URL+link)); err != nil {
		t.Fatal(err)
	}
	delay(15)
	select {
	case <-asked:
	case <-tab.ctx.Done():
		t.Fatal("nobody asks for the page that changed")
	}
	delay(40)
	select { // long enough for a page that does not wait for the first to ask once more
	case <-again:
	case <-time.After(8 * time.Second):
	}
	close(come)
	<-time.After(time.Second) // in which it would be shown
	tab.wait("the newest page", `document.body.innerText.includes("40 minutes late")`)
}
