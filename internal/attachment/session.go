package attachment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// session is one run of Converge or Teardown.
type session struct {
	driver *Driver
	a      Attachment
	want   Want
	view   View
	// old is what was seen of the parts that are replaced, and beside whether
	// both may stand.
	old    View
	beside []bool
	// known are the ids that the state has of the parts.
	known []string
	// tries counts how often each part was made and changed.
	tries []int
	// since is when the last action was taken: waiting is paced from there.
	since time.Time
	// turn and stumbled are since when calls have been refused because of
	// somebody else's change, or have failed; zero while they succeed.
	turn, stumbled time.Time
}

func newSession(d *Driver, a Attachment, refs []Ref) *session {
	n := len(a.Parts)
	s := &session{driver: d, a: a, view: make(View, n), old: make(View, n), beside: make([]bool, n), tries: make([]int, n), known: make([]string, n), since: d.clock().Now()}
	for i := range s.view {
		if i < len(refs) {
			s.view[i].Ref, s.known[i] = refs[i], refs[i].ID
		}
		s.old[i].State = Absent
	}
	return s
}

// look looks at the parts that are chosen, all at once.
func (s *session) look(ctx context.Context, chosen func(int) bool) error {
	seen, old := make(View, len(s.view)), make(View, len(s.view))
	err := each(s.a.Parts, func(i int, p Part) (err error) {
		seen[i], old[i] = s.view[i], s.old[i]
		if !chosen(i) {
			return nil
		}
		if p.Old != nil {
			if old[i], err = p.Old.Look(ctx, Ref{Operation: old[i].Operation}); err != nil {
				return s.blame(i, err)
			}
		}
		seen[i], err = p.Side.Look(ctx, s.view[i].Ref)
		return s.blame(i, err)
	})
	if err != nil {
		return err
	}
	for i := range seen {
		if seen[i].State == Absent {
			seen[i].Ref = Ref{}
		}
	}
	s.view, s.old = seen, old
	return nil
}

// patiently looks, past failures that pass.
func (s *session) patiently(ctx context.Context, chosen func(int) bool) error {
	for {
		err := s.look(ctx, chosen)
		if err == nil {
			s.stumbled = time.Time{}
			return nil
		}
		if err := s.tolerate(ctx, err); err != nil {
			return err
		}
	}
}

// tolerate waits after a failure that may pass, for a bounded time; else it
// returns the failure. A cloud that takes one change at a time is waited for
// longer than one that fails.
func (s *session) tolerate(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	now := s.driver.clock().Now()
	since, limit := &s.stumbled, s.driver.stumbleFor()
	doing := "a cloud stumbled, looking again: %v"
	switch kind := cloud.KindOf(err); {
	case kind == cloud.Conflict:
		since, limit = &s.turn, s.driver.turnFor()
		doing = "waiting for another change to end: %v"
	case !cloud.Transient(err) && kind != cloud.Unknown:
		return err
	}
	if since.IsZero() {
		*since = now
	}
	if now.Sub(*since) > limit {
		return err
	}
	s.progress(ctx, fmt.Sprintf(doing, err))
	return s.pause(ctx)
}

// pause sleeps for as long as the time since the last action warrants.
func (s *session) pause(ctx context.Context) error {
	c := s.driver.clock()
	return c.Sleep(ctx, s.driver.pace().Interval(c.Now().Sub(s.since)))
}

// acted notes that an action was taken: waiting starts anew.
func (s *session) acted(ctx context.Context) {
	s.since = s.driver.clock().Now()
	s.turn, s.stumbled = time.Time{}, time.Time{}
	if s.driver.Reporter != nil {
		s.driver.Reporter.Saved(ctx, s.view)
	}
}

func (s *session) progress(ctx context.Context, doing string) {
	if s.driver.Reporter != nil {
		s.driver.Reporter.Progress(ctx, doing, s.view)
	}
}

// name is a part for people: "AWS association".
func (s *session) name(i int) string {
	d := s.a.Parts[i].Side.Descriptor()
	return d.Name + " " + d.Object
}

// partError is an error with the part that it is about.
type partError struct {
	part int
	err  error
}

// Error is the cause's.
func (e *partError) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e *partError) Unwrap() error { return e.err }

// blame says which part an error is about.
func (s *session) blame(i int, err error) error {
	if err == nil {
		return nil
	}
	if _, done := errors.AsType[*link.Error](err); done {
		return err
	}
	return &partError{i, err}
}

// mine says that a part that exists is this attachment's: the state knows it, it
// carries our mark, or nobody else can have made it.
func (s *session) mine(i int) bool {
	seen := s.view[i]
	if seen.ID == "" || seen.Ours || seen.ID == s.known[i] {
		return true
	}
	return seen.Mark.Name == s.a.Name && (seen.Ownerless || seen.Mark.Owner == s.a.Owner)
}
