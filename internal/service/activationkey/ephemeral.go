package activationkey

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// TypeName is what users write.
const TypeName = "crosscloud_activation_key"

var _ ephemeral.EphemeralResourceWithConfigure = (*Resource)(nil)

// Resource is crosscloud_activation_key.
type Resource struct{ noun.Ephemeral }

// New makes the ephemeral resource.
func New() ephemeral.EphemeralResource {
	return &Resource{noun.Ephemeral{Type: TypeName}}
}

// Open reads the key from the end that issued it.
func (r *Resource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m model
	ctx, cancel := r.Begin(ctx, req, resp, &m)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	o, err := r.read(ctx, m.Interconnect.ValueString())
	if err != nil {
		resp.Diagnostics.Append(cannotRead(err))
		return
	}
	if o.State == link.Creating || o.State == link.AwaitingPeer && o.Key.IsZero() {
		resp.Diagnostics.AddAttributeError(path.Root("interconnect"), "The activation key is not issued yet",
			fmt.Sprintf("%s is %s, and its cloud shows no activation key.\n\nWhat to do: Apply again.", o.ID, o.Raw))
		return
	}
	m.fromObservation(o)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}

// read reads the end that is named, and no other.
func (r *Resource) read(ctx context.Context, id string) (link.Observation, error) {
	f, err := r.Accounts.Links().FindEnd(ctx, id)
	if f.AWS.State != link.Unseen {
		return f.AWS, err
	}
	return f.Google, err
}

// cannotRead is the diagnostic of an end that does not exist or cannot be read.
func cannotRead(err error) diag.Diagnostic {
	const summary = "The activation key cannot be read"
	if _, isCloud := errors.AsType[*cloud.Error](err); isCloud {
		return service.Diagnose(summary, err)
	}
	d := service.Diagnose(summary, &link.Error{
		Summary: summary, Err: err,
		Remedy: "Name the end by google.transport_id or aws.arn of its crosscloud_interconnect: both are known only once the end exists, so the key is not asked for earlier.",
	})
	return diag.WithPath(path.Root("interconnect"), d)
}

// fromObservation takes what the end tells. The key is there only while it can
// be redeemed.
func (m *model) fromObservation(o link.Observation) {
	m.Pending = types.BoolValue(o.State == link.AwaitingPeer)
	m.State, m.SharedID = types.StringValue(o.Raw), values.Text(o.SharedID)
	m.Bandwidth, m.Account = values.NewBandwidth(o.Bandwidth), types.StringNull()
	m.ActivationKey = values.Text(o.Key.Reveal())
	if p, err := o.Key.Decode(); err == nil {
		m.Account = types.StringValue(p.AccountID)
	}
}
