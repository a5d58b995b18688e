package cloud

import (
	"context"
	"sync"
	"time"
)

// Shared makes one fetch serve every caller that asked before it began. It is
// for looking at a cloud: many links that wait in one region are served by one
// list, and yet nobody is answered with a list that began before they asked.
//
// One fetch runs at a time; those who ask meanwhile share the next one.
type Shared[T any] struct {
	fetch  func(context.Context) (T, error)
	gather time.Duration
	clock  Clock

	// turn is held by the fetch that runs.
	turn chan struct{}
	mu   sync.Mutex
	// next is the flight that has not begun; nil when nobody waits for one.
	next *flight[T]
}

// flight is one fetch and those who wait for it.
type flight[T any] struct {
	waiting int
	cancel  context.CancelFunc
	// done is closed once value and err are set.
	done  chan struct{}
	value T
	err   error
}

// NewShared makes a Shared of a fetch. A fetch begins gather after the first of
// its callers asked, so that callers who ask at almost the same time share it;
// with 0 it begins at once. A nil clock is the machine's.
func NewShared[T any](gather time.Duration, clock Clock, fetch func(context.Context) (T, error)) *Shared[T] {
	if clock == nil {
		clock = SystemClock{}
	}
	return &Shared[T]{fetch: fetch, gather: gather, clock: clock, turn: make(chan struct{}, 1)}
}

// Fetch is the result of a fetch that began after the call. When ctx ends first,
// its error is returned and the others are served all the same; the fetch itself
// ends once nobody waits for it. The fetch sees the values of the ctx of the
// first who asked for it.
func (s *Shared[T]) Fetch(ctx context.Context) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	f := s.board(ctx)
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		s.leave(f)
		return none, ctx.Err()
	}
}

// board takes a place in the flight that has not begun.
func (s *Shared[T]) board(ctx context.Context) *flight[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		run, cancel := context.WithCancel(context.WithoutCancel(ctx))
		s.next = &flight[T]{cancel: cancel, done: make(chan struct{})}
		go s.fly(run, s.next)
	}
	s.next.waiting++
	return s.next
}

// leave gives up a place; the last one to leave ends the flight.
func (s *Shared[T]) leave(f *flight[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.waiting--
	if f.waiting > 0 {
		return
	}
	if s.next == f {
		s.next = nil
	}
	f.cancel()
}

// depart closes f to further callers.
func (s *Shared[T]) depart(f *flight[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == f {
		s.next = nil
	}
}

// fly waits for callers and for its turn, and fetches.
func (s *Shared[T]) fly(ctx context.Context, f *flight[T]) {
	defer f.cancel()
	defer close(f.done)
	defer s.depart(f)
	if f.err = s.clock.Sleep(ctx, s.gather); f.err != nil {
		return
	}
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		f.err = ctx.Err()
		return
	}
	defer func() { <-s.turn }()
	s.depart(f)
	f.value, f.err = s.fetch(ctx)
}

// Cached keeps the result of a fetch for some time. Concurrent callers share one
// fetch; an error is never kept.
type Cached[T any] struct {
	shared *Shared[T]
	keep   time.Duration
	clock  Clock

	mu    sync.Mutex
	known bool
	at    time.Time
	value T
}

// NewCached makes a Cached of a fetch. A result is used for as long as keep
// says; 0 is for ever. A nil clock is the machine's.
func NewCached[T any](keep time.Duration, clock Clock, fetch func(context.Context) (T, error)) *Cached[T] {
	if clock == nil {
		clock = SystemClock{}
	}
	c := &Cached[T]{keep: keep, clock: clock}
	c.shared = NewShared(0, clock, func(ctx context.Context) (T, error) {
		// Those who queued behind a fetch that succeeded need no other.
		if v, ok := c.peek(); ok {
			return v, nil
		}
		began := clock.Now()
		v, err := fetch(ctx)
		if err == nil {
			c.put(v, began)
		}
		return v, err
	})
	return c
}

// Get is the result that is kept, or that of a fetch. It treats ctx as
// Shared.Fetch does.
func (c *Cached[T]) Get(ctx context.Context) (T, error) {
	if v, ok := c.peek(); ok {
		return v, nil
	}
	return c.shared.Fetch(ctx)
}

// peek is the result that is kept, if it is not too old.
func (c *Cached[T]) peek() (T, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.known || c.keep > 0 && c.clock.Now().Sub(c.at) >= c.keep {
		var none T
		return none, false
	}
	return c.value, true
}

// put keeps a result whose fetch began at the given time.
func (c *Cached[T]) put(v T, began time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.value, c.at, c.known = v, began, true
}
