package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// SnapshotVersion is the version of the snapshot's form. Another is refused.
const SnapshotVersion = 1

// header is the first line of a snapshot. A snapshot is JSON lines: the header,
// then one line for each side that it names, in that order, so that the sides can
// be read at the same time and none is read twice.
type header struct {
	Version int       `json:"version"`
	Now     time.Time `json:"now"`
	Sides   []string  `json:"sides"`
}

// keeper can be held still and restored.
type keeper interface {
	// Hold waits until the side asks the other one nothing, and lets it ask
	// nothing until release is called.
	Hold() (release func())
	// Prepare reads a snapshot; install puts the side there.
	Prepare(data []byte) (install func(), err error)
}

// side is a keeper and its name. save writes it, while it is held, as JSON
// without line breaks.
type side struct {
	keeper
	name string
	save func() ([]byte, error)
}

// sides are those that run here.
func (c Clouds) sides() []side {
	var all []side
	if c.AWS != nil {
		all = append(all, side{c.AWS, "aws", c.AWS.Snapshot})
	}
	if c.Google != nil {
		all = append(all, side{c.Google, "google", c.Google.SnapshotHeld})
	}
	if c.AWSNode != nil {
		all = append(all, side{c.AWSNode, "aws coordinator", c.AWSNode.Snapshot})
	}
	if c.GoogleNode != nil {
		all = append(all, side{c.GoogleNode, "google coordinator", c.GoogleNode.Snapshot})
	}
	return all
}

// hold holds all sides, so that nothing is on its way from one to another. Those
// that run in another process are not held.
func hold(sides []side) (release func()) {
	releases := make([]func(), 0, len(sides))
	for _, s := range sides {
		releases = append(releases, s.Hold())
	}
	return func() {
		for _, release := range releases {
			release()
		}
	}
}

// names are the sides' names.
func names(sides []side) []string {
	all := make([]string, 0, len(sides))
	for _, s := range sides {
		all = append(all, s.name)
	}
	return all
}

// Snapshot is the whole state of the clouds that run here, for Restore. A clock
// of the sandbox's own stands still meanwhile, and so does what goes on between
// the clouds, so that all is of one moment.
// Switches, quotas and faults are not in it. It holds activation keys in clear.
func (c Clouds) Snapshot() ([]byte, error) {
	sides := c.sides()
	defer hold(sides)()
	top := header{Version: SnapshotVersion, Now: time.Now(), Sides: names(sides)}
	if c.Clock != nil {
		speed := c.Clock.Speed()
		c.Clock.SetSpeed(0)
		defer c.Clock.SetSpeed(speed)
		top.Now = c.Clock.Now()
	}
	first, err := json.Marshal(top)
	if err != nil {
		return nil, fmt.Errorf("taking a snapshot: %w", err)
	}
	lines := [][]byte{first}
	for _, side := range sides {
		line, err := side.save()
		if err != nil {
			return nil, fmt.Errorf("taking a snapshot of %s: %w", side.name, err)
		}
		lines = append(lines, line)
	}
	return append(bytes.Join(lines, []byte{'\n'}), '\n'), nil
}

// Restore puts the clouds where a snapshot was taken. What was under way goes on
// when all are there; a clock of the sandbox's own is moved on to the snapshot's
// time where it is behind it. A snapshot of other sides than those that run here,
// or one that a side refuses, leaves everything as it was.
func (c Clouds) Restore(data []byte) error {
	lines := bytes.Split(bytes.TrimRight(data, "\n"), []byte{'\n'})
	var top header
	if err := json.Unmarshal(lines[0], &top); err != nil {
		return fmt.Errorf("reading a snapshot: %w", err)
	}
	sides := c.sides()
	here := names(sides)
	switch {
	case top.Version != SnapshotVersion:
		return fmt.Errorf("the snapshot has version %d; this sandbox reads version %d", top.Version, SnapshotVersion)
	case !slices.Equal(top.Sides, here):
		return fmt.Errorf("the snapshot is of %q; this sandbox runs %q", top.Sides, here)
	case len(lines) != 1+len(sides):
		return fmt.Errorf("the snapshot has %d lines, not %d", len(lines), 1+len(sides))
	}
	installs, errs := make([]func(), len(sides)), make([]error, len(sides))
	var work sync.WaitGroup
	for i, side := range sides {
		work.Go(func() {
			install, err := side.Prepare(lines[1+i])
			if err != nil {
				errs[i] = fmt.Errorf("restoring %s: %w", side.name, err)
			}
			installs[i] = install
		})
	}
	work.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	defer hold(sides)()
	if c.Clock != nil {
		c.Clock.Advance(top.Now.Sub(c.Clock.Now()))
	}
	for _, install := range installs {
		install()
	}
	return nil
}

// SaveFile writes a snapshot to a file that only the owner can read: whole or not
// at all.
func (c Clouds) SaveFile(name string) error {
	data, err := c.Snapshot()
	if err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("writing a snapshot: %w", err)
	}
	// CreateTemp makes the file with mode 0600.
	_, err = part.Write(data)
	if err = errors.Join(err, part.Sync(), part.Close()); err == nil {
		err = os.Rename(part.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing a snapshot: %w", err), os.Remove(part.Name()))
	}
	return nil
}

// LoadFile restores a snapshot from a file.
func (c Clouds) LoadFile(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("reading a snapshot: %w", err)
	}
	return c.Restore(data)
}

func (s *Server) getSnapshot(w http.ResponseWriter, _ *http.Request) {
	data, err := s.clouds.Snapshot()
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/jsonl")
	_, _ = w.Write(data)
}

// maxSnapshot is the largest snapshot that is read over HTTP, in bytes.
const maxSnapshot = 256 << 20

func (s *Server) putSnapshot(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxSnapshot))
	if err == nil {
		err = s.clouds.Restore(data)
	}
	if err != nil {
		refuse(w, err)
		return
	}
	s.getClock(w, r)
}
