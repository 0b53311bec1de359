package app_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"jinghe/internal/app"
)

// A Unix socket path holds some hundred bytes, a path of Chinese names soon more.
func TestLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("场景促进中心", 6))
	cfg := testCity(t)
	cfg.Data = dir
	a := start(t, cfg, false)
	client, err := app.Dial(t.Context(), dir)
	if err != nil || client == nil {
		t.Fatalf("no connection: %v", err)
	}
	if _, err := client.Imports(t.Context()); err != nil {
		t.Error(err)
	}
	if err := client.Close(t.Context()); err != nil {
		t.Error(err)
	}
	closeApp(t, a)
	if client, err := app.Dial(t.Context(), dir); err != nil || client != nil {
		t.Errorf("after the end: %v, %v", client, err)
	}
}

func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no file modes")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // the careless directory is the test
		t.Fatal(err)
	}
	left := filepath.Join(dir, "upload-123")
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	cfg := testCity(t)
	cfg.Data = dir
	start(t, cfg, true)
	if _, err := os.Stat(left); err == nil {
		t.Error("an upload of a killed server is still there")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); !info.IsDir() && mode&0o077 != 0 {
			t.Errorf("%s has mode %o", filepath.Base(path), mode)
		}
	}
}
