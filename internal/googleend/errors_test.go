package googleend

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/auth"
	"golang.org/x/oauth2"
	"google.golang.org/api/googleapi"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// details is an error reply of Network Connectivity with details.
func details(code int, word, message, detail string) *googleapi.Error {
	return &googleapi.Error{Code: code, Message: message, Body: fmt.Sprintf(`{"error":{"code":%d,"message":%q,"status":%q,"details":[%s]}}`, code, message, word, detail)}
}

// computeError is an error reply of Compute Engine.
func computeError(code int, reason, message string) *googleapi.Error {
	return &googleapi.Error{Code: code, Message: message, Body: fmt.Sprintf(`{"error":{"code":%d,"message":%q,"errors":[{"domain":"global","reason":%q,"message":%q}]}}`, code, message, reason, message)}
}

func info(reason, metadata string) string {
	return fmt.Sprintf(`{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":%q,"domain":"googleapis.com","metadata":{%s}}`, reason, metadata)
}

func TestTranslate(t *testing.T) {
	const quota = `{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"subject":"project:p","description":"x"}]}`
	const violated = `{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"transport.advertised_routes","description":"not a range"}]}`
	for name, c := range map[string]struct {
		in                        error
		kind                      cloud.Kind
		code, field, says, remedy string
		after                     time.Duration
	}{
		"not found":           {in: details(404, "NOT_FOUND", "gone", ""), kind: cloud.NotFound, code: "NOT_FOUND", says: "gone"},
		"exists":              {in: details(409, "ALREADY_EXISTS", "there", ""), kind: cloud.Conflict, code: "ALREADY_EXISTS"},
		"being changed":       {in: details(409, "ABORTED", "unable to queue the operation", ""), kind: cloud.Conflict, remedy: "Somebody else"},
		"stale":               {in: computeError(412, "conditionNotMet", "stale"), kind: cloud.Conflict, code: "ABORTED (conditionNotMet)"},
		"denied":              {in: details(403, "PERMISSION_DENIED", "no", info("IAM_PERMISSION_DENIED", `"permission":"networkconnectivity.transports.create"`)), kind: cloud.Denied, code: "PERMISSION_DENIED (IAM_PERMISSION_DENIED)", remedy: "networkconnectivity.transports.create"},
		"no such location":    {in: details(403, "PERMISSION_DENIED", "Permission denied on 'locations/mars-north1' (or it may not exist).", ""), kind: cloud.Denied, field: "region", remedy: "Check the region's name"},
		"no token":            {in: details(401, "UNAUTHENTICATED", "who", ""), kind: cloud.Denied, remedy: "gcloud auth application-default login"},
		"disabled":            {in: details(403, "PERMISSION_DENIED", "not used before", info("SERVICE_DISABLED", `"service":"networkconnectivity.googleapis.com"`)), kind: cloud.Denied, remedy: "gcloud services enable networkconnectivity.googleapis.com"},
		"compute disabled":    {in: computeError(403, "accessNotConfigured", "not used before"), kind: cloud.Denied, remedy: "compute.googleapis.com"},
		"perimeter":           {in: details(403, "PERMISSION_DENIED", "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: x", ""), kind: cloud.Denied, remedy: "networkconnectivity-transportmanager-clh@"},
		"perimeter by detail": {in: details(403, "PERMISSION_DENIED", "no", `{"@type":"type.googleapis.com/google.rpc.PreconditionFailure","violations":[{"type":"VPC_SERVICE_CONTROLS"}]}`), kind: cloud.Denied, remedy: "VPC Service Controls"},
		"agent":               {in: details(404, "NOT_FOUND", "service-1@gcp-sa-networkconnectivity.iam.gserviceaccount.com Not found", ""), kind: cloud.Precondition, remedy: "services identity create"},
		"throttled":           {in: details(429, "RESOURCE_EXHAUSTED", "slow down", ""), kind: cloud.Throttled},
		"rate by quota":       {in: details(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute'", info("RATE_LIMIT_EXCEEDED", "")), kind: cloud.Throttled},
		"rate by words":       {in: details(429, "RESOURCE_EXHAUSTED", "Quota exceeded: requests per minute", quota), kind: cloud.Throttled},
		"quota":               {in: details(429, "RESOURCE_EXHAUSTED", "Quota limit 'Transports' has been exceeded", ""), kind: cloud.Quota, remedy: "higher quota"},
		"quota as forbidden":  {in: details(403, "PERMISSION_DENIED", "too many", quota), kind: cloud.Quota},
		"compute quota":       {in: computeError(403, "quotaExceeded", "too many"), kind: cloud.Quota},
		"compute rate":        {in: computeError(403, "rateLimitExceeded", "too fast"), kind: cloud.Throttled},
		"precondition":        {in: details(400, "FAILED_PRECONDITION", "not ready", ""), kind: cloud.Precondition},
		"compute not ready":   {in: computeError(400, "resourceNotReady", "not ready"), kind: cloud.Precondition},
		"invalid":             {in: details(400, "INVALID_ARGUMENT", "bad", violated), kind: cloud.Invalid, field: "advertised_routes", says: "bad; not a range"},
		"compute invalid":     {in: computeError(400, "invalid", "bad"), kind: cloud.Invalid, code: "INVALID_ARGUMENT (invalid)"},
		"stumbled":            {in: details(500, "INTERNAL", "oops", ""), kind: cloud.Unavailable, remedy: "Apply again"},
		"not JSON":            {in: &googleapi.Error{Code: 502, Body: "<html>"}, kind: cloud.Unavailable, code: "UNAVAILABLE", says: "Bad Gateway"},
		"asked to wait":       {in: &googleapi.Error{Code: 503, Body: "{}", Header: http.Header{"Retry-After": {"9"}}}, kind: cloud.Unavailable, after: 9 * time.Second},
		"asked by detail":     {in: details(429, "RESOURCE_EXHAUSTED", "x", `{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3s"}`), kind: cloud.Throttled, after: 3 * time.Second},
		"teapot":              {in: &googleapi.Error{Code: 418, Body: "{}"}, kind: cloud.Unknown},
		"token refused":       {in: fmt.Errorf("x: %w", &oauth2.RetrieveError{Response: &http.Response{StatusCode: 400}, ErrorCode: "invalid_grant", ErrorDescription: "Bad Request"}), kind: cloud.Denied, code: "invalid_grant", says: "Bad Request", remedy: "gcloud auth application-default login"},
		"token stumbled":      {in: &oauth2.RetrieveError{Response: &http.Response{StatusCode: 503}}, kind: cloud.Unavailable},
		"token refused, new":  {in: &auth.Error{Response: &http.Response{StatusCode: 400}, Err: errors.New("x")}, kind: cloud.Denied, says: "there is no access token"},
		"no connection":       {in: &url.Error{Op: "Get", URL: "http://h/x?activationKey=secret", Err: errors.New("refused")}, kind: cloud.Unavailable, says: "http://h/x"},
		"unreadable":          {in: errors.New("invalid character"), kind: cloud.Unknown, says: "invalid character"},
		"already translated":  {in: fmt.Errorf("x: %w", &cloud.Error{Kind: cloud.Terminal}), kind: cloud.Terminal},
	} {
		t.Run(name, func(t *testing.T) {
			e, ok := errors.AsType[*cloud.Error](translate("try", "it", c.in))
			if !ok {
				t.Fatal("not a *cloud.Error")
			}
			if e.Kind != c.kind || e.Field != c.field || e.RetryAfter != c.after {
				t.Errorf("kind %s, field %q, after %s; want %s, %q, %s", e.Kind, e.Field, e.RetryAfter, c.kind, c.field, c.after)
			}
			if c.code != "" && e.Code != c.code {
				t.Errorf("code %q, want %q", e.Code, c.code)
			}
			if !strings.Contains(e.Error(), c.says) || !strings.Contains(e.Remedy, c.remedy) {
				t.Errorf("error %q and remedy %q; want %q and %q in them", e, e.Remedy, c.says, c.remedy)
			}
			if strings.Contains(fmt.Sprintf("%+v %v", *e, e.Err), "secret") {
				t.Errorf("the URL's query is in %+v", e)
			}
		})
	}
}

func TestTranslateLeavesTheContextsErrors(t *testing.T) {
	if translate("try", "it", nil) != nil {
		t.Error("nil became an error")
	}
	for _, in := range []error{
		context.Canceled, context.DeadlineExceeded,
		&url.Error{Op: "Get", URL: "http://h/x?activationKey=secret", Err: context.Canceled},
	} {
		err := translate("try", "it", in)
		if _, ok := errors.AsType[*cloud.Error](err); ok || !ended(err) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v became %v", in, err)
		}
	}
	timeout := &url.Error{Op: "Get", URL: "http://h/x", Err: timeoutError{}}
	if k := cloud.KindOf(translate("try", "it", timeout)); k != cloud.Unavailable {
		t.Errorf("a timeout of the network is %s", k)
	}
}

// timeoutError is like the net package's, which claims to be the context's.
type timeoutError struct{}

func (timeoutError) Error() string     { return "i/o timeout" }
func (timeoutError) Timeout() bool     { return true }
func (timeoutError) Temporary() bool   { return true }
func (timeoutError) Is(err error) bool { return err == context.DeadlineExceeded }

func TestKeysStayOutOfErrors(t *testing.T) {
	published := key(t, sharedUUID)
	foreign := activation.NewKey("opaque+key/of a new kind")
	for name, err := range map[string]error{
		"published, quoted":    translate("try", "it", details(400, "INVALID_ARGUMENT", "bad key '"+published.Reveal()+"'.", "")),
		"published, in a path": translate("try", "it", details(400, "INVALID_ARGUMENT", "bad keys/"+published.Reveal(), "")),
		"published, raw body":  translate("try", "it", &googleapi.Error{Code: 400, Body: "bad " + published.Reveal()}),
		"foreign":              conceal(translate("try", "it", details(400, "INVALID_ARGUMENT", "bad "+foreign.Reveal(), "")), foreign),
		"foreign, escaped":     conceal(translate("try", "it", details(400, "INVALID_ARGUMENT", "bad "+url.QueryEscape(foreign.Reveal()), "")), foreign),
	} {
		t.Run(name, func(t *testing.T) {
			e, _ := errors.AsType[*cloud.Error](err)
			said := fmt.Sprintf("%v %+v %+v", err, *e, e.Err)
			for _, secret := range []string{published.Reveal(), foreign.Reveal(), url.QueryEscape(foreign.Reveal())} {
				if strings.Contains(said, secret) {
					t.Errorf("the key is in %s", said)
				}
			}
			if !strings.Contains(e.Message, "(activation key)") && !strings.Contains(name, "raw") {
				t.Errorf("the message does not show where the key was: %s", e.Message)
			}
		})
	}
}

func TestOperationError(t *testing.T) {
	for name, c := range map[string]struct {
		verb         string
		code         int64
		message      string
		kind         cloud.Kind
		says, remedy string
	}{
		"bad key":       {"create", 3, "The activation key is not valid", cloud.Invalid, "could not create the transport it: Google said INVALID_ARGUMENT: The activation key", ""},
		"quota":         {"create", 8, "quota exceeded", cloud.Quota, "RESOURCE_EXHAUSTED", "higher quota"},
		"denied":        {"create", 7, "no", cloud.Denied, "PERMISSION_DENIED", "roles/"},
		"agent":         {"create", 5, "gcp-sa-networkconnectivity Not found", cloud.Precondition, "NOT_FOUND", "services identity create"},
		"not found":     {"create", 5, "the profile was not found", cloud.Precondition, "NOT_FOUND", "Apply again"},
		"cancelled":     {"update", 1, "cancelled", cloud.Precondition, "could not change the transport", "Apply again"},
		"stumbled":      {"delete", 13, "oops", cloud.Precondition, "could not delete the transport", "Apply again"},
		"out of nowhen": {"", 99, "odd", cloud.Precondition, "UNKNOWN", "Apply again"},
	} {
		t.Run(name, func(t *testing.T) {
			err := operationError(c.verb, "it", &networkconnectivity.GoogleRpcStatus{Code: c.code, Message: c.message})
			e, ok := errors.AsType[*cloud.Error](err)
			if !ok || e.Kind != c.kind || !strings.Contains(e.Error(), c.says) || !strings.Contains(e.Remedy, c.remedy) {
				t.Errorf("got %s, %q, remedy %q", e.Kind, e, e.Remedy)
			}
			if cloud.Transient(err) {
				t.Error("a failed operation is worth a repetition")
			}
		})
	}
}
