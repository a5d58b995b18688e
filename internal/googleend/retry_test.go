package googleend

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRetrying(t *testing.T) {
	busy := answer{status: http.StatusServiceUnavailable}
	limited := func(after string) answer {
		return answer{status: http.StatusTooManyRequests, header: map[string]string{"Retry-After": after}}
	}
	const post = "POST /x"
	for name, c := range map[string]struct {
		method, query string
		answers       []answer
		tries, status int
		// least are the shortest pauses that will do.
		least []time.Duration
	}{
		"read, first time":        {method: "GET", answers: []answer{ok("{}")}, tries: 1, status: 200},
		"read, busy once":         {method: "GET", answers: []answer{busy, ok("{}")}, tries: 2, status: 200, least: []time.Duration{400 * time.Millisecond}},
		"read, busy for ever":     {method: "GET", answers: []answer{busy}, tries: 4, status: 503, least: []time.Duration{400 * time.Millisecond, 800 * time.Millisecond, 1600 * time.Millisecond}},
		"told when":               {method: "GET", answers: []answer{limited("7"), ok("{}")}, tries: 2, status: 200, least: []time.Duration{7 * time.Second}},
		"told a date":             {method: "GET", answers: []answer{limited(time.Unix(1_800_000_009, 0).UTC().Format(http.TimeFormat)), ok("{}")}, tries: 2, status: 200, least: []time.Duration{9 * time.Second}},
		"told too long":           {method: "GET", answers: []answer{limited("3600")}, tries: 1, status: 429},
		"refused":                 {method: "GET", answers: []answer{{status: 403}}, tries: 1, status: 403},
		"failed inside":           {method: "GET", answers: []answer{{status: 500}}, tries: 1, status: 500},
		"cut off":                 {method: "GET", answers: []answer{{drop: true}, {drop: true}, ok("{}")}, tries: 3, status: 200, least: []time.Duration{400 * time.Millisecond, 800 * time.Millisecond}},
		"change without an id":    {method: "POST", answers: []answer{busy, ok("{}")}, tries: 1, status: 503},
		"change with an id":       {method: "POST", query: "?requestId=1", answers: []answer{busy, ok("{}")}, tries: 2, status: 200, least: []time.Duration{400 * time.Millisecond}},
		"change cut off":          {method: "POST", query: "?requestId=1", answers: []answer{{drop: true}, ok("{}")}, tries: 2, status: 200, least: []time.Duration{400 * time.Millisecond}},
		"change cut off, no id":   {method: "POST", answers: []answer{{drop: true}, ok("{}")}, tries: 1},
		"deletion with an id":     {method: "DELETE", query: "?requestId=1", answers: []answer{{status: 504}, ok("{}")}, tries: 2, status: 200, least: []time.Duration{400 * time.Millisecond}},
		"gateway between us":      {method: "GET", answers: []answer{{status: 502}, ok("{}")}, tries: 2, status: 200, least: []time.Duration{400 * time.Millisecond}},
		"throttled with no hint":  {method: "GET", answers: []answer{limited(""), ok("{}")}, tries: 2, status: 200, least: []time.Duration{400 * time.Millisecond}},
		"throttled by a bad hint": {method: "GET", answers: []answer{limited("soon"), ok("{}")}, tries: 2, status: 200, least: []time.Duration{400 * time.Millisecond}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string][]answer{c.method + " /x": c.answers})
			clock := &fakeClock{now: time.Unix(1_800_000_000, 0)}
			// Connections are not kept: the standard transport repeats by
			// itself what breaks on one that was.
			base := &http.Transport{DisableKeepAlives: true}
			client := http.Client{Transport: retrying{base: base, clock: clock, agent: "us/1"}}
			var body io.Reader
			if c.method == "POST" {
				body = strings.NewReader("body")
			}
			req, err := http.NewRequestWithContext(t.Context(), c.method, f.url+"/x"+c.query, body)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("User-Agent", "sdk/2")
			res, err := client.Do(req)
			status := 0
			if err == nil {
				status = res.StatusCode
				_ = res.Body.Close()
			}
			if status != c.status || len(f.calls()) != c.tries {
				t.Fatalf("status %d (%v) after %d tries; want %d after %d", status, err, len(f.calls()), c.status, c.tries)
			}
			for _, a := range f.asked {
				if a.agent != "us/1 sdk/2" || a.call == post && string(a.body) != "body" {
					t.Errorf("came as %q with body %q", a.agent, a.body)
				}
			}
			if len(clock.slept) != len(c.least) {
				t.Fatalf("paused %v, want at least %v", clock.slept, c.least)
			}
			for i, d := range clock.slept {
				if d < c.least[i] || d > 2*c.least[i] {
					t.Errorf("pause %d was %s, want at least %s", i, d, c.least[i])
				}
			}
		})
	}
}

func TestRetryingStopsWithTheContext(t *testing.T) {
	f := newFake(t, map[string][]answer{"GET /x": {{status: 503}}})
	ctx, cancel := context.WithCancel(t.Context())
	clock := &endingClock{cancel: cancel}
	client := http.Client{Transport: retrying{clock: clock}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.url+"/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Do(req)
	if !errors.Is(err, context.Canceled) || len(f.calls()) != 1 {
		t.Errorf("got %v after %d tries", err, len(f.calls()))
	}
}

// endingClock ends the context while it is slept on.
type endingClock struct{ cancel context.CancelFunc }

func (c *endingClock) Now() time.Time { return time.Unix(0, 0) }

func (c *endingClock) Sleep(ctx context.Context, _ time.Duration) error {
	c.cancel()
	return ctx.Err()
}

func TestBroke(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"end of file":   {io.EOF, true},
		"half a reply":  {io.ErrUnexpectedEOF, true},
		"reset":         {&net.OpError{Op: "read", Err: errors.New("reset by peer")}, true},
		"pipe":          {&net.OpError{Op: "write", Err: errors.New("broken pipe")}, true},
		"never made":    {&net.OpError{Op: "dial", Err: errors.New("refused")}, false},
		"anything else": {errors.New("tls: bad certificate"), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := broke(c.err); got != c.want {
				t.Errorf("broke(%v) is %v", c.err, got)
			}
		})
	}
}
