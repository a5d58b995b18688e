package link

import (
	"net/netip"
	"strings"
	"testing"
)

// TestComparePrefixes holds that addresses on both sides are told where the
// configuration writes them.
func TestComparePrefixes(t *testing.T) {
	prefixes := func(texts ...string) (all []netip.Prefix) {
		for _, s := range texts {
			all = append(all, netip.MustParsePrefix(s))
		}
		return all
	}
	for name, tt := range map[string]struct {
		terms [2]Terms
		end   string
		says  string
	}{
		"none offered":            {},
		"apart":                   {terms: [2]Terms{{Offers: prefixes("10.0.0.0/16")}, {Offers: prefixes("10.1.0.0/16"), OffersField: "routes"}}},
		"acceptor's field":        {[2]Terms{{Offers: prefixes("10.0.0.0/8")}, {Offers: prefixes("10.1.0.0/16", "192.168.0.0/24"), OffersField: "routes"}}, "Bal", "10.1.0.0/16 of Bal overlaps 10.0.0.0/8 of Ame"},
		"initiator's field":       {[2]Terms{{Offers: prefixes("10.0.0.0/8"), OffersField: "routes"}, {Offers: prefixes("10.1.0.0/16")}}, "Ame", "10.0.0.0/8 of Ame overlaps 10.1.0.0/16 of Bal"},
		"one has another family":  {terms: [2]Terms{{Offers: prefixes("::/0")}, {Offers: prefixes("0.0.0.0/0"), OffersField: "routes"}}},
		"everything is on offer":  {[2]Terms{{Offers: prefixes("0.0.0.0/0")}, {Offers: prefixes("10.1.0.0/16"), OffersField: "routes"}}, "Bal", "overlaps 0.0.0.0/0"},
		"several are all told of": {[2]Terms{{Offers: prefixes("10.0.0.0/16", "10.1.0.0/16")}, {Offers: prefixes("10.0.0.0/15"), OffersField: "routes"}}, "Bal", "10.0.0.0/16 of Ame; 10.0.0.0/15"},
	} {
		t.Run(name, func(t *testing.T) {
			l, _, _ := newWorld().pair("")
			found := l.comparePrefixes(tt.terms)
			if tt.says == "" {
				if len(found) > 0 {
					t.Errorf("found %v", found[0].Err)
				}
				return
			}
			if len(found) != 1 {
				t.Fatalf("found %v", found)
			}
			f := found[0]
			if !f.Warning || f.Topic != TopicPrefixes || f.Err.End != tt.end || f.Err.Field != "routes" || !strings.Contains(f.Err.Message, tt.says) || f.Err.Remedy == "" {
				t.Errorf("found %+v: %v", f, f.Err)
			}
		})
	}
}
