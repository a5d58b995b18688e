package cost

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Amount is an amount of money in ten-thousandths of the table's currency: whole
// numbers, so that sums and products are exact.
type Amount int64

const (
	places = 4
	unit   = 10_000
)

// decimal is how amounts are written: with two to four places.
var decimal = regexp.MustCompile(`^([0-9]{1,7})\.([0-9]{2,4})$`)

// parseAmount reads a decimal number such as "12.33".
func parseAmount(s string) (Amount, error) {
	m := decimal.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%q is not an amount such as \"12.33\"", s)
	}
	n, err := strconv.ParseInt(m[1]+m[2]+strings.Repeat("0", places-len(m[2])), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("reading the amount %q: %w", s, err)
	}
	return Amount(n), nil
}

// String is the decimal number, with at least two places: "12.33", "-0.0125".
func (a Amount) String() string {
	sign := ""
	if a < 0 {
		sign, a = "-", -a
	}
	fraction := fmt.Sprintf("%0*d", places, a%unit)
	for len(fraction) > 2 && strings.HasSuffix(fraction, "0") {
		fraction = fraction[:len(fraction)-1]
	}
	return fmt.Sprintf("%s%d.%s", sign, a/unit, fraction)
}

// MarshalJSON writes the decimal number as a JSON number.
func (a Amount) MarshalJSON() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Amount) UnmarshalJSON(text []byte) error {
	digits, negative := strings.CutPrefix(string(text), "-")
	read, err := parseAmount(digits)
	if err != nil {
		return err
	}
	if negative {
		read = -read
	}
	*a = read
	return nil
}
