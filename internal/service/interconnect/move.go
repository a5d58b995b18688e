package interconnect

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

var _ resource.ResourceWithMoveState = (*Resource)(nil)

// source is a resource of another provider that is one end of a link. Of its
// state only what names the end is taken: it may hold an activation key.
type source struct {
	// provider is namespace and type, without the host: mirrors and other
	// registries have the same providers under their own names.
	provider, resource string
	// name is the end's name in the state, one of those that a link is imported
	// by.
	name func(attributes map[string]any) string
}

// sources are the resources that a link takes over from.
func sources() []source {
	arn := func(a map[string]any) string { return firstText(a, "arn") }
	transport := func(a map[string]any) string {
		if id := firstText(a, "id"); strings.Contains(id, "/transports/") {
			return id
		}
		return googleend.TransportName(firstText(a, "project"), firstText(a, "region"), firstText(a, "name"))
	}
	return []source{
		{"hashicorp/aws", "aws_interconnect_connection", arn},
		{"hashicorp/aws", "aws_interconnect_connection_proposal_acceptor", arn},
		{"hashicorp/awscc", "awscc_interconnect_connection", arn},
		{"hashicorp/google", "google_network_connectivity_transport", transport},
		{"hashicorp/google-beta", "google_network_connectivity_transport", transport},
	}
}

// MoveState takes one end over from another provider's resource, for a "moved"
// block. Terraform asks for it before the provider is configured, so nothing is
// looked up here: the refresh that follows finds the other end.
func (r *Resource) MoveState(context.Context) []resource.StateMover {
	var movers []resource.StateMover
	for _, s := range sources() {
		movers = append(movers, resource.StateMover{StateMover: s.move})
	}
	return movers
}

// move is one source's mover. It leaves alone what is not its own.
func (s source) move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if req.SourceTypeName != s.resource || !sameProvider(req.SourceProviderAddress, s.provider) || req.SourceRawState == nil {
		return
	}
	var attributes map[string]any
	if err := json.Unmarshal(req.SourceRawState.JSON, &attributes); err != nil {
		resp.Diagnostics.AddError("The resource cannot be moved", fmt.Sprintf("The state of %s is not a JSON object.", s.resource))
		return
	}
	m, err := half(s.name(attributes))
	if err != nil {
		resp.Diagnostics.AddError("The resource cannot be moved",
			fmt.Sprintf("The state of %s does not say which end it is: %v.\n\nWhat to do: Import the link instead.", s.resource, err))
		return
	}
	resp.Diagnostics.Append(resp.TargetState.Set(ctx, m)...)
}

// sameProvider compares namespace and type of a provider's address, which may or
// may not begin with a host.
func sameProvider(address, want string) bool {
	parts := strings.Split(address, "/")
	return len(parts) >= 2 && strings.Join(parts[len(parts)-2:], "/") == want
}

// firstText is an attribute's text; empty when it is none.
func firstText(attributes map[string]any, key string) string {
	s, _ := attributes[key].(string)
	return s
}

// half is the model of a link of which nothing is known but one end's name. It
// has no name of its own yet, which is how the next refresh knows it.
func half(end string) (*model, error) {
	m := blank()
	m.WaitFor, m.OnIncomplete = types.StringValue(string(link.Available)), types.StringValue(incompleteWarn)
	m.DeletionProtection, m.Initiator = types.BoolValue(false), types.StringValue(cloudAWS)
	if region, account, connection, err := awsend.ParseARN(end); err == nil {
		m.AWS.ARN, m.AWS.Region = types.StringValue(end), types.StringValue(region)
		m.AWS.AccountID, m.AWS.ConnectionID = types.StringValue(account), types.StringValue(connection)
		return m, nil
	}
	project, region, _, err := googleend.ParseTransportName(end)
	if err != nil {
		return nil, err
	}
	m.Google.TransportID = types.StringValue(end)
	m.Google.Project, m.Google.Region = types.StringValue(project), types.StringValue(region)
	return m, nil
}

// halved says that the model was moved from another resource and has not been
// read since.
func (m *model) halved() bool { return m.Name.IsNull() && m.alone() == "" }

// complete reads a link of which one end was moved here, and finds the other.
func (r *Resource) complete(ctx context.Context, m *model) (*model, diag.Diagnostics) {
	var diags diag.Diagnostics
	end := m.AWS.ARN
	if end.IsNull() {
		end = m.Google.TransportID
	}
	whole, err := r.find(ctx, end.ValueString())
	if err != nil {
		diags.Append(service.Diagnose("The link of a moved resource cannot be read", err))
		return nil, diags
	}
	whole.Timeouts = m.Timeouts
	return whole, diags
}

// unread refuses to plan for what was moved and not read.
func unread() diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("id"), "The moved link has not been read yet",
		"The resource was moved here from another provider's, which knew one end only. The other is found by a refresh.\n\n"+
			"What exists now: The link is as it was.\n\nWhat to do: Plan with a refresh (without -refresh=false).")
}
