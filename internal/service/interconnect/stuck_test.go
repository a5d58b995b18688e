package interconnect

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
)

// TestStuckCreation holds what is said of a creation that ran out of time on an end
// that is stuck, and that the link is kept unless the user wants an error.
func TestStuckCreation(t *testing.T) {
	for name, tt := range map[string]struct {
		onIncomplete string
		severity     diag.Severity
		summary      string
	}{
		"warn":  {incompleteWarn, diag.SeverityWarning, "The link ai is stuck in creation"},
		"error": {incompleteError, diag.SeverityError, "The time for this operation ran out"},
	} {
		t.Run(name, func(t *testing.T) {
			plan := &model{
				Name: types.StringValue("ai"), OnIncomplete: types.StringValue(tt.onIncomplete), Initiator: types.StringValue(cloudAWS),
				AWS: &awsModel{}, Google: &googleModel{},
			}
			l := link.Link{Ends: [2]link.End{
				blind{d: link.Descriptor{Cloud: cloudAWS, Name: "AWS", Object: "connection"}},
				blind{d: link.Descriptor{Cloud: cloudGoogle, Name: "Google", Object: "transport"}},
			}}
			var v link.View
			v[link.Acceptor] = link.Observation{Ref: link.Ref{ID: "projects/p/locations/r/transports/ai"}, State: link.Creating, Raw: "CREATING"}
			r := &Resource{Resource: noun.Resource{Accounts: &service.Accounts{}}}
			_, d := r.unfinished(t.Context(), l, plan, v, &link.Error{
				Code: link.CodeStuck, End: "Google", Summary: "The time for this operation ran out", Detail: "It is stuck.", Remedy: "Look at the perimeter.",
			})
			if d.Severity() != tt.severity || d.Summary() != tt.summary {
				t.Errorf("got %s: %s", d.Severity(), d.Summary())
			}
			for _, says := range []string{"It is stuck.", "Look at the perimeter.", "transports/ai", "Code: stuck_in_creation"} {
				if !strings.Contains(d.Detail(), says) {
					t.Errorf("it does not say %q:\n%s", says, d.Detail())
				}
			}
			if strings.Contains(d.Detail(), "tainted") != (tt.severity == diag.SeverityError) {
				t.Errorf("what becomes of the link is told wrongly:\n%s", d.Detail())
			}
		})
	}
}

// blind is an end that cannot be looked at.
type blind struct {
	link.End
	d link.Descriptor
}

func (b blind) Descriptor() link.Descriptor { return b.d }

func (blind) Observe(context.Context, link.Ref) (link.Observation, error) {
	return link.Observation{}, errors.New("not now")
}
