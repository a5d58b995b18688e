package link

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// handover is a link whose initiator belongs to another team, which has issued a
// key: ours is the acceptor.
func handover(t *testing.T, w *world, arrange func(i, a *fakeEnd)) (ours Link, i, a *fakeEnd) {
	t.Helper()
	l, i, a := w.pair("acme")
	if arrange != nil {
		arrange(i, a)
	}
	theirs := l
	theirs.Ends[Acceptor], theirs.Peer, theirs.PeerSite = nil, a.desc, Site{Account: "bal-account", Region: "bal-1"}
	v, err := w.driver().Converge(t.Context(), theirs, Want{Bandwidth: bandwidth.Gbps, Until: Requested}, View{})
	if err != nil {
		t.Fatal(err)
	}
	ours = l
	ours.Ends[Initiator], ours.Peer, ours.Key = nil, i.desc, v[Initiator].Key
	return ours, i, a
}

func TestOffer(t *testing.T) {
	const shared = "00000000-0000-4000-8000-000000000001"
	tests := map[string]struct {
		arrange func(i, a *fakeEnd)
		told    func(l *Link, w *Want)
		offer   Offer
		says    string // of the error, empty for none
	}{
		"nothing told":                   {offer: Offer{SharedID: shared, Bandwidth: bandwidth.Gbps}},
		"all told":                       {told: func(l *Link, w *Want) { l.SharedID, w.Bandwidth = shared, bandwidth.Gbps }, offer: Offer{SharedID: shared, Bandwidth: bandwidth.Gbps}},
		"shared id in capitals":          {told: func(l *Link, _ *Want) { l.SharedID = strings.ToUpper(shared) }, offer: Offer{SharedID: shared, Bandwidth: bandwidth.Gbps}},
		"described":                      {arrange: func(_, a *fakeEnd) { a.describes = true }, offer: Offer{SharedID: shared, Bandwidth: bandwidth.Gbps, Environment: "bal-env"}},
		"opaque and described":           {arrange: func(i, a *fakeEnd) { i.opaque, a.describes = true, true }, offer: Offer{Bandwidth: bandwidth.Gbps, Environment: "bal-env"}},
		"opaque and not described":       {arrange: func(i, _ *fakeEnd) { i.opaque = true }, says: "cannot be checked"},
		"another link":                   {told: func(l *Link, _ *Want) { l.SharedID = "11111111-2222-4333-8444-555555555555" }, says: "shared id is " + shared},
		"another bandwidth":              {told: func(_ *Link, w *Want) { w.Bandwidth = 10 * bandwidth.Gbps }, says: "bandwidth is 1Gbps; it should be 10Gbps"},
		"opaque, another bandwidth":      {arrange: func(i, a *fakeEnd) { i.opaque, a.describes = true, true }, told: func(_ *Link, w *Want) { w.Bandwidth = 10 * bandwidth.Gbps }, says: "bandwidth is 1Gbps"},
		"described for another place":    {arrange: func(_, a *fakeEnd) { a.describes = true }, told: func(_ *Link, w *Want) { w.Environment[Acceptor] = "other-env" }, says: "environment is bal-env"},
		"another account":                {told: func(l *Link, _ *Want) { l.Ends[Acceptor].(*fakeEnd).site.Account = "shifty" }, says: "account is bal-account; it should be shifty"},
		"none given":                     {told: func(l *Link, _ *Want) { l.Key = activation.Key{} }, says: "no activation key is given"},
		"unknown to the acceptor's side": {arrange: func(_, a *fakeEnd) { a.describes = true }, told: func(l *Link, _ *Want) { l.Key = activation.NewKey("made up") }, says: "not in the published format"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			l, _, a := handover(t, w, tt.arrange)
			var want Want
			if tt.told != nil {
				tt.told(&l, &want)
			}
			offer, err := w.driver().Offer(t.Context(), l, want)
			if tt.says == "" {
				if diff := cmp.Diff(tt.offer, offer); err != nil || diff != "" {
					t.Errorf("error %v, offer (-want +got):\n%s", err, diff)
				}
				return
			}
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Code != CodeKey || e.Field != keyField || e.End != a.desc.Name || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %#v, want a %s error that says %q", err, CodeKey, tt.says)
			}
			if len(a.objects) > 0 {
				t.Error("asking about the key has made something")
			}
			// The redemption refuses what the offer refused.
			if _, err := w.driver().Converge(t.Context(), l, want, View{}); err == nil || len(a.objects) > 0 {
				t.Errorf("a refused key was redeemed: %v", err)
			}
		})
	}
}

// TestKeyThatWeHaveUsed is of a run that redeemed the key and lost its state: the
// next check finds the end, and the next run goes on from it.
func TestKeyThatWeHaveUsed(t *testing.T) {
	w := newWorld()
	l, _, a := handover(t, w, func(_, a *fakeEnd) { a.describes = true })
	refuse := func(verb string, _ bool) error {
		if verb == "inspect" {
			return &cloud.Error{Kind: cloud.Precondition, End: "Bal", Message: "the key is used"}
		}
		return nil
	}
	a.fault = refuse
	if _, err := w.driver().Check(t.Context(), l, oneGig, true); err == nil {
		t.Fatal("a used key was taken where there is no end of ours")
	}
	a.fault = nil
	first, err := w.driver().Converge(t.Context(), l, oneGig, View{})
	if err != nil {
		t.Fatal(err)
	}
	a.fault = refuse
	p, err := w.driver().Check(t.Context(), l, oneGig, true)
	if err != nil || p.Offer.SharedID != first[Acceptor].SharedID {
		t.Errorf("offer %+v: %v", p.Offer, err)
	}
	if v, err := w.driver().Converge(t.Context(), l, oneGig, View{}); err != nil || v[Acceptor].ID != first[Acceptor].ID {
		t.Errorf("the end was not adopted: %+v, %v", v[Acceptor].Ref, err)
	}
	l.Owner = "somebody else"
	if _, err := w.driver().Check(t.Context(), l, oneGig, true); err == nil {
		t.Error("a used key was taken for somebody else's end")
	}
}

// TestKeyRefusedAtRedemption is of a cloud that looks at the key only then.
func TestKeyRefusedAtRedemption(t *testing.T) {
	w := newWorld()
	l, _, a := handover(t, w, nil)
	a.fault = fault("redeem", false, 1, &cloud.Error{Kind: cloud.Precondition, End: "Bal", Message: "the key is used", Remedy: "Wait."})
	_, err := w.driver().Converge(t.Context(), l, oneGig, View{})
	checkError(t, err, CodeKey, "Bal")
	if strings.Contains(err.Error(), "Wait.") || !strings.Contains(err.Error(), newKey) {
		t.Errorf("the remedy is the cloud's general one: %v", err)
	}
	a.fault = fault("redeem", false, 1, &cloud.Error{Kind: cloud.Precondition, End: "Bal", Field: "region", Message: "closed"})
	_, err = w.driver().Converge(t.Context(), l, oneGig, View{})
	checkError(t, err, CodeCloud, "Bal")
}

// TestOneEndOfAnotherLink is an end of ours that is not of the link that the
// configuration was told of.
func TestOneEndOfAnotherLink(t *testing.T) {
	w := newWorld()
	l, _, _ := handover(t, w, nil)
	v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
	if err != nil {
		t.Fatal(err)
	}
	l.SharedID = "11111111-2222-4333-8444-555555555555"
	_, err = w.driver().Converge(t.Context(), l, oneGig, v)
	checkError(t, err, CodeMismatch, "Bal")
}

// TestOneEndWaitsInVain is an initiator that is to wait for another team.
func TestOneEndWaitsInVain(t *testing.T) {
	w := newWorld()
	l, _, a := w.pair("acme")
	l.Ends[Acceptor], l.Peer = nil, a.desc
	ctx, cancel := context.WithCancel(t.Context())
	d := w.driver()
	d.Reporter = reporter(func(doing string) {
		if strings.HasPrefix(doing, "waiting") && w.now.Sub(time.Unix(1_800_000_000, 0)) > time.Hour {
			cancel()
		}
	})
	v, err := d.Converge(ctx, l, oneGig, View{})
	checkError(t, err, CodeTimeout, "Ame")
	if v[Initiator].State != AwaitingPeer || !strings.Contains(err.Error(), "has not redeemed the activation key") {
		t.Errorf("state %s: %v", v[Initiator].State, err)
	}
}
