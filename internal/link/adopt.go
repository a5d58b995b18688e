package link

import (
	"context"
	"fmt"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// begin reads what is known, and looks for what carries the link's marker where
// an id is not known.
func (s *session) begin(ctx context.Context) error {
	before := s.view.Refs()
	var occupied [2]error
	v, err := each(s.link, func(side Side, _ End) (Observation, error) {
		o, err := s.lookUp(ctx, side)
		if before[side].ID == "" && cloud.KindOf(err) == cloud.Conflict {
			occupied[side], err = err, nil
		}
		return o, err
	})
	if err == nil {
		err = s.reunite(ctx, &v, occupied)
	}
	if err != nil {
		// What a marker found for a link that no state knows is not known to be
		// this link's: it is not kept.
		if before != [2]Ref{} {
			s.keepIDs(v)
		}
		return err
	}
	s.view = v
	known := false
	for _, side := range s.link.ours() {
		known = known || before[side].ID != "" && before[side].ID == v[side].ID && v[side].State != Absent
		s.settled[side] = v[side].State.Complete()
		if v[side].State == Absent {
			// The id stays: a cloud may not show yet what it has just made, and a
			// teardown deletes it all the same.
			s.view[side].Ref = before[side]
		}
	}
	if !known {
		return s.adopt(ctx)
	}
	return nil
}

// lookUp reads an end whose id is known. It looks for one whose id is not, or
// leads nowhere: a later apply, which was killed, may have made another. A name
// alone, without an owner, does not show that a joined one is that.
func (s *session) lookUp(ctx context.Context, side Side) (Observation, error) {
	ref := s.view[side].Ref
	if ref.ID == "" {
		return s.find(ctx, side)
	}
	o, err := s.link.Ends[side].Observe(ctx, ref)
	if err != nil || o.State != Absent {
		return o, s.wrap(side, err)
	}
	found, err := s.find(ctx, side)
	switch {
	case isCode(err, CodeExists) || cloud.KindOf(err) == cloud.Conflict:
		return o, nil
	case err == nil && s.link.Owner == "" && found.State.Joined():
		return o, nil
	}
	return found, err
}

// reconsider looks again where one half is joined to another that its cloud does
// not show. Another run, or one before this, may have made that a moment ago, and
// clouds are eventually consistent: only what stays away is gone. The half whose
// partner is gone says so before long. again says that it has looked.
func (s *session) reconsider(ctx context.Context) (again bool, err error) {
	missing, widowed := s.widowed()
	now := s.driver.clock().Now()
	if widowed && s.missed.IsZero() {
		s.missed = now
	}
	if !widowed || now.Sub(s.missed) > s.driver.grace() {
		return false, nil
	}
	s.progress(ctx, s.link.name(missing)+" is not shown, looking again")
	if err := s.pause(ctx); err != nil {
		return false, err
	}
	v, err := each(s.link, func(side Side, _ End) (Observation, error) { return s.lookUp(ctx, side) })
	if err != nil {
		return false, err
	}
	for _, side := range s.link.ours() {
		if v[side].State != Absent || !s.fresh(side) {
			s.view[side] = v[side]
		}
	}
	return true, nil
}

// widowed is the side that is not shown while the other is joined to it.
func (s *session) widowed() (Side, bool) { return s.link.widowed(s.view) }

// reunite looks by the shared id for an end that its marker does not find, where
// the other end is found and joined: somebody has removed the marker. occupied
// are the errors of ends whose place is taken by something without one.
func (s *session) reunite(ctx context.Context, v *View, occupied [2]error) error {
	for _, side := range s.link.ours() {
		if s.view[side].ID != "" || v[side].State != Absent {
			continue
		}
		if other := v[side.Other()]; other.State.Joined() && other.SharedID != "" {
			o, err := s.link.Ends[side].Match(ctx, other.SharedID)
			if err != nil {
				return s.cloudError(side, err)
			}
			if !o.State.Gone() && !s.unclaimed(o.Mark) {
				return s.link.fail(CodeExists, side, *v, "the half that belongs to "+s.link.name(side.Other())+" is somebody else's",
					fmt.Sprintf("%s carries the marker of link %q and owner %q; this is link %q, and this provider's owner is %q.", o.ID, o.Mark.Name, o.Mark.Owner, s.link.Name, s.link.Owner),
					"Agree on who owns the link, and remove the other's marker or choose another name.")
			}
			if !o.State.Gone() {
				v[side] = o
				continue
			}
		}
		if occupied[side] != nil {
			return occupied[side]
		}
	}
	return nil
}

// unclaimed says that a marker is this link's or, as far as it says anything,
// nobody's.
func (s *session) unclaimed(m Marker) bool {
	return (m.Name == "" || m.Name == s.link.Name) && (m.Owner == "" || m.Owner == s.link.Owner)
}

// keepIDs takes over the ids that were found before an error ended the search.
func (s *session) keepIDs(v View) {
	for side := range v {
		if s.view[side].ID == "" && v[side].ID != "" {
			s.view[side] = v[side]
		}
	}
}

// wrap is cloudError for an error that may be nil.
func (s *session) wrap(side Side, err error) error {
	if err == nil {
		return nil
	}
	return s.cloudError(side, err)
}

// find looks for this link's half on one side.
func (s *session) find(ctx context.Context, side Side) (Observation, error) {
	d := s.link.describe(side)
	found, err := s.link.Ends[side].Find(ctx, s.link.Marker)
	if err != nil {
		return Observation{State: Absent}, s.cloudError(side, err)
	}
	var ours []Observation
	for _, o := range found {
		switch {
		case o.State.Gone() || o.State == Deleting && !d.Named:
		case o.Mark == s.link.Marker:
			ours = append(ours, o)
		case d.Named:
			return Observation{State: Absent}, s.link.fail(CodeExists, side, s.view, "one of this name belongs to somebody else",
				fmt.Sprintf("%s carries the marker of owner %q; this provider's owner is %q.", o.ID, o.Mark.Owner, s.link.Owner),
				"Choose another name, or set the provider's owner to the one that made it.")
		}
	}
	switch len(ours) {
	case 0:
		return Observation{State: Absent}, nil
	case 1:
		return ours[0], nil
	}
	return Observation{State: Absent}, s.link.fail(CodeAmbiguous, side, s.view, "several carry this link's marker",
		fmt.Sprintf("Found %s and %s.", ours[0].ID, ours[1].ID),
		"Remove the one that is not wanted, or import the one that is.")
}

// adopt decides about what was found for a link that no state knows: half-made
// is completed, dead is cleared away, complete is taken over only for a
// configured owner. An error of a link that is not taken over leaves no ids
// behind: whoever keeps state would take it for this link's, and remove it.
func (s *session) adopt(ctx context.Context) error {
	if err := s.known(); err != nil {
		s.refused = true
		return err
	}
	complete, dead := 0, 0
	for _, side := range s.link.ours() {
		st := s.view[side].State
		if st.Complete() {
			complete++
		}
		if st.Dead() {
			dead++
		}
	}
	if dead > 0 {
		s.progress(ctx, "clearing away what an earlier attempt left")
		cleared, err := s.driver.Teardown(ctx, s.link, s.view)
		if err != nil {
			s.view = s.link.unseen(cleared)
			return err
		}
		// What was not shown before may be by now.
		s.view = s.link.unseen(View{})
		return s.begin(ctx)
	}
	for _, side := range s.link.ours() {
		if err := s.fits(side); err != nil {
			s.refused = true
			return err
		}
	}
	if complete < len(s.link.ours()) || s.link.Owner != "" {
		s.saved(ctx)
		return nil
	}
	s.refused = true
	e := &Error{
		Code:    CodeExists,
		Summary: fmt.Sprintf("A complete link named %q exists already", s.link.Name),
		Detail:  "The provider has no owner configured, so nothing says that the link is this configuration's.",
		Remedy:  "Import the link, or choose another name. With owner set in the provider configuration, links that carry it are adopted.",
	}
	return e
}

// fits refuses to adopt an end that differs in what cannot be changed in place.
func (s *session) fits(side Side) error {
	o := s.view[side]
	if o.State.Gone() || o.Partial {
		return nil
	}
	for _, d := range s.link.Ends[side].Drift(o, "") {
		if !d.InPlace {
			return s.link.fail(CodeExists, side, s.view, "one of this name exists and differs",
				fmt.Sprintf("Its %s is %q; the configuration says %q, which cannot be changed in place.", d.Field, d.Got, d.Want),
				"Remove it, choose another name, or make the configuration fit and apply again.")
		}
	}
	return nil
}

// known refuses what a name alone, without an owner, does not show to be this
// link's: a joined end whose partner is not found here, and two ends that do not
// belong together.
func (s *session) known() error {
	if s.link.Owner != "" || !s.link.both() {
		return nil
	}
	for _, side := range s.link.ours() {
		o, other := s.view[side], s.view[side.Other()]
		if o.State.Joined() && other.State.Gone() {
			return s.link.fail(CodeExists, side, s.view, "one of this name is joined with an end that is not found here",
				fmt.Sprintf("%s has the shared id %q. The provider has no owner configured, so nothing says that it is this configuration's.", o.ID, o.SharedID),
				"Choose another name, or remove it if it is not wanted. With owner set in the provider configuration, links of one name are told apart.")
		}
	}
	return s.stranger(Acceptor, s.view[Acceptor])
}

// stranger refuses an end that a name alone, without an owner, has found, and
// that belongs to another link than the other end.
func (s *session) stranger(side Side, o Observation) error {
	if !s.estranged(side, o) {
		return nil
	}
	other := s.view[side.Other()]
	return s.link.fail(CodeExists, side, s.view, "one of this name belongs to another link",
		fmt.Sprintf("%s has the shared id %s, and %s has %s. The provider has no owner configured, so nothing says whose it is.", o.ID, o.SharedID, s.link.name(side.Other()), other.SharedID),
		"Choose another name, or remove the one that is not wanted. With owner set in the provider configuration, links of one name are told apart.")
}

// estranged says that an end that was found by the name alone, without an owner,
// says another shared id than the other end.
func (s *session) estranged(side Side, o Observation) bool {
	other := s.view[side.Other()]
	return s.link.Owner == "" && o.SharedID != "" && other.SharedID != "" && !strings.EqualFold(o.SharedID, other.SharedID)
}
