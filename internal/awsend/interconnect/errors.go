package interconnect

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/internal/redact"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

const throttling = "ThrottlingException"

// exceptions are the errors of the API by their names (AWS service model). All
// operations have all of them.
var exceptions = map[string]func(message *string) smithy.APIError{
	"AccessDeniedException": func(m *string) smithy.APIError {
		return &types.AccessDeniedException{Message: m}
	},
	"InterconnectClientException": func(m *string) smithy.APIError {
		return &types.InterconnectClientException{Message: m}
	},
	"InterconnectServerException": func(m *string) smithy.APIError {
		return &types.InterconnectServerException{Message: m}
	},
	"InterconnectValidationException": func(m *string) smithy.APIError {
		return &types.InterconnectValidationException{Message: m}
	},
	"ResourceNotFoundException": func(m *string) smithy.APIError {
		return &types.ResourceNotFoundException{Message: m}
	},
	"ServiceQuotaExceededException": func(m *string) smithy.APIError {
		return &types.ServiceQuotaExceededException{Message: m}
	},
	throttling: func(m *string) smithy.APIError {
		return &types.ThrottlingException{Message: m}
	},
}

// deserializeError is the error that an answer with a status other than 2xx
// stands for. The body need not be the service's: a proxy may have answered.
func deserializeError(resp *http.Response, body []byte, secrets redact.Redactor) error {
	var members map[string]json.RawMessage
	// A body that is not an object of JSON has no members, which is handled.
	_ = json.Unmarshal(body, &members)

	code := errorCode(resp.Header.Get("X-Amzn-Errortype"), members)
	if code == "" && resp.StatusCode == http.StatusTooManyRequests {
		// The status belongs to this exception alone (AWS service model), and
		// by the code the SDK knows that it may retry.
		code = throttling
	}
	message := textMember(members, "message", "Message")
	if message != nil {
		message = new(secrets.Text(*message))
	}
	if exception, ok := exceptions[code]; ok {
		return exception(message)
	}
	unmodeled := &smithy.GenericAPIError{Code: secrets.Text(code), Fault: faultOf(resp.StatusCode)}
	if code == "" {
		unmodeled.Code = "UnknownError"
	}
	if message != nil {
		unmodeled.Message = *message
	} else {
		unmodeled.Message = fmt.Sprintf("HTTP %d %s without a message", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	return unmodeled
}

// errorCode finds the code as the SDK does: the header, then "__type", then
// "code"; without namespace ("com.amazonaws.interconnect#X") and without the
// address that some services append ("X:http://...").
func errorCode(header string, members map[string]json.RawMessage) string {
	code := header
	if code == "" {
		if text := textMember(members, "__type", "code", "Code"); text != nil {
			code = *text
		}
	}
	code, _, _ = strings.Cut(code, ":")
	if _, name, namespaced := strings.Cut(code, "#"); namespaced {
		code = name
	}
	return strings.TrimSpace(code)
}

// textMember is the first of the named members that is a non-empty string.
func textMember(members map[string]json.RawMessage, names ...string) *string {
	for _, name := range names {
		var text string
		if err := json.Unmarshal(members[name], &text); err == nil && text != "" {
			return &text
		}
	}
	return nil
}

func faultOf(status int) smithy.ErrorFault {
	switch {
	case status >= 500:
		return smithy.FaultServer
	case status >= 400:
		return smithy.FaultClient
	}
	return smithy.FaultUnknown
}

// readBody reads an answer to its end.
func readBody(ctx context.Context, resp *smithyhttp.Response) ([]byte, error) {
	body, err := io.ReadAll(resp.Body)
	switch {
	case err == nil:
		return body, nil
	case ctx.Err() != nil:
		return nil, &smithy.CanceledError{Err: ctx.Err()}
	}
	return nil, &smithy.DeserializationError{Err: &brokenReplyError{cause: err}}
}

// brokenReplyError is an answer that broke off. The call may have taken effect;
// retrying is safe, as all calls that create carry a client token.
type brokenReplyError struct{ cause error }

// Error says what happened to the answer.
func (e *brokenReplyError) Error() string { return fmt.Sprintf("the answer broke off: %v", e.cause) }

// Unwrap is what the transport said.
func (e *brokenReplyError) Unwrap() error { return e.cause }

// ConnectionError tells the SDK's retryers that this may be tried again.
func (e *brokenReplyError) ConnectionError() bool { return true }
