package google

import (
	"regexp"
	"slices"
	"strings"
)

// filter is a list's filter: equalities that must all hold. The discovery
// document gives no grammar; this is the part of AIP-160 that is answered,
// everything else is refused.
type filter []equality

type equality struct{ field, value string }

// equalityForm is `field = value`, the value bare or in double quotes. Compute
// Engine also writes `field eq value`.
var equalityForm = regexp.MustCompile(`^\(?\s*([A-Za-z_][A-Za-z0-9_.\-]*)\s*(?:=|\s+eq\s+)\s*(?:"([^"]*)"|([^\s"()]+))\s*\)?$`)

// parseFilter reads a filter. A field may be one of fields; "labels." among them
// stands for every label.
func parseFilter(text string, fields []string) (filter, *apiError) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var f filter
	for part := range strings.SplitSeq(text, " AND ") {
		m := equalityForm.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil || !hasField(m[1], fields) {
			return nil, refuse(invalidArgument, "Invalid list filter: %q.", text)
		}
		f = append(f, equality{field: m[1], value: m[2] + m[3]})
	}
	return f, nil
}

func hasField(name string, fields []string) bool {
	if strings.HasPrefix(name, "labels.") {
		return slices.Contains(fields, "labels.")
	}
	return slices.Contains(fields, name)
}

// matches says whether every equality holds for the thing whose fields value
// reads.
func (f filter) matches(value func(field string) string) bool {
	return !slices.ContainsFunc(f, func(e equality) bool { return value(e.field) != e.value })
}
