package testkit

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// Names of the programs that tests may need, as JINGHE_REQUIRE spells them.
const (
	ToolChromium    = "chromium"
	ToolPostgres    = "postgres"
	ToolMeilisearch = "meilisearch"
	ToolAxe         = "axe"
)

// requireVar names the environment variable that lists what must not be missing.
const requireVar = "JINGHE_REQUIRE"

// Require makes sure that the named tool (one of the Tool constants) can be
// used on this machine. Where it is missing, the test is skipped, or failed if
// JINGHE_REQUIRE lists the tool. A name that is no tool fails the test.
func Require(t testing.TB, tool string) {
	t.Helper()
	if err := locate(tool); err != nil {
		missing(t, tool, err)
	}
}

// Available reports what stands in the way of using the named tool here, nil if
// nothing does: for a test that goes on without.
func Available(tool string) error { return locate(tool) }

// locate reports what stands in the way of using the tool, nil if nothing does.
func locate(tool string) error {
	var err error
	switch tool {
	case ToolChromium:
		_, err = findChromium()
	case ToolPostgres:
		_, err = findPostgres()
	case ToolMeilisearch:
		_, err = findMeilisearch()
	case ToolAxe:
		_, err = findAxe()
	default:
		err = fmt.Errorf("testkit knows no tool named %q", tool)
	}
	return err
}

// missing skips the test, or fails it where the tool was promised.
func missing(t testing.TB, tool string, why error) {
	t.Helper()
	known := []string{ToolChromium, ToolPostgres, ToolMeilisearch, ToolAxe}
	if !slices.Contains(known, tool) || required(os.Getenv(requireVar), tool) {
		t.Fatalf("%s is required here: %v", tool, why)
	}
	t.Skipf("%s is missing: %v (%s=%s turns this skip into a failure)", tool, why, requireVar, tool)
}

// required tells whether the comma-separated list names the tool.
func required(list, tool string) bool {
	for name := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.TrimSpace(name), tool) {
			return true
		}
	}
	return false
}
