package coordinator_test

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

func TestAcceptorNegotiatesFourFeatures(t *testing.T) {
	p := setup(t)
	p.join(linkID)
	for name, s := range map[string]*side{"aws": p.aws, "google": p.google} {
		l := s.link(linkID)
		if l == nil || len(l.Features) != 4 || l.Verified {
			t.Fatalf("%s has %+v", name, l)
		}
		for _, f := range l.Features {
			c := f.FeatureConfig.L3BaseConfig
			if f.ProvisioningState != api.Pending || c.MTUBytes != 8896 || c.VLANID <= 1024 || len(c.ProviderBGPConfigs) != 2 {
				t.Errorf("%s has feature %+v with %+v", name, f, c)
			}
		}
	}
}

func TestVerifiedOnceBothHaveNotifiedAndLooked(t *testing.T) {
	p := setup(t)
	p.join(linkID)
	if err := p.aws.node.NotifyConnectionStatus(t.Context(), env, linkID); err != nil {
		t.Fatal(err)
	}
	p.clock.Advance(0)
	if p.aws.link(linkID).Verified || p.google.link(linkID).Verified || p.google.cloud.called("Notify") != 0 {
		t.Error("verified by one side")
	}
	p.finish(linkID)
	for name, s := range map[string]*side{"aws": p.aws, "google": p.google} {
		if !s.link(linkID).Verified || s.cloud.called("Notify") != 1 {
			t.Errorf("%s: %+v, told %d times", name, s.link(linkID), s.cloud.called("Notify"))
		}
		got, err := s.node.GetConnection(t.Context(), env, linkID)
		if err != nil || !got.Verified || got.BandwidthMbps != 1000 {
			t.Errorf("%s sees %+v, %v", name, got, err)
		}
	}
}

// A link is verified exactly when three features are final, and no two features
// share a parameter, whatever channels are off and whoever accepts.
func TestNegotiation(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newPair(t)
		defer p.close()
		for _, s := range []*side{p.aws, p.google} {
			for i := range 4 {
				ref := coordinator.ChannelRef{Environment: env, Interconnect: quadName, Channel: []string{"channel-1", "channel-2", "channel-3", "channel-4"}[i]}
				state := coordinator.ChannelState{Disabled: rapid.IntRange(0, 5).Draw(rt, "disabled") == 0, Refuses: rapid.IntRange(0, 5).Draw(rt, "refuses") == 0}
				if err := s.node.SetChannel(ref, state); err != nil {
					rt.Fatal(err)
				}
			}
		}
		var ids []string
		for i := range rapid.IntRange(1, 4).Draw(rt, "links") {
			issuer, acceptor := p.aws, p.google
			if rapid.Bool().Draw(rt, "turned") {
				issuer, acceptor = acceptor, issuer
			}
			if err := acceptor.accept(t.Context(), issuer.offer(nth(i), 1000)); err != nil {
				rt.Fatal(err)
			}
			ids = append(ids, nth(i))
		}
		for _, id := range ids {
			p.finish(id)
		}
		for _, s := range []*side{p.aws, p.google} {
			checkParameters(rt, s.node.Links())
			for _, id := range ids {
				l := s.link(id)
				final := 0
				for _, f := range l.Features {
					if f.ProvisioningState == api.Final {
						final++
					}
				}
				if l.Verified != (final >= 3) || (s.cloud.called("Notify") > 0) != slices.ContainsFunc(s.node.Links(), func(l coordinator.Link) bool { return l.Verified }) {
					rt.Fatalf("%d features are final: %+v", final, l)
				}
			}
		}
	})
}

// checkParameters wants the parameters of all features to be apart.
func checkParameters(t rapid.TB, links []coordinator.Link) {
	t.Helper()
	type port struct {
		quad, channel string
		vlan          int
	}
	ports, subnets := map[port]bool{}, map[string][]netip.Prefix{}
	for _, l := range links {
		for _, f := range l.Features {
			c := f.FeatureConfig.L3BaseConfig
			at := port{l.Interconnect, api.LastID(f.Channel), c.VLANID}
			if ports[at] {
				t.Fatalf("VLAN %d is used twice on %s", c.VLANID, f.Channel)
			}
			ports[at] = true
			for _, n := range []netip.Prefix{
				netip.PrefixFrom(netip.MustParseAddr(c.IPv4Subnet), c.IPv4SubnetPrefixLength),
				netip.PrefixFrom(netip.MustParseAddr(c.IPv6Subnet), c.IPv6SubnetPrefixLength),
			} {
				if slices.ContainsFunc(subnets[l.Interconnect], n.Overlaps) {
					t.Fatalf("subnet %s is used twice", n)
				}
				subnets[l.Interconnect] = append(subnets[l.Interconnect], n)
			}
		}
	}
}

// Both sides choose at the same time, and from the same few parameters.
func TestConcurrentNegotiationsDoNotCollide(t *testing.T) {
	p := setup(t, func(_ string, c *coordinator.NodeConfig) {
		c.Self.Guidance.VLANRanges = []api.Range{{Start: 2000, Stop: 2030}}
	})
	const links = 24
	errs := make(chan error, links)
	for i := range links {
		issuer, acceptor := p.aws, p.google
		if i%2 == 0 {
			issuer, acceptor = acceptor, issuer
		}
		offered := issuer.offer(nth(i), 500)
		go func() { errs <- acceptor.accept(t.Context(), offered) }()
	}
	for range links {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	for i := range links {
		p.finish(nth(i))
	}
	for _, s := range []*side{p.aws, p.google} {
		checkParameters(t, s.node.Links())
		for _, l := range s.node.Links() {
			if !l.Verified {
				t.Errorf("%s is not verified: %d features", l.ID, len(l.Features))
			}
		}
	}
}

func TestLateFeaturesVerifyAConnection(t *testing.T) {
	p := setup(t)
	for _, ch := range []string{"channel-1", "channel-2"} {
		if err := p.aws.node.SetChannel(coordinator.ChannelRef{Environment: env, Interconnect: quadName, Channel: ch}, coordinator.ChannelState{Disabled: true}); err != nil {
			t.Fatal(err)
		}
	}
	p.join(linkID)
	p.finish(linkID)
	if l := p.google.link(linkID); l.Verified || len(l.Features) != 2 {
		t.Fatalf("with two channels: %+v", l)
	}
	if err := p.aws.node.SetChannel(coordinator.ChannelRef{Environment: env, Interconnect: quadName, Channel: "channel-1"}, coordinator.ChannelState{}); err != nil {
		t.Fatal(err)
	}
	p.clock.Advance(24 * time.Hour)
	if l := p.google.link(linkID); !l.Verified || len(l.Features) != 3 {
		t.Errorf("a day after the third channel came back: %+v", l)
	}
	if p.aws.cloud.called("Notify") != 1 || p.google.cloud.called("Notify") != 1 {
		t.Error("the clouds were not told")
	}
}

func TestTooFewFeaturesUnverify(t *testing.T) {
	p := setup(t)
	p.join(linkID)
	p.finish(linkID)
	client := p.google.node.Client()
	for _, id := range []string{"l3-channel-1", "l3-channel-2"} {
		if err := client.DeleteFeature(t.Context(), place("gcp").Connection(linkID)+"/features/"+id); err != nil {
			t.Fatal(err)
		}
	}
	p.clock.Advance(0)
	if p.aws.link(linkID).Verified || p.google.link(linkID).Verified {
		t.Error("two features are enough")
	}
}

func TestConfirm(t *testing.T) {
	p := setup(t)
	c := p.aws.offer(linkID, 1000)
	for name, tc := range map[string]struct {
		key   string
		valid bool
	}{"good": {c.ActivationKey, true}, "unknown": {key(otherID, 1000), false}, "no key": {"aGVsbG8=", false}} {
		if valid, err := p.google.node.ConfirmActivationKey(t.Context(), env, tc.key); valid != tc.valid || err != nil {
			t.Errorf("%s: %v, %v", name, valid, err)
		}
	}
	_, err := p.google.node.ConfirmActivationKey(t.Context(), "nowhere", c.ActivationKey)
	declined(t, err, http.StatusNotFound)

	version, uri, id, size, account := 1, "providers/aws/environments/"+env, linkID, 1000, "sandbox-project"
	object := api.ActivationKey{Version: &version, DestinationEnvironmentURI: &uri, SharedConnectionUUID: &id, ConnectionSizeMbps: &size, DestinationAccountID: &account}
	reply, err := p.google.node.Client().ConfirmActivationKey(t.Context(), place("gcp").EnvironmentName(), api.ConfirmActivationKeyRequest{Key: &object})
	if err != nil || !reply.KeyValid {
		t.Errorf("the deprecated object: %+v, %v", reply, err)
	}
}

func TestDeletedKeysStaySpent(t *testing.T) {
	p := setup(t)
	c := p.join(linkID)
	if err := p.google.node.DeleteConnection(t.Context(), env, linkID); err != nil {
		t.Fatal(err)
	}
	if p.aws.link(linkID) != nil || p.google.link(linkID) != nil || p.aws.cloud.called("Delete") != 1 {
		t.Error("the connection is still there")
	}
	p.aws.offer(linkID, 1000) // a cloud that forgets that it used the key
	if valid, err := p.google.node.ConfirmActivationKey(t.Context(), env, c.ActivationKey); valid || err != nil {
		t.Errorf("a spent key is confirmed: %v, %v", valid, err)
	}
	declined(t, p.google.accept(t.Context(), c), http.StatusBadRequest)
	declined(t, p.google.node.DeleteConnection(t.Context(), env, linkID), http.StatusNotFound)
}

func TestCreateRefusals(t *testing.T) {
	p := setup(t)
	c := p.join(linkID)
	declined(t, p.google.accept(t.Context(), c), http.StatusConflict)
	large := p.aws.offer(nth(1), 1234)
	declined(t, p.google.accept(t.Context(), large), http.StatusBadRequest)
	p.aws.cloud.refuse("Create", &coordinator.Error{Status: 429, Message: "no"})
	declined(t, p.google.accept(t.Context(), p.aws.offer(nth(2), 1000)), http.StatusTooManyRequests)
	if p.google.link(nth(2)) != nil || p.aws.link(nth(2)) != nil {
		t.Error("a refusal left something behind")
	}
	p.aws.cloud.refuse("Create", errors.New("broken"))
	declined(t, p.google.accept(t.Context(), p.aws.offer(nth(3), 1000)), http.StatusInternalServerError)
	if p.google.link(nth(3)) != nil {
		t.Error("the issuer says that it has nothing, but the acceptor keeps it")
	}
	unknown := p.aws.offer(nth(4), 1000)
	unknown.Environment = "nowhere"
	declined(t, p.google.accept(t.Context(), unknown), http.StatusNotFound)
}

func TestClosedInterconnectsTakeNoConnections(t *testing.T) {
	p := setup(t)
	for _, q := range []string{"quad-1", "quad-2"} {
		if err := p.aws.node.SetInterconnect(env, q, api.InterconnectClosed); err != nil {
			t.Fatal(err)
		}
	}
	declined(t, p.google.accept(t.Context(), p.aws.offer(linkID, 1000)), http.StatusBadRequest)
	if err := p.google.node.SetInterconnect(env, "quad-1", api.InterconnectPending); err != nil {
		t.Fatal(err)
	}
	if err := p.aws.node.SetInterconnect(env, "quad-2", api.InterconnectActive); err != nil {
		t.Fatal(err)
	}
	if err := p.google.accept(t.Context(), p.aws.offer(otherID, 1000)); err != nil || p.google.link(otherID).Interconnect != "quad-2" {
		t.Errorf("%v: %+v", err, p.google.link(otherID))
	}
}

func TestBandwidthNeedsConsent(t *testing.T) {
	p := setup(t)
	c := p.join(linkID)
	p.finish(linkID)
	c.BandwidthMbps = 2000
	if got, err := p.google.node.UpdateConnection(t.Context(), c); err != nil || got.BandwidthMbps != 2000 {
		t.Fatalf("%+v, %v", got, err)
	}
	p.aws.cloud.refuse("Update", &coordinator.Error{Status: 400, Message: "no"})
	c.BandwidthMbps = 5000
	_, err := p.google.node.UpdateConnection(t.Context(), c)
	declined(t, err, http.StatusBadRequest)
	if a, g := p.aws.link(linkID).BandwidthMbps, p.google.link(linkID).BandwidthMbps; a != 2000 || g != 2000 {
		t.Errorf("after the refusal: %d and %d", a, g)
	}
	_, err = p.google.node.UpdateConnection(t.Context(), coordinator.Connection{ID: otherID, Environment: env, BandwidthMbps: 500})
	declined(t, err, http.StatusNotFound)
}

// asking calls its own side back while it decides on an update.
type asking struct {
	*fakeCloud
	ask func()
}

func (a asking) UpdateConnection(ctx context.Context, c coordinator.Connection) (coordinator.Connection, error) {
	a.ask()
	return a.fakeCloud.UpdateConnection(ctx, c)
}

func TestConcurrentUpdatesConflict(t *testing.T) {
	p := setup(t)
	c := p.join(linkID)
	p.finish(linkID)
	asked := false
	p.aws.node.SetCloud(asking{p.aws.cloud, func() {
		asked = true
		other := c
		other.BandwidthMbps = 500
		_, err := p.aws.node.UpdateConnection(t.Context(), other)
		declined(t, err, http.StatusConflict)
		_, err = p.google.node.UpdateConnection(t.Context(), other)
		declined(t, err, http.StatusConflict)
		_, err = p.aws.node.Client().UpdateBandwidth(t.Context(), place("aws").Connection(linkID), 500)
		declined(t, err, http.StatusConflict)
	}})
	c.BandwidthMbps = 2000
	if _, err := p.google.node.UpdateConnection(t.Context(), c); err != nil || !asked {
		t.Errorf("%v, asked: %v", err, asked)
	}
}

func TestSweep(t *testing.T) {
	const week = 7 * 24 * time.Hour
	tests := map[string]struct {
		noSweep bool
		prepare func(*testing.T, *pair)
		left    bool
	}{
		"never finalised":               {prepare: func(*testing.T, *pair) {}},
		"never finalised, switched off": {noSweep: true, prepare: func(*testing.T, *pair) {}, left: true},
		"verified":                      {prepare: func(_ *testing.T, p *pair) { p.finish(linkID) }, left: true},
		"on one side only": {prepare: func(_ *testing.T, p *pair) {
			p.finish(linkID)
			p.aws.cloud.mu.Lock()
			defer p.aws.cloud.mu.Unlock()
			delete(p.aws.cloud.connections, linkID)
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := setup(t, func(_ string, c *coordinator.NodeConfig) { c.NoSweep = tc.noSweep })
			p.join(linkID)
			tc.prepare(t, p)
			p.clock.Advance(week - time.Hour)
			if p.aws.link(linkID) == nil || p.google.link(linkID) == nil {
				t.Error("swept before its time")
			}
			p.clock.Advance(3 * 24 * time.Hour)
			for side, s := range map[string]*side{"aws": p.aws, "google": p.google} {
				if (s.link(linkID) != nil) != tc.left {
					t.Errorf("%s has %+v", side, s.link(linkID))
				}
				if !tc.left && side == "google" && s.cloud.called("Delete") != 1 {
					t.Errorf("%s was told to delete %d times", side, s.cloud.called("Delete"))
				}
			}
		})
	}
}

func TestALostReplyIsReconciled(t *testing.T) {
	p := setup(t)
	p.aws.held.loseReply(http.MethodPost, "/connections")
	if err := p.google.accept(t.Context(), p.aws.offer(linkID, 1000)); err != nil {
		t.Fatal(err)
	}
	p.finish(linkID)
	if !p.google.link(linkID).Verified {
		t.Error("not verified")
	}
	p.aws.held.loseReply(http.MethodPost, "/features")
	if err := p.google.accept(t.Context(), p.aws.offer(otherID, 1000)); err != nil || len(p.google.link(otherID).Features) != 4 {
		t.Errorf("%v: %+v", err, p.google.link(otherID))
	}
}

func TestAnAgreementOutlivesItsCustomer(t *testing.T) {
	p := setup(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.google.accept(gone, p.aws.offer(linkID, 1000)); err != nil || len(p.aws.link(linkID).Features) != 4 {
		t.Errorf("%v: %+v", err, p.aws.link(linkID))
	}
}
