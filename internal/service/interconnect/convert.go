package interconnect

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// settle makes null of what is still unknown after an apply.
func settle(v types.String) types.String {
	if v.IsUnknown() {
		return types.StringNull()
	}
	return v
}

func settleNumber(v types.Int64) types.Int64 {
	if v.IsUnknown() {
		return types.Int64Null()
	}
	return v
}

// reported is what an end says, or, where it says nothing, what is known.
func reported(says string, have types.String) types.String {
	if says == "" {
		return settle(have)
	}
	return types.StringValue(says)
}

// same keeps the user's spelling of what an end reports.
func same(have types.String, says string, equal func(a, b string) bool) types.String {
	switch {
	case says == "" && have.ValueString() == "":
		return settle(have)
	case equal(have.ValueString(), says):
		return have
	}
	return values.Text(says)
}

// sameName says that two spellings name one resource: a bare name, a full name
// and a URL.
func sameName(a, b string) bool {
	if lastPart(a) != lastPart(b) {
		return false
	}
	p, q := projectOf(a), projectOf(b)
	return p == "" || q == "" || p == q
}

func lastPart(s string) string { return s[strings.LastIndex(s, "/")+1:] }

// projectOf is the project in a full name or URL; empty in a bare name.
func projectOf(s string) string {
	_, rest, ok := strings.Cut(s, "projects/")
	if !ok {
		return ""
	}
	p, _, _ := strings.Cut(rest, "/")
	return p
}

// claimed is a map of strings; values not known are left out.
func claimed(m types.Map) map[string]string {
	out := map[string]string{}
	for k, v := range m.Elements() {
		if s, ok := v.(types.String); ok && !s.IsUnknown() && !s.IsNull() {
			out[k] = s.ValueString()
		}
	}
	return out
}

// seen is what an end reports of the keys that the model claims.
func seen(have types.Map, got map[string]string) types.Map {
	if have.IsNull() {
		return have
	}
	elements := map[string]attr.Value{}
	for k := range have.Elements() {
		if v, ok := got[k]; ok {
			elements[k] = types.StringValue(v)
		}
	}
	return types.MapValueMust(types.StringType, elements)
}

// toMap is a map value of strings.
func toMap(m map[string]string) types.Map {
	elements := make(map[string]attr.Value, len(m))
	for k, v := range m {
		elements[k] = types.StringValue(v)
	}
	return types.MapValueMust(types.StringType, elements)
}

// retired are the keys of before that now has not.
func retired(before, now map[string]string) []string {
	var keys []string
	for k := range before {
		if _, ok := now[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

// routes keeps the user's spelling of prefixes that mean the same.
func routes(have types.Set, got []string) types.Set {
	if have.IsUnknown() || !slices.Equal(canonical(values.Texts(have)), canonical(got)) || have.IsNull() && len(got) > 0 {
		if len(got) == 0 {
			return types.SetNull(types.StringType)
		}
		elements := make([]attr.Value, len(got))
		for i, r := range got {
			elements[i] = types.StringValue(r)
		}
		return types.SetValueMust(types.StringType, elements)
	}
	return have
}

// canonical is a sorted list of prefixes in one spelling each.
func canonical(prefixes []string) []string {
	out := make([]string, 0, len(prefixes))
	for _, s := range prefixes {
		if p, err := netip.ParsePrefix(s); err == nil {
			s = p.String()
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}
