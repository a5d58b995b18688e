package attachment

import (
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

var update = flag.Bool("update", false, "write the golden files")

// golden holds a text against a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got (go test -update writes it):\n%s", file, diff)
	}
}

// TestPair compares every status and its words with a golden file.
func TestPair(t *testing.T) {
	up := Sight{Ref: Ref{ID: "id"}, State: Up, Raw: "up", Detail: ""}
	w := newWorld()
	one, two := &fakeSide{world: w, cloud: "one"}, &fakeSide{world: w, cloud: "two"}
	both := attachmentOf("", one, two)
	down := both
	down.LinkUp = false
	offers := func(learned ...string) []Routes {
		return []Routes{
			{Offers: prefixesOf("10.0.0.0/16"), Learned: prefixesOf("10.8.0.0/13"), Known: true},
			{Offers: prefixesOf("10.9.0.0/16", "10.10.0.0/16"), Learned: prefixesOf(learned...), Known: true},
		}
	}
	blind := offers()
	blind[1].Known = false
	told := offers()
	told[1].Why = "Nothing takes the routes there: switch it on."
	many := offers("10.0.0.0/16")
	for i := range 8 {
		many[1].Offers = append(many[1].Offers, netip.MustParsePrefix(fmt.Sprintf("192.168.%d.0/24", i)))
	}
	state := func(s State, why string) Sight { return Sight{Ref: Ref{ID: "id"}, State: s, Why: why, Detail: ""} }
	cases := []struct {
		name   string
		a      Attachment
		v      View
		routes []Routes
	}{
		{"matched", both, View{up, up}, offers("10.0.0.0/16")},
		{"matched as far as it can be seen", both, View{up, up}, blind},
		{"missing", both, View{up, up}, offers("10.1.0.0/16")},
		{"missing, with the reason", both, View{up, up}, told},
		{"many missing", both, View{up, up}, many},
		{"the link is not up", down, View{up, up}, offers()},
		{"being made", both, View{state(Making, ""), up}, nil},
		{"asked", both, View{state(Asked, "account 1 has not accepted."), up}, nil},
		{"gone", both, View{up, {State: Absent}}, nil},
		{"broken", both, View{up, state(Broken, "The peer network was deleted.")}, nil},
		{"differs", both, View{{Ref: Ref{ID: "id"}, State: Up, Detail: "other"}, up}, nil},
		{"one end", attachmentOf("", one), View{up}, offers()[:1]},
	}
	var b strings.Builder
	for _, c := range cases {
		p := Pair(c.a, c.v, c.routes)
		fmt.Fprintf(&b, "== %s\n%s: %s\n%s\n", c.name, p.Status, p.Summary, p.Remedy)
		for _, one := range p.Prefixes {
			fmt.Fprintf(&b, "  %s of %s: known %t, learned %t\n", one.Prefix, one.From, one.Known, one.Learned)
		}
	}
	golden(t, "pairing.golden", b.String())
}

// TestExamine compares every warning about both ends with a golden file.
func TestExamine(t *testing.T) {
	w := newWorld()
	fine := func() (one, two *fakeSide) {
		one = &fakeSide{world: w, cloud: "one", facts: Facts{Offers: prefixesOf("10.0.0.0/16"), OffersField: "allowed_prefixes", Takes: 1000, MTU: 8500, MTUFixed: true}}
		two = &fakeSide{world: w, cloud: "two", facts: Facts{Offers: prefixesOf("10.9.0.0/16"), OffersField: ".interconnect", MTU: 8500, MTUField: ".interconnect", RaiseMTU: "set mtu %d"}}
		return one, two
	}
	var thousand []netip.Prefix
	for i := range 1001 {
		thousand = append(thousand, netip.PrefixFrom(netip.AddrFrom4([4]byte{172, byte(16 + i/256), byte(i), 0}), 24))
	}
	var six []netip.Prefix
	for i := range 1001 {
		a := netip.MustParseAddr("2001:db8::").As16()
		a[4], a[5] = byte(i>>8), byte(i)
		six = append(six, netip.PrefixFrom(netip.AddrFrom16(a), 48))
	}
	cases := []struct {
		name   string
		change func(one, two *Facts)
	}{
		{"fine", func(*Facts, *Facts) {}},
		{"overlap", func(_, two *Facts) { two.Offers = prefixesOf("10.0.128.0/20", "10.9.0.0/16", "0.0.0.0/0") }},
		{"nothing offered by one", func(one, _ *Facts) { one.Offers = nil }},
		{"nothing offered by two", func(_, two *Facts) { two.Offers = nil }},
		{"1,000 prefixes", func(_, two *Facts) { two.Offers = thousand[:1000] }},
		{"1,001 prefixes", func(_, two *Facts) { two.Offers = thousand }},
		{"1,001 of either family", func(_, two *Facts) { two.Offers = append(append([]netip.Prefix{}, thousand...), six...) }},
		{"MTU 1460", func(_, two *Facts) { two.MTU = 1460 }},
		{"MTU 8896", func(_, two *Facts) { two.MTU = 8896 }},
		{"MTU not known", func(_, two *Facts) { two.MTU = 0 }},
	}
	var b strings.Builder
	for _, c := range cases {
		one, two := fine()
		c.change(&one.facts, &two.facts)
		found, err := w.driver().Check(t.Context(), attachmentOf("", one, two), true)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "== %s\n%s", c.name, findingTexts(found.Findings))
	}
	golden(t, "examine.golden", b.String())
}

func findingTexts(found []link.Finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s %s, warning %t: %s\n  %s\n", f.Err.End, f.Err.Field, f.Warning, f.Err.Message, f.Err.Remedy)
	}
	return b.String()
}
