package archtest

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"testing"
)

func TestNoInit(t *testing.T) {
	t.Parallel()
	report(t, noInit(realTree(t)))
}

// noInit forbids work that happens because a package is imported: order and
// cost of a start must be visible in internal/app.
func noInit(p *tree) []string {
	var findings []string
	for _, src := range p.selects(handWritten) {
		for _, decl := range src.file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				findings = append(findings, p.at(fn)+": func init: do it in a constructor that somebody calls")
			}
		}
	}
	return findings
}

func TestNoSleep(t *testing.T) {
	t.Parallel()
	report(t, noSleep(realTree(t)))
}

// noSleep forbids time.Sleep everywhere: a test that sleeps is slow or flaky,
// and a service that sleeps does not hear that it should stop. Inside a bubble
// of testing/synctest time is invented, and sleeping is how a test passes it.
func noSleep(p *tree) []string {
	var findings []string
	for _, src := range p.selects(handWritten) {
		ast.Inspect(src.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if calls(src, call, "time", "Sleep") {
				findings = append(findings, p.at(call)+": time.Sleep: wait for the event itself, or for a timer and the context together")
			}
			return !calls(src, call, "testing/synctest", "Test")
		})
	}
	return findings
}

func TestNoHiddenClockOrDice(t *testing.T) {
	t.Parallel()
	report(t, noHiddenClockOrDice(realTree(t)))
}

// noHiddenClockOrDice forbids reading the time or the global random source on
// the lower floors: what they compute must be repeatable. As a value, time.Now
// may be the default of a field that callers can replace.
func noHiddenClockOrDice(p *tree) []string {
	lower := func(s *source) bool {
		r, ok := roomOf(s.dir)
		return ok && r.floor <= 2 && (r.kind == plain || r.kind == service)
	}
	var findings []string
	for _, src := range p.selects(handWritten, production, lower) {
		ast.Inspect(src.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			switch {
			case !ok:
			case calls(src, call, "time", "Now"), calls(src, call, "time", "Since"), calls(src, call, "time", "Until"):
				findings = append(findings, p.at(call)+": reads the clock: take the time, or a clock, from the caller")
			case rollsGlobalDice(src, call):
				findings = append(findings, p.at(call)+": uses the global random source: take a *rand.Rand or a seed from the caller")
			}
			return true
		})
	}
	return findings
}

func rollsGlobalDice(src *source, call *ast.CallExpr) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	base, ok := selector.X.(*ast.Ident)
	if !ok || base.Name != src.nameOf("math/rand") && base.Name != src.nameOf("math/rand/v2") {
		return false
	}
	constructors := []string{"New", "NewPCG", "NewChaCha8", "NewSource", "NewZipf"}
	return !slices.Contains(constructors, selector.Sel.Name)
}

func TestPackageNames(t *testing.T) {
	t.Parallel()
	report(t, packageNames(realTree(t)))
}

// packageNames refuses drawers that anything could go into.
func packageNames(p *tree) []string {
	drawers := []string{"util", "utils", "common", "helper", "helpers", "model", "models", "misc", "shared", "types", "base"}
	var findings []string
	for dir := range packageDocs(p.sources) {
		if slices.Contains(drawers, path.Base(dir)) {
			findings = append(findings, dir+": the name says nothing: name the package after what it provides")
		}
	}
	return findings
}

func TestNoMutablePackageVariables(t *testing.T) {
	t.Parallel()
	report(t, mutableVariables(realTree(t)))
}

// mutableVariables finds package variables that production code writes to, and
// those whose type is there to change (locks, atomics, channels). State belongs
// to a value that somebody constructs, so that two can live side by side.
func mutableVariables(p *tree) []string {
	packages := map[string][]*source{}
	for _, src := range p.selects(func(s *source) bool { return !s.test }) {
		packages[src.dir] = append(packages[src.dir], src)
	}
	var findings []string
	for dir, sources := range packages {
		w := writes{tree: p, info: resolve(p, dir, sources)}
		for _, src := range sources {
			if src.generated {
				continue
			}
			w.declarations(src)
			ast.Inspect(src.file, func(n ast.Node) bool {
				w.look(n)
				return true
			})
		}
		findings = append(findings, w.findings...)
	}
	return findings
}

// noImports makes the type checker do without other packages: names and scopes
// of one package are all that is asked of it.
type noImports struct{}

func (noImports) Import(string) (*types.Package, error) {
	return nil, errors.New("imports are not followed")
}

// resolve finds what each identifier of a package stands for, as far as that
// can be told from the package alone.
func resolve(p *tree, dir string, sources []*source) *types.Info {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{
		Importer:                 noImports{},
		Error:                    func(error) {}, // expected: nothing imported is known
		DisableUnusedImportCheck: true,
	}
	files := make([]*ast.File, len(sources))
	for i, src := range sources {
		files[i] = src.file
	}
	_, _ = config.Check(path.Join(module, dir), p.fset, files, info)
	return info
}

// writes collects what changes package variables.
type writes struct {
	tree     *tree
	info     *types.Info
	findings []string
}

// declarations looks at the types of package variables.
func (w *writes) declarations(src *source) {
	for _, decl := range src.file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			values := spec.(*ast.ValueSpec)
			exprs := values.Values
			if values.Type != nil {
				exprs = []ast.Expr{values.Type}
			}
			if values.Names[0].Name != "_" && slices.ContainsFunc(exprs, func(e ast.Expr) bool { return isState(src, e) }) {
				w.findings = append(w.findings, w.tree.at(values)+": package variable "+values.Names[0].Name+" is state by its type: make it a field of what uses it")
			}
		}
	}
}

// isState recognises sync.Mutex, &sync.Pool{…}, atomic.Int64, make(chan T), …
// but not sync.OnceValue, which computes a constant when it is first needed.
func isState(src *source, expr ast.Expr) bool {
	switch e := expr.(type) {
	case *ast.ChanType:
		return true
	case *ast.UnaryExpr:
		return isState(src, e.X)
	case *ast.StarExpr:
		return isState(src, e.X)
	case *ast.CompositeLit:
		return e.Type != nil && isState(src, e.Type)
	case *ast.IndexExpr:
		return isState(src, e.X)
	case *ast.CallExpr:
		name, ok := e.Fun.(*ast.Ident)
		return ok && (name.Name == "make" || name.Name == "new") && len(e.Args) > 0 && isState(src, e.Args[0])
	case *ast.SelectorExpr:
		base, ok := e.X.(*ast.Ident)
		return ok && (base.Name == src.nameOf("sync") || base.Name == src.nameOf("sync/atomic"))
	default:
		return false
	}
}

// look notes a statement or expression that writes to a package variable.
func (w *writes) look(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			w.target(n.Lhs...)
		}
	case *ast.IncDecStmt:
		w.target(n.X)
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			w.target(n.Key, n.Value)
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			w.target(n.X)
		}
	case *ast.CallExpr:
		if name, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && slices.Contains([]string{"delete", "clear", "copy"}, name.Name) {
			w.target(n.Args[0])
		}
	}
}

// target notes expressions whose root is a package variable.
func (w *writes) target(exprs ...ast.Expr) {
	for _, expr := range exprs {
		root := w.root(expr)
		if root == nil {
			continue
		}
		switch object := w.info.Uses[root].(type) {
		case *types.Var:
			if object.Pkg() != nil && object.Parent() == object.Pkg().Scope() {
				w.findings = append(w.findings, w.tree.at(root)+": package variable "+root.Name+" is written to (or its address taken): make it a field of what uses it")
			}
		case *types.PkgName:
			w.findings = append(w.findings, w.tree.at(root)+": a variable of package "+root.Name+" is written to: pass the value instead")
		}
	}
}

// root returns x for x, x.f, x[i], *x and their nestings, nil for others.
func (w *writes) root(expr ast.Expr) *ast.Ident {
	for {
		switch e := expr.(type) {
		case *ast.Ident:
			return e
		case *ast.ParenExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.SliceExpr:
			expr = e.X
		case *ast.StarExpr:
			expr = e.X
		case *ast.SelectorExpr:
			expr = e.X
		default:
			return nil
		}
	}
}
