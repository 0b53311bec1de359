package datadir_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"jinghe/internal/datadir"
	"jinghe/internal/scene"
)

const childEnv = "JINGHE_TEST_LOCK_DIR"

// TestMain is also the other process of TestAnotherProcess: it takes the lock
// of a directory, says so, and holds it until its standard input ends.
func TestMain(m *testing.M) {
	dir := os.Getenv(childEnv)
	if dir == "" {
		os.Exit(m.Run())
	}
	if _, err := datadir.Acquire(dir); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("locked")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
}

func expectLocked(t *testing.T, dir string, pid int) {
	t.Helper()
	_, err := datadir.Acquire(dir)
	e, ok := errors.AsType[*scene.Error](err)
	if !ok || e.Code != scene.Precondition || e.Key != "datadir.locked" || e.Args["pid"] != pid || e.Args["dir"] != dir {
		t.Errorf("Acquire of a held directory: %v, want pid %d", err, pid)
	}
	if got, err := datadir.Holder(dir); got != pid || err != nil {
		t.Errorf("Holder: %d, %v, want %d", got, err, pid)
	}
}

func expectFree(t *testing.T, dir string) {
	t.Helper()
	if pid, err := datadir.Holder(dir); pid != 0 || err != nil {
		t.Errorf("Holder of a free directory: %d, %v", pid, err)
	}
	l, err := datadir.Acquire(dir)
	if err != nil {
		t.Fatalf("Acquire of a free directory: %v", err)
	}
	if err := l.Release(); err != nil {
		t.Errorf("Release: %v", err)
	}
}

func TestAcquire(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "city")
	if pid, err := datadir.Holder(dir); pid != 0 || err != nil {
		t.Errorf("Holder of no directory: %d, %v", pid, err)
	}
	l, err := datadir.Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	expectLocked(t, dir, os.Getpid())
	expectLocked(t, dir, os.Getpid()) // asking does not take it away
	for range 2 {
		if err := l.Release(); err != nil {
			t.Errorf("Release: %v", err)
		}
	}
	expectFree(t, dir)
	expectFree(t, dir)
}

func TestAnotherProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+dir)
	if _, err := child.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "locked\n" {
		t.Fatalf("the other process said %q, %v", line, err)
	}
	expectLocked(t, dir, child.Process.Pid)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	expectFree(t, dir) // whatever is still written in the file
}

func TestAcquireFails(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := datadir.Acquire(filepath.Join(file, "city")); scene.CodeOf(err) != scene.Internal {
		t.Errorf("Acquire below a file: %v", err)
	}
	if _, err := datadir.Holder(filepath.Join(file, "city")); err == nil {
		t.Error("Holder below a file: no error")
	}
	if os.Geteuid() == 0 {
		return // the system refuses nothing to root
	}
	closed := t.TempDir()
	if err := os.Chmod(closed, 0o500); err != nil {
		t.Fatal(err)
	}
	_, err := datadir.Acquire(filepath.Join(closed, "city"))
	if e, ok := errors.AsType[*scene.Error](err); !ok || e.Key != "datadir.permission" {
		t.Errorf("Acquire without permission: %v", err)
	}
}
