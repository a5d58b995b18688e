package awsend

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares got with a file in testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// answered is an error that a service answered to an operation.
func answered(service, operation string, status int, header http.Header, code, message string) error {
	if header == nil {
		header = http.Header{}
	}
	return &smithy.OperationError{ServiceID: service, OperationName: operation, Err: &awshttp.ResponseError{
		RequestID: "req-7",
		ResponseError: &smithyhttp.ResponseError{
			Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status, Header: header}},
			Err:      &smithy.GenericAPIError{Code: code, Message: message},
		},
	}}
}

// unsent is an error of a request that got no answer.
func unsent(err error) error {
	return &smithy.OperationError{ServiceID: "Interconnect", OperationName: "GetConnection", Err: &smithyhttp.RequestSendError{Err: err}}
}

func noCredentialsError(err error) error {
	return &smithy.OperationError{ServiceID: "Interconnect", OperationName: "GetConnection",
		Err: fmt.Errorf("get identity: get credentials: failed to refresh cached credentials, %w", err)}
}

func TestTranslate(t *testing.T) {
	ic := func(status int, code, message string) error {
		return answered("Interconnect", "GetConnection", status, nil, code, message)
	}
	tests := map[string]struct {
		err  error
		kind cloud.Kind
	}{
		"access-denied":         {ic(403, "AccessDeniedException", "not allowed or the resource does not exist"), cloud.Denied},
		"client":                {ic(400, "InterconnectClientException", "The activation key was already used."), cloud.Precondition},
		"client-busy":           {ic(400, "InterconnectClientException", "another change is in progress"), cloud.Conflict},
		"server":                {ic(500, "InterconnectServerException", "internal"), cloud.Unavailable},
		"validation":            {ic(400, "InterconnectValidationException", "Bandwidth 3Gbps is not offered."), cloud.Invalid},
		"validation-billing":    {ic(400, "InterconnectValidationException", "Unable to create free trial connection. Your account's billing information could not be verified. Please try again later."), cloud.Precondition},
		"not-found":             {ic(404, "ResourceNotFoundException", "no such connection"), cloud.NotFound},
		"quota":                 {ic(402, "ServiceQuotaExceededException", ""), cloud.Quota},
		"throttled":             {ic(429, "ThrottlingException", "slow down"), cloud.Throttled},
		"throttled-elsewhere":   {answered("Direct Connect", "DescribeDirectConnectGateways", 400, nil, "RequestLimitExceeded", ""), cloud.Throttled},
		"malformed":             {ic(400, "SerializationException", "UnknownError"), cloud.Invalid},
		"gateway-absent":        {answered("Direct Connect", "DescribeDirectConnectGateways", 400, nil, "DirectConnectClientException", "Direct Connect Gateway x does not exist."), cloud.NotFound},
		"gateway-refused":       {answered("Direct Connect", "DescribeDirectConnectGateways", 400, nil, "DirectConnectClientException", "bad id"), cloud.Invalid},
		"gateway-server":        {answered("Direct Connect", "DescribeDirectConnectGateways", 500, nil, "DirectConnectServerException", ""), cloud.Unavailable},
		"denied-by-policy":      {ic(403, "AccessDeniedException", "User: arn:aws:iam::123456789012:role/x is not authorized to perform: interconnect:GetConnection with an explicit deny in a service control policy"), cloud.Denied},
		"not-in-any-policy":     {answered("Direct Connect", "DescribeDirectConnectGateways", 400, nil, "AccessDeniedException", "User: x is not authorized to perform: directconnect:DescribeDirectConnectGateways because no service control policy allows the action"), cloud.Denied},
		"gateway-denied":        {answered("Direct Connect", "DescribeDirectConnectGateways", 400, nil, "AccessDeniedException", "no"), cloud.Denied},
		"expired":               {answered("STS", "GetCallerIdentity", 403, nil, "ExpiredToken", "The security token is expired"), cloud.Denied},
		"wrong-secret":          {ic(403, "InvalidSignatureException", "The signature does not match"), cloud.Denied},
		"wrong-region":          {ic(403, "InvalidSignatureException", "Credential should be scoped to a valid region."), cloud.Invalid},
		"no-credentials":        {noCredentialsError(errors.New("no EC2 IMDS role found")), cloud.Denied},
		"no-credentials-slow":   {noCredentialsError(fmt.Errorf("no EC2 IMDS role found, %w", unsent(context.DeadlineExceeded))), cloud.Denied},
		"role-not-assumable":    {noCredentialsError(answered("STS", "AssumeRole", 403, nil, "AccessDenied", "not authorized to assume")), cloud.Denied},
		"proxy":                 {ic(502, "UnknownError", "HTTP 502 Bad Gateway"), cloud.Unavailable},
		"teapot":                {ic(418, "Teapot", ""), cloud.Invalid},
		"unauthorized":          {ic(401, "Whatever", ""), cloud.Denied},
		"conflict-to-come":      {ic(409, "SomeConflict", ""), cloud.Conflict},
		"quota-to-come":         {ic(402, "SomeQuota", ""), cloud.Quota},
		"absent-to-come":        {ic(404, "SomeAbsence", ""), cloud.NotFound},
		"throttled-to-come":     {ic(429, "SomeHaste", ""), cloud.Throttled},
		"refused-connection":    {unsent(&net.OpError{Op: "dial", Err: errors.New("connection refused")}), cloud.Unavailable},
		"reset":                 {errors.New("read: connection reset by peer"), cloud.Unavailable},
		"slow-dial":             {unsent(context.DeadlineExceeded), cloud.Unavailable},
		"no-such-host":          {unsent(&net.DNSError{Err: "no such host", Name: "interconnect.us-esat-1.api.aws", IsNotFound: true}), cloud.Invalid},
		"reply-not-understood":  {&smithy.DeserializationError{Err: errors.New("unexpected token")}, cloud.Unknown},
		"nothing-known-at-all":  {errors.New("strange"), cloud.Unknown},
		"role-service-is-ill":   {noCredentialsError(answered("STS", "AssumeRole", 503, nil, "ServiceUnavailable", "")), cloud.Unavailable},
		"code-without-a-status": {&smithy.GenericAPIError{Code: "Odd", Message: "odd"}, cloud.Unknown},
	}
	var all strings.Builder
	for _, name := range sortedKeys(tests) {
		tt := tests[name]
		e, ok := translate(t.Context(), "read the connection", "mcc-1a2b3c4d", tt.err).(*cloud.Error)
		if !ok {
			t.Fatalf("%s: not a *cloud.Error", name)
		}
		fmt.Fprintf(&all, "== %s\n[%s] %v\n", name, e.Kind, e)
		if e.Field != "" {
			fmt.Fprintf(&all, "field: %s\n", e.Field)
		}
		fmt.Fprintf(&all, "remedy: %s\n", cmp.Or(e.Remedy, "none"))
		t.Run(name, func(t *testing.T) {
			if e.Kind != tt.kind {
				t.Errorf("the kind is %s, want %s", e.Kind, tt.kind)
			}
			if !errors.Is(e, tt.err) {
				t.Error("the SDK's error is lost")
			}
		})
	}
	golden(t, "translate", all.String())
}

func TestTranslateLeavesAlone(t *testing.T) {
	if err := translate(t.Context(), "a", "o", nil); err != nil {
		t.Errorf("no error became %v", err)
	}
	before := &cloud.Error{Kind: cloud.Quota}
	if err := translate(t.Context(), "a", "o", before); err != before {
		t.Errorf("a translated error became %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	canceled := unsent(&smithy.CanceledError{Err: context.Canceled})
	if err := translate(ctx, "a", "o", canceled); err != canceled {
		t.Errorf("the context's error became %v", err)
	}
	if err := translate(ctx, "a", "o", clientException("no")); cloud.KindOf(err) != cloud.Precondition {
		t.Errorf("AWS's answer to a call whose context ended became %v", err)
	}
}

func TestTranslateReadsTheReplysHead(t *testing.T) {
	date := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"nothing":        {http.Header{}, 0},
		"seconds":        {http.Header{"Retry-After": {"7"}}, 7 * time.Second},
		"negative":       {http.Header{"Retry-After": {"-7"}}, 0},
		"date":           {http.Header{"Retry-After": {date.Add(time.Minute).Format(http.TimeFormat)}, "Date": {date.Format(http.TimeFormat)}}, time.Minute},
		"date gone by":   {http.Header{"Retry-After": {date.Format(http.TimeFormat)}, "Date": {date.Add(time.Hour).Format(http.TimeFormat)}}, 0},
		"date of no use": {http.Header{"Retry-After": {date.Format(http.TimeFormat)}}, 0},
		"nonsense":       {http.Header{"Retry-After": {"soon"}}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := translate(t.Context(), "a", "o", answered("Interconnect", "GetConnection", 429, tt.header, "ThrottlingException", "slow"))
			e := err.(*cloud.Error)
			if e.RetryAfter != tt.want || e.RequestID != "req-7" || e.Status != 429 || e.Code != "ThrottlingException" || e.Message != "slow" {
				t.Errorf("got %+v, want to wait %s", e, tt.want)
			}
		})
	}
}

// Every exception of the service model is classified by its name, not by its
// status alone.
func TestEveryExceptionOfTheModelHasAKind(t *testing.T) {
	for _, e := range []smithy.APIError{
		&types.AccessDeniedException{}, &types.InterconnectClientException{}, &types.InterconnectServerException{},
		&types.InterconnectValidationException{}, &types.ResourceNotFoundException{}, &types.ServiceQuotaExceededException{},
		&types.ThrottlingException{},
	} {
		if _, ok := kinds[e.ErrorCode()]; !ok {
			t.Errorf("%s has no kind", e.ErrorCode())
		}
	}
}
