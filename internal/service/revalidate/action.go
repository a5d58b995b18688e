package revalidate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// TypeName is what users write.
const TypeName = "crosscloud_revalidate_pairing"

// lookTimeout is for reading both ends once.
const lookTimeout = 5 * time.Minute

// What to do about a link that is not matched.
const (
	warn = "warn"
	fail = "error"
)

var _ action.ActionWithConfigure = (*Action)(nil)

// Action is crosscloud_revalidate_pairing.
type Action struct{ accounts *service.Accounts }

// New makes the action.
func New() action.Action { return &Action{} }

// model is the action's configuration.
type model struct {
	Interconnect types.String         `tfsdk:"interconnect"`
	Wait         timetypes.GoDuration `tfsdk:"wait"`
	OnMismatch   types.String         `tfsdk:"on_mismatch"`
}

// Metadata names it.
func (a *Action) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = TypeName
}

// Schema is what users write.
func (a *Action) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads both ends of a link and compares them now: after a change by hand, on a schedule, or when another resource has changed. " +
			"It changes nothing, on neither cloud. A link that is not `matched` is an error, or a warning, that names the end, the fields with both values, and what to do.",
		Attributes: map[string]schema.Attribute{
			"interconnect": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The link: the `id` of a `crosscloud_interconnect`, or another name of it, which is " + inventory.NameForms + ".",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"wait": schema.StringAttribute{
				CustomType: timetypes.GoDurationType{}, Optional: true,
				MarkdownDescription: "How long to wait for a link that is being provisioned or changed, such as \"20m\". Default: not at all; such a link is then not matched.",
			},
			"on_mismatch": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "`error` (default) or `warn`.",
				Validators:          []validator.String{stringvalidator.OneOf(warn, fail)},
			},
		},
	}
}

// Configure takes the accounts from the provider.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	accounts, diags := service.FromProviderData(req.ProviderData)
	resp.Diagnostics.Append(diags...)
	a.accounts = accounts
}

// Invoke reads both ends and says what comparing them says.
func (a *Action) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	var wait time.Duration
	if !m.Wait.IsNull() && !m.Wait.IsUnknown() {
		d, diags := m.Wait.ValueGoDuration()
		resp.Diagnostics.Append(diags...)
		wait = d
	}
	if resp.Diagnostics.HasError() {
		return
	}
	progress := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
	seen, err := a.look(ctx, m.Interconnect.ValueString(), wait, progress)
	if err != nil {
		d := service.Diagnose("The link cannot be compared", err)
		resp.Diagnostics.Append(diag.NewAttributeErrorDiagnostic(path.Root("interconnect"), d.Summary(), d.Detail()))
		return
	}
	p := link.Pair(seen.Link, seen.View)
	progress("%s is %s: %s", seen.Name, p.Status, p.Summary)
	switch {
	case p.Status == link.Matched:
	case m.OnMismatch.ValueString() == warn:
		resp.Diagnostics.AddAttributeWarning(path.Root("interconnect"), mismatch(seen, p), detail(seen, p))
	default:
		resp.Diagnostics.AddAttributeError(path.Root("interconnect"), mismatch(seen, p), detail(seen, p))
	}
}

// look reads both ends until they are not on the move, or the time is up.
func (a *Action) look(ctx context.Context, id string, wait time.Duration, progress func(string, ...any)) (link.Seen, error) {
	pace, clock := a.accounts.Pace, cloud.SystemClock{}
	if pace == (cloud.Pace{}) {
		pace = cloud.DefaultPace()
	}
	start := clock.Now()
	for {
		seen, err := a.once(ctx, id)
		if err != nil {
			return seen, err
		}
		waited := clock.Now().Sub(start)
		if link.Pair(seen.Link, seen.View).Status != link.Provisioning || waited >= wait {
			return seen, nil
		}
		progress("%s: %s", seen.Name, exists(seen))
		if err := clock.Sleep(ctx, min(pace.Interval(waited), wait-waited)); err != nil {
			return seen, err
		}
	}
}

// once reads both ends.
func (a *Action) once(ctx context.Context, id string) (link.Seen, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	return a.accounts.Links().One(ctx, id)
}

// mismatch is the summary of a link that is not matched.
func mismatch(s link.Seen, p link.Pairing) string {
	return fmt.Sprintf("The link %s is %s", s.Name, p.Status)
}

// detail says what differs, what exists and what to do.
func detail(s link.Seen, p link.Pairing) string {
	var b strings.Builder
	b.WriteString(p.Summary)
	for _, d := range p.Differences {
		fmt.Fprintf(&b, "\n  %s: AWS has %q, Google has %q", d.Field, d.Values["aws"], d.Values["google"])
	}
	fmt.Fprintf(&b, "\n\nWhat exists now: %s", exists(s))
	if p.Remedy != "" {
		fmt.Fprintf(&b, "\n\nWhat to do: %s", p.Remedy)
	}
	return b.String()
}

// exists is both ends in one line.
func exists(s link.Seen) string {
	say := func(o link.Observation) string {
		if o.ID == "" {
			return "not to be seen"
		}
		return o.ID + ": " + o.Raw
	}
	return fmt.Sprintf("AWS connection %s; Google transport %s", say(s.View[inventory.SideAWS]), say(s.View[inventory.SideGoogle]))
}
