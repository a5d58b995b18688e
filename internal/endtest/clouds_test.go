package endtest

import (
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

const (
	aws    = "aws"
	google = "google"
)

// clouds are the two clouds that a test makes ends in, and what names there are
// in them.
type clouds struct {
	aws, badAWS       *awsend.Account
	google, badGoogle *googleend.Account

	gateway, awsRegion, awsOther             string
	project, network, googleRegion, otherGCP string
}

// What no cloud has.
const (
	noRegion  = "mars-north1"
	noGateway = "11111111-2222-4333-8444-555555555555"
	noNetwork = "no-such-network"
)

// awsEnd is the AWS end of a setup; nil when the fault cannot be had.
func (c *clouds) awsEnd(s Setup) link.End {
	account := c.aws
	cfg := awsend.Config{
		Name: s.Name, Owner: s.Owner, Region: c.awsRegion, GatewayID: c.gateway,
		Description: s.Description, Tags: s.Labels, Retired: s.Retired,
	}
	switch s.Fault {
	case UnjoinedRegion:
		cfg.Region = c.awsOther
	case UnknownRegion:
		cfg.Region = noRegion
	case UnknownAttachPoint:
		cfg.GatewayID = noGateway
	case BadCredentials:
		account = c.badAWS
	}
	if account == nil || cfg.Region == "" {
		return nil
	}
	return awsend.New(account, cfg)
}

// googleEnd is the Google end of a setup; nil when the fault cannot be had.
func (c *clouds) googleEnd(s Setup) link.End {
	account := c.google
	cfg := googleend.Config{
		Name: s.Name, Project: c.project, Region: c.googleRegion, Network: c.network,
		Description: s.Description, Labels: s.Labels, RetiredLabels: s.Retired, AdvertisedRoutes: s.Routes,
	}
	switch s.Fault {
	case UnjoinedRegion:
		cfg.Region = c.otherGCP
	case UnknownRegion:
		cfg.Region = noRegion
	case UnknownAttachPoint:
		cfg.Network = noNetwork
	case BadCredentials:
		account = c.badGoogle
	}
	if account == nil || cfg.Region == "" {
		return nil
	}
	return googleend.New(account, cfg)
}

// bench fills in what depends on the cloud whose end is tested.
func (c *clouds) bench(cloud string, b Bench) Bench {
	b.Make, b.Partner = c.awsEnd, c.googleEnd
	b.AttachField, b.AbsentID, b.OtherAccount = "direct_connect_gateway_id", "mcc-zzzzzzzz", "999999999999"
	if cloud == google {
		b.Make, b.Partner = b.Partner, b.Make
		b.AttachField, b.OtherAccount = "network", "crosscloud-else"
		b.AbsentID = googleend.TransportName(c.project, c.googleRegion, "no-such-transport")
	}
	return b
}

// sideOf is the side that a cloud's end has when the initiator is given.
func sideOf(cloud, initiator string) link.Side {
	if cloud == initiator {
		return link.Initiator
	}
	return link.Acceptor
}

// changing says that a logged call changes something.
func changing(call string) bool {
	operation := call[strings.IndexByte(call, ':')+1:]
	for _, verb := range []string{"Create", "Accept", "Update", "Delete", "Tag", "Untag"} {
		if strings.HasPrefix(operation, verb) || strings.HasSuffix(operation, "."+strings.ToLower(verb)) {
			return true
		}
	}
	return strings.HasSuffix(operation, ".patch")
}
