package google_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// row is one behaviour of the table in the sandbox's README.
type row struct {
	number, source string
	switches       []string
	tests          []string
	later          bool
}

var (
	codeSpan   = regexp.MustCompile("`([A-Za-z0-9_]+)`")
	testFunc   = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	switchLine = regexp.MustCompile(`(?m)^\t((?:[A-Z]\w+, )*[A-Z]\w+) +(?:bool|int|Policy|time\.Duration)$`)
)

// spans are the code spans of a text.
func spans(text string) []string {
	var all []string
	for _, m := range codeSpan.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

// section reads Google's part of the README, and its rows.
func section(t *testing.T) (string, []row) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(raw), "\n## Google\n")
	if !ok {
		t.Fatal("the README has no section on Google")
	}
	text, _, _ = strings.Cut(text, "\n## ")
	var rows []row
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "|") || len(cells) != 5 || strings.Contains(line, "---") || strings.HasPrefix(line, "| # ") {
			continue
		}
		rows = append(rows, row{
			number: strings.TrimSpace(cells[0]), source: strings.TrimSpace(cells[2]),
			switches: spans(cells[3]), tests: spans(cells[4]), later: strings.TrimSpace(cells[4]) == "later",
		})
	}
	return text, rows
}

// tests are the names of this package's tests.
func tests(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range testFunc.FindAllStringSubmatch(string(raw), -1) {
			all = append(all, m[1])
		}
	}
	return all
}

// switchNames are the fields of Switches.
func switchNames(t *testing.T) []string {
	t.Helper()
	raw, err := os.ReadFile("switches.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range switchLine.FindAllStringSubmatch(string(raw), -1) {
		all = append(all, strings.Split(m[1], ", ")...)
	}
	return all
}

func TestEveryBehaviourOfTheTableIsHeldByATest(t *testing.T) {
	text, rows := section(t)
	tests, switches := tests(t), switchNames(t)
	later := []string{"38", "39", "40", "41", "42", "45", "46"}
	for i, r := range rows {
		if want := strconv.Itoa(i + 1); r.number != want {
			t.Fatalf("row %s stands where %s belongs", r.number, want)
		}
		if r.source != "S" && r.source != "I" {
			t.Errorf("row %s has source %q", r.number, r.source)
		}
		if r.later != slices.Contains(later, r.number) || !r.later && len(r.tests) == 0 {
			t.Errorf("row %s: tests %v, later %v", r.number, r.tests, r.later)
		}
		for _, name := range r.tests {
			if !slices.Contains(tests, name) {
				t.Errorf("row %s names a test that does not exist: %s", r.number, name)
			}
		}
		for _, name := range r.switches {
			if !slices.Contains(switches, name) {
				t.Errorf("row %s names a switch that does not exist: %s", r.number, name)
			}
		}
	}
	if len(rows) != 46 {
		t.Errorf("%d rows, want 46", len(rows))
	}
	for _, name := range spans(text) {
		if strings.HasPrefix(name, "Test") && !slices.Contains(tests, name) {
			t.Errorf("the text names a test that does not exist: %s", name)
		}
	}
	for _, name := range switches {
		if !slices.Contains(spans(text), name) {
			t.Errorf("the README does not name switch %s", name)
		}
	}
	if len(switches) < 20 {
		t.Errorf("only %d switches were found: %v", len(switches), switches)
	}
}
