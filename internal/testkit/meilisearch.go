package testkit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// MeilisearchServer is where a test reaches Meilisearch and with which key.
type MeilisearchServer struct {
	URL string // http://host:port
	Key string // master key; empty where the server asks for none
}

// Meilisearch returns a server for this test: the one that MEILISEARCH_URL and
// MEILISEARCH_KEY name, or else an empty one started from a meilisearch program
// on PATH, which stops with the test. A named server may be shared: tests give
// their indexes names of their own and delete them.
func Meilisearch(t testing.TB) MeilisearchServer {
	t.Helper()
	if address := os.Getenv("MEILISEARCH_URL"); address != "" {
		named := MeilisearchServer{URL: address, Key: os.Getenv("MEILISEARCH_KEY")}
		if err := named.healthy(t.Context()); err != nil {
			t.Fatalf("meilisearch: MEILISEARCH_URL: %v", err)
		}
		return named
	}
	path, err := findMeilisearch()
	if err != nil {
		missing(t, ToolMeilisearch, err)
	}
	started, err := startMeilisearch(t, path)
	if err != nil {
		t.Fatalf("meilisearch: %v", err)
	}
	return started
}

func startMeilisearch(t testing.TB, path string) (MeilisearchServer, error) {
	t.Helper()
	address := Address(t)
	m := MeilisearchServer{URL: "http://" + address, Key: "only-for-this-test"}
	args := []string{
		"--http-addr", address, "--master-key", m.Key, "--db-path", t.TempDir() + "/data.ms",
		"--dump-dir", t.TempDir(), "--no-analytics", "--env", "development",
		"--max-indexing-memory", "256MiB", // it clears a part of this before every change
	}
	s, err := startServer(path, args, os.Environ(), boundAttr(), "")
	if err != nil {
		return MeilisearchServer{}, err
	}
	t.Cleanup(func() { s.stop(t) })
	return m, s.awaitProbe(m.healthy)
}

// MeilisearchProgram is a Meilisearch that a drill ends and starts again.
type MeilisearchProgram struct {
	*Program
	MeilisearchServer
	data string
}

// StartMeilisearchProgram starts one from the program on PATH, with its files in dir.
func StartMeilisearchProgram(t testing.TB, dir string) *MeilisearchProgram {
	t.Helper()
	path, err := exec.LookPath("meilisearch")
	if err != nil {
		missing(t, ToolMeilisearch, err)
	}
	m := &MeilisearchProgram{data: filepath.Join(dir, "data.ms")}
	m.URL, m.Key = "http://"+Address(t), "only-for-this-test"
	m.Program = NewProgram(t, "meilisearch", dir, path, []string{
		"--http-addr", strings.TrimPrefix(m.URL, "http://"), "--master-key", m.Key, "--db-path", m.data,
		"--dump-dir", filepath.Join(dir, "dumps"), "--snapshot-dir", filepath.Join(dir, "snapshots"),
		"--no-analytics", "--env", "development", "--max-indexing-memory", "256MiB",
	}, os.Environ())
	m.Start(t)
	m.AwaitReady(t)
	return m
}

// AwaitReady returns when it answers.
func (m *MeilisearchProgram) AwaitReady(t testing.TB) {
	t.Helper()
	until(t, time.Now().Add(startLimit), "meilisearch answers", func() bool { return m.healthy(t.Context()) == nil })
}

// Wipe removes what it keeps; it must be down.
func (m *MeilisearchProgram) Wipe(t testing.TB) {
	t.Helper()
	if err := os.RemoveAll(m.data); err != nil {
		t.Fatalf("meilisearch: %v", err)
	}
}

// healthy asks the server for its own opinion.
func (m MeilisearchServer) healthy(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.URL+"/health", http.NoBody)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("health: status %s", response.Status)
	}
	return nil
}

// findMeilisearch returns the path of the program, or "" and no error where a
// running server is named in the environment.
func findMeilisearch() (string, error) {
	if os.Getenv("MEILISEARCH_URL") != "" {
		return "", nil
	}
	path, err := exec.LookPath("meilisearch")
	if err != nil {
		return "", errors.New("MEILISEARCH_URL is not set and no meilisearch is on PATH")
	}
	return path, nil
}
