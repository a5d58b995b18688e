package bandwidth_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

const (
	mbps = bandwidth.Mbps
	gbps = bandwidth.Gbps
)

func TestParse(t *testing.T) {
	tests := map[string]struct {
		in   string
		want bandwidth.Bandwidth
	}{
		"AWS, megabits":       {"500Mbps", 500 * mbps},
		"AWS, gigabits":       {"10Gbps", 10 * gbps},
		"AWS, in megabits":    {"1000Mbps", gbps},
		"Google, megabits":    {"BPS_50M", 50 * mbps},
		"Google, gigabits":    {"BPS_100G", 100 * gbps},
		"Google, in megabits": {"BPS_1000M", gbps},
		"smallest":            {"1Mbps", mbps},
		"largest":             {"1000Gbps", bandwidth.Max},
		"largest, megabits":   {"1000000Mbps", bandwidth.Max},
		"largest, Google":     {"BPS_1000G", bandwidth.Max},
		"leading zeros":       {"010Gbps", 10 * gbps},
		"no whole gigabits":   {"1500Mbps", 1500 * mbps},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := bandwidth.Parse(tt.in)
			if err != nil || got != tt.want {
				t.Errorf("Parse(%q) = %d, %v; want %d", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	const form, size = "is not valid: use a whole number", "is out of range: it must be more than 0 and at most 1000Gbps"
	tests := map[string]struct{ in, want string }{
		"empty":                    {"", form},
		"no number":                {"Gbps", form},
		"no unit":                  {"10", form},
		"fraction":                 {"1.5Gbps", form},
		"negative":                 {"-1Gbps", form},
		"plus":                     {"+1Gbps", form},
		"exponent":                 {"1e3Mbps", form},
		"lower-case unit":          {"10gbps", form},
		"upper-case unit":          {"10GBPS", form},
		"kilobits":                 {"10Kbps", form},
		"terabits":                 {"1Tbps", form},
		"Google, lower case":       {"bps_1g", form},
		"Google, unit twice":       {"BPS_1Gbps", form},
		"both forms":               {"BPS_1G10Gbps", form},
		"space inside":             {"10 Gbps", form},
		"space before":             {" 10Gbps", form},
		"space after":              {"10Gbps ", form},
		"new line after":           {"10Gbps\n", form},
		"NUL after":                {"10Gbps\x00", form},
		"other digits":             {"１０Gbps", form},
		"broken text":              {"10\xffGbps", form},
		"eight digits":             {"00000001Gbps", form},
		"more digits than int":     {"99999999999999999999Gbps", form},
		"huge":                     {strings.Repeat("9", 1<<20) + "Gbps", form},
		"zero":                     {"0Gbps", size},
		"zeros":                    {"BPS_0000000M", size},
		"just too large":           {"1001Gbps", size},
		"just too large, megabits": {"1000001Mbps", size},
		"largest number":           {"BPS_9999999G", size},
		"wraps round in 32 bits":   {"4294968Gbps", size},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := bandwidth.Parse(tt.in)
			if err == nil || got != 0 {
				t.Fatalf("Parse(%.40q) = %d, %v; want 0 and an error", tt.in, got, err)
			}
			text := err.Error()
			if !strings.Contains(text, tt.want) {
				t.Errorf("the error is %q, want it to say %q", text, tt.want)
			}
			checkMessage(t, text)
		})
	}
}

// checkMessage holds that a message can be shown whatever was refused.
func checkMessage(t testing.TB, text string) {
	t.Helper()
	if len(text) > 400 || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		t.Errorf("the message cannot be shown: %.500q", text)
	}
}

func TestParseClipsBetweenCharacters(t *testing.T) {
	_, err := bandwidth.Parse(strings.Repeat("x", 39) + "é" + strings.Repeat("x", 100))
	if err == nil || !strings.Contains(err.Error(), strings.Repeat("x", 39)+`…"`) {
		t.Errorf("got %v, want the value cut before the character that does not fit", err)
	}
}

func TestSpellings(t *testing.T) {
	tests := map[string]struct {
		b            bandwidth.Bandwidth
		text, google string
	}{
		"none":              {0, "", ""},
		"megabits":          {500 * mbps, "500Mbps", "BPS_500M"},
		"a gigabit":         {1000 * mbps, "1Gbps", "BPS_1G"},
		"no whole gigabits": {1001 * mbps, "1001Mbps", "BPS_1001M"},
		"largest":           {bandwidth.Max, "1000Gbps", "BPS_1000G"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.b.String(); got != tt.text {
				t.Errorf("String() = %q, want %q", got, tt.text)
			}
			if got := tt.b.Google(); got != tt.google {
				t.Errorf("Google() = %q, want %q", got, tt.google)
			}
		})
	}
}

func TestEveryValueCanBeReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, bandwidth.Max.InMbps()).Draw(t, "Mbps")
		if rapid.Bool().Draw(t, "whole gigabits") {
			n = (n/gbps.InMbps() + 1) * gbps.InMbps()
			n = min(n, bandwidth.Max.InMbps())
		}
		b := bandwidth.FromMbps(n)
		if b.InMbps() != n {
			t.Fatalf("%d Mbps became %d", n, b.InMbps())
		}
		for _, s := range []string{b.String(), b.Google()} {
			if got, err := bandwidth.Parse(s); err != nil || got != b {
				t.Fatalf("Parse(%q) = %v, %v; want %v", s, got, err, b)
			}
		}
	})
}

func TestCommon(t *testing.T) {
	type list = []bandwidth.Bandwidth
	tests := map[string]struct{ a, b, want list }{
		"none at all":    {nil, nil, nil},
		"one side":       {list{gbps}, nil, nil},
		"nothing shared": {list{gbps}, list{2 * gbps}, nil},
		"shared, sorted": {list{10 * gbps, 500 * mbps, gbps}, list{gbps, 5 * gbps, 10 * gbps}, list{gbps, 10 * gbps}},
		"twice":          {list{gbps, gbps}, list{gbps}, list{gbps}},
		"twice in b":     {list{gbps}, list{gbps, gbps}, list{gbps}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			before := append(list(nil), tt.a...)
			if diff := cmp.Diff(tt.want, bandwidth.Common(tt.a, tt.b)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(before, append(list(nil), tt.a...)); diff != "" {
				t.Errorf("the argument was changed:\n%s", diff)
			}
		})
	}
}

func TestList(t *testing.T) {
	for want, bs := range map[string][]bandwidth.Bandwidth{
		"":                       nil,
		"1Gbps":                  {gbps},
		"500Mbps, 1Gbps, 10Gbps": {500 * mbps, gbps, 10 * gbps},
	} {
		if got := bandwidth.List(bs); got != want {
			t.Errorf("List(%d) = %q, want %q", bs, got, want)
		}
	}
}

// FuzzParse holds that what is read lies in the range and can be written and
// read again, and that what is refused gives a message that can be shown.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"500Mbps", "10Gbps", "BPS_10G", "BPS_500M", "", "0Mbps", "1000Gbps", "1001Gbps", "10 gbps", "١Gbps", "BPS_\xff", "9999999Gbps"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := bandwidth.Parse(s)
		if err != nil {
			if b != 0 {
				t.Errorf("Parse(%q) = %d with the error %v", s, b, err)
			}
			checkMessage(t, err.Error())
			return
		}
		if b <= 0 || b > bandwidth.Max {
			t.Errorf("Parse(%q) = %d, out of range", s, b)
		}
		for _, again := range []string{b.String(), b.Google()} {
			if c, err := bandwidth.Parse(again); c != b || err != nil {
				t.Errorf("Parse(%q) = %d, Parse(%q) = %d, %v", s, b, again, c, err)
			}
		}
	})
}
