package aws

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// behaviours is how many behaviours of AWS the table holds to.
const behaviours = 38

// declared are the tests of this folder and the fields of Switches.
func declared(t *testing.T) (tests, switches map[string]bool) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	ok(t, err)
	tests, switches = map[string]bool{}, map[string]bool{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		ok(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				tests[n.Name.Name] = strings.HasSuffix(name, "_test.go") && n.Recv == nil
			case *ast.TypeSpec:
				if s, isStruct := n.Type.(*ast.StructType); isStruct && n.Name.Name == "Switches" {
					for _, field := range s.Fields.List {
						for _, ident := range field.Names {
							switches[ident.Name] = true
						}
					}
				}
			}
			return true
		})
	}
	return tests, switches
}

// tableProblems is what is wrong with the table of AWS's behaviours in a README.
func tableProblems(readme string, tests, switches map[string]bool) []string {
	_, section, found := strings.Cut(readme, "\n## AWS\n")
	if !found {
		return []string{"there is no section AWS"}
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var problems []string
	complain := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	names := regexp.MustCompile("`([^`]*)`")
	row := regexp.MustCompile(`(?m)^\| (\d+) \| (.*) \| (.*) \|(.*)\|(.*)\|$`)
	seen, named := map[int]int{}, map[string]bool{}
	for _, cells := range row.FindAllStringSubmatch(section, -1) {
		n, _ := strconv.Atoi(cells[1])
		seen[n]++
		if !slices.Contains([]string{"S", "I", "S I"}, cells[3]) {
			complain("row %d has source %q", n, cells[3])
		}
		for _, name := range names.FindAllStringSubmatch(cells[4], -1) {
			named[name[1]] = true
			if !switches[name[1]] {
				complain("row %d names switch %s, which does not exist", n, name[1])
			}
		}
		held := names.FindAllStringSubmatch(cells[5], -1)
		if len(held) == 0 {
			complain("row %d has no test", n)
		}
		for _, name := range held {
			if !tests[name[1]] {
				complain("row %d names test %s, which does not exist", n, name[1])
			}
		}
	}
	for n := range behaviours {
		if seen[n+1] != 1 {
			complain("row %d is there %d times", n+1, seen[n+1])
		}
	}
	if len(seen) > behaviours {
		complain("there are %d rows, not %d", len(seen), behaviours)
	}
	for name := range switches {
		if !named[name] {
			complain("no row names switch %s", name)
		}
	}
	slices.Sort(problems)
	return problems
}

// TestBehaviours holds the table of behaviours to the tests and the switches
// that exist.
func TestBehaviours(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	ok(t, err)
	tests, switches := declared(t)
	for _, problem := range tableProblems(string(readme), tests, switches) {
		t.Error(problem)
	}
}

// TestBehavioursTableIsRead holds that the check finds what is wrong.
func TestBehavioursTableIsRead(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	ok(t, err)
	tests, switches := declared(t)
	for _, tc := range []struct{ old, new, want string }{
		{"| 7 |", "| 8 |", "row 7 is there 0 times"},
		{"`TestPaging`", "`TestPages`", "row 10 names test TestPages, which does not exist"},
		{"`KeyTTL`", "`KeyTL`", "row 17 names switch KeyTL, which does not exist"},
		{"`BillingTier`", "", "no row names switch BillingTier"},
		{"| S | | `TestModelConstraints` `TestModelTypes` |", "| S | | |", "row 4 has no test"},
		{"| I | | `TestKeyOf", "| maybe | | `TestKeyOf", `row 32 has source "maybe"`},
		{"\n## AWS\n", "\n## Azure\n", "there is no section AWS"},
	} {
		broken := strings.ReplaceAll(string(readme), tc.old, tc.new)
		if got := tableProblems(broken, tests, switches); !slices.Contains(got, tc.want) {
			t.Errorf("%q in place of %q: found %q, want %q", tc.new, tc.old, got, tc.want)
		}
	}
}
