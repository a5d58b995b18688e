package awsend

import (
	"context"
	"errors"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// kinds are what AWS's error codes mean. The first seven are the exceptions of
// the AWS Interconnect service model; the others are those of Direct Connect
// and STS, and the ones that every AWS service answers.
var kinds = map[string]cloud.Kind{
	"AccessDeniedException":           cloud.Denied,
	"InterconnectClientException":     cloud.Precondition,
	"InterconnectServerException":     cloud.Unavailable,
	"InterconnectValidationException": cloud.Invalid,
	"ResourceNotFoundException":       cloud.NotFound,
	"ServiceQuotaExceededException":   cloud.Quota,
	"ThrottlingException":             cloud.Throttled,

	"DirectConnectClientException": cloud.Invalid,
	"DirectConnectServerException": cloud.Unavailable,
	"ConflictException":            cloud.Conflict,
	"ValidationException":          cloud.Invalid,
	"SerializationException":       cloud.Invalid,
	"AccessDenied":                 cloud.Denied,
	"UnauthorizedOperation":        cloud.Denied,
	"InternalFailure":              cloud.Unavailable,
	"InternalServerError":          cloud.Unavailable,
	"ServiceUnavailable":           cloud.Unavailable,
	"RequestTimeout":               cloud.Unavailable,
	"RequestTimeoutException":      cloud.Unavailable,
}

// credentialCodes say that the credentials themselves are at fault, whatever
// they may do.
var credentialCodes = map[string]bool{
	"AuthFailure":                 true,
	"ExpiredToken":                true,
	"ExpiredTokenException":       true,
	"IncompleteSignature":         true,
	"InvalidClientTokenId":        true,
	"InvalidSignatureException":   true,
	"MissingAuthenticationToken":  true,
	"NotAuthorized":               true,
	"OptInRequired":               true,
	"RequestExpired":              true,
	"SignatureDoesNotMatch":       true,
	"UnrecognizedClientException": true,
}

// AWS Interconnect has no exception for a conflict or for the account's billing
// (AWS service model), so these are told by the text. Only the billing text has
// been seen; the others are inferred.
var (
	busyText    = regexp.MustCompile(`(?i)in progress|concurrent|being (updated|changed|modified|created)|\b(is|in state) ['"]?(updating|pending)\b|\b409\b|conflict`)
	billingText = regexp.MustCompile(`(?i)free (trial|tier)|billing information`)
	// regionText is how a host refuses what is signed for a region that is not
	// its own (AWS IAM user guide, troubleshooting signed requests).
	regionText = regexp.MustCompile(`(?i)scoped to a valid region`)
	absentText = regexp.MustCompile(`(?i)does not exist|not found|could not be found`)
	// credentialText is how the SDK says that it found no credentials.
	credentialText = regexp.MustCompile(`(?i)retrieve credentials|get credentials|get identity|refresh cached credentials|static credentials are empty`)
)

// translate makes what an AWS client returned a *cloud.Error. The error of a ctx
// that has ended stays as it is, and so does one that is translated already.
func translate(ctx context.Context, attempt, object string, err error) error {
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil && errors.Is(err, ended) {
		return err
	}
	if _, ok := errors.AsType[*cloud.Error](err); ok {
		return err
	}
	e := &cloud.Error{End: endName, Attempt: attempt, Object: object, Err: err}
	describeResponse(e, err)
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		e.Code, e.Message = api.ErrorCode(), api.ErrorMessage()
		e.Kind = kindOfCode(e)
	} else {
		e.Kind = kindOfFailure(e, err)
	}
	e.Remedy = remedy(e, err)
	return e
}

// describeResponse fills what the reply's head says.
func describeResponse(e *cloud.Error, err error) {
	if r, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		e.RequestID = r.ServiceRequestID()
	}
	r, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if !ok || r.Response == nil || r.Response.Response == nil {
		return
	}
	e.Status = r.HTTPStatusCode()
	e.RetryAfter = retryAfter(r.Response.Header)
}

// retryAfter reads a Retry-After header, in seconds or as a date (RFC 9110,
// section 10.2.3). A date is taken against the reply's own.
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	sent, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return max(0, until.Sub(sent))
}

// kindOfCode classifies what a service answered.
func kindOfCode(e *cloud.Error) cloud.Kind {
	if credentialCodes[e.Code] {
		if regionText.MatchString(e.Message) {
			e.Field = "region"
			return cloud.Invalid
		}
		return cloud.Denied
	}
	if _, throttled := retry.DefaultThrottleErrorCodes[e.Code]; throttled {
		return cloud.Throttled
	}
	kind, known := kinds[e.Code]
	switch {
	case known:
	case strings.HasSuffix(e.Code, ".NotFound"):
		// EC2 has a code for each kind of thing (EC2 API reference, error codes).
		return cloud.NotFound
	default:
		kind = kindOfStatus(e.Status)
	}
	if kind != cloud.Invalid && kind != cloud.Precondition {
		return kind
	}
	switch {
	case billingText.MatchString(e.Message):
		return cloud.Precondition
	case busyText.MatchString(e.Message):
		return cloud.Conflict
	case e.Code == "DirectConnectClientException" && absentText.MatchString(e.Message):
		return cloud.NotFound
	}
	return kind
}

// kindOfStatus classifies a code that is not known.
func kindOfStatus(status int) cloud.Kind {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return cloud.Denied
	case status == http.StatusPaymentRequired:
		return cloud.Quota
	case status == http.StatusNotFound:
		return cloud.NotFound
	case status == http.StatusConflict:
		return cloud.Conflict
	case status == http.StatusTooManyRequests:
		return cloud.Throttled
	case status >= 500:
		return cloud.Unavailable
	case status >= 400:
		return cloud.Invalid
	}
	return cloud.Unknown
}

// kindOfFailure classifies an error that no service answered.
func kindOfFailure(e *cloud.Error, err error) cloud.Kind {
	if noCredentials(err) {
		return cloud.Denied
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		e.Field = "region"
		return cloud.Invalid
	}
	if _, sent := errors.AsType[*smithyhttp.RequestSendError](err); sent {
		return cloud.Unavailable
	}
	if (retry.RetryableConnectionError{}).IsErrorRetryable(err) == aws.TrueTernary {
		return cloud.Unavailable
	}
	return kindOfStatus(e.Status)
}

// noCredentials says that the SDK found no usable credentials. Its providers
// share no error type.
func noCredentials(err error) bool { return credentialText.MatchString(err.Error()) }

// incomplete is the error of a reply that lacks what it must hold. The call may
// have taken effect.
func incomplete(attempt, object, message string) error {
	return &cloud.Error{
		Kind: cloud.Unavailable, End: endName, Attempt: attempt, Object: object, Message: message,
		Remedy: "Try again: the work goes on from what exists.",
	}
}

// keyLike finds what could be an activation key or a part of one.
var keyLike = regexp.MustCompile(`[A-Za-z0-9+/=_-]{16,}`)

// conceal takes an activation key out of an error about it: a service may quote
// a value that it refuses, whole or clipped.
func conceal(err error, key activation.Key) error {
	e, ok := errors.AsType[*cloud.Error](err)
	if !ok || key.IsZero() {
		return err
	}
	clean := func(s string) string {
		s = strings.ReplaceAll(s, key.Reveal(), key.String())
		return keyLike.ReplaceAllStringFunc(s, func(run string) string {
			if strings.Contains(key.Reveal(), run) || strings.Contains(run, key.Reveal()) {
				return key.String()
			}
			return run
		})
	}
	safe := *e
	safe.Message = clean(e.Message)
	if e.Err != nil {
		if text := e.Err.Error(); clean(text) != text {
			safe.Err = errors.New(clean(text))
		}
	}
	return &safe
}
