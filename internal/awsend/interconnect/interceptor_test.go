package interconnect_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
)

// steps notes which points of a call were passed.
type steps struct{ passed []string }

func (s *steps) BeforeRetryLoop(context.Context, *smithyhttp.InterceptorContext) error {
	s.passed = append(s.passed, "retry loop")
	return nil
}

func (s *steps) BeforeAttempt(context.Context, *smithyhttp.InterceptorContext) error {
	s.passed = append(s.passed, "attempt")
	return nil
}

func (s *steps) AfterSigning(context.Context, *smithyhttp.InterceptorContext) error {
	s.passed = append(s.passed, "signed")
	return nil
}

func (s *steps) AfterExecution(context.Context, *smithyhttp.InterceptorContext) error {
	s.passed = append(s.passed, "done")
	return nil
}

func TestInterceptors(t *testing.T) {
	s := serve(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			reply(w, 500, `{}`)
			return
		}
		reply(w, 200, `{}`)
	})
	var noted steps
	c := s.client(func(o *interconnect.Options) {
		o.Interceptors.AddBeforeRetryLoop(&noted)
		o.Interceptors.AddBeforeAttempt(&noted)
		o.Interceptors.AddAfterSigning(&noted)
		o.Interceptors.AddAfterExecution(&noted)
	})
	if _, err := get(t, c); err != nil {
		t.Fatal(err)
	}
	want := []string{"retry loop", "attempt", "signed", "attempt", "signed", "done"}
	if diff := cmp.Diff(want, noted.passed); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

func TestAPIOptionsFindTheStepsOfAnSDKClient(t *testing.T) {
	var found []string
	look := func(stack *middleware.Stack) error {
		for _, list := range [][]string{
			stack.Initialize.List(), stack.Serialize.List(), stack.Build.List(), stack.Finalize.List(), stack.Deserialize.List(),
		} {
			found = append(found, strings.Join(list, " "))
		}
		return nil
	}
	s := serveText(t, 200, `{}`)
	_, err := s.client().DeleteConnection(t.Context(),
		&interconnect.DeleteConnectionInput{Identifier: new("x")}, interconnect.WithAPIOptions(look))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"OperationIdempotencyTokenAutoFill OperationInputValidation",
		"OperationSerializer",
		"UserAgent ClientRequestID RecursionDetection",
		"Retry ResolveEndpointV2 ComputePayloadHash Signing",
		"AddRawResponseToMetadata ResponseErrorWrapper RequestIDRetriever OperationDeserializer RecordResponseTiming RequestResponseLogger",
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("stack (-want +got):\n%s", diff)
	}
}

func TestFailuresBeforeSending(t *testing.T) {
	refused := errors.New("no credentials today")
	tests := map[string]struct {
		option func(*interconnect.Options)
		check  func(*testing.T, error)
	}{
		"credentials": {func(o *interconnect.Options) {
			o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{}, refused
			})
		}, func(t *testing.T, err error) {
			mustAs[*v4.SigningError](t, err)
			if !errors.Is(err, refused) {
				t.Errorf("error = %v", err)
			}
		}},
		"API option": {func(o *interconnect.Options) {
			o.APIOptions = append(o.APIOptions, func(*middleware.Stack) error { return refused })
		}, func(t *testing.T, err error) {
			if !errors.Is(err, refused) {
				t.Errorf("error = %v", err)
			}
		}},
	}
	s := serveText(t, 200, `{}`)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := get(t, s.client(), test.option)
			test.check(t, err)
		})
	}
	if n := len(s.seen()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestAnswerThatAlwaysBreaksOff(t *testing.T) {
	s := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) { breakOff(w) })
	_, err := get(t, s.client())
	mustAs[*smithy.DeserializationError](t, err)
	if !strings.Contains(err.Error(), "the answer broke off: unexpected EOF") {
		t.Errorf("error = %v", err)
	}
}
