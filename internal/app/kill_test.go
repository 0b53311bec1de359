package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/testkit"
)

const (
	childVariable = "JINGHE_TEST_KILLED_CHILD"
	killRows      = 4000
)

// TestMain turns the test binary into the process that is killed.
func TestMain(m *testing.M) {
	if testkit.RunNATSNode() {
		return
	}
	if dir := os.Getenv(childVariable); dir != "" {
		cfg := testConfig(dir)
		cfg.Store = os.Getenv("JINGHE_STORE")
		if address := os.Getenv("JINGHE_NATS"); address != "" {
			cfg.NATS = []string{address}
		}
		work := importForever
		if os.Getenv(listsVariable) != "" {
			work = tellOfLists
		}
		if err := work(cfg); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// importForever runs a whole app, imports rows whose text names the pid, and
// says on standard output what was acknowledged.
func importForever(cfg app.Config) error {
	ctx := context.Background()
	a, err := app.Open(ctx, cfg, testOptions(io.Discard))
	if err != nil {
		return err
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	for round := 0; ; round++ {
		_, err := a.Registry().Import(ctx, killedRows(os.Getpid(), round), registry.ImportOptions{
			File: "list.xlsx", State: scene.Published,
			Progress: func(done, _ int) { fmt.Println("acknowledged", os.Getpid(), round, done) },
		})
		if err != nil {
			return err
		}
	}
}

// acknowledged is the last thing a child said: how many rows of which round of
// which process are safe.
type acknowledged struct{ pid, round, rows int }

// killedRows are rows of one organisation; pid and round make each import a revision of all of them.
func killedRows(pid, round int) []scene.Row {
	rows := make([]scene.Row, killRows)
	for i := range rows {
		o := scene.Opportunity{Need: fmt.Sprintf("进程 %d 第 %d 轮", pid, round)}
		o.Name, o.OrgName = fmt.Sprintf("需求 %04d", i), "示例单位"
		rows[i] = scene.Row{Opportunity: &o, Org: scene.Organisation{Name: o.OrgName}}
	}
	return rows
}

// scaledVariable has the end-to-end tests run on PostgreSQL, a NATS server and,
// where there is one, Meilisearch, which they start: JINGHE_E2E=scaled.
const scaledVariable = "JINGHE_E2E"

// testCity is a city of its own for a test, in the size that is asked for.
func testCity(tb testing.TB) app.Config {
	tb.Helper()
	if os.Getenv(scaledVariable) == "scaled" {
		return withSearchServer(tb, scaledCity(tb))
	}
	return testConfig(tb.TempDir())
}

// withSearchServer has a city search on a Meilisearch if this machine has one.
func withSearchServer(tb testing.TB, cfg app.Config) app.Config {
	tb.Helper()
	if err := testkit.Available(testkit.ToolMeilisearch); err != nil {
		tb.Logf("the index is in the process: %v", err)
		return cfg
	}
	return onMeilisearch(tb, cfg)
}

// scaledCity is a city whose rows and events are on servers outside.
func scaledCity(tb testing.TB) app.Config {
	tb.Helper()
	c := testConfig(tb.TempDir())
	c.Store, c.NATS = testkit.Postgres(tb), []string{testkit.NATS(tb)}
	c.SecretKey = strings.Repeat("5e", 32)
	return c
}

func testConfig(dir string) app.Config {
	c := app.Defaults()
	c.Data, c.Addr = dir, "127.0.0.1:0"
	return c
}

func testOptions(log io.Writer) app.Options {
	return app.Options{Log: slog.New(slog.NewTextHandler(log, nil)), Now: time.Now, Version: "test", RequestTimeout: patience}
}

// TestKilledImport kills a whole process in the middle of an import, again and
// again, and looks each time at what the next one finds.
func TestKilledImport(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("processes by the dozen take some seconds")
	}
	killImports(t, testCity(t))
}

func killImports(t *testing.T, cfg app.Config) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	proven := 0
	enough := func() bool { return proven >= killRounds*500 }
	for round := 0; round < killRounds || !enough() && round < 4*killRounds; round++ { // some kills may come early
		said := runAndKill(t, cfg, 1+random.IntN(8), time.Duration(random.IntN(40))*time.Millisecond)
		checkSurvivor(t, cfg, said)
		proven += said.rows
	}
	if !enough() {
		t.Errorf("%d rows were acknowledged in %d rounds and more: the kills came too early to prove anything", proven, killRounds)
	}
	finishAndCheck(t, cfg)
}

// runAndKill starts the child, waits for some acknowledgements and a moment
// more, kills it, and returns the last acknowledgement.
func runAndKill(t *testing.T, cfg app.Config, lines int, more time.Duration) (last acknowledged) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+cfg.Data, "JINGHE_STORE="+cfg.Store, "JINGHE_NATS="+strings.Join(cfg.NATS, ","))
	var failure strings.Builder
	child.Stderr = &failure
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	killed := make(chan struct{})
	scanner := bufio.NewScanner(out)
	for seen := 0; scanner.Scan(); {
		var said acknowledged
		if _, err := fmt.Sscanf(scanner.Text(), "acknowledged %d %d %d", &said.pid, &said.round, &said.rows); err != nil {
			continue // a line cut off by the kill
		}
		last = said
		last.rows-- // the first is the organisation
		if seen++; seen == lines {
			time.AfterFunc(more, func() {
				close(killed) // before the end of its output can be seen
				_ = child.Process.Kill()
			})
		}
	}
	select {
	case <-killed:
	default:
		t.Fatalf("the child ended by itself after %+v: %s", last, failure.String())
	}
	_ = child.Wait() // “killed” is the error wanted here
	return last
}

// checkSurvivor opens what the killed process left: intact, and every row that
// was acknowledged has the content of that round or of the next one begun.
func checkSurvivor(t *testing.T, cfg app.Config, said acknowledged) {
	t.Helper()
	a, err := app.Open(t.Context(), cfg, testOptions(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer closeApp(t, a)
	findings, err := a.Diagnose(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Status == app.Fault {
			t.Errorf("after a kill: %+v", f)
		}
	}
	safe := 0
	for _, o := range allNeeds(t, a) {
		var pid, round int
		if _, err := fmt.Sscanf(o.Need, "进程 %d 第 %d 轮", &pid, &round); err != nil {
			t.Fatalf("half a row: %q", o.Need)
		}
		if pid == said.pid && round >= said.round {
			safe++
		}
	}
	if safe < said.rows {
		t.Errorf("%d rows survived of %d acknowledged (%+v)", safe, said.rows, said)
	}
}

// finishAndCheck imports the list once more and looks for doubles, for events
// left behind, and for an index that differs from the rows.
func finishAndCheck(t *testing.T, cfg app.Config) {
	t.Helper()
	a, err := app.Open(t.Context(), cfg, testOptions(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer closeApp(t, a)
	if _, err := a.Registry().Import(t.Context(), killedRows(0, 0), registry.ImportOptions{State: scene.Published}); err != nil {
		t.Fatal(err)
	}
	if got := len(allNeeds(t, a)); got != killRows {
		t.Errorf("%d rows, want %d: none lost and none twice", got, killRows)
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-a.Ready()
	findings, err := a.Diagnose(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Check == "index" && f.Status != app.Fine {
			t.Errorf("index and rows differ: %+v", f)
		}
	}
}

func allNeeds(t *testing.T, a *app.App) (all []scene.Opportunity) {
	t.Helper()
	page := store.Page{Limit: 1000}
	for {
		rows, err := a.Registry().Opportunities(t.Context(), store.ListingFilter{}, page)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rows.Items...)
		if page.After = rows.Next; page.After == "" {
			return all
		}
	}
}

func closeApp(t *testing.T, a *app.App) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	defer cancel()
	if err := a.Close(ctx); err != nil {
		t.Error(err)
	}
}
