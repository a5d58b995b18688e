package house

import (
	"fmt"
	"slices"
	"strings"
)

// floors is the house from the ground up; each entry is one floor with its
// rooms side by side. A package imports what lies on lower floors or in its own
// room, never a room beside it or above it. Tests may look anywhere.
func floors() [][]string {
	return [][]string{
		{"internal/bandwidth"},
		{"internal/activation", "internal/cost"},
		{"internal/cloud"},
		{"internal/link", "internal/sandbox"},
		{"internal/attachment"},
		{"internal/awsend", "internal/googleend"},
		{"internal/inventory", "internal/endtest", "internal/conformance"},
		{"internal/service"},
		{"internal/provider"},
		{"internal/preflight"},
		{"internal/acceptance", "internal/cmd", "internal/crash", "internal/house", "."},
	}
}

// flats are rooms whose folders are rooms of their own: they do not reach into
// each other. What two of them need lives in the folder that holds them, or in
// one of the corridors.
func flats() []string {
	return []string{"internal/service", "internal/cmd"}
}

// corridors are folders that every flat of their room may use. They lead into
// none.
func corridors() []string {
	return []string{"internal/service/noun", "internal/service/values"}
}

// What rooms may not know, as import path prefixes.
var (
	terraform = []string{"github.com/hashicorp"}
	sdks      = []string{
		"github.com/aws", "google.golang.org/api", "google.golang.org/genproto", "google.golang.org/grpc",
		"cloud.google.com/go", "github.com/googleapis",
	}
	everySandbox = []string{"internal/sandbox"}
)

// ban forbids the rooms in from to import anything in to.
type ban struct {
	from, to []string
	// tests says that test files are held to it as well.
	tests bool
	why   string
}

func bans() []ban {
	domain := []string{"internal/attachment", "internal/link", "internal/cloud", "internal/activation", "internal/cost", "internal/bandwidth"}
	return []ban{
		{domain, slices.Concat(terraform, sdks), true, "the domain knows no Terraform and no SDK"},
		{domain, everySandbox, false, "the domain is tested with scripted ends and knows no cloud"},
		{
			[]string{".", "internal/provider", "internal/service", "internal/inventory", "internal/awsend", "internal/googleend"},
			everySandbox, false, "nobody's provider carries the sandbox",
		},
		{[]string{"internal/service"}, sdks, false, "a service package translates; cloud logic lives in the ends"},
		{[]string{"internal/sandbox"}, terraform, true, "a cloud has never heard of Terraform"},
		{[]string{"internal/sandbox/aws"}, []string{"internal/sandbox/google"}, true, "the two clouds meet only through the open API"},
		{[]string{"internal/sandbox/google"}, []string{"internal/sandbox/aws"}, true, "the two clouds meet only through the open API"},
		{
			[]string{"internal/sandbox"}, []string{"internal/awsend", "internal/googleend", "internal/link"}, true,
			"a cloud does not know its clients: it would agree with their mistakes",
		},
	}
}

// floorsRule finds imports that go sideways or up.
func floorsRule(t *tree) []finding {
	var found []finding
	for _, folder := range t.packages() {
		if floor, _ := room(folder.dir); floor < 0 {
			found = append(found, finding{folder.dir, "is on no floor of the house: give it one in floors()"})
		}
	}
	for _, s := range t.sources {
		if s.test {
			continue
		}
		fromFloor, from := room(s.dir)
		for spec, target := range s.imports {
			toFloor, to := room(target)
			if fromFloor < 0 || toFloor < 0 {
				continue
			}
			if from == to && !strangers(s.dir, target) || toFloor < fromFloor {
				continue
			}
			found = append(found, finding{t.where(spec), fmt.Sprintf("%s reaches into %s", s.dir, target)})
		}
	}
	return found
}

// room is the floor and the room that a folder or import path lies in; the
// floor is -1 for what is not in the house.
func room(dir string) (floor int, name string) {
	for i, rooms := range floors() {
		for _, room := range rooms {
			if within(dir, room) {
				return i, room
			}
		}
	}
	return -1, ""
}

// strangers says whether two folders of one room are flats that must not know
// each other. The folder that holds the flats is nobody's stranger, but does
// not look into them.
func strangers(from, to string) bool {
	for _, flat := range flats() {
		if !within(from, flat) || !within(to, flat) || to == flat || slices.Contains(corridors(), to) {
			continue
		}
		return door(from, flat) != door(to, flat)
	}
	return false
}

// door is the first folder of dir below flat, "" when dir is flat itself.
func door(dir, flat string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(dir, flat), "/"), "/")
	return first
}

// bansRule finds imports that a ban forbids.
func bansRule(t *tree) []finding {
	var found []finding
	for _, s := range t.sources {
		for _, b := range bans() {
			if s.test && !b.tests || !slices.ContainsFunc(b.from, func(room string) bool { return inRoom(s.dir, room) }) {
				continue
			}
			for spec, target := range s.imports {
				if slices.ContainsFunc(b.to, func(prefix string) bool { return within(target, prefix) }) {
					found = append(found, finding{t.where(spec), fmt.Sprintf("%s imports %s: %s", s.dir, target, b.why)})
				}
			}
		}
	}
	return found
}

// inRoom is within, but the top level is a room without the folders below it.
func inRoom(dir, room string) bool {
	if room == "." {
		return dir == "."
	}
	return within(dir, room)
}

// pureRule finds third-party packages in the domain. Because the floors below
// the domain are held to the same, nothing comes in by a detour either.
func pureRule(t *tree) []finding {
	pure := []string{"internal/attachment", "internal/link", "internal/cloud", "internal/activation", "internal/cost", "internal/bandwidth"}
	var found []finding
	for _, s := range t.sources {
		if s.test || !slices.ContainsFunc(pure, func(room string) bool { return within(s.dir, room) }) {
			continue
		}
		for spec, target := range s.imports {
			first, _, _ := strings.Cut(target, "/")
			if strings.Contains(first, ".") {
				found = append(found, finding{t.where(spec), fmt.Sprintf("%s imports %s", s.dir, target)})
			}
		}
	}
	return found
}
