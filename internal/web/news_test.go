package web_test

import (
	"net/http/httptest"
	"net/url"
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
