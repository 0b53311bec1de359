package web_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"jinghe/internal/testkit"
)

// tab is a tab of a browser that a test drives by scripts, for three minutes at most.
type tab struct {
	t   *testing.T
	ctx context.Context //nolint:containedctx // it is the tab
}

func newTab(t *testing.T) *tab {
	t.Helper()
	ctx, cancel := context.WithTimeout(testkit.Chromium(t), 3*time.Minute)
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

// wait evaluates a script until it is true.
func (b *tab) wait(what, script string) {
	b.t.Helper()
	for b.eval("String(!!("+script+"))") != "true" {
		select {
		case <-b.ctx.Done():
			b.t.Fatalf("%s: waited in vain for %s", what, script)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
