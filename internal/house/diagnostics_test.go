package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// diagnosticsPage is the page that users find a message on.
const diagnosticsPage = "templates/guides/diagnostics.md.tmpl"

// diagnosticsRule finds codes, pairing statuses and summaries of diagnostics that
// are not on the page, and codes that are there and nowhere else.
func diagnosticsRule(t *tree) []finding {
	page := string(t.text[diagnosticsPage])
	var found []finding
	used := map[string]bool{}
	for _, s := range t.sources {
		if s.test {
			continue
		}
		for status, at := range constantsOf(s, "Status") {
			if !strings.Contains(page, "\n| `"+status+"`") {
				found = append(found, finding{t.where(at), fmt.Sprintf("the status %q has no row in %s", status, diagnosticsPage)})
			}
		}
		for code, at := range constantsOf(s, "Code") {
			used[code] = true
			if !strings.Contains(page, "\n### `"+code+"`\n") {
				found = append(found, finding{t.where(at), fmt.Sprintf("the code %q has no heading in %s", code, diagnosticsPage)})
			}
		}
		if !within(s.dir, "internal/service") && !within(s.dir, "internal/provider") {
			continue
		}
		for _, summary := range summariesOf(s) {
			if text, err := strconv.Unquote(summary.Value); err == nil && text != "" && !strings.Contains(page, "\n| "+text+" |") {
				found = append(found, finding{t.where(summary), fmt.Sprintf("the summary %q has no row in %s", text, diagnosticsPage)})
			}
		}
	}
	for _, m := range codeHeading.FindAllStringSubmatch(page, -1) {
		if !used[m[1]] {
			found = append(found, finding{diagnosticsPage, fmt.Sprintf("explains the code %q, which does not exist", m[1])})
		}
	}
	return found
}

// codeHeading is the heading of a code.
var codeHeading = regexp.MustCompile("(?m)^### `([a-z_]+)`$")

// constantsOf are the constants of a type of the domain: of package link, or, where
// it is written without the package's name, of package attachment.
func constantsOf(s *source, name string) map[string]*ast.ValueSpec {
	codes := map[string]*ast.ValueSpec{}
	for _, decl := range s.ast.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.CONST {
			continue
		}
		for _, spec := range d.Specs {
			v, ok := spec.(*ast.ValueSpec)
			if !ok || !isDomainType(s.dir, v.Type, name) {
				continue
			}
			for _, value := range v.Values {
				if l, ok := value.(*ast.BasicLit); ok {
					if text, err := strconv.Unquote(l.Value); err == nil {
						codes[text] = v
					}
				}
			}
		}
	}
	return codes
}

// isDomainType says that a type, as it is written in a folder, is the domain's of a
// name.
func isDomainType(dir string, typ ast.Expr, name string) bool {
	switch t := typ.(type) {
	case *ast.Ident:
		return t.Name == name && (dir == "internal/link" || dir == "internal/attachment")
	case *ast.SelectorExpr:
		x, ok := t.X.(*ast.Ident)
		return ok && x.Name == "link" && t.Sel.Name == name
	}
	return false
}

// addsDiagnostic are the framework's functions that make a diagnostic, with the
// place of the summary among their arguments.
var addsDiagnostic = map[string]int{
	"AddError": 0, "AddWarning": 0, "NewErrorDiagnostic": 0, "NewWarningDiagnostic": 0,
	"AddAttributeError": 1, "AddAttributeWarning": 1, "NewAttributeErrorDiagnostic": 1, "NewAttributeWarningDiagnostic": 1,
}

// summariesOf are the summaries that stand in the source as they are.
func summariesOf(s *source) []*ast.BasicLit {
	var all []*ast.BasicLit
	ast.Inspect(s.ast, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		at, ok := addsDiagnostic[f.Sel.Name]
		if !ok || at >= len(call.Args) {
			return true
		}
		if l, ok := call.Args[at].(*ast.BasicLit); ok && l.Kind == token.STRING && !slices.Contains(all, l) {
			all = append(all, l)
		}
		return true
	})
	return all
}
