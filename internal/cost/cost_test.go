package cost

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// TestPrices holds the table of this version to its form: each row has a source
// and the day or month that it was read, and none is of the future.
func TestPrices(t *testing.T) {
	table, err := parse(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(table.prices) < 20 || table.currency != "USD" || table.hours != 730 {
		t.Errorf("the table has %d prices in %s for months of %d hours", len(table.prices), table.currency, table.hours)
	}
	for _, p := range table.prices {
		if p.source == "" || p.asOf == "" || p.asOf > time.Now().UTC().Format(time.DateOnly) {
			t.Errorf("%s %s: source %q of %q", p.end, p.bandwidth, p.source, p.asOf)
		}
		if p.hourly == 0 && !strings.Contains(p.basis, "free tier") {
			t.Errorf("%s %s costs nothing and does not say why: nothing is not the same as unknown", p.end, p.bandwidth)
		}
	}
	if diff := cmp.Diff(table, Prices(), cmp.AllowUnexported(Table{}, price{})); diff != "" {
		t.Errorf("another table is used than the file's:\n%s", diff)
	}
}

func TestEstimate(t *testing.T) {
	const gbps = bandwidth.Gbps
	tier := func(n int) *int { return &n }
	prices := Prices()
	tests := map[string]struct {
		got             *Estimate
		hourly, monthly string
		basis, asOf     string
	}{
		"AWS, tier not said":                     {prices.AWS("us-east-1", gbps, nil), "1.37", "1000.10", "Distance tier 1, local", "2026-10"},
		"AWS, the tier that it reports":          {prices.AWS("us-east-1", gbps, tier(5)), "9.59", "7000.70", "Distance tier 5.", "2026-10"},
		"AWS, what its page gives":               {prices.AWS("us-east-1", 10*gbps, tier(1)), "12.33", "9000.90", "Distance tier 1, local", "2026-09-21"},
		"AWS, a tier without a price":            {prices.AWS("us-east-1", gbps, tier(2)), "", "", "No price of 1Gbps at distance tier 2 in us-east-1", ""},
		"AWS, a tier of no known meaning":        {prices.AWS("us-east-1", gbps, tier(0)), "", "", "No price of 1Gbps at distance tier 0", ""},
		"AWS, a region without a price":          {prices.AWS("eu-west-2", gbps, nil), "", "", "No price of 1Gbps at distance tier 1 in eu-west-2", ""},
		"AWS, a size between two":                {prices.AWS("us-east-1", 2*gbps, nil), "", "", "No price of 2Gbps", ""},
		"AWS, free tier":                         {prices.AWS("eu-west-2", 500*bandwidth.Mbps, nil), "0.00", "0.00", "AWS's free tier", "2026-09-21"},
		"AWS, no free tier beyond the region":    {prices.AWS("eu-west-2", 500*bandwidth.Mbps, tier(2)), "", "", "No price of 500Mbps at distance tier 2", ""},
		"AWS, no free tier where no link is":     {prices.AWS("cn-north-1", 500*bandwidth.Mbps, nil), "", "", "No price", ""},
		"Google":                                 {prices.Google("us-east4", gbps), "3.50", "2555.00", "Transport location North America.", "2026-09-21"},
		"Google, by its other name":              {prices.Google("northamerica-northeast1", gbps), "3.50", "2555.00", "Transport location North America.", "2026-09-21"},
		"Google, Asia":                           {prices.Google("asia-southeast1", 100*gbps), "196.10", "143153.00", "Transport location Asia Pacific.", "2026-09-21"},
		"Google, not a multiple of its list":     {prices.Google("us-east4", 20*gbps), "", "", "No price of 20Gbps in us-east4", ""},
		"Google, a region of no listed location": {prices.Google("australia-southeast1", gbps), "", "", "No price of 1Gbps in australia-southeast1", ""},
		"Google has no free tier":                {prices.Google("us-east4", 500*bandwidth.Mbps), "", "", "No price of 500Mbps", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := written(tt.got.Hourly); got != tt.hourly {
				t.Errorf("an hour costs %q, want %q", got, tt.hourly)
			}
			if got := written(tt.got.Monthly); got != tt.monthly {
				t.Errorf("a month costs %q, want %q", got, tt.monthly)
			}
			if !strings.HasPrefix(tt.got.Basis, tt.basis) || tt.got.AsOf != tt.asOf || (tt.got.Source == "") != (tt.hourly == "") {
				t.Errorf("got %+v", tt.got)
			}
		})
	}
}

// written is an amount, or nothing where it is not known.
func written(a *Amount) string {
	if a == nil {
		return ""
	}
	return a.String()
}

func TestLink(t *testing.T) {
	prices := Prices()
	aws, google, unknown := prices.AWS("us-east-1", bandwidth.Gbps, nil), prices.Google("us-east4", bandwidth.Gbps), prices.Google("us-east4", 2*bandwidth.Gbps)
	for name, tt := range map[string]struct {
		aws, google     *Estimate
		hourly, monthly string
	}{
		"both":        {aws, google, "4.87", "3555.10"},
		"one end":     {nil, google, "3.50", "2555.00"},
		"one unknown": {aws, unknown, "", ""},
		"none":        {nil, nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := prices.Link(tt.aws, tt.google)
			if written(l.Hourly) != tt.hourly || written(l.Monthly) != tt.monthly || l.Currency != "USD" || l.AWS != tt.aws || l.Google != tt.google {
				t.Errorf("got %+v", l)
			}
		})
	}
}

func TestDifference(t *testing.T) {
	less, more := Amount(35_551_000), Amount(228_709_000)
	for want, of := range map[string][2]*Amount{"19315.80": {&less, &more}, "-19315.80": {&more, &less}, "": {&less, nil}, "0.00": {&less, &less}} {
		if got := written(Difference(of[0], of[1])); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if d := Difference(nil, &more); d != nil {
		t.Errorf("from an unknown price it is %s", d)
	}
}

// TestBrokenTables has each rule of the form broken once.
func TestBrokenTables(t *testing.T) {
	const good = `{"end": "google", "regions": ["us-*"], "bandwidth": "1Gbps", "hourly": "3.50", "basis": "It is.", "source": "https://example.com/p", "as_of": "2026-09"}`
	table := func(rows string) string {
		return `{"currency": "USD", "hours_per_month": 730, "excludes": "Taxes.", "prices": [` + rows + `]}`
	}
	if _, err := parse([]byte(table(good))); err != nil {
		t.Fatal(err)
	}
	for broken, want := range map[string]string{
		table(strings.Replace(good, `"google"`, `"azure"`, 1)):                                "the end is aws",
		table(strings.Replace(good, `"google"`, `"aws"`, 1)):                                  "with a tier of 1 to 8",
		table(strings.Replace(good, `"us-*"`, ``, 1)):                                         "names no region",
		table(strings.Replace(good, `"us-*"`, `"*"`, 1)):                                      "neither a region",
		table(strings.Replace(good, `1Gbps`, `1GB`, 1)):                                       "bandwidth",
		table(strings.Replace(good, `3.50`, `3,50`, 1)):                                       "not an amount",
		table(strings.Replace(good, `"3.50"`, `3.5`, 1)):                                      "reading the prices",
		table(strings.Replace(good, `It is.`, ``, 1)):                                         "a sentence",
		table(strings.Replace(good, `https://example.com/p`, ``, 1)):                          "the source is an address",
		table(strings.Replace(good, `https`, `file`, 1)):                                      "the source is an address",
		table(strings.Replace(good, `2026-09`, `2026-13`, 1)):                                 "as_of is a day or a month",
		table(strings.Replace(good, `"as_of": "2026-09"`, `"as_of": ""`, 1)):                  "as_of is a day or a month",
		table(good + "," + good):                                                              "two prices of google us-*",
		table(strings.Replace(good, `"hourly"`, `"daily"`, 1)):                                "unknown field",
		strings.Replace(table(good), `"USD"`, `""`, 1):                                        "needs currency",
		strings.Replace(strings.Replace(table(good), `730`, `0`, 1), `"Taxes."`, `"Tax."`, 1): "needs currency, hours_per_month",
		strings.Replace(table(good), `"Taxes."`, `""`, 1):                                     "excludes",
	} {
		if _, err := parse([]byte(broken)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n\tsays %v, want %q", broken, err, want)
		}
	}
}

func TestAmount(t *testing.T) {
	for text, want := range map[string]string{"12.33": "12.33", "0.00": "0.00", "0.0125": "0.0125", "3.500": "3.50", "7.6010": "7.601"} {
		a, err := parseAmount(text)
		if err != nil || a.String() != want {
			t.Errorf("%s is %s (%v), want %s", text, a, err, want)
		}
		b := -a
		read, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		var back Amount
		if err := json.Unmarshal(read, &back); err != nil || back != b {
			t.Errorf("%s comes back from JSON as %s (%v)", b, back, err)
		}
	}
	for _, text := range []string{"", "1", "1.2", ".50", "-1.00", "1.23456", "12345678.00", "1e3", "1.2 0"} {
		if a, err := parseAmount(text); err == nil {
			t.Errorf("%q is %s", text, a)
		}
	}
}
