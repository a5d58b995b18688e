package googleend_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// leaper is a clock on which each sleep takes five minutes, and next to nothing of
// the test's time.
type leaper struct {
	mu  sync.Mutex
	now time.Time
}

func (l *leaper) Now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *leaper) Sleep(ctx context.Context, _ time.Duration) error {
	l.mu.Lock()
	l.now = l.now.Add(5 * time.Minute)
	l.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(10 * time.Millisecond):
		return nil
	}
}

// watcher notes what is done, and ends the wait after two hours.
type watcher struct {
	clock *leaper
	began time.Time
	end   context.CancelFunc
	said  []string
}

func (*watcher) Saved(context.Context, link.View) {}

func (w *watcher) Progress(_ context.Context, doing string, _ link.View) {
	w.said = append(w.said, doing)
	if w.clock.Now().Sub(w.began) > 2*time.Hour {
		w.end()
	}
}

// TestStuck holds that a transport which a perimeter keeps in creation gets a
// diagnosis, during the wait and after it.
func TestStuck(t *testing.T) {
	b := acceptance.NewBuilder(t, acceptance.New(t, func(c *sandbox.Config) { c.Google.Switches.PerimeterBlocks = true }))
	clock := &leaper{now: time.Unix(1_800_000_000, 0)}
	ctx, cancel := context.WithCancel(t.Context())
	w := &watcher{clock: clock, began: clock.now, end: cancel}
	driver := link.Driver{Clock: clock, Pace: acceptance.Pace(), Reporter: w}
	v, err := driver.Converge(ctx, b.Link("stuck", "us-east-1"),
		link.Want{Bandwidth: bandwidth.Gbps, Environment: [2]string{"mce-aws-gcp-iad", "aws-us-east-1"}}, link.View{})
	e, ok := errors.AsType[*link.Error](err)
	if !ok || e.Code != link.CodeStuck || e.End != "Google" {
		t.Fatalf("got %v, want the diagnosis of a transport that is stuck", err)
	}
	for _, says := range []string{
		"more than half an hour", "(creating)", "VPC Service Controls", "project sandbox-project",
		"networkconnectivity-transportmanager-clh@system.gserviceaccount.com", "gcp-sa-networkconnectivity.iam.gserviceaccount.com", "roles/networkconnectivity.serviceAgent",
	} {
		if !strings.Contains(e.Detail, says) {
			t.Errorf("the detail does not say %q: %s", says, e.Detail)
		}
	}
	if !strings.Contains(e.Remedy, "gcloud logging read") || v[link.Acceptor].ID == "" || v[link.Acceptor].State != link.Creating {
		t.Errorf("the remedy is %q, and the end %+v", e.Remedy, v[link.Acceptor].Ref)
	}
	first, last := strings.Join(w.said[:6], "\n"), w.said[len(w.said)-1]
	if strings.Contains(first, "half an hour") || !strings.Contains(last, e.Detail) {
		t.Errorf("at first it said:\n%s\nand in the end:\n%s", first, last)
	}
}
