// Package switches names the switches of a simulated cloud, so that a position
// can be written as text: on a command line, in a variable.
package switches

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Switch is one of the switches of a cloud, which keeps them in an S.
type Switch[S any] struct {
	// Name is that of the field of S.
	Name string
	// Others are the positions that are worth a try, apart from the default:
	// each other one where they can be counted.
	Others []string
	// Trouble says that the other positions are not another reading of the
	// sources but a fault, in which a client cannot but fail.
	Trouble bool

	set func(*S, string) error
}

// Amiss is the switch as one whose other positions are trouble.
func (s Switch[S]) Amiss() Switch[S] {
	s.Trouble = true
	return s
}

// Bool is a switch that is on or off; off is the default.
func Bool[S any](name string, at func(*S) *bool) Switch[S] {
	return Switch[S]{Name: name, Others: []string{"true"}, set: func(s *S, text string) (err error) {
		*at(s), err = strconv.ParseBool(text)
		return err
	}}
}

// Int is a number.
func Int[S any](name string, at func(*S) *int, others ...string) Switch[S] {
	return Switch[S]{Name: name, Others: others, set: func(s *S, text string) (err error) {
		*at(s), err = strconv.Atoi(text)
		return err
	}}
}

// Duration is a time such as "90s".
func Duration[S any](name string, at func(*S) *time.Duration, others ...string) Switch[S] {
	return Switch[S]{Name: name, Others: others, set: func(s *S, text string) (err error) {
		*at(s), err = time.ParseDuration(text)
		return err
	}}
}

// Choice is one of some named positions; the zero value of T is the default.
func Choice[S any, T comparable](name string, at func(*S) *T, positions map[string]T) Switch[S] {
	var zero T
	var others []string
	for _, position := range slices.Sorted(maps.Keys(positions)) {
		if positions[position] != zero {
			others = append(others, position)
		}
	}
	return Switch[S]{Name: name, Others: others, set: func(s *S, text string) error {
		position, ok := positions[text]
		if !ok {
			return fmt.Errorf("it is one of %s", strings.Join(slices.Sorted(maps.Keys(positions)), ", "))
		}
		*at(s) = position
		return nil
	}}
}

// Set puts the switch with a name into a position. The error says that there is
// no such switch, or no such position.
func Set[S any](all []Switch[S], s *S, name, position string) error {
	for _, one := range all {
		if one.Name != name {
			continue
		}
		if err := one.set(s, position); err != nil {
			return fmt.Errorf("switch %s has no position %q: %w", name, position, err)
		}
		return nil
	}
	return fmt.Errorf("there is no switch %q", name)
}
