package interconnect

import (
	"context"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/internal/redact"
)

// Client calls the AWS Interconnect API. It is safe for use by many goroutines.
//
// The error of a call is a *smithy.OperationError. Where the service answered, it
// wraps an *http.ResponseError (aws-sdk-go-v2/aws/transport/http) with status and
// request id, and in it one of the exceptions of package types, or a
// *smithy.GenericAPIError for a code that the model does not have.
type Client struct {
	options Options

	// timeOffset is how far the service's clock is ahead of ours, in
	// nanoseconds, as last seen.
	timeOffset *atomic.Int64
}

// New makes a Client. Options.Region is required unless a call sets it.
func New(options Options, optFns ...func(*Options)) *Client {
	options = options.Copy()
	options.setDefaults()
	for _, fn := range optFns {
		fn(&options)
	}
	if options.RetryMaxAttempts != 0 {
		options.Retryer = retry.AddWithMaxAttempts(options.Retryer, options.RetryMaxAttempts)
	}
	return &Client{options: options, timeOffset: new(atomic.Int64)}
}

// Options is a copy of the client's configuration.
func (c *Client) Options() Options { return c.options.Copy() }

// callOptions are the client's options with those of one call.
func (c *Client) callOptions(optFns []func(*Options)) Options {
	options := c.options.Copy()
	for _, fn := range optFns {
		fn(&options)
	}
	if n := options.RetryMaxAttempts; n != 0 && n != c.options.RetryMaxAttempts {
		options.Retryer = retry.AddWithMaxAttempts(options.Retryer, n)
	}
	if aws.IsCredentialsProvider(options.Credentials, (*aws.AnonymousCredentials)(nil)) {
		options.Credentials = nil
	}
	options.resolvePseudoRegion()
	return options
}

// send runs one operation: operationSteps add what is particular to it.
func (c *Client) send(
	ctx context.Context, operation string, params any, secrets redact.Redactor, optFns []func(*Options),
	operationSteps func(*middleware.Stack, Options) error,
) (any, middleware.Metadata, error) {
	options := c.callOptions(optFns)

	ctx = middleware.ClearStackValues(ctx)
	ctx = middleware.WithServiceID(ctx, ServiceID)
	ctx = middleware.WithOperationName(ctx, operation)
	ctx = awsmiddleware.SetServiceID(ctx, ServiceID)
	ctx = awsmiddleware.SetOperationName(ctx, operation)
	if options.Region != "" {
		ctx = awsmiddleware.SetRegion(ctx, options.Region)
	}
	ctx = middleware.SetLogger(ctx, secrets.Logger(options.Logger))

	stack := middleware.NewStack(operation, smithyhttp.NewStackRequest)
	if err := operationSteps(stack, options); err != nil {
		return nil, middleware.Metadata{}, err
	}
	if err := c.addCommonSteps(stack, options); err != nil {
		return nil, middleware.Metadata{}, err
	}
	for _, fn := range options.APIOptions {
		if err := fn(stack); err != nil {
			return nil, middleware.Metadata{}, err
		}
	}

	handler := smithyhttp.NewClientHandlerWithOptions(options.HTTPClient)
	result, metadata, err := middleware.DecorateHandler(handler, stack).Handle(ctx, params)
	if err != nil {
		return nil, metadata, &smithy.OperationError{ServiceID: ServiceID, OperationName: operation, Err: err}
	}
	return result, metadata, nil
}
