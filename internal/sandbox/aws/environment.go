package aws

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// The product types. "Multicloud" is seen in the AWS user guide; the other is
// inferred.
const (
	productMulticloud = "Multicloud"
	productLastMile   = "LastMile"
)

// previewSize is all that a provider in preview sells (AWS user guide).
const previewSize = 1 * bandwidth.Gbps

// environment is a joined pair of regions.
type environment struct {
	coordinator.Environment
	traits               EnvironmentTraits
	state                EnvironmentState
	available, supported []bandwidth.Bandwidth
}

func newEnvironments(cfg Config) map[string]*environment {
	all := make(map[string]*environment, len(cfg.Environments))
	for _, e := range cfg.Environments {
		traits := cfg.Traits[e.AWSEnvironmentID]
		traits.Provider = orDefault(traits.Provider, "gcp")
		traits.Location = orDefault(traits.Location, e.GoogleRegion)
		traits.RemoteIdentifier = orDefault(traits.RemoteIdentifier, RemoteIdentifierAccount)
		env := &environment{Environment: e, traits: traits, state: EnvironmentAvailable}
		for _, size := range e.SizesMbps {
			env.supported = append(env.supported, bandwidth.FromMbps(size))
		}
		env.available = env.supported
		if traits.Preview {
			env.available = []bandwidth.Bandwidth{previewSize}
		}
		all[e.AWSEnvironmentID] = env
	}
	return all
}

func (e *environment) provider() provider {
	return provider{name: e.traits.Provider, lastMile: e.traits.LastMile}
}

func (e *environment) product() string {
	if e.traits.LastMile {
		return productLastMile
	}
	return productMulticloud
}

// idPrefix begins the ids of the environment's connections.
func (e *environment) idPrefix() string {
	if e.traits.LastMile {
		return "lmcc-"
	}
	return "mcc-"
}

// detail is the environment as it is now. The lock must be held.
func (e *environment) detail() environmentDetail {
	return environmentDetail{
		id:                e.AWSEnvironmentID,
		provider:          e.provider(),
		location:          e.traits.Location,
		product:           e.product(),
		state:             e.state,
		available:         spell(e.available),
		supported:         spell(e.supported),
		activationPageURL: e.traits.ActivationPageURL,
		remoteIdentifier:  e.traits.RemoteIdentifier,
	}
}

func spell(sizes []bandwidth.Bandwidth) []string {
	out := make([]string, len(sizes))
	for i, s := range sizes {
		out[i] = s.String()
	}
	return out
}

// offered is the size a customer asked for, if the environment sells it. A size
// must be spelled as the environment lists it (inferred: the API says nothing of
// other spellings).
func (e *environment) offered(text string) (bandwidth.Bandwidth, error) {
	size, err := bandwidth.Parse(text)
	switch {
	case err == nil && size.String() == text && slices.Contains(e.available, size):
		return size, nil
	case err == nil && size.String() == text && slices.Contains(e.supported, size):
		return 0, validationError("Bandwidth %s is planned for environment %s but not available at present. Available: %s.",
			text, e.AWSEnvironmentID, bandwidth.List(e.available))
	}
	return 0, validationError("Bandwidth %s is not offered in environment %s. Available: %s.",
		text, e.AWSEnvironmentID, bandwidth.List(e.available))
}

// remoteAccount checks the customer's name at the partner.
func (e *environment) remoteAccount(given *string) (string, error) {
	kind := e.traits.RemoteIdentifier
	switch {
	case given == nil && kind == RemoteIdentifierNone:
		return "", nil
	case given == nil:
		return "", validationError("remoteAccount is required: environment %s asks for a remote identifier of type %s.", e.AWSEnvironmentID, kind)
	case kind == RemoteIdentifierEmail:
		name, domain, ok := strings.Cut(*given, "@")
		if !ok || name == "" || domain == "" {
			return "", validationError("remoteAccount.identifier must be an e-mail address in environment %s.", e.AWSEnvironmentID)
		}
	}
	return *given, nil
}

// environmentOf is the environment with an AWS id in the caller's region. The
// lock must be held.
func (c *Cloud) environmentOf(who caller, id string) (*environment, error) {
	env, ok := c.state.environments[id]
	if !ok || env.AWSRegion != who.region {
		return nil, notFoundError("Environment %q does not exist in region %s.", id, who.region)
	}
	return env, nil
}

// partnerEnvironment is the environment with an id of the open API. The lock
// must be held.
func (c *Cloud) partnerEnvironment(id string) (*environment, bool) {
	for _, env := range c.state.environments {
		if env.ID == id {
			return env, true
		}
	}
	return nil, false
}

func (c interconnect) getEnvironment(_ context.Context, who caller, in getEnvironmentInput) (environmentDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	env, err := c.environmentOf(who, in.id)
	if err != nil {
		return environmentDetail{}, err
	}
	return env.detail(), nil
}

func (c interconnect) listEnvironments(_ context.Context, who caller, in listEnvironmentsInput) (listing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []environmentDetail
	for _, env := range c.state.environments {
		if env.AWSRegion != who.region ||
			in.provider != nil && *in.provider != env.provider() ||
			in.location != nil && *in.location != env.traits.Location {
			continue
		}
		found = append(found, env.detail())
	}
	slices.SortFunc(found, func(a, b environmentDetail) int { return cmp.Compare(a.id, b.id) })
	scope := pageScope("ListEnvironments", who.account, who.region, providerScope(in.provider), textScope(in.location))
	some, next, ok := cut(c.pages, found, func(e environmentDetail) string { return e.id }, in.page, scope)
	if !ok {
		return listing{}, errToken()
	}
	return newListing("environments", some, next, environmentDetail.fields), nil
}

// listAttachPoints lists the caller's gateways: on AWS the attach point is
// always a Direct Connect gateway (AWS user guide).
func (c interconnect) listAttachPoints(_ context.Context, who caller, in listAttachPointsInput) (listing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.environmentOf(who, in.environmentID); err != nil {
		return listing{}, err
	}
	var found []*gateway
	for _, g := range c.state.gateways {
		if g.account == who.account && g.state == gatewayAvailable && c.attachable(g, who.region) {
			found = append(found, g)
		}
	}
	slices.SortFunc(found, func(a, b *gateway) int { return cmp.Compare(a.order, b.order) })
	scope := pageScope("ListAttachPoints", who.account, who.region, in.environmentID)
	some, next, ok := cut(c.pages, found, (*gateway).key, in.page, scope)
	if !ok {
		return listing{}, errToken()
	}
	return newListing("attachPoints", some, next, func(g *gateway) document {
		return document{"type": "DirectConnectGateway", "identifier": g.id, "name": g.name}
	}), nil
}

// errToken refuses a nextToken that is not one of ours, or not for this request.
func errToken() *Error {
	return validationError("1 validation error detected: Value at 'nextToken' failed to satisfy constraint: the token is not one of this request's")
}

func providerScope(p *provider) string {
	switch {
	case p == nil:
		return ""
	case p.lastMile:
		return "l:" + p.name
	}
	return "c:" + p.name
}

func textScope(s *string) string {
	if s == nil {
		return ""
	}
	return "=" + *s
}
