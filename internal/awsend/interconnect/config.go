package interconnect

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// NewFromConfig makes a Client from the SDK's configuration, such as
// config.LoadDefaultConfig returns it. optFns override what the configuration
// says.
func NewFromConfig(cfg aws.Config, optFns ...func(*Options)) *Client {
	opts := Options{
		Region:                     cfg.Region,
		DefaultsMode:               cfg.DefaultsMode,
		RuntimeEnvironment:         cfg.RuntimeEnvironment,
		HTTPClient:                 cfg.HTTPClient,
		Credentials:                cfg.Credentials,
		APIOptions:                 cfg.APIOptions,
		Logger:                     cfg.Logger,
		ClientLogMode:              cfg.ClientLogMode,
		AppID:                      cfg.AppID,
		DisableClockSkewCorrection: cfg.DisableClockSkewCorrection,
		RetryMaxAttempts:           cfg.RetryMaxAttempts,
		RetryMode:                  cfg.RetryMode,
		Interceptors:               cfg.Interceptors.Copy(),
		BaseEndpoint:               baseEndpoint(cfg),
	}
	if cfg.Retryer != nil {
		opts.Retryer = cfg.Retryer()
	}
	opts.EndpointOptions.UseFIPSEndpoint = useFIPS(cfg.ConfigSources)
	opts.EndpointOptions.UseDualStackEndpoint = useDualStack(cfg.ConfigSources)
	return New(opts, func(o *Options) {
		for _, fn := range cfg.ServiceOptions {
			fn(ServiceID, o)
		}
		for _, fn := range optFns {
			fn(o)
		}
	})
}

// baseEndpoint is the custom endpoint that applies to this service, or nil. The
// order is the SDK's: the service's environment variable, the general one, the
// service's section of the shared configuration file, the general setting there.
//
// The general ones arrive in cfg.BaseEndpoint, where they cannot be told apart;
// so the environment is looked at to put the general variable before the file.
func baseEndpoint(cfg aws.Config) *string {
	_, general := os.LookupEnv("AWS_ENDPOINT_URL")
	_, own := os.LookupEnv("AWS_ENDPOINT_URL_INTERCONNECT")
	if general && !own {
		return cfg.BaseEndpoint
	}
	if ignoresConfiguredEndpoints(cfg.ConfigSources) {
		return cfg.BaseEndpoint
	}
	url, found := firstSetting(cfg.ConfigSources, func(p serviceEndpointSource) (string, bool, error) {
		return p.GetServiceBaseEndpoint(context.Background(), ServiceID)
	})
	if found {
		return &url
	}
	return cfg.BaseEndpoint
}

// The interfaces that sources of configuration satisfy (aws-sdk-go-v2/config,
// EnvConfig, SharedConfig and LoadOptions).
type (
	serviceEndpointSource interface {
		GetServiceBaseEndpoint(ctx context.Context, sdkID string) (string, bool, error)
	}
	ignoreEndpointsSource interface {
		GetIgnoreConfiguredEndpoints(ctx context.Context) (bool, bool, error)
	}
	fipsSource interface {
		GetUseFIPSEndpoint(ctx context.Context) (aws.FIPSEndpointState, bool, error)
	}
	dualStackSource interface {
		GetUseDualStackEndpoint(ctx context.Context) (aws.DualStackEndpointState, bool, error)
	}
)

func ignoresConfiguredEndpoints(sources []any) bool {
	ignore, _ := firstSetting(sources, func(p ignoreEndpointsSource) (bool, bool, error) {
		return p.GetIgnoreConfiguredEndpoints(context.Background())
	})
	return ignore
}

func useFIPS(sources []any) aws.FIPSEndpointState {
	state, _ := firstSetting(sources, func(p fipsSource) (aws.FIPSEndpointState, bool, error) {
		return p.GetUseFIPSEndpoint(context.Background())
	})
	return state
}

func useDualStack(sources []any) aws.DualStackEndpointState {
	state, _ := firstSetting(sources, func(p dualStackSource) (aws.DualStackEndpointState, bool, error) {
		return p.GetUseDualStackEndpoint(context.Background())
	})
	return state
}

// firstSetting is the value of the first source of kind P that has one. A source
// that fails ends the search without a value, as it does in the SDK.
func firstSetting[P, V any](sources []any, get func(P) (V, bool, error)) (value V, found bool) {
	var none V
	for _, source := range sources {
		p, ok := source.(P)
		if !ok {
			continue
		}
		value, found, err := get(p)
		if err != nil {
			return none, false
		}
		if found {
			return value, true
		}
	}
	return none, false
}
