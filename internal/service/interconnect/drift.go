package interconnect

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// strayKey is the key in the private state under which a refresh leaves word that
// an end has something otherwise than it should, and that no attribute shows it:
// a marker that is lost, or what the ends have in common and only one has.
const strayKey = "stray"

// strayed tells what has been changed outside Terraform since the state was
// written: a warning for each end, with each field, both values and the remedy.
// An end that is still being made, or changed, has not got there yet.
// The model is as it was before the refresh.
func (m *model) strayed(l link.Link, v link.View) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, cloud := range []string{cloudAWS, cloudGoogle} {
		side := m.side(cloud)
		o := v[side]
		if l.Ends[side] == nil || !o.Amendable() {
			continue
		}
		drifts := l.Ends[side].Drift(o, m.vouched(v))
		if have := m.Bandwidth.Speed(); have != 0 && o.Bandwidth != 0 && o.Bandwidth != have {
			drifts = append(drifts, link.Drift{Field: "bandwidth", Want: have.String(), Got: o.Bandwidth.String(), InPlace: true})
		}
		if len(drifts) > 0 {
			diags.Append(strayedWarning(m.Name.ValueString(), l.Ends[side].Descriptor(), o, drifts))
		}
	}
	return diags
}

// strayedWarning is the warning for one end.
func strayedWarning(name string, d link.Descriptor, o link.Observation, drifts []link.Drift) diag.Diagnostic {
	var b strings.Builder
	inPlace := true
	fmt.Fprintf(&b, "%s %s is not as it was applied:", d.Name, d.Object)
	for _, drift := range drifts {
		fmt.Fprintf(&b, "\n  %s: %s has %q, and should have %q", drift.Field, d.Name, drift.Got, drift.Want)
		inPlace = inPlace && drift.InPlace
	}
	fmt.Fprintf(&b, "\n\nWhat exists now: %s %s %s: %s\n\nWhat to do: ", d.Name, d.Object, o.ID, word(o))
	if inPlace {
		b.WriteString("Apply: the plan writes back, in place, what the configuration says. To keep what is there, say it in the configuration.")
	} else {
		b.WriteString("To keep what is there, say it in the configuration. Else the plan replaces the link, since not all of this can be changed in place.")
	}
	return diag.NewAttributeWarningDiagnostic(path.Root(d.Cloud), fmt.Sprintf("The %s %s of link %s was changed outside Terraform", d.Name, d.Object, name), b.String())
}

// billingNote tells of another billing tier, which is no difference to repair.
func billingNote(before, now *model) diag.Diagnostics {
	var diags diag.Diagnostics
	if before.AWS == nil || now.AWS == nil {
		return diags
	}
	old, tier := before.AWS.BillingTier, now.AWS.BillingTier
	if !old.IsNull() && !tier.IsNull() && !old.Equal(tier) {
		diags.AddAttributeWarning(path.Root("aws").AtName("billing_tier"), fmt.Sprintf("AWS bills link %s at another tier", now.Name.ValueString()),
			fmt.Sprintf("The billing tier is %d; it was %d. AWS sets it by the distance of what is reached over the link, and changes it by itself. %s\n\n"+
				"What to do: Nothing. The plan does not change because of it.", tier.ValueInt64(), old.ValueInt64(), now.repriced(old, tier)))
	}
	return diags
}

// strays says that an end has something otherwise than the model, and that an
// amendment would mend it. The model is as it was refreshed, so that this is what
// no attribute shows.
func (r *Resource) strays(ctx context.Context, m *model, v link.View) bool {
	l, err := toLink(ctx, r.Accounts, m, nil)
	if err != nil {
		return false
	}
	for side, e := range l.Ends {
		if e == nil || !v[side].Amendable() {
			continue
		}
		for _, d := range e.Drift(v[side], m.vouched(v)) {
			if d.InPlace {
				return true
			}
		}
	}
	return false
}

// vouched is the shared id that the state has of the link, where an end still
// says it and none says another. An end that has lost it gets it back.
func (m *model) vouched(v link.View) string {
	if id := m.SharedID.ValueString(); id != "" && strings.EqualFold(id, v.SharedID()) {
		return id
	}
	return ""
}

// isStray is what a note under strayKey says.
func isStray(note []byte) bool { return string(note) == "true" }

// strayNote is the note under strayKey.
func strayNote(stray bool) []byte { return fmt.Append(nil, stray) }
