package google

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// States of a peering (discovery document, compute v1 NetworkPeering.state) and
// what its stateDetails say: "Connected." is recorded, the others are inferred.
const (
	peeringActive   = "ACTIVE"
	peeringInactive = "INACTIVE"

	connected       = "Connected."
	waitingForPeer  = "Waiting for peer network to connect."
	peerNetworkGone = "The peer network was deleted."
	stacksDiffer    = "The stack type does not match the peer network's."
)

// Kinds of operation on a peering (as recorded).
const (
	addsPeering    = "addPeering"
	updatesPeering = "updatePeering"
	removesPeering = "removePeering"
)

// peering is one network's side of a VPC Network Peering.
type peering struct {
	Name string `json:"name"`
	// Peer is the other network's name: a VPC network's, or the one of a
	// transport's tenant project.
	Peer         string `json:"peer"`
	ExportCustom bool   `json:"exportCustom,omitempty"`
	ImportCustom bool   `json:"importCustom,omitempty"`
	ExportPublic bool   `json:"exportPublic,omitempty"`
	ImportPublic bool   `json:"importPublic,omitempty"`
	StackType    string `json:"stackType"`
	Strategy     string `json:"strategy"`
}

// peeringStatus is what follows from both sides.
type peeringStatus struct {
	state, details string
	// mtu is the peer network's in bytes; 0 while there is none.
	mtu int
}

// tenant finds the transport that a peering's other network belongs to. The
// lock is held.
func (c *Cloud) tenant(peer string) *transport {
	for _, t := range c.transports {
		if t.peeringNetwork == peer && peer != "" {
			return t
		}
	}
	return nil
}

// tenantNetwork says whether a network's name is one of a transport's tenant
// project, in the form that Google's how-to page shows.
func tenantNetwork(name string) bool { return strings.Contains(name, "-tp/global/networks/transport-") }

// peeringWith is the peering of a transport's network with the transport, or
// nil. The lock is held.
func (c *Cloud) peeringWith(t *transport) *peering {
	n := c.networks[t.network.String()]
	if n == nil || t.peeringNetwork == "" {
		return nil
	}
	i := slices.IndexFunc(n.peerings, func(p *peering) bool { return p.Peer == t.peeringNetwork })
	if i < 0 {
		return nil
	}
	return n.peerings[i]
}

// peeringState says how a network's peering stands. The lock is held.
func (c *Cloud) peeringState(n *network, p *peering) peeringStatus {
	if tenantNetwork(p.Peer) {
		t := c.tenant(p.Peer)
		switch {
		case t == nil:
			return peeringStatus{peeringInactive, peerNetworkGone, 0}
		case t.network != n.ref:
			return peeringStatus{peeringInactive, waitingForPeer, 0}
		}
		return stacked(p.StackType, t.stackType, mtuLimit)
	}
	other := c.networks[p.Peer]
	if other == nil {
		return peeringStatus{peeringInactive, waitingForPeer, 0}
	}
	back := slices.IndexFunc(other.peerings, func(q *peering) bool { return q.Peer == n.ref.String() })
	if back < 0 {
		return peeringStatus{peeringInactive, waitingForPeer, 0}
	}
	return stacked(p.StackType, other.peerings[back].StackType, other.mtu)
}

// stacked is the state of a peering that both sides have made.
func stacked(here, there string, mtu int) peeringStatus {
	if here != there {
		return peeringStatus{peeringInactive, stacksDiffer, mtu}
	}
	return peeringStatus{peeringActive, connected, mtu}
}

// peeringBusy says whether a peering operation runs on one of the networks: two
// peered networks take one at a time (Google product documentation). The lock is
// held.
func (c *Cloud) peeringBusy(names ...string) bool {
	for _, op := range c.computeOperations {
		if op.ended.IsZero() && op.edit.peering != nil &&
			(slices.Contains(names, op.target.String()) || slices.Contains(names, op.edit.peering.Peer)) {
			return true
		}
	}
	return false
}

// peeringInProgress is the refusal of a second peering operation (recorded).
func peeringInProgress() *apiError {
	fail := refuse(invalidArgument, "There is a peering operation in progress on the local or peer network. Try again later.")
	fail.name = "badRequest"
	return fail
}

// changePeering does the work of an operation on a peering. The lock is held.
func (c *Cloud) changePeering(op *computeOperation, n *network) *computeFailure {
	p := *op.edit.peering
	at := slices.IndexFunc(n.peerings, func(q *peering) bool { return q.Name == p.Name })
	switch {
	case op.kind == addsPeering && at < 0:
		n.peerings = append(n.peerings, &p)
		op.warning = c.mtuWarning(n, &p)
	case op.kind == updatesPeering && at >= 0:
		n.peerings[at] = &p
	case op.kind == removesPeering && at >= 0:
		n.peerings = slices.Delete(n.peerings, at, at+1)
	default: // networks are busy meanwhile, so nobody else can have changed it
		return &computeFailure{
			code: "RESOURCE_NOT_FOUND", http: http.StatusNotFound,
			message: fmt.Sprintf("The peering %q of network '%s' was not found", p.Name, n.ref),
		}
	}
	return nil
}

// mtuWarning is what an operation says when packets of the peer's size do not
// fit (text recorded; the operation's form of it is inferred). The lock is held.
func (c *Cloud) mtuWarning(n *network, p *peering) string {
	if there := c.peeringState(n, p).mtu; there != 0 && there != n.mtu {
		return fmt.Sprintf("Network MTU %dB does not match the peer's MTU %dB", n.mtu, there)
	}
	return ""
}

// peeringResource is a peering on the wire (discovery document, compute v1
// NetworkPeering).
type peeringResource struct {
	Name                 string `json:"name"`
	Network              string `json:"network"`
	State                string `json:"state"`
	StateDetails         string `json:"stateDetails"`
	AutoCreateRoutes     bool   `json:"autoCreateRoutes"`
	ExchangeSubnetRoutes bool   `json:"exchangeSubnetRoutes"`
	ExportCustomRoutes   bool   `json:"exportCustomRoutes"`
	ImportCustomRoutes   bool   `json:"importCustomRoutes"`
	ExportPublic         bool   `json:"exportSubnetRoutesWithPublicIp"`
	ImportPublic         bool   `json:"importSubnetRoutesWithPublicIp"`
	PeerMTU              int    `json:"peerMtu,omitempty"`
	StackType            string `json:"stackType"`
	UpdateStrategy       string `json:"updateStrategy"`
}

// peeringResources writes a network's peerings. The lock is held.
func (c *Cloud) peeringResources(n *network) []peeringResource {
	var all []peeringResource
	for _, p := range n.peerings {
		s := c.peeringState(n, p)
		all = append(all, peeringResource{
			Name: p.Name, Network: computeRoot + p.Peer, State: s.state, StateDetails: s.details,
			AutoCreateRoutes: true, ExchangeSubnetRoutes: true,
			ExportCustomRoutes: p.ExportCustom, ImportCustomRoutes: p.ImportCustom,
			ExportPublic: p.ExportPublic, ImportPublic: p.ImportPublic,
			PeerMTU: s.mtu, StackType: p.StackType, UpdateStrategy: p.Strategy,
		})
	}
	return all
}
