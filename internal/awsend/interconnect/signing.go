package interconnect

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// signRequest signs each attempt of one call with SigV4. The SDK's clients do
// this through packages that only they may import.
type signRequest struct {
	options Options
	// skew is how far the service's clock is ahead of ours: at first what the
	// client knows, then what the last attempt's answer said. The SDK's retry
	// middleware judges clock errors by the same two values.
	skew time.Duration
}

func newSignRequest(o Options, known *atomic.Int64) *signRequest {
	s := &signRequest{options: o}
	if !o.DisableClockSkewCorrection {
		s.skew = time.Duration(known.Load())
	}
	return s
}

// ID is the SDK's name for this step.
func (*signRequest) ID() string { return "Signing" }

// HandleFinalize signs the request, unless there are no credentials.
func (s *signRequest) HandleFinalize(
	ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
) (middleware.FinalizeOutput, middleware.Metadata, error) {
	if s.options.Credentials != nil {
		if err := s.sign(ctx, in.Request); err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, &v4.SigningError{Err: err}
		}
	}
	out, metadata, err := next.HandleFinalize(ctx, in)
	s.skew, _ = awsmiddleware.GetAttemptSkew(metadata)
	return out, metadata, err
}

func (s *signRequest) sign(ctx context.Context, request any) error {
	req, ok := request.(*smithyhttp.Request)
	if !ok {
		return fmt.Errorf("unknown transport type %T", request)
	}
	if s.options.Region == "" {
		return errors.New("missing Region: a signature is for one region, also with a custom endpoint")
	}
	credentials, err := s.options.Credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("failed to retrieve credentials: %w", err)
	}
	return s.options.HTTPSignerV4.SignHTTP(
		ctx, credentials, req.Request, v4.GetPayloadHash(ctx), signingName, s.options.Region,
		time.Now().Add(s.skew).UTC(),
		func(so *v4.SignerOptions) {
			so.Logger = middleware.GetLogger(ctx)
			so.LogSigning = s.options.ClientLogMode.IsSigning()
		},
	)
}
