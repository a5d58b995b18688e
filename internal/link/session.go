package link

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// session is one run of Converge or Teardown.
type session struct {
	driver *Driver
	link   Link
	want   Want
	view   View
	// decide names the next step.
	decide func(situation) step

	// since is when the last action was taken: waiting is paced from there.
	since time.Time
	// looks counts the looks of the current wait.
	looks int
	// settled and sharedID: see situation.
	settled  [2]bool
	sharedID string
	// made is when this run made an end; attempt is the number it has got to.
	made    [2]time.Time
	attempt [2]int
	// written is when the bandwidth change was taken, and writer who took it;
	// declined is the refusal of the end that was asked first, where the other
	// took it; amends counts the amendments of each end.
	written  time.Time
	writer   Side
	declined *Error
	amends   [2]int
	// refused says that what was found is not taken over: none of it is
	// returned.
	refused bool
	// redeemed says that this run has tried to redeem a key.
	redeemed bool
	// stumbled is when reads began to fail for passing reasons; zero while
	// they succeed.
	stumbled time.Time
	// missed is when a half was first not shown to which the other is joined.
	missed time.Time
}

// run takes steps until there is none left to take.
func (s *session) run(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		next := s.decide(situation{link: s.link, want: s.want, view: s.view, settled: s.settled, sharedID: s.proven()})
		if next.do != wait && next.do != fail && s.partial() {
			if err := s.observe(ctx); err != nil {
				return err
			}
			if s.partial() {
				// A cloud that does not show yet what it has made, or stumbled.
				if err := s.pause(ctx); err != nil {
					return err
				}
			}
			continue
		}
		if next.do == finish {
			return nil
		}
		if next.do == fail {
			if again, err := s.reconsider(ctx); again || err != nil {
				if err != nil {
					return err
				}
				continue
			}
		}
		if err := s.take(ctx, next); err != nil {
			return err
		}
	}
}

// take carries out one step.
func (s *session) take(ctx context.Context, next step) error {
	switch next.do {
	case wait:
		return s.wait(ctx, next.side)
	case propose:
		return s.propose(ctx)
	case redeem:
		return s.redeem(ctx)
	case writeBandwidth:
		return s.writeBandwidth(ctx)
	case amend:
		return s.amend(ctx, next.side)
	}
	return next.err
}

// proven is the shared id that both ends, or the key between them, vouch for; or
// that one end says, where the other has lost it and the state knows it.
func (s *session) proven() string {
	if s.sharedID != "" {
		return s.sharedID
	}
	says := s.view.SharedID()
	if s.link.both() && (proven(s.view) || strings.EqualFold(says, s.want.SharedID)) {
		return says
	}
	return ""
}

// partial says that some end was not read completely.
func (s *session) partial() bool {
	for _, side := range s.link.ours() {
		if s.view[side].Partial {
			return true
		}
	}
	return false
}

// observe reads completely what was not read so: ends that were polled, and ends
// that an action may have changed.
func (s *session) observe(ctx context.Context) error {
	var read [2]Observation
	var errs [2]error
	_, _ = each(s.link, func(side Side, e End) (Observation, error) {
		if read[side] = s.view[side]; !s.view[side].Partial {
			return read[side], nil
		}
		read[side] = Observation{State: Absent}
		if ref := s.view[side].Ref; ref.ID != "" {
			read[side], errs[side] = e.Observe(ctx, ref)
		}
		return read[side], errs[side]
	})
	for _, side := range s.link.ours() {
		if !s.view[side].Partial {
			continue
		}
		if err := s.seen(ctx, side, read[side], errs[side]); err != nil {
			return err
		}
	}
	return nil
}

// poll reads one end cheaply.
func (s *session) poll(ctx context.Context, side Side) error {
	o, err := s.link.Ends[side].Poll(ctx, s.view[side].Ref)
	return s.seen(ctx, side, o, err)
}

// seen keeps what an end reported. An end that was made a moment ago and is not
// shown yet stays what it was: clouds are eventually consistent. After a failed
// operation the end is read once more, so that the view says what is left.
func (s *session) seen(ctx context.Context, side Side, o Observation, err error) error {
	before := s.view[side]
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil && (cloud.Transient(err) || cloud.KindOf(err) == cloud.Unknown):
		return s.stumble(ctx, side, err)
	case cloud.KindOf(err) == cloud.Denied && s.fresh(side) && before.Operation == "":
		// Clouds that do not tell what exists deny what they do not show yet.
		return nil
	case err != nil:
		if left, again := s.link.Ends[side].Observe(ctx, Ref{ID: before.ID}); before.Operation != "" && again == nil {
			if left.State == Absent {
				// It failed before there was anything.
				left.Ref = Ref{}
			}
			s.view[side] = left
		}
		if !s.written.IsZero() && side == s.writer {
			return blameBandwidth(s.cloudError(side, err))
		}
		return s.cloudError(side, err)
	}
	s.stumbled = time.Time{}
	if o.State == Absent {
		if s.fresh(side) && before.Operation == "" {
			return nil
		}
		if !s.made[side].IsZero() && before.ID != "" {
			s.attempt[side]++
			s.made[side] = time.Time{}
		}
		o.Ref = before.Ref
	}
	s.view[side] = o
	return nil
}

// stumble lets a read that failed for a passing reason be repeated, for a
// bounded time.
func (s *session) stumble(ctx context.Context, side Side, err error) error {
	now := s.driver.clock().Now()
	if s.stumbled.IsZero() {
		s.stumbled = now
	}
	if now.Sub(s.stumbled) > s.driver.conflictFor() {
		return s.cloudError(side, err)
	}
	s.progress(ctx, fmt.Sprintf("%s stumbled, looking again: %v", s.link.describe(side).Name, err))
	return s.pause(ctx)
}

// fresh says that this run made the end so recently that its cloud may not show
// it yet.
func (s *session) fresh(side Side) bool {
	return !s.made[side].IsZero() && s.driver.clock().Now().Sub(s.made[side]) < s.driver.grace()
}

// wait looks again after a pause: at the end that is waited for, and now and
// then at the other, so that its failure is not found at the end of the time
// only.
func (s *session) wait(ctx context.Context, side Side) error {
	doing := "waiting for " + s.link.name(side)
	if _, d, ok := s.stuck(); ok {
		doing += ": " + d.Cause + " " + d.Remedy
	}
	s.progress(ctx, doing)
	if err := s.pause(ctx); err != nil {
		return err
	}
	s.looks++
	before := s.view[side].State
	if err := s.poll(ctx, side); err != nil {
		return err
	}
	other := side.Other()
	if s.link.Ends[other] == nil || s.view[other].ID == "" {
		return nil
	}
	switch now := s.view[side].State; {
	case now != before && !now.Moving():
		// The next step is decided on complete readings of both.
		o, err := s.link.Ends[other].Observe(ctx, s.view[other].Ref)
		return s.seen(ctx, other, o, err)
	case s.looks%glanceEvery == 0:
		return s.poll(ctx, other)
	}
	return nil
}

// pause sleeps for as long as the time since the last action warrants.
func (s *session) pause(ctx context.Context) error {
	c := s.driver.clock()
	return c.Sleep(ctx, s.driver.pace().Interval(c.Now().Sub(s.since)))
}

// acted notes that an action was taken at one end: waiting starts anew, and what
// is known of the other end may be out of date.
func (s *session) acted(side Side) {
	s.since = s.driver.clock().Now()
	s.looks = 0
	if other := side.Other(); s.view[other].ID != "" {
		s.view[other].Partial = true
	}
}

// saved hands the view to whoever keeps state.
func (s *session) saved(ctx context.Context) {
	if s.driver.Reporter != nil {
		s.driver.Reporter.Saved(ctx, s.view)
	}
}

func (s *session) progress(ctx context.Context, doing string) {
	if s.driver.Reporter != nil {
		s.driver.Reporter.Progress(ctx, doing, s.view)
	}
}

// cloudError makes the link's error of what a cloud said.
func (s *session) cloudError(side Side, err error) error {
	if le, ok := errors.AsType[*Error](err); ok {
		return le
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	d := s.link.describe(side)
	e := &Error{Code: CodeCloud, End: d.Name, Summary: fmt.Sprintf("%s refused", d.Name), Err: err, View: s.view, Exists: s.link.sentence(s.view)}
	if ce, ok := errors.AsType[*cloud.Error](err); ok {
		e.Remedy = ce.Remedy
		e.Field = ce.Field
		if ce.Attempt != "" {
			e.Summary = fmt.Sprintf("%s: could not %s", d.Name, strings.TrimSuffix(ce.Attempt, " of"))
		}
	}
	return e
}

// explain makes the error that leaves the package: time run out and interruption
// say what exists and what happens next.
func (s *session) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if le, ok := errors.AsType[*Error](err); ok && ctx.Err() == nil {
		le.View = s.view
		le.Exists = s.link.sentence(s.view)
		if s.declined != nil && s.declined != le && le.Detail == "" {
			le.Detail = fmt.Sprintf("%s was asked first, and refused: %v.", s.declined.End, s.declined.Err)
		}
		s.blameKey(le)
		return le
	}
	e := &Error{Code: CodeTimeout, View: s.view, Exists: s.link.sentence(s.view), Err: err, Summary: "The time for this operation ran out"}
	if errors.Is(ctx.Err(), context.Canceled) {
		e.Summary = "The operation was interrupted"
	}
	e.Remedy = "Nothing is lost: what exists is in the state. Apply again to go on from there, with a longer timeout where the clouds are slow."
	if side, d, ok := s.stuck(); ok {
		e.Code, e.End, e.Detail = CodeStuck, s.link.describe(side).Name, d.Cause
		e.Remedy = d.Remedy + " Apply again once the cause is removed."
	}
	if side := Initiator; s.link.Ends[Acceptor] == nil && s.view[side].State == AwaitingPeer && e.Detail == "" {
		e.End = s.link.describe(side).Name
		e.Detail = fmt.Sprintf("The other team has not redeemed the activation key of %s.", s.link.name(side))
	}
	return e
}
