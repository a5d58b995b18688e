package google

import (
	"hash/fnv"
	"regexp"
	"strconv"
)

// project is a project as this cloud knows it.
type project struct {
	id     string
	number int64
}

// ref is the project's number as it stands in names.
func (p project) ref() string { return strconv.FormatInt(p.number, 10) }

// projectForm is the form of a project id (Google product documentation,
// creating and managing projects).
var projectForm = regexp.MustCompile(`^[a-z][a-z0-9-]{4,28}[a-z0-9]$`)

// addProject makes a project known by id and by number. The lock is held, or
// the cloud is not shared yet.
func (c *Cloud) addProject(p Project) project {
	known := project{id: p.ID, number: p.Number}
	if known.number == 0 {
		known.number = numberOf(p.ID)
	}
	c.projects[known.id] = known
	c.projects[known.ref()] = known
	return known
}

// numberOf derives a project number, twelve digits, from an id.
func numberOf(id string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	const smallest = 100_000_000_000
	return smallest + int64(h.Sum64()%(9*smallest))
}

// project finds a project by id or number. The lock is held.
func (c *Cloud) project(ref string) (project, bool) {
	if p, ok := c.projects[ref]; ok {
		return p, true
	}
	if c.cfg.AnyProject && projectForm.MatchString(ref) {
		return c.addProject(Project{ID: ref}), true
	}
	return project{}, false
}
