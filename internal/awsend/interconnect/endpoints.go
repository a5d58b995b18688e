package interconnect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	smithyendpoints "github.com/aws/smithy-go/endpoints"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// EndpointResolverOptions choose among the endpoints of a region.
type EndpointResolverOptions struct {
	// DisableHTTPS sends requests over plain HTTP.
	DisableHTTPS bool
	// UseDualStackEndpoint changes nothing: every endpoint of this service is
	// reached by IPv4 and IPv6 (AWS service model, endpoint rules).
	UseDualStackEndpoint aws.DualStackEndpointState
	// UseFIPSEndpoint chooses the endpoint with validated cryptography.
	UseFIPSEndpoint aws.FIPSEndpointState
}

// EndpointParameters are what an endpoint depends on.
type EndpointParameters struct {
	// Region that the request is for.
	Region *string
	// UseFIPS asks for the FIPS endpoint. Nil is false.
	UseFIPS *bool
	// Endpoint is a custom URL.
	Endpoint *string
}

// EndpointResolverV2 finds the endpoint for parameters.
type EndpointResolverV2 interface {
	ResolveEndpoint(ctx context.Context, params EndpointParameters) (smithyendpoints.Endpoint, error)
}

// NewDefaultEndpointResolverV2 resolves by the rules of the service (AWS service
// model, endpoint rules).
func NewDefaultEndpointResolverV2() EndpointResolverV2 { return endpointRules{} }

type endpointRules struct{}

// ResolveEndpoint fails on a custom endpoint with FIPS, and without a region.
func (endpointRules) ResolveEndpoint(_ context.Context, p EndpointParameters) (smithyendpoints.Endpoint, error) {
	fips := aws.ToBool(p.UseFIPS)
	var address string
	switch {
	case p.Endpoint != nil && fips:
		return smithyendpoints.Endpoint{}, ruleError("FIPS and custom endpoint are not supported")
	case p.Endpoint != nil:
		address = *p.Endpoint
	case aws.ToString(p.Region) == "":
		return smithyendpoints.Endpoint{}, ruleError("Missing Region")
	default:
		address = "https://" + hostname(*p.Region, fips)
	}
	uri, err := url.Parse(address)
	if err != nil {
		return smithyendpoints.Endpoint{}, fmt.Errorf("parsing the endpoint %q: %w", address, err)
	}
	return smithyendpoints.Endpoint{URI: *uri, Headers: http.Header{}}, nil
}

func ruleError(text string) error {
	return errors.New("endpoint rule error, Invalid Configuration: " + text)
}

// hostname of the service in a region. There is no form under amazonaws.com.
func hostname(region string, fips bool) string {
	service := "interconnect"
	if fips {
		service = "interconnect-fips"
	}
	return service + "." + region + "." + dnsSuffix(region)
}

// dnsSuffix is the dual-stack suffix of the region's partition (aws-sdk-go-v2,
// partition metadata). A region of no known form is taken for a commercial one,
// as the SDK does.
func dnsSuffix(region string) string {
	for _, partition := range []struct{ prefix, suffix string }{
		{"cn-", "api.amazonwebservices.com.cn"},
		{"eusc-", "api.amazonwebservices.eu"},
		{"us-iso-", "api.aws.ic.gov"},
		{"us-isob-", "api.aws.scloud"},
		{"eu-isoe-", "api.cloud-aws.adc-e.uk"},
		{"us-isof-", "api.aws.hci.ic.gov"},
	} {
		if strings.HasPrefix(region, partition.prefix) {
			return partition.suffix
		}
	}
	return "api.aws"
}

// resolvePseudoRegion turns the old way of asking for FIPS, a region named
// "fips-us-east-1" or "us-east-1-fips", into region and option.
func (o *Options) resolvePseudoRegion() {
	plain := strings.NewReplacer("-fips-", "-", "fips-", "", "-fips", "").Replace(o.Region)
	if plain != o.Region {
		o.Region = plain
		o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
	}
}

// resolveEndpoint is the middleware that addresses the request.
func resolveEndpoint(options Options) middleware.FinalizeMiddleware {
	return middleware.FinalizeMiddlewareFunc("ResolveEndpointV2", func(
		ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		req, ok := in.Request.(*smithyhttp.Request)
		if !ok {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, fmt.Errorf("unknown transport type %T", in.Request)
		}
		endpoint, err := options.endpoint(ctx)
		if err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, fmt.Errorf("failed to resolve service endpoint, %w", err)
		}
		req.URL.Scheme = endpoint.URI.Scheme
		req.URL.Host = endpoint.URI.Host
		req.URL.Path = smithyhttp.JoinPath(endpoint.URI.Path, req.URL.Path)
		for name := range endpoint.Headers {
			req.Header.Set(name, endpoint.Headers.Get(name))
		}
		if options.EndpointOptions.DisableHTTPS {
			req.URL.Scheme = "http"
		}
		return next.HandleFinalize(ctx, in)
	})
}

func (o *Options) endpoint(ctx context.Context) (smithyendpoints.Endpoint, error) {
	params := EndpointParameters{
		UseFIPS:  new(o.EndpointOptions.UseFIPSEndpoint == aws.FIPSEndpointStateEnabled),
		Endpoint: o.BaseEndpoint,
	}
	if o.Region != "" {
		// The region becomes part of the host name, where a dot or a slash
		// would lead to somebody else's host.
		if !smithyhttp.ValidHostLabel(o.Region) {
			return smithyendpoints.Endpoint{}, fmt.Errorf("invalid input region %s", o.Region)
		}
		params.Region = &o.Region
	}
	return o.EndpointResolverV2.ResolveEndpoint(ctx, params)
}
