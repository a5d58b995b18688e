package aws

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// What the sandbox's owner and tests may do to the cloud, which no customer can.

// CreateGateway seeds an available Direct Connect gateway in Config.AccountID
// and returns its id. asn 0 means Amazon's default; no other is checked.
func (c *Cloud) CreateGateway(name string, asn int64) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.addGateway(c.cfg.AccountID, name, orDefault(asn, defaultASN), nil, gatewayAvailable).id
}

// controlled changes the connection with an id or a shared id. It fails when
// there is none.
func (c *Cloud) controlled(id string, change func(*connection) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn, ok := c.state.connections[id]
	if !ok {
		conn = c.shared(id)
	}
	if conn == nil {
		return fmt.Errorf("controlling the AWS sandbox: connection %q does not exist", id)
	}
	return change(conn)
}

// SetLinkDown stops (true) or restores (false) the traffic of the connection
// with an id or a shared id. An available connection becomes down, and back; one
// that is not provisioned yet does so when it is. It fails when the connection
// does not exist, and when traffic cannot return because the partner deleted its
// half.
func (c *Cloud) SetLinkDown(id string, down bool) error {
	return c.controlled(id, func(conn *connection) error {
		if !down && conn.partnerGone {
			return fmt.Errorf("restoring connection %s: the partner deleted its half", conn.id)
		}
		conn.linkDown = down
		if conn.state == StateAvailable || conn.state == StateDown {
			c.settle(conn)
		}
		return nil
	})
}

// FailConnection makes a pending connection fail, without a reason as AWS does.
// It fails when the connection does not exist or is not pending.
func (c *Cloud) FailConnection(id string) error {
	return c.controlled(id, func(conn *connection) error {
		if conn.state != StatePending {
			return fmt.Errorf("failing connection %s: it is %s, not %s", conn.id, conn.state, StatePending)
		}
		c.move(conn, StateFailed)
		return nil
	})
}

// SetBillingTier changes the tier that a connection is billed at, 1 to 8, as AWS
// does when more routes are reached. It fails when the connection does not exist
// or the tier is not one.
func (c *Cloud) SetBillingTier(id string, tier int) error {
	return c.controlled(id, func(conn *connection) error {
		if tier < 1 || tier > 8 {
			return fmt.Errorf("billing connection %s: tier %d is not between 1 and 8", conn.id, tier)
		}
		conn.billingTier = tier
		return nil
	})
}

// reshape changes an environment. It fails when there is none with that id.
func (c *Cloud) reshape(awsEnvironmentID string, change func(*environment)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	env, ok := c.state.environments[awsEnvironmentID]
	if !ok {
		return fmt.Errorf("controlling the AWS sandbox: environment %q does not exist", awsEnvironmentID)
	}
	change(env)
	return nil
}

// SetEnvironmentState opens or closes an environment to new connections. It
// fails when the environment does not exist.
func (c *Cloud) SetEnvironmentState(awsEnvironmentID string, state EnvironmentState) error {
	return c.reshape(awsEnvironmentID, func(env *environment) { env.state = state })
}

// SetEnvironmentBandwidths sets what an environment sells now and what it is
// planned to sell. It fails when the environment does not exist.
func (c *Cloud) SetEnvironmentBandwidths(awsEnvironmentID string, available, supported []bandwidth.Bandwidth) error {
	return c.reshape(awsEnvironmentID, func(env *environment) {
		env.available, env.supported = slices.Clone(available), slices.Clone(supported)
	})
}

// Resource is something that exists in the cloud.
type Resource struct {
	// Kind is "connection", "direct-connect-gateway", "association", or of EC2
	// "vpc", "route-table", "vpn-gateway", "transit-gateway" or
	// "transit-gateway-attachment".
	Kind string
	// ID and ARN name it. Only connections and Direct Connect gateways have an
	// ARN here.
	ID, ARN string
	// Account owns it. Region is where it is, empty for what is global: Direct
	// Connect gateways and their associations.
	Account, Region string
	// State is its state as the API shows it.
	State string
	// SharedID is the UUID both clouds give the link, empty for all else.
	SharedID string
}

// Resources are all resources that are not deleted, in the order they were made.
func (c *Cloud) Resources() []Resource {
	c.mu.Lock()
	defer c.mu.Unlock()
	type ordered struct {
		Resource
		order int
	}
	var all []ordered
	for _, conn := range c.state.connections {
		if conn.state != StateDeleted {
			all = append(all, ordered{Resource{Kind: "connection", ID: conn.id, ARN: conn.arn, Account: conn.account,
				Region: conn.region, State: string(conn.state), SharedID: conn.sharedID}, conn.order})
		}
	}
	for _, g := range c.state.gateways {
		if g.state != gatewayDeleted {
			all = append(all, ordered{Resource{Kind: "direct-connect-gateway", ID: g.id, ARN: g.arn(),
				Account: g.account, State: string(g.state)}, g.order})
		}
	}
	for _, a := range c.state.associations {
		if a.live() {
			all = append(all, ordered{Resource{Kind: "association", ID: a.ID, Account: a.Account, State: string(a.State)}, a.Order})
		}
	}
	for _, n := range c.state.networks {
		if n.State != stateDeleted {
			all = append(all, ordered{Resource{Kind: string(n.Kind), ID: n.ID, Account: n.Account, Region: n.Region, State: string(n.State)}, n.Order})
		}
	}
	slices.SortFunc(all, func(a, b ordered) int { return cmp.Compare(a.order, b.order) })
	out := make([]Resource, len(all))
	for i, r := range all {
		out[i] = r.Resource
	}
	return out
}

// AttachCoreNetwork associates a Direct Connect gateway with a core network, as
// Cloud WAN does, and returns the association's id. It fails when there is no
// such gateway.
func (c *Cloud) AttachCoreNetwork(gatewayID, coreNetworkID string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, ok := c.state.gateways[gatewayID]
	if !ok || g.state != gatewayAvailable {
		return "", fmt.Errorf("attaching core network %s: there is no available Direct Connect gateway %q", coreNetworkID, gatewayID)
	}
	a := &association{
		ID: c.ids.uuid(), Order: c.next(), Gateway: g.id, Account: g.account, State: associationAssociating,
		Peer: coreNetworkID, PeerKind: kindCoreNetwork, PeerAccount: g.account, Attachment: "attachment-" + c.ids.ec2(),
	}
	c.state.associations[a.ID] = a
	c.later(c.cfg.Timing.Operation, timer{Kind: timerAssociationSettled, ID: a.ID})
	return a.ID, nil
}

// DetachCoreNetwork ends what AttachCoreNetwork made. It fails when there is no
// such association.
func (c *Cloud) DetachCoreNetwork(associationID string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.state.associations[associationID]
	if !ok || a.PeerKind != kindCoreNetwork || a.State != associationAssociated {
		return fmt.Errorf("detaching a core network: there is no association %q that is associated with one", associationID)
	}
	c.disassociate(a)
	return nil
}
