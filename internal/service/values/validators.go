package values

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// check is a validator of one string by a function that says what is wrong.
type check struct {
	allowed string
	wrong   func(string) string
}

var (
	_ validator.String = check{}
	_ validator.Set    = each{}
	_ validator.Map    = pairs{}
)

// Patterns are made once: those of Unicode's classes take longer than everything
// else of a schema together, and schemas are made often.
var (
	namePattern        = regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)
	descriptionPattern = regexp.MustCompile(`^[-a-zA-Z0-9_ ]{1,255}$`)
	labelKey           = regexp.MustCompile(`^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$`)
	labelValue         = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$`)
)

// Matching accepts strings that match the pattern. allowed says in words what
// that is; the message repeats it.
func Matching(pattern *regexp.Regexp, allowed string) validator.String {
	return check{allowed, func(s string) string {
		if pattern.MatchString(s) {
			return ""
		}
		return "the value must be " + allowed
	}}
}

// Name accepts names after RFC 1035 of 1 to 63 characters, which is what Google
// takes as a transport's id.
func Name() validator.String {
	return Matching(namePattern,
		"1 to 63 characters: lower-case letters, digits and hyphens, beginning with a letter and not ending in a hyphen")
}

// Description accepts what both clouds take as a description (AWS service
// model, ConnectionDescription).
func Description() validator.String {
	return Matching(descriptionPattern,
		"1 to 255 characters: letters, digits, spaces, hyphens and underscores")
}

// Description of the validator.
func (c check) Description(context.Context) string { return "must be " + c.allowed }

// MarkdownDescription of the validator.
func (c check) MarkdownDescription(ctx context.Context) string { return c.Description(ctx) }

// ValidateString runs the check on a known value.
func (c check) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if wrong := c.wrong(req.ConfigValue.ValueString()); wrong != "" {
		resp.Diagnostics.Append(refuse(req.Path, req.ConfigValue.ValueString(), wrong))
	}
}

// each is a validator of the strings of a set, which also refuses two that mean
// the same.
type each struct {
	allowed   string
	canonical func(string) (string, error)
}

// Prefixes accepts sets of IPv4 and IPv6 prefixes in CIDR notation without host
// bits, none twice.
func Prefixes() validator.Set {
	return each{"IPv4 or IPv6 prefixes in CIDR notation, without host bits", canonicalPrefix}
}

func canonicalPrefix(s string) (string, error) {
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		return "", fmt.Errorf(`it must be an IPv4 or IPv6 prefix in CIDR notation, such as "10.0.0.0/16"`)
	case p != p.Masked():
		return "", fmt.Errorf("it has host bits: use %q", p.Masked())
	case p.Addr().Is4In6():
		// Without host bits, such a prefix has 96 bits or more.
		return "", fmt.Errorf("it is an IPv4 prefix written as IPv6: use %q", netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96))
	}
	return p.String(), nil
}

// Description of the validator.
func (e each) Description(context.Context) string { return "must be " + e.allowed }

// MarkdownDescription of the validator.
func (e each) MarkdownDescription(ctx context.Context) string { return e.Description(ctx) }

// ValidateSet checks every known element.
func (e each) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	seen := map[string]string{}
	for _, v := range req.ConfigValue.Elements() {
		s, ok := v.(interface {
			ValueString() string
			IsUnknown() bool
		})
		if !ok || s.IsUnknown() {
			continue
		}
		at := req.Path.AtSetValue(v)
		canonical, err := e.canonical(s.ValueString())
		if err != nil {
			resp.Diagnostics.Append(refuse(at, s.ValueString(), err.Error()))
			continue
		}
		if twin, twice := seen[canonical]; twice {
			resp.Diagnostics.Append(refuse(at, s.ValueString(), fmt.Sprintf("it is the same as %q", twin)))
		}
		seen[canonical] = s.ValueString()
	}
}

// pairs is a validator of the keys and values of a map.
type pairs struct {
	allowed    string
	most       int
	key, value func(string) string
}

// Tags accepts AWS tags (service model: key 1 to 128 characters, value up to
// 256) whose keys are neither AWS's nor ours.
func Tags() validator.Map {
	return pairs{
		allowed: `AWS tags: at most 48, keys of 1 to 128 characters that do not begin with "aws:" or "crosscloud:", values of at most 256 characters`,
		most:    48,
		key: func(s string) string {
			switch n := utf8.RuneCountInString(s); {
			case n < 1 || n > 128:
				return "a tag key has 1 to 128 characters"
			case strings.HasPrefix(strings.ToLower(s), "aws:"):
				return `tag keys that begin with "aws:" belong to AWS`
			case strings.HasPrefix(s, "crosscloud:"):
				return `tag keys that begin with "crosscloud:" belong to this provider`
			}
			return printable(s)
		},
		value: func(s string) string {
			if utf8.RuneCountInString(s) > 256 {
				return "a tag value has at most 256 characters"
			}
			return printable(s)
		},
	}
}

// Labels accepts Google labels (keys of 1 to 63 lower-case letters, digits,
// hyphens and underscores beginning with a letter; values likewise, up to 63)
// whose keys are not ours.
func Labels() validator.Map {
	return pairs{
		allowed: `Google labels: at most 61, keys of 1 to 63 lower-case letters, digits, hyphens and underscores that begin with a letter and not with "crosscloud-", values of at most 63 such characters`,
		most:    61,
		key: func(s string) string {
			switch {
			case !labelKey.MatchString(s):
				return "a label key has 1 to 63 lower-case letters, digits, hyphens and underscores, and begins with a letter"
			case strings.HasPrefix(s, "crosscloud-"):
				return `label keys that begin with "crosscloud-" belong to this provider`
			}
			return ""
		},
		value: func(s string) string {
			if labelValue.MatchString(s) {
				return ""
			}
			return "a label value has at most 63 lower-case letters, digits, hyphens and underscores"
		},
	}
}

// Description of the validator.
func (p pairs) Description(context.Context) string { return "must be " + p.allowed }

// MarkdownDescription of the validator.
func (p pairs) MarkdownDescription(ctx context.Context) string { return p.Description(ctx) }

// ValidateMap checks every key and every known value.
func (p pairs) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	if n := len(req.ConfigValue.Elements()); n > p.most {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", fmt.Sprintf("There are %d; at most %d are allowed.", n, p.most))
	}
	elements := req.ConfigValue.Elements()
	for _, k := range slices.Sorted(maps.Keys(elements)) {
		v, at := elements[k], req.Path.AtMapKey(k)
		if wrong := p.key(k); wrong != "" {
			resp.Diagnostics.Append(refuse(at, k, wrong))
		}
		s, ok := v.(interface {
			ValueString() string
			IsUnknown() bool
			IsNull() bool
		})
		switch {
		case !ok || s.IsUnknown():
		case s.IsNull():
			resp.Diagnostics.Append(refuse(at, k, "the value is null: leave the key out, or use an empty string"))
		default:
			if wrong := p.value(s.ValueString()); wrong != "" {
				resp.Diagnostics.Append(refuse(at, s.ValueString(), wrong))
			}
		}
	}
}

// printable refuses control characters and broken text.
func printable(s string) string {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return "control characters are not allowed"
	}
	return ""
}

// refuse is the diagnostic of a refused value. Long and unprintable values are
// shown cut and quoted.
func refuse(at path.Path, value, wrong string) diag.Diagnostic {
	const most = 60
	if r := []rune(value); len(r) > most {
		value = string(r[:most]) + "…"
	}
	return diag.NewAttributeErrorDiagnostic(at, "Invalid value", fmt.Sprintf("%q is not allowed: %s.", value, wrong))
}
