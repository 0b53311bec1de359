package archtest

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the scoreboard into ARCHITECTURE.md")

// Markers between which the table stands in ARCHITECTURE.md.
const (
	boardBegin = "<!-- scoreboard:begin -->"
	boardEnd   = "<!-- scoreboard:end -->"
)

// row is one measure of how the code reads.
type row struct {
	name     string
	value    float64
	decimals int
	unit     string // printed behind the value
	aim      string // as a person reads it
	bound    float64
	least    bool     // the value must reach the bound rather than stay within it
	slack    float64  // by how much the printed table may lag behind
	others   []string // the same measure on the code bases named in otherNames
	worst    []string // what to look at first
}

// otherNames are public Go programs that were measured the same way.
func otherNames() []string {
	return []string{"wtf", "oscar", "river", "pkgsite", "chasquid", "miniflux", "pagoda"}
}

// holds tells whether the value keeps to the bound.
func (r row) holds() bool {
	if r.least {
		return r.value >= r.bound
	}
	return r.value <= r.bound
}

func (r row) String() string { return figure(r.value, r.decimals) + r.unit }

// TestScoreboard measures hand-written Go. A figure beyond its bound asks for a
// look, not for a trick: a split that makes a reader jump is worse than a long
// function.
func TestScoreboard(t *testing.T) {
	t.Parallel()
	rows := scoreboard(realTree(t))
	for _, r := range rows {
		if !r.holds() {
			t.Errorf("%s: %s, and the aim is %s. Look first at:\n\t%s", r.name, r, r.aim, strings.Join(r.worst, "\n\t"))
		}
	}
	name := filepath.Join(moduleRoot(t), "ARCHITECTURE.md")
	document, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no ARCHITECTURE.md yet to keep the table in")
	}
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		updated, err := withTable(string(document), table(rows))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(updated), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	report(t, stale(string(document), rows))
}

// scoreboard measures the tree.
func scoreboard(p *tree) []row {
	hand := p.selects(handWritten)
	code := p.selects(handWritten, production)
	shipped := p.selects(handWritten, func(s *source) bool { return !s.test })
	functions := p.functions(code)
	return []row{
		lengthRow(functions), longRow(functions), complexityRow(functions), filesRow(hand),
		identifiersRow(p.exported(shipped)), packagesRow(packageDocs(shipped)),
		variablesRow(p.packageVariables(code)), testsRow(hand),
	}
}

func lengthRow(functions []function) row {
	lines := make([]int, len(functions))
	for i, fn := range functions {
		lines[i] = fn.lines
	}
	return row{
		name: "function length p95, lines", aim: "≤ 45", bound: 45, slack: 4,
		value: float64(percentile(lines, 0.95)), worst: worst(functions, func(f function) int { return f.lines }, 45),
		others: []string{"54", "48", "65", "64", "67", "73", "43"},
	}
}

func longRow(functions []function) row {
	long := worst(functions, func(f function) int { return f.lines }, 60)
	return row{
		name: "functions over 60 lines", aim: "≤ 1 %", bound: 1, slack: 0.4, decimals: 1, unit: " %",
		value: share(len(long), len(functions), 0), worst: long,
		others: []string{"4.3 %", "4.0 %", "5.8 %", "5.8 %", "6.1 %", "6.5 %", "1.7 %"},
	}
}

func complexityRow(functions []function) row {
	largest := 0
	for _, fn := range functions {
		largest = max(largest, fn.complexity)
	}
	return row{
		name: "largest cyclomatic complexity", aim: "≤ 15", bound: 15, slack: 2,
		value: float64(largest), worst: worst(functions, func(f function) int { return f.complexity }, 15),
		others: []string{"13", "62", "40", "45", "31", "46", "16"},
	}
}

func filesRow(sources []*source) row {
	var long []string
	for _, src := range sources {
		if src.lines > 500 {
			long = append(long, fmt.Sprintf("%s (%d)", src.path, src.lines))
		}
	}
	return row{
		name: "files over 500 lines, tests included", aim: "0",
		value: float64(len(long)), worst: long,
		others: []string{"2", "14", "22", "22", "5", "14", "0"},
	}
}

func identifiersRow(identifiers []identifier) row {
	var bare []string
	for _, id := range identifiers {
		if !id.documented {
			bare = append(bare, id.name)
		}
	}
	return row{
		name: "exported identifiers documented", aim: "≥ 98 %", bound: 98, least: true, slack: 1, decimals: 1, unit: " %",
		value: share(len(identifiers)-len(bare), len(identifiers), 100), worst: bare,
		others: []string{"78 %", "94 %", "44 %", "86 %", "93 %", "70 %", "44 %"},
	}
}

func packagesRow(documented map[string]bool) row {
	var bare []string
	for dir, ok := range documented {
		if !ok {
			bare = append(bare, dir)
		}
	}
	slices.Sort(bare)
	return row{
		name: "packages documented", aim: "100 %", bound: 100, least: true, slack: 1, decimals: 1, unit: " %",
		value: share(len(documented)-len(bare), len(documented), 100), worst: bare,
		others: []string{"0", "96 %", "34 %", "84 %", "79 %", "2 %", "0"},
	}
}

// variablesRow counts; that none is mutable is a habit of its own.
func variablesRow(variables []string) row {
	return row{
		name: "package-level variables (not errors, not regexps, not embeds)", aim: "few, none mutable", bound: 30, slack: 4,
		value: float64(len(variables)), worst: variables,
		others: []string{"18", "95", "34", "294", "136", "60", "4"},
	}
}

// testsRow counts suites and test tools as tests, and code lines only.
func testsRow(sources []*source) row {
	var tests, code int
	for _, src := range sources {
		if production(src) {
			code += codeLines(src)
		} else {
			tests += codeLines(src)
		}
	}
	return row{
		name: "test lines per production line", aim: "about 1", bound: 0.6, least: true, slack: 0.15, decimals: 2,
		value:  share(tests, code, 100) / 100,
		worst:  []string{fmt.Sprintf("%d lines of tests for %d of code", tests, code)},
		others: []string{"0.28", "0.43", "1.11", "0.83", "0.71", "0.84", "0.26"},
	}
}

// worst names the functions beyond the bound, the worst first.
func worst(functions []function, measure func(function) int, bound int) []string {
	beyond := slices.DeleteFunc(slices.Clone(functions), func(f function) bool { return measure(f) <= bound })
	slices.SortStableFunc(beyond, func(a, b function) int { return measure(b) - measure(a) })
	names := make([]string, len(beyond))
	for i, fn := range beyond {
		names[i] = fmt.Sprintf("%s (%d)", fn.name, measure(fn))
	}
	return names
}

// table renders the rows as Markdown.
func table(rows []row) string {
	var b strings.Builder
	line := func(cells ...string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(slices.Concat([]string{"hand-written Go", "Jinghe", "aim"}, otherNames())...)
	line(slices.Repeat([]string{"---"}, 3+len(otherNames()))...)
	for _, r := range rows {
		line(slices.Concat([]string{r.name, "**" + r.String() + "**", r.aim}, r.others)...)
	}
	return b.String()
}

// withTable puts the table between the markers of the document.
func withTable(document, table string) (string, error) {
	before, rest, ok := strings.Cut(document, boardBegin)
	if !ok {
		return "", fmt.Errorf("no line %s for the scoreboard", boardBegin)
	}
	_, after, ok := strings.Cut(rest, boardEnd)
	if !ok {
		return "", fmt.Errorf("no line %s for the scoreboard", boardEnd)
	}
	return before + boardBegin + "\n" + table + boardEnd + after, nil
}

// stale lists the rows whose printed figure has moved away from the measured
// one by more than its slack, so that not every commit has to touch the table.
func stale(document string, rows []row) []string {
	const command = "go test ./internal/archtest -run Scoreboard -update"
	_, rest, _ := strings.Cut(document, boardBegin)
	printed, _, ok := strings.Cut(rest, boardEnd)
	if !ok {
		return []string{fmt.Sprintf("ARCHITECTURE.md has no lines %s and %s: put them where the table belongs, then %s", boardBegin, boardEnd, command)}
	}
	var findings []string
	for _, r := range rows {
		value, err := printedValue(printed, r)
		if err != nil {
			findings = append(findings, fmt.Sprintf("scoreboard in ARCHITECTURE.md: %v; write it anew: %s", err, command))
		} else if math.Abs(value-r.value) > r.slack+0.05 {
			findings = append(findings, fmt.Sprintf("scoreboard in ARCHITECTURE.md: %s is printed as %v and measured as %s; write it anew: %s", r.name, value, r, command))
		}
	}
	return findings
}

// printedValue reads one figure back out of the printed table.
func printedValue(printed string, r row) (float64, error) {
	_, rest, ok := strings.Cut(printed, "| "+r.name+" | **")
	cell, _, closed := strings.Cut(rest, r.unit+"** |")
	if !ok || !closed {
		return 0, fmt.Errorf("no row %q", r.name)
	}
	value, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return 0, fmt.Errorf("row %q: %w", r.name, err)
	}
	return value, nil
}
