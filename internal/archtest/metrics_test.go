package archtest

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// function is one function or method with a body, function literals included
// in the one around them.
type function struct {
	name       string // for messages: place and name
	lines      int    // from func to the closing brace, both counted
	complexity int    // cyclomatic, as McCabe counts it
}

// functions measures those of the given sources.
func (p *tree) functions(sources []*source) []function {
	var found []function
	for _, src := range sources {
		for _, decl := range src.file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			found = append(found, function{
				name:       p.at(fn) + " " + fn.Name.Name,
				lines:      p.fset.Position(fn.End()).Line - p.fset.Position(fn.Pos()).Line + 1,
				complexity: complexity(fn),
			})
		}
	}
	return found
}

// complexity is 1 plus the number of places where control may branch: if, for,
// each case that names a condition, && and ||.
func complexity(fn *ast.FuncDecl) int {
	n := 1
	ast.Inspect(fn, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
			n++
		case *ast.CaseClause:
			if node.List != nil {
				n++
			}
		case *ast.CommClause:
			if node.Comm != nil {
				n++
			}
		case *ast.BinaryExpr:
			if node.Op == token.LAND || node.Op == token.LOR {
				n++
			}
		}
		return true
	})
	return n
}

// percentile returns the smallest value that at least the given share (0–1) of
// the values do not exceed: the nearest-rank method. 0 for no values.
func percentile(values []int, share float64) int {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(share * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

// identifier is an exported name that other packages can see.
type identifier struct {
	name       string // for messages: place and name
	documented bool
}

// exported lists functions, methods of exported types, types, constants and
// variables. A comment on a group documents its members. Names in package main
// cannot be seen from outside and do not count.
func (p *tree) exported(sources []*source) []identifier {
	var found []identifier
	add := func(name *ast.Ident, documented bool) {
		if name.IsExported() {
			found = append(found, identifier{p.at(name) + " " + name.Name, documented})
		}
	}
	for _, src := range sources {
		if src.file.Name.Name == "main" {
			continue
		}
		for _, decl := range src.file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if visibleReceiver(decl) {
					add(decl.Name, decl.Doc != nil)
				}
			case *ast.GenDecl:
				eachSpec(decl, func(name *ast.Ident, documented bool) { add(name, documented) })
			}
		}
	}
	return found
}

// eachSpec calls f for each name that the declaration introduces.
func eachSpec(decl *ast.GenDecl, f func(name *ast.Ident, documented bool)) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			f(spec.Name, decl.Doc != nil || spec.Doc != nil || spec.Comment != nil)
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				f(name, decl.Doc != nil || spec.Doc != nil || spec.Comment != nil)
			}
		}
	}
}

func visibleReceiver(fn *ast.FuncDecl) bool {
	if fn.Recv == nil {
		return true
	}
	expr := fn.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.Ident:
			return e.IsExported()
		default:
			return false
		}
	}
}

// packageDocs tells for each package directory whether one of its files has a
// package comment.
func packageDocs(sources []*source) map[string]bool {
	documented := map[string]bool{}
	for _, src := range sources {
		documented[src.dir] = documented[src.dir] || src.file.Doc != nil
	}
	return documented
}

// packageVariables lists variables at package level that are not errors, not
// regular expressions, not embedded files and not mere assertions to _.
func (p *tree) packageVariables(sources []*source) []string {
	var found []string
	for _, src := range sources {
		for _, decl := range src.file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.VAR {
				continue
			}
			for _, spec := range group.Specs {
				values := spec.(*ast.ValueSpec)
				for i, name := range values.Names {
					if name.Name != "_" && !harmless(src, group, values, i) {
						found = append(found, p.at(name)+" "+name.Name)
					}
				}
			}
		}
	}
	return found
}

func harmless(src *source, group *ast.GenDecl, values *ast.ValueSpec, i int) bool {
	name := values.Names[i].Name
	if rest, ok := cutFold(name, "err"); ok && (rest == "" || ast.IsExported(rest)) {
		return true
	}
	for _, doc := range []*ast.CommentGroup{group.Doc, values.Doc} {
		if doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") }) {
			return true
		}
	}
	if i >= len(values.Values) {
		return false
	}
	call, ok := values.Values[i].(*ast.CallExpr)
	return ok && (calls(src, call, "errors", "New") || calls(src, call, "fmt", "Errorf") ||
		calls(src, call, "regexp", "MustCompile"))
}

// cutFold cuts a prefix whatever its case.
func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// calls tells whether the call is to the named function of the package.
func calls(src *source, call *ast.CallExpr, importPath, name string) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	base, ok := selector.X.(*ast.Ident)
	return ok && base.Name == src.nameOf(importPath)
}

// codeLines counts lines that hold code: neither blank nor comment alone.
func codeLines(src *source) int {
	file := token.NewFileSet().AddFile(path.Base(src.path), -1, len(src.text))
	var s scanner.Scanner
	s.Init(file, src.text, nil, 0)
	lines := map[int]bool{}
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			return len(lines)
		}
		if tok == token.SEMICOLON && literal == "\n" {
			continue // put in by the scanner
		}
		first := file.Line(pos)
		for i := range strings.Count(literal, "\n") + 1 {
			lines[first+i] = true
		}
	}
}

// share renders part of whole in percent; an empty whole counts as nothing wrong.
func share(part, whole int, empty float64) float64 {
	if whole == 0 {
		return empty
	}
	return 100 * float64(part) / float64(whole)
}

// figure renders a number with at most the given decimals.
func figure(value float64, decimals int) string {
	text := strconv.FormatFloat(value, 'f', decimals, 64)
	if decimals > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
