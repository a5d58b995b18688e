package interconnect_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// Of a link with one end, the other team works by its cloud's own API: b is that
// team.

// partner is what the other cloud's half looks like, whichever cloud it is.
type partner struct {
	// issues makes a half and gives the key that it issued; redeems makes one
	// with a key. remove removes it.
	issues  func(bandwidth string) string
	redeems func(key string)
	remove  func()
	// key is the one that our half has issued.
	key func() string
}

// peers are the other team's ways, by the cloud of our end.
func (b *behind) peers(ours string) partner {
	if ours == "aws" {
		return partner{
			issues: func(bandwidth string) string {
				b.create(&networkconnectivity.Transport{
					Network: "projects/sandbox-project/global/networks/default", RemoteProfile: profile("aws-us-east-1"),
					Bandwidth: bandwidth, RemoteAccountId: sandboxaws.DefaultAccountID,
				}, "PENDING_KEY")
				t, err := b.google.Projects.Locations.Transports.Get(transport).Do()
				if err != nil {
					b.t.Fatal(err)
				}
				return t.GeneratedActivationKey
			},
			redeems: func(key string) {
				b.create(&networkconnectivity.Transport{Network: "projects/sandbox-project/global/networks/default", ProvidedActivationKey: key}, "ACTIVE")
				b.untilAvailable()
			},
			remove: b.deleteTransport, key: b.connectionKey,
		}
	}
	return partner{
		issues: func(bandwidth string) string {
			speed := map[string]string{"BPS_1G": "1Gbps", "BPS_10G": "10Gbps"}[bandwidth]
			environment, description := "mce-aws-gcp-iad", "theirs"
			out, err := b.aws.CreateConnection(b.t.Context(), &interconnect.CreateConnectionInput{
				AttachPoint: &types.AttachPointMemberDirectConnectGateway{Value: b.stage.GatewayID}, Bandwidth: &speed, EnvironmentId: &environment,
				RemoteAccount: &types.RemoteAccountIdentifierMemberIdentifier{Value: sandboxgoogle.DefaultProject}, Description: &description,
			})
			if err != nil {
				b.t.Fatal(err)
			}
			return aws.ToString(out.Connection.ActivationKey)
		},
		redeems: func(key string) {
			if _, err := b.aws.AcceptConnectionProposal(b.t.Context(), &interconnect.AcceptConnectionProposalInput{
				ActivationKey: &key, AttachPoint: &types.AttachPointMemberDirectConnectGateway{Value: b.stage.GatewayID},
			}); err != nil {
				b.t.Fatal(err)
			}
			b.untilAvailable()
			b.until(func() bool {
				t, err := b.google.Projects.Locations.Transports.Get(transport).Do()
				return err == nil && t.State == "ACTIVE"
			})
		},
		remove: func() {
			if _, err := b.aws.DeleteConnection(b.t.Context(), &interconnect.DeleteConnectionInput{Identifier: new(b.connection())}); err != nil {
				b.t.Fatal(err)
			}
		},
		key: func() string {
			t, err := b.google.Projects.Locations.Transports.Get(transport).Do()
			if err != nil {
				b.t.Fatal(err)
			}
			return t.GeneratedActivationKey
		},
	}
}

func profile(id string) string {
	return "projects/sandbox-project/locations/us-east4/remoteTransportProfiles/" + id
}

func (b *behind) create(t *networkconnectivity.Transport, until string) {
	b.t.Helper()
	if _, err := b.google.Projects.Locations.Transports.Create("projects/sandbox-project/locations/us-east4", t).TransportId("min").Do(); err != nil {
		b.t.Fatal(err)
	}
	b.until(func() bool {
		got, err := b.google.Projects.Locations.Transports.Get(transport).Do()
		return err == nil && got.State == until
	})
}

// untilAvailable waits for the one connection to be up.
func (b *behind) untilAvailable() {
	b.until(func() bool {
		o, err := b.aws.GetConnection(b.t.Context(), &interconnect.GetConnectionInput{Identifier: new(b.connection())})
		return err == nil && o.Connection.State == "available"
	})
}

func (b *behind) connectionKey() string {
	o, err := b.aws.GetConnection(b.t.Context(), &interconnect.GetConnectionInput{Identifier: new(b.connection())})
	if err != nil {
		b.t.Fatal(err)
	}
	return aws.ToString(o.Connection.ActivationKey)
}

// oneEnded is a fixture of one end, behind a provider block that knows its cloud
// only.
func oneEnded(t testing.TB, s *acceptance.Stage, ours string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", ours+"_only.tf"))
	if err != nil {
		t.Fatal(err)
	}
	return s.ProviderOf(ours, `owner = "acme/`+ours+`"`) + string(text)
}

func other(cloud string) string {
	return map[string]string{"aws": "google", "google": "aws"}[cloud]
}

// idOf is the pattern of the id of a link with one end.
func idOf(ours string) string {
	if ours == "aws" {
		return `^arn:aws:interconnect:us-east-1:123456789012:connection/mcc-[a-z0-9]{8}$`
	}
	return "^" + transport + "$"
}

// accounts by cloud, and the state of an end that is up and that awaits.
var (
	accountOf = map[string]string{"aws": sandboxaws.DefaultAccountID, "google": sandboxgoogle.DefaultProject}
	upOf      = map[string]string{"aws": "available", "google": "ACTIVE"}
	waitingOf = map[string]string{"aws": "requested", "google": "PENDING_KEY"}
)

// importAlone imports one end by what the format makes of the keys' attributes.
func importAlone(cfg string, vars config.Variables, id resource.ImportStateIdFunc, ignore ...string) resource.TestStep {
	return resource.TestStep{
		Config: cfg, ConfigVariables: vars, ResourceName: address, ImportState: true, ImportStateIdFunc: id,
		ImportStateVerify: true, ImportStateVerifyIgnore: append(ignore, "timeouts", "activation_key_wo_version", "peer"),
	}
}

func TestOneEndProposes(t *testing.T) {
	for _, ours := range []string{"aws", "google"} {
		t.Run(ours, func(t *testing.T) {
			t.Parallel()
			s := acceptance.New(t)
			b := newBehind(t, s)
			theirs := b.peers(ours)
			cfg := oneEnded(t, s, ours)
			vars := func(description string) config.Variables {
				return config.Variables{
					"gateway": config.StringVariable(s.GatewayID), "initiator": config.StringVariable(ours), "bandwidth": config.StringVariable("1Gbps"),
					"account": config.StringVariable(accountOf[other(ours)]), "description": config.StringVariable(description),
				}
			}
			create := resource.TestStep{
				Config: cfg, ConfigVariables: vars("first"), ConfigPlanChecks: does(plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{
					looks(idOf(ours), "id"), has("requested", "wait_for"), has("awaiting_"+other(ours), "pairing", "status"),
					has(waitingOf[ours], ours, "state"), looks(`^[0-9a-f-]{36}$`, "shared_id"), has("1Gbps", "bandwidth"),
				},
			}
			amend := resource.TestStep{
				Config: cfg, ConfigVariables: vars("second"), ConfigPlanChecks: does(plancheck.ResourceActionUpdate),
				ConfigStateChecks: []statecheck.StateCheck{has("second", "description"), has("awaiting_"+other(ours), "pairing", "status")},
			}
			joined := resource.TestStep{
				Config: cfg, ConfigVariables: vars("second"), PreConfig: func() { theirs.redeems(theirs.key()) }, ConfigPlanChecks: does(plancheck.ResourceActionNoop),
				ConfigStateChecks: []statecheck.StateCheck{has("unverified", "pairing", "status"), has(upOf[ours], ours, "state")},
			}
			steps := []resource.TestStep{create, importAlone(cfg, vars("first"), attribute("one-ended:%s", "id")), amend, joined}
			if ours == "aws" {
				// A connection that is up does not say who issued its key.
				steps = append(steps, importAlone(cfg, vars("second"), attribute("one-ended:%s/%s", "aws.region", "aws.connection_id"), "initiator", "wait_for"))
			}
			// One end alone has nobody else to ask.
			refusals := map[string][]string{"aws": {"google.RefusePeerUpdate=true"}, "google": {"aws.RefusePeerUpdate=true", "google.BandwidthPatch=refuse"}}
			if !acceptance.At(refusals[ours]...) {
				steps = append(steps, resource.TestStep{
					Config: cfg, ConfigVariables: merge(vars("third"), config.Variables{"bandwidth": config.StringVariable("10Gbps")}),
					ConfigPlanChecks:  does(plancheck.ResourceActionUpdate),
					ConfigStateChecks: []statecheck.StateCheck{has("10Gbps", "bandwidth"), has("third", "description"), has("unverified", "pairing", "status")},
				})
			}
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: acceptance.Factories(), Steps: steps, CheckDestroy: onlyTheirs(s, ours)})
		})
	}
}

func TestOneEndAccepts(t *testing.T) {
	for _, ours := range []string{"aws", "google"} {
		t.Run(ours, func(t *testing.T) {
			t.Parallel()
			s := acceptance.New(t)
			b := newBehind(t, s)
			key := b.peers(ours).issues("BPS_10G")
			cfg := oneEnded(t, s, ours)
			base := config.Variables{
				"gateway": config.StringVariable(s.GatewayID), "initiator": config.StringVariable(other(ours)), "description": config.StringVariable("ours"),
			}
			given := merge(base, config.Variables{"key": config.StringVariable(key), "key_version": config.IntegerVariable(1)})
			ignore := []string{}
			if ours == "aws" {
				ignore = append(ignore, "initiator", "wait_for")
			}
			steps := []resource.TestStep{
				{Config: cfg, ConfigVariables: given, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate),
					plancheck.ExpectKnownValue(address, at("bandwidth"), exactly("10Gbps")),
					plancheck.ExpectKnownValue(address, at("shared_id"), exactly(sharedIn(t, key))),
				}}, ConfigStateChecks: []statecheck.StateCheck{
					looks(idOf(ours), "id"), has("available", "wait_for"), has("unverified", "pairing", "status"), has(upOf[ours], ours, "state"),
					has(sharedIn(t, key), "shared_id"),
				}},
				{Config: cfg, ConfigVariables: merge(base, config.Variables{"description": config.StringVariable("without the key")}),
					ConfigPlanChecks: does(plancheck.ResourceActionUpdate), ConfigStateChecks: []statecheck.StateCheck{has("without the key", "description")}},
			}
			steps = append(steps, importAlone(cfg, given, attribute("one-ended:%s", "id"), ignore...))
			resource.UnitTest(t, resource.TestCase{TerraformVersionChecks: writeOnly(), ProtoV6ProviderFactories: acceptance.Factories(), Steps: steps, CheckDestroy: onlyTheirs(s, ours)})
		})
	}
}

// writeOnly skips a test where the engine has no write-only attributes.
func writeOnly() []tfversion.TerraformVersionCheck {
	return []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_11_0)}
}

// merge is a with b on top.
func merge(a, b config.Variables) config.Variables {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// onlyTheirs is a check that our end is gone and the other team's is not.
func onlyTheirs(s *acceptance.Stage, ours string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		left := s.Left()
		if len(left) != 1 {
			return fmt.Errorf("of one end of two, this is left: %v", left)
		}
		if kind := map[string]string{"aws": "Google", "google": "AWS"}[ours]; left[0][:len(kind)] != kind {
			return fmt.Errorf("the wrong end is left: %v", left)
		}
		return nil
	}
}

// TestOneEndLosesItsPartner is of the Google end, which AWS's end leaves behind
// as deprovisioned: an initiator is made anew, an acceptor only with a new key.
func TestOneEndLosesItsPartner(t *testing.T) {
	broken := []statecheck.StateCheck{has("broken", "pairing", "status"), has("DEPROVISIONED", "google", "state")}
	t.Run("initiator", func(t *testing.T) {
		t.Parallel()
		acceptance.NeedsFreeTier(t)
		s := acceptance.New(t)
		b := newBehind(t, s)
		cfg := oneEnded(t, s, "google")
		vars := config.Variables{
			"gateway": config.StringVariable(""), "initiator": config.StringVariable("google"), "description": config.StringVariable("ours"),
			"account": config.StringVariable(accountOf["aws"]),
		}
		awaiting := []statecheck.StateCheck{has("awaiting_aws", "pairing", "status")}
		resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty, Steps: []resource.TestStep{
			{Config: cfg, ConfigVariables: vars, ConfigStateChecks: awaiting},
			{Config: cfg, ConfigVariables: vars, ConfigPlanChecks: does(plancheck.ResourceActionReplace), ConfigStateChecks: awaiting, PreConfig: func() {
				b.peers("google").redeems(b.peers("google").key())
				b.deleteConnection()
			}},
			{Config: cfg, ConfigVariables: vars, ConfigPlanChecks: does(plancheck.ResourceActionCreate), ConfigStateChecks: awaiting, PreConfig: b.deleteTransport},
		}})
	})
	t.Run("acceptor", func(t *testing.T) {
		t.Parallel()
		s := acceptance.New(t)
		b := newBehind(t, s)
		key := b.peers("google").issues("BPS_1G")
		lost := b.connection()
		next := b.peers("google").issues("BPS_10G")
		cfg := oneEnded(t, s, "google")
		vars := func(key string, version int) config.Variables {
			return config.Variables{
				"gateway": config.StringVariable(""), "initiator": config.StringVariable("aws"), "description": config.StringVariable("ours"),
				"key": config.StringVariable(key), "key_version": config.IntegerVariable(version),
			}
		}
		resource.UnitTest(t, resource.TestCase{TerraformVersionChecks: writeOnly(), ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: onlyTheirs(s, "google"), Steps: []resource.TestStep{
			{Config: cfg, ConfigVariables: vars(key, 1), ConfigStateChecks: []statecheck.StateCheck{has("1Gbps", "bandwidth")}},
			{Config: cfg, ConfigVariables: vars(key, 1), ConfigPlanChecks: does(plancheck.ResourceActionNoop), ConfigStateChecks: broken, PreConfig: func() { b.lose(lost) }},
			{Config: cfg, ConfigVariables: vars(key, 2), ExpectError: regexp.MustCompile(`(?s)used up.*new link`)},
			{Config: cfg, ConfigVariables: vars(next, 2), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionReplace),
				plancheck.ExpectKnownValue(address, at("shared_id"), exactly(sharedIn(t, next))),
			}}, ConfigStateChecks: []statecheck.StateCheck{has("10Gbps", "bandwidth"), has("unverified", "pairing", "status")}},
		}})
	})
}

// lose deletes a connection of the other team and waits until Google knows.
func (b *behind) lose(connection string) {
	if _, err := b.aws.DeleteConnection(b.t.Context(), &interconnect.DeleteConnectionInput{Identifier: &connection}); err != nil {
		b.t.Fatal(err)
	}
	b.until(func() bool {
		t, err := b.google.Projects.Locations.Transports.Get(transport).Do()
		return err == nil && t.State == "DEPROVISIONED"
	})
}
