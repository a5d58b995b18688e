package house

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// function of n lines, n at least 2.
func functionOf(n int) string {
	return "package link\n\nfunc f() {\n" + strings.Repeat("\t_ = 0\n", n-2) + "}\n"
}

// importing is a Go file of the package at dir that imports the targets.
func importing(targets ...string) string {
	return "package p\n\nimport (\n\t_ \"" + strings.Join(targets, "\"\n\t_ \"") + "\"\n)\n"
}

// broken is a made-up tree and what a rule says of it; "" means that it is in
// order.
type broken struct {
	files map[string]string
	want  string
}

// one is a tree of one file.
func one(name, text, want string) broken { return broken{map[string]string{name: text}, want} }

// TestRulesCanFail holds each rule against trees that break it and against
// trees that only look as if they did.
func TestRulesCanFail(t *testing.T) {
	for rule, cases := range fixtures() {
		check := rules()[rule].check
		if check == nil {
			t.Fatalf("there is no rule %q", rule)
		}
		for name, c := range cases {
			t.Run(rule+"/"+name, func(t *testing.T) { c.holdAgainst(t, check) })
		}
	}
	for rule := range rules() {
		if _, ok := fixtures()[rule]; !ok {
			t.Errorf("rule %q has no tree that breaks it", rule)
		}
	}
}

// holdAgainst checks that the rule says of the tree what is wanted.
func (b broken) holdAgainst(t *testing.T, check func(*tree) []finding) {
	t.Helper()
	fsys := fstest.MapFS{"main.go": {Data: []byte("// Command p does nothing.\npackage main\n\nfunc main() {}\n")}}
	for name, text := range b.files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := load(fsys, slices.Collect(maps.Keys(fsys)))
	if err != nil {
		t.Fatal(err)
	}
	found := check(tree)
	if b.want == "" {
		if len(found) != 0 {
			t.Errorf("complains about a tree in order: %v", found)
		}
		return
	}
	if len(found) != 1 || !strings.Contains(found[0].String(), b.want) {
		t.Errorf("says %v, want one finding with %q", found, b.want)
	}
}

// fixtures are the trees, by rule and name.
func fixtures() map[string]map[string]broken {
	all := map[string]map[string]broken{}
	maps.Copy(all, importFixtures())
	maps.Copy(all, docFixtures())
	maps.Copy(all, sizeFixtures())
	maps.Copy(all, textFixtures())
	return all
}

func importFixtures() map[string]map[string]broken {
	return map[string]map[string]broken{
		"floors": {
			"down":              one("internal/link/a.go", importing(module+"/internal/cloud"), ""),
			"own room":          one("internal/awsend/a.go", importing(module+"/internal/awsend/interconnect"), ""),
			"up":                one("internal/cloud/a.go", importing(module+"/internal/link"), "internal/cloud/a.go:4: internal/cloud reaches into internal/link"),
			"up from a test":    one("internal/cloud/a_test.go", importing(module+"/internal/link"), ""),
			"main from below":   one("internal/link/a.go", importing(module), "internal/link reaches into ."),
			"beside":            one("internal/awsend/a.go", importing(module+"/internal/googleend"), "reaches into internal/googleend"),
			"beside, deep":      one("internal/awsend/x/a.go", importing(module+"/internal/googleend/y"), "reaches into internal/googleend/y"),
			"neighbour's noun":  one("internal/service/a/a.go", importing(module+"/internal/service/b"), "internal/service/a reaches into internal/service/b"),
			"own noun, deep":    one("internal/service/a/a.go", importing(module+"/internal/service/a/b"), ""),
			"shared by nouns":   one("internal/service/a/a.go", importing(module+"/internal/service"), ""),
			"shared looks in":   one("internal/service/a.go", importing(module+"/internal/service/b"), "internal/service reaches into internal/service/b"),
			"corridor":          one("internal/service/a/a.go", importing(module+"/internal/service/values"), ""),
			"corridor looks in": one("internal/service/values/a.go", importing(module+"/internal/service/a"), "internal/service/values reaches into internal/service/a"),
			"room of no floor":  one("internal/attic/a.go", "package attic\n", "internal/attic: is on no floor"),
			"name begins alike": one("internal/linkage/a.go", "package linkage\n", "internal/linkage: is on no floor"),
			"nested module": {map[string]string{
				"internal/tools/go.mod": "module x\n",
				"internal/tools/a.go":   "package tools\n",
			}, ""},
		},
		"bans": {
			"Terraform in the domain":     one("internal/link/a.go", importing("github.com/hashicorp/terraform-plugin-framework/diag"), "knows no Terraform"),
			"an SDK in the domain's test": one("internal/link/a_test.go", importing("github.com/aws/aws-sdk-go-v2/aws"), "knows no Terraform and no SDK"),
			"an API below the domain":     one("internal/cloud/a.go", importing("google.golang.org/api/googleapi"), "knows no Terraform and no SDK"),
			"an SDK in an end":            one("internal/awsend/a.go", importing("github.com/aws/aws-sdk-go-v2/aws"), ""),
			"the sandbox in the provider": one("internal/provider/a.go", importing(module+"/internal/sandbox/aws"), "carries the sandbox"),
			"the sandbox in a service":    one("internal/service/a/a.go", importing(module+"/internal/sandbox"), "carries the sandbox"),
			"the sandbox in main":         one("a.go", importing(module+"/internal/sandbox"), "carries the sandbox"),
			"the sandbox in a test":       one("internal/provider/a_test.go", importing(module+"/internal/sandbox"), ""),
			"the sandbox in the CLI":      one("internal/cmd/crosscloud/a.go", importing(module+"/internal/sandbox"), ""),
			"an SDK in a service":         one("internal/service/a/a.go", importing("cloud.google.com/go/compute/apiv1"), "a service package translates"),
			"clouds that know each other": one("internal/sandbox/aws/a.go", importing(module+"/internal/sandbox/google"), "only through the open API"),
			"and the other way":           one("internal/sandbox/google/a_test.go", importing(module+"/internal/sandbox/aws"), "only through the open API"),
			"a cloud and its client":      one("internal/sandbox/aws/a.go", importing(module+"/internal/awsend/interconnect"), "does not know its clients"),
		},
		"pure": {
			"third party": one("internal/link/a.go", importing("golang.org/x/time/rate"), "internal/link imports golang.org/x/time/rate"),
			"in a test":   one("internal/link/a_test.go", importing("pgregory.net/rapid"), ""),
			"standard":    one("internal/link/a.go", importing("log/slog", module+"/internal/cloud"), ""),
		},
	}
}

func docFixtures() map[string]map[string]broken {
	return map[string]map[string]broken{
		"package comment": {
			"none":           one("internal/link/a.go", "package link\n", "internal/link: has no package comment"),
			"in a test file": one("internal/link/a_test.go", "// Package link is here.\npackage link\n", ""),
			"detached":       one("internal/link/a.go", "// Package link is here.\n\npackage link\n", "has no package comment"),
			"testdata":       one("internal/link/testdata/a.go", "package a\n", ""),
		},
		"exported comment": {
			"function":           one("internal/link/a.go", "package link\n\nfunc F() {}\n", "internal/link/a.go:3: F has no comment"),
			"documented":         one("internal/link/a.go", "package link\n\n// F does it.\nfunc F() {}\n", ""),
			"a directive only":   one("internal/link/a.go", "package link\n\n//go:noinline\nfunc F() {}\n", "F has no comment"),
			"method":             one("internal/link/a.go", "package link\n\n// T is.\ntype T[E any] struct{}\n\nfunc (*T[E]) M() {}\n", "M has no comment"),
			"method of a secret": one("internal/link/a.go", "package link\n\ntype t struct{}\n\nfunc (*t) M() {}\n", ""),
			"type":               one("internal/link/a.go", "package link\n\ntype T int\n", "T has no comment"),
			"type in a group":    one("internal/link/a.go", "package link\n\n// Types.\ntype (\n\tT int\n)\n", "T has no comment"),
			"constant":           one("internal/link/a.go", "package link\n\nconst C = 1\n", "C has no comment"),
			"constants together": one("internal/link/a.go", "package link\n\n// Sizes.\nconst (\n\tC = 1\n\tD = 2\n)\n", ""),
			"trailing comment":   one("internal/link/a.go", "package link\n\nvar V = 1 // V is one.\n", ""),
			"interface method":   one("internal/link/a.go", "package link\n\n// I is.\ntype I interface {\n\t// A does.\n\tA()\n\tB()\n}\n", "B has no comment"),
			"only method":        one("internal/link/a.go", "package link\n\n// I is.\ntype I interface{ A() }\n", ""),
			"command":            one("internal/cmd/a/a.go", "package main\n\nfunc F() {}\n", ""),
			"test":               one("internal/link/a_test.go", "package link\n\nfunc F() {}\n", ""),
			"generated":          one("internal/link/a.go", "// Code generated by x. DO NOT EDIT.\n\npackage link\n\nfunc F() {}\n", ""),
		},
	}
}

func sizeFixtures() map[string]map[string]broken {
	short := strings.Repeat("\nfunc g() {\n}\n", 20)
	return map[string]map[string]broken{
		"function length": {
			"just fits":    one("internal/link/a.go", functionOf(90)+short, ""),
			"too long":     one("internal/link/a.go", functionOf(91)+short, "internal/link/a.go:3: f has 91 lines"),
			"schema":       one("internal/link/schema.go", functionOf(200)+short, ""),
			"schema, part": one("internal/link/schema_google.go", functionOf(200)+short, ""),
			"test":         one("internal/link/a_test.go", functionOf(200)+short, ""),
			"all longish":  one("internal/link/a.go", functionOf(46)+"\nfunc g() {\n}\n", "one function in ten has 46 lines or more (internal/link/a.go:3"),
			"all usual":    one("internal/link/a.go", functionOf(45)+"\nfunc g() {\n}\n", ""),
		},
		"file length": {
			"just fits": one("internal/link/a.go", "package link\n"+strings.Repeat("//\n", 498), ""),
			"too long":  one("internal/link/a.go", "package link\n"+strings.Repeat("//\n", 500), "internal/link/a.go: has 50"),
			"test":      one("internal/link/a_test.go", "package link\n"+strings.Repeat("//\n", 600), ""),
		},
		"no sleep": {
			"sleeps":      one("internal/link/a.go", "package link\n\nimport \"time\"\n\nfunc f() { time.Sleep(1) }\n", "internal/link/a.go:5: calls time.Sleep"),
			"as value":    one("internal/link/a.go", "package link\n\nimport \"time\"\n\nvar nap = time.Sleep\n", "calls time.Sleep"),
			"renamed":     one("internal/link/a_test.go", "package link\n\nimport t \"time\"\n\nfunc f() { t.Sleep(1) }\n", "calls time.Sleep"),
			"in a bubble": one("internal/link/a_test.go", "package link\n\nimport (\n\t\"testing/synctest\"\n\t\"time\"\n)\n\nfunc f() { time.Sleep(1) }\n", ""),
			"other sleep": one("internal/link/a.go", "package link\n\nimport \"x/time\"\n\nfunc f() { time.Sleep(1) }\n", ""),
		},
	}
}

func textFixtures() map[string]map[string]broken {
	// Written in parts, so that this file keeps the rules it tests.
	home, host := "/ho"+"me/ann/key.json", "proxy.mod"+"ules.example-corp.org"
	const picture = "```\ninternal/\n  sandbox/   aws/ and google/, clock\n  bandwidth/ link/\n    deep/   below both\n```\n"
	return map[string]map[string]broken{
		"top level": {
			"stranger": one("notes.txt", "hello\n", "notes.txt: does not belong"),
			"folder":   one("pkg/a.txt", "hello\n", "pkg: does not belong"),
			"expected": one("README.md", "hello\n", ""),
		},
		"machine paths": {
			"in prose":    one("README.md", "a\nput it in "+home+" and go\n", "README.md:2: names /ho"+"me/ann"),
			"in a string": one("internal/a.txt", "f(\""+home+"\")\n", "names /ho"+"me/ann"),
			"in a URL":    one("README.md", "https://example.com"+home+"\n", ""),
			"below home":  one("README.md", "$HOME"+home+" ~/.aws\n", ""),
			"binary":      one("docs/a.png", "\x00 "+home+"\n", ""),
		},
		"package hosts": {
			"host":           one("README.md", "fetch from https://"+host+"/x\n", "README.md:1: names the package host "+host),
			"Terraform's":    one("GNUmakefile", "registry.terraform.io registry.opentofu.org\n", ""),
			"nobody's":       one("README.md", "proxy.corp.example.com\n", ""),
			"Terraform-like": one("README.md", "registry.terra"+"forms.io\n", "names the package host"),
		},
		"architecture": {
			"no page": one("internal/link/a.go", "package link\n", "ARCHITECTURE.md: is missing"),
			"silent": {map[string]string{
				"internal/link/a.go": "package link\n", "ARCHITECTURE.md": "A link is a link.\n",
			}, "does not name internal/link"},
			"mentioned": {map[string]string{
				"internal/link/a.go": "package link\n", "ARCHITECTURE.md": "See `internal/link`.\n",
			}, ""},
			"drawn": {map[string]string{
				"internal/sandbox/aws/a.go": "package aws\n", "internal/sandbox/clock/a.go": "package clock\n",
				"internal/bandwidth/deep/a.go": "package deep\n", "internal/link/deep/a.go": "package deep\n",
				"ARCHITECTURE.md": picture,
			}, ""},
			"drawn elsewhere": {map[string]string{
				"internal/aws/a.go": "package aws\n", "internal/sandbox/a.go": "package sandbox\n",
				"ARCHITECTURE.md": strings.ReplaceAll(picture, "aws/", "oracle/"),
			}, "does not name internal/aws"},
			"gone": {map[string]string{
				"ARCHITECTURE.md": "See `internal/attic`.\n",
			}, "names internal/attic, which does not exist"},
		},
		"diagnostics": {
			"in order": {map[string]string{
				"internal/link/a.go":                "package link\n\ntype Code string\n\nconst A Code = \"a_code\"\n",
				"internal/attachment/a.go":          "package attachment\n\nconst (\n\tB link.Code = \"b_code\"\n\tC Status = \"a_status\"\n)\n",
				"internal/service/values/a.go":      "package values\n\nfunc f() { d.AddAttributeError(p, \"It is so\", \"\"); d.AddError(fmt.Sprintf(\"%s\", x), \"\") }\n",
				"internal/service/values/a_test.go": "package values\n\nfunc g() { d.AddError(\"In a test\", \"\") }\n",
				diagnosticsPage:                     "\n### `a_code`\n\n### `b_code`\n\n| It is so | any |\n\n| `a_status` | is |\n",
			}, ""},
			"code without a heading":  one("internal/link/a.go", "package link\n\nconst A Code = \"a_code\"\n", `the code "a_code" has no heading`),
			"code of another package": one("internal/attachment/a.go", "package attachment\n\nconst A link.Code = \"a_code\"\n", `the code "a_code" has no heading`),
			"heading without a code":  one(diagnosticsPage, "\n### `a_code`\n", `explains the code "a_code"`),
			"status without a row":    one("internal/link/a.go", "package link\n\nconst A Status = \"a_status\"\n", `the status "a_status" has no row`),
			"error without a row":     one("internal/service/a/a.go", "package a\n\nfunc f() { d.AddError(\"It is so\", \"\") }\n", `the summary "It is so" has no row`),
			"attribute without a row": one("internal/provider/a.go", "package provider\n\nfunc f() { _ = diag.NewAttributeWarningDiagnostic(p, \"It is so\", \"\") }\n", `the summary "It is so" has no row`),
			"summary within other text": {map[string]string{
				"internal/service/a/a.go": "package a\n\nfunc f() { d.AddError(\"It is so\", \"\") }\n", diagnosticsPage: "\n| It is so and so | any |\n",
			}, "has no row"},
		},
		"guides": {
			"none": one("internal/link/a.go", "package link\n", "name no test"),
			"there": {map[string]string{
				"internal/link/a_test.go": "package link\n\nfunc TestPair() {}\n", "templates/guides/g.md.tmpl": "`internal/link.TestPair`\n",
			}, ""},
			"gone": one("templates/guides/g.md.tmpl", "`internal/link.TestPair`\n", "names internal/link.TestPair, which does not exist"),
			"not a test's file": {map[string]string{
				"internal/link/a.go": "package link\n\nfunc TestPair() {}\n", "templates/guides/g.md.tmpl": "`internal/link.TestPair`\n",
			}, "does not exist"},
		},
	}
}
