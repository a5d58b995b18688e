package link

import (
	"context"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

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
	s.redeemed = true
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
		if s.attempt[side] >= maxLives {
			return s.link.fail(CodeCloud, side, s.view, "its cloud answers every try with something that is gone", "", "Wait an hour for the cloud to forget the earlier tries, or choose another name.")
		}
		o, err := call(Attempt{Link: s.link.Marker, Number: s.attempt[side]})
		switch {
		case err == nil && (o.State.Gone() || o.State == Deleting):
			s.attempt[side]++
			continue
		case err == nil:
			s.view[side] = o
			// One end alone may have nothing more to wait for. It is done when its
			// cloud shows it: the next refresh must not find it missing.
			s.view[side].Partial = o.Partial || !s.link.both()
			s.made[side] = s.driver.clock().Now()
			s.acted(side)
			s.saved(ctx)
			return nil
		case cloud.KindOf(err) == cloud.Conflict:
			found, ferr := s.find(ctx, side)
			if ferr == nil {
				ferr = s.stranger(side, found)
			}
			if isCode(ferr, CodeExists) {
				return ferr
			}
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
