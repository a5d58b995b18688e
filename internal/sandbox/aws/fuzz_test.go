package aws

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
)

// readInputs reads a document as the input of every operation, as far as the
// constraints of the service models let it come, and runs those it fits on an
// empty cloud.
func readInputs(doc document) {
	c := New(Config{Clock: clock.NewManual(time.Unix(0, 0))})
	who := caller{account: DefaultAccountID, region: testRegion}
	for _, rt := range c.routes {
		for _, op := range rt.service.operations {
			_, _, _ = op(context.Background(), who, doc)
		}
	}
}

// FuzzJSON holds that no JSON body panics, and that what is decoded is an
// object.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{``, `{}`, `[]`, `{"maxResults":1e400}`, `{"tags":{"a":null}}`, `{"attachPoint":{"arn":"x"}}`,
		`{"connectionId":"\ud800"}`, strings.Repeat(`[`, 100), `{"provider":{"cloudServiceProvider":"gcp","lastMileProvider":1}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, err := jsonCodec{version: "1.0"}.decode(body)
		if err != nil {
			return
		}
		if doc == nil {
			t.Fatal("no document and no error")
		}
		readInputs(doc)
	})
}

// FuzzCBOR holds that no CBOR body panics, that what is decoded stays within the
// limits, and that it reads the same once written again.
func FuzzCBOR(f *testing.F) {
	for _, seed := range []string{"", "\xa0", "\xbf\xff", "\xa1\x65state\x69available", "\xa1\x61x\x9f\x01\x20\xf9\x3e\x00\xff",
		"\xa1\x61x\x9b\x80\x00\x00\x00\x00\x00\x00\x00", "\x7f\x61a\xff", strings.Repeat("\x81", 40), "\xa1\x61x\xc1\x1a\x00\x00\x00\x01",
		"\xa1\x61x\x3b\xff\xff\xff\xff\xff\xff\xff\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, err := cborCodec{}.decode(body)
		if err != nil {
			return
		}
		if items := count(doc); items > cborItems {
			t.Fatalf("%d items", items)
		}
		readInputs(doc)
		raw, err := cborCodec{}.encode("", "", doc)
		if err != nil {
			return // numbers and bytes that replies never hold
		}
		again, err := cborCodec{}.decode(raw)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if diff := cmp.Diff(doc, again); diff != "" {
			t.Errorf("written and read again (-was +is):\n%s", diff)
		}
	})
}

// count is how many values a document holds.
func count(v any) int {
	n := 1
	switch v := v.(type) {
	case document:
		for _, member := range v {
			n += count(member)
		}
	case []any:
		for _, item := range v {
			n += count(item)
		}
	}
	return n
}

// FuzzForm holds that no form of EC2 panics.
func FuzzForm(f *testing.F) {
	for _, seed := range []string{"", "Action=DescribeVpcs&Filter.1.Name=vpc-id&Filter.1.Value.1=x", "a.1=x&a=y", "a..b=c",
		"TagSpecification.1.Tag.1.Key=a&TagSpecification.2=b", "Filter.99999999999999999999.Name=x", "a.b.c.d.e.f.g.h.i=x"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, body []byte) {
		if doc, err := (ec2Codec{}).decode(body); err == nil {
			readInputs(doc)
		}
		_, _ = queryCodec{}.decode(body)
	})
}

// FuzzPagingToken holds that no token panics and that none but its own opens a
// page.
func FuzzPagingToken(f *testing.F) {
	p := pager{secret: []byte("secret")}
	scope := pageScope("ListConnections", DefaultAccountID, testRegion)
	f.Add("", scope)
	f.Add("garbage", scope)
	f.Add(p.token(scope, orderKey(2)), scope)
	f.Add(p.token("other", orderKey(2)), scope)
	items := []string{orderKey(1), orderKey(2), orderKey(3)}
	f.Fuzz(func(t *testing.T, token, in string) {
		some, next, ok := cut(p, items, func(s string) string { return s }, page{limit: 1, token: token}, in)
		if !ok {
			if some != nil || next != "" {
				t.Fatal("a refused token gave a page")
			}
			return
		}
		if token == "" {
			return
		}
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil || len(raw) < sealed || !bytes.Equal(raw[:sealed], mac(p.secret, in+"\x00"+string(raw[sealed:]))[:sealed]) {
			t.Fatalf("token %q does not carry the seal of scope %q", token, in)
		}
	})
}

// FuzzRestore holds that no file panics and that a refused one changes nothing.
func FuzzRestore(f *testing.F) {
	c, _ := crowd(f, 2)
	good, err := c.Snapshot()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"cloud":"aws","version":1}`))
	f.Add([]byte(`{"cloud":"aws","version":1,"networks":[{"id":"x","kind":"vpc"}],"timers":[{"number":1,"kind":"x"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		into, _ := crowd(t, 1)
		before := into.Resources()
		if err := into.Restore(data); err != nil {
			if diff := cmp.Diff(before, into.Resources()); diff != "" {
				t.Errorf("a refused snapshot changed (-before +after):\n%s", diff)
			}
			return
		}
		raw, err := into.Snapshot()
		if err != nil || !json.Valid(raw) {
			t.Errorf("a restored cloud cannot be saved: %v", err)
		}
	})
}
