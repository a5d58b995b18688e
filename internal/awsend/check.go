package awsend

import (
	"context"
	"net/netip"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// check is one comparison of a configuration with what AWS offers. Its calls
// gather facts (this file); what they mean is in findings.go.
type check struct {
	config  Config
	request link.CheckRequest
	region  string
	facts   facts
	found   []link.Finding
	// looks are what was looked at, and topic what is being looked at.
	looks []link.Look
	topic link.Topic
}

// facts are what AWS was asked.
type facts struct {
	// environments of the region, and fit: those that lead to the peer.
	environments, fit []Environment
	// gateway of the configuration.
	gateway gatewayFact
	// offers are the prefixes that the gateway offers to the other cloud
	// already, and offersDenied why they may not be read.
	offers       []netip.Prefix
	offersDenied string
	// connections of the region; read only for a link that is to be made.
	connections []summary
}

// gatewayFact is what is known of the configured gateway.
type gatewayFact int

const (
	// gatewayNotAsked: no gateway or no single environment is known yet, or
	// the link exists.
	gatewayNotAsked gatewayFact = iota
	gatewayLegal
	// gatewayMissing: the account has no such gateway.
	gatewayMissing
	// gatewayIllegal: it exists, and the environment does not take it.
	gatewayIllegal
)

// Check compares the configuration with what AWS offers: the environment between
// the regions, its tiers, the gateway, tags and description, and, for a link that
// is to be made, the quotas. The error is of a call that could not be made.
//
// Of a link that exists, what concerns only its making is a warning or is not
// asked.
func (e *End) Check(ctx context.Context, request link.CheckRequest) (link.Terms, []link.Finding, error) {
	r, err := e.region(ctx)
	if err != nil {
		return link.Terms{}, nil, err
	}
	c := &check{config: e.config, request: request, region: r.name}
	if err := c.gather(ctx, r); err != nil {
		return link.Terms{}, nil, err
	}
	found := c.findings()
	return c.terms(), found, nil
}

// gather makes the calls, those that do not need each other at once.
func (c *check) gather(ctx context.Context, r *region) error {
	var wg sync.WaitGroup
	var listErr error
	if c.request.Creating {
		wg.Go(func() { c.facts.connections, listErr = r.connections.Fetch(ctx) })
	}
	err := c.gatherPlace(ctx, r)
	wg.Wait()
	if err != nil {
		return err
	}
	return listErr
}

// gatherPlace finds the environment and asks whether it takes the gateway.
func (c *check) gatherPlace(ctx context.Context, r *region) error {
	envs, err := r.environments.Get(ctx)
	if err != nil {
		return err
	}
	c.facts.environments, c.facts.fit = envs, choose(envs, c.request.Peer.Region)
	env, ok := c.environment()
	if !ok || !c.request.Creating || c.config.GatewayID == "" || env.State == string(types.EnvironmentStateUnavailable) {
		return nil
	}
	if c.facts.gateway, err = r.gateway(ctx, env.ID, c.config.GatewayID); err != nil || c.facts.gateway != gatewayLegal {
		return err
	}
	return c.gatherOffers(ctx, r)
}

// gatherOffers reads what the gateway offers to the other cloud through the
// networks that are associated with it already. Who may make a link need not be
// allowed to read these.
func (c *check) gatherOffers(ctx context.Context, r *region) error {
	all, err := r.associationsOf(ctx, c.config.GatewayID)
	switch {
	case cloud.KindOf(err) == cloud.Denied:
		c.facts.offersDenied = "directconnect:DescribeDirectConnectGatewayAssociations is not allowed"
		return nil
	case err != nil:
		return err
	}
	for i := range all {
		for _, route := range all[i].AllowedPrefixesToDirectConnectGateway {
			if p, err := netip.ParsePrefix(aws.ToString(route.Cidr)); err == nil {
				c.facts.offers = append(c.facts.offers, p.Masked())
			}
		}
	}
	return nil
}

// environment is the one environment that fits.
func (c *check) environment() (Environment, bool) {
	if len(c.facts.fit) != 1 {
		return Environment{}, false
	}
	return c.facts.fit[0], true
}

// terms are those of the environment; none when no single one fits.
func (c *check) terms() link.Terms {
	env, ok := c.environment()
	if !ok {
		return link.Terms{Looks: c.looks}
	}
	return link.Terms{
		Offers:      c.facts.offers,
		Looks:       c.looks,
		Environment: env.ID,
		PeerRegion:  env.PeerRegion,
		Tiers:       env.Available,
		Flows:       []link.Side{link.Initiator, link.Acceptor},
	}
}

// gateway says whether an environment takes a Direct Connect gateway. Whether one
// that it does not take exists is asked only to explain; where that cannot be
// asked, it is taken to exist.
func (r *region) gateway(ctx context.Context, environment, id string) (gatewayFact, error) {
	points, err := r.attachPoints(ctx, environment)
	if err != nil {
		return gatewayNotAsked, err
	}
	for _, p := range points {
		if sameGateway(p.ID, id) {
			return gatewayLegal, nil
		}
	}
	out, err := r.gateways.DescribeDirectConnectGateways(ctx, &directconnect.DescribeDirectConnectGatewaysInput{DirectConnectGatewayId: &id})
	switch err = translate(ctx, "read the Direct Connect gateway", id, err); {
	case ctx.Err() != nil:
		return gatewayNotAsked, ctx.Err()
	case cloud.IsNotFound(err), err == nil && len(out.DirectConnectGateways) == 0:
		return gatewayMissing, nil
	}
	return gatewayIllegal, nil
}
