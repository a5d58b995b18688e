package house

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is the path that this module's packages begin with.
const module = "github.com/terraform-crosscloud/terraform-provider-crosscloud"

// tree is the repository, read and parsed once for all rules.
type tree struct {
	fset *token.FileSet
	// files has every file that belongs to the repository: slash-separated
	// path from the top, sorted.
	files []string
	// text has the content of every file.
	text map[string][]byte
	// sources has the Go files of this module, in the order of files.
	sources []*source
}

// source is one Go file.
type source struct {
	path string
	// dir is the folder of path, "." for the top level.
	dir string
	ast *ast.File
	// test says that only tests compile this file.
	test bool
}

// finding is one breach of a rule: where it is, and what is wrong.
type finding struct{ where, what string }

func (f finding) String() string { return f.where + ": " + f.what }

// files lists what belongs to the repository at dir: what git tracks and what
// is new and not ignored; without git, everything but hidden and build folders.
func files(dir string, fsys fs.FS) ([]string, error) {
	out, err := exec.Command("git", "-C", dir, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil || len(out) == 0 {
		return walk(fsys)
	}
	var names []string
	for name := range strings.SplitSeq(string(bytes.TrimRight(out, "\x00")), "\x00") {
		// Git still lists a file that was removed and not yet committed.
		if info, err := fs.Lstat(fsys, name); err == nil && info.Mode().IsRegular() {
			names = append(names, name)
		}
	}
	return names, nil
}

// walk lists the regular files of a tree without the folders that hold no
// source.
func walk(fsys fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", ".build", ".terraform", "dist"}, entry.Name()):
			return fs.SkipDir
		case entry.Type().IsRegular():
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// load reads the named files and parses the Go files among them that are part
// of this module: not those under testdata, nor those of a nested module.
func load(fsys fs.FS, names []string) (*tree, error) {
	t := &tree{fset: token.NewFileSet(), files: slices.Sorted(slices.Values(names)), text: map[string][]byte{}}
	var nested []string
	for _, name := range t.files {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read the tree: %w", err)
		}
		t.text[name] = text
		if path.Base(name) == "go.mod" && path.Dir(name) != "." {
			nested = append(nested, path.Dir(name))
		}
	}
	for _, name := range t.files {
		foreign := slices.ContainsFunc(nested, func(dir string) bool { return within(name, dir) })
		if path.Ext(name) != ".go" || foreign || slices.Contains(strings.Split(name, "/"), "testdata") {
			continue
		}
		file, err := parser.ParseFile(t.fset, name, t.text[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("parse the tree: %w", err)
		}
		t.sources = append(t.sources, &source{
			path: name, dir: path.Dir(name), ast: file, test: strings.HasSuffix(name, "_test.go"),
		})
	}
	if len(t.sources) == 0 {
		return nil, errors.New("the tree has no Go file: every rule would hold")
	}
	return t, nil
}

// where is the position of a node as path:line.
func (t *tree) where(node ast.Node) string {
	p := t.fset.Position(node.Pos())
	return p.Filename + ":" + strconv.Itoa(p.Line)
}

// lines is how many lines a node covers.
func (t *tree) lines(node ast.Node) int {
	return t.fset.Position(node.End()).Line - t.fset.Position(node.Pos()).Line + 1
}

// packages groups the sources by folder, sorted.
func (t *tree) packages() []folder {
	byDir := map[string][]*source{}
	for _, s := range t.sources {
		byDir[s.dir] = append(byDir[s.dir], s)
	}
	var folders []folder
	for dir, sources := range byDir {
		folders = append(folders, folder{dir, sources})
	}
	slices.SortFunc(folders, func(a, b folder) int { return cmp.Compare(a.dir, b.dir) })
	return folders
}

// folder is one package: its folder and its files, tests included.
type folder struct {
	dir     string
	sources []*source
}

// imports yields the paths a file imports. Those of this module are given as
// folders ("internal/link"), and the module's own root as ".".
func (s *source) imports(yield func(spec *ast.ImportSpec, target string) bool) {
	for _, spec := range s.ast.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has refused such a file already
		}
		if target == module {
			target = "."
		}
		if !yield(spec, strings.TrimPrefix(target, module+"/")) {
			return
		}
	}
}

// within says whether name is dir or lies below it. Everything lies below "".
func within(name, dir string) bool {
	return dir == "" || name == dir || strings.HasPrefix(name, dir+"/")
}
