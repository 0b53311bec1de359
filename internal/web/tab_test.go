package web_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"jinghe/internal/testkit"
)

// patience is how long a test at a browser may take: it ends what hangs, also on a
// machine that is ten times slower and builds beside.
const patience = 5 * time.Minute

// tab is a tab of a browser that a test drives by scripts.
type tab struct {
	t   *testing.T
	ctx context.Context //nolint:containedctx // it is the tab
}

func newTab(t *testing.T) *tab {
	t.Helper()
	ctx, cancel := context.WithTimeout(testkit.Chromium(t), patience)
	t.Cleanup(cancel)
	return &tab{t, ctx}
}

// eval returns what a script says, a text.
func (b *tab) eval(script string) string {
	b.t.Helper()
	said, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return said
}

// wait evaluates a script until it is true. Between two pages there is none to ask.
func (b *tab) wait(what, script string) {
	b.t.Helper()
	for {
		so, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+script+")"))
		if so && err == nil {
			return
		}
		select {
		case <-b.ctx.Done():
			b.t.Fatalf("%s: waited in vain for %s (%v)", what, script, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
