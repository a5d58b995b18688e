package cloud_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// counted is a fetch that answers with how often it has been called. While gate
// is set, each call waits for a value from it.
type counted struct {
	calls atomic.Int64
	gate  chan struct{}
	fail  error
}

func (c *counted) fetch(ctx context.Context) (int64, error) {
	n := c.calls.Add(1)
	if c.gate != nil {
		select {
		case <-c.gate:
		case <-ctx.Done():
			return n, ctx.Err()
		}
	}
	return n, c.fail
}

// askAll calls fetch from n goroutines at once and returns what each got.
func askAll(ctx context.Context, n int, fetch func(context.Context) (int64, error)) (got []int64, wait func()) {
	got = make([]int64, n)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i], _ = fetch(ctx) })
	}
	return got, wg.Wait
}

// pass lets time pass on the bubble's clock.
func pass(t *testing.T, d time.Duration) {
	t.Helper()
	if err := (cloud.SystemClock{}).Sleep(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

func TestSharedServesThoseWhoAskTogetherWithOneFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counted{}
		s := cloud.NewShared(time.Second, nil, c.fetch)
		got, wait := askAll(t.Context(), 20, s.Fetch)
		wait()
		for i, n := range got {
			if n != 1 {
				t.Errorf("caller %d was answered by fetch %d, want 1", i, n)
			}
		}
		if n := c.calls.Load(); n != 1 {
			t.Errorf("there were %d fetches, want 1", n)
		}
	})
}

func TestSharedNeverAnswersWithAFetchThatBeganEarlier(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counted{gate: make(chan struct{})}
		s := cloud.NewShared(0, nil, c.fetch)
		first, waitFirst := askAll(t.Context(), 1, s.Fetch)
		synctest.Wait() // The first fetch is under way.
		late, waitLate := askAll(t.Context(), 5, s.Fetch)
		synctest.Wait()
		if n := c.calls.Load(); n != 1 {
			t.Fatalf("%d fetches run at once, want 1", n)
		}
		c.gate <- struct{}{}
		waitFirst()
		c.gate <- struct{}{}
		waitLate()
		if first[0] != 1 {
			t.Errorf("the first caller was answered by fetch %d", first[0])
		}
		for i, n := range late {
			if n != 2 {
				t.Errorf("late caller %d was answered by fetch %d, want 2", i, n)
			}
		}
		if n := c.calls.Load(); n != 2 {
			t.Errorf("there were %d fetches, want 2", n)
		}
	})
}

func TestSharedServesTheOthersWhenOneLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counted{gate: make(chan struct{})}
		s := cloud.NewShared(0, nil, c.fetch)
		// The one who starts the fetch is the one who leaves.
		leaving, leave := context.WithCancel(t.Context())
		left := make(chan error)
		go func() { _, err := s.Fetch(leaving); left <- err }()
		synctest.Wait()
		_, waitLate := askAll(t.Context(), 1, s.Fetch)
		synctest.Wait()
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("the one who left got %v, want context.Canceled", err)
		}
		c.gate <- struct{}{}
		waitLate()
	})
}

func TestSharedEndsAFetchThatNobodyWaitsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counted{gate: make(chan struct{})} // Never opened: only its ctx ends the fetch.
		s := cloud.NewShared(0, nil, c.fetch)
		for range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			if _, err := s.Fetch(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want context.DeadlineExceeded", err)
			}
			cancel()
			synctest.Wait()
		}
		if n := c.calls.Load(); n != 3 {
			t.Errorf("there were %d fetches, want 3: one that is ended frees the turn", n)
		}
	})
}

func TestSharedBeginsNothingForAContextThatHasEnded(t *testing.T) {
	c := &counted{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := cloud.NewShared(0, nil, c.fetch).Fetch(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if n := c.calls.Load(); n != 0 {
		t.Errorf("there were %d fetches, want none", n)
	}
}

func TestCachedAsksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counted{gate: make(chan struct{})}
		k := cloud.NewCached(0, nil, c.fetch)
		_, waitFirst := askAll(t.Context(), 1, k.Get)
		synctest.Wait() // Under way: the late ones share it all the same.
		late, waitLate := askAll(t.Context(), 10, k.Get)
		synctest.Wait()
		close(c.gate)
		waitFirst()
		waitLate()
		for i, n := range late {
			if n != 1 {
				t.Errorf("caller %d was answered by fetch %d, want 1", i, n)
			}
		}
		pass(t, 1000*time.Hour)
		if n, err := k.Get(t.Context()); n != 1 || err != nil {
			t.Errorf("a value kept for ever became %d, %v", n, err)
		}
	})
}

func TestCachedForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counted{}
		k := cloud.NewCached(time.Minute, nil, c.fetch)
		for _, step := range []struct {
			pass time.Duration
			want int64
		}{{0, 1}, {59 * time.Second, 1}, {time.Second, 2}, {30 * time.Second, 2}} {
			pass(t, step.pass)
			if n, err := k.Get(t.Context()); n != step.want || err != nil {
				t.Errorf("after %s more: got %d, %v; want %d", step.pass, n, err, step.want)
			}
		}
	})
}

func TestCachedKeepsNoError(t *testing.T) {
	c := &counted{fail: errors.New("refused")}
	k := cloud.NewCached(0, nil, c.fetch)
	if _, err := k.Get(t.Context()); !errors.Is(err, c.fail) {
		t.Fatalf("got %v, want the fetch's error", err)
	}
	c.fail = nil
	if n, err := k.Get(t.Context()); n != 2 || err != nil {
		t.Errorf("after an error: got %d, %v; want 2", n, err)
	}
}
