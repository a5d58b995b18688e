package link

import (
	"context"
	"fmt"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// begin reads what is known, and looks for what carries the link's marker where
// an id is not known.
func (s *session) begin(ctx context.Context) error {
	known := false
	for _, side := range s.link.ours() {
		known = known || s.view[side].ID != ""
	}
	v, err := each(s.link, func(side Side, e End) (Observation, error) {
		if ref := s.view[side].Ref; ref.ID != "" {
			o, err := e.Observe(ctx, ref)
			return o, s.wrap(side, err)
		}
		o, err := s.find(ctx, side)
		return o, err
	})
	if err != nil {
		s.keepIDs(v)
		return err
	}
	s.view = v
	for _, side := range s.link.ours() {
		s.settled[side] = v[side].State.Complete()
		if v[side].State == Absent {
			s.view[side].Ref = Ref{}
		}
	}
	if !known {
		return s.adopt(ctx)
	}
	return nil
}

// keepIDs takes over the ids that were found before an error ended the search.
func (s *session) keepIDs(v View) {
	for side := range v {
		if v[side].ID != "" {
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
// configured owner.
func (s *session) adopt(ctx context.Context) error {
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
		s.view = s.link.unseen(cleared)
		return err
	}
	for _, side := range s.link.ours() {
		if err := s.fits(side); err != nil {
			return err
		}
	}
	if complete < len(s.link.ours()) || s.link.Owner != "" {
		s.saved(ctx)
		return nil
	}
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

// propose makes the initiator's half.
func (s *session) propose(ctx context.Context) error {
	peer, err := s.site(ctx, Acceptor)
	if err != nil {
		return err
	}
	s.progress(ctx, "creating "+s.link.name(Initiator))
	return s.build(ctx, Initiator, func(a Attempt) (Observation, error) {
		return s.link.Ends[Initiator].Propose(ctx, Proposal{
			Marker: s.link.Marker, Bandwidth: s.want.forCreation(),
			Environment: s.want.Environment[Initiator], Peer: peer, Attempt: a,
		})
	})
}

// redeem checks the activation key and makes the acceptor's half with it.
func (s *session) redeem(ctx context.Context) error {
	peer, err := s.site(ctx, Initiator)
	if err != nil {
		return err
	}
	key := s.link.Key
	if s.link.Ends[Initiator] != nil {
		key = s.view[Initiator].Key
	}
	offer, err := s.verify(ctx, key)
	if err != nil {
		return err
	}
	s.progress(ctx, "redeeming the activation key for "+s.link.name(Acceptor))
	err = s.build(ctx, Acceptor, func(a Attempt) (Observation, error) {
		return s.link.Ends[Acceptor].Redeem(ctx, Redemption{
			Marker: s.link.Marker, Key: key, Environment: s.want.Environment[Acceptor],
			SharedID: offer.SharedID, Peer: peer, Attempt: a,
		})
	})
	if err == nil {
		s.sharedID = offer.SharedID
	}
	return err
}

// site is where a side's end lives; of another team's, what the configuration
// says.
func (s *session) site(ctx context.Context, side Side) (Site, error) {
	if s.link.Ends[side] == nil {
		return s.link.PeerSite, nil
	}
	site, err := s.link.Ends[side].Site(ctx)
	return site, s.wrap(side, err)
}

// build makes one half. A reply that was lost is asked for again under the same
// token; a token that answers with what is gone moves on to the next attempt;
// what exists already is looked for by its marker.
func (s *session) build(ctx context.Context, side Side, call func(Attempt) (Observation, error)) error {
	for repeats := 0; ; {
		if s.attempt[side] >= maxAttempts {
			return s.link.fail(CodeCloud, side, s.view, "its cloud answers every try with something that is gone", "", "Wait an hour for the cloud to forget the earlier tries, or choose another name.")
		}
		o, err := call(Attempt{Link: s.link.Marker, Number: s.attempt[side]})
		switch {
		case err == nil && (o.State.Gone() || o.State == Deleting):
			s.attempt[side]++
			continue
		case err == nil:
			s.view[side] = o
			s.made[side] = s.driver.clock().Now()
			s.acted(side)
			s.saved(ctx)
			return nil
		case cloud.KindOf(err) == cloud.Conflict:
			found, ferr := s.find(ctx, side)
			if ferr == nil && !found.State.Gone() {
				s.view[side] = found
				s.acted(side)
				s.saved(ctx)
				return nil
			}
		case !cloud.Transient(err) && cloud.KindOf(err) != cloud.Unknown:
			return s.cloudError(side, err)
		}
		repeats++
		if repeats > maxRepeats {
			return s.cloudError(side, err)
		}
		if err := s.pause(ctx); err != nil {
			return err
		}
	}
}
