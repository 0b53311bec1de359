//go:build drill && linux

package app_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jinghe/internal/testkit"
)

const migrations = "internal/store/sqlrows/migrations"

// TestRollingUpgrade has the program of the migration level before and that of
// now on one database: the old one serves, the new one comes and upgrades the
// schema under it, both serve, the old one goes. It needs the history of the
// repository. JINGHE_PREVIOUS names another program to upgrade from.
func TestRollingUpgrade(t *testing.T) { //nolint:paralleltest // it takes the whole machine
	d := newServers(t)
	before, now := os.Getenv("JINGHE_PREVIOUS"), testkit.Build(t, "../..", "jinghe/cmd/jinghe", t.TempDir())
	if before == "" {
		before = previous(t)
	}
	old := d.replica(before)
	d.allReady() // it has made the schema
	was := d.schema()
	d.load.start() // nobody can hand in by the API yet: the test would upgrade the schema itself
	d.load.until(5)
	d.replica(now)
	d.allReady()
	d.load.pause()
	d.people()
	d.load.start()
	t.Logf("schema %s, then %s", was, d.schema())
	if was == d.schema() {
		t.Error("nothing was upgraded")
	}
	served := d.load.figures()
	d.load.until(30)
	for i := range d.replicas {
		if !d.ready(i) {
			t.Errorf("%s is not ready any more", d.replicas[i].Name())
		}
	}
	d.load.pause()
	if f := d.load.figures(); f.refused > 0 || f.readsFailed > 0 {
		t.Errorf("refused %d writes, %d reads failed", f.refused, f.readsFailed)
	} else {
		t.Logf("side by side: %d writes, %d reads, none refused", f.acked-served.acked, f.reads-served.reads)
	}
	if lost, twice := d.load.lost(), d.twice(); lost > 0 || twice > 0 {
		t.Errorf("%d lost, %d twice", lost, twice)
	}
	for _, p := range d.replicas {
		if said, _ := p.Said(0); strings.Contains(said, "level=ERROR") {
			t.Errorf("%s complains:\n%s", p.Name(), said)
		}
	}
	old.Stop(t)
	old.Start(t)
	eventually(t, converged, old.Gone)
	if said, _ := old.Said(0); !strings.Contains(said, "newer") {
		t.Errorf("the old program on the new schema:\n%s", said)
	}
	d.replicas, d.dirs, d.urls = d.replicas[1:], d.dirs[1:], d.urls[1:]
	d.load.start()
	d.load.until(5)
	d.load.stop()
}

// schema is the version of the database.
func (d *drill) schema() string {
	d.t.Helper()
	return d.postgres.Ask(d.t, d.address, "SELECT MAX(version_id) FROM jinghe_version")
}

// previous builds the program as it was before the last migration came in.
func previous(t *testing.T) string {
	t.Helper()
	git := func(args ...string) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", "../.."}, args...)...).CombinedOutput()
		if err != nil {
			t.Skipf("git %v: %v: %s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	last := git("log", "-1", "--diff-filter=A", "--format=%H", "--", migrations)
	source := filepath.Join(t.TempDir(), "previous")
	git("worktree", "add", "--detach", source, last+"^")
	t.Cleanup(func() {
		if out, err := exec.Command("git", "-C", "../..", "worktree", "remove", "--force", source).CombinedOutput(); err != nil { //nolint:noctx // the test is over
			t.Errorf("git worktree: %v: %s", err, out)
		}
	})
	return testkit.Build(t, source, "jinghe/cmd/jinghe", t.TempDir())
}
