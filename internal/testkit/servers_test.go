package testkit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"
)

// roleVar makes the test binary play another program, see TestMain.
const roleVar = "JINGHE_TESTKIT_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVar) {
	case "meilisearch":
		os.Exit(playMeilisearch(os.Args[1:]))
	case "refuser":
		fmt.Fprintln(os.Stderr, "no room at the inn")
		os.Exit(3)
	default:
		os.Exit(m.Run())
	}
}

// playMeilisearch answers /health like the real server, as long as the master
// key was passed, and ends on SIGINT.
func playMeilisearch(args []string) int {
	options := map[string]string{}
	for i := 0; i+1 < len(args); i++ {
		options[args[i]] = args[i+1]
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		if options["--master-key"] == "" {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		if err := json.NewEncoder(w).Encode(map[string]string{"status": "available"}); err != nil {
			panic(err)
		}
	})
	server := &http.Server{Addr: options["--http-addr"], Handler: mux} //nolint:gosec // a fake on the loopback address
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// TestPorts: while nobody listens on the port of a test the system gives it to nobody
// else, and a connection is refused; a server on it is ended and started again.
func TestPorts(t *testing.T) {
	t.Parallel()
	address := Address(t)
	ask := func() error {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
		if err == nil {
			err = conn.Close()
		}
		return err
	}
	for range 2 {
		if err := ask(); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("while nobody listens: %v, want refused", err)
		}
		for range 500 { // who let go of a port lost it after a few thousand
			l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			if l.Addr().String() == address {
				t.Fatal("the port was given to somebody else")
			}
		}
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if err := ask(); err != nil {
			t.Errorf("while somebody listens: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	server := StartPostgres(t)
	first, second := server.Database(t), server.Database(t)
	if first == second {
		t.Fatalf("two databases share the URL %s", first)
	}
	psql := func(dsn, command string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), filepath.Join(server.bin, "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", dsn, "-c", command)
		cmd.Env = cleanEnv()
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("psql %q: %v: %s", command, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	psql(first, "CREATE TABLE need (name text); INSERT INTO need VALUES ('智慧水务')")
	if got := psql(first, "SELECT name, length(name) FROM need"); got != "智慧水务|4" {
		t.Errorf("row read back = %q", got)
	}
	if got := psql(second, "SELECT count(*) FROM pg_tables WHERE tablename = 'need'"); got != "0" {
		t.Errorf("second database sees %s tables of the first", got)
	}
}

func TestPostgresLeavesNothing(t *testing.T) {
	t.Parallel()
	Require(t, ToolPostgres)
	var dir string
	t.Run("Server", func(t *testing.T) { //nolint:paralleltest // must end before the look at the directory
		dsn, err := url.Parse(Postgres(t))
		if err != nil {
			t.Fatal(err)
		}
		dir = dsn.Query().Get("host")
		if _, err := os.Stat(filepath.Join(dir, ".s.PGSQL.5432")); err != nil {
			t.Errorf("no socket while the server runs: %v", err)
		}
	})
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("directory of the server is still there: %v", err)
	}
}

func TestChromium(t *testing.T) {
	t.Parallel()
	Require(t, ToolChromium)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!doctype html><title>景合</title><p id="p">0</p><script>p.textContent = 6 * 7</script>`)
	}))
	t.Cleanup(server.Close)
	page := Chromium(t)
	if err := chromedp.Do(page, chromedp.Navigate(server.URL)); err != nil {
		t.Fatal(err)
	}
	title, err := chromedp.Run(page, chromedp.Title())
	if err != nil || title != "景合" {
		t.Errorf("title = %q, %v", title, err)
	}
	text, err := chromedp.Run(page, chromedp.Text(chromedp.CSS("#p")))
	if err != nil || text != "42" {
		t.Errorf("text = %q, %v, want what the script wrote", text, err)
	}
}

func TestMeilisearchNamed(t *testing.T) { // not parallel: sets the environment
	healthy := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/health" || !healthy {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	t.Setenv("MEILISEARCH_URL", server.URL)
	t.Setenv("MEILISEARCH_KEY", "k")
	if got, want := Meilisearch(t), (MeilisearchServer{URL: server.URL, Key: "k"}); got != want {
		t.Errorf("Meilisearch = %+v, want %+v", got, want)
	}
	healthy = false
	if err := (MeilisearchServer{URL: server.URL}).healthy(t.Context()); err == nil {
		t.Error("a server that answers 503 counts as healthy")
	}
}

func TestMeilisearchStarted(t *testing.T) { // not parallel: sets the environment
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(roleVar, "meilisearch")
	var m MeilisearchServer
	t.Run("Server", func(t *testing.T) {
		var err error
		if m, err = startMeilisearch(t, self); err != nil {
			t.Fatal(err)
		}
		if err := m.healthy(t.Context()); err != nil {
			t.Error(err)
		}
	})
	if err := m.healthy(t.Context()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("after the test the server answers %v, want refused", err)
	}
}

func TestServerThatEndsAtOnce(t *testing.T) { // not parallel: sets the environment
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(roleVar, "refuser")
	waits := map[string]func(*server) error{
		"Marker": (*server).awaitMarker,
		"Probe": func(s *server) error {
			return s.awaitProbe(func(context.Context) error { return errors.New("nobody there") })
		},
	}
	for name, wait := range waits {
		t.Run(name, func(t *testing.T) {
			s, err := startServer(self, nil, os.Environ(), boundAttr(), "never printed")
			if err != nil {
				t.Fatal(err)
			}
			defer s.stop(t)
			err = wait(s)
			if !errors.Is(err, errEnded) || !strings.Contains(err.Error(), "no room at the inn") {
				t.Errorf("wait = %v, want that it ended, with its last words", err)
			}
		})
	}
	if _, err := startServer("/nonexistent/program", nil, nil, nil, ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("start of a missing program = %v", err)
	}
}

func TestLogTail(t *testing.T) {
	t.Parallel()
	l := &logTail{marker: "ready now", seen: make(chan struct{})}
	for _, part := range []string{strings.Repeat("x", 2*tailBytes), "rea", "dy n"} {
		fmt.Fprint(l, part)
	}
	select {
	case <-l.seen:
		t.Fatal("marker seen before it was complete")
	default:
	}
	fmt.Fprint(l, "ow\nready now\n")
	select {
	case <-l.seen:
	default:
		t.Error("marker printed in three parts was not seen")
	}
	if got := l.String(); len(got) > tailBytes || !strings.HasSuffix(got, "ready now") {
		t.Errorf("kept %d bytes ending in %q", len(got), got[len(got)-20:])
	}
}
