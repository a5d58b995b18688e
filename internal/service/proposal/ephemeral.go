package proposal

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// TypeName is what users write.
const TypeName = "crosscloud_connection_proposal"

var _ ephemeral.EphemeralResourceWithConfigure = (*Resource)(nil)

// Resource is crosscloud_connection_proposal.
type Resource struct{ noun.Ephemeral }

// New makes the ephemeral resource.
func New() ephemeral.EphemeralResource {
	return &Resource{noun.Ephemeral{Type: TypeName}}
}

// model is the ephemeral resource as Terraform sees it.
type model struct {
	ActivationKey types.String `tfsdk:"activation_key"`
	AWSRegion     types.String `tfsdk:"aws_region"`
	Bandwidth     types.String `tfsdk:"bandwidth"`
	BandwidthMbps types.Int64  `tfsdk:"bandwidth_mbps"`
	EnvironmentID types.String `tfsdk:"environment_id"`
	PeerRegion    types.String `tfsdk:"peer_region"`
	SharedID      types.String `tfsdk:"shared_id"`
	AccountID     types.String `tfsdk:"account_id"`
}

// Open asks AWS to describe the key. The key is not used up by that.
func (r *Resource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m model
	ctx, cancel := r.Begin(ctx, req, resp, &m)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	key := activation.NewKey(m.ActivationKey.ValueString())
	region, terms, err := r.describe(ctx, m.AWSRegion.ValueString(), key)
	if err != nil {
		resp.Diagnostics.Append(refused(err, key))
		return
	}
	m.AWSRegion = types.StringValue(region)
	m.fill(terms, key)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}

// describe asks AWS in a region, or in the provider's.
func (r *Resource) describe(ctx context.Context, region string, key activation.Key) (string, link.Terms, error) {
	amazon, err := r.Accounts.AWS(ctx)
	if err != nil {
		return "", link.Terms{}, err
	}
	region = cmp.Or(region, amazon.Region())
	terms, err := awsend.New(amazon, awsend.Config{Region: region}).Inspect(ctx, key)
	return region, terms, err
}

// fill takes what AWS says, and what the key itself says besides.
func (m *model) fill(terms link.Terms, key activation.Key) {
	m.EnvironmentID, m.PeerRegion = values.Text(terms.Environment), values.Text(terms.PeerRegion)
	if len(terms.Tiers) == 1 {
		m.Bandwidth, m.BandwidthMbps = values.Text(terms.Tiers[0].String()), types.Int64Value(int64(terms.Tiers[0].InMbps()))
	}
	if p, err := key.Decode(); err == nil {
		m.SharedID, m.AccountID = values.Text(p.SharedID), values.Text(p.AccountID)
	}
}

// refused is the diagnostic of a key that AWS does not describe, with what the
// key says of itself, which is no secret.
func refused(err error, key activation.Key) diag.Diagnostic {
	d := service.Diagnose("AWS does not describe the activation key", err)
	says := "The key is not in the published format: it may be mangled, or of another kind."
	if p, derr := key.Decode(); derr == nil {
		says = "The key says that it is for " + p.Bandwidth.String() + " and for account " + p.AccountID + ", and belongs to the link " + p.SharedID + "."
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("activation_key"), "AWS does not describe the activation key", d.Detail()+"\n\n"+says+
		" A key is good once, in one AWS region, and lapses after some days: see whether it has been redeemed, and whether aws_region is the region that it is for.")
}
