package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPlanExitCodes(t *testing.T) {
	t.Parallel()
	const frame = `{"slots":[{"id":"s1"}],"tables":[{"id":"t1"}],"parties":[{"id":"a"},{"id":"b"}],`
	tests := []struct {
		name, problem string
		want          int
	}{
		{"Planned", frame + `"meetings":[{"id":"m","parties":["a","b"]}]}`, exitDone},
		{"Invalid", frame + `"meetings":[{"id":"m","parties":["a","z"]}]}`, exitUsage},
		{"Infeasible", frame + `"meetings":[{"id":"m","parties":["a","b"],"must":true},{"id":"n","parties":["b","a"],"must":true}]}`, exitInfeasible},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			in, out := filepath.Join(dir, "problem.json"), filepath.Join(dir, "plan.json")
			if err := os.WriteFile(in, []byte(test.problem), 0o600); err != nil {
				t.Fatal(err)
			}
			null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer null.Close()
			if got := run(t.Context(), []string{"plan", "--in", in, "--out", out, "--effort", "1"}, null, null); got != test.want {
				t.Errorf("exit code %d, want %d", got, test.want)
			}
			if _, err := os.Stat(out); (err == nil) == (test.want == exitUsage) {
				t.Errorf("plan written: %v", err)
			}
		})
	}
}

// TestPlanTellsWhyItIsLess: what kept a plan from being what was asked for is told beside it.
func TestPlanTellsWhyItIsLess(t *testing.T) {
	t.Parallel()
	const frame = `{"slots":[{"id":"s1"},{"id":"s2"}],"tables":[{"id":"t1"},{"id":"t2"}],"parties":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d","min":3}],"meetings":[`
	tests := []struct {
		name, meetings string
		flags, want    []string
		code           int
	}{
		{
			"Rivals", `{"id":"m","parties":["a","b"],"fixed":"s1"},{"id":"n","parties":["a","c"],"fixed":"s1"},{"id":"o","parties":["a","d"]},{"id":"p","parties":["b","d"]},{"id":"q","parties":["c","d"]}`, nil,
			[]string{"meetings[1].fixed: meetings “n” and “m” are both fixed at slot “s1”, where party “a” can be in 1 at most"},
			exitInfeasible,
		},
		{
			"Alone", `{"id":"m","parties":["a","d"]},{"id":"n","parties":["b","d"]}`, nil,
			[]string{"Each of these cannot be kept by itself:\n  party “d” gets at least 3 meetings, but there are only 2 to plan: with a, b\n"},
			exitInfeasible,
		},
		{"Late", `{"id":"m","parties":["a","d"]},{"id":"n","parties":["b","d"]},{"id":"o","parties":["c","d"]}`, []string{"--time-limit", "1ns"}, []string{"The time limit was reached; this is the best plan by then."}, exitInfeasible},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			in := filepath.Join(dir, "problem.json")
			if err := os.WriteFile(in, []byte(frame+test.meetings+"]}"), 0o600); err != nil {
				t.Fatal(err)
			}
			told, err := os.Create(filepath.Join(dir, "told"))
			if err != nil {
				t.Fatal(err)
			}
			defer told.Close()
			args := append([]string{"plan", "--lang", "en", "--in", in, "--out", filepath.Join(dir, "plan.json")}, test.flags...)
			if got := run(t.Context(), args, told, told); got != test.code {
				t.Errorf("exit code %d, want %d", got, test.code)
			}
			said, err := os.ReadFile(told.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range test.want {
				if !strings.Contains(string(said), want) {
					t.Errorf("told %s\nwant %q in it", said, want)
				}
			}
		})
	}
}
