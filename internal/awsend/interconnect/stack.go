package interconnect

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// addCommonSteps builds what every operation goes through, of the SDK's own
// middleware wherever the SDK exports it. The ids and the order are those of the
// SDK's clients, so that APIOptions written for them fit here.
//
// OperationSerializer and OperationDeserializer must be there already.
func (c *Client) addCommonSteps(stack *middleware.Stack, o Options) error {
	return errors.Join(
		addUserAgent(stack, o),
		stack.Build.Add(&awsmiddleware.ClientRequestID{}, middleware.After),
		stack.Build.Add(&awsmiddleware.RecursionDetection{}, middleware.After),
		c.addRetryAndSigning(stack, o),
		addResponseSteps(stack, o),
		addInterceptors(stack, o),
	)
}

// addRetryAndSigning makes the part that is done again for every attempt.
func (c *Client) addRetryAndSigning(stack *middleware.Stack, o Options) error {
	attempt := retry.NewAttemptMiddleware(o.Retryer, smithyhttp.RequestCloner, func(a *retry.Attempt) {
		a.LogAttempts = o.ClientLogMode.IsRetries()
		a.ClientSkew = c.timeOffset
		a.DisableClockSkewCorrection = o.DisableClockSkewCorrection
	})
	return errors.Join(
		stack.Finalize.Add(attempt, middleware.After),
		stack.Finalize.Add(resolveEndpoint(o), middleware.After),
		stack.Finalize.Add(&v4.ComputePayloadSHA256{}, middleware.After),
		stack.Finalize.Add(newSignRequest(o, c.timeOffset), middleware.After),
	)
}

// addResponseSteps surrounds the deserializer. An answer passes them from the
// last to the first.
func addResponseSteps(stack *middleware.Stack, o Options) error {
	return errors.Join(
		stack.Deserialize.Add(&awsmiddleware.AddRawResponse{}, middleware.Before),
		stack.Deserialize.Insert(&awsmiddleware.RequestIDRetriever{}, "OperationDeserializer", middleware.Before),
		stack.Deserialize.Insert(&awshttp.ResponseErrorWrapper{}, "RequestIDRetriever", middleware.Before),
		stack.Deserialize.Add(&awsmiddleware.RecordResponseTiming{
			DisableClockSkewCorrection: o.DisableClockSkewCorrection,
		}, middleware.After),
		// It writes to the logger of the context, which masks secrets.
		stack.Deserialize.Add(&smithyhttp.RequestResponseLogger{
			LogRequest:          o.ClientLogMode.IsRequest(),
			LogRequestWithBody:  o.ClientLogMode.IsRequestWithBody(),
			LogResponse:         o.ClientLogMode.IsResponse(),
			LogResponseWithBody: o.ClientLogMode.IsResponseWithBody(),
		}, middleware.After),
	)
}

func addUserAgent(stack *middleware.Stack, o Options) error {
	ua, err := userAgent(stack)
	if err != nil {
		return err
	}
	ua.AddSDKAgentKeyValue(awsmiddleware.APIMetadata, signingName, ServiceAPIVersion)
	if o.AppID != "" {
		ua.AddSDKAgentKey(awsmiddleware.ApplicationIdentifier, o.AppID)
	}
	switch o.Retryer.(type) {
	case *retry.Standard:
		ua.AddUserAgentFeature(awsmiddleware.UserAgentFeatureRetryModeStandard)
	case *retry.AdaptiveMode:
		ua.AddUserAgentFeature(awsmiddleware.UserAgentFeatureRetryModeAdaptive)
	}
	if provider, ok := o.Credentials.(aws.CredentialProviderSource); ok {
		for _, source := range provider.ProviderSources() {
			ua.AddCredentialsSource(source)
		}
	}
	return nil
}

// userAgent is the stack's User-Agent middleware, added if it is not there.
func userAgent(stack *middleware.Stack) (*awsmiddleware.RequestUserAgent, error) {
	id := (*awsmiddleware.RequestUserAgent)(nil).ID()
	step, ok := stack.Build.Get(id)
	if !ok {
		step = awsmiddleware.NewRequestUserAgent()
		if err := stack.Build.Add(step, middleware.After); err != nil {
			return nil, err
		}
	}
	ua, ok := step.(*awsmiddleware.RequestUserAgent)
	if !ok {
		return nil, fmt.Errorf("middleware %s is a %T, not the SDK's", id, step)
	}
	return ua, nil
}

// addInterceptors adds the steps that call Options.Interceptors, if there are any.
// Some of the steps prepare what later ones show, so it is all of them or none.
func addInterceptors(stack *middleware.Stack, o Options) error {
	i := o.Interceptors
	if len(i.BeforeExecution)+len(i.AfterExecution)+
		len(i.BeforeSerialization)+len(i.AfterSerialization)+
		len(i.BeforeRetryLoop)+len(i.BeforeAttempt)+len(i.AfterAttempt)+
		len(i.BeforeSigning)+len(i.AfterSigning)+
		len(i.BeforeTransmit)+len(i.AfterTransmit)+
		len(i.BeforeDeserialization)+len(i.AfterDeserialization) == 0 {
		return nil
	}
	return errors.Join(
		stack.Initialize.Add(&smithyhttp.InterceptExecution{
			BeforeExecution: i.BeforeExecution, AfterExecution: i.AfterExecution,
		}, middleware.Before),
		stack.Serialize.Insert(&smithyhttp.InterceptBeforeSerialization{
			Interceptors: i.BeforeSerialization,
		}, "OperationSerializer", middleware.Before),
		stack.Serialize.Insert(&smithyhttp.InterceptAfterSerialization{
			Interceptors: i.AfterSerialization,
		}, "OperationSerializer", middleware.After),
		stack.Finalize.Insert(&smithyhttp.InterceptBeforeRetryLoop{
			Interceptors: i.BeforeRetryLoop,
		}, "Retry", middleware.Before),
		stack.Finalize.Insert(&smithyhttp.InterceptAttempt{
			BeforeAttempt: i.BeforeAttempt, AfterAttempt: i.AfterAttempt,
		}, "Retry", middleware.After),
		stack.Finalize.Insert(&smithyhttp.InterceptBeforeSigning{
			Interceptors: i.BeforeSigning,
		}, "Signing", middleware.Before),
		stack.Finalize.Insert(&smithyhttp.InterceptAfterSigning{
			Interceptors: i.AfterSigning,
		}, "Signing", middleware.After),
		stack.Deserialize.Add(&smithyhttp.InterceptTransmit{
			BeforeTransmit: i.BeforeTransmit, AfterTransmit: i.AfterTransmit,
		}, middleware.After),
		stack.Deserialize.Insert(&smithyhttp.InterceptBeforeDeserialization{
			Interceptors: i.BeforeDeserialization,
		}, "OperationDeserializer", middleware.After),
		stack.Deserialize.Insert(&smithyhttp.InterceptAfterDeserialization{
			Interceptors: i.AfterDeserialization,
		}, "OperationDeserializer", middleware.Before),
	)
}
