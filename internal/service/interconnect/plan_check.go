package interconnect

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// checkable says that enough is known to ask the clouds: where both ends are.
// What else is unknown is checked before the creation.
func (m *model) checkable() bool {
	return values.Known(m.Name) && (m.AWS == nil || values.Known(m.AWS.Region)) && (m.Google == nil || values.Known(m.Google.Project, m.Google.Region))
}

// check runs the preflight and turns what it found into diagnostics. A check
// that passed a moment ago is not made again.
func (r *Resource) check(ctx context.Context, m *model, key activation.Key, creating bool) (link.Preflight, diag.Diagnostics) {
	var diags diag.Diagnostics
	same := checkKey(m, key, creating)
	if c, ok := r.checks.get(same); ok {
		r.Accounts.Tell(service.Checked{Looks: c.found.Looks, Findings: c.found.Findings})
		return c.found, c.diags
	}
	l, err := toLink(ctx, r.Accounts, m, nil)
	if err != nil {
		r.Accounts.Tell(service.Checked{Err: err})
		diags.Append(service.Diagnose("The clouds cannot be reached", err))
		return link.Preflight{}, diags
	}
	l.Key = key
	found, err := r.driver(nil).Check(ctx, l, m.want(), creating)
	if err != nil {
		r.Accounts.Tell(service.Checked{Looks: found.Looks, Findings: found.Findings, Err: err})
		diags.Append(service.Diagnose("The link cannot be checked", err))
		return found, diags
	}
	r.Accounts.Tell(service.Checked{Looks: found.Looks, Findings: found.Findings})
	diags = service.Findings(found.Findings)
	if !diags.HasError() {
		r.checks.put(same, checked{time.Now(), found, diags})
	}
	return found, diags
}

// adoptTerms fills in what a check has told: the environment on both ends, the
// account, and the smallest bandwidth that both sell where none is given. What
// another team's key opens is in the key.
func (m *model) adoptTerms(p link.Preflight) {
	aws, google := m.side(cloudAWS), m.side(cloudGoogle)
	adopt(&m.EnvironmentID, p.Terms[aws].Environment)
	adopt(&m.RemoteProfile, lastPart(p.Terms[google].Environment))
	if m.AWS != nil {
		adopt(&m.AWS.AccountID, p.Sites[aws].Account)
	}
	if m.accepts() {
		m.adoptOffer(p.Offer)
		return
	}
	if m.Bandwidth.IsUnknown() && len(p.Tiers) > 0 {
		m.Bandwidth = values.NewBandwidth(p.Tiers[0])
	}
}

// adoptOffer fills in what another team's key has told.
func (m *model) adoptOffer(o link.Offer) {
	adopt(&m.SharedID, o.SharedID)
	if m.AWS != nil {
		adopt(&m.EnvironmentID, o.Environment)
	}
	if m.Google != nil {
		adopt(&m.RemoteProfile, o.Environment)
	}
	if m.Bandwidth.IsUnknown() && o.Bandwidth != 0 {
		m.Bandwidth = values.NewBandwidth(o.Bandwidth)
	}
}

// adopt fills in what is not known yet.
func adopt(v *types.String, says string) {
	if v.IsUnknown() && says != "" {
		*v = types.StringValue(says)
	}
}
