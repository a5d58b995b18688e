package googleend

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"cloud.google.com/go/compute/apiv1/computepb"
	"github.com/googleapis/gax-go/v2"
	"google.golang.org/api/iterator"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Peering is the VPC Network Peering of a network with a transport's network.
type Peering struct {
	account *Account
	config  AttachmentConfig
}

var _ attachment.Side = (*Peering)(nil)

// once leaves repeating to what is below the client, by the rules of all other
// calls.
func once() gax.CallOption { return gax.WithRetry(func() gax.Retryer { return nil }) }

// Descriptor says that this is Google.
func (p *Peering) Descriptor() link.Descriptor { return descriptor("network peering") }

// network is the VPC network.
func (p *Peering) network() global { return parseGlobal(p.config.Network, p.config.Project) }

// PeeringName is a peering's id here; Google has no full name for it.
func PeeringName(network, name string) string { return network + "/peerings/" + name }

// read reads the network.
func (p *Peering) read(ctx context.Context) (*computepb.Network, error) {
	c, err := p.account.clients()
	if err != nil {
		return nil, err
	}
	g := p.network()
	n, err := c.networks.Get(ctx, &computepb.GetNetworkRequest{Project: g.project, Network: g.name}, once())
	return n, translate("read the network", g.network(), err)
}

// Look reads the network and finds the peering in it: by the transport's network,
// or by its name. One that has the name and leads elsewhere carries no mark.
func (p *Peering) Look(ctx context.Context, ref attachment.Ref) (attachment.Sight, error) {
	if ref.Operation != "" {
		seen, done, err := p.follow(ctx, ref)
		if !done || err != nil {
			return seen, err
		}
	}
	absent := attachment.Sight{State: attachment.Absent}
	n, err := p.read(ctx)
	if cloud.IsNotFound(err) {
		return absent, nil
	}
	if err != nil {
		return absent, err
	}
	var named *computepb.NetworkPeering
	for _, one := range n.GetPeerings() {
		if parseGlobal(one.GetNetwork(), "").same(parseGlobal(p.config.PeeringNetwork, "")) {
			return p.sight(n, one), nil
		}
		if one.GetName() == p.config.Name {
			named = one
		}
	}
	if named == nil {
		return absent, nil
	}
	seen := p.sight(n, named)
	seen.Mark = link.Marker{}
	return seen, nil
}

// sight is a peering in our words.
func (p *Peering) sight(n *computepb.Network, one *computepb.NetworkPeering) attachment.Sight {
	seen := attachment.Sight{
		Ref: attachment.Ref{ID: PeeringName(p.network().network(), one.GetName())}, State: attachment.Waiting,
		Raw: one.GetState(), Why: one.GetStateDetails(), Mark: link.Marker{Name: one.GetName()}, Ownerless: true,
		Detail: PeeringDetail{
			Network: p.network().network(), PeerNetwork: fullNetwork(one.GetNetwork()),
			ImportCustomRoutes: one.GetImportCustomRoutes(), ExportCustomRoutes: one.GetExportCustomRoutes(),
			StackType: one.GetStackType(), MTU: mtuOf(n), PeerMTU: int(one.GetPeerMtu()),
		},
	}
	switch {
	case one.GetState() == "ACTIVE":
		seen.State = attachment.Up
	case strings.Contains(one.GetStateDetails(), "deleted"):
		seen.State = attachment.Broken
	}
	return seen
}

// mtuOf is a network's MTU in bytes.
func mtuOf(n *computepb.Network) int {
	if mtu := int(n.GetMtu()); mtu != 0 {
		return mtu
	}
	return defaultMTU
}

// fullNetwork is a network's name without the URL of a service in front.
func fullNetwork(s string) string {
	if at := strings.Index(s, "projects/"); at >= 0 {
		return s[at:]
	}
	return s
}

// follow looks at the operation on the peering. done says that the network is to
// be read.
func (p *Peering) follow(ctx context.Context, ref attachment.Ref) (seen attachment.Sight, done bool, err error) {
	c, err := p.account.clients()
	if err != nil {
		return seen, false, err
	}
	op, err := c.operations.Get(ctx, &computepb.GetGlobalOperationRequest{Project: p.network().project, Operation: ref.Operation}, once())
	if err = translate("read the operation", ref.Operation, err); cloud.IsNotFound(err) {
		return seen, true, nil
	}
	if err != nil {
		return seen, false, err
	}
	if op.GetStatus() != computepb.Operation_DONE {
		return attachment.Sight{Ref: ref, State: stateOfKind(op.GetOperationType()), Raw: op.GetOperationType()}, false, nil
	}
	if problems := op.GetError().GetErrors(); len(problems) > 0 {
		e := &cloud.Error{
			Kind: cloud.Precondition, End: endName, Attempt: attemptOf(op.GetOperationType()), Object: ref.ID,
			Code: problems[0].GetCode(), Status: int(op.GetHttpErrorStatusCode()), Message: problems[0].GetMessage(), Remedy: "Apply again.",
		}
		if busyPeering.MatchString(e.Message) {
			e.Kind = cloud.Conflict
		}
		return seen, false, e
	}
	return seen, true, nil
}

// stateOfKind is the state of a peering that an operation works on.
func stateOfKind(kind string) attachment.State {
	switch kind {
	case "addPeering":
		return attachment.Making
	case "removePeering":
		return attachment.Removing
	}
	return attachment.Changing
}

func attemptOf(kind string) string {
	verbs := map[string]string{"addPeering": "make the peering", "removePeering": "remove the peering", "updatePeering": "change the peering"}
	if verb, ok := verbs[kind]; ok {
		return verb
	}
	return "change the network"
}

// Drift compares the peering with its configuration.
func (p *Peering) Drift(s attachment.Sight) []link.Drift {
	d, ok := s.Detail.(PeeringDetail)
	if !ok {
		return nil
	}
	var found []link.Drift
	if !parseGlobal(d.PeerNetwork, "").same(parseGlobal(p.config.PeeringNetwork, "")) {
		found = append(found, link.Drift{Field: "peering_network", Want: p.config.PeeringNetwork, Got: d.PeerNetwork})
	}
	for _, f := range []struct {
		field     string
		want, got bool
	}{
		{"import_custom_routes", p.config.ImportCustomRoutes, d.ImportCustomRoutes},
		{"export_custom_routes", p.config.ExportCustomRoutes, d.ExportCustomRoutes},
	} {
		if f.want != f.got {
			found = append(found, link.Drift{Field: f.field, Want: fmt.Sprint(f.want), Got: fmt.Sprint(f.got), InPlace: true})
		}
	}
	if p.config.StackType != "" && d.StackType != "" && p.config.StackType != d.StackType {
		found = append(found, link.Drift{Field: "stack_type", Want: p.config.StackType, Got: d.StackType, InPlace: true})
	}
	return found
}

// desired is the peering as Google takes it.
func (p *Peering) desired(name string) *computepb.NetworkPeering {
	out := &computepb.NetworkPeering{
		Name: &name, ExchangeSubnetRoutes: new(true),
		ImportCustomRoutes: &p.config.ImportCustomRoutes, ExportCustomRoutes: &p.config.ExportCustomRoutes,
	}
	if p.config.StackType != "" {
		out.StackType = &p.config.StackType
	}
	return out
}

// change makes one call that begins an operation. The calls carry no request id:
// a peering's name is used once only, so that a call that took effect shows.
func (p *Peering) change(kind, name string, state attachment.State, call func(*clients, global) (*computepb.Operation, error)) (attachment.Sight, error) {
	c, err := p.account.clients()
	if err != nil {
		return attachment.Sight{}, err
	}
	id := PeeringName(p.network().network(), name)
	op, err := call(c, p.network())
	if err = translate(attemptOf(kind), id, err); err != nil {
		return attachment.Sight{}, withPeeringRemedy(err)
	}
	return attachment.Sight{Ref: attachment.Ref{ID: id, Operation: op.GetName()}, State: state, Raw: kind}, nil
}

// withPeeringRemedy names the permissions that peerings need.
func withPeeringRemedy(err error) error {
	if e, ok := err.(*cloud.Error); ok && e.Kind == cloud.Denied { //nolint:errorlint // translate returns it bare
		e.Remedy = "Grant roles/compute.networkAdmin on the network's project, which has compute.networks.addPeering, updatePeering and removePeering, to whom the credentials belong."
	}
	return err
}

// Make begins to peer the network with the transport's.
func (p *Peering) Make(ctx context.Context, m link.Marker) (attachment.Sight, error) {
	return p.change("addPeering", m.Name, attachment.Making, func(c *clients, g global) (*computepb.Operation, error) {
		want := p.desired(m.Name)
		peer := parseGlobal(p.config.PeeringNetwork, p.config.Project).network()
		want.Network = &peer
		op, err := c.networks.AddPeering(ctx, &computepb.AddPeeringNetworkRequest{
			Project: g.project, Network: g.name, NetworksAddPeeringRequestResource: &computepb.NetworksAddPeeringRequest{NetworkPeering: want},
		}, once())
		if err != nil {
			return nil, err
		}
		return op.Proto(), nil
	})
}

// Amend changes in place which routes are exchanged, and the stack type.
func (p *Peering) Amend(ctx context.Context, s attachment.Sight) (attachment.Sight, error) {
	name := lastSegment(s.ID)
	return p.change("updatePeering", name, attachment.Changing, func(c *clients, g global) (*computepb.Operation, error) {
		op, err := c.networks.UpdatePeering(ctx, &computepb.UpdatePeeringNetworkRequest{
			Project: g.project, Network: g.name, NetworksUpdatePeeringRequestResource: &computepb.NetworksUpdatePeeringRequest{NetworkPeering: p.desired(name)},
		}, once())
		if err != nil {
			return nil, err
		}
		return op.Proto(), nil
	})
}

// Remove begins to remove the peering.
func (p *Peering) Remove(ctx context.Context, s attachment.Sight) (attachment.Sight, error) {
	name := lastSegment(s.ID)
	return p.change("removePeering", name, attachment.Removing, func(c *clients, g global) (*computepb.Operation, error) {
		op, err := c.networks.RemovePeering(ctx, &computepb.RemovePeeringNetworkRequest{
			Project: g.project, Network: g.name, NetworksRemovePeeringRequestResource: &computepb.NetworksRemovePeeringRequest{Name: &name},
		}, once())
		if err != nil {
			return nil, err
		}
		return op.Proto(), nil
	})
}

// Beside is false: a network is peered with a transport's network once.
func (p *Peering) Beside(context.Context, attachment.Side) (bool, error) { return false, nil }

// Check reads the network.
func (p *Peering) Check(ctx context.Context, _ bool) (attachment.Facts, []link.Finding, error) {
	g := p.network()
	facts := attachment.Facts{
		Offers: p.config.offers(), OffersField: ".interconnect", MTUField: ".interconnect",
		RaiseMTU: fmt.Sprintf("gcloud compute networks update %s --project=%s --mtu=%%d", g.name, g.project),
	}
	n, err := p.read(ctx)
	switch cloud.KindOf(err) {
	case cloud.NotFound:
		return facts, []link.Finding{finding(cloud.NotFound, ".interconnect", "check the network", "Make the network, or replace the link by one of a network that exists.",
			"the link's network %s does not exist in project %s", g.name, g.project)}, nil
	case cloud.Denied:
		return facts, []link.Finding{warning(finding(cloud.Denied, ".interconnect", "check the network", "Grant roles/compute.networkAdmin on the network's project.",
			"network %s of project %s could not be checked: %v", g.name, g.project, err))}, nil
	}
	if err == nil {
		facts.MTU = mtuOf(n)
	}
	return facts, nil, err
}

// Routes reads what the transport advertises, and which routes the peering brings
// into the transport's region.
func (p *Peering) Routes(ctx context.Context, s attachment.Sight) (attachment.Routes, error) {
	if s.State != attachment.Up && s.State != attachment.Changing {
		return attachment.Routes{Why: "The peering does not stand yet."}, nil
	}
	routes := attachment.Routes{Offers: p.config.offers()}
	c, err := p.account.clients()
	if err != nil {
		return routes, err
	}
	g := p.network()
	list := c.networks.ListPeeringRoutes(ctx, &computepb.ListPeeringRoutesNetworksRequest{
		Project: g.project, Network: g.name, Direction: new("INCOMING"), Region: &p.config.Region, PeeringName: new(lastSegment(s.ID)),
	}, once())
	for {
		route, err := list.Next()
		if err == iterator.Done { //nolint:errorlint // as the iterator's documentation has it
			break
		}
		err = translate("list the routes of peering", s.ID, err)
		if cloud.KindOf(err) == cloud.Denied {
			routes.Why = "What Google has learned cannot be seen: " + err.Error()
			return routes, nil
		}
		if err != nil {
			return routes, err
		}
		if prefix, err := netip.ParsePrefix(route.GetDestRange()); err == nil && route.GetType() == "DYNAMIC_PEERING_ROUTE" {
			routes.Learned = append(routes.Learned, prefix)
		}
	}
	routes.Known, routes.Learned = true, attachment.Sorted(routes.Learned)
	if d, ok := s.Detail.(PeeringDetail); ok && !d.ImportCustomRoutes {
		routes.Why = "The peering does not import custom routes, and the other cloud's routes come as such: set google.import_custom_routes to true."
	}
	return routes, nil
}
