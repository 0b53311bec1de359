package agenda

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fewest breaks of the public instances (Bofill et al., JAIR 2022; turned into
// problem documents), by a published incremental-SAT program.
func fewest() map[string]int {
	return map[string]int{
		"tic-12": 0, "tic-12crafc": 0, "tic-13": 0, "tic-13crafb": 0, "tic-13crafc": 4, "tic-14crafa": 0, "tic-14crafc": 0,
		"tic-14crafd": 0, "ticf-13crafa": 0, "ticf-13crafc": 1, "forum-13": 0, "forum-13crafb": 6, "forum-13crafc": 1, "forum-14": 2,
		"forumt-14": 5, "forumt-14crafc": 5, "forumt-14crafd": 4, "forumt-14crafe": 5, "ticf-13crafb": 3, "ticf-14crafa": 0,
	}
}

// realFairs are the public instances by name; the test is skipped where there are none.
func realFairs(t *testing.T) map[string]*Problem {
	t.Helper()
	dir := os.Getenv("JINGHE_BENCH_DATA")
	if dir == "" {
		t.Skip("JINGHE_BENCH_DATA names no directory of measuring data")
	}
	names, err := filepath.Glob(filepath.Join(dir, "meetings", "*.json"))
	if err != nil || len(names) == 0 {
		t.Skipf("no meetings in %s", dir)
	}
	fairs := make(map[string]*Problem, len(names))
	for _, name := range names {
		id := strings.TrimSuffix(filepath.Base(name), ".json")
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		fairs[id], err = DecodeProblem(file)
		_ = file.Close()
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
	}
	return fairs
}

// TestRealFairs plans the public instances: no bound may pass the fewest breaks
// known, and every meeting is planned.
func TestRealFairs(t *testing.T) {
	t.Parallel()
	fairs := realFairs(t)
	reached, proven := 0, 0
	for id, p := range fairs {
		plan, err := Solve(t.Context(), p, Options{Seed: 1, Effort: 30})
		if err != nil {
			t.Fatal(err)
		}
		if broken := Check(p, plan); len(broken) > 0 {
			t.Errorf("%s: %v", id, broken)
		}
		best := fewest()[id]
		if plan.Breaks < best || plan.BreaksLowerBound > best || plan.Value != plan.ValueUpperBound {
			t.Errorf("%s: breaks %d ≥ %d, and %d are known to be fewest", id, plan.Breaks, plan.BreaksLowerBound, best)
		}
		if plan.Breaks == best {
			reached++
		}
		if plan.Proven {
			proven++
		}
	}
	t.Logf("%d fairs: fewest breaks in %d, proven in %d", len(fairs), reached, proven)
	if reached < 15 || proven < 14 {
		t.Errorf("fewest breaks in %d fairs, proven in %d", reached, proven)
	}
}

// TestRealFairsPlanAll plans the public instances with little effort from several
// seeds: every meeting of theirs has to take place, and can.
func TestRealFairsPlanAll(t *testing.T) {
	t.Parallel()
	for id, p := range realFairs(t) {
		for seed := range uint64(5) {
			plan, err := Solve(t.Context(), p, Options{Seed: seed + 1, Effort: 5})
			if err != nil {
				t.Fatal(err)
			}
			if broken := Check(p, plan); len(broken) > 0 || len(plan.Unplanned) > 0 {
				t.Errorf("%s, seed %d: %d left out, %v", id, seed+1, len(plan.Unplanned), broken)
			}
		}
	}
}
