package googleend

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// Limits of repeating one request. What lasts longer is for the caller's own
// waiting.
const (
	maxTries   = 4
	firstPause = 500 * time.Millisecond
	// longestPause is the most that a Retry-After may ask for.
	longestPause = 30 * time.Second
)

// retrying repeats requests that may be repeated: reads, and changes that carry
// a request id, which Google recognises for at least 60 minutes (discovery
// document, networkconnectivity v1). It repeats when the service is busy or
// stumbled, or the connection broke; never for a refusal.
type retrying struct {
	// base sends; nil is http.DefaultTransport.
	base  http.RoundTripper
	clock cloud.Clock
	// agent goes in front of the request's User-Agent.
	agent string
}

// RoundTrip implements http.RoundTripper.
func (t retrying) RoundTrip(req *http.Request) (*http.Response, error) {
	base := t.base
	if base == nil {
		base = http.DefaultTransport
	}
	for try := 1; ; try++ {
		sent, err := t.prepare(req, try)
		if err != nil {
			return nil, err
		}
		res, err := base.RoundTrip(sent)
		pause, again := t.pause(res, err, try)
		if !again || try == maxTries || !repeatable(req) || req.Context().Err() != nil {
			return res, err
		}
		if res != nil {
			discard(res.Body)
		}
		if err := t.clock.Sleep(req.Context(), pause); err != nil {
			return nil, err
		}
	}
}

// prepare makes the request of one try: the first sends the body it was given,
// later ones a fresh copy.
func (t retrying) prepare(req *http.Request, try int) (*http.Request, error) {
	sent := req.Clone(req.Context())
	if t.agent != "" {
		sent.Header.Set("User-Agent", strings.TrimSpace(t.agent+" "+req.Header.Get("User-Agent")))
	}
	if try > 1 && req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		sent.Body = body
	}
	return sent, nil
}

// repeatable says that sending the request twice does no more than sending it
// once, and that its body can be had again.
func repeatable(req *http.Request) bool {
	if req.Body != nil && req.Body != http.NoBody && req.GetBody == nil {
		return false
	}
	return req.Method == http.MethodGet || req.URL.Query().Has("requestId")
}

// pause is how long to wait before the next try; false when the outcome is final.
func (t retrying) pause(res *http.Response, err error, try int) (time.Duration, bool) {
	if err != nil {
		return backoff(try), broke(err)
	}
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
	default:
		return 0, false
	}
	asked := retryAfter(res.Header, t.clock.Now())
	return max(asked, backoff(try)), asked <= longestPause
}

// backoff doubles from try to try, shortened at random by up to a fifth so that
// many do not march in step.
func backoff(try int) time.Duration {
	d := firstPause << (try - 1)
	return d - time.Duration(rand.Float64()*0.2*float64(d))
}

// broke says that a connection that stood was cut: the request may have arrived.
// A connection that was never made is not that.
func broke(err error) bool {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	op, ok := errors.AsType[*net.OpError](err)
	return ok && (op.Op == "read" || op.Op == "write")
}

// retryAfter is what the Retry-After header asks for, in seconds or as a date;
// 0 when it asks for nothing.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if s, err := strconv.Atoi(v); err == nil && s > 0 {
		return time.Duration(s) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}

// discard reads the rest of a reply, up to a limit, so that its connection can be
// used again.
func discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, 64<<10)
	_ = body.Close()
}
