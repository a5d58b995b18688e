package interconnect

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// importForms says in words what may be imported.
const importForms = "the transport's full name (projects/<project>/locations/<region>/transports/<name>), " +
	"the connection's ARN, or <aws region>/<connection id> (us-east-1/mcc-1a2b3c4d)"

var regional = regexp.MustCompile(`^([a-z]{2}(?:-[a-z]+)+-[0-9]{1,2})/((?:mcc|lmcc)-[a-z0-9]{8})$`)

// found is a link of which one end was named and the other looked for.
type found struct {
	aws, google link.Observation
}

// ImportState imports a whole link by any of its names: the other end is found
// by the shared id.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	id := req.ID
	if id == "" && req.Identity != nil {
		var i identity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &i)...)
		if resp.Diagnostics.HasError() {
			return
		}
		id = googleend.TransportName(i.Project.ValueString(), i.Region.ValueString(), i.Name.ValueString())
	}
	pair, err := r.search(ctx, id)
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The link cannot be imported", err))
		return
	}
	m, err := r.imported(ctx, pair)
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The link cannot be imported", err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.identity())...)
}

// search finds both ends of a link from the name of one.
func (r *Resource) search(ctx context.Context, id string) (found, error) {
	if region, account, connection, err := awsend.ParseARN(id); err == nil {
		return r.fromConnection(ctx, region, connection, account)
	}
	if m := regional.FindStringSubmatch(id); m != nil {
		return r.fromConnection(ctx, m[1], m[2], "")
	}
	project, region, name, err := googleend.ParseTransportName(id)
	if err != nil {
		return found{}, fmt.Errorf("%q names no link: give %s", clip(id), importForms)
	}
	return r.fromTransport(ctx, project, region, name)
}

// fromConnection finds the transport that shares a connection's id.
func (r *Resource) fromConnection(ctx context.Context, region, id, account string) (found, error) {
	amazon, err := r.accounts.AWS(ctx)
	if err != nil {
		return found{}, err
	}
	ours, err := amazon.ID(ctx)
	if err != nil {
		return found{}, err
	}
	if account != "" && account != ours {
		return found{}, fmt.Errorf("the ARN is of account %s, and the credentials are of account %s", account, ours)
	}
	connection, err := awsend.New(amazon, awsend.Config{Region: region}).Observe(ctx, link.Ref{ID: id})
	if err != nil {
		return found{}, err
	}
	if connection.State.Gone() {
		return found{}, fmt.Errorf("AWS knows no connection %s in %s", id, region)
	}
	google, err := r.accounts.Google(ctx)
	if err != nil {
		return found{}, err
	}
	end := googleend.New(google, googleend.Config{Region: connection.PeerSite.Region})
	transport, err := end.Match(ctx, connection.SharedID)
	if err != nil {
		return found{}, err
	}
	if transport.State.Gone() {
		return found{}, fmt.Errorf("connection %s has the shared id %s, and no transport in project %s, region %s, says that it has the same: "+
			"give the transport's project in the provider's google block", id, connection.SharedID, google.Project(), connection.PeerSite.Region)
	}
	return found{connection, transport}, nil
}

// fromTransport finds the connection that shares a transport's id.
func (r *Resource) fromTransport(ctx context.Context, project, region, name string) (found, error) {
	google, err := r.accounts.Google(ctx)
	if err != nil {
		return found{}, err
	}
	id := googleend.TransportName(project, region, name)
	transport, err := googleend.New(google, googleend.Config{Name: name, Project: project, Region: region}).Observe(ctx, link.Ref{ID: id})
	if err != nil {
		return found{}, err
	}
	switch {
	case transport.State.Gone():
		return found{}, fmt.Errorf("Google knows no transport %s", id) //nolint:staticcheck // Google is a name.
	case transport.SharedID == "":
		return found{}, fmt.Errorf("the transport %s does not say which link it belongs to: import the link by the connection's ARN", id)
	}
	amazon, err := r.accounts.AWS(ctx)
	if err != nil {
		return found{}, err
	}
	connection, err := awsend.New(amazon, awsend.Config{Region: transport.PeerSite.Region}).Match(ctx, transport.SharedID)
	if err != nil {
		return found{}, err
	}
	if connection.State.Gone() {
		return found{}, fmt.Errorf("the transport %s has the shared id %s, and no connection of this AWS account in %s has the same", id, transport.SharedID, transport.PeerSite.Region)
	}
	return found{connection, transport}, nil
}

// imported is the model of a link that was found.
func (r *Resource) imported(ctx context.Context, f found) (*model, error) {
	project, region, name, err := googleend.ParseTransportName(f.google.ID)
	if err != nil {
		return nil, err
	}
	m := blank()
	m.Name, m.Google.Project, m.Google.Region = types.StringValue(name), types.StringValue(project), types.StringValue(region)
	m.AWS.Region = types.StringValue(f.aws.Site.Region)
	m.WaitFor, m.DeletionProtection = types.StringValue(string(link.Available)), types.BoolValue(false)
	m.Initiator = types.StringValue(cloudAWS)
	if f.google.PeerSite.Account != "" {
		// Only a transport that issued its own key names the other account.
		m.Initiator = types.StringValue(cloudGoogle)
	}
	if d, ok := f.aws.Detail.(*awsend.Detail); ok {
		all := maps.Clone(d.Foreign)
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, d.Tags)
		m.AWS.TagsAll, m.AWS.Tags = toMap(all), own(all, r.accounts.DefaultTags)
		m.Description = types.StringValue(d.Description)
	}
	if d, ok := f.google.Detail.(googleend.Transport); ok {
		labels := maps.Clone(d.Labels)
		maps.DeleteFunc(labels, func(k, _ string) bool { return strings.HasPrefix(k, "crosscloud-") })
		m.Google.LabelsAll, m.Google.Labels = toMap(labels), own(labels, r.accounts.DefaultLabels)
	}
	l, err := toLink(ctx, r.accounts, m, nil)
	if err != nil {
		return nil, err
	}
	var v link.View
	v[m.side(cloudAWS)], v[m.side(cloudGoogle)] = f.aws, f.google
	m.fromView(l, v)
	m.Google.Network, m.Google.Hub = short(m.Google.Network, project), short(m.Google.Hub, project)
	return m, nil
}

// short is the bare name of what is in the transport's own project.
func short(v types.String, project string) types.String {
	if v.IsNull() || projectOf(v.ValueString()) != project {
		return v
	}
	return types.StringValue(lastPart(v.ValueString()))
}

// own is what is not a default; null when that is nothing.
func own(all, defaults map[string]string) types.Map {
	rest := maps.Clone(all)
	maps.DeleteFunc(rest, func(k, v string) bool { d, ok := defaults[k]; return ok && d == v })
	if len(rest) == 0 {
		return types.MapNull(types.StringType)
	}
	return toMap(rest)
}

// nullTimeouts is the timeouts attribute when it is not given.
func nullTimeouts() timeouts.Value {
	return timeouts.Value{Object: types.ObjectNull(map[string]attr.Type{
		"create": types.StringType, "read": types.StringType, "update": types.StringType, "delete": types.StringType,
	})}
}

// clip keeps a hostile id from filling a message.
func clip(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
