package awsend

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

const (
	// keepEnvironments is how long the environments of a region are used
	// again. They change by the month; a plan of many links asks within
	// seconds.
	keepEnvironments = time.Minute
	// gatherPolls is how long a list waits for more links to ask for it.
	gatherPolls = 50 * time.Millisecond
	// identityRegion is asked who we are where no region is configured: the
	// answer is the same everywhere in the partition.
	identityRegion = "us-east-1"
)

// Endpoints replace the services' own addresses; an empty one leaves the SDK's
// choice, which follows AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE>.
type Endpoints struct {
	Interconnect, DirectConnect, EC2, STS string
}

// Options are what an Account is made of.
type Options struct {
	// Config is loaded by the caller: credentials, default region, retryer,
	// user agent.
	Config aws.Config
	// Endpoints replace the services' own.
	Endpoints Endpoints
	// AllowedAccountIDs are the only accounts in which anything may be read or
	// changed. Empty allows every account.
	AllowedAccountIDs []string
	// Clock is what caches go by; nil is the machine's.
	Clock cloud.Clock
}

// Account is what all links of one provider configuration share. It is safe for
// use by many goroutines.
type Account struct {
	options  Options
	connect  func(region string) clients
	identity *cloud.Cached[string]

	mu      sync.Mutex
	regions map[string]*region
}

// clients are the services' clients of one region.
type clients struct {
	interconnect interconnectAPI
	gateways     gatewayAPI
	// associations and networks are for attachments.
	associations associationAPI
	networks     networkAPI
}

// region is what links in one region share.
type region struct {
	clients
	name string
	// connections lists every connection of the account here.
	connections  *cloud.Shared[[]summary]
	environments *cloud.Cached[[]Environment]
}

// NewAccount makes an Account. It makes no call.
func NewAccount(o Options) *Account {
	identity := sts.NewFromConfig(o.Config, func(so *sts.Options) {
		so.BaseEndpoint = override(so.BaseEndpoint, o.Endpoints.STS)
		so.Region = cmp.Or(so.Region, identityRegion)
	})
	return newAccount(o, identity, func(name string) clients {
		direct := directconnect.NewFromConfig(o.Config, func(do *directconnect.Options) {
			do.BaseEndpoint = override(do.BaseEndpoint, o.Endpoints.DirectConnect)
			do.Region = name
		})
		return clients{
			interconnect: interconnect.NewFromConfig(o.Config, func(io *interconnect.Options) {
				io.BaseEndpoint = override(io.BaseEndpoint, o.Endpoints.Interconnect)
				io.Region = name
			}),
			gateways: direct, associations: direct,
			networks: ec2.NewFromConfig(o.Config, func(eo *ec2.Options) {
				eo.BaseEndpoint = override(eo.BaseEndpoint, o.Endpoints.EC2)
				eo.Region = name
			}),
		}
	})
}

// newAccount is NewAccount with the clients given.
func newAccount(o Options, identity identityAPI, connect func(region string) clients) *Account {
	a := &Account{options: o, connect: connect, regions: map[string]*region{}}
	a.identity = cloud.NewCached(0, o.Clock, func(ctx context.Context) (string, error) {
		const attempt = "find out the AWS account"
		out, err := identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			return "", translate(ctx, attempt, "", err)
		}
		if aws.ToString(out.Account) == "" {
			return "", incomplete(attempt, "", "STS named no account")
		}
		return *out.Account, nil
	})
	return a
}

// override is an endpoint of the configuration, or the one that the SDK found.
func override(found *string, configured string) *string {
	if configured == "" {
		return found
	}
	return &configured
}

// ID is the number of the account that the credentials belong to. STS is asked
// once. An account that is not allowed is a cloud.Denied.
func (a *Account) ID(ctx context.Context) (string, error) {
	id, err := a.identity.Get(ctx)
	if err != nil {
		return "", err
	}
	if allowed := a.options.AllowedAccountIDs; len(allowed) > 0 && !slices.Contains(allowed, id) {
		return "", &cloud.Error{
			Kind: cloud.Denied, End: endName, Attempt: "use the AWS account", Object: id,
			Message: fmt.Sprintf("the credentials belong to account %s, and allowed_account_ids allows only %s", id, strings.Join(allowed, ", ")),
			Remedy:  "Use credentials of an allowed account, or add this one to allowed_account_ids.",
		}
	}
	return id, nil
}

// Region is the default region; empty when none is configured.
func (a *Account) Region() string { return a.options.Config.Region }

// Config is the SDK's configuration for a region, for other services' clients.
// An empty region is the default one.
func (a *Account) Config(region string) aws.Config {
	c := a.options.Config.Copy()
	c.Region = cmp.Or(region, c.Region)
	return c
}

// Endpoints are the endpoints that replace the services' own.
func (a *Account) Endpoints() Endpoints { return a.options.Endpoints }

// region is what links share in a region; an empty name is the default region.
// Everything that reads or changes the account passes here, so it is here that
// accounts that are not allowed end.
func (a *Account) region(ctx context.Context, name string) (*region, error) {
	name = cmp.Or(name, a.Region())
	if name == "" {
		return nil, &cloud.Error{
			Kind: cloud.Invalid, End: endName, Field: "region", Attempt: "choose the AWS region",
			Message: "no region is configured",
			Remedy:  "Set region in the aws block, in the provider's aws block, or in AWS_REGION.",
		}
	}
	if len(a.options.AllowedAccountIDs) > 0 {
		if _, err := a.ID(ctx); err != nil {
			return nil, err
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	r, ok := a.regions[name]
	if !ok {
		r = newRegion(name, a.connect(name), a.options.Clock)
		a.regions[name] = r
	}
	return r, nil
}

func newRegion(name string, c clients, clock cloud.Clock) *region {
	r := &region{clients: c, name: name}
	r.connections = cloud.NewShared(gatherPolls, clock, func(ctx context.Context) ([]summary, error) {
		return r.list(ctx, &interconnect.ListConnectionsInput{})
	})
	r.environments = cloud.NewCached(keepEnvironments, clock, r.listEnvironments)
	return r
}

// Connections are all connections of the account in a region that are not
// deleted, read completely, whoever made them. Their tags are all in
// Detail.Foreign, as no configuration claims them.
func (a *Account) Connections(ctx context.Context, region string) ([]link.Observation, error) {
	r, err := a.region(ctx, region)
	if err != nil {
		return nil, err
	}
	all, err := r.connections.Fetch(ctx)
	if err != nil {
		return nil, err
	}
	return r.readAll(ctx, all, nil)
}
