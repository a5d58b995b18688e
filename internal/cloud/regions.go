package cloud

import (
	"errors"
	"slices"
	"sync"
)

// InAll calls f once for each region, or whatever else is asked one by one, at
// most atOnce at the same time (at least one), and puts the answers together in the regions' order. It returns when
// every call has: ending them early is for the context that f goes by. The error
// joins all that failed; there are no answers then. The slice is the caller's
// own, whatever f returned.
func InAll[R, T any](regions []R, atOnce int, f func(region R) ([]T, error)) ([]T, error) {
	answers, errs := make([][]T, len(regions)), make([]error, len(regions))
	slots := make(chan struct{}, max(1, atOnce))
	var wg sync.WaitGroup
	for i, r := range regions {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			answers[i], errs[i] = f(r)
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return slices.Concat(answers...), nil
}
