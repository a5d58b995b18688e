package values_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// said writes diagnostics as "path: detail".
func said(diags diag.Diagnostics) []string {
	var all []string
	for _, d := range diags {
		at := ""
		if p, ok := d.(diag.DiagnosticWithPath); ok {
			at = p.Path().String()
		}
		all = append(all, at+": "+d.Detail())
	}
	return all
}

// validateString runs a validator on an attribute named a.
func validateString(t testing.TB, v validator.String, value types.String) []string {
	t.Helper()
	var resp validator.StringResponse
	v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("a"), ConfigValue: value}, &resp)
	return said(resp.Diagnostics)
}

func validateSet(t testing.TB, v validator.Set, value types.Set) []string {
	t.Helper()
	var resp validator.SetResponse
	v.ValidateSet(t.Context(), validator.SetRequest{Path: path.Root("a"), ConfigValue: value}, &resp)
	return said(resp.Diagnostics)
}

func validateMap(t testing.TB, v validator.Map, value types.Map) []string {
	t.Helper()
	var resp validator.MapResponse
	v.ValidateMap(t.Context(), validator.MapRequest{Path: path.Root("a"), ConfigValue: value}, &resp)
	return said(resp.Diagnostics)
}

// stringsOf makes the strings of a set; "?" is unknown and "-" null.
func stringsOf(words ...string) []attr.Value {
	elements := []attr.Value{}
	for _, w := range words {
		elements = append(elements, word(w))
	}
	return elements
}

func word(w string) types.String {
	switch w {
	case "?":
		return types.StringUnknown()
	case "-":
		return types.StringNull()
	}
	return types.StringValue(w)
}

func mapOf(pairs map[string]string) types.Map {
	elements := map[string]attr.Value{}
	for k, v := range pairs {
		elements[k] = word(v)
	}
	return types.MapValueMust(types.StringType, elements)
}

func TestStringValidators(t *testing.T) {
	even := values.Matching(regexp.MustCompile(`^(..)*$`), "of even length")
	name, description := values.Name(), values.Description()
	letters := strings.Repeat("a", 300)
	const mustName, mustDescribe = "the value must be 1 to 63 characters", "the value must be 1 to 255 characters"
	tests := map[string]struct {
		validator validator.String
		value     string
		want      string
	}{
		"matching":     {even, "ab", ""},
		"not matching": {even, "abc", `"abc" is not allowed: the value must be of even length.`},

		"name":                 {name, "ai-pipeline-2", ""},
		"name of a letter":     {name, "a", ""},
		"name of 63":           {name, letters[:63], ""},
		"name of 64":           {name, letters[:64], mustName},
		"name, empty":          {name, "", mustName},
		"name, digit first":    {name, "2ai", mustName},
		"name, hyphen first":   {name, "-ai", mustName},
		"name, hyphen last":    {name, "ai-", mustName},
		"name, upper case":     {name, "AI", mustName},
		"name, underscore":     {name, "a_i", mustName},
		"name, dot":            {name, "a.i", mustName},
		"name, letter of ours": {name, "ä", mustName},
		"name, line behind":    {name, "ai\n", mustName},
		"name, space":          {name, "a i", mustName},

		"description":              {description, "Link of the AI team_2 - production", ""},
		"description of 255":       {description, letters[:255], ""},
		"description of 256":       {description, letters[:256], mustDescribe},
		"description, empty":       {description, "", mustDescribe},
		"description, dot":         {description, "Link.", mustDescribe},
		"description, umlaut":      {description, "Verbindung für KI", mustDescribe},
		"description, tab":         {description, "a\tb", mustDescribe},
		"description, line behind": {description, "a\n", mustDescribe},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { expect(t, validateString(t, tt.validator, types.StringValue(tt.value)), tt.want) })
	}
	for name, v := range map[string]types.String{"null": types.StringNull(), "unknown": types.StringUnknown()} {
		t.Run(name, func(t *testing.T) { expect(t, validateString(t, values.Name(), v), "") })
	}
}

// expect holds that there is one complaint that has the text, or none for "".
func expect(t *testing.T, got []string, want string) {
	t.Helper()
	switch {
	case want == "" && len(got) > 0:
		t.Errorf("refused: %q", got)
	case want != "" && (len(got) != 1 || !strings.Contains(got[0], want)):
		t.Errorf("got %q, want one complaint with %q", got, want)
	}
}

func TestPrefixes(t *testing.T) {
	const form = `it must be an IPv4 or IPv6 prefix in CIDR notation`
	tests := map[string]struct {
		prefixes []string
		want     string
	}{
		"none":                       {nil, ""},
		"IPv4 and IPv6":              {[]string{"10.0.0.0/8", "0.0.0.0/0", "192.0.2.1/32", "fd00::/8", "::/0"}, ""},
		"unknown":                    {[]string{"?", "10.0.0.0/8"}, ""},
		"one within another":         {[]string{"10.0.0.0/8", "10.1.0.0/16"}, ""},
		"null":                       {[]string{"-"}, form},
		"empty":                      {[]string{""}, form},
		"address":                    {[]string{"10.0.0.0"}, form},
		"too long":                   {[]string{"10.0.0.0/33"}, form},
		"too long, IPv6":             {[]string{"fd00::/129"}, form},
		"negative":                   {[]string{"10.0.0.0/-1"}, form},
		"leading zero":               {[]string{"010.0.0.0/8"}, form},
		"leading zero in the length": {[]string{"10.0.0.0/08"}, form},
		"zone":                       {[]string{"fe80::%eth0/64"}, form},
		"space":                      {[]string{" 10.0.0.0/8"}, form},
		"netmask":                    {[]string{"10.0.0.0/255.0.0.0"}, form},
		"host bits":                  {[]string{"10.0.0.1/8"}, `it has host bits: use "10.0.0.0/8".`},
		"host bits, IPv6":            {[]string{"fd00::1/64"}, `it has host bits: use "fd00::/64".`},
		"IPv4 as IPv6":               {[]string{"::ffff:10.0.0.0/104"}, `use "10.0.0.0/8".`},
		"all of IPv4 as IPv6":        {[]string{"::ffff:0:0/96"}, `use "0.0.0.0/0".`},
		"in two spellings":           {[]string{"fd00::/8", "FD00:0:0::/8"}, `a[Value("FD00:0:0::/8")]: "FD00:0:0::/8" is not allowed: it is the same as "fd00::/8".`},
		"in two spellings of zeros":  {[]string{"2001:db8:0:0:1::/80", "2001:db8::1:0:0:0/80"}, `it is the same as`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			expect(t, validateSet(t, values.Prefixes(), types.SetValueMust(types.StringType, stringsOf(tt.prefixes...))), tt.want)
		})
	}
	for name, set := range map[string]types.Set{"null": types.SetNull(types.StringType), "unknown": types.SetUnknown(types.StringType)} {
		t.Run(name, func(t *testing.T) { expect(t, validateSet(t, values.Prefixes(), set), "") })
	}
}

func TestPrefixesNamesEachOnce(t *testing.T) {
	set := types.SetValueMust(types.StringType, stringsOf("fd00::/8", "x", "10.0.0.1/8", "FD00::/8"))
	want := []string{
		`a[Value("x")]: "x" is not allowed: it must be an IPv4 or IPv6 prefix in CIDR notation, such as "10.0.0.0/16".`,
		`a[Value("10.0.0.1/8")]: "10.0.0.1/8" is not allowed: it has host bits: use "10.0.0.0/8".`,
		`a[Value("FD00::/8")]: "FD00::/8" is not allowed: it is the same as "fd00::/8".`,
	}
	if diff := cmp.Diff(want, validateSet(t, values.Prefixes(), set)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// many is a map of n pairs that are in order.
func many(n int) map[string]string {
	m := map[string]string{}
	for i := range n {
		m[fmt.Sprintf("k%d", i)] = "v"
	}
	return m
}

func TestTags(t *testing.T) {
	long := strings.Repeat("ü", 300)
	tests := map[string]struct {
		tags map[string]string
		want string
	}{
		"none":                     {nil, ""},
		"usual":                    {map[string]string{"Team": "network", "cost:center": "12/b", "empty": ""}, ""},
		"letters of many":          {map[string]string{"Straße": "東京 ✓"}, ""},
		"unknown value":            {map[string]string{"k": "?"}, ""},
		"null value":               {map[string]string{"k": "-"}, `a["k"]: "k" is not allowed: the value is null`},
		"empty key":                {map[string]string{"": "v"}, "1 to 128 characters"},
		"key of 128 characters":    {map[string]string{string([]rune(long)[:128]): "v"}, ""},
		"key of 129 characters":    {map[string]string{string([]rune(long)[:129]): "v"}, "1 to 128 characters"},
		"value of 256 characters":  {map[string]string{"k": string([]rune(long)[:256])}, ""},
		"value of 257 characters":  {map[string]string{"k": string([]rune(long)[:257])}, "at most 256 characters"},
		"AWS's key":                {map[string]string{"aws:createdBy": "v"}, "belong to AWS"},
		"AWS's key in upper case":  {map[string]string{"AWS:createdBy": "v"}, "belong to AWS"},
		"key that begins like it":  {map[string]string{"awsome": "v", "crosscloudy": "v"}, ""},
		"our key":                  {map[string]string{"crosscloud:owner": "v"}, "belong to this provider"},
		"new line in a key":        {map[string]string{"a\nb": "v"}, "control characters are not allowed"},
		"NUL in a value":           {map[string]string{"k": "a\x00b"}, "control characters are not allowed"},
		"DEL in a value":           {map[string]string{"k": "a\x7fb"}, "control characters are not allowed"},
		"C1 control in a value":    {map[string]string{"k": "a\u0085b"}, "control characters are not allowed"},
		"broken text in a value":   {map[string]string{"k": "a\xffb"}, "control characters are not allowed"},
		"as many as there may be":  {many(48), ""},
		"one more than may be":     {many(49), "There are 49; at most 48 are allowed."},
		"key of ours, value wrong": {map[string]string{"k": strings.Repeat("v", 400)}, `"` + strings.Repeat("v", 60) + `…" is not allowed`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { expect(t, validateMap(t, values.Tags(), mapOf(tt.tags)), tt.want) })
	}
}

func TestLabels(t *testing.T) {
	letters := strings.Repeat("a", 64)
	const key, value = "a label key has 1 to 63", "a label value has at most 63"
	tests := map[string]struct {
		labels map[string]string
		want   string
	}{
		"none":                    {nil, ""},
		"usual":                   {map[string]string{"team": "network-1", "cost_center": "", "k9": "9"}, ""},
		"letters of many":         {map[string]string{"straße": "東京"}, ""},
		"unknown value":           {map[string]string{"k": "?"}, ""},
		"null value":              {map[string]string{"k": "-"}, "the value is null"},
		"empty key":               {map[string]string{"": "v"}, key},
		"key of 63":               {map[string]string{letters[:63]: "v"}, ""},
		"key of 64":               {map[string]string{letters: "v"}, key},
		"key, upper case":         {map[string]string{"Team": "v"}, key},
		"key, digit first":        {map[string]string{"1team": "v"}, key},
		"key, hyphen first":       {map[string]string{"-team": "v"}, key},
		"key with a space":        {map[string]string{"my team": "v"}, key},
		"key with a dot":          {map[string]string{"my.team": "v"}, key},
		"key, line behind":        {map[string]string{"team\n": "v"}, key},
		"our key":                 {map[string]string{"crosscloud-link": "v"}, "belong to this provider"},
		"key that begins like it": {map[string]string{"crosscloud": "v", "crosscloud_x": "v"}, ""},
		"value of 63":             {map[string]string{"k": letters[:63]}, ""},
		"value of 64":             {map[string]string{"k": letters}, value},
		"value, upper case":       {map[string]string{"k": "Network"}, value},
		"value with a space":      {map[string]string{"k": "a b"}, value},
		"value with a tab":        {map[string]string{"k": "a\tb"}, value},
		"value, broken text":      {map[string]string{"k": "a\xff"}, value},
		"value, emoji":            {map[string]string{"k": "✓"}, value},
		"as many as there may be": {many(61), ""},
		"one more than may be":    {many(62), "There are 62; at most 61 are allowed."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { expect(t, validateMap(t, values.Labels(), mapOf(tt.labels)), tt.want) })
	}
}

func TestMapsWithoutElements(t *testing.T) {
	for kind, v := range map[string]validator.Map{"tags": values.Tags(), "labels": values.Labels()} {
		for name, m := range map[string]types.Map{"null": types.MapNull(types.StringType), "unknown": types.MapUnknown(types.StringType)} {
			t.Run(kind+", "+name, func(t *testing.T) { expect(t, validateMap(t, v, m), "") })
		}
	}
}

func TestMapsComplainInTheOrderOfTheKeys(t *testing.T) {
	wrong := map[string]string{}
	for k := range strings.SplitSeq("DBCAFE", "") {
		wrong[k] = "X"
	}
	var want []string
	for _, k := range slices.Sorted(maps.Keys(wrong)) {
		want = append(want, `a["`+k+`"]`, `a["`+k+`"]`)
	}
	var got []string
	for _, s := range validateMap(t, values.Labels(), mapOf(wrong)) {
		at, _, _ := strings.Cut(s, ":")
		got = append(got, at)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestValidatorsSayWhatTheyTake(t *testing.T) {
	for name, v := range map[string]validator.Describer{
		"name": values.Name(), "description": values.Description(), "prefixes": values.Prefixes(), "tags": values.Tags(), "labels": values.Labels(),
	} {
		text := v.Description(t.Context())
		if !strings.HasPrefix(text, "must be ") || len(text) < 20 || v.MarkdownDescription(t.Context()) != text {
			t.Errorf("%s: %q, in Markdown %q", name, text, v.MarkdownDescription(t.Context()))
		}
	}
}

// Whatever is configured, validators answer, and what they answer can be shown.
func TestValidatorsTakeAnything(t *testing.T) {
	anything := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
		rapid.StringMatching(`[0-9a-f:.]{0,40}/[0-9]{0,4}`), rapid.SampledFrom([]string{"?", "-", ""}))
	rapid.Check(t, func(r *rapid.T) {
		texts := rapid.SliceOfNDistinct(anything, 0, 5, rapid.ID).Draw(r, "texts")
		pairs := rapid.MapOfN(anything, anything, 0, 5).Draw(r, "pairs")
		var all []string
		for _, s := range texts {
			for _, v := range []validator.String{values.Name(), values.Description()} {
				all = append(all, validateString(t, v, word(s))...)
			}
		}
		all = append(all, validateSet(t, values.Prefixes(), types.SetValueMust(types.StringType, stringsOf(texts...)))...)
		for _, v := range []validator.Map{values.Tags(), values.Labels()} {
			all = append(all, validateMap(t, v, mapOf(pairs))...)
		}
		for _, s := range all {
			_, detail, _ := strings.Cut(s, ": ")
			if !utf8.ValidString(detail) || strings.ContainsFunc(detail, unicode.IsControl) {
				r.Fatalf("the complaint cannot be shown: %q", detail)
			}
		}
	})
}

func TestPlaces(t *testing.T) {
	tests := map[string]struct {
		by        validator.String
		good, bad []string
	}{
		"AWS region":    {values.AWSRegion(), []string{"us-east-1", "us-gov-west-1", "ap-southeast-12"}, []string{"us-east4", "us-east-1a", "US-EAST-1", " us-east-1"}},
		"Google region": {values.GoogleRegion(), []string{"us-east4", "northamerica-northeast1"}, []string{"us-east-4", "us-east4-a", "us-east", "us-east4 "}},
		"project":       {values.Project(), []string{"my-project", "example.com:my-project"}, []string{"short", "My-Project", "my project", "ends-in-"}},
		"prefix":        {values.Prefix(), []string{"10.0.0.0/8", "fd00::/8", "10.1.2.3/32"}, []string{"10.0.0.1/8", "10.0.0.1", "::ffff:10.0.0.0/104", ""}},
		"address":       {values.AddressOrPrefix(), []string{"10.0.0.0/8", "10.0.0.1", "fd00::1"}, []string{"10.0.0.1/8", "fe80::1%eth0", "::ffff:10.0.0.1", "10.0.0", ""}},
		"UUID":          {values.UUID("a gateway"), []string{"5f294f92-bafb-4011-916d-9b0b0c4e1d2a"}, []string{"5f294f92", "dxgw-1", ""}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, s := range append(tt.good, tt.bad...) {
				var resp validator.StringResponse
				tt.by.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("a"), ConfigValue: types.StringValue(s)}, &resp)
				if resp.Diagnostics.HasError() == slices.Contains(tt.good, s) {
					t.Errorf("%q: %v", s, said(resp.Diagnostics))
				}
			}
		})
	}
}
