package img_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"jinghe/internal/testkit"
)

var update = flag.Bool("update", false, "write the pictures")

const (
	startLimit = 90 * time.Second // a machine that builds at the same time is slow
	pageLimit  = 30 * time.Second
)

func TestScreenshots(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	city := demo(t)
	messages := chromedp.Console(page)

	open(t, page, city+"/opportunities")
	path := read[string](t, page, `document.querySelector('main a[href^="/opportunities/"]').getAttribute("href")`)
	for _, lang := range []string{"zh", "en"} {
		address := city + path + "?lang=" + lang
		resize(t, page, 390, 844)
		open(t, page, address)
		if wide := read[int](t, page, `document.documentElement.scrollWidth`); wide > 390 {
			t.Errorf("%s is %d pixels wide on a phone of 390", address, wide)
		}
		resize(t, page, 1280, 960)
		open(t, page, address)
		if n := read[int](t, page, `new Set([...document.querySelectorAll('main a[href^="/capabilities/"]')].map(a => a.pathname)).size`); n < 3 {
			t.Errorf("%s links to %d capabilities, want a list of matches", address, n)
		}
		if *update {
			open(t, page, city+path+"/matches?lang="+lang)
			picture, err := chromedp.Run(page, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile("opportunity-"+lang+".png", picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}

	const last = "all pages seen"
	read[bool](t, page, fmt.Sprintf("console.log(%q), true", last))
	for message, err := range messages {
		if err != nil {
			t.Fatal(err)
		}
		if message.Text == last {
			break
		}
		t.Errorf("console: %v", message)
	}
}

// open shows the address in the tab.
func open(t *testing.T, page context.Context, address string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(page, pageLimit)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatalf("open %s: %v", address, err)
	}
}

// read evaluates an expression on the page.
func read[T any](t *testing.T, page context.Context, expression string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(page, pageLimit)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("evaluate %s: %v", expression, err)
	}
	return value
}

func resize(t *testing.T, page context.Context, width, height int64) {
	t.Helper()
	if err := chromedp.Do(page, chromedp.EmulateViewport(width, height)); err != nil {
		t.Fatal(err)
	}
}

// demo builds the program, runs its demo until the test ends and returns its address.
func demo(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "jinghe")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "jinghe/cmd/jinghe")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	run := exec.CommandContext(ctx, program, "demo", "--addr", address, "--data", t.TempDir())
	said := &herald{word: address, heard: make(chan struct{}), next: t.Output()}
	run.Stdout, run.Stderr = t.Output(), said
	run.Cancel = func() error { return run.Process.Signal(syscall.SIGTERM) }
	run.WaitDelay = 30 * time.Second
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := run.Wait(); run.ProcessState.ExitCode() != 0 {
			t.Errorf("demo ended with %v (%v), want exit code 0 after SIGTERM", run.ProcessState, err)
		}
	})
	select { // the address is printed when the city is in
	case <-said.heard:
	case <-time.After(startLimit):
		t.Fatalf("no address printed within %v", startLimit)
	}
	await(t, "http://"+address+"/readyz")
	return "http://" + address
}

// herald passes on what is written to it and closes heard when a write holds the word.
type herald struct {
	word  string
	heard chan struct{}
	once  sync.Once
	next  io.Writer
}

// Write implements io.Writer.
func (h *herald) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(h.word)) {
		h.once.Do(func() { close(h.heard) })
	}
	return h.next.Write(p)
}

// await asks the address until it answers 200.
func await(t *testing.T, address string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startLimit)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			if err := response.Body.Close(); err != nil {
				t.Error(err)
			}
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s: not ready within %v: %v", address, startLimit, err)
		}
	}
}
