package interconnect

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// diagnose is service.Diagnose, with the import block for a link that exists.
func diagnose(err error, m *model, summary string) diag.Diagnostic {
	if e, ok := errors.AsType[*link.Error](err); ok && e.Code == link.CodeExists && e.End == "" {
		e.Remedy = fmt.Sprintf("%s To import it, put this beside the resource; \"to\" is the resource's address, as it is named with this error:\n\nimport {\n  to = %s.%s\n  id = %q\n}",
			e.Remedy, TypeName, m.Name.ValueString(), m.importID(e.View))
	}
	return service.Diagnose(summary, err)
}

// goneWarning tells of a link that no cloud knows any more.
func goneWarning(m *model) diag.Diagnostic {
	what := "Neither AWS nor Google knows the link " + m.Name.ValueString() + " any more: somebody has removed both ends."
	switch m.alone() {
	case cloudAWS:
		what = "AWS does not know the connection of the link " + m.Name.ValueString() + " any more: somebody has removed it."
	case cloudGoogle:
		what = "Google does not know the transport of the link " + m.Name.ValueString() + " any more: somebody has removed it."
	}
	remedy := "Apply again to make it anew, or remove it from the configuration."
	if m.accepts() {
		remedy = "Ask the other team for the activation key of a new link and apply with it, or remove the link from the configuration."
	}
	return diag.NewWarningDiagnostic("The link is gone", what+"\n\nWhat to do: "+remedy)
}

// pairingWarning tells of a link that is not matched: the end, the fields with
// both values, the remedy.
func pairingWarning(m *model, p link.Pairing) diag.Diagnostic {
	var b strings.Builder
	b.WriteString(p.Summary)
	for _, d := range p.Differences {
		fmt.Fprintf(&b, "\n  %s: AWS has %q, Google has %q", d.Field, d.Values[cloudAWS], d.Values[cloudGoogle])
	}
	fmt.Fprintf(&b, "\n\nWhat exists now: %s", m.exists())
	if p.Remedy != "" {
		fmt.Fprintf(&b, "\n\nWhat to do: %s", p.Remedy)
	}
	return diag.NewAttributeWarningDiagnostic(path.Root("pairing"), fmt.Sprintf("The link %s is %s", m.Name.ValueString(), p.Status), b.String())
}
