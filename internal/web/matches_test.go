package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"jinghe/internal/testkit"
)

// TestMatchesAreFolded: a page of matches tells all of the first match and the way
// to all of the others, which are there for who asks for them, or has no script.
func TestMatchesAreFolded(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	for _, tt := range []struct {
		path   string
		all    bool
		unfold string // where the other way of looking leads, its order kept
	}{
		{"/opportunities/OPP001/matches", false, "?open=1"},
		{"/opportunities/OPP001/matches?order=care&more=1", false, "?more=1&open=1&order=care"},
		{"/opportunities/OPP001/matches?order=care&open=1", true, "?order=care"},
		{"/opportunities/OPP001", false, ""},
	} {
		p := parse(t, tt.path, s.want(t, http.StatusOK, tt.path).Body.String())
		p.check("zh")
		open, folds := 0, 0
		for _, n := range p.all("details") {
			if !strings.Contains(attr(n, "class"), "match-more") {
				continue
			}
			folds++
			for _, a := range n.Attr {
				if a.Key == "open" {
					open++
				}
			}
		}
		want := 1
		if tt.all {
			want = folds
		}
		if folds < 2 || open != want {
			t.Errorf("%s: %d of %d matches open, want %d", tt.path, open, folds, want)
		}
		led := tt.unfold == ""
		for _, a := range p.all("a") {
			led = led || strings.HasSuffix(attr(a, "href"), "/matches"+tt.unfold)
		}
		if !led {
			t.Errorf("%s: nothing leads to %s", tt.path, tt.unfold)
		}
	}
}

// TestBrowserFoldedMatches: twenty matches are a page that a thumb gets through, and
// paper shows what is folded.
func TestBrowserFoldedMatches(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	_, base := serving(t)
	ctx, cancel := context.WithTimeout(page, patience)
	defer cancel()
	read := func(expression string) int {
		t.Helper()
		n, err := chromedp.Run(ctx, chromedp.Evaluate[int](expression))
		if err != nil {
			t.Fatalf("%s: %v", expression, err)
		}
		return n
	}
	to := func(path string) {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(360, 800), chromedp.Navigate(base+path)); err != nil {
			t.Fatal(err)
		}
	}
	const height, shown = `document.documentElement.scrollHeight`, `[...document.querySelectorAll(".match .parts")].filter(e => e.checkVisibility()).length`
	to("/opportunities/OPP001/matches?open=1")
	whole, all := read(height), read(shown)
	to("/opportunities/OPP001/matches")
	if folded, n := read(height), read(shown); n != 1 || all < 5 || 2*folded > whole {
		t.Errorf("folded %d px with %d matches in full, unfolded %d px with %d", folded, n, whole, all)
	}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	if n := read(shown); n != all {
		t.Errorf("paper shows %d of %d matches in full", n, all)
	}
}
