package testkit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// verdict is what a fakeTB was told; it ends the code under test like the real
// Skip and Fatal do.
type verdict struct{ kind, text string }

// fakeTB is a testing.TB that records instead of skipping or failing.
type fakeTB struct{ testing.TB }

func (fakeTB) Helper() {}

func (fakeTB) Skipf(format string, args ...any) {
	panic(verdict{"skip", fmt.Sprintf(format, args...)})
}

func (fakeTB) Fatalf(format string, args ...any) {
	panic(verdict{"fatal", fmt.Sprintf(format, args...)})
}

// judged returns what f told the fakeTB, the zero verdict if nothing.
func judged(f func(testing.TB)) (v verdict) {
	defer func() {
		if told, ok := recover().(verdict); ok {
			v = told
		}
	}()
	f(fakeTB{})
	return verdict{}
}

func TestMissing(t *testing.T) { // not parallel: sets the environment
	tests := []struct {
		name, require, tool string
		want                string
	}{
		{"NotPromised", "", ToolPostgres, "skip"},
		{"OtherPromised", "chromium,meilisearch", ToolPostgres, "skip"},
		{"Promised", "chromium,postgres", ToolPostgres, "fatal"},
		{"PromisedWithSpaces", " chromium , Postgres ", ToolPostgres, "fatal"},
		{"PartOfAName", "postgresql", ToolPostgres, "skip"},
		{"NoSuchTool", "", "netscape", "fatal"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv(requireVar, test.require)
			got := judged(func(tb testing.TB) { missing(tb, test.tool, errors.New("not installed")) })
			if got.kind != test.want {
				t.Errorf("missing(%q) with %s=%q = %q, want %q", test.tool, requireVar, test.require, got.kind, test.want)
			}
			if !strings.Contains(got.text, "not installed") {
				t.Errorf("message %q does not give the reason", got.text)
			}
		})
	}
}

func TestRequireFindsNothingOnEmptyPath(t *testing.T) { // not parallel: sets the environment
	t.Setenv("PATH", t.TempDir())
	t.Setenv("MEILISEARCH_URL", "")
	t.Setenv(requireVar, "")
	for _, tool := range []string{ToolChromium, ToolMeilisearch} {
		if got := judged(func(tb testing.TB) { Require(tb, tool) }); got.kind != "skip" {
			t.Errorf("Require(%s) on an empty PATH = %q, want a skip", tool, got)
		}
	}
	if got := judged(func(tb testing.TB) { Require(tb, "netscape") }); got.kind != "fatal" {
		t.Errorf("Require(netscape) = %q, want a failure", got)
	}
}

func TestMajorVersion(t *testing.T) {
	t.Parallel()
	tests := map[string]int{
		"/usr/lib/postgresql/15/bin/postgres": 15,
		"/usr/lib/postgresql/9/bin/postgres":  9,
		"/opt/pgsql/bin/postgres":             0,
	}
	for path, want := range tests {
		if got := majorVersion(path); got != want {
			t.Errorf("majorVersion(%s) = %d, want %d", path, got, want)
		}
	}
}

func TestCompleteInstallation(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	full, partial, linked := filepath.Join(root, "full"), filepath.Join(root, "partial"), filepath.Join(root, "linked")
	for dir, programs := range map[string][]string{
		full:    {"postgres", "initdb", "createdb", "dropdb"},
		partial: {"postgres", "initdb"},
		linked:  nil,
	} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, program := range programs {
			if err := os.WriteFile(filepath.Join(dir, program), nil, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.Symlink(filepath.Join(full, "postgres"), filepath.Join(linked, "postgres")); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, dir, want string }{
		{"Complete", full, full},
		{"ToolsMissing", partial, ""},
		{"LinkIntoComplete", linked, full},
		{"NotThere", filepath.Join(root, "none"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, ok := completeInstallation(filepath.Join(test.dir, "postgres"))
			if got != test.want || ok != (test.want != "") {
				t.Errorf("completeInstallation = %q, %t, want %q", got, ok, test.want)
			}
		})
	}
}
