package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/api/option"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// region is the location of the walks' transports.
const region = "projects/" + sandboxgoogle.DefaultProject + "/locations/" + sandbox.DefaultGoogleRegion

// awsCLI runs commands of the AWS CLI as it comes.
type awsCLI struct {
	t    *testing.T
	env  []string
	used map[string]bool
}

// connectionReply is what most commands answer.
type connectionReply struct {
	Connection struct {
		ID            string `json:"id"`
		ARN           string `json:"arn"`
		State         string `json:"state"`
		Bandwidth     string `json:"bandwidth"`
		Description   string `json:"description"`
		ActivationKey string `json:"activationKey"`
	} `json:"connection"`
}

// run runs a command of "aws interconnect" and reads its answer into reply,
// unless that is nil. The test is skipped when there is no such command.
func (c *awsCLI) run(reply any, command string, args ...string) {
	c.t.Helper()
	c.used[command] = true
	out, diag, err := run(c.t.Context(), c.env, "aws", append([]string{"interconnect", command}, args...)...)
	if errors.Is(err, exec.ErrNotFound) || err != nil && strings.Contains(strings.ToLower(diag), "invalid choice") {
		missing(c.t, "the AWS CLI with \"interconnect\"", fmt.Errorf("%w: %s", err, diag))
	}
	if err != nil {
		c.t.Fatalf("aws interconnect %s: %v\n%s", command, err, diag)
	}
	if reply == nil {
		return
	}
	if err := json.Unmarshal([]byte(out), reply); err != nil {
		c.t.Fatalf("aws interconnect %s: %v: %s", command, err, out)
	}
}

// fails wants a command to fail and say something.
func (c *awsCLI) fails(says, command string, args ...string) {
	c.t.Helper()
	_, diag, err := run(c.t.Context(), c.env, "aws", append([]string{"interconnect", command}, args...)...)
	if err == nil || !strings.Contains(diag, says) {
		c.t.Errorf("aws interconnect %s: %v, %q does not say %q", command, err, diag, says)
	}
}

// kebab is an operation as the CLI spells it.
func kebab(operation string) string {
	var out strings.Builder
	for i, r := range operation {
		if i > 0 && r >= 'A' && r <= 'Z' {
			out.WriteByte('-')
		}
		out.WriteRune(r)
	}
	return strings.ToLower(out.String())
}

// transports is Google's client for transports, with the sandbox's token.
func transports(t *testing.T, s *acceptance.Stage) *networkconnectivity.ProjectsLocationsTransportsService {
	t.Helper()
	service, err := networkconnectivity.NewService(t.Context(), option.WithEndpoint(s.GoogleURL),
		option.WithTokenSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: sandboxgoogle.AccessToken})))
	if err != nil {
		t.Fatal(err)
	}
	return service.Projects.Locations.Transports
}

// until looks again and again until there is what is wanted.
func until(t *testing.T, what string, look func() (got any, done bool)) {
	t.Helper()
	tick, end := time.NewTicker(20*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for {
		got, done := look()
		if done {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("waited in vain for %s: %v", what, got)
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		}
	}
}

// stateOf waits for a transport to be in a state and returns it.
func stateOf(t *testing.T, service *networkconnectivity.ProjectsLocationsTransportsService, id, state string) *networkconnectivity.Transport {
	t.Helper()
	var found *networkconnectivity.Transport
	until(t, id+" to be "+state, func() (any, bool) {
		got, err := service.Get(region + "/transports/" + id).Do()
		if err != nil {
			return err, false
		}
		found = got
		return got.State, got.State == state
	})
	return found
}

// awsCLI walks every operation and both waiters with the AWS CLI as it comes.
func (h *house) awsCLI(t *testing.T) {
	t.Parallel()
	s := h.start(t, provoking)
	google := transports(t, s)
	c := &awsCLI{t, clients(t, s), map[string]bool{}}
	attach := "directConnectGateway=" + s.GatewayID

	var environments struct {
		Environments []struct{ EnvironmentID string }
	}
	c.run(&environments, "list-environments", "--page-size", "1")
	if len(environments.Environments) != 2 {
		t.Errorf("environments: %+v", environments)
	}
	var environment struct{ Environment struct{ State string } }
	c.run(&environment, "get-environment", "--id", "mce-aws-gcp-iad")
	var points struct {
		AttachPoints []struct{ Identifier, Type string }
	}
	c.run(&points, "list-attach-points", "--environment-id", "mce-aws-gcp-iad")
	if len(points.AttachPoints) != 1 || points.AttachPoints[0].Identifier != s.GatewayID || environment.Environment.State != "available" {
		t.Errorf("attach points: %+v, environment: %+v", points, environment)
	}

	var first, second connectionReply
	c.run(&first, "create-connection", "--environment-id", "mce-aws-gcp-iad", "--bandwidth", "1Gbps", "--attach-point", attach,
		"--remote-account", "identifier="+sandboxgoogle.DefaultProject, "--description", "made by hand", "--tags", "team=network")
	if first.Connection.State != "requested" || first.Connection.ActivationKey == "" {
		t.Fatalf("created: %+v", first)
	}
	if _, err := google.Create(region, &networkconnectivity.Transport{
		ProvidedActivationKey: first.Connection.ActivationKey, Network: sandbox.SeedNetwork,
	}).TransportId("first").Do(); err != nil {
		t.Fatal(err)
	}
	if _, err := google.Create(region, &networkconnectivity.Transport{
		RemoteProfile: "aws-" + sandbox.DefaultAWSRegion, RemoteAccountId: sandboxaws.DefaultAccountID, Bandwidth: "BPS_1G", Network: sandbox.SeedNetwork,
	}).TransportId("second").Do(); err != nil {
		t.Fatal(err)
	}
	key := stateOf(t, google, "second", "PENDING_KEY").GeneratedActivationKey
	var proposal struct{ Bandwidth, EnvironmentID string }
	c.run(&proposal, "describe-connection-proposal", "--activation-key", key)
	if proposal.Bandwidth != "1Gbps" || proposal.EnvironmentID != "mce-aws-gcp-iad" {
		t.Errorf("proposal: %+v", proposal)
	}
	c.run(&second, "accept-connection-proposal", "--activation-key", key, "--attach-point", attach)
	stateOf(t, google, "first", "ACTIVE")
	stateOf(t, google, "second", "ACTIVE")
	c.run(nil, "wait", "connection-available", "--identifier", second.Connection.ID)
	c.change(first, s)
	c.remove(first, second)
	stateOf(t, google, "first", "DEPROVISIONED")

	operations, _ := modelNames(t)
	for i, name := range operations {
		operations[i] = kebab(name)
	}
	delete(c.used, "wait")
	var used []string
	for name := range c.used {
		used = append(used, name)
	}
	slices.Sort(used)
	if diff := cmp.Diff(operations, used); diff != "" {
		t.Errorf("operations (-model +walked):\n%s", diff)
	}
}

// change changes a connection and its tags, and looks at it.
func (c *awsCLI) change(made connectionReply, s *acceptance.Stage) {
	c.t.Helper()
	var now connectionReply
	c.run(&now, "update-connection", "--identifier", made.Connection.ID, "--bandwidth", "2Gbps", "--description", "changed by hand")
	if now.Connection.State != "updating" || now.Connection.Description != "changed by hand" {
		c.t.Errorf("updated: %+v", now)
	}
	until(c.t, "the end of the update", func() (any, bool) {
		all := s.AWS.Resources()
		return all, slices.ContainsFunc(all, func(r sandboxaws.Resource) bool { return r.ID == made.Connection.ID && r.State == "available" })
	})
	c.run(&now, "get-connection", "--identifier", made.Connection.ID)
	if now.Connection.State != "available" || now.Connection.Bandwidth != "2Gbps" {
		c.t.Errorf("after the update: %+v", now)
	}
	c.run(nil, "tag-resource", "--arn", made.Connection.ARN, "--tags", "stage=test")
	c.run(nil, "untag-resource", "--arn", made.Connection.ARN, "--tag-keys", "team")
	var tags struct{ Tags map[string]string }
	c.run(&tags, "list-tags-for-resource", "--arn", made.Connection.ARN)
	if diff := cmp.Diff(map[string]string{"stage": "test"}, tags.Tags); diff != "" {
		c.t.Errorf("tags (-want +got):\n%s", diff)
	}
	c.fails("An error occurred (ResourceNotFoundException) when calling the GetConnection operation", "get-connection", "--identifier", "mcc-00000000")
}

// remove lists both connections, page by page, and removes the first.
func (c *awsCLI) remove(first, second connectionReply) {
	c.t.Helper()
	var list struct{ Connections []struct{ ID string } }
	c.run(&list, "list-connections", "--page-size", "1")
	if len(list.Connections) != 2 || list.Connections[0].ID != first.Connection.ID || list.Connections[1].ID != second.Connection.ID {
		c.t.Errorf("connections: %+v", list)
	}
	c.run(nil, "delete-connection", "--identifier", first.Connection.ID)
	c.run(nil, "wait", "connection-deleted", "--identifier", first.Connection.ID)
}
