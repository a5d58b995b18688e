package awsend

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	smithymiddleware "github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// Settings say how to reach AWS. Every field may be empty: the AWS SDK's own
// chain (environment, shared configuration, SSO, web identity, instance and
// container roles) gives what is not said here.
type Settings struct {
	// Region of ends that name none.
	Region string
	// Profile of the shared configuration.
	Profile string
	// AssumeRole is taken on top of the credentials found; nil takes none.
	AssumeRole *AssumeRole
	// AllowedAccountIDs and Endpoints are as in Options.
	AllowedAccountIDs []string
	Endpoints         Endpoints
	// Product and Version go into the user agent, and Extra behind them.
	Product, Version, Extra string
	// HTTPClient makes the calls; nil is the SDK's.
	HTTPClient *http.Client
}

// AssumeRole is a role to take.
type AssumeRole struct {
	// RoleARN, SessionName and ExternalID as STS AssumeRole takes them.
	RoleARN, SessionName, ExternalID string
	// Duration of the session; 0 is 15 minutes, the SDK's default. A session
	// that ends is renewed.
	Duration time.Duration
}

// maxAttempts is how often the SDK tries a call that is throttled or fails for a
// passing reason.
const maxAttempts = 6

// Load makes an Account from the settings and what the environment provides. It
// reads files and variables, and makes no call. What of them cannot be used is a
// cloud.Denied.
func Load(ctx context.Context, s Settings) (*Account, error) {
	options := []func(*config.LoadOptions) error{
		config.WithRetryMaxAttempts(maxAttempts),
		config.WithAPIOptions(userAgent(s)),
	}
	if s.Region != "" {
		options = append(options, config.WithRegion(s.Region))
	}
	if s.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(s.Profile))
	}
	if s.HTTPClient != nil {
		options = append(options, config.WithHTTPClient(s.HTTPClient))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, &cloud.Error{Kind: cloud.Denied, End: endName, Attempt: "load the AWS configuration", Err: err, Remedy: credentialRemedy}
	}
	if s.AssumeRole != nil {
		cfg.Credentials = aws.NewCredentialsCache(assume(cfg, s))
	}
	return NewAccount(Options{Config: cfg, Endpoints: s.Endpoints, AllowedAccountIDs: s.AllowedAccountIDs}), nil
}

// assume provides the credentials of a role.
func assume(cfg aws.Config, s Settings) aws.CredentialsProvider {
	client := sts.NewFromConfig(cfg, func(o *sts.Options) {
		o.BaseEndpoint = override(o.BaseEndpoint, s.Endpoints.STS)
		if o.Region == "" {
			o.Region = identityRegion
		}
	})
	return stscreds.NewAssumeRoleProvider(client, s.AssumeRole.RoleARN, func(o *stscreds.AssumeRoleOptions) {
		if s.AssumeRole.SessionName != "" {
			o.RoleSessionName = s.AssumeRole.SessionName
		}
		if s.AssumeRole.ExternalID != "" {
			o.ExternalID = &s.AssumeRole.ExternalID
		}
		o.Duration = s.AssumeRole.Duration
	})
}

// userAgent adds the product to the SDK's user agent.
func userAgent(s Settings) []func(*smithymiddleware.Stack) error {
	var add []func(*smithymiddleware.Stack) error
	if s.Product != "" {
		add = append(add, middleware.AddUserAgentKeyValue(s.Product, s.Version))
	}
	if s.Extra != "" {
		add = append(add, func(stack *smithymiddleware.Stack) error {
			return stack.Build.Add(appendUserAgent(s.Extra), smithymiddleware.After)
		})
	}
	return add
}

// appendUserAgent puts text behind the user agent as it is: the SDK's own way
// takes no products with versions, and writes "tool-1.0" for "tool/1.0".
func appendUserAgent(text string) smithymiddleware.BuildMiddleware {
	return smithymiddleware.BuildMiddlewareFunc("AppendUserAgent", func(
		ctx context.Context, in smithymiddleware.BuildInput, next smithymiddleware.BuildHandler,
	) (smithymiddleware.BuildOutput, smithymiddleware.Metadata, error) {
		if req, ok := in.Request.(*smithyhttp.Request); ok {
			req.Header.Set("User-Agent", req.Header.Get("User-Agent")+" "+text)
		}
		return next.HandleBuild(ctx, in)
	})
}
