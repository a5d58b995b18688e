package cost

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// file is the table. A new price is a new row, with the address that it is from
// and the day that it was read.
//
//go:embed prices.json
var file []byte

// Table is the list prices.
type Table struct {
	currency string
	hours    int
	excludes string
	prices   []price
}

// price is one list price.
type price struct {
	end       string
	regions   []string
	tier      int
	bandwidth bandwidth.Bandwidth
	hourly    Amount
	basis     string
	source    string
	asOf      string
}

// Prices is the table of this version. A test holds the file to its form; one
// that could not be read would leave every price unknown.
func Prices() Table {
	t, err := parse(file)
	if err != nil {
		return Table{}
	}
	return t
}

// parse reads a table and refuses what is not in its form.
func parse(text []byte) (Table, error) {
	var read struct {
		Currency string `json:"currency"`
		Hours    int    `json:"hours_per_month"`
		Excludes string `json:"excludes"`
		Prices   []row  `json:"prices"`
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&read); err != nil {
		return Table{}, fmt.Errorf("reading the prices: %w", err)
	}
	if read.Currency == "" || read.Hours <= 0 || read.Excludes == "" {
		return Table{}, errors.New("the table needs currency, hours_per_month and excludes")
	}
	t := Table{currency: read.Currency, hours: read.Hours, excludes: read.Excludes}
	seen := map[string]bool{}
	for i, r := range read.Prices {
		p, err := r.price()
		if err != nil {
			return Table{}, fmt.Errorf("price %d: %w", i+1, err)
		}
		for _, region := range p.regions {
			key := fmt.Sprint(p.end, " ", region, " ", p.bandwidth, " tier ", p.tier)
			if seen[key] {
				return Table{}, fmt.Errorf("price %d: there are two prices of %s", i+1, key)
			}
			seen[key] = true
		}
		t.prices = append(t.prices, p)
	}
	return t, nil
}

// row is a price as the file writes it.
type row struct {
	End       string   `json:"end"`
	Regions   []string `json:"regions"`
	Tier      int      `json:"tier"`
	Bandwidth string   `json:"bandwidth"`
	Hourly    string   `json:"hourly"`
	Basis     string   `json:"basis"`
	Source    string   `json:"source"`
	AsOf      string   `json:"as_of"`
}

var (
	region = regexp.MustCompile(`^[a-z]+(-[a-z]+)*-?([0-9]+|\*)$`)
	date   = regexp.MustCompile(`^20[0-9]{2}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?$`)
)

// price is the row as a price.
func (r row) price() (price, error) {
	p := price{end: r.End, regions: r.Regions, tier: r.Tier, basis: r.Basis, source: r.Source, asOf: r.AsOf}
	if (r.End != aws || r.Tier < 1 || r.Tier > 8) && (r.End != google || r.Tier != 0) {
		return p, fmt.Errorf("the end is aws, with a tier of 1 to 8, or google, without: not %q with %d", r.End, r.Tier)
	}
	if len(r.Regions) == 0 {
		return p, errors.New("it names no region")
	}
	for _, name := range r.Regions {
		if !region.MatchString(name) {
			return p, fmt.Errorf("%q is neither a region nor the beginning of regions", name)
		}
	}
	var err error
	if p.bandwidth, err = bandwidth.Parse(r.Bandwidth); err != nil {
		return p, err
	}
	if p.hourly, err = parseAmount(r.Hourly); err != nil {
		return p, err
	}
	if r.Basis == "" || !strings.HasSuffix(r.Basis, ".") {
		return p, errors.New("the basis is a sentence")
	}
	if u, err := url.Parse(r.Source); err != nil || u.Scheme != "https" || u.Host == "" {
		return p, fmt.Errorf("the source is an address, not %q", r.Source)
	}
	if !date.MatchString(r.AsOf) {
		return p, fmt.Errorf("as_of is a day or a month, not %q", r.AsOf)
	}
	return p, nil
}
