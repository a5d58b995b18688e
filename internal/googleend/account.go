package googleend

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	compute "cloud.google.com/go/compute/apiv1"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/api/option"
	htransport "google.golang.org/api/transport/http"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

const (
	// keepProfiles is how long the profiles of a location are remembered.
	keepProfiles = time.Minute
	// gatherPolls is how long a list waits for others who want it too.
	gatherPolls = 20 * time.Millisecond
)

// Options say how an Account reaches Google.
type Options struct {
	// HTTPClient authenticates by itself; ClientOptions are not looked at when
	// it is set.
	HTTPClient *http.Client
	// ClientOptions give the credentials. None means Application Default
	// Credentials.
	ClientOptions []option.ClientOption
	// Project and Region of ends that name none.
	Project, Region string
	// Endpoints of the services.
	Endpoints Endpoints
	// UserAgent goes in front of the SDK's own.
	UserAgent string
	// ProfileWithKey also sends remoteProfile when an activation key is
	// redeemed. gcloud sends one or the other; the google Terraform provider
	// always sends the profile.
	ProfileWithKey bool
	// Clock that repeating and remembering go by; nil is the machine's.
	Clock cloud.Clock
}

// Account is what all links of one provider configuration share. It is safe for
// use by several goroutines.
type Account struct {
	options Options
	// setup is the context of the account's credentials, which outlive any one
	// request.
	setup context.Context

	connecting sync.Mutex
	connected  *clients

	mu       sync.Mutex
	profiles map[place]*cloud.Cached[[]Profile]
	lists    map[place]*cloud.Shared[[]link.Observation]
}

// place is where resources live.
type place struct{ project, region string }

// parent is the place's resource name.
func (p place) parent() string { return "projects/" + p.project + "/locations/" + p.region }

// clients are the SDK's, on one http.Client.
type clients struct {
	http     *http.Client
	service  *networkconnectivity.Service
	networks *compute.NetworksClient
	// operations are those of networks.
	operations *compute.GlobalOperationsClient
}

// NewAccount makes an Account. It calls nobody: credentials are looked for when
// they are first needed. ctx lends its values to them, not its end. The error is
// of an endpoint that is not a URL.
func NewAccount(ctx context.Context, o Options) (*Account, error) {
	endpoints, err := o.Endpoints.normalise()
	if err != nil {
		return nil, err
	}
	o.Endpoints = endpoints
	if o.Clock == nil {
		o.Clock = cloud.SystemClock{}
	}
	return &Account{
		options: o, setup: context.WithoutCancel(ctx),
		profiles: map[place]*cloud.Cached[[]Profile]{},
		lists:    map[place]*cloud.Shared[[]link.Observation]{},
	}, nil
}

// Project is the project of ends that name none.
func (a *Account) Project() string { return a.options.Project }

// Region is the region of ends that name none.
func (a *Account) Region() string { return a.options.Region }

// clients are made at the first call; a failure is not remembered.
func (a *Account) clients() (*clients, error) {
	a.connecting.Lock()
	defer a.connecting.Unlock()
	if a.connected != nil {
		return a.connected, nil
	}
	c, err := a.connect()
	if err != nil {
		return nil, &cloud.Error{
			Kind: cloud.Denied, End: endName, Attempt: "find Google credentials",
			Message: redact(err.Error()), Remedy: credentialsRemedy,
		}
	}
	a.connected = c
	return c, nil
}

// connect makes the clients. The SDK's own request logging is off whatever the
// environment says, because it would write activation keys down; so is its
// tracing, which would write the URL by which a key is described.
func (a *Account) connect() (*clients, error) {
	base := a.options.HTTPClient
	quiet := option.WithLogger(slog.New(slog.DiscardHandler))
	if base == nil {
		opts := append([]option.ClientOption{
			option.WithScopes(networkconnectivity.CloudPlatformScope), option.WithTelemetryDisabled(), quiet,
		}, a.options.ClientOptions...)
		made, _, err := htransport.NewClient(a.setup, opts...)
		if err != nil {
			return nil, err
		}
		base = made
	}
	client := *base
	client.Transport = retrying{base: base.Transport, clock: a.options.Clock, agent: a.options.UserAgent}
	use := []option.ClientOption{option.WithHTTPClient(&client), quiet}
	service, err := networkconnectivity.NewService(a.setup, withEndpoint(use, a.options.Endpoints.NetworkConnectivity, "/")...)
	if err != nil {
		return nil, err
	}
	networks, err := compute.NewNetworksRESTClient(a.setup, withEndpoint(use, a.options.Endpoints.Compute, "")...)
	if err != nil {
		return nil, err
	}
	operations, err := compute.NewGlobalOperationsRESTClient(a.setup, withEndpoint(use, a.options.Endpoints.Compute, "")...)
	if err != nil {
		return nil, err
	}
	return &clients{http: &client, service: service, networks: networks, operations: operations}, nil
}

// withEndpoint adds a base URL, if there is one, ending as the client wants it.
func withEndpoint(opts []option.ClientOption, base, ending string) []option.ClientOption {
	if base == "" {
		return opts
	}
	return append(slices.Clip(opts), option.WithEndpoint(base+ending))
}

// Profiles are what a location can be joined with, remembered for a minute.
// Concurrent callers share one list; an error is not remembered. Errors are
// *cloud.Error.
func (a *Account) Profiles(ctx context.Context, project, region string) ([]Profile, error) {
	p := place{project, region}
	a.mu.Lock()
	cached, ok := a.profiles[p]
	if !ok {
		cached = cloud.NewCached(keepProfiles, a.options.Clock, func(ctx context.Context) ([]Profile, error) {
			return a.listProfiles(ctx, p)
		})
		a.profiles[p] = cached
	}
	a.mu.Unlock()
	return cached.Get(ctx)
}

// shared is the list of a place's transports, shared with everyone who asked for
// it before it began.
func (a *Account) shared(ctx context.Context, p place) ([]link.Observation, error) {
	a.mu.Lock()
	list, ok := a.lists[p]
	if !ok {
		list = cloud.NewShared(gatherPolls, a.options.Clock, func(ctx context.Context) ([]link.Observation, error) {
			return a.Transports(ctx, p.project, p.region)
		})
		a.lists[p] = list
	}
	a.mu.Unlock()
	return list.Fetch(ctx)
}
