package attachment

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	domain "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// diagnose is service.Diagnose, with the import block for what exists.
func diagnose(err error, m *model, summary string) diag.Diagnostic {
	if e, ok := errors.AsType[*link.Error](err); ok && (e.Code == domain.CodeExists || e.Code == domain.CodeForeign) {
		id := attachmentID(m.Interconnect.ValueString(), m.Name.ValueString())
		if m.AWS != nil {
			id += "/" + m.AWS.GatewayID.ValueString()
		}
		e.Remedy = fmt.Sprintf("%s To import it:\n\nimport {\n  to = %s.<name>\n  id = %q\n}", e.Remedy, TypeName, id)
	}
	return service.Diagnose(summary, err)
}

// pairingWarning tells of an attachment whose ends do not go together. That one
// end is not ours to see, or that the link is not up yet, is no news.
func pairingWarning(m *model, p domain.Pairing) diag.Diagnostics {
	switch p.Status {
	case domain.Matched, domain.Unverified, domain.Provisioning:
		return nil
	}
	detail := p.Summary
	detail += "\n\nWhat exists now: " + now(m)
	if p.Remedy != "" {
		detail += "\n\nWhat to do: " + p.Remedy
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("pairing"), fmt.Sprintf("The attachment %s is %s", m.Name.ValueString(), p.Status), detail)}
}

// now describes both parts.
func now(m *model) string {
	out := ""
	if m.AWS != nil {
		out = fmt.Sprintf("AWS association %s: %s", m.AWS.AssociationID.ValueString(), m.AWS.State.ValueString())
	}
	if m.Google != nil {
		if out != "" {
			out += "; "
		}
		out += fmt.Sprintf("Google %s: %s", m.Google.AttachmentID.ValueString(), m.Google.State.ValueString())
	}
	return out
}
