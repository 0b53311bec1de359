package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

// module is the import path of this program.
const module = "jinghe"

// source is one parsed Go file.
type source struct {
	path      string // slash-separated, from the root of the module
	dir       string // directory of path; "." for the root
	test      bool   // name ends in _test.go
	generated bool   // carries the standard "Code generated" line
	lines     int
	text      []byte
	file      *ast.File
}

// tree is every hand-written and generated Go file of the module.
type tree struct {
	fset    *token.FileSet
	sources []*source
}

// thisModule is parsed once: every rule reads it and none writes to it.
var thisModule = sync.OnceValues(func() (*tree, error) { return parseTree(os.DirFS("../..")) })

// realTree returns the sources of this module.
func realTree(t *testing.T) *tree {
	t.Helper()
	parsed, err := thisModule()
	if err != nil {
		t.Fatal(err)
	}
	if len(parsed.sources) < 10 {
		t.Fatalf("only %d Go files found: the rules would judge nothing", len(parsed.sources))
	}
	return parsed
}

// fakeTree parses an invented module, given as path and content.
func fakeTree(t *testing.T, files map[string]string) *tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, content := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	parsed, err := parseTree(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// moduleRoot is the directory of this module's go.mod.
func moduleRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	return root
}

// parseTree reads all Go files except those the go command leaves out too:
// nested modules, testdata, vendor, names that begin with a dot or underscore.
func parseTree(fsys fs.FS) (*tree, error) {
	parsed := &tree{fset: token.NewFileSet()}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && isForeign(fsys, name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		src, err := parsed.parse(fsys, name)
		if err != nil {
			return err
		}
		parsed.sources = append(parsed.sources, src)
		return nil
	})
	return parsed, err
}

func isForeign(fsys fs.FS, dir string) bool {
	base := path.Base(dir)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "vendor" {
		return true
	}
	_, err := fs.Stat(fsys, path.Join(dir, "go.mod"))
	return err == nil
}

func (p *tree) parse(fsys fs.FS, name string) (*source, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(p.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	return &source{
		path:      name,
		dir:       path.Dir(name),
		test:      strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(file),
		lines:     p.fset.File(file.Pos()).LineCount(),
		text:      text,
		file:      file,
	}, nil
}

// at renders the place of a node for a message.
func (p *tree) at(n ast.Node) string {
	position := p.fset.Position(n.Pos())
	return position.Filename + ":" + strconv.Itoa(position.Line)
}

// selects returns the sources that satisfy all conditions, in order of path.
func (p *tree) selects(conditions ...func(*source) bool) []*source {
	var chosen []*source
	for _, src := range p.sources {
		if !slices.ContainsFunc(conditions, func(holds func(*source) bool) bool { return !holds(src) }) {
			chosen = append(chosen, src)
		}
	}
	return chosen
}

func handWritten(s *source) bool { return !s.generated }

func production(s *source) bool { return !s.test && !isTestRoom(s.dir) }

// imports returns the import path of each import with its node.
func (s *source) imports() map[string]*ast.ImportSpec {
	found := map[string]*ast.ImportSpec{}
	for _, spec := range s.file.Imports {
		if value, err := strconv.Unquote(spec.Path.Value); err == nil {
			found[value] = spec
		}
	}
	return found
}

// nameOf returns the name under which the file refers to the package with the
// given import path, "" where it does not import it.
func (s *source) nameOf(importPath string) string {
	spec, ok := s.imports()[importPath]
	switch {
	case !ok:
		return ""
	case spec.Name != nil:
		return spec.Name.Name
	}
	base := path.Base(importPath)
	if strings.HasPrefix(base, "v") && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(importPath))
	}
	return base
}

// report fails the test with each finding.
func report(t *testing.T, findings []string) {
	t.Helper()
	slices.Sort(findings)
	for _, finding := range findings {
		t.Error(finding)
	}
}

// expectFindings checks that a rule, tried on an invented tree, found exactly
// what each wanted fragment names.
func expectFindings(t *testing.T, got []string, want ...string) {
	t.Helper()
	slices.Sort(got)
	if len(got) != len(want) {
		t.Fatalf("%d findings, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i, fragment := range want {
		if !strings.Contains(got[i], fragment) {
			t.Errorf("finding %q does not contain %q", got[i], fragment)
		}
	}
}
