package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// SnapshotVersion is the version of the snapshot's form. Another is refused.
const SnapshotVersion = 1

// snapshot is both clouds at one moment. It holds activation keys in clear.
type snapshot struct {
	Version int             `json:"version"`
	Now     time.Time       `json:"now"`
	AWS     json.RawMessage `json:"aws"`
	Google  json.RawMessage `json:"google"`
}

// Snapshot is the whole state of both clouds, for Restore. A clock of the
// sandbox's own stands still meanwhile, so that both are of one moment. Switches,
// quotas and faults are not in it. It holds activation keys in clear.
func (c Clouds) Snapshot() ([]byte, error) {
	now := time.Now()
	if c.Clock != nil {
		speed := c.Clock.Speed()
		c.Clock.SetSpeed(0)
		defer c.Clock.SetSpeed(speed)
		now = c.Clock.Now()
	}
	aws, err := c.AWS.Snapshot()
	if err != nil {
		return nil, fmt.Errorf("taking a snapshot of AWS: %w", err)
	}
	google, err := c.Google.Snapshot()
	if err != nil {
		return nil, fmt.Errorf("taking a snapshot of Google: %w", err)
	}
	return json.Marshal(snapshot{SnapshotVersion, now, aws, google})
}

// Restore puts both clouds where a snapshot was taken. What was under way goes on;
// a clock of the sandbox's own is moved on to the snapshot's time where it is
// behind it. An error of the first cloud leaves both as they were; of the second,
// the first is restored already.
func (c Clouds) Restore(data []byte) error {
	var s snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("reading a snapshot: %w", err)
	}
	if s.Version != SnapshotVersion {
		return fmt.Errorf("the snapshot has version %d; this sandbox reads version %d", s.Version, SnapshotVersion)
	}
	if len(s.AWS) == 0 || len(s.Google) == 0 {
		return errors.New("the snapshot lacks a cloud")
	}
	if c.Clock != nil {
		c.Clock.Advance(s.Now.Sub(c.Clock.Now()))
	}
	if err := c.AWS.Restore(s.AWS); err != nil {
		return fmt.Errorf("restoring AWS: %w", err)
	}
	if err := c.Google.Restore(s.Google); err != nil {
		return fmt.Errorf("restoring Google: %w", err)
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
	w.Header().Set("Content-Type", "application/json")
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
