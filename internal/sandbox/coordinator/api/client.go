package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// timeout bounds one call, in the machine's time.
const timeout = 30 * time.Second

// Client calls the other provider. Refusals are *Error; everything else that
// goes wrong says that it is not known whether the call took effect. It may be
// used by several goroutines at once.
type Client struct {
	base, token string
	http        *http.Client
}

// NewClient makes a client of the server at a base URL, which may have a path.
// The token is sent with every call.
func NewClient(base, token string) *Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 32, IdleConnTimeout: time.Minute}
	return &Client{
		base: strings.TrimSuffix(base, "/") + "/", token: token,
		http: &http.Client{Transport: transport, Timeout: timeout},
	}
}

// Close ends idle connections to the server.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Page says which part of a list is wanted. The zero value is the first part, in
// the size that the server likes.
type Page struct {
	Size  int
	Token string
}

// query is the page as query parameters.
func (p Page) query() url.Values {
	q := url.Values{}
	if p.Size != 0 {
		q.Set("pageSize", strconv.Itoa(p.Size))
	}
	if p.Token != "" {
		q.Set("pageToken", p.Token)
	}
	return q
}

// All are all items of a list, page by page, as list gives them. It ends after
// the first error.
func All[T any](list func(Page) (items []T, next string, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		page := Page{Size: 1000}
		for {
			items, next, err := list(page)
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			page.Token = next
		}
	}
}

// call is one call.
type call struct {
	method, path string
	query        url.Values
	body         any
}

// do makes a call and reads the reply.
func do[Out any](ctx context.Context, c *Client, in call) (Out, error) {
	var out Out
	req, err := c.request(ctx, in)
	if err != nil {
		return out, fmt.Errorf("asking the other provider to %s %s: %w", in.method, in.path, err)
	}
	reply, err := c.http.Do(req)
	if err != nil {
		return out, fmt.Errorf("asking the other provider to %s %s: %w", in.method, in.path, err)
	}
	defer func() { _ = reply.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(reply.Body, 8*MaxBody))
	if err == nil && reply.StatusCode >= http.StatusBadRequest {
		return out, refusal(reply.StatusCode, raw)
	}
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		return out, fmt.Errorf("reading the other provider's answer to %s %s: %w", in.method, in.path, err)
	}
	return out, nil
}

// request makes the request of a call.
func (c *Client) request(ctx context.Context, in call) (*http.Request, error) {
	var body io.Reader
	if in.body != nil {
		raw, err := json.Marshal(in.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(raw)
	}
	target := c.base + in.path
	if len(in.query) > 0 {
		target += "?" + in.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, in.method, target, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// refusal reads an error. One that is not in our form keeps its status.
func refusal(status int, raw []byte) *Error {
	var body ErrorBody
	if json.Unmarshal(raw, &body) != nil || body.Error.Message == "" {
		return &Error{Status: status, Message: http.StatusText(status)}
	}
	return &Error{Status: status, Message: body.Error.Message}
}

// Uncertain says whether a call that failed may have taken effect: the server
// failed, or nothing is known of its answer.
func Uncertain(err error) bool {
	if err == nil {
		return false
	}
	e, ok := errors.AsType[*Error](err)
	return !ok || e.Status >= http.StatusInternalServerError
}
