package interconnect_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// mustAs finds an error of type E in err.
func mustAs[E error](t *testing.T, err error) E {
	t.Helper()
	e, ok := errors.AsType[E](err)
	if !ok {
		t.Fatalf("error %v holds no %T", err, e)
	}
	return e
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func TestExceptions(t *testing.T) {
	tests := map[string]struct {
		status int
		fault  smithy.ErrorFault
		is     func(error) bool
	}{
		"AccessDeniedException":           {403, smithy.FaultClient, is[*types.AccessDeniedException]},
		"InterconnectClientException":     {400, smithy.FaultClient, is[*types.InterconnectClientException]},
		"InterconnectServerException":     {500, smithy.FaultServer, is[*types.InterconnectServerException]},
		"InterconnectValidationException": {400, smithy.FaultClient, is[*types.InterconnectValidationException]},
		"ResourceNotFoundException":       {404, smithy.FaultClient, is[*types.ResourceNotFoundException]},
		"ServiceQuotaExceededException":   {402, smithy.FaultClient, is[*types.ServiceQuotaExceededException]},
		"ThrottlingException":             {429, smithy.FaultClient, is[*types.ThrottlingException]},
	}
	forms := map[string]struct{ header, body string }{
		"bare type":       {"", `{"__type":"NAME","message":"told so"}`},
		"namespaced type": {"", `{"__type":"com.amazonaws.interconnect#NAME","message":"told so"}`},
		"header":          {"NAME", `{"message":"told so"}`},
		"header with URL": {"NAME:http://internal.amazon.com/coral/", `{"message":"told so"}`},
		"code member":     {"", `{"code":"NAME","Message":"told so"}`},
	}
	for name, test := range tests {
		for form, sent := range forms {
			t.Run(name+"/"+form, func(t *testing.T) {
				s := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
					if sent.header != "" {
						w.Header().Set("X-Amzn-Errortype", strings.Replace(sent.header, "NAME", name, 1))
					}
					reply(w, test.status, strings.Replace(sent.body, "NAME", name, 1))
				})
				_, err := get(t, s.client())
				if !test.is(err) {
					t.Fatalf("error is %v", err)
				}
				api := mustAs[smithy.APIError](t, err)
				if api.ErrorCode() != name || api.ErrorMessage() != "told so" || api.ErrorFault() != test.fault {
					t.Errorf("error = %s, %s, %s", api.ErrorCode(), api.ErrorMessage(), api.ErrorFault())
				}
				checkEnvelope(t, err, test.status)
			})
		}
	}
}

// checkEnvelope checks what is around every error that the service answered with.
func checkEnvelope(t *testing.T, err error, status int) {
	t.Helper()
	response := mustAs[*awshttp.ResponseError](t, err)
	if response.ServiceRequestID() != requestID || response.HTTPStatusCode() != status {
		t.Errorf("response = %d, request id %q", response.HTTPStatusCode(), response.ServiceRequestID())
	}
	operation := mustAs[*smithy.OperationError](t, err)
	if operation.Service() != interconnect.ServiceID || operation.Operation() != "GetConnection" {
		t.Errorf("operation = %s %s", operation.Service(), operation.Operation())
	}
	if !strings.Contains(err.Error(), requestID) {
		t.Errorf("%q does not tell the request id", err)
	}
}

func TestErrorsOutsideTheModel(t *testing.T) {
	tests := map[string]struct {
		status        int
		body          string
		code, message string
		fault         smithy.ErrorFault
	}{
		"unknown code": {400, `{"__type":"com.amazon.coral.service#SerializationException","message":"no"}`,
			"SerializationException", "no", smithy.FaultClient},
		"server fault":      {501, `{"__type":"NewServerException","message":"no"}`, "NewServerException", "no", smithy.FaultServer},
		"no message":        {400, `{"__type":"Odd"}`, "Odd", "HTTP 400 Bad Request without a message", smithy.FaultClient},
		"not JSON":          {418, `<html>go away</html>`, "UnknownError", "HTTP 418 I'm a teapot without a message", smithy.FaultClient},
		"empty":             {403, ``, "UnknownError", "HTTP 403 Forbidden without a message", smithy.FaultClient},
		"members no string": {400, `{"__type":7,"message":["a"]}`, "UnknownError", "HTTP 400 Bad Request without a message", smithy.FaultClient},
		"neither":           {304, ``, "UnknownError", "HTTP 304 Not Modified without a message", smithy.FaultUnknown},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := get(t, serveText(t, test.status, test.body).client())
			got := mustAs[*smithy.GenericAPIError](t, err)
			want := smithy.GenericAPIError{Code: test.code, Message: test.message, Fault: test.fault}
			if *got != want {
				t.Errorf("error = %+v, want %+v", *got, want)
			}
			checkEnvelope(t, err, test.status)
		})
	}
}

func TestExceptionTexts(t *testing.T) {
	var none types.ResourceNotFoundException
	if got := none.Error(); got != "ResourceNotFoundException: " {
		t.Errorf("without a message: %q", got)
	}
	other := types.ResourceNotFoundException{Message: new("gone"), ErrorCodeOverride: new("NoSuchConnection")}
	if got := other.Error(); got != "NoSuchConnection: gone" {
		t.Errorf("with a code of its own: %q", got)
	}
}
