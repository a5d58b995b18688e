package google_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	compute "cloud.google.com/go/compute/apiv1"
	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"

	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// addPeering asks for a peering of a network.
func (f *fixture) addPeering(network string, p *computepb.NetworkPeering) (*compute.Operation, error) {
	return f.networks.AddPeering(f.Context(), &computepb.AddPeeringNetworkRequest{
		Project: project, Network: network,
		NetworksAddPeeringRequestResource: &computepb.NetworksAddPeeringRequest{NetworkPeering: p},
	})
}

// peeringTo is a peering as the provider of a link asks for one.
func peeringTo(network, stack string, custom bool) *computepb.NetworkPeering {
	return &computepb.NetworkPeering{
		Name: new("to-aws"), Network: &network, ExchangeSubnetRoutes: new(true),
		ImportCustomRoutes: &custom, ExportCustomRoutes: &custom, StackType: &stack,
	}
}

// peerWith peers the network with transport "a" and lets that end.
func (f *fixture) peerWith(stack string, custom bool) *compute.Operation {
	f.Helper()
	op, err := f.addPeering("default", peeringTo(f.transport("a").PeeringNetwork, stack, custom))
	if err != nil {
		f.Fatal(err)
	}
	f.clock.Advance(timing.Operation)
	if err := op.Poll(f.Context()); err != nil {
		f.Fatal(err)
	}
	return op
}

// peering reads the only peering of a network, or nil.
func (f *fixture) peering(network string) *computepb.NetworkPeering {
	f.Helper()
	n, err := f.network(network)
	if err != nil {
		f.Fatal(err)
	}
	if len(n.Peerings) == 0 {
		return nil
	}
	return n.Peerings[0]
}

func TestPeeringWithATransport(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	op := f.peerWith("IPV4_ONLY", true)
	if op.Proto().GetOperationType() != "addPeering" || op.Proto().GetStatus() != computepb.Operation_DONE {
		t.Errorf("got %v", op.Proto())
	}
	got := f.peering("default")
	if got.GetState() != "ACTIVE" || got.GetStateDetails() != "Connected." || got.GetPeerMtu() != 8896 ||
		got.GetNetwork() != "https://www.googleapis.com/compute/v1/"+f.transport("a").PeeringNetwork ||
		!got.GetImportCustomRoutes() || !got.GetExportSubnetRoutesWithPublicIp() || got.GetUpdateStrategy() != "INDEPENDENT" {
		t.Errorf("got %v", got)
	}
	if _, err := f.api.Transports.Delete(name("a")).Do(); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Deleting)
	if got := f.peering("default"); got.GetState() != "INACTIVE" || !strings.Contains(got.GetStateDetails(), "deleted") {
		t.Errorf("after the transport is gone: %v", got)
	}
}

func TestPeeringOfDifferentStacksIsInactive(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	f.peerWith("IPV4_IPV6", true)
	if got := f.peering("default"); got.GetState() != "INACTIVE" || !strings.Contains(got.GetStateDetails(), "stack type") {
		t.Errorf("got %v", got)
	}
	f.patched("stackType", &body{StackType: "IPV4_IPV6"})
	if got := f.peering("default"); got.GetState() != "ACTIVE" {
		t.Errorf("once they are equal: %v", got)
	}
}

func TestPeeringWarnsOfTheMTU(t *testing.T) {
	const warning = "Network MTU 1460B does not match the peer's MTU 8896B"
	for mtu, want := range map[int]string{1460: warning, 8896: ""} {
		f := setup(t)
		if err := f.cloud.SetNetworkMTU(project, "default", mtu); err != nil {
			t.Fatal(err)
		}
		f.pendingKey("a")
		got := ""
		for _, w := range f.peerWith("IPV4_ONLY", true).Proto().GetWarnings() {
			got += w.GetMessage()
		}
		if got != want {
			t.Errorf("MTU %d: %q, want %q", mtu, got, want)
		}
	}
}

func TestPeeringOfTwoNetworksNeedsBothSides(t *testing.T) {
	f := setup(t)
	if err := f.cloud.CreateNetwork(project, "other"); err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]string{{"default", "other"}, {"other", "default"}} {
		op, err := f.addPeering(pair[0], peeringTo("global/networks/"+pair[1], "IPV4_ONLY", false))
		if err != nil {
			t.Fatal(err)
		}
		f.clock.Advance(timing.Operation)
		if err := op.Poll(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"other": "INACTIVE", "default": "ACTIVE"}[pair[1]]
		if got := f.peering(pair[0]); got.GetState() != want {
			t.Errorf("%s: %v", pair[0], got)
		}
	}
	if got := f.peering("default"); got.GetState() != "ACTIVE" {
		t.Errorf("got %v", got)
	}
}

func TestOnePeeringOperationAtATime(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	for _, name := range []string{"other", "third"} {
		if err := f.cloud.CreateNetwork(project, name); err != nil {
			t.Fatal(err)
		}
	}
	peer := f.transport("a").PeeringNetwork
	if _, err := f.addPeering("default", peeringTo(peer, "IPV4_ONLY", true)); err != nil {
		t.Fatal(err)
	}
	const busy = "There is a peering operation in progress on the local or peer network. Try again later."
	for why, pair := range map[string][2]string{"same network": {"default", "global/networks/other"}, "same peer": {"other", peer}, "its peer": {"other", "default"}} {
		_, err := f.addPeering(pair[0], peeringTo(pair[1], "IPV4_ONLY", true))
		wantError(t, err, 400, busy)
		if err == nil {
			t.Error(why)
		}
	}
	if _, err := f.addPeering("other", peeringTo("third", "IPV4_ONLY", true)); err != nil {
		t.Errorf("two networks that have nothing to do with it: %v", err)
	}
	f.clock.Advance(timing.Operation)
	if _, err := f.networks.RemovePeering(t.Context(), &computepb.RemovePeeringNetworkRequest{
		Project: project, Network: "default", NetworksRemovePeeringRequestResource: &computepb.NetworksRemovePeeringRequest{Name: new("to-aws")},
	}); err != nil {
		t.Errorf("after it: %v", err)
	}
}

func TestPeeringRefusals(t *testing.T) {
	with := func(change func(*computepb.NetworkPeering)) *computepb.NetworkPeering {
		p := peeringTo("other", "IPV4_ONLY", true)
		p.Name = new("second")
		change(p)
		return p
	}
	tests := map[string]struct {
		peering *computepb.NetworkPeering
		status  int
		invalid bool
	}{
		"same name":          {peering: with(func(p *computepb.NetworkPeering) { p.Name = new("to-aws") }), status: 409},
		"same peer":          {peering: with(func(p *computepb.NetworkPeering) { p.Network = nil }), status: 409},
		"same name, invalid": {peering: with(func(p *computepb.NetworkPeering) { p.Name = new("to-aws") }), status: 400, invalid: true},
		"bad name":           {peering: with(func(p *computepb.NetworkPeering) { p.Name = new("To-AWS") }), status: 400},
		"itself":             {peering: with(func(p *computepb.NetworkPeering) { p.Network = new("default") }), status: 400},
		"no network":         {peering: with(func(p *computepb.NetworkPeering) { p.Network = new("") }), status: 400},
		"no subnet routes":   {peering: with(func(p *computepb.NetworkPeering) { p.ExchangeSubnetRoutes = new(false) }), status: 400},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.DuplicatePeeringInvalid = tc.invalid }))
			f.pendingKey("a")
			f.peerWith("IPV4_ONLY", true)
			if tc.peering.Network == nil {
				tc.peering.Network = new(f.transport("a").PeeringNetwork)
			}
			_, err := f.addPeering("default", tc.peering)
			wantError(t, err, tc.status, "")
		})
	}
	f := setup(t)
	_, err := f.networks.UpdatePeering(t.Context(), &computepb.UpdatePeeringNetworkRequest{
		Project: project, Network: "default",
		NetworksUpdatePeeringRequestResource: &computepb.NetworksUpdatePeeringRequest{NetworkPeering: &computepb.NetworkPeering{Name: new("none")}},
	})
	wantCompute(t, err, 404, "notFound")
}

func TestNetworkWithAPeeringCannotBeDeleted(t *testing.T) {
	f := setup(t)
	op, err := f.addPeering("default", peeringTo("projects/elsewhere-1/global/networks/x", "IPV4_ONLY", false))
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Operation)
	if err := op.Poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := f.peering("default"); got.GetState() != "INACTIVE" || !strings.HasPrefix(got.GetStateDetails(), "Waiting") {
		t.Errorf("a peering with a network of strangers: %v", got)
	}
	removal := f.remove("default")
	f.clock.Advance(timing.Operation)
	if err := removal.Poll(t.Context()); err == nil || removal.Proto().GetError().GetErrors()[0].GetCode() != "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE" {
		t.Errorf("got %v", removal.Proto())
	}
}

func TestDeleteOfATransportThatIsPeeredCanBeRefused(t *testing.T) {
	f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.RefuseDeleteWithPeering = true }))
	f.pendingKey("a")
	f.peerWith("IPV4_ONLY", true)
	_, err := f.api.Transports.Delete(name("a")).Do()
	wantError(t, err, 400, "FAILED_PRECONDITION")
	f.dropPeering()
	if _, err := f.api.Transports.Delete(name("a")).Do(); err != nil {
		t.Errorf("without the peering: %v", err)
	}
}

// dropPeering removes the network's peering.
func (f *fixture) dropPeering() {
	f.Helper()
	op, err := f.networks.RemovePeering(f.Context(), &computepb.RemovePeeringNetworkRequest{
		Project: project, Network: "default", NetworksRemovePeeringRequestResource: &computepb.NetworksRemovePeeringRequest{Name: new("to-aws")},
	})
	if err != nil {
		f.Fatal(err)
	}
	f.clock.Advance(timing.Operation)
	if err := op.Poll(f.Context()); err != nil {
		f.Fatal(err)
	}
	if got := f.peering("default"); got != nil {
		f.Fatalf("the peering is still there: %v", got)
	}
}

// routes lists what the network's peering "to-aws" brings into a region.
func (f *fixture) routes(direction, region string) []*computepb.ExchangedPeeringRoute {
	f.Helper()
	it := f.networks.ListPeeringRoutes(f.Context(), &computepb.ListPeeringRoutesNetworksRequest{
		Project: project, Network: "default", Direction: &direction, Region: &region, PeeringName: new("to-aws"), MaxResults: new(uint32(1)),
	})
	var all []*computepb.ExchangedPeeringRoute
	for {
		r, err := it.Next()
		if errors.Is(err, iterator.Done) {
			return all
		}
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, r)
	}
}

func TestPeeringRoutesComeWithTheLink(t *testing.T) {
	f := setup(t)
	key, says := f.pendingKey("a")
	remote := func() {
		t.Helper()
		if err := f.cloud.SetRemoteRoutes(name("a"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("10.1.0.0/16")); err != nil {
			t.Fatal(err)
		}
	}
	remote()
	f.peerWith("IPV4_ONLY", false)
	want := func(when string, n int) {
		t.Helper()
		if got := f.routes("INCOMING", location); len(got) != n {
			t.Errorf("%s: %v, want %d", when, got, n)
		}
	}
	update := func(custom bool) {
		t.Helper()
		op, err := f.networks.UpdatePeering(t.Context(), &computepb.UpdatePeeringNetworkRequest{
			Project: project, Network: "default",
			NetworksUpdatePeeringRequestResource: &computepb.NetworksUpdatePeeringRequest{
				NetworkPeering: &computepb.NetworkPeering{Name: new("to-aws"), ImportCustomRoutes: &custom},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		f.clock.Advance(timing.Operation)
		if err := op.Poll(t.Context()); err != nil || f.peering("default").GetImportCustomRoutes() != custom || f.peering("default").GetExportCustomRoutes() {
			t.Fatalf("%v, %v", f.peering("default"), err)
		}
	}
	want("not joined", 0)
	f.joinByPeer(key, says)
	if err := f.cloud.NotifyConnectionStatus(t.Context(), environment, says.SharedID); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Provisioning)
	want("not imported", 0)
	update(true)
	want("up and imported", 4)
	first := f.routes("INCOMING", location)[0]
	if first.GetDestRange() != "10.1.0.0/16" || first.GetType() != "DYNAMIC_PEERING_ROUTE" || !first.GetImported() || first.GetNextHopRegion() != location || first.GetPriority() != 0 {
		t.Errorf("got %v", first)
	}
	if got := f.routes("INCOMING", "us-west1"); len(got) != 0 {
		t.Errorf("in another region of a network with regional routing: %v", got)
	}
	if got := f.routes("OUTGOING", location); len(got) != 0 {
		t.Errorf("outgoing: %v", got)
	}
	f.cloud.SetSwitches(sandboxgoogle.Switches{RoutePaths: 1})
	want("of one path", 2)
	if err := f.cloud.SetLinkDown(name("a"), true); err != nil {
		t.Fatal(err)
	}
	want("cut", 0)
}

func TestPeeringRouteRefusals(t *testing.T) {
	f := setup(t)
	for path, status := range map[string]int{
		"/default/listPeeringRoutes?direction=SIDEWAYS": 400, "/none/listPeeringRoutes": 404, "/default/listPeeringRoutes?peeringName=x": 404,
	} {
		if r := f.raw("GET", networks+path, ""); r.status != status {
			t.Errorf("%s: HTTP %d", path, r.status)
		}
	}
	if f.cloud.SetRemoteRoutes(name("none"), netip.MustParsePrefix("10.0.0.0/8")) == nil {
		t.Error("a transport that does not exist has routes")
	}
	f.pendingKey("a")
	if f.cloud.SetRemoteRoutes(name("a"), netip.MustParsePrefix("10.0.0.1/8")) == nil {
		t.Error("a prefix with bits behind it was accepted")
	}
}

func TestRegionOperations(t *testing.T) {
	f := setup(t)
	f.remove("default")
	regions, err := compute.NewRegionOperationsRESTClient(t.Context(), option.WithEndpoint(f.url), f.client())
	if err != nil {
		t.Fatal(err)
	}
	it := regions.List(t.Context(), &computepb.ListRegionOperationsRequest{Project: project, Region: location})
	if got, err := it.Next(); !errors.Is(err, iterator.Done) {
		t.Errorf("the region has %v, %v", got, err)
	}
	_, err = regions.Get(t.Context(), &computepb.GetRegionOperationRequest{Project: project, Region: location, Operation: "operation-1"})
	wantCompute(t, err, 404, "notFound")
	_, err = regions.Wait(t.Context(), &computepb.WaitRegionOperationRequest{Project: project, Region: location, Operation: "operation-1"})
	wantCompute(t, err, 404, "notFound")
}
