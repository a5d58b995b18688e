package house

import (
	"fmt"
	"go/ast"
	"regexp"
	"strings"
)

// guidesRule finds tests that a guide names and that do not exist. A test is
// named by its package's folder and its name: internal/link.TestPair.
func guidesRule(t *tree) []finding {
	tests := map[string]bool{}
	for _, s := range t.sources {
		for _, decl := range s.ast.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && s.test && f.Recv == nil {
				tests[s.dir+"."+f.Name.Name] = true
			}
		}
	}
	var found []finding
	named := 0
	for _, file := range t.files {
		if !within(file, "templates/guides") {
			continue
		}
		for _, name := range testMention.FindAllString(string(t.text[file]), -1) {
			named++
			if name = strings.Trim(name, "`"); !tests[name] {
				found = append(found, finding{file, fmt.Sprintf("names %s, which does not exist", name)})
			}
		}
	}
	if named == 0 {
		found = append(found, finding{"templates/guides", "name no test: the rule looks in the wrong place"})
	}
	return found
}

// testMention is a test's name in code marks.
var testMention = regexp.MustCompile("`internal/[a-z0-9/]+\\.Test[A-Za-z0-9]+`")
