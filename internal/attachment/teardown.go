package attachment

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Teardown removes every part that is ours, in the order that the clouds ask
// for, and returns without an error only when each is verified gone. "Not found"
// and "already removing" are success.
//
// The View returned is what is left. Errors are *link.Error.
func (d *Driver) Teardown(ctx context.Context, a Attachment, refs []Ref) (View, error) {
	s := newSession(d, a, refs)
	order := make([]int, len(a.Parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Compare(a.Parts[i].Side.Descriptor().TeardownOrder, a.Parts[j].Side.Descriptor().TeardownOrder)
	})
	for _, i := range order {
		if err := s.clear(ctx, i); err != nil {
			le, ok := errors.AsType[*link.Error](s.explain(ctx, err))
			if !ok {
				return s.view, err
			}
			le.Remedy = "Apply or destroy again. " + le.Remedy
			return s.view, le
		}
	}
	return s.view, nil
}

// clear removes one part and waits until it is gone.
func (s *session) clear(ctx context.Context, i int) error {
	side := s.a.Parts[i].Side
	for tries := 0; ; {
		if err := s.patiently(ctx, func(at int) bool { return at == i }); err != nil {
			if s.view[i].Operation == "" {
				return err
			}
			// The operation failed; what counts is what is left.
			s.view[i].Operation = ""
			continue
		}
		switch state := s.view[i].State; {
		case state == Absent || !s.mine(i):
			s.view[i] = Sight{State: Absent}
			s.acted(ctx)
			return nil
		case state.Moving():
			s.progress(ctx, "waiting until the "+s.name(i)+" is gone")
			if err := s.pause(ctx); err != nil {
				return err
			}
			continue
		}
		if tries++; tries > maxTries {
			return s.fail(link.CodeRemains, i, "its removal is taken and does not happen", "", "Remove it in the cloud's console.")
		}
		s.progress(ctx, "removing the "+s.name(i))
		seen, err := side.Remove(ctx, s.view[i])
		switch {
		case err == nil:
			s.view[i] = seen
			s.acted(ctx)
		case cloud.IsNotFound(err):
		default:
			if cloud.KindOf(err) == cloud.Conflict {
				tries--
			}
			if err := s.tolerate(ctx, s.blame(i, err)); err != nil {
				return err
			}
		}
	}
}
