// Package bandwidth is the speed of a link as a value.
//
// AWS writes "10Gbps", Google writes "BPS_10G", the open API counts megabits a
// second. All three are spellings of one Bandwidth; equal values are equal
// whatever the spelling ("1000Mbps" = "1Gbps" = "BPS_1G").
package bandwidth

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Bandwidth is a link's speed in megabits a second (Mbps, decimal). The zero
// value means "not given".
type Bandwidth int

// Units, in megabits a second.
const (
	Mbps Bandwidth = 1
	Gbps           = 1000 * Mbps
)

// Max is the largest value Parse accepts: ten times the largest tier that
// either cloud has announced (100 Gbps), so that a typing error is caught and a
// new tier is not.
const Max = 1000 * Gbps

// spelling matches the AWS form and the Google form. AWS:
// ConnectionBandwidth `\d+[MG]bps`; Google: the enum BPS_<n><M|G>.
var spelling = regexp.MustCompile(`^(?:([0-9]{1,7})([MG])bps|BPS_([0-9]{1,7})([MG]))$`)

// Syntax says in words what Parse accepts; messages use it.
const Syntax = `a whole number followed by "Mbps" or "Gbps" ("500Mbps", "10Gbps"), or Google's form ("BPS_500M", "BPS_10G")`

// Parse reads any spelling either cloud uses. The error says what is allowed.
func Parse(s string) (Bandwidth, error) {
	m := spelling.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("bandwidth %q is not valid: use %s", clip(s), Syntax)
	}
	number, unit := m[1]+m[3], m[2]+m[4]
	n, err := strconv.Atoi(number)
	if err != nil {
		return 0, fmt.Errorf("bandwidth %q is not valid: use %s", clip(s), Syntax)
	}
	scale := Mbps
	if unit == "G" {
		scale = Gbps
	}
	// Compared before it is multiplied, because an int may have 32 bits.
	if n == 0 || Bandwidth(n) > Max/scale {
		return 0, fmt.Errorf("bandwidth %q is out of range: it must be more than 0 and at most %s", clip(s), Max)
	}
	return Bandwidth(n) * scale, nil
}

// FromMbps makes a Bandwidth of a count of megabits a second.
func FromMbps(n int) Bandwidth { return Bandwidth(n) }

// InMbps is the speed in megabits a second.
func (b Bandwidth) InMbps() int { return int(b) }

// String is the canonical form, which is AWS's: "500Mbps", "10Gbps". Whole
// gigabits are written as such. The zero value is "".
func (b Bandwidth) String() string {
	switch {
	case b == 0:
		return ""
	case b%Gbps == 0:
		return strconv.Itoa(int(b/Gbps)) + "Gbps"
	}
	return strconv.Itoa(int(b)) + "Mbps"
}

// Google is Google's enum form: "BPS_500M", "BPS_10G". The zero value is "".
func (b Bandwidth) Google() string {
	switch {
	case b == 0:
		return ""
	case b%Gbps == 0:
		return "BPS_" + strconv.Itoa(int(b/Gbps)) + "G"
	}
	return "BPS_" + strconv.Itoa(int(b)) + "M"
}

// Common is what stands in both lists, smallest first: the tiers that both
// clouds sell.
func Common(a, b []Bandwidth) []Bandwidth {
	var both []Bandwidth
	for _, x := range a {
		if slices.Contains(b, x) && !slices.Contains(both, x) {
			both = append(both, x)
		}
	}
	slices.SortFunc(both, cmp.Compare)
	return both
}

// List writes a list of speeds for a message: "1Gbps, 10Gbps".
func List(bs []Bandwidth) string {
	words := make([]string, len(bs))
	for i, b := range bs {
		words[i] = b.String()
	}
	return strings.Join(words, ", ")
}

// clip keeps a hostile value from filling a message.
func clip(s string) string {
	const most = 40
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
