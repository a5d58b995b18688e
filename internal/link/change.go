package link

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// amend repairs one end in place. A cloud that takes the change and goes on
// showing the old value answered from a token or a cache: the next attempt has
// another token.
func (s *session) amend(ctx context.Context, side Side) error {
	if s.amends[side] >= maxAttempts {
		return s.link.fail(CodeRefused, side, s.view, "it does not keep a change that its cloud took",
			describeDrift(s.link.Ends[side].Drift(s.view[side], s.proven())), "Look for somebody else who changes it.")
	}
	s.progress(ctx, "changing "+s.link.name(side))
	n := s.amends[side]
	s.amends[side]++
	if n > 0 {
		if err := s.pause(ctx); err != nil {
			return err
		}
	}
	o, err := s.persist(ctx, func() (Observation, error) {
		return s.link.Ends[side].Amend(ctx, s.view[side], s.proven(), Attempt{Link: s.link.Marker, Number: n})
	})
	if err != nil {
		return s.cloudError(side, err)
	}
	s.acted(side)
	s.view[side] = o
	if o.Operation == "" {
		// What the cloud shows counts, not what it answered.
		s.view[side].Partial = true
	}
	return nil
}

func describeDrift(ds []Drift) string {
	if len(ds) == 0 {
		return ""
	}
	return fmt.Sprintf("%s should be %q and is %q.", ds[0].Field, ds[0].Want, ds[0].Got)
}

// writeBandwidth changes the bandwidth at one end, and then waits until both
// report it: one writer, never both. Where the first refuses, because the link
// was proposed by the other cloud or because that cloud did not consent, the
// other one is asked.
func (s *session) writeBandwidth(ctx context.Context) error {
	if s.written.IsZero() {
		return blameBandwidth(s.askForBandwidth(ctx))
	}
	return blameBandwidth(s.awaitBandwidth(ctx))
}

// blameBandwidth names what of the configuration was refused, where the cloud did
// not.
func blameBandwidth(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Field == "" && e.Code != CodeTimeout {
		e.Field = ".bandwidth"
	}
	return err
}

// askForBandwidth is the first half of writeBandwidth.
func (s *session) askForBandwidth(ctx context.Context) error {
	var refused *Error
	for _, side := range s.writers() {
		err := s.writeAt(ctx, side)
		if err == nil {
			s.written, s.writer, s.declined = s.driver.clock().Now(), side, refused
			s.acted(side)
			return nil
		}
		next, ok := errors.AsType[*Error](s.cloudError(side, err))
		if kind := cloud.KindOf(err); !ok || kind != cloud.Precondition && kind != cloud.Invalid {
			return s.cloudError(side, err)
		}
		if refused != nil {
			refused.Detail = sentenceCase(fmt.Sprintf("%s was asked too, and does not change it either: %v.", s.link.name(side), next.Err))
			return refused
		}
		refused = next
	}
	if refused == nil {
		return nil
	}
	return refused
}

// writers are the sides that report another bandwidth than wanted, in the order
// in which they may write it: the cloud that leads, then the initiator.
func (s *session) writers() []Side {
	sides := slices.DeleteFunc(s.link.ours(), func(side Side) bool { return s.view[side].Bandwidth == s.want.Bandwidth })
	slices.SortStableFunc(sides, func(a, b Side) int {
		x, y := s.link.describe(a).WritesBandwidth, s.link.describe(b).WritesBandwidth
		switch {
		case x == y:
			return int(a) - int(b)
		case x:
			return -1
		}
		return 1
	})
	return sides
}

// writeAt writes the bandwidth at one end, moving to the next attempt while the
// reply shows neither a change under way nor the new value.
func (s *session) writeAt(ctx context.Context, side Side) error {
	for n := range maxLives {
		s.progress(ctx, fmt.Sprintf("changing the bandwidth to %s at %s", s.want.Bandwidth, s.link.name(side)))
		o, err := s.persist(ctx, func() (Observation, error) {
			return s.link.Ends[side].SetBandwidth(ctx, s.view[side].Ref, s.want.Bandwidth, Attempt{Link: s.link.Marker, Number: n})
		})
		if err != nil {
			return err
		}
		if o.Operation != "" || o.State == Updating || o.Bandwidth == s.want.Bandwidth {
			s.view[side] = o
			s.view[side].Partial = true
			return nil
		}
		if err := s.driver.clock().Sleep(ctx, s.driver.pace().Interval(0)); err != nil {
			return err
		}
	}
	return s.link.fail(CodeRefused, side, s.view, "it does not take the new bandwidth",
		fmt.Sprintf("It goes on reporting %s.", s.view[side].Bandwidth), "Ask the cloud's support whether the partner refuses the change.")
}

// awaitBandwidth waits for both ends to report what was written. The writer
// going back to the old value is the partner's refusal; the other end may lag.
func (s *session) awaitBandwidth(ctx context.Context) error {
	w := s.view[s.writer]
	if w.Bandwidth != s.want.Bandwidth {
		return s.link.fail(CodeRefused, s.writer, s.view, "the bandwidth went back to "+w.Bandwidth.String(),
			fmt.Sprintf("The change to %s was taken and then undone: the other cloud must consent to a change, and may refuse it for a quota or any other reason.", s.want.Bandwidth),
			"Check the quota and the tiers at the other cloud, then apply again.")
	}
	other := s.writer.Other()
	if s.driver.clock().Now().Sub(s.written) > max(s.driver.grace(), time.Minute) {
		return s.link.fail(CodeMismatch, other, s.view, "it does not follow the change of bandwidth",
			fmt.Sprintf("It reports %s; %s reports %s.", s.view[other].Bandwidth, s.link.name(s.writer), w.Bandwidth),
			"Apply again later; the clouds carry the change to each other.")
	}
	return s.wait(ctx, other)
}

// persist repeats a change of an existing object while somebody else is changing
// it or the cloud stumbles, for a bounded time. Changes are made under derived
// tokens, so a lost reply does no harm.
func (s *session) persist(ctx context.Context, call func() (Observation, error)) (Observation, error) {
	start := s.driver.clock().Now()
	for {
		o, err := call()
		if err == nil || !cloud.Transient(err) && cloud.KindOf(err) != cloud.Unknown {
			return o, err
		}
		if s.driver.clock().Now().Sub(start) > s.driver.conflictFor() {
			return o, err
		}
		if perr := s.pause(ctx); perr != nil {
			return o, perr
		}
	}
}
