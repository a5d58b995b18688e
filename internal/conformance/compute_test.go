package conformance

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"testing"

	compute "cloud.google.com/go/compute/apiv1"
	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	betapb "cloud.google.com/go/networkconnectivity/apiv1beta/networkconnectivitypb"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
	transport "google.golang.org/api/transport/http"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// all reads an iterator to its end.
func all[T any](t *testing.T, next func() (T, error)) []T {
	t.Helper()
	var found []T
	for {
		item, err := next()
		if errors.Is(err, iterator.Done) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, item)
	}
}

// compute walks networks, their peerings and operations.
func (w *googleWalk) compute() {
	t := w.t
	networks := ok[*compute.NetworksClient](t)(compute.NewNetworksRESTClient(w.ctx(), option.WithEndpoint(w.stage.GoogleURL)))
	operations := ok[*compute.GlobalOperationsClient](t)(compute.NewGlobalOperationsRESTClient(w.ctx(), option.WithEndpoint(w.stage.GoogleURL)))
	regional := ok[*compute.RegionOperationsClient](t)(compute.NewRegionOperationsRESTClient(w.ctx(), option.WithEndpoint(w.stage.GoogleURL)))
	done := func(op *compute.Operation, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		got := ok[*computepb.Operation](t)(operations.Wait(w.ctx(), &computepb.WaitGlobalOperationRequest{Project: project, Operation: op.Name()}))
		if got.GetStatus() != computepb.Operation_DONE || got.GetError() != nil {
			t.Fatalf("operation: %+v", got)
		}
	}
	done(networks.Insert(w.ctx(), &computepb.InsertNetworkRequest{Project: project, NetworkResource: &computepb.Network{
		Name: new("mine"), AutoCreateSubnetworks: new(false), Mtu: new(int32(8896)), Description: new("ours"),
	}}))
	done(networks.Patch(w.ctx(), &computepb.PatchNetworkRequest{Project: project, Network: "mine", NetworkResource: &computepb.Network{
		RoutingConfig: &computepb.NetworkRoutingConfig{RoutingMode: new("GLOBAL")},
	}}))
	_, err := networks.Insert(w.ctx(), &computepb.InsertNetworkRequest{Project: project, NetworkResource: &computepb.Network{Name: new("mine"), AutoCreateSubnetworks: new(false)}})
	w.refused(apiError(err), http.StatusConflict)
	if found := all(t, networks.List(w.ctx(), &computepb.ListNetworksRequest{Project: project, MaxResults: new(uint32(1))}).Next); len(found) != 2 {
		t.Errorf("networks: %+v", found)
	}
	w.peerings(networks, done)
	done(networks.Delete(w.ctx(), &computepb.DeleteNetworkRequest{Project: project, Network: "mine"}))
	_, err = networks.Get(w.ctx(), &computepb.GetNetworkRequest{Project: project, Network: "mine"})
	w.refused(apiError(err), http.StatusNotFound)

	found := all(t, operations.List(w.ctx(), &computepb.ListGlobalOperationsRequest{Project: project}).Next)
	if len(found) < 4 {
		t.Fatalf("operations: %+v", found)
	}
	ok[*computepb.Operation](t)(operations.Get(w.ctx(), &computepb.GetGlobalOperationRequest{Project: project, Operation: found[0].GetName()}))
	all(t, regional.List(w.ctx(), &computepb.ListRegionOperationsRequest{Project: project, Region: sandbox.DefaultGoogleRegion}).Next)
}

// apiError is the error of the transport below one of a generated client.
func apiError(err error) error {
	if below, ok := errors.AsType[*googleapi.Error](err); ok {
		return below
	}
	return err
}

// peerings peers a network with the transport, changes that, and ends it.
func (w *googleWalk) peerings(networks *compute.NetworksClient, done func(*compute.Operation, error)) {
	t := w.t
	other := stateOf(t, w.at.Transports, "walk", "PENDING_KEY").PeeringNetwork
	done(networks.AddPeering(w.ctx(), &computepb.AddPeeringNetworkRequest{
		Project: project, Network: "mine", NetworksAddPeeringRequestResource: &computepb.NetworksAddPeeringRequest{NetworkPeering: &computepb.NetworkPeering{
			Name: new("link"), Network: &other, ExchangeSubnetRoutes: new(true), ImportCustomRoutes: new(true), ExportCustomRoutes: new(true),
		}},
	}))
	done(networks.UpdatePeering(w.ctx(), &computepb.UpdatePeeringNetworkRequest{
		Project: project, Network: "mine", NetworksUpdatePeeringRequestResource: &computepb.NetworksUpdatePeeringRequest{NetworkPeering: &computepb.NetworkPeering{
			Name: new("link"), ExportCustomRoutes: new(false),
		}},
	}))
	got := ok[*computepb.Network](t)(networks.Get(w.ctx(), &computepb.GetNetworkRequest{Project: project, Network: "mine"}))
	if len(got.GetPeerings()) != 1 || got.GetPeerings()[0].GetName() != "link" || got.GetPeerings()[0].GetExportCustomRoutes() {
		t.Errorf("network: %+v", got)
	}
	all(t, networks.ListPeeringRoutes(w.ctx(), &computepb.ListPeeringRoutesNetworksRequest{
		Project: project, Network: "mine", PeeringName: new("link"), Region: new(sandbox.DefaultGoogleRegion), Direction: new("INCOMING"),
	}).Next)
	done(networks.RemovePeering(w.ctx(), &computepb.RemovePeeringNetworkRequest{
		Project: project, Network: "mine", NetworksRemovePeeringRequestResource: &computepb.NetworksRemovePeeringRequest{Name: new("link")},
	}))
}

// beta asks v1beta what v1 does not tell, with Google's messages: its clients
// speak gRPC alone.
func (w *googleWalk) beta() {
	t := w.t
	client, endpoint, err := transport.NewClient(w.ctx(), option.WithEndpoint(w.stage.GoogleURL), option.WithScopes("https://www.googleapis.com/auth/cloud-platform"))
	if err != nil {
		t.Fatal(err)
	}
	call := func(method, path string, in, out proto.Message) {
		t.Helper()
		var body []byte
		if in != nil {
			body = ok[[]byte](t)(protojson.Marshal(in))
		}
		req := ok[*http.Request](t)(http.NewRequestWithContext(w.ctx(), method, endpoint+"/v1beta/"+path, bytes.NewReader(body)))
		req.Header.Set("Content-Type", "application/json")
		reply := ok[*http.Response](t)(client.Do(req))
		defer func() { _ = reply.Body.Close() }()
		raw := ok[[]byte](t)(io.ReadAll(reply.Body))
		if reply.StatusCode != http.StatusOK {
			t.Fatalf("%s %s: %d %s", method, path, reply.StatusCode, raw)
		}
		if err := protojson.Unmarshal(raw, out); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, raw)
		}
	}
	var op longrunningpb.Operation
	finish := func() {
		t.Helper()
		until(t, op.GetName(), func() (any, bool) {
			call(http.MethodGet, op.GetName(), nil, &op)
			return &op, op.GetDone()
		})
		if op.GetError() != nil {
			t.Fatalf("operation: %v", &op)
		}
	}
	at := region + "/transports"
	call(http.MethodPost, at+"?transportId=beta", &betapb.Transport{
		RemoteProfile: profileName, RemoteAccountId: "123456789012", Bandwidth: betapb.Transport_BPS_1G, Network: sandbox.SeedNetwork, AdminEnabled: true,
	}, &op)
	finish()
	var got betapb.Transport
	call(http.MethodGet, at+"/beta", nil, &got)
	if !got.GetAdminEnabled() || got.GetState() != betapb.Transport_PENDING_KEY {
		t.Errorf("transport: %v", &got)
	}
	var status betapb.GetStatusResponse
	call(http.MethodGet, at+"/beta:getStatus?skipCache=true", nil, &status)
	if status.GetOverallStatus() != betapb.GetStatusResponse_PENDING_KEY {
		t.Errorf("status: %v", &status)
	}
	call(http.MethodPatch, at+"/beta?updateMask=description", &betapb.Transport{Description: "changed"}, &op)
	finish()
	var list betapb.ListTransportsResponse
	call(http.MethodGet, at+"?pageSize=10", nil, &list)
	var profiles betapb.ListRemoteTransportProfilesResponse
	call(http.MethodGet, region+"/remoteTransportProfiles", nil, &profiles)
	if len(list.GetTransports()) != 2 || len(profiles.GetRemoteTransportProfiles()) != 1 {
		t.Errorf("transports: %v, profiles: %v", &list, &profiles)
	}
	made, err := connections(w.stage).CreateConnection(w.ctx(), &interconnect.CreateConnectionInput{
		Bandwidth: new("1Gbps"), EnvironmentId: new("mce-aws-gcp-iad"),
		AttachPoint:   &types.AttachPointMemberDirectConnectGateway{Value: w.stage.GatewayID},
		RemoteAccount: &types.RemoteAccountIdentifierMemberIdentifier{Value: project},
	})
	if err != nil {
		t.Fatal(err)
	}
	var profile betapb.ParseFromActivationKeyResponse
	call(http.MethodGet, region+"/remoteTransportProfiles:fromActivationKey?activationKey="+url.QueryEscape(*made.Connection.ActivationKey), nil, &profile)
	if name := profile.GetRemoteTransportProfile().GetName(); name != region+"/remoteTransportProfiles/"+profileName {
		t.Errorf("the key's profile is %q", name)
	}
	call(http.MethodDelete, at+"/beta", nil, &op)
	finish()
}
