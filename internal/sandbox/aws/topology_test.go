package aws

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	dxtypes "github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// transitGateway makes an available transit gateway in a region.
func (r *rig) transitGateway(region string, asn int64) string {
	r.cloud.mu.Lock()
	defer r.cloud.mu.Unlock()
	return r.cloud.addNetwork(caller{account: DefaultAccountID, region: region},
		network{Kind: kindTransitGateway, State: stateAvailable, ASN: asn}, nil).ID
}

func (r *rig) associateTransit(region, gateway string, asn int64) error {
	_, err := r.dx(DefaultAccessKeyID, DefaultSecretAccessKey, region).CreateDirectConnectGatewayAssociation(r.t.Context(),
		&directconnect.CreateDirectConnectGatewayAssociationInput{DirectConnectGatewayId: &gateway, GatewayId: new(r.transitGateway(region, asn)),
			AddAllowedPrefixesToDirectConnectGateway: []dxtypes.RouteFilterPrefix{{Cidr: new("10.0.0.0/8")}}})
	return err
}

// TestGatewayWithTransitGatewaysInTwoRegionsIsNoAttachPoint holds that a gateway
// with a transit gateway here and one elsewhere takes no connection here.
func TestGatewayWithTransitGatewaysInTwoRegionsIsNoAttachPoint(t *testing.T) {
	r := newRig(t)
	gateway := r.gateway()
	ok(t, r.associateTransit("eu-west-2", gateway, 65000))
	attachPoints := func() int {
		return len(r.client.must("ListAttachPoints", document{"environmentId": testEnv})["attachPoints"].([]any))
	}
	if attachPoints() != 1 {
		t.Error("a gateway with a transit gateway elsewhere alone is not listed")
	}
	ok(t, r.associateTransit(testRegion, gateway, 65001))
	if attachPoints() != 0 {
		t.Error("a gateway with transit gateways here and elsewhere is listed")
	}
	if message := r.client.refused("InterconnectClientException", "CreateConnection", createInput(gateway, nil)); !strings.Contains(message, "transit gateways") {
		t.Errorf("message %q", message)
	}
	r.client.refused("InterconnectClientException", "AcceptConnectionProposal", acceptInput(gateway, partnerKey(t, nil)))
}

// TestGatewayWithAConnectionTakesItsRegionAlone holds that once a connection is
// attached, only gateways of its region may be associated.
func TestGatewayWithAConnectionTakesItsRegionAlone(t *testing.T) {
	r := newRig(t)
	gateway := r.gateway()
	conn := r.client.connection("CreateConnection", createInput(gateway, nil))
	wantCode(t, r.associateTransit("eu-west-2", gateway, 65000), "DirectConnectClientException", "only gateways in region us-east-1")
	ok(t, r.associateTransit(testRegion, gateway, 65001))
	r.client.must("DeleteConnection", document{"identifier": conn["id"]})
	wantCode(t, r.associateTransit("eu-west-2", gateway, 65002), "DirectConnectClientException", "only gateways in region us-east-1")
	r.clock.Advance(testTiming.Deleting)
	ok(t, r.associateTransit("eu-west-2", gateway, 65003))
}
