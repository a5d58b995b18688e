package house

import (
	"cmp"
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// The measures, in lines, comments and blank lines included.
const (
	// longestFunction is for any function outside schema files.
	longestFunction = 90
	// usualFunction is what nine functions in ten keep to.
	usualFunction = 45
	// longestFile is for any file that is neither a test nor generated.
	longestFile = 500
)

// function is a function declaration and its size.
type function struct {
	decl  *ast.FuncDecl
	lines int
}

// functionLengthRule finds functions that are too long, and a tree whose
// functions are too long as a whole. Schemas are declarations, not logic: files
// named schema.go or schema_*.go are not counted. Tests are not either; their
// length is their tables.
func functionLengthRule(t *tree) []finding {
	var functions []function
	for _, s := range t.sources {
		base := strings.TrimSuffix(path.Base(s.path), ".go")
		if s.test || ast.IsGenerated(s.ast) || base == "schema" || strings.HasPrefix(base, "schema_") {
			continue
		}
		for _, decl := range s.ast.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok {
				functions = append(functions, function{d, t.lines(d)})
			}
		}
	}
	if len(functions) == 0 {
		return nil
	}
	slices.SortFunc(functions, func(a, b function) int { return cmp.Compare(a.lines, b.lines) })

	var found []finding
	if p90 := functions[(len(functions)*9+9)/10-1]; p90.lines > usualFunction {
		found = append(found, finding{".", fmt.Sprintf(
			"one function in ten has %d lines or more (%s is the shortest of them); at most %d is the measure",
			p90.lines, t.where(p90.decl), usualFunction)})
	}
	for _, f := range functions {
		if f.lines > longestFunction {
			found = append(found, finding{t.where(f.decl), fmt.Sprintf(
				"%s has %d lines, at most %d is the measure", f.decl.Name.Name, f.lines, longestFunction)})
		}
	}
	return found
}

// fileLengthRule finds files that are too long.
func fileLengthRule(t *tree) []finding {
	var found []finding
	for _, s := range t.sources {
		if s.test || ast.IsGenerated(s.ast) {
			continue
		}
		if lines := t.fset.File(s.ast.Package).LineCount(); lines > longestFile {
			found = append(found, finding{s.path, fmt.Sprintf("has %d lines, at most %d is the measure", lines, longestFile)})
		}
	}
	return found
}

// noSleepRule finds time.Sleep, in tests too: a sleep cannot be cancelled, and a
// test that sleeps depends on the machine's speed. Tests with testing/synctest
// may, because their time is not the machine's.
func noSleepRule(t *tree) []finding {
	var found []finding
	for _, s := range t.sources {
		name, bubble := "", false
		for spec, target := range s.imports {
			switch {
			case target == "testing/synctest":
				bubble = true
			case target == "time" && spec.Name != nil:
				name = spec.Name.Name
			case target == "time":
				name = "time"
			}
		}
		if name == "" || bubble {
			continue
		}
		ast.Inspect(s.ast, func(node ast.Node) bool {
			if sel, ok := node.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sleep" {
				if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == name {
					found = append(found, finding{t.where(sel), "calls time.Sleep"})
				}
			}
			return true
		})
	}
	return found
}
