package attachment

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestTable holds what each end shows against the other.
func TestTable(t *testing.T) {
	pp := func(texts ...string) (out []netip.Prefix) {
		for _, s := range texts {
			out = append(out, netip.MustParsePrefix(s))
		}
		return out
	}
	hung := func(via string, known bool, offers, learned []netip.Prefix) Hung {
		return Hung{Via: via, Routes: Routes{Offers: offers, Learned: learned, Known: known}}
	}
	route := func(cloud string, d Direction, prefix, via string, matched, known bool) Route {
		return Route{Prefix: netip.MustParsePrefix(prefix), Cloud: cloud, Via: via, Direction: d, Matched: matched, Known: known}
	}
	tests := map[string]struct {
		ends [2]EndRoutes
		want []Route
	}{
		"nothing": {},
		"both ends, each prefix where it should be": {
			[2]EndRoutes{
				{"aws", true, []Hung{hung("vgw", true, pp("10.2.0.0/16", "10.1.0.0/16", "10.1.0.0/16"), pp("10.128.0.0/20"))}},
				{"google", true, []Hung{hung("peering", true, pp("10.128.0.0/20"), pp("10.0.0.0/8"))}},
			},
			[]Route{
				route("aws", Learned, "10.128.0.0/20", "vgw", true, true),
				route("aws", Offered, "10.1.0.0/16", "vgw", true, true),
				route("aws", Offered, "10.2.0.0/16", "vgw", true, true),
				// Nobody offers as much as that.
				route("google", Learned, "10.0.0.0/8", "peering", false, true),
				route("google", Offered, "10.128.0.0/20", "peering", true, true),
			},
		},
		"an end that shows nothing of what it learned": {
			[2]EndRoutes{
				{"aws", true, []Hung{hung("tgw", true, pp("10.1.0.0/16"), nil), hung("vgw", false, nil, nil)}},
				{"google", true, []Hung{hung("peering", true, pp("10.128.0.0/20"), nil)}},
			},
			[]Route{
				route("aws", Offered, "10.1.0.0/16", "tgw", false, true),
				// The one gateway has not learned it, the other may have.
				route("google", Offered, "10.128.0.0/20", "peering", false, false),
			},
		},
		"an end on which nothing hangs": {
			[2]EndRoutes{{"aws", true, nil}, {"google", true, []Hung{hung("peering", true, pp("10.128.0.0/20"), pp("10.1.0.0/16"))}}},
			[]Route{
				route("google", Learned, "10.1.0.0/16", "peering", false, true),
				route("google", Offered, "10.128.0.0/20", "peering", false, true),
			},
		},
		"an end that is not to be seen": {
			[2]EndRoutes{{"aws", false, nil}, {"google", true, []Hung{hung("peering", true, pp("10.128.0.0/20"), pp("10.1.0.0/16"))}}},
			[]Route{
				route("google", Learned, "10.1.0.0/16", "peering", false, false),
				route("google", Offered, "10.128.0.0/20", "peering", false, false),
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := Table(tt.ends)
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
				t.Errorf("the table differs (-want +got):\n%s", diff)
			}
		})
	}
}
