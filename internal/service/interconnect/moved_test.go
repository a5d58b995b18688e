package interconnect_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	tfresource "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
)

// elsewhere is another provider with one resource, which keeps what it is given.
type elsewhere struct{ name, resource, attribute string }

func (p elsewhere) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = p.name
}
func (elsewhere) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (elsewhere) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (elsewhere) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (p elsewhere) Resources(context.Context) []func() tfresource.Resource {
	return []func() tfresource.Resource{func() tfresource.Resource { return end{p} }}
}

// end is a resource of another provider for one end of a link.
type end struct{ of elsewhere }

func (e end) Metadata(_ context.Context, _ tfresource.MetadataRequest, resp *tfresource.MetadataResponse) {
	resp.TypeName = e.of.resource
}

func (e end) Schema(_ context.Context, _ tfresource.SchemaRequest, resp *tfresource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{e.of.attribute: schema.StringAttribute{Required: true}}}
}

func (end) Create(_ context.Context, req tfresource.CreateRequest, resp *tfresource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
}
func (end) Read(context.Context, tfresource.ReadRequest, *tfresource.ReadResponse)       {}
func (end) Update(context.Context, tfresource.UpdateRequest, *tfresource.UpdateResponse) {}
func (end) Delete(context.Context, tfresource.DeleteRequest, *tfresource.DeleteResponse) {}

// TestMoved takes an end over from another provider's resource by a "moved"
// block: nothing is made, changed or removed.
func TestMoved(t *testing.T) {
	for _, p := range []elsewhere{
		{"aws", "aws_interconnect_connection", "arn"},
		{"awscc", "awscc_interconnect_connection", "arn"},
		{"google", "google_network_connectivity_transport", "id"},
	} {
		t.Run(p.resource, func(t *testing.T) {
			t.Parallel()
			s := acceptance.New(t)
			factories := maps.Clone(acceptance.Factories())
			factories[p.name] = func() (tfprotov6.ProviderServer, error) {
				return providerserver.NewProtocol6WithError(p)()
			}
			cfg := fixture(t, s, "min.tf", `owner = "acme/test"`)
			var name string
			var calls []string
			// The link is made by this provider, and then known by the other's
			// resource alone: an end that somebody has made.
			kept := strings.Replace(cfg, `resource "crosscloud_interconnect" "test"`, `resource "crosscloud_interconnect" "maker"`, 1)
			reference := map[string]string{"arn": "crosscloud_interconnect.maker.aws.arn", "id": "crosscloud_interconnect.maker.google.transport_id"}[p.attribute]
			moved := "\nmoved {\n  from = " + p.resource + ".old\n  to = crosscloud_interconnect.test\n}\n" +
				"removed {\n  from = crosscloud_interconnect.maker\n  lifecycle {\n    destroy = false\n  }\n}\n"
			first := fmt.Sprintf("%s\nresource %q \"old\" {\n  %s = %s\n}\n", kept, p.resource, p.attribute, reference)
			resource.UnitTest(t, resource.TestCase{
				TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
				ProtoV6ProviderFactories: factories, CheckDestroy: s.Empty,
				Steps: []resource.TestStep{
					{Config: first, ConfigVariables: gateway(s), Check: func(st *terraform.State) error {
						name = st.RootModule().Resources[p.resource+".old"].Primary.Attributes[p.attribute]
						s.Forget()
						return nil
					}},
					{
						Config: cfg + moved, ConfigVariables: gateway(s),
						ConfigPlanChecks:  does(plancheck.ResourceActionNoop),
						ConfigStateChecks: []statecheck.StateCheck{has("matched", "pairing", "status"), has("min", "name")},
						Check: func(st *terraform.State) error {
							at := map[string]string{"arn": "aws.arn", "id": "google.transport_id"}[p.attribute]
							if got := st.RootModule().Resources[address].Primary.Attributes[at]; got != name {
								t.Errorf("the end is %q, and was %q", got, name)
							}
							calls = s.Calls()
							return nil
						},
					},
				},
			})
			for _, c := range calls {
				if strings.Contains(c, "Create") || strings.Contains(c, "Delete") || strings.Contains(c, "Update") || strings.Contains(c, "Tag") && !strings.Contains(c, "List") {
					t.Errorf("the move called %s", c)
				}
			}
		})
	}
}
