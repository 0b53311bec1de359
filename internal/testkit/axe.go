package testkit

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Axe returns the script of axe-core, which looks at a page for what keeps people out
// who do not see it, or not well. “.ci/run tools” installs it below .ci/tools from npm, or
// JINGHE_AXE names its file. Where it is missing, the test is skipped, or failed
// if JINGHE_REQUIRE lists it.
func Axe(t testing.TB) string {
	t.Helper()
	path, err := findAxe()
	if err != nil {
		missing(t, ToolAxe, err)
	}
	script, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("axe-core: %v", err)
	}
	return string(script)
}

// findAxe looks for the script from the working directory of a test upwards.
func findAxe() (string, error) {
	if path := os.Getenv("JINGHE_AXE"); path != "" {
		return path, nil
	}
	dir, err := os.Getwd()
	for err == nil {
		path := filepath.Join(dir, ".ci", "tools", "node_modules", "axe-core", "axe.min.js")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		if dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	return "", errors.New("no axe-core below .ci/tools (run .ci/run tools, which needs npm)")
}
