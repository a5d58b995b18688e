package link

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// Teardown removes every end that is ours, in the order that the ends' clouds
// ask for, and returns without an error only when each is verified gone. "Not
// found" and "already deleting" are success. An end whose id is not known is
// looked for by the link's marker, so that an interrupted create leaves nothing.
//
// The View returned is what is left. Errors are *Error.
func (d *Driver) Teardown(ctx context.Context, l Link, v View) (View, error) {
	s := &session{driver: d, link: l, view: l.unseen(v), since: d.clock().Now()}
	sides := l.ours()
	slices.SortStableFunc(sides, func(a, b Side) int {
		return cmp.Compare(l.describe(a).TeardownOrder, l.describe(b).TeardownOrder)
	})
	for _, side := range sides {
		if err := s.remove(ctx, side); err != nil {
			return s.view, s.remains(ctx, err)
		}
	}
	return s.view, nil
}

// remove deletes one end and waits until it is gone. An end whose id is not known
// is looked for by the link's marker; so is one whose id leads nowhere, since a
// later apply, which was killed, may have made another.
func (s *session) remove(ctx context.Context, side Side) error {
	known := s.view[side].ID != ""
	if known {
		if was, err := s.removeKnown(ctx, side); was || err != nil {
			return err
		}
	}
	o, err := s.findForRemoval(ctx, side)
	if err != nil {
		return err
	}
	s.view[side] = o
	_, err = s.removeKnown(ctx, side)
	return err
}

// removeKnown deletes the end that the view names and waits until it is gone. was
// says that it was there.
func (s *session) removeKnown(ctx context.Context, side Side) (was bool, err error) {
	started, known, asked := s.driver.clock().Now(), s.view[side].Ref, false
	for attempt := 0; ; {
		o, err := s.lookForRemoval(ctx, side)
		if err != nil {
			return was, err
		}
		was = was || o.State != Absent
		if o.State == Absent && known.ID != "" && !asked {
			// A cloud may not show yet what it has just made: what a state knows
			// is deleted, whether it is shown or not.
			o.Ref = known
		} else if o.State.Gone() {
			s.view[side] = Observation{State: Absent}
			s.saved(ctx)
			return was, nil
		}
		if o.State == Deleting || o.Operation != "" {
			s.progress(ctx, "waiting until "+s.link.name(side)+" is gone")
			if err := s.pause(ctx); err != nil {
				return was, err
			}
			continue
		}
		s.progress(ctx, "deleting "+s.link.name(side))
		deleted, err := s.link.Ends[side].Delete(ctx, o.Ref, Attempt{Link: s.link.Marker, Number: attempt})
		switch kind := cloud.KindOf(err); {
		case err == nil:
			// A deletion that goes back to where it was is begun again, under
			// another token.
			attempt++
			was, asked = true, true
			s.view[side] = deleted
			s.acted(side)
			if err := s.pause(ctx); err != nil {
				return was, err
			}
		case kind == cloud.NotFound || kind == cloud.Denied && o.State == Absent:
			// Some clouds deny what they do not know.
			asked = true
		case kind == cloud.Precondition || kind == cloud.Unknown || cloud.Transient(err):
			if s.driver.clock().Now().Sub(started) > s.driver.conflictFor() && kind != cloud.Precondition {
				return was, s.cloudError(side, err)
			}
			s.progress(ctx, fmt.Sprintf("%s cannot be deleted yet: %v", s.link.name(side), err))
			if err := s.pause(ctx); err != nil {
				return was, err
			}
		default:
			return was, s.cloudError(side, err)
		}
		if attempt > maxAttempts {
			return was, s.link.fail(CodeRemains, side, s.view, "its deletion is taken and does not happen", "", "Delete it in the cloud's console and apply again.")
		}
	}
}

// findForRemoval looks for an end whose id is not known. What has the place or
// the name of ours and is somebody else's is not an end to remove.
func (s *session) findForRemoval(ctx context.Context, side Side) (Observation, error) {
	absent, other := Observation{State: Absent}, side.Other()
	if s.view[other].ID != "" && s.view[other].State == "" {
		o, err := s.persist(ctx, func() (Observation, error) { return s.link.Ends[other].Observe(ctx, s.view[other].Ref) })
		if err != nil {
			return absent, s.cloudError(other, err)
		}
		if o.State != Absent {
			s.view[other] = o
		}
	}
	o, err := s.find(ctx, side)
	switch {
	case cloud.KindOf(err) == cloud.Conflict:
		v := s.view
		v[side] = absent
		if err := s.reunite(ctx, &v, [2]error{}); err != nil {
			return absent, err
		}
		return v[side], nil
	case isCode(err, CodeExists):
		return absent, nil
	case err == nil && s.estranged(side, o):
		return absent, nil
	case err == nil && s.link.Owner == "" && s.view[other].ID != "" && s.view[other].State == "" && o.State.Joined():
		// The other end is gone: one that was joined with it would not be
		// joined any more.
		return absent, nil
	}
	return o, err
}

// lookForRemoval reads an end, past passing failures.
func (s *session) lookForRemoval(ctx context.Context, side Side) (Observation, error) {
	if s.view[side].ID == "" {
		return Observation{State: Absent}, nil
	}
	o, err := s.persist(ctx, func() (Observation, error) {
		return s.link.Ends[side].Poll(ctx, s.view[side].Ref)
	})
	if err != nil && s.view[side].Operation != "" && ctx.Err() == nil {
		// The operation failed; what counts is what is left.
		s.view[side].Operation = ""
		o, err = s.link.Ends[side].Observe(ctx, s.view[side].Ref)
	}
	if err != nil {
		return o, s.cloudError(side, err)
	}
	s.view[side] = o
	return o, nil
}

// remains makes the error of a teardown that left something.
func (s *session) remains(ctx context.Context, err error) error {
	le := &Error{}
	ok := errors.As(s.explain(ctx, err), &le)
	if !ok {
		return err
	}
	le.Remedy = "What is left goes on billing: apply or destroy again. " + le.Remedy
	return le
}
