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

// keeper is what can be saved, as JSON without line breaks, and restored.
type keeper interface {
	Snapshot() ([]byte, error)
	Restore(data []byte) error
}

// side is a keeper and its name.
type side struct {
	name  string
	keeps keeper
}

// sides are those that run here.
func (c Clouds) sides() []side {
	var all []side
	if c.AWS != nil {
		all = append(all, side{"aws", c.AWS})
	}
	if c.Google != nil {
		all = append(all, side{"google", c.Google})
	}
	if c.AWSNode != nil {
		all = append(all, side{"aws coordinator", c.AWSNode})
	}
	if c.GoogleNode != nil {
		all = append(all, side{"google coordinator", c.GoogleNode})
	}
	return all
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
// of the sandbox's own stands still meanwhile, so that all is of one moment.
// Switches, quotas and faults are not in it. It holds activation keys in clear.
func (c Clouds) Snapshot() ([]byte, error) {
	sides := c.sides()
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
		line, err := side.keeps.Snapshot()
		if err != nil {
			return nil, fmt.Errorf("taking a snapshot of %s: %w", side.name, err)
		}
		lines = append(lines, line)
	}
	return append(bytes.Join(lines, []byte{'\n'}), '\n'), nil
}

// Restore puts the clouds where a snapshot was taken, each side by itself and
// all at the same time. What was under way goes on; a clock of the sandbox's own
// is moved on to the snapshot's time where it is behind it. A snapshot of other
// sides than those that run here is refused and leaves them as they were; a side
// that refuses its own part does not keep the others from theirs.
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
	if c.Clock != nil {
		c.Clock.Advance(top.Now.Sub(c.Clock.Now()))
	}
	errs := make([]error, len(sides))
	var work sync.WaitGroup
	for i, side := range sides {
		work.Go(func() {
			if err := side.keeps.Restore(lines[1+i]); err != nil {
				errs[i] = fmt.Errorf("restoring %s: %w", side.name, err)
			}
		})
	}
	work.Wait()
	return errors.Join(errs...)
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
