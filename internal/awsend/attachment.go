package awsend

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	dxtypes "github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Kinds of gateway that a Direct Connect gateway is associated with, by the
// beginning of their ids.
const (
	kindVPN         = "vgw-"
	kindTransit     = "tgw-"
	kindCoreNetwork = "core-network-"
)

// AttachmentConfig is what the AWS part of an attachment should be.
type AttachmentConfig struct {
	// Region of the link's connection, where the gateway must be too.
	Region string
	// GatewayID is the link's Direct Connect gateway, and GatewayAccount its
	// owner where that is another account, which is then asked by a proposal.
	GatewayID, GatewayAccount string
	// Peer is what it is associated with: a virtual private gateway, a transit
	// gateway or a core network. PeerAccount is its owner where that is another
	// account, whose proposal is then accepted.
	Peer, PeerAccount string
	// AllowedPrefixes of the association; none leaves them to AWS, which takes
	// the VPC's.
	AllowedPrefixes []string
	// ConnectionARN is the link's connection, which carries the mark; empty
	// where it is not ours.
	ConnectionARN string
	// Replaces is the Peer that this one takes the place of; empty for none.
	Replaces string
}

// Association is the AWS part of an attachment: the association of a Direct
// Connect gateway. It is used by one goroutine at a time.
type Association struct {
	account *Account
	config  AttachmentConfig
	// forgotten says that an association that is Cloud WAN's was given up.
	forgotten bool
}

var _ attachment.Side = (*Association)(nil)

// NewAssociation makes the AWS part of an attachment. It makes no call.
func NewAssociation(a *Account, c AttachmentConfig) *Association {
	return &Association{account: a, config: c}
}

// AssociationDetail is what AWS alone says of an association; a Sight's Detail
// is one whenever the association exists.
type AssociationDetail struct {
	// Peer, PeerKind ("virtualPrivateGateway", "transitGateway" or
	// "coreNetwork"), PeerAccount and PeerRegion are what the Direct Connect
	// gateway is associated with.
	Peer, PeerKind, PeerAccount, PeerRegion string
	// AllowedPrefixes in order.
	AllowedPrefixes []netip.Prefix
	// Proposal is the id of a proposal that waits for an answer.
	Proposal string
}

// Descriptor says that this is AWS, whose part goes last.
func (a *Association) Descriptor() link.Descriptor {
	return link.Descriptor{Cloud: "aws", Name: endName, Object: "gateway association", TeardownOrder: 2}
}

// region is what links in the link's region share.
func (a *Association) region(ctx context.Context) (*region, error) {
	return a.account.region(ctx, a.config.Region)
}

// proposes says that the Direct Connect gateway is another account's; accepts,
// that the gateway is.
func (a *Association) proposes() bool { return a.config.GatewayAccount != "" }
func (a *Association) accepts() bool  { return a.config.PeerAccount != "" && !a.proposes() }

// watches says that the association is made by Cloud WAN: the Direct Connect API
// has no call for it.
func (c AttachmentConfig) watches() bool { return strings.HasPrefix(c.Peer, kindCoreNetwork) }

// kind is the kind of a gateway's id.
func kind(id string) string {
	for _, k := range []string{kindVPN, kindTransit, kindCoreNetwork} {
		if strings.HasPrefix(id, k) {
			return k
		}
	}
	return ""
}

// kindName is a kind for people.
func kindName(k string) string {
	return map[string]string{kindVPN: "virtual private gateway", kindTransit: "transit gateway", kindCoreNetwork: "core network"}[k]
}

// peerOf is what an association joins its Direct Connect gateway to.
func peerOf(a *dxtypes.DirectConnectGatewayAssociation) string {
	switch {
	case a.AssociatedCoreNetwork != nil:
		return aws.ToString(a.AssociatedCoreNetwork.Id)
	case a.AssociatedGateway != nil:
		return aws.ToString(a.AssociatedGateway.Id)
	}
	return aws.ToString(a.VirtualGatewayId)
}

// associationDetail is an association in our words.
func associationDetail(a *dxtypes.DirectConnectGatewayAssociation) *AssociationDetail {
	d := &AssociationDetail{Peer: peerOf(a), AllowedPrefixes: prefixesFromAPI(a.AllowedPrefixesToDirectConnectGateway)}
	if n := a.AssociatedCoreNetwork; n != nil {
		d.PeerKind, d.PeerAccount = "coreNetwork", aws.ToString(n.OwnerAccount)
	}
	if g := a.AssociatedGateway; g != nil {
		d.PeerKind, d.PeerAccount, d.PeerRegion = string(g.Type), aws.ToString(g.OwnerAccount), aws.ToString(g.Region)
	}
	return d
}

// prefixesFromAPI are prefixes in order. One that cannot be read is left out.
func prefixesFromAPI(list []dxtypes.RouteFilterPrefix) []netip.Prefix {
	var out []netip.Prefix
	for _, p := range list {
		if parsed, err := netip.ParsePrefix(aws.ToString(p.Cidr)); err == nil {
			out = append(out, parsed.Masked())
		}
	}
	return attachment.Sorted(out)
}

// prefixesToAPI are prefixes as Direct Connect takes them.
func prefixesToAPI(list []netip.Prefix) []dxtypes.RouteFilterPrefix {
	out := make([]dxtypes.RouteFilterPrefix, 0, len(list))
	for _, p := range list {
		out = append(out, dxtypes.RouteFilterPrefix{Cidr: aws.String(p.String())})
	}
	return out
}

// allowed are the configured prefixes in order.
func (c AttachmentConfig) allowed() []netip.Prefix {
	var out []netip.Prefix
	for _, s := range c.AllowedPrefixes {
		if p, err := netip.ParsePrefix(s); err == nil {
			out = append(out, p.Masked())
		}
	}
	return attachment.Sorted(out)
}

// without are the prefixes of a list that another has not.
func without(list, other []netip.Prefix) []netip.Prefix {
	return slices.DeleteFunc(slices.Clone(list), func(p netip.Prefix) bool { return slices.Contains(other, p) })
}

// prefixTexts writes prefixes for people.
func prefixTexts(list []netip.Prefix) string {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = p.String()
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// Drift compares the allowed prefixes; where none are configured, AWS's choice
// stands.
func (a *Association) Drift(s attachment.Sight) []link.Drift {
	d, ok := s.Detail.(*AssociationDetail)
	want := a.config.allowed()
	if !ok || len(want) == 0 || a.config.watches() || slices.Equal(want, d.AllowedPrefixes) {
		return nil
	}
	return []link.Drift{{Field: "allowed_prefixes", Want: prefixTexts(want), Got: prefixTexts(d.AllowedPrefixes), InPlace: true}}
}
