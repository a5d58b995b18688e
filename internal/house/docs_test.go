package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
)

// packageCommentRule finds packages that do not say what they are for.
func packageCommentRule(t *tree) []finding {
	var found []finding
	for _, folder := range t.packages() {
		if !slices.ContainsFunc(folder.sources, func(s *source) bool { return s.ast.Doc.Text() != "" }) {
			found = append(found, finding{folder.dir, "has no package comment"})
		}
	}
	return found
}

// exportedCommentRule finds exported names without a comment: top-level names,
// methods of exported types, and methods of exported interfaces. Commands and
// tests export to nobody.
func exportedCommentRule(t *tree) []finding {
	var found []finding
	for _, s := range t.sources {
		if s.test || s.ast.Name.Name == "main" || ast.IsGenerated(s.ast) {
			continue
		}
		for _, decl := range s.ast.Decls {
			for _, name := range undocumented(decl) {
				found = append(found, finding{t.where(name), fmt.Sprintf("%s has no comment", name.Name)})
			}
		}
	}
	return found
}

// undocumented are the exported names that a declaration makes and does not
// explain.
func undocumented(decl ast.Decl) []*ast.Ident {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc.Text() == "" && (d.Recv == nil || ast.IsExported(receiver(d))) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		var names []*ast.Ident
		for _, spec := range d.Specs {
			names = append(names, undocumentedSpec(d, spec)...)
		}
		return names
	}
	return nil
}

// undocumentedSpec is undocumented for one line of a declaration. A comment over
// a group of constants or variables speaks for all of them; types need their own.
func undocumentedSpec(d *ast.GenDecl, spec ast.Spec) []*ast.Ident {
	var names []*ast.Ident
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if !s.Name.IsExported() {
			return nil
		}
		if s.Doc.Text() == "" && (d.Lparen.IsValid() || d.Doc.Text() == "") {
			names = append(names, s.Name)
		}
		if methods, ok := s.Type.(*ast.InterfaceType); ok {
			names = append(names, undocumentedMethods(methods)...)
		}
	case *ast.ValueSpec:
		if d.Tok != token.CONST && d.Tok != token.VAR || d.Doc.Text() != "" || s.Doc.Text() != "" || s.Comment.Text() != "" {
			return nil
		}
		for _, name := range s.Names {
			if name.IsExported() {
				names = append(names, name)
			}
		}
	}
	return names
}

// undocumentedMethods are an interface's methods without a comment. Embedded
// interfaces explain themselves, and an interface of one method explains that.
func undocumentedMethods(methods *ast.InterfaceType) []*ast.Ident {
	if len(methods.Methods.List) == 1 {
		return nil
	}
	var names []*ast.Ident
	for _, m := range methods.Methods.List {
		if _, ok := m.Type.(*ast.FuncType); !ok || m.Doc.Text() != "" || m.Comment.Text() != "" {
			continue
		}
		for _, name := range m.Names {
			if name.IsExported() {
				names = append(names, name)
			}
		}
	}
	return names
}

// receiver is the name of the type that a method belongs to.
func receiver(d *ast.FuncDecl) string {
	expr := d.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}
