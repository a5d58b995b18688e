package googleend

import (
	"net/netip"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// AttachmentConfig is what the Google part of an attachment should be.
type AttachmentConfig struct {
	// Name of the attachment, which is the peering's.
	Name string
	// Project and Region of the transport.
	Project, Region string
	// Network is the VPC network that is peered with PeeringNetwork, which
	// Google made for the transport. Both are empty with Hub.
	Network, PeeringNetwork string
	// Hub that the transport, whose id is Transport, is a spoke of.
	Hub, Transport string
	// ImportCustomRoutes takes the other cloud's routes into the network;
	// ExportCustomRoutes lets the transport see the network's custom routes.
	ImportCustomRoutes, ExportCustomRoutes bool
	// StackType is the transport's: a peering of another carries nothing.
	StackType string
	// AdvertisedRoutes are the transport's: what is offered to the other cloud.
	AdvertisedRoutes []string
}

// AttachmentSide is the Google part of an attachment: the peering of a VPC
// network with the transport's network, or, with a hub, the transport's spoke.
func AttachmentSide(a *Account, c AttachmentConfig) attachment.Side {
	if c.Hub != "" {
		return &Spoke{account: a, config: c}
	}
	return &Peering{account: a, config: c}
}

// PeeringDetail is what Google alone says of a peering or a spoke; a Sight's
// Detail is one whenever it exists.
type PeeringDetail struct {
	// Network and PeerNetwork are the full names of what is peered.
	Network, PeerNetwork string
	// ImportCustomRoutes, ExportCustomRoutes and StackType as configured.
	ImportCustomRoutes, ExportCustomRoutes bool
	StackType                              string
	// MTU of the network and PeerMTU of the other, in bytes; 0 when Google does
	// not say.
	MTU, PeerMTU int
}

// descriptor says that this is Google, whose part goes first.
func descriptor(object string) link.Descriptor {
	return link.Descriptor{Cloud: "google", Name: endName, Object: object, TeardownOrder: 1}
}

// offers are the prefixes that the transport advertises. One that cannot be read
// is left out.
func (c AttachmentConfig) offers() []netip.Prefix { return prefixes(c.AdvertisedRoutes) }

// Offers are the prefixes that the transport advertises, in order. One that cannot
// be read is left out.
func (t Transport) Offers() []netip.Prefix { return prefixes(t.AdvertisedRoutes) }

func prefixes(texts []string) []netip.Prefix {
	var out []netip.Prefix
	for _, s := range texts {
		if p, err := netip.ParsePrefix(s); err == nil {
			out = append(out, p.Masked())
		}
	}
	return attachment.Sorted(out)
}
