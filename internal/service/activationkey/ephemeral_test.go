package activationkey_test

import (
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/oauth2"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/api/option"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

const (
	location  = "projects/sandbox-project/locations/us-east4"
	transport = location + "/transports/ai"
)

// opener is a provider that knows one cloud.
type opener struct {
	t      *testing.T
	server tfprotov6.ProviderServer
	typ    tftypes.Type
}

func dial(t *testing.T, s *acceptance.Stage, knows string) opener {
	t.Helper()
	server, err := acceptance.Factories()["crosscloud"]()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]any{"owner": nil, "aws": nil, "google": nil}
	settings[knows] = s.Settings("")[knows]
	config := fill(t, schemas.Provider.ValueType(), settings)
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: config})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatalf("configuring the provider: %v, %v", err, resp.Diagnostics)
	}
	return opener{t, server, schemas.EphemeralResourceSchemas["crosscloud_activation_key"].ValueType()}
}

// fill is a value as JSON, with null for what is not given.
func fill(t *testing.T, typ tftypes.Type, value map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	text, err := json.Marshal(full(typ, value))
	if err != nil {
		t.Fatal(err)
	}
	return &tfprotov6.DynamicValue{JSON: text}
}

func full(typ tftypes.Type, value any) any {
	object, isObject := typ.(tftypes.Object)
	given, isMap := value.(map[string]any)
	if !isObject || !isMap {
		return value
	}
	all := maps.Clone(given)
	for name, attribute := range object.AttributeTypes {
		all[name] = full(attribute, all[name])
	}
	return all
}

// open opens the key of an end: what it gives, and what is complained of.
func (o opener) open(name string) (map[string]tftypes.Value, string) {
	o.t.Helper()
	config := fill(o.t, o.typ, map[string]any{"interconnect": name})
	valid, err := o.server.ValidateEphemeralResourceConfig(o.t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: "crosscloud_activation_key", Config: config})
	if err != nil {
		o.t.Fatal(err)
	}
	if len(valid.Diagnostics) > 0 {
		return nil, "invalid: " + valid.Diagnostics[0].Detail
	}
	resp, err := o.server.OpenEphemeralResource(o.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: "crosscloud_activation_key", Config: config})
	if err != nil {
		o.t.Fatal(err)
	}
	if len(resp.Diagnostics) > 0 {
		return nil, resp.Diagnostics[0].Summary + ": " + resp.Diagnostics[0].Detail
	}
	result, err := resp.Result.Unmarshal(o.typ)
	if err != nil {
		o.t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := result.As(&attributes); err != nil {
		o.t.Fatal(err)
	}
	return attributes, ""
}

// says is an attribute's text; "null" when it is null.
func says(t *testing.T, v tftypes.Value) string {
	t.Helper()
	if v.IsNull() {
		return "null"
	}
	var text string
	if v.As(&text) == nil {
		return text
	}
	var flag bool
	if err := v.As(&flag); err != nil {
		t.Fatal(err)
	}
	return map[bool]string{true: "true", false: "false"}[flag]
}

// clouds are the clouds' own clients.
type clouds struct {
	t      *testing.T
	aws    *interconnect.Client
	google *networkconnectivity.Service
	stage  *acceptance.Stage
}

func clientsOf(t *testing.T, s *acceptance.Stage) clouds {
	t.Helper()
	google, err := networkconnectivity.NewService(t.Context(), option.WithEndpoint(s.GoogleURL+"/"),
		option.WithTokenSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: sandboxgoogle.AccessToken})))
	if err != nil {
		t.Fatal(err)
	}
	return clouds{t, interconnect.New(interconnect.Options{
		Region: sandbox.DefaultAWSRegion, BaseEndpoint: &s.AWSURL,
		Credentials: credentials.NewStaticCredentialsProvider(sandboxaws.DefaultAccessKeyID, sandboxaws.DefaultSecretAccessKey, ""),
	}), google, s}
}

// connect makes a connection that issues a key.
func (c clouds) connect() *types.Connection {
	c.t.Helper()
	bandwidth, environment := "1Gbps", "mce-aws-gcp-iad"
	out, err := c.aws.CreateConnection(c.t.Context(), &interconnect.CreateConnectionInput{
		AttachPoint: &types.AttachPointMemberDirectConnectGateway{Value: c.stage.GatewayID}, Bandwidth: &bandwidth, EnvironmentId: &environment,
		RemoteAccount: &types.RemoteAccountIdentifierMemberIdentifier{Value: sandboxgoogle.DefaultProject},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.stage.AWS.ShowAll()
	return out.Connection
}

// transport makes a transport and waits for a state.
func (c clouds) transport(t *networkconnectivity.Transport, until string) *networkconnectivity.Transport {
	c.t.Helper()
	t.Network = "projects/sandbox-project/global/networks/default"
	if _, err := c.google.Projects.Locations.Transports.Create(location, t).TransportId("ai").Do(); err != nil {
		c.t.Fatal(err)
	}
	for c.t.Context().Err() == nil {
		if got, err := c.google.Projects.Locations.Transports.Get(transport).Do(); err == nil && got.State == until {
			return got
		}
	}
	c.t.Fatalf("the transport did not become %s", until)
	return nil
}

// check compares what opening gave with what it should.
func check(t *testing.T, got map[string]tftypes.Value, complaint string, want map[string]string) {
	t.Helper()
	if complaint != "" {
		t.Fatal(complaint)
	}
	for name, value := range want {
		if text := says(t, got[name]); text != value {
			t.Errorf("%s is %q, want %q", name, text, value)
		}
	}
}

func TestKeyOfAConnection(t *testing.T) {
	s := acceptance.New(t)
	c := clientsOf(t, s)
	connection := c.connect()
	team := dial(t, s, "aws")
	want := map[string]string{
		"activation_key": *connection.ActivationKey, "pending": "true", "state": "requested", "shared_id": *connection.SharedId,
		"bandwidth": "1Gbps", "account": sandboxgoogle.DefaultProject,
	}
	for _, name := range []string{*connection.Arn, "us-east-1/" + *connection.Id} {
		got, complaint := team.open(name)
		check(t, got, complaint, want)
	}
	c.transport(&networkconnectivity.Transport{ProvidedActivationKey: *connection.ActivationKey}, "ACTIVE")
	got, complaint := team.open(*connection.Arn)
	check(t, got, complaint, map[string]string{"activation_key": "null", "pending": "false", "shared_id": *connection.SharedId, "account": "null"})
}

func TestKeyOfATransport(t *testing.T) {
	s := acceptance.New(t)
	c := clientsOf(t, s)
	made := c.transport(&networkconnectivity.Transport{
		RemoteProfile: location + "/remoteTransportProfiles/aws-us-east-1", Bandwidth: "BPS_1G", RemoteAccountId: sandboxaws.DefaultAccountID,
	}, "PENDING_KEY")
	got, complaint := dial(t, s, "google").open(transport)
	check(t, got, complaint, map[string]string{
		"activation_key": made.GeneratedActivationKey, "pending": "true", "state": "PENDING_KEY", "bandwidth": "1Gbps", "account": sandboxaws.DefaultAccountID,
	})
}

func TestNoKey(t *testing.T) {
	s := acceptance.New(t)
	c := clientsOf(t, s)
	connection := c.connect()
	tests := map[string]struct{ knows, name, says string }{
		"nothing of that name":  {"google", transport, "aws.arn of its crosscloud_interconnect"},
		"no name":               {"aws", "ai", "invalid: "},
		"another account's end": {"aws", strings.Replace(*connection.Arn, "123456789012", "210987654321", 1), "of account 210987654321"},
		"no connection":         {"aws", "us-east-1/mcc-00000000", "AWS knows no connection"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, complaint := dial(t, s, tt.knows).open(tt.name)
			if !strings.Contains(complaint, tt.says) {
				t.Errorf("says %q, want %q", complaint, tt.says)
			}
		})
	}
}
