package link

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// keyField is the configuration field that holds another team's key.
const keyField = ".activation_key_wo"

// Offer is what an activation key opens: what the key says itself, and what the
// acceptor's cloud says of it. Parts that neither says are empty.
type Offer struct {
	SharedID  string
	Bandwidth bandwidth.Bandwidth
	// Environment is the acceptor's cloud's name of it, and PeerRegion where
	// the initiator is.
	Environment, PeerRegion string
}

// Offer checks another team's activation key without redeeming it: that it can
// be read, and that shared id, account, bandwidth, environment and regions are
// those that the configuration has or was told. Errors are *Error.
func (d *Driver) Offer(ctx context.Context, l Link, w Want) (Offer, error) {
	s := &session{driver: d, link: l, want: w, view: l.unseen(View{}), since: d.clock().Now()}
	s.view[Acceptor] = Observation{State: Absent}
	o, err := s.verify(ctx, l.Key)
	return o, s.explain(ctx, err)
}

// redeemedBefore is for a key that is refused: where an end of ours carries the
// link's marker and is of the key's link, it is we who have used it, in a run
// whose state was lost. That end is what the key opens, and why stays the error
// otherwise.
func (s *session) redeemedBefore(ctx context.Context, why error) (Offer, error) {
	o, err := s.find(ctx, Acceptor)
	if err != nil || !o.State.Joined() {
		return Offer{}, why
	}
	if p, foreign := s.link.Key.Decode(); foreign == nil && o.SharedID != "" && !strings.EqualFold(p.SharedID, o.SharedID) {
		return Offer{}, why
	}
	if told := s.link.SharedID; told != "" && o.SharedID != "" && !strings.EqualFold(told, o.SharedID) {
		return Offer{}, why
	}
	return Offer{SharedID: o.SharedID, Bandwidth: o.Bandwidth, Environment: o.Environment, PeerRegion: o.PeerSite.Region}, nil
}

// verify checks that the key is for this link before it is used up: by what the
// key says, and by what the acceptor's cloud says of it.
func (s *session) verify(ctx context.Context, key activation.Key) (Offer, error) {
	if key.IsZero() {
		return Offer{}, s.noKey()
	}
	offer, decoded, err := s.readKey(ctx, key)
	if err != nil {
		return Offer{}, err
	}
	terms, err := s.link.Ends[Acceptor].Inspect(ctx, key)
	switch {
	case errors.Is(err, ErrNotOffered) && decoded:
		return offer, nil
	case errors.Is(err, ErrNotOffered):
		return Offer{}, s.keyError(&Error{
			Summary: "the activation key cannot be checked",
			Detail:  "It is not in the published format, and the cloud offers no way of describing it. The key was not redeemed.",
			Remedy:  "Compare it with what the other cloud shows: it may be incomplete or have changed in copying. A key in another format is redeemed in the cloud's console; then import the link.",
		})
	case err != nil:
		return Offer{}, s.keyRefused(err, decoded)
	}
	return s.compareTerms(offer, terms)
}

// readKey compares what the key says of itself, if it can be read, with what it
// should say.
func (s *session) readKey(ctx context.Context, key activation.Key) (offer Offer, decoded bool, err error) {
	payload, foreign := key.Decode()
	if foreign != nil {
		// What a key in another format is for, only its cloud can say.
		return Offer{}, false, nil //nolint:nilerr // Not an error, see above.
	}
	site, err := s.site(ctx, Acceptor)
	if err != nil {
		return Offer{}, false, err
	}
	i := s.view[Initiator]
	shared, size := i.SharedID, i.Bandwidth
	if !s.link.both() {
		shared, size = s.link.SharedID, s.want.Bandwidth
	}
	switch {
	case shared != "" && !strings.EqualFold(payload.SharedID, shared):
		return Offer{}, false, s.wrongKey("shared id", payload.SharedID, shared)
	case payload.AccountID != site.Account:
		return Offer{}, false, s.wrongKey("account", payload.AccountID, site.Account)
	case size != 0 && payload.Bandwidth != size:
		return Offer{}, false, s.wrongKey("bandwidth", payload.Bandwidth.String(), size.String())
	}
	return Offer{SharedID: payload.SharedID, Bandwidth: payload.Bandwidth}, true, nil
}

// compareTerms compares what the cloud says of the key with what it should say.
func (s *session) compareTerms(offer Offer, terms Terms) (Offer, error) {
	if e := s.want.Environment[Acceptor]; e != "" && terms.Environment != "" && terms.Environment != e {
		return Offer{}, s.wrongKey("environment", terms.Environment, e)
	}
	if told := s.link.PeerSite.Region; !s.link.both() && told != "" && terms.PeerRegion != "" && !strings.EqualFold(told, terms.PeerRegion) {
		return Offer{}, s.wrongKey("region at the other end", terms.PeerRegion, told)
	}
	size := s.view[Initiator].Bandwidth
	if !s.link.both() {
		size = s.want.Bandwidth
	}
	if len(terms.Tiers) == 1 {
		if size != 0 && terms.Tiers[0] != size {
			return Offer{}, s.wrongKey("bandwidth", terms.Tiers[0].String(), size.String())
		}
		offer.Bandwidth = terms.Tiers[0]
	}
	offer.Environment, offer.PeerRegion = terms.Environment, terms.PeerRegion
	return offer, nil
}

// wrongKey is the error of a key that is for something else.
func (s *session) wrongKey(what, says, should string) error {
	return s.keyError(&Error{
		Summary: "the activation key is not for this link",
		Detail:  fmt.Sprintf("The key's %s is %s; it should be %s. The key was not redeemed.", what, says, should),
		Remedy:  "Ask for a new key, or correct the configuration.",
	})
}

// noKey is the error of a link whose initiator shows no key, or for which the
// other team's was not given.
func (s *session) noKey() error {
	if s.link.both() {
		return s.link.fail(CodeKey, Initiator, s.view, "it shows no activation key",
			"Without the key the other end cannot be joined.", "Destroy the link and create it anew.")
	}
	return s.keyError(&Error{
		Summary: "no activation key is given",
		Detail:  fmt.Sprintf("%s belongs to another team, and only the activation key that it issued joins this end to it.", sentenceCase(s.link.name(Initiator))),
		Remedy:  "Ask that team for the key and give it as activation_key_wo.",
	})
}

// keyRefused is what the acceptor's cloud says of a key that it does not take: of
// another team's key, that the key is at fault.
func (s *session) keyRefused(err error, decoded bool) error {
	kind := cloud.KindOf(err)
	if s.link.both() || cloud.Transient(err) || kind == cloud.Unknown || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return s.cloudError(Acceptor, err)
	}
	e := &Error{
		Summary: refusedKey,
		Detail:  "The cloud was asked to describe the key and refused. The key was not redeemed.",
		Remedy:  newKey,
		Err:     withoutRemedy(err),
	}
	if !decoded {
		e.Detail += " It is not in the published format: it may be incomplete or have changed in copying."
	}
	return s.keyError(e)
}

// Words about a key that the acceptor's cloud refuses.
const (
	refusedKey = "the activation key cannot be redeemed"
	newKey     = "Ask the other team for a new key, of a link to this account and region."
)

// withoutRemedy is what a cloud said without its general advice, where the key is
// known to be at fault.
func withoutRemedy(err error) error {
	ce, ok := errors.AsType[*cloud.Error](err)
	if !ok {
		return err
	}
	said := *ce
	said.Remedy = ""
	return &said
}

// blameKey makes an error about another team's key of a cloud's refusal to make
// an end with it, where nothing else is named as the reason: some clouds look at a
// key only when it is redeemed.
func (s *session) blameKey(e *Error) {
	ce, ok := errors.AsType[*cloud.Error](e.Err)
	if !ok || !s.redeemed || s.link.both() || e.Code != CodeCloud || ce.Field != "" || !s.view[Acceptor].State.Gone() {
		return
	}
	if ce.Kind != cloud.Precondition && ce.Kind != cloud.Invalid {
		return
	}
	e.Code, e.Field = CodeKey, keyField
	e.Summary = s.link.describe(Acceptor).Name + " " + s.link.describe(Acceptor).Object + ": " + refusedKey
	e.Remedy, e.Err = newKey, withoutRemedy(ce)
}

// keyError completes an error about the key: it is the acceptor that cannot be
// made, and, where another team issued the key, the configuration of it that is
// to blame.
func (s *session) keyError(e *Error) error {
	full := s.link.fail(CodeKey, Acceptor, s.view, e.Summary, e.Detail, e.Remedy)
	full.Err = e.Err
	if !s.link.both() {
		full.Field = keyField
	}
	return full
}
