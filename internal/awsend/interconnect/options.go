package interconnect

import (
	"context"
	"crypto/rand"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/defaults"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"
	smithyrand "github.com/aws/smithy-go/rand"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// HTTPClient sends requests. *http.Client is one.
type HTTPClient interface {
	Do(*http.Request) (*http.Response, error)
}

// HTTPSignerV4 signs requests with AWS Signature Version 4. *v4.Signer is one.
type HTTPSignerV4 interface {
	SignHTTP(ctx context.Context, credentials aws.Credentials, r *http.Request, payloadHash string, service string, region string, signingTime time.Time, optFns ...func(*v4.SignerOptions)) error
}

// IdempotencyTokenProvider makes the client tokens of calls that were given none.
type IdempotencyTokenProvider interface {
	GetIdempotencyToken() (string, error)
}

// Options configure a Client, or one call of it.
type Options struct {
	// APIOptions change the middleware stack of each call.
	APIOptions []func(*middleware.Stack) error

	// AppID is added to the User-Agent header.
	AppID string

	// BaseEndpoint is the URL to send requests to instead of the region's own.
	// It cannot be combined with FIPS.
	BaseEndpoint *string

	// ClientLogMode says what goes to Logger. Activation keys, session tokens
	// and signatures never do.
	ClientLogMode aws.ClientLogMode

	// Credentials sign the requests. Requests are not signed if nil or
	// aws.AnonymousCredentials.
	Credentials aws.CredentialsProvider

	// DefaultsMode chooses defaults for retries and timeouts.
	DefaultsMode aws.DefaultsMode

	// DisableClockSkewCorrection keeps the client from following the service's
	// clock when it signs.
	DisableClockSkewCorrection bool

	// EndpointOptions are FIPS and the like.
	EndpointOptions EndpointResolverOptions

	// EndpointResolverV2 turns region and options into an endpoint. The URL and
	// headers of its answer are used; signing properties are not.
	EndpointResolverV2 EndpointResolverV2

	// HTTPSignerV4 signs the requests.
	HTTPSignerV4 HTTPSignerV4

	// IdempotencyTokenProvider makes the tokens of calls that were given none.
	// By default they are random UUIDs.
	IdempotencyTokenProvider IdempotencyTokenProvider

	// Logger takes what ClientLogMode asks for.
	Logger logging.Logger

	// Region to send requests to. Environments, proposals and connections live
	// in one region. Required.
	Region string

	// RetryMaxAttempts is how often a call is tried at most. 0 leaves it to the
	// Retryer.
	RetryMaxAttempts int

	// RetryMode chooses the default Retryer.
	RetryMode aws.RetryMode

	// Retryer decides which failures are tried again and when. By default the
	// SDK's for RetryMode, which here also retries every HTTP status 429.
	Retryer aws.Retryer

	// RuntimeEnvironment is what DefaultsModeAuto goes by. The SDK's config
	// package fills it.
	RuntimeEnvironment aws.RuntimeEnvironment

	// HTTPClient sends the requests. By default the SDK's own.
	HTTPClient HTTPClient

	// Interceptors are called at points of each call.
	Interceptors smithyhttp.InterceptorRegistry

	// resolvedDefaultsMode is DefaultsMode with Auto decided.
	resolvedDefaultsMode aws.DefaultsMode
}

// Copy is a copy whose lists can be changed without changing the original's.
func (o Options) Copy() Options {
	to := o
	to.APIOptions = append([]func(*middleware.Stack) error(nil), o.APIOptions...)
	to.Interceptors = o.Interceptors.Copy()
	return to
}

// WithAPIOptions appends to Options.APIOptions.
func WithAPIOptions(optFns ...func(*middleware.Stack) error) func(*Options) {
	return func(o *Options) { o.APIOptions = append(o.APIOptions, optFns...) }
}

// WithEndpointResolverV2 sets Options.EndpointResolverV2.
func WithEndpointResolverV2(v EndpointResolverV2) func(*Options) {
	return func(o *Options) { o.EndpointResolverV2 = v }
}

// setDefaults fills what was left out.
func (o *Options) setDefaults() {
	if o.Logger == nil {
		o.Logger = logging.Nop{}
	}
	o.resolvedDefaultsMode.SetFromString(string(o.DefaultsMode))
	if o.resolvedDefaultsMode == aws.DefaultsModeAuto {
		o.resolvedDefaultsMode = defaults.ResolveDefaultsModeAuto(o.Region, o.RuntimeEnvironment)
	}
	o.setDefaultRetryer()
	o.setDefaultHTTPClient()
	if o.HTTPSignerV4 == nil {
		o.HTTPSignerV4 = v4.NewSigner()
	}
	if o.EndpointResolverV2 == nil {
		o.EndpointResolverV2 = NewDefaultEndpointResolverV2()
	}
	if o.IdempotencyTokenProvider == nil {
		o.IdempotencyTokenProvider = smithyrand.NewUUIDIdempotencyToken(rand.Reader)
	}
}

func (o *Options) setDefaultRetryer() {
	if o.Retryer != nil {
		return
	}
	if o.RetryMode == "" {
		if mode, err := defaults.GetModeConfiguration(o.resolvedDefaultsMode); err == nil {
			o.RetryMode = mode.RetryMode
		}
	}
	standard := func(so *retry.StandardOptions) {
		if o.RetryMaxAttempts != 0 {
			so.MaxAttempts = o.RetryMaxAttempts
		}
		// The SDK knows throttling by its code alone. A gateway in front of
		// the service may answer 429 with a code of its own.
		so.Retryables = append(so.Retryables, retry.RetryableHTTPStatusCode{
			Codes: map[int]struct{}{http.StatusTooManyRequests: {}},
		})
	}
	if o.RetryMode == aws.RetryModeAdaptive {
		o.Retryer = retry.NewAdaptiveMode(func(ao *retry.AdaptiveModeOptions) {
			ao.StandardOptions = append(ao.StandardOptions, standard)
		})
		return
	}
	o.RetryMode = aws.RetryModeStandard
	o.Retryer = retry.NewStandard(standard)
}

// setDefaultHTTPClient applies the timeouts of the defaults mode, which a client
// of the caller's own keeps out of.
func (o *Options) setDefaultHTTPClient() {
	if o.HTTPClient == nil {
		o.HTTPClient = awshttp.NewBuildableClient()
	}
	buildable, ok := o.HTTPClient.(*awshttp.BuildableClient)
	if !ok {
		return
	}
	mode, err := defaults.GetModeConfiguration(o.resolvedDefaultsMode)
	if err != nil {
		return
	}
	o.HTTPClient = buildable.
		WithDialerOptions(func(d *net.Dialer) {
			if timeout, ok := mode.GetConnectTimeout(); ok {
				d.Timeout = timeout
			}
		}).
		WithTransportOptions(func(t *http.Transport) {
			if timeout, ok := mode.GetTLSNegotiationTimeout(); ok {
				t.TLSHandshakeTimeout = timeout
			}
		})
}
