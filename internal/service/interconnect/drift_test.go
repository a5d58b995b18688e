package interconnect_test

import (
	"context"
	"maps"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"golang.org/x/oauth2"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/api/option"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// behind is somebody who changes the clouds behind Terraform's back, by the
// clouds' own APIs.
type behind struct {
	t      *testing.T
	stage  *acceptance.Stage
	aws    *interconnect.Client
	google *networkconnectivity.Service
}

func newBehind(t *testing.T, s *acceptance.Stage) *behind {
	t.Helper()
	service, err := networkconnectivity.NewService(context.Background(), option.WithEndpoint(s.GoogleURL+"/"),
		option.WithTokenSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: sandboxgoogle.AccessToken})))
	if err != nil {
		t.Fatal(err)
	}
	return &behind{t: t, stage: s, google: service, aws: interconnect.New(interconnect.Options{
		Region: sandbox.DefaultAWSRegion, BaseEndpoint: &s.AWSURL,
		Credentials: credentials.NewStaticCredentialsProvider(sandboxaws.DefaultAccessKeyID, sandboxaws.DefaultSecretAccessKey, ""),
	})}
}

// connection is the id of the one connection, transport the name of the one
// transport.
func (b *behind) connection() string {
	for _, r := range b.stage.AWS.Resources() {
		if r.Kind == "connection" {
			return r.ID
		}
	}
	b.t.Fatal("there is no connection")
	return ""
}

const transport = "projects/sandbox-project/locations/us-east4/transports/min"

func (b *behind) setBandwidth(to string) {
	id := b.connection()
	if _, err := b.aws.UpdateConnection(b.t.Context(), &interconnect.UpdateConnectionInput{Identifier: &id, Bandwidth: &to}); err != nil {
		b.t.Fatal(err)
	}
	b.until(func() bool {
		o, err := b.aws.GetConnection(b.t.Context(), &interconnect.GetConnectionInput{Identifier: &id})
		return err == nil && o.Connection.State == "available" && aws.ToString(o.Connection.Bandwidth) == to
	})
}

func (b *behind) describe(text string) {
	id := b.connection()
	if _, err := b.aws.UpdateConnection(b.t.Context(), &interconnect.UpdateConnectionInput{Identifier: &id, Description: &text}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *behind) deleteConnection() {
	id := b.connection()
	if _, err := b.aws.DeleteConnection(b.t.Context(), &interconnect.DeleteConnectionInput{Identifier: &id}); err != nil {
		b.t.Fatal(err)
	}
	b.until(func() bool {
		t, err := b.google.Projects.Locations.Transports.Get(transport).Do()
		return err == nil && t.State == "DEPROVISIONED"
	})
}

func (b *behind) deleteTransport() {
	if _, err := b.google.Projects.Locations.Transports.Delete(transport).Do(); err != nil {
		b.t.Fatal(err)
	}
	b.until(func() bool {
		_, err := b.google.Projects.Locations.Transports.Get(transport).Do()
		return err != nil
	})
}

func (b *behind) setRoutes(routes ...string) {
	if _, err := b.google.Projects.Locations.Transports.Patch(transport, &networkconnectivity.Transport{AdvertisedRoutes: routes}).UpdateMask("advertisedRoutes").Do(); err != nil {
		b.t.Fatal(err)
	}
	b.until(func() bool {
		t, err := b.google.Projects.Locations.Transports.Get(transport).Do()
		return err == nil && len(t.AdvertisedRoutes) == len(routes)
	})
}

// until waits for the clouds to have taken a change, or for the test's end.
func (b *behind) until(done func() bool) {
	b.t.Helper()
	for !done() {
		if b.t.Context().Err() != nil {
			b.t.Fatal("the clouds did not take the change")
		}
	}
}

func TestDrift(t *testing.T) {
	tests := map[string]struct {
		change func(b *behind)
		// action that the next plan proposes, and what the refreshed state says
		// of the pairing.
		action plancheck.ResourceActionType
		says   string
		// stays says that an apply cannot mend it, and mend what does.
		mend func(b *behind)
	}{
		"bandwidth changed":   {change: func(b *behind) { b.setBandwidth("10Gbps") }, action: plancheck.ResourceActionUpdate},
		"description changed": {change: func(b *behind) { b.describe("somebody elses words") }, action: plancheck.ResourceActionUpdate},
		"routes changed":      {change: func(b *behind) { b.setRoutes("10.99.0.0/16") }, action: plancheck.ResourceActionUpdate},
		"connection deleted":  {change: (*behind).deleteConnection, action: plancheck.ResourceActionReplace},
		"transport deleted":   {change: (*behind).deleteTransport, action: plancheck.ResourceActionReplace},
		"both deleted":        {change: func(b *behind) { b.deleteTransport(); b.deleteConnection2() }, action: plancheck.ResourceActionCreate},
		"link down, then up":  {change: func(b *behind) { b.down(true) }, action: plancheck.ResourceActionNoop, mend: func(b *behind) { b.down(false) }},
	}
	if acceptance.At("google.RefusePeerUpdate=true") {
		delete(tests, "bandwidth changed") // it is changed at AWS
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.New(t)
			b := newBehind(t, s)
			cfg := fixture(t, s, "min.tf", `owner = "acme/test"`)
			vars := config.Variables{"gateway": config.StringVariable(s.GatewayID)}
			second := resource.TestStep{
				Config: cfg, ConfigVariables: vars, PreConfig: func() { tt.change(b) },
				ConfigPlanChecks: does(tt.action),
			}
			if tt.mend == nil {
				second.ConfigStateChecks = []statecheck.StateCheck{has("matched", "pairing", "status"), has("1Gbps", "bandwidth"), has("min", "description")}
			} else {
				second.ConfigStateChecks = []statecheck.StateCheck{has("down", "pairing", "status")}
			}
			steps := []resource.TestStep{{Config: cfg, ConfigVariables: vars}, second}
			if tt.mend != nil {
				steps = append(steps, resource.TestStep{
					Config: cfg, ConfigVariables: vars, PreConfig: func() { tt.mend(b) }, ConfigPlanChecks: does(plancheck.ResourceActionNoop),
					ConfigStateChecks: []statecheck.StateCheck{has("matched", "pairing", "status")},
				})
			}
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty, Steps: steps})
		})
	}
}

// down cuts the link at AWS, or mends it.
func (b *behind) down(down bool) {
	if err := b.stage.AWS.SetLinkDown(b.connection(), down); err != nil {
		b.t.Fatal(err)
	}
}

// deleteConnection2 deletes the connection when the transport is gone already.
func (b *behind) deleteConnection2() {
	id := b.connection()
	if _, err := b.aws.DeleteConnection(b.t.Context(), &interconnect.DeleteConnectionInput{Identifier: &id}); err != nil {
		b.t.Fatal(err)
	}
	b.until(func() bool { return len(b.stage.Left()) == 0 })
}

func TestRefusedBeforeAnythingIsSpent(t *testing.T) {
	tests := map[string]struct {
		arrange func(t *testing.T, s *acceptance.Stage)
		vars    config.Variables
		replace [2]string
		error   string
	}{
		"unknown gateway": {vars: config.Variables{"gateway": config.StringVariable("00000000-0000-4000-8000-000000000000")}, error: `AWS: .*no such Direct Connect\s+gateway.*aws.direct_connect_gateway_id`},
		"unknown network": {replace: [2]string{`"default"`, `"nowhere"`}, error: `Google: .*nowhere.*google.network`},
		"wrong project":   {replace: [2]string{`network = "default"`, `network = "default", project = "somebody-else"`}, error: `Google.*somebody-else`},
		"tier not sold":   {replace: [2]string{"1Gbps", "3Gbps"}, error: `AWS: .*3Gbps.*Attribute: bandwidth`},
		"tier sold at one end": {
			arrange: func(t *testing.T, s *acceptance.Stage) {
				if err := s.Google.SetProfileBandwidths("us-east4", "aws-us-east-1", 10_000); err != nil {
					t.Fatal(err)
				}
			},
			error: `Google: .*10Gbps.*Attribute: bandwidth`,
		},
		"environment closed at Google": {
			arrange: func(t *testing.T, s *acceptance.Stage) {
				if err := s.Google.SetProfileOrderState("us-east4", "aws-us-east-1", false); err != nil {
					t.Fatal(err)
				}
			},
			error: `Google: .*CLOSED.*google.region`,
		},
		"environment closed at AWS": {
			arrange: func(t *testing.T, s *acceptance.Stage) {
				if err := s.AWS.SetEnvironmentState("mce-aws-gcp-iad", sandboxaws.EnvironmentUnavailable); err != nil {
					t.Fatal(err)
				}
			},
			error: `AWS: .*unavailable.*aws.region`,
		},
		"regions that are not joined": {replace: [2]string{`network = "default"`, `network = "default", region = "europe-west2"`}, error: `aws.region.*google.region`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.New(t)
			if tt.arrange != nil {
				tt.arrange(t, s)
			}
			cfg := fixture(t, s, "min.tf", "")
			if tt.replace[0] != "" {
				cfg = replaceOnce(t, cfg, tt.replace[0], tt.replace[1])
			}
			vars := config.Variables{"gateway": config.StringVariable(s.GatewayID)}
			maps.Copy(vars, tt.vars)
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
				Steps: []resource.TestStep{{Config: cfg, ConfigVariables: vars, PlanOnly: true, ExpectError: regexp.MustCompile(`(?s)` + tt.error)}},
			})
			if left := s.Left(); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
