package archtest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestMapIsTheLaw(t *testing.T) {
	t.Parallel()
	report(t, mapFaults(realTree(t), readRoot(t, "ARCHITECTURE.md", true)))
}

// mapFaults compares the table of floors in ARCHITECTURE.md with rooms(): a
// reader must be able to believe either.
func mapFaults(p *tree, document string) []string {
	var findings []string
	drawn := map[string]bool{}
	line := regexp.MustCompile("(?m)^\\| ([0-9]) \\| (`[^|]*`) \\|")
	for _, match := range line.FindAllStringSubmatch(document, -1) {
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(match[2], -1) {
			drawn[name[1]] = true
			if r, ok := roomOf(name[1]); !ok || r.path != name[1] || strconv.Itoa(r.floor) != match[1] {
				findings = append(findings, fmt.Sprintf("ARCHITECTURE.md: the map has %s on floor %s, the law has %q on floor %d", name[1], match[1], r.path, r.floor))
			}
		}
	}
	var missing []string
	for _, src := range p.selects(production) {
		if r, ok := roomOf(src.dir); ok && r.kind != public && !drawn[r.path] && !slices.Contains(missing, r.path) {
			missing = append(missing, r.path)
		}
	}
	for _, name := range missing {
		findings = append(findings, fmt.Sprintf("ARCHITECTURE.md: the map does not show %s", name))
	}
	return findings
}

func TestMapFaultsCases(t *testing.T) {
	t.Parallel()
	p := fakeTree(t, map[string]string{
		"internal/scene/x.go":             "package scene\n",
		"internal/web/portal/x.go":        "package portal\n",
		"internal/store/x.go":             "package store\n",
		"internal/store/storetest/x.go":   "package storetest\n",
		"internal/testkit/x.go":           "package testkit\n",
		"internal/store/sqlite/x_test.go": "package sqlite\n",
	})
	drawn := []string{"| floor | package |", "| 4 | `internal/web` | pages |", "| 1 | `internal/store`, `internal/match` | contracts |", "| 0 | `internal/scene` | words |"}
	tests := []struct {
		name, line, with string
		want             string
	}{
		{"OK", "", "", ""},
		{"Forgotten", "`internal/web` | pages", "`search` | pages", "the law has \"search\" on floor 0"},
		{"OtherFloor", "| 1 |", "| 2 |", "the map has internal/match on floor 2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			findings := mapFaults(p, strings.Replace(strings.Join(drawn, "\n"), test.line, test.with, 1))
			if test.want == "" {
				expectFindings(t, findings)
				return
			}
			if len(findings) == 0 || !strings.Contains(strings.Join(findings, "\n"), test.want) {
				t.Errorf("findings = %q, want one with %q", findings, test.want)
			}
		})
	}
	expectFindings(t, mapFaults(p, strings.Join(drawn[:3], "\n")), "does not show internal/scene")
}
