package main

import (
	"os"
	"path/filepath"
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
