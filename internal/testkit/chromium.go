package testkit

import (
	"context"
	"errors"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// Chromium starts a headless browser with a profile of its own and returns the
// chromedp context of its first tab, ready for chromedp.Run and chromedp.Do.
// chromedp.NewContext on it opens further tabs of the same browser. Browser and
// profile go away with the test. The context has no deadline; derive one for
// each wait.
func Chromium(t testing.TB) context.Context {
	t.Helper()
	path, err := findChromium()
	if err != nil {
		missing(t, ToolChromium, err)
	}
	allocated, stop := chromedp.NewExecAllocator(context.Background(), chromiumOptions(path)...)
	t.Cleanup(stop)
	page, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	// The first run starts the browser and ties it to the context of that run.
	if err := chromedp.Do(page); err != nil {
		t.Fatalf("chromium: start %s: %v", path, err)
	}
	return page
}

// chromiumOptions are chromedp's own (headless, no first run, no background
// networking, no sync, a temporary profile) and what a container without GPU,
// sandbox and outside network needs.
func chromiumOptions(path string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-proxy-server", true), // pages under test are on this machine
		chromedp.Flag("lang", "zh-CN"),
	)
}

// findChromium returns the path of an installed Chromium or Chrome.
func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "headless-shell", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no chromium on PATH (Debian: apt-get install chromium fonts-noto-cjk)")
}
