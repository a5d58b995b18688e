package house

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// architectureRule finds packages below internal/ that ARCHITECTURE.md does not
// name, and paths it names that are gone.
//
// A package is named by its path, with or without "internal/", anywhere in the
// text ("sandbox/clock"), or by its place in a picture (see pictured).
func architectureRule(t *tree) []finding {
	const page = "ARCHITECTURE.md"
	text, ok := t.text[page]
	if !ok {
		return []finding{{page, "is missing"}}
	}
	named := pictured(string(text))
	var found []finding
	for _, mention := range pathMention.FindAllString(string(text), -1) {
		mention = strings.TrimSuffix(mention, "/")
		if within(mention, "internal") && !t.exists(mention) {
			found = append(found, finding{page, fmt.Sprintf("names %s, which does not exist", mention)})
		}
		named[path.Join("internal", strings.TrimPrefix(mention, "internal/"))] = true
	}
	for _, folder := range t.packages() {
		if within(folder.dir, "internal") && !named[folder.dir] {
			found = append(found, finding{page, fmt.Sprintf(
				"does not name %s: write %q, or draw it", folder.dir, strings.TrimPrefix(folder.dir, "internal/"))})
		}
	}
	return found
}

// pathMention is a path of two or more parts, or a folder with its slash.
var pathMention = regexp.MustCompile(`[a-z0-9_]+(?:/[a-z0-9_]+)+(?:\.[a-z]+)?/?|[a-z0-9_]+/`)

// exists says whether a file or folder of that name belongs to the repository.
func (t *tree) exists(name string) bool {
	for _, file := range t.files {
		if within(file, name) {
			return true
		}
	}
	return false
}

// pictured are the folders, from the top of the repository, that the page's
// fenced pictures draw. In a picture a line begins with one or more folders,
// "name/" each, indented below the folder they lie in; what follows after two
// or more spaces explains them, and every word of it may name a folder inside.
func pictured(page string) map[string]bool {
	type level struct {
		indent  int
		folders []string
	}
	named := map[string]bool{}
	var stack []level
	drawing := false
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "```") {
			drawing, stack = !drawing, nil
			continue
		}
		line = strings.NewReplacer("│", " ", "├", " ", "└", " ", "─", " ").Replace(strings.TrimRight(line, "\r\n"))
		drawn := strings.TrimLeft(line, " ")
		if !drawing || drawn == "" {
			continue
		}
		indent := len(line) - len(drawn)
		for len(stack) > 0 && stack[len(stack)-1].indent >= indent {
			stack = stack[:len(stack)-1]
		}
		parents := []string{"."}
		if len(stack) > 0 {
			parents = stack[len(stack)-1].folders
		}
		names, explanation, _ := strings.Cut(drawn, "  ")
		var folders []string
		for name := range strings.FieldsSeq(names) {
			if !strings.HasSuffix(name, "/") {
				break
			}
			for _, parent := range parents {
				folders = append(folders, path.Join(parent, name))
			}
		}
		if len(folders) == 0 {
			continue
		}
		stack = append(stack, level{indent, folders})
		for _, folder := range folders {
			named[folder] = true
			for word := range strings.FieldsSeq(explanation) {
				named[path.Join(folder, strings.Trim(word, ".,;:()/"))] = true
			}
		}
	}
	return named
}
