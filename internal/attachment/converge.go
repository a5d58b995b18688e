package attachment

import (
	"context"
	"fmt"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Converge brings every part where it should be. refs are what the state knows;
// a part without one is looked for, and taken over when its mark is ours. A part
// that exists and is not ours is an error, and so is a complete attachment that
// the state does not know of while no owner is configured.
//
// The View is what exists at the end, also with an error. Errors are *link.Error.
func (d *Driver) Converge(ctx context.Context, a Attachment, w Want, refs []Ref) (View, error) {
	s := newSession(d, a, refs)
	s.want = w
	err := s.converge(ctx)
	return s.view, s.explain(ctx, err)
}

func (s *session) converge(ctx context.Context) error {
	if err := s.patiently(ctx, all); err != nil {
		return err
	}
	if err := s.adopt(); err != nil {
		return err
	}
	for i, p := range s.a.Parts {
		if p.Old == nil {
			continue
		}
		var err error
		if s.beside[i], err = p.Side.Beside(ctx, p.Old); err != nil {
			return s.blame(i, err)
		}
	}
	for {
		acted, waits, err := s.step(ctx)
		switch {
		case err != nil:
			if err := s.tolerate(ctx, err); err != nil {
				return err
			}
		case acted:
		case !waits:
			return s.settle(ctx)
		default:
			if err := s.pause(ctx); err != nil {
				return err
			}
		}
		if err := s.patiently(ctx, all); err != nil {
			return err
		}
	}
}

func all(int) bool { return true }

// adopt decides about parts that exist although the state does not know them.
func (s *session) adopt() error {
	found, complete := false, true
	for i, seen := range s.view {
		complete = complete && seen.State == Up
		if seen.State == Absent || seen.ID == "" || seen.Ours || seen.ID == s.known[i] {
			continue
		}
		found = true
		if !s.mine(i) {
			whose := "it carries no mark of an attachment"
			if seen.Mark.Name != "" {
				whose = fmt.Sprintf("it belongs to the attachment %q", seen.Mark.Name)
				if seen.Mark.Owner != "" {
					whose += fmt.Sprintf(" of %q", seen.Mark.Owner)
				}
			}
			return s.fail(CodeForeign, i, "it exists already and is not this attachment's", fmt.Sprintf("%s exists, and %s.", seen.ID, whose),
				"Import it if this configuration is to have it from now on, or remove it where it was made.")
		}
	}
	known := slices.ContainsFunc(s.known, func(id string) bool { return id != "" })
	if found && complete && !known && s.a.Owner == "" {
		return &link.Error{
			Code: CodeExists, Summary: fmt.Sprintf("The attachment %q exists already", s.a.Name),
			Detail: "Every part of it stands, and the provider has no owner by which it could be known to be this configuration's.",
			Exists: s.sentence(), Remedy: "Import it, set owner in the provider configuration, or choose another name.",
		}
	}
	return nil
}

// step takes the next step of every part. acted says that something was begun,
// waits that something is still to be waited for.
func (s *session) step(ctx context.Context) (acted, waits bool, err error) {
	for i, p := range s.a.Parts {
		next := decide(situation{
			sight: s.view[i], drift: drift(p.Side, s.view[i]), old: s.old[i].State, beside: s.beside[i], asked: s.want.Asked,
		})
		switch next {
		case rest:
			continue
		case wait:
			waits = true
			s.progress(ctx, "waiting for the "+s.name(i))
			continue
		case stop:
			return acted, waits, s.fail(link.CodeBroken, i, "it cannot come back", s.view[i].Why, "Remove it in the cloud's console, or replace this resource, and apply again.")
		}
		if err := s.take(ctx, i, next); err != nil {
			return acted, waits, s.blame(i, err)
		}
		acted = true
	}
	return acted, waits, nil
}

// drift is a part's, where it has been seen to stand.
func drift(side Side, seen Sight) []link.Drift {
	if seen.State == Up || seen.State == Waiting || seen.State == Broken {
		return side.Drift(seen)
	}
	return nil
}

// take carries out one step of a part.
func (s *session) take(ctx context.Context, i int, next action) error {
	if s.tries[i]++; s.tries[i] > maxTries {
		return s.fail(link.CodeRefused, i, "it does not become what was asked for", "The cloud took the change and did not carry it out: "+driftText(drift(s.a.Parts[i].Side, s.view[i])),
			"Look at it in the cloud's console, and ask the cloud's support.")
	}
	var seen Sight
	var err error
	p := s.a.Parts[i]
	switch next {
	case create:
		s.progress(ctx, "making the "+s.name(i))
		seen, err = p.Side.Make(ctx, s.a.Marker)
	case amend:
		s.progress(ctx, "changing the "+s.name(i))
		seen, err = p.Side.Amend(ctx, s.view[i])
	case remove:
		s.progress(ctx, "removing the "+s.name(i)+", to make it anew")
		seen, err = p.Side.Remove(ctx, s.view[i])
	default:
		s.progress(ctx, "removing the "+s.name(i)+" that was replaced")
		s.old[i], err = p.Old.Remove(ctx, s.old[i])
		seen = s.view[i]
	}
	if err != nil {
		if cloud.KindOf(err) == cloud.Conflict {
			// A turn that had to be waited for is no try.
			s.tries[i]--
		}
		if cloud.IsNotFound(err) && next != create {
			return nil
		}
		return err
	}
	s.view[i] = seen
	s.acted(ctx)
	return nil
}

// driftText is a drift in words.
func driftText(ds []link.Drift) string {
	if len(ds) == 0 {
		return "it is not there."
	}
	d := ds[0]
	return fmt.Sprintf("%s is %s, and should be %s.", d.Field, d.Got, d.Want)
}

// settle waits, once everything stands, for routes to arrive; that they do not
// is no failure but something that the pairing says.
func (s *session) settle(ctx context.Context) error {
	if !s.a.LinkUp {
		return nil
	}
	c := s.driver.clock()
	started := c.Now()
	s.since = started
	for c.Now().Sub(started) < s.driver.settleFor() {
		routes, err := s.driver.Routes(ctx, s.a, s.view)
		if err != nil {
			return err
		}
		if len(missing(s.a, routes)) == 0 {
			return nil
		}
		s.progress(ctx, "waiting for routes")
		if err := s.pause(ctx); err != nil {
			return err
		}
	}
	return nil
}
