package house

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// topLevelRule finds what does not belong at the top level.
func topLevelRule(t *tree) []finding {
	expected := []string{
		"internal", "examples", "docs", "templates", ".ci", ".github",
		"main.go", "go.mod", "go.sum", "GNUmakefile",
		"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE",
		".goreleaser.yml", ".golangci.yml", ".gitignore", ".gitattributes", ".editorconfig",
		"terraform-registry-manifest.json",
	}
	seen := map[string]bool{}
	for _, name := range t.files {
		first, _, _ := strings.Cut(name, "/")
		seen[first] = true
	}
	var found []finding
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		if !slices.Contains(expected, name) {
			found = append(found, finding{name, "does not belong at the top level"})
		}
	}
	return found
}

// machinePath is an absolute path into somebody's machine: their home, a
// scratch folder, or a checkout at the root.
var machinePath = regexp.MustCompile(`(?:^|[\s"'` + "`" + `=(,:;\[])((?:/(?:home|root|work|Users|tmp)/|[A-Za-z]:\\Users\\)[\w.-]+)`)

// machinePathsRule finds absolute paths of one machine in any file.
func machinePathsRule(t *tree) []finding {
	return t.grep(func(line string) string {
		if m := machinePath.FindStringSubmatch(line); m != nil {
			return fmt.Sprintf("names %s, a path of one machine", m[1])
		}
		return ""
	})
}

// packageHost is what the hosts of package registries and their mirrors are
// called. Terraform's and OpenTofu's own registries are part of a provider's
// address, and example hosts belong to nobody.
var (
	packageHost  = regexp.MustCompile(`\b(?:proxy|sum|registry|mirrors?|deb|packages?|pypi)\.(?:[a-z0-9-]+\.)+(?:org|io|com|net|dev)\b`)
	innocentHost = regexp.MustCompile(`^registry\.(?:terraform\.io|opentofu\.org)$|\.example\.(?:org|com|net)$`)
)

// packageHostsRule finds the names of package registries' hosts in any file.
func packageHostsRule(t *tree) []finding {
	return t.grep(func(line string) string {
		for _, host := range packageHost.FindAllString(line, -1) {
			if !innocentHost.MatchString(host) {
				return "names the package host " + host
			}
		}
		return ""
	})
}

// grep holds every line of every text file against complain, which answers ""
// when the line is in order. Checksum files hold no prose and are left out.
func (t *tree) grep(complain func(line string) string) []finding {
	var found []finding
	for _, name := range t.files {
		text := t.text[name]
		if path.Base(name) == "go.sum" || bytes.IndexByte(text, 0) >= 0 {
			continue
		}
		number := 0
		for line := range strings.Lines(string(text)) {
			number++
			if what := complain(line); what != "" {
				found = append(found, finding{fmt.Sprintf("%s:%d", name, number), what})
			}
		}
	}
	return found
}
