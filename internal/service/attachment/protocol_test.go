package attachment_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

const (
	ofLink       = "crosscloud_interconnect"
	ofAttachment = "crosscloud_attachment"
	transport    = "projects/sandbox-project/locations/us-east4/transports/path"
)

// path speaks the protocol about one link and one attachment of it.
type path struct {
	*acceptance.Protocol
	t                *testing.T
	stage            *acceptance.Stage
	link, attachment acceptance.State
	config           map[string]any
}

// build makes a link, and an attachment of it, from nothing.
func build(t *testing.T, s *acceptance.Stage, google, aws map[string]any) *path {
	t.Helper()
	p := &path{Protocol: acceptance.Speak(t, s, "acme/test"), t: t, stage: s}
	google["advertised_routes"] = []any{"10.128.0.0/20"}
	var said string
	p.link, said = p.Apply(ofLink, acceptance.State{}, map[string]any{
		"name": "path", "bandwidth": "1Gbps", "google": google, "aws": map[string]any{"direct_connect_gateway_id": s.GatewayID},
	})
	if strings.Contains(said, "ERROR") {
		t.Fatal(said)
	}
	p.apply(map[string]any{"name": "vpc", "interconnect": transport, "aws": aws, "google": map[string]any{}}, "")
	return p
}

// apply applies a configuration, and plans it again: nothing is left to do. What is
// said has to contain a text, or to be nothing.
func (p *path) apply(config map[string]any, want string) {
	p.t.Helper()
	after, said := p.Apply(ofAttachment, p.attachment, config)
	if strings.Contains(said, "ERROR") || said != "" && (want == "" || !strings.Contains(said, want)) {
		p.t.Fatalf("applying said %q, want %q", said, want)
	}
	p.attachment, p.config = after, config
	p.unchanged(p.attachment)
}

// unchanged holds that the plan after a refresh of a state is empty.
func (p *path) unchanged(state acceptance.State) {
	p.t.Helper()
	now, said := p.Refresh(ofAttachment, state)
	if strings.Contains(said, "ERROR") {
		p.t.Fatal(said)
	}
	planned, said := p.Plan(ofAttachment, now, p.config)
	if strings.Contains(said, "ERROR") || !planned.Equal(now.Value) {
		differences, _ := now.Value.Diff(planned)
		p.t.Fatalf("the plan is not empty: %v\n%s", differences, said)
	}
}

// texts are what an attachment says at some places.
func (p *path) texts(places ...string) map[string]string {
	got := map[string]string{}
	for _, place := range places {
		got[place] = acceptance.Text(p.attachment.Value, strings.Split(place, ".")...)
	}
	return got
}

// prefixes are the pairing's, each with who offers it and whether it was learned.
func (p *path) prefixes() []string {
	p.t.Helper()
	var all []tftypes.Value
	value, _, err := tftypes.WalkAttributePath(p.attachment.Value, tftypes.NewAttributePath().WithAttributeName("pairing").WithAttributeName("prefixes"))
	if err != nil || value.(tftypes.Value).As(&all) != nil {
		p.t.Fatalf("the pairing shows no prefixes: %v", err)
	}
	var rows []string
	for _, one := range all {
		var object map[string]tftypes.Value
		var yes *bool
		if err := one.As(&object); err != nil {
			p.t.Fatal(err)
		}
		if err := object["learned"].As(&yes); err != nil {
			p.t.Fatal(err)
		}
		learned := "unknown"
		if yes != nil {
			learned = map[bool]string{true: "learned", false: "lost"}[*yes]
		}
		rows = append(rows, strings.Join([]string{acceptance.Text(one, "prefix"), acceptance.Text(one, "offered_by"), learned}, " "))
	}
	return rows
}

// importByIdentity imports the attachment by the identity that its state has, and
// holds that this is the same attachment, with nothing to change.
func (p *path) importByIdentity() {
	p.t.Helper()
	resp, err := p.ImportResourceState(p.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: ofAttachment, Identity: p.attachment.Identity})
	if err != nil {
		p.t.Fatal(err)
	}
	if said := acceptance.Said(resp.Diagnostics); said != "" {
		p.t.Fatal(said)
	}
	typ := p.Schemas.ResourceSchemas[ofAttachment].ValueType()
	got, err := resp.ImportedResources[0].State.Unmarshal(typ)
	if err != nil {
		p.t.Fatal(err)
	}
	differences, err := p.attachment.Value.Diff(got)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, d := range differences {
		p.t.Errorf("%s: the state has %s, imported is %s", d.Path, d.Value1, d.Value2)
	}
	p.unchanged(acceptance.State{Value: got, Private: resp.ImportedResources[0].Private, Identity: resp.ImportedResources[0].Identity})
}

// destroy removes the attachment, and then the link.
func (p *path) destroy() {
	p.t.Helper()
	for _, r := range []struct {
		name  string
		state acceptance.State
	}{{ofAttachment, p.attachment}, {ofLink, p.link}} {
		if after, said := p.Apply(r.name, r.state, nil); strings.Contains(said, "ERROR") || !after.Value.IsNull() {
			p.t.Fatal(r.name, said)
		}
	}
	if err := p.stage.Empty(nil); err != nil {
		p.t.Error(err)
	}
}

// TestTransitGateway attaches a transit gateway: it offers the allowed prefixes as
// they are, they change in place, and what it has learned is in its route table.
func TestTransitGateway(t *testing.T) {
	s := acceptance.New(t)
	gateway := s.AWS.CreateTransitGateway(sandbox.DefaultAWSRegion, 64600)
	side := func(prefixes ...any) map[string]any {
		return map[string]any{"gateway_id": gateway, "allowed_prefixes": prefixes}
	}
	p := build(t, s, map[string]any{"network": "default"}, side("10.64.0.0/15"))
	want := map[string]string{"pairing.status": "matched", "aws.state": "associated", "google.state": "ACTIVE", "aws.gateway_id": gateway}
	if diff := cmp.Diff(want, p.texts("pairing.status", "aws.state", "google.state", "aws.gateway_id")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"10.64.0.0/15 aws learned", "10.128.0.0/20 google learned"}, p.prefixes()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	association := acceptance.Text(p.attachment.Value, "aws", "association_id")
	p.config["aws"] = side("10.64.0.0/16", "172.16.0.0/12")
	p.apply(p.config, "")
	if diff := cmp.Diff([]string{"10.64.0.0/16 aws learned", "172.16.0.0/12 aws learned", "10.128.0.0/20 google learned"}, p.prefixes()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if now := acceptance.Text(p.attachment.Value, "aws", "association_id"); association == "" || now != association {
		t.Errorf("the association is %q, and was %q", now, association)
	}
	p.importByIdentity()
	p.destroy()
}

// TestHub attaches a link that joins a hub: its spoke comes with the transport and
// is only watched, through a rejection too.
func TestHub(t *testing.T) {
	s := acceptance.New(t)
	if err := s.Google.CreateHub(sandboxgoogle.DefaultProject, "wan"); err != nil {
		t.Fatal(err)
	}
	p := build(t, s, map[string]any{"hub": "wan"}, map[string]any{"gateway_id": s.VPNGatewayID})
	spoke := "projects/sandbox-project/locations/us-east4/spokes/path"
	places := []string{"pairing.status", "aws.state", "google.state", "google.attachment_id", "google.network", "google.hub"}
	want := map[string]string{
		"pairing.status": "matched", "aws.state": "associated", "google.state": "ACTIVE", "google.attachment_id": spoke,
		"google.network": "", "google.hub": "projects/sandbox-project/locations/global/hubs/wan",
	}
	if diff := cmp.Diff(want, p.texts(places...)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	// What the hub has learned is in its own route tables.
	if diff := cmp.Diff([]string{sandbox.SeedVPC + " aws unknown", "10.128.0.0/20 google learned"}, p.prefixes()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	p.importByIdentity()

	for _, rejected := range []bool{true, false} {
		if err := s.Google.RejectSpokes(transport, rejected); err != nil {
			t.Fatal(err)
		}
		var said string
		p.attachment, said = p.Refresh(ofAttachment, p.attachment)
		status := acceptance.Text(p.attachment.Value, "pairing", "status")
		if rejected && (status != "awaiting" || !strings.Contains(said, "rejected by the hub's administrator")) || !rejected && status != "matched" {
			t.Errorf("rejected %t: %s, said %q", rejected, status, said)
		}
	}

	s.Forget()
	p.destroy()
	for _, call := range s.Calls() {
		if strings.Contains(call, "Peering") {
			t.Errorf("a link on a hub has no peering, and %s was called", call)
		}
	}
}

// TestCoreNetwork attaches a core network, which Cloud WAN does: the attachment waits
// for it, or, with wait_for = "asked", does not.
func TestCoreNetwork(t *testing.T) {
	s := acceptance.New(t)
	const core = "core-network-0123456789abcdef0"
	p := build(t, s, map[string]any{"network": "default"}, map[string]any{"gateway_id": s.VPNGatewayID})
	p.apply(map[string]any{"name": "vpc", "interconnect": transport, "google": map[string]any{}}, "unverified")
	p.apply(map[string]any{
		"name": "vpc", "interconnect": transport, "wait_for": "asked", "google": map[string]any{}, "aws": map[string]any{"gateway_id": core},
	}, "Cloud WAN has not attached core network")
	if status := acceptance.Text(p.attachment.Value, "pairing", "status"); status != "awaiting" {
		t.Errorf("before Cloud WAN has attached it, the attachment is %s", status)
	}
	association, err := s.AWS.AttachCoreNetwork(s.GatewayID, core)
	if err != nil {
		t.Fatal(err)
	}
	delete(p.config, "wait_for")
	p.apply(p.config, "")
	want := map[string]string{"aws.state": "associated", "aws.association_id": association, "pairing.status": "matched"}
	if diff := cmp.Diff(want, p.texts("aws.state", "aws.association_id", "pairing.status")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	// It is Cloud WAN's: the attachment only looks no more.
	if after, said := p.Apply(ofAttachment, p.attachment, nil); strings.Contains(said, "ERROR") || !after.Value.IsNull() {
		t.Fatal(said)
	}
	if left := strings.Join(s.Left(), " "); !strings.Contains(left, association) {
		t.Errorf("the association is not left: %s", left)
	}
}
