package aws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// rpc is a signed request of RPCv2-CBOR.
func (c client) rpc(operation string, body []byte) *http.Request {
	c.t.Helper()
	return c.signed("/service/Interconnect/operation/"+operation, body, map[string]string{
		"Content-Type": "application/cbor", "Accept": "application/cbor", "Smithy-Protocol": "rpc-v2-cbor"})
}

// wantCBORHeader holds a reply to its protocol.
func wantCBORHeader(t *testing.T, resp *http.Response) {
	t.Helper()
	if got := resp.Header.Get("Content-Type"); got != "application/cbor" {
		t.Errorf("content type %q", got)
	}
	if got := resp.Header.Get("smithy-protocol"); got != "rpc-v2-cbor" {
		t.Errorf("smithy-protocol %q", got)
	}
}

// encodeCBOR writes what a test sends.
func encodeCBOR(t *testing.T, v any) []byte {
	t.Helper()
	return cbor.Encode(asCBOR(t, v))
}

func asCBOR(t *testing.T, v any) cbor.Value {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return &cbor.Nil{}
	case string:
		return cbor.String(v)
	case int:
		if v < 0 {
			return cbor.NegInt(uint64(-v))
		}
		return cbor.Uint(v)
	case []string:
		l := cbor.List{}
		for _, s := range v {
			l = append(l, cbor.String(s))
		}
		return l
	case []any:
		l := cbor.List{}
		for _, item := range v {
			l = append(l, asCBOR(t, item))
		}
		return l
	case document:
		m := cbor.Map{}
		for name, member := range v {
			m[name] = asCBOR(t, member)
		}
		return m
	}
	t.Fatalf("no CBOR for %T", v)
	return nil
}

// decodeCBOR reads a reply as json.Unmarshal would read the same reply in JSON.
func decodeCBOR(body []byte, into any) error {
	v, err := cbor.Decode(body)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(plain(v))
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// plain is a CBOR value as JSON has it.
func plain(v cbor.Value) any {
	switch v := v.(type) {
	case cbor.Map:
		out := document{}
		for name, member := range v {
			out[name] = plain(member)
		}
		return out
	case cbor.List:
		out := []any{}
		for _, item := range v {
			out = append(out, plain(item))
		}
		return out
	}
	return v
}

// TestCBORWalk walks all operations and compares each answer with the one that
// JSON gets, where the operation only reads.
func TestCBORWalk(t *testing.T) {
	r := newRig(t)
	text, c := r.client, r.client
	c.cbor = true
	asked := map[string]bool{}
	both := func(operation string, in document) document {
		t.Helper()
		asked[operation] = true
		out := c.must(operation, in)
		if diff := cmp.Diff(text.must(operation, in), out); diff != "" {
			t.Errorf("%s (-json +cbor):\n%s", operation, diff)
		}
		return out
	}
	once := func(operation string, in document) document {
		t.Helper()
		asked[operation] = true
		return c.must(operation, in)
	}
	gateway := r.gateway()
	both("ListEnvironments", document{"maxResults": 10})
	both("GetEnvironment", document{"id": testEnv})
	both("ListAttachPoints", document{"environmentId": testEnv})
	conn := once("CreateConnection", createInput(gateway, document{"tags": document{"a": "1"}, "clientToken": "t"}))["connection"].(document)
	arn := conn["arn"]
	if again := text.connection("CreateConnection", createInput(gateway, document{"tags": document{"a": "1"}, "clientToken": "t"})); again["id"] != conn["id"] {
		t.Error("a client token of one protocol is not the same in the other")
	}
	r.redeem(conn)
	r.notify(conn)
	r.clock.Advance(testTiming.Provisioning)
	if got := both("GetConnection", document{"identifier": conn["id"]})["connection"].(document); got["billingTier"] != float64(1) {
		t.Errorf("billing tier %v", got["billingTier"])
	}
	both("ListConnections", document{"maxResults": 1, "provider": document{"cloudServiceProvider": "gcp"}, "attachPoint": document{"directConnectGateway": gateway}})
	once("TagResource", document{"arn": arn, "tags": document{"b": "2"}})
	once("UntagResource", document{"arn": arn, "tagKeys": []any{"a"}})
	if got := both("ListTagsForResource", document{"arn": arn}); !cmp.Equal(got, document{"tags": document{"b": "2"}}) {
		t.Errorf("tags %v", got)
	}
	once("UpdateConnection", document{"identifier": conn["id"], "description": "other", "bandwidth": "2Gbps"})
	key := partnerKey(t, nil)
	both("DescribeConnectionProposal", document{"activationKey": key})
	once("AcceptConnectionProposal", acceptInput(gateway, key))
	once("DeleteConnection", document{"identifier": conn["id"]})
	c.wantState(conn["id"], StateDeleting)
	want := slices.Sorted(maps.Keys(loadModel(t).Operations))
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(asked))); diff != "" {
		t.Errorf("operations (-model +walked):\n%s", diff)
	}
}

// TestCBORExceptions meets every exception of the service model.
func TestCBORExceptions(t *testing.T) {
	tests := map[string]struct {
		status    int
		adjust    func(*Config)
		operation string
		in        func(r *rig) document
	}{
		"InterconnectValidationException": {status: 400, operation: "GetConnection", in: func(*rig) document { return document{"identifier": "mcc-ABC"} }},
		"InterconnectClientException": {status: 400, operation: "UpdateConnection", in: func(r *rig) document {
			return document{"identifier": r.create(nil)["id"], "bandwidth": "2Gbps"}
		}},
		"ServiceQuotaExceededException": {status: 402, operation: "CreateConnection",
			adjust: func(cfg *Config) { cfg.Quotas.Connections = -1 },
			in:     func(r *rig) document { return createInput(r.gateway(), nil) }},
		"AccessDeniedException": {status: 403, operation: "ListTagsForResource", in: func(*rig) document {
			return document{"arn": "arn:aws:interconnect:us-east-1:999999999999:connection/mcc-00000000"}
		}},
		"ResourceNotFoundException": {status: 404, operation: "GetConnection", in: func(*rig) document { return document{"identifier": unknownID} }},
		"ThrottlingException": {status: 429, operation: "ListConnections", in: func(*rig) document { return document{} },
			adjust: func(cfg *Config) {
				cfg.Intercept = func(Call) *Fault {
					return &Fault{RetryAfter: time.Second, Err: &Error{Code: "ThrottlingException", Status: 429, Message: "slow down"}}
				}
			}},
		"InterconnectServerException": {status: 500, operation: "DescribeConnectionProposal", in: func(r *rig) document {
			r.cloud.SetPeer(nil)
			return document{"activationKey": partnerKey(r.t, nil)}
		}},
	}
	for code, s := range loadModel(t).Shapes {
		if _, met := tests[code]; s.Exception && !met {
			t.Errorf("exception %s is not met", code)
		}
	}
	for code, tc := range tests {
		t.Run(code, func(t *testing.T) {
			adjust := tc.adjust
			if adjust == nil {
				adjust = func(*Config) {}
			}
			r := newRig(t, adjust)
			in := tc.in(r)
			r.client.cbor = true
			_, f := r.client.try(tc.operation, in)
			if f == nil || f.Code != code || f.Status != tc.status || f.Message == "" {
				t.Errorf("got %v, want %d %s", f, tc.status, code)
			}
		})
	}
}

func TestCBORBodies(t *testing.T) {
	deep := strings.Repeat("\x81", 33) + "\x00"
	wide := func(n int) string {
		return "\xa1\x61x\x9a" + string([]byte{0, 0, byte(n >> 8), byte(n)}) + strings.Repeat("\xa0", n)
	}
	tests := map[string]struct {
		body   string
		status int
	}{
		"empty":                       {"", 200},
		"empty map":                   {"\xa0", 200},
		"unknown member":              {"\xa1\x66colour\x63red", 200},
		"indefinite map and text":     {"\xbf\x7f\x63col\x63our\xff\x63red\xff", 200},
		"null is left out":            {"\xa1\x65state\xf6", 200},
		"undefined is left out":       {"\xa1\x65state\xf7", 200},
		"tag stands for its content":  {"\xa1\x65state\xc1\x69available", 200},
		"whole float for a number":    {"\xa1\x6amaxResults\xfa\x41\x20\x00\x00", 200},
		"fraction for a number":       {"\xa1\x6amaxResults\xf9\x3e\x00", 400},
		"not a number for a number":   {"\xa1\x6amaxResults\xf9\x7e\x00", 400},
		"huge number":                 {"\xa1\x6amaxResults\x1b\xff\xff\xff\xff\xff\xff\xff\xff", 400},
		"huge negative number":        {"\xa1\x6amaxResults\x3b\xff\xff\xff\xff\xff\xff\xff\xff", 400},
		"bytes for text":              {"\xa1\x65state\x49available", 400},
		"text that is not UTF-8":      {"\xa1\x61x\x61\xff", 400},
		"not a map":                   {"\x80", 400},
		"cut short":                   {"\xa1\x65sta", 400},
		"map without its end":         {"\xbf\x65state\x69available", 400},
		"two values":                  {"\xa0\xa0", 400},
		"key is a number":             {"\xa1\x01\x02", 400},
		"reserved argument":           {"\x1c", 400},
		"break alone":                 {"\xff", 400},
		"list of 2^31 items":          {"\xa1\x61x\x9a\x7f\xff\xff\xff", 400},
		"list of 2^63 items":          {"\xa1\x61x\x9b\x80\x00\x00\x00\x00\x00\x00\x00", 400},
		"map of 2^63 pairs":           {"\xbb\x80\x00\x00\x00\x00\x00\x00\x00", 400},
		"text of 2^64-1 bytes":        {"\x7b\xff\xff\xff\xff\xff\xff\xff\xff", 400},
		"deep within the limit":       {"\xa1\x61x" + strings.Repeat("\x81", 30) + "\x00", 200},
		"deep":                        {"\xa1\x61x" + deep, 400},
		"deep by tags":                {"\xa1\x61x" + strings.Repeat("\xc1", 200) + "\x00", 400},
		"many items within the limit": {wide(cborItems - 3), 200},
		"many items":                  {wide(cborItems), 400},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			resp, body := r.client.send(r.client.rpc("ListConnections", []byte(tc.body)))
			wantCBORHeader(t, resp)
			f := failure{}
			if err := decodeCBOR(body, &f); err != nil {
				t.Fatal(err)
			}
			code := map[int]string{200: "", 400: "SerializationException"}[tc.status]
			if resp.StatusCode != tc.status || f.Code != code {
				t.Errorf("got %d %s %s, want %d %s", resp.StatusCode, f.Code, f.Message, tc.status, code)
			}
		})
	}
}

// TestCBORRequests sends requests that are not quite the protocol's.
func TestCBORRequests(t *testing.T) {
	const media, protocol = "application/cbor", "rpc-v2-cbor"
	tests := map[string]struct {
		path, media, protocol string
		status                int
		cbor                  bool
	}{
		"as it should be":        {"/service/Interconnect/operation/ListConnections", media, protocol, 200, true},
		"unknown operation":      {"/service/Interconnect/operation/MakeCoffee", media, protocol, 400, true},
		"unknown service":        {"/service/Coffee/operation/Make", media, protocol, 404, false},
		"another protocol":       {"/service/Interconnect/operation/ListConnections", media, "rpc-v2-json", 404, false},
		"without a protocol":     {"/service/Interconnect/operation/ListConnections", media, "", 404, false},
		"another media type":     {"/service/Interconnect/operation/ListConnections", "application/json", protocol, 404, false},
		"media type with a part": {"/service/Interconnect/operation/ListConnections", media + "; x=y", protocol, 200, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			resp, _ := r.client.send(r.client.signed(tc.path, []byte("\xa0"), map[string]string{"Content-Type": tc.media, "Smithy-Protocol": tc.protocol}))
			if resp.StatusCode != tc.status || (resp.Header.Get("Content-Type") == media) != tc.cbor {
				t.Errorf("status %d, content type %s", resp.StatusCode, resp.Header.Get("Content-Type"))
			}
		})
	}
}

func TestCBORAuthentication(t *testing.T) {
	r := newRig(t)
	r.client.cbor = true
	r.client.credentials.SecretAccessKey = "wrong"
	r.client.refused("InvalidSignatureException", "ListConnections", document{})
	resp, _ := r.client.send(r.client.rpc("ListConnections", bytes.Repeat([]byte("x"), maxBody+1)))
	wantCBORHeader(t, resp)
	if resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a body over the limit: status %d", resp.StatusCode)
	}
}

// TestCBORNumbers holds the forms that a number may have.
func TestCBORNumbers(t *testing.T) {
	for _, n := range []int64{0, 1, -1, 23, 24, -24, -25, 1 << 40, -1 << 40, 1<<63 - 1, -1<<63 + 1} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			raw, err := cborCodec{}.encode("", "", document{"n": n})
			ok(t, err)
			got, err := cborCodec{}.decode(raw)
			ok(t, err)
			if got["n"] != n {
				t.Errorf("%d became %v", n, got["n"])
			}
		})
	}
	if _, err := (cborCodec{}).encode("", "", document{"x": bandwidth.Gbps}); err == nil {
		t.Error("a value without a form was written")
	}
}
