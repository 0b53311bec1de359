package img_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"jinghe/internal/testkit"
)

var update = flag.Bool("update", false, "write the pictures")

const (
	// They end what hangs, also on a machine that is ten times slower and builds beside.
	startLimit = 5 * time.Minute
	pageLimit  = 3 * time.Minute
	stillTime  = 600 * time.Millisecond // in which nothing moves that has come to rest
)

// scene is a page of which the documents have a picture, in both languages.
type scene struct {
	name          string
	role          string   // whose throw-away account looks, "" for a visitor
	path          string   // where to begin
	follow        []string // links to follow from there, each the first that the selector finds
	width, height int64
}

// scenes are the pages that people see first: a visitor, an organiser, and an
// enterprise on a phone.
func scenes() []scene {
	return []scene{
		{"home", "", "/", nil, 1280, 960},
		{"opportunity", "", "/opportunities", []string{`main a[href^="/opportunities/"]`, `main a[href*="/matches"]`}, 1280, 960},
		{"plan", "organiser", "/console/events", []string{`main tr:last-child a[href^="/console/events/"]`, `main a[href$="/plan"]`}, 1280, 960},
		{"phone", "provider", "/workspace/matches", nil, 390, 844},
	}
}

func TestScreenshots(t *testing.T) {
	t.Parallel()
	city := demo(t)
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) { city.show(t, &s) }) //nolint:paralleltest // the machine is small
	}
}

// show goes to a scene in a browser of its own, draws it, and listens whether the
// pages complain.
func (c *city) show(t *testing.T, s *scene) {
	t.Helper()
	page := testkit.Chromium(t)
	messages := chromedp.Console(page)
	if s.role != "" {
		c.signIn(t, page, s.role)
	}
	open(t, page, c.address+s.path)
	for _, selector := range s.follow {
		open(t, page, read[string](t, page, fmt.Sprintf("document.querySelector(%q).href", selector)))
	}
	address := read[string](t, page, "location.href")
	for _, lang := range []string{"zh", "en"} {
		draw(t, page, address+"?lang="+lang, s.name+"-"+lang+".png", s.width, s.height)
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

// draw looks at a page as wide as a phone and as wide as its picture, and writes
// the picture where that is asked for.
func draw(t *testing.T, page context.Context, address, file string, width, height int64) {
	t.Helper()
	resize(t, page, 390, 844)
	open(t, page, address)
	if wide := read[int](t, page, `document.documentElement.scrollWidth`); wide > 390 {
		t.Errorf("%s is %d pixels wide on a phone of 390", address, wide)
	}
	resize(t, page, width, height)
	open(t, page, address)
	if n := read[int](t, page, `new Set([...document.querySelectorAll("main a")].map(a => a.pathname)).size`); n < 3 {
		t.Errorf("%s links to %d pages: there is nothing to see", address, n)
	}
	if !*update {
		return
	}
	settle(t, page)
	picture, err := chromedp.Run(page, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

// settle waits until the charts in sight have come in and stand still.
func settle(t *testing.T, page context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(page, pageLimit)
	defer cancel()
	tick := time.NewTicker(stillTime)
	defer tick.Stop()
	before := "unseen"
	for {
		seen := read[string](t, page, `[...document.querySelectorAll(".drawing")]
			.filter(x => x.getBoundingClientRect().top < innerHeight && x.offsetParent)
			.map(x => x.querySelector("svg")?.outerHTML ?? "to come").join()`)
		if seen == before && !strings.Contains(seen, "to come") {
			return
		}
		before = seen
		select {
		case <-ctx.Done():
			t.Fatal("the charts do not come to rest")
		case <-tick.C:
		}
	}
}

// signIn signs the tab in with the account of a role.
func (c *city) signIn(t *testing.T, page context.Context, role string) {
	t.Helper()
	password := c.said.password(role)
	if password == "" {
		t.Fatalf("the demo names no account of %s", role)
	}
	open(t, page, c.address+"/sign-in")
	if err := chromedp.Do(page,
		chromedp.SendKeys(`input[name="login"]`, role), chromedp.SendKeys(`input[type="password"]`, password), chromedp.KeyEvent("\r"),
		chromedp.WaitVisible(`a[href="/account"]`),
	); err != nil {
		t.Fatalf("sign in as %s: %v", role, err)
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

// city is a demo that runs.
type city struct {
	address string
	said    *accounts
}

// demo builds the program and runs its demo until the test ends.
func demo(t *testing.T) *city {
	t.Helper()
	program := filepath.Join(t.TempDir(), "jinghe")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "jinghe/cmd/jinghe")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	address := testkit.Address(t)
	c := &city{"http://" + address, new(accounts)}
	ctx, cancel := context.WithCancel(context.Background())
	run := exec.CommandContext(ctx, program, "demo", "--addr", address, "--data", t.TempDir())
	said := &herald{word: address, heard: make(chan struct{}), next: t.Output()}
	run.Stdout, run.Stderr = t.Output(), io.MultiWriter(c.said, said)
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
	await(t, c.address+"/readyz")
	return c
}

// accounts keeps what a demo says, with its throw-away accounts.
type accounts struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (a *accounts) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.text.Write(p)
}

// password is the one of the account of a role, "" if nobody said it.
func (a *accounts) password(role string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if found := regexp.MustCompile(`(?m)^ +` + role + ` +(\S+) `).FindSubmatch(a.text.Bytes()); found != nil {
		return string(found[1])
	}
	return ""
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
