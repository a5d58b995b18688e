package switches

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type colour int

type settings struct {
	On     bool
	Count  int
	Wait   time.Duration
	Colour colour
}

func all() []Switch[settings] {
	return []Switch[settings]{
		Bool("On", func(s *settings) *bool { return &s.On }),
		Int("Count", func(s *settings) *int { return &s.Count }, "3"),
		Duration("Wait", func(s *settings) *time.Duration { return &s.Wait }, "1h").Amiss(),
		Choice("Colour", func(s *settings) *colour { return &s.Colour }, map[string]colour{"red": 0, "green": 1, "blue": 2}),
	}
}

func TestSet(t *testing.T) {
	var got settings
	for _, one := range all() {
		for _, position := range one.Others {
			if err := Set(all(), &got, one.Name, position); err != nil {
				t.Error(err)
			}
		}
		if one.Trouble != (one.Name == "Wait") {
			t.Errorf("%s is trouble: %v", one.Name, one.Trouble)
		}
	}
	if diff := cmp.Diff(settings{true, 3, time.Hour, 1}, got); diff != "" {
		t.Errorf("the last of the other positions (-want +got):\n%s", diff)
	}
	for text, want := range map[string]string{
		"On=perhaps": "no position", "Count=many": "no position", "Wait=long": "no position",
		"Colour=grey": "one of blue, green, red", "Taste=sweet": `no switch "Taste"`,
	} {
		name, position, _ := strings.Cut(text, "=")
		if err := Set(all(), &got, name, position); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
