package app_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jinghe/internal/app"
	"jinghe/internal/scene"
)

// TestScaledCity goes once through what the other tests do in this size under
// JINGHE_E2E=scaled, and ends and begins again.
func TestScaledCity(t *testing.T) {
	t.Parallel()
	cfg := scaledCity(t)
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
		if f.Status != app.Fine {
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
