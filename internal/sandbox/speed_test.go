package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// crowded is a sandbox in which everybody may have as many links as they like.
func crowded() sandbox.Config {
	cfg := config()
	cfg.AWS.Quotas = sandboxaws.Quotas{Connections: 20_000, Requested: 20_000, PerProvider: 20_000}
	return cfg
}

// Two hundred customers make, look at and remove a link each, all at once: each
// gets one link of its own, nothing is left, and no goroutine stays.
func TestTwoHundredLinksAtOnce(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s, err := sandbox.Start(t.Context(), crowded())
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	shared := map[any]string{}
	t.Run("links", func(t *testing.T) {
		for i := range 200 {
			name := fmt.Sprintf("link-%d", i)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := newCustomer(t, s.AWSURL, s.GoogleURL, s.GatewayID)
				conn := c.join(name)
				c.untilAWS(conn["id"], object{"state": "available"})
				c.untilGoogle(name, object{"state": sandboxgoogle.StateActive})
				mu.Lock()
				if other, taken := shared[conn["sharedId"]]; taken {
					t.Errorf("shared id %v is that of %s too", conn["sharedId"], other)
				}
				shared[conn["sharedId"]] = name
				mu.Unlock()
				c.transport(http.MethodDelete, "/"+name, nil)
				c.untilGoogle(name, nil)
				c.connection("DeleteConnection", object{"identifier": conn["id"]})
			})
		}
	})
	if len(shared) != 200 {
		t.Errorf("%d links were made", len(shared))
	}
	if a, g := s.AWSNode.Links(), s.GoogleNode.Links(); len(a)+len(g) != 0 {
		t.Errorf("between the clouds are left: %v, %v", a, g)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// still is a sandbox whose time passes by command, and a customer who calls it
// without a network.
func still(tb testing.TB, direct bool) (*sandbox.Sandbox, *customer, *clock.Manual) {
	tb.Helper()
	manual := clock.NewManual(time.Now())
	cfg := crowded()
	cfg.AWS.Clock, cfg.Google.Clock, cfg.Direct = manual, manual, direct
	s, err := sandbox.Start(tb.Context(), cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	c := newCustomer(tb, s.AWSURL, s.GoogleURL, s.GatewayID)
	c.http.Transport = inProcess{strings.TrimPrefix(s.AWSURL, "http://"): s.AWS, strings.TrimPrefix(s.GoogleURL, "http://"): s.Google}
	return s, c, manual
}

// BenchmarkLife is a link's whole life at the speed of thought: made on both
// clouds, provisioned, looked at a hundred times, removed. Signatures and bodies
// are real, and the open API between the clouds goes over HTTP; the customer's
// own network is left out.
func BenchmarkLife(b *testing.B) {
	for name, direct := range map[string]bool{"open-api": false, "direct": true} {
		b.Run(name, func(b *testing.B) {
			_, c, manual := still(b, direct)
			for i := 0; b.Loop(); i++ {
				id := fmt.Sprintf("link-%d", i)
				conn := c.join(id)
				for range 50 {
					manual.Advance(100 * time.Millisecond)
					c.connection("GetConnection", object{"identifier": conn["id"]})
					c.inGoogle(http.MethodGet, "/"+id, nil)
				}
				c.untilAWS(conn["id"], object{"state": "available"})
				c.transport(http.MethodDelete, "/"+id, nil)
				manual.Advance(time.Second)
				c.untilGoogle(id, nil)
				c.connection("DeleteConnection", object{"identifier": conn["id"]})
				manual.Advance(time.Second)
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/life")
		})
	}
}

// BenchmarkRestart restores ten thousand links in both clouds and in both sides
// of the open API.
func BenchmarkRestart(b *testing.B) {
	first, c, manual := still(b, false)
	for i := range 10_000 {
		if i == 5_000 { // an environment has room for 6,400 links of 1 Gbps
			c.awsEnvironment, c.awsRegion, c.googleRegion = "mce-aws-gcp-lhr", "eu-west-2", "europe-west2"
		}
		c.join(fmt.Sprintf("link-%d", i))
		manual.Advance(10 * time.Millisecond)
	}
	manual.Advance(time.Second)
	raw, err := first.State.Snapshot()
	if err != nil {
		b.Fatal(err)
	}
	cfg := crowded()
	cfg.Speed = 1 // as "crosscloud sandbox -speed 1" has it
	second, err := sandbox.Start(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = second.Close() }()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if err := second.State.Restore(raw); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/restart")
	if n := len(second.AWSNode.Links()); n != 10_000 {
		b.Errorf("%d links were restored", n)
	}
}
