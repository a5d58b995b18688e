package house

import (
	"os"
	"path/filepath"
	"testing"
)

// rule is one thing that holds for the whole repository.
type rule struct {
	// says is the rule in words; it ends every complaint.
	says  string
	check func(*tree) []finding
}

// rules are all rules, by the name their tests have.
func rules() map[string]rule {
	return map[string]rule{
		"floors": {"a package imports only lower floors and its own room; move the code, or pass it in as an interface", floorsRule},
		"bans":   {"some rooms must not know some packages", bansRule},
		"pure":   {"the domain is plain Go: standard library and this module only", pureRule},

		"package comment":  {"every package says what it is for", packageCommentRule},
		"exported comment": {"every exported name has a comment that gives its meaning, units and errors", exportedCommentRule},

		"function length": {"a function has one job and fits on a screen or two", functionLengthRule},
		"file length":     {"a file is one noun or one verb", fileLengthRule},

		"no sleep": {"wait with a timer and select, so that a context can end it", noSleepRule},

		"top level":     {"the top level holds what a newcomer expects and nothing else", topLevelRule},
		"machine paths": {"nothing in the repository depends on one machine's folders", machinePathsRule},
		"package hosts": {"where modules and packages are fetched from is the machine's business", packageHostsRule},
		"architecture":  {"ARCHITECTURE.md is the picture of the house: change both together", architectureRule},
		"guides":        {"what a guide promises, a test shows", guidesRule},
		"diagnostics":   {"users search for what the provider says: each code and each summary is explained there", diagnosticsRule},
	}
}

// TestHouse holds every rule against the repository.
func TestHouse(t *testing.T) {
	root := filepath.Join("..", "..")
	fsys := os.DirFS(root)
	names, err := files(root, fsys)
	if err != nil {
		t.Fatal(err)
	}
	repository, err := load(fsys, names)
	if err != nil {
		t.Fatal(err)
	}
	for name, rule := range rules() {
		t.Run(name, func(t *testing.T) {
			for _, f := range rule.check(repository) {
				t.Errorf("%s\n\t(%s)", f, rule.says)
			}
		})
	}
}
