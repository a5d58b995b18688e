package endtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// offer is the proposal for a link.
func (r *run) offer(t *testing.T, p *pair) link.Proposal {
	t.Helper()
	return link.Proposal{
		Marker: p.marker, Bandwidth: r.bench.Bandwidth, Environment: r.environment(t, link.Initiator),
		Peer: siteOf(t, p.ends[link.Acceptor]), Attempt: p.try(),
	}
}

// acceptance is the redemption of a key for a link.
func (r *run) acceptance(t *testing.T, p *pair, key activation.Key) link.Redemption {
	t.Helper()
	says, _ := key.Decode() // what cannot be read says nothing
	return link.Redemption{
		Marker: p.marker, Key: key, Environment: r.environment(t, link.Acceptor), SharedID: says.SharedID,
		Peer: siteOf(t, p.ends[link.Initiator]), Attempt: p.try(),
	}
}

// mayMake notes that a half of the link may exist from now on.
func (r *run) mayMake(p *pair) {
	if !slices.Contains(r.made, p) {
		r.made = append(r.made, p)
	}
}

// propose makes the initiator's half and waits for its key.
func (r *run) propose(t *testing.T, p *pair) {
	t.Helper()
	r.proposeFor(t, p, r.offer(t, p))
}

func (r *run) proposeFor(t *testing.T, p *pair, offer link.Proposal) {
	t.Helper()
	r.mayMake(p)
	o, err := p.ends[link.Initiator].Propose(t.Context(), offer)
	if err != nil {
		t.Fatalf("proposing: %v", err)
	}
	p.seen[link.Initiator] = o
	o = r.wait(t, p, link.Initiator, "awaiting its peer", awaiting)
	if p.key = o.Key; p.key.IsZero() {
		t.Fatal("it awaits its peer and shows no activation key")
	}
}

// join redeems the key and waits until both halves are up.
func (r *run) join(t *testing.T, p *pair) {
	t.Helper()
	r.mayMake(p)
	o, err := p.ends[link.Acceptor].Redeem(t.Context(), r.acceptance(t, p, p.key))
	if err != nil {
		t.Fatalf("redeeming: %v", err)
	}
	p.seen[link.Acceptor] = o
	for _, side := range []link.Side{link.Acceptor, link.Initiator} {
		r.wait(t, p, side, "up", up)
	}
}

func proposal(r *run, t *testing.T) {
	p := r.reach(t, proposed)
	o := p.look(t, link.Initiator)
	r.judgeObject(t, p, link.Initiator)
	if o.SharedID == "" {
		t.Error("it does not say its shared id")
	}
	says, err := p.key.Decode()
	if err != nil {
		terms, err := p.ends[link.Acceptor].Inspect(t.Context(), p.key)
		if err != nil || !slices.Equal(terms.Tiers, []bandwidth.Bandwidth{r.bench.Bandwidth}) {
			t.Errorf("the key can neither be read nor is it described as one for %s: %+v, %v", r.bench.Bandwidth, terms, err)
		}
		return
	}
	if !strings.EqualFold(says.SharedID, o.SharedID) {
		t.Errorf("the key's shared id is %s, the object's %s", says.SharedID, o.SharedID)
	}
	if want := siteOf(t, r.partner()).Account; says.AccountID != want {
		t.Errorf("the key is for account %s, want %s", says.AccountID, want)
	}
	if says.Bandwidth != r.bench.Bandwidth {
		t.Errorf("the key is for %s, want %s", says.Bandwidth, r.bench.Bandwidth)
	}
}

// judgeObject compares a half, as last seen, with what was asked for.
func (r *run) judgeObject(t *testing.T, p *pair, side link.Side) {
	t.Helper()
	o, e := p.seen[side], p.ends[side]
	same := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s is %q, want %q", e.Descriptor().Name, what, got, want)
		}
	}
	own, other := siteOf(t, e), siteOf(t, p.ends[side.Other()])
	same("the mark's link", o.Mark.Name, p.marker.Name)
	same("the account", o.Site.Account, own.Account)
	same("the region", o.Site.Region, own.Region)
	same("the environment", o.Environment, r.environment(t, side))
	same("the bandwidth", o.Bandwidth.String(), r.bench.Bandwidth.String())
	if o.PeerSite.Account != "" {
		same("the peer's account", o.PeerSite.Account, other.Account)
	}
	if o.PeerSite.Region != "" {
		same("the peer's region", o.PeerSite.Region, other.Region)
	}
}

func sameProposal(r *run, t *testing.T) {
	p := r.reach(t, proposed)
	offer := r.offer(t, p)
	r.sameObject(t, p, link.Initiator, func(e link.End) (link.Observation, error) { return e.Propose(t.Context(), offer) })
}

func sameRedemption(r *run, t *testing.T) {
	p := r.reach(t, joined)
	redeem := r.acceptance(t, p, p.key)
	r.sameObject(t, p, link.Acceptor, func(e link.End) (link.Observation, error) { return e.Redeem(t.Context(), redeem) })
}

// sameObject repeats a creation, as one does whose reply was lost, at the same
// end and at one that knows nothing of the first try.
func (r *run) sameObject(t *testing.T, p *pair, side link.Side, repeat func(link.End) (link.Observation, error)) {
	t.Helper()
	before := p.look(t, side)
	for _, e := range []link.End{p.ends[side], r.end(r.setup(p.marker.Name))} {
		again, err := repeat(e)
		if err != nil {
			t.Fatalf("the same attempt again: %v", err)
		}
		if again.ID != before.ID {
			t.Errorf("the same attempt gave %s and then %s", before.ID, again.ID)
		}
	}
	if after := p.look(t, side); after.SharedID != before.SharedID || after.State != before.State {
		t.Errorf("it was %s, shared id %s, and is %s, shared id %s", before.State, before.SharedID, after.State, after.SharedID)
	}
	found, err := p.ends[side].Find(t.Context(), p.marker)
	if err != nil || len(found) != 1 {
		t.Errorf("%d objects carry the marker, want 1 (%v)", len(found), err)
	}
}

func inspectKey(r *run, t *testing.T) {
	p := r.reach(t, proposed)
	terms, err := r.own().Inspect(t.Context(), p.key)
	switch {
	case errors.Is(err, link.ErrNotOffered):
		if _, err := p.key.Decode(); err != nil {
			t.Errorf("the key can neither be read nor described: %v", err)
		}
		return
	case err != nil:
		t.Fatal(err)
	}
	if want := r.environment(t, link.Acceptor); terms.Environment != "" && terms.Environment != want {
		t.Errorf("the key is described as one for environment %s, want %s", terms.Environment, want)
	}
	if len(terms.Tiers) > 0 && !slices.Equal(terms.Tiers, []bandwidth.Bandwidth{r.bench.Bandwidth}) {
		t.Errorf("the key is described as one for %s, want %s", bandwidth.List(terms.Tiers), r.bench.Bandwidth)
	}
}

func mangledKeys(r *run, t *testing.T) {
	p := r.reach(t, proposed)
	mangled := map[string]activation.Key{
		"text":        unreadable(),
		"a part only": activation.NewKey(p.key.Reveal()[:len(p.key.Reveal())/2]),
	}
	if says, err := p.key.Decode(); err == nil {
		says.SharedID = nobodysID
		if mangled["a key that was never issued"], err = says.Encode(); err != nil {
			t.Fatal(err)
		}
	}
	for name, key := range mangled {
		t.Run(name, func(t *testing.T) { r.refused(t, r.pair(r.bench.Name+"-none"), key) })
	}
}

// foreignKey has a key issued for another account where that may be, and else
// forges one.
func foreignKey(r *run, t *testing.T) {
	if r.bench.Spend >= Freely {
		p := r.pair(r.bench.Name + "-else")
		offer := r.offer(t, p)
		offer.Peer.Account = r.bench.OtherAccount
		r.proposeFor(t, p, offer)
		r.refused(t, p, p.key)
		return
	}
	says, err := r.reach(t, proposed).key.Decode()
	if err != nil {
		t.Skip("the key cannot be read, so none like it can be made")
	}
	says.AccountID = r.bench.OtherAccount
	key, err := says.Encode()
	if err != nil {
		t.Fatal(err)
	}
	r.refused(t, r.pair(r.bench.Name+"-else"), key)
}

func usedKey(r *run, t *testing.T) {
	used := r.reach(t, joined).key
	r.refused(t, r.pair(r.bench.Name+"-used"), used)
}

// refused redeems a key that must not open anything.
func (r *run) refused(t *testing.T, p *pair, key activation.Key) {
	t.Helper()
	redeem := r.acceptance(t, p, key)
	r.refuses(t, p, link.Acceptor, func() (link.Observation, error) { return p.ends[link.Acceptor].Redeem(t.Context(), redeem) })
}

// proposalNowhere proposes what no check has looked at.
func proposalNowhere(r *run, t *testing.T) {
	p := r.pair(r.bench.Name + "-none")
	e, offer := r.faultyNamed(t, p.marker.Name, UnknownAttachPoint), r.offer(t, p)
	r.refuses(t, p, link.Initiator, func() (link.Observation, error) { return e.Propose(t.Context(), offer) })
}

// refuses expects a creation to be refused, at once or by the operation that it
// begins, in words that tell what to do, and to leave nothing.
func (r *run) refuses(t *testing.T, p *pair, side link.Side, create func() (link.Observation, error)) {
	t.Helper()
	r.mayMake(p)
	e := p.ends[side]
	o, err := create()
	r.again(t, func(ctx context.Context) bool {
		if err != nil || o.Operation == "" && !o.State.Moving() {
			return true
		}
		polled, failure := e.Poll(ctx, o.Ref)
		if !cloud.Transient(failure) {
			o, err = polled, failure
		}
		return false
	})
	if err == nil {
		t.Errorf("it was taken: the object %s is %s", o.ID, o.State)
	}
	if kind := cloud.KindOf(err); err != nil && (kind == cloud.Unknown || kind == cloud.Unavailable) {
		t.Errorf("the refusal is of kind %s: %v", kind, err)
	}
	r.eventually(t, func() string {
		found, err := e.Find(t.Context(), p.marker)
		if err != nil || len(found) > 0 {
			return fmt.Sprintf("%d objects are left (%v)", len(found), err)
		}
		return ""
	})
}

func redemption(r *run, t *testing.T) {
	p := r.reach(t, joined)
	o := p.look(t, link.Acceptor)
	r.judgeObject(t, p, link.Acceptor)
	says, err := p.key.Decode()
	if err == nil && !strings.EqualFold(says.SharedID, o.SharedID) {
		t.Errorf("the key's shared id is %s, the object's %s", says.SharedID, o.SharedID)
	}
	if !o.Key.IsZero() {
		t.Error("an acceptor shows a key to be redeemed")
	}
}

func oneLink(r *run, t *testing.T) {
	p := r.reach(t, joined)
	for side := range p.seen {
		p.look(t, link.Side(side))
		r.judgeObject(t, p, link.Side(side))
	}
	i, a := p.seen[link.Initiator], p.seen[link.Acceptor]
	if i.SharedID == "" || !strings.EqualFold(i.SharedID, a.SharedID) {
		t.Errorf("the shared ids are %q and %q", i.SharedID, a.SharedID)
	}
	if pairing := link.Pair(link.Link{Marker: p.marker, Ends: p.ends}, p.seen); pairing.Status != link.Matched {
		t.Errorf("the pairing is %s: %s", pairing.Status, pairing.Summary)
	}
}
