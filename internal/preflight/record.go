package preflight

import (
	"cmp"
	"errors"
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/preflight/configuration"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// record takes down the checks of one resource, and what else was said of it.
func (r *run) record(address string, diags []*tfprotov6.Diagnostic, checked []service.Checked) {
	told := map[string]bool{}
	for _, c := range checked {
		for _, look := range c.Looks {
			result := OK
			var why []Message
			if look.Skipped != "" {
				result, why = NotChecked, []Message{{Text: look.Skipped}}
			}
			r.report.add(address, look.End, look.Topic, result, why...)
		}
		for _, f := range c.Findings {
			r.finding(address, f)
		}
		for _, d := range service.Findings(c.Findings) {
			told[key(d)] = true
		}
		if c.Err != nil {
			r.failure(address, c.Err)
			told["error"] = true
			if len(c.Looks) == 0 {
				r.report.add(address, "", Everything, NotChecked, Message{Text: "the clouds were not asked further"})
			}
		}
	}
	for _, d := range diags {
		isError := d.Severity == tfprotov6.DiagnosticSeverityError
		if told[d.Summary+"\n"+d.Detail] || isError && told["error"] {
			continue
		}
		result := Warning
		if isError {
			result = Failed
		}
		text, remedy, _ := strings.Cut(d.Detail, "What to do: ")
		text = d.Summary + ". " + flat(withoutSections(text))
		remedy, _, _ = strings.Cut(remedy, "\n\n")
		r.report.add(address, endOf(d), link.TopicSettings, result, Message{Text: text, Remedy: flat(remedy), Attribute: pathOf(d)})
	}
	if len(checked) == 0 && len(errorsOf(diags)) == 0 {
		r.report.add(address, "", Everything, NotChecked, Message{Text: "what it depends on does not exist yet, or is not known"})
	}
}

func key(d diag.Diagnostic) string { return d.Summary() + "\n" + d.Detail() }

// flat is a text in one line.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// withoutSections drops the paragraphs of a diagnostic that say what a plan says
// anyway.
func withoutSections(s string) string {
	var keep []string
	for part := range strings.SplitSeq(s, "\n\n") {
		if !strings.HasPrefix(part, "Attribute: ") && !strings.HasPrefix(part, "What exists now: ") {
			keep = append(keep, part)
		}
	}
	return strings.Join(keep, "\n\n")
}

// finding takes down what a check found.
func (r *run) finding(address string, f link.Finding) {
	result := Failed
	if f.Warning {
		result = Warning
	}
	topic := f.Topic
	if topic == "" {
		topic = link.TopicSettings
	}
	r.report.add(address, f.Err.End, topic, result, Message{
		Text: f.Err.Message, Remedy: f.Err.Remedy, Attribute: attribute(f.Err.End, f.Err.Field), Code: f.Err.Code, RequestID: f.Err.RequestID,
	})
}

// attribute is a field of an end in Terraform's words.
func attribute(end, field string) string {
	own, isOwn := strings.CutPrefix(field, ".")
	switch {
	case field == "":
		return ""
	case isOwn:
		return own
	}
	return strings.ToLower(end) + "." + field
}

// failure takes down that an end could not be asked, or that a key is not the one.
func (r *run) failure(address string, err error) {
	m := Message{Text: flat(err.Error())}
	end, topic := "", link.TopicAccess
	if le, ok := errors.AsType[*link.Error](err); ok {
		end = le.End
		m.Text, m.Remedy, m.Attribute = trim(flat(le.Summary+": "+le.Detail)), le.Remedy, attribute(le.End, le.Field)
		if le.Code == link.CodeKey {
			topic = link.TopicKey
		}
	}
	ce, ok := errors.AsType[*cloud.Error](err)
	if ok {
		end = ce.End
		m = Message{Text: flat(ce.Error()), Remedy: cmp.Or(ce.Remedy, m.Remedy), Attribute: attribute(ce.End, ce.Field), Code: ce.Code, RequestID: ce.RequestID}
	}
	if topic == link.TopicAccess && (!ok || slices.Contains([]cloud.Kind{cloud.Unavailable, cloud.Throttled, cloud.Unknown}, ce.Kind)) && r.report.Unreachable == nil {
		r.report.Unreachable = err
	}
	r.report.add(address, end, topic, Failed, m)
}

// endOf is the end whose block a diagnostic blames.
func endOf(d *tfprotov6.Diagnostic) string {
	switch first, _, _ := strings.Cut(pathOf(d), "."); first {
	case "aws":
		return "AWS"
	case "google":
		return "Google"
	}
	return ""
}

// pathOf is the attribute that a diagnostic blames, in Terraform's words.
func pathOf(d *tfprotov6.Diagnostic) string {
	if d.Attribute == nil {
		return ""
	}
	text := d.Attribute.String()
	for _, drop := range []string{`AttributeName("`, `ElementKeyString("`, `")`} {
		text = strings.ReplaceAll(text, drop, "")
	}
	return text
}

// remember keeps what is compared once all is planned.
func (r *run) remember(one configuration.Instance, planned cty.Value) {
	switch {
	case one.Type == "crosscloud_attachment":
		r.attached = append(r.attached, attached{one.Address, planned})
	case one.Type == "crosscloud_interconnect" && text(planned, "id") != "":
		r.links[text(planned, "id")] = planned
	}
}

// comparePrefixes compares what an attachment will offer with what its link will
// advertise, where both are still to be made: the clouds have nothing to compare
// yet.
func (r *run) comparePrefixes() {
	for _, a := range r.attached {
		l, ok := r.links[text(a.value, "interconnect")]
		if !ok {
			continue
		}
		mine, theirs := prefixes(a.value, "aws", "allowed_prefixes"), prefixes(l, "google", "advertised_routes")
		if len(mine) == 0 || len(theirs) == 0 {
			r.report.add(a.address, "AWS", link.TopicPrefixes, NotChecked, Message{Text: "the prefixes of one end are not known before an apply"})
			continue
		}
		both := link.Overlaps(link.Descriptor{Name: "AWS"}, link.Descriptor{Name: "Google"}, mine, theirs)
		if len(both) == 0 {
			r.report.add(a.address, "AWS", link.TopicPrefixes, OK)
			continue
		}
		r.report.add(a.address, "AWS", link.TopicPrefixes, Warning, Message{
			Text: "both ends have the same addresses: " + strings.Join(both, "; "), Remedy: link.OverlapRemedy, Attribute: "aws.allowed_prefixes",
		})
	}
}

// inside is a value inside an object; cty.NilVal where it is not known.
func inside(v cty.Value, names ...string) cty.Value {
	for _, n := range names {
		if v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.Type().IsObjectType() || !v.Type().HasAttribute(n) {
			return cty.NilVal
		}
		v = v.GetAttr(n)
	}
	return v
}

func text(v cty.Value, names ...string) string {
	v = inside(v, names...)
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

func prefixes(v cty.Value, names ...string) []netip.Prefix {
	v = inside(v, names...)
	if v == cty.NilVal || v.IsNull() || !v.IsWhollyKnown() || !v.CanIterateElements() {
		return nil
	}
	var all []netip.Prefix
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); !e.IsNull() && e.Type() == cty.String {
			if p, err := netip.ParsePrefix(e.AsString()); err == nil {
				all = append(all, p.Masked())
			}
		}
	}
	slices.SortFunc(all, netip.Prefix.Compare)
	return all
}
