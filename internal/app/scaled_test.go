package app_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/archive"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/postgres"
	"jinghe/internal/testkit"
)

// TestScaledCity goes once through what the other tests do in this size under
// JINGHE_E2E=scaled, and ends and begins again.
func TestScaledCity(t *testing.T) {
	t.Parallel()
	cfg := withSearchServer(t, scaledCity(t))
	a, err := app.Open(t.Context(), cfg, testOptions(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.LoadSampleCity(t.Context()); err != nil {
		t.Fatal(err)
	}
	closeApp(t, a)
	a = start(t, cfg, false)
	settle(t, a)
	if searchHits(t, a, scene.KindCapability, "无人机") == 0 {
		t.Error("nothing found")
	}
	findings, err := a.Diagnose(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Status != app.Fine && f.Key != "doctor.search_unlimited" { // the key of a test may do everything
			t.Errorf("finding %+v", f)
		}
		if engine, _ := f.Args["engine"].(string); f.Check == "store" && !strings.HasPrefix(engine, "postgres ") {
			t.Errorf("engine %q", engine)
		}
	}
}

// TestRowsAreNotPassedBy opens a directory under a configuration that names
// another place for its rows.
func TestRowsAreNotPassedBy(t *testing.T) {
	t.Parallel()
	opened := func(cfg app.Config) error {
		a, err := app.Open(t.Context(), cfg, testOptions(io.Discard))
		if err == nil {
			closeApp(t, a)
		}
		return err
	}
	small, large := testConfig(t.TempDir()), scaledCity(t)
	for _, cfg := range []app.Config{small, large} {
		if err := opened(cfg); err != nil {
			t.Fatal(err)
		}
	}
	small.Store = large.Store
	expectKey(t, opened(small), "config.rows_here")
	if _, err := os.Stat(filepath.Join(large.Data, "jinghe.db")); err == nil {
		t.Error("rows on PostgreSQL left a file")
	}
	large.Store = ""
	expectKey(t, opened(large), "config.rows_elsewhere")
	if f := app.CheckPlace(&large); f == nil || strings.Contains(f.Args["value"].(string), "@") {
		t.Errorf("finding %+v", f)
	}
}

func expectKey(t *testing.T, err error, key string) {
	t.Helper()
	if e, ok := errors.AsType[*scene.Error](err); !ok || e.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

// TestClocksApart starts with a clock that is an hour behind.
func TestClocksApart(t *testing.T) {
	t.Parallel()
	cfg := scaledCity(t)
	var log bytes.Buffer
	o := testOptions(&log)
	o.Now = func() time.Time { return time.Now().Add(-time.Hour) }
	a, err := app.Open(t.Context(), cfg, o)
	if err != nil {
		t.Fatal(err)
	}
	defer closeApp(t, a)
	if !strings.Contains(log.String(), "apart=1h0m") || !strings.Contains(log.String(), "NTP") {
		t.Errorf("the log says nothing of it: %s", &log)
	}
	findings, err := a.Diagnose(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if f := findings[0]; f.Status != app.Warning || f.Key != "doctor.clock_apart" {
		t.Errorf("finding %+v", f)
	}
}

// TestTwoReplicas has two processes on one database and one NATS: what comes in
// through either is found in both, once, also when the leader is gone.
func TestTwoReplicas(t *testing.T) {
	t.Parallel()
	first := scaledCity(t)
	second := first
	second.Data = t.TempDir()
	a, b := start(t, first, false), start(t, second, false)
	<-a.Ready()
	<-b.Ready()
	bringIn := func(through *app.App, name string) {
		t.Helper()
		o := scene.Opportunity{Need: "需要" + name}
		o.Name, o.OrgName = name, "示例单位"
		rows := []scene.Row{{Opportunity: &o, Org: scene.Organisation{Name: o.OrgName}}}
		if _, err := through.Registry().Import(t.Context(), rows, registry.ImportOptions{State: scene.Published}); err != nil {
			t.Fatal(err)
		}
	}
	found := func(in *app.App, name string) {
		t.Helper()
		eventually(t, patience, func() bool { return searchHits(t, in, scene.KindOpportunity, name) == 1 })
	}
	bringIn(a, "量子晾衣架")
	bringIn(b, "反重力花盆")
	for _, each := range []*app.App{a, b} {
		found(each, "量子晾衣架")
		found(each, "反重力花盆")
	}
	closeApp(t, a) // which led, being first
	bringIn(b, "永动水车")
	found(b, "永动水车")
	a = start(t, first, false)
	<-a.Ready()
	found(a, "永动水车")
	settle(t, a)
}

// TestReadyWithoutMessageServers: a replica whose outside message servers are away
// stays in front of its readers and says what is away, until they are back.
func TestReadyWithoutMessageServers(t *testing.T) {
	t.Parallel()
	servers := testkit.StartNATS(t, 1)
	cfg := testConfig(t.TempDir())
	cfg.NATS = servers.Addresses()
	a := start(t, cfg, false)
	<-a.Ready()
	bus := func(is string) func() bool {
		return func() bool {
			status, page := fetch(t, a, "/readyz")
			return status == http.StatusOK && strings.Contains(page, `"bus":"`+is+`"`)
		}
	}
	eventually(t, patience, bus("ok"))
	servers.Stop(0)
	eventually(t, patience, bus("degraded"))
	if status, _ := fetch(t, a, "/opportunities"); status != http.StatusOK {
		t.Errorf("a list answers %d meanwhile", status)
	}
	servers.Start(t, 0)
	eventually(t, patience, bus("ok"))
}

// TestUpgradeIsBackedUp opens a database that an older program left.
func TestUpgradeIsBackedUp(t *testing.T) {
	t.Parallel()
	cfg := scaledCity(t)
	old, err := postgres.Open(t.Context(), cfg.Store, postgres.Options{UpTo: 1})
	if err != nil {
		t.Fatal(err)
	}
	err = old.Update(t.Context(), func(tx store.Tx) error { return tx.Settings().Put(t.Context(), "key", []byte("kept")) })
	if err := errors.Join(err, old.Close()); err != nil {
		t.Fatal(err)
	}
	backups := func() []string {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(cfg.Data, "backups", "rows.v1-*.backup"))
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	for range 2 { // the second time there is nothing to upgrade
		a, err := app.Open(t.Context(), cfg, testOptions(io.Discard))
		if err != nil {
			t.Fatal(err)
		}
		closeApp(t, a)
		if len(backups()) != 1 {
			t.Fatalf("backups %v, want one", backups())
		}
	}
	to := app.Place{Dir: t.TempDir()}
	h, err := app.Restore(t.Context(), backups()[0], archive.Keys{}, to, testOptions(io.Discard), nil)
	if err != nil || h.Schema != 1 || h.Rows() != 1 {
		t.Errorf("Restore: %+v, %v", h, err)
	}
	small := testConfig(to.Dir) // upgraded when it is opened
	a, err := app.Open(t.Context(), small, testOptions(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	closeApp(t, a)
}
