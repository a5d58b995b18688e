package interconnect_test

import (
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

var update = flag.Bool("update", false, "write the golden files")

// wire speaks the protocol to a provider that knows one cloud.
type wire struct {
	t      *testing.T
	server tfprotov6.ProviderServer
	typ    tftypes.Type
}

// dial starts a provider of the stage for the team of one cloud.
func dial(t *testing.T, s *acceptance.Stage, ours string) wire {
	t.Helper()
	server, err := acceptance.Factories()["crosscloud"]()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	settings := s.Settings("acme/" + ours)
	delete(settings, other(ours))
	text, err := json.Marshal(fill(schemas.Provider.ValueType(), settings))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: &tfprotov6.DynamicValue{JSON: text}})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatalf("configuring the provider: %v, %v", err, resp.Diagnostics)
	}
	return wire{t, server, schemas.ResourceSchemas["crosscloud_interconnect"].ValueType()}
}

func (w wire) value(v map[string]any) *tfprotov6.DynamicValue {
	w.t.Helper()
	text, err := json.Marshal(fill(w.typ, v))
	if err != nil {
		w.t.Fatal(err)
	}
	return &tfprotov6.DynamicValue{JSON: text}
}

// apply plans a creation and, where the plan is not refused, carries it out. It
// gives the diagnostics as a reader sees them, of the step that refused, and what
// the state then is.
func (w wire) apply(cfg map[string]any) (string, *tfprotov6.DynamicValue) {
	w.t.Helper()
	proposed := maps.Clone(cfg)
	delete(proposed, "activation_key_wo")
	null := &tfprotov6.DynamicValue{JSON: []byte("null")}
	plan, err := w.server.PlanResourceChange(w.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "crosscloud_interconnect", PriorState: null, ProposedNewState: w.value(proposed), Config: w.value(cfg),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if refused(plan.Diagnostics) {
		return "plan\n" + shown(plan.Diagnostics), null
	}
	done, err := w.server.ApplyResourceChange(w.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "crosscloud_interconnect", PriorState: null, PlannedState: plan.PlannedState, Config: w.value(cfg), PlannedPrivate: plan.PlannedPrivate,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return "apply\n" + shown(done.Diagnostics), done.NewState
}

// removal is what the plan of a destroy says.
func (w wire) removal(state *tfprotov6.DynamicValue) string {
	w.t.Helper()
	null := &tfprotov6.DynamicValue{JSON: []byte("null")}
	read, err := w.server.ReadResource(w.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "crosscloud_interconnect", CurrentState: state})
	if err != nil || refused(read.Diagnostics) {
		w.t.Fatalf("reading: %v, %s", err, shown(read.Diagnostics))
	}
	plan, err := w.server.PlanResourceChange(w.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "crosscloud_interconnect", PriorState: read.NewState, ProposedNewState: null, Config: null,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return "refresh\n" + shown(read.Diagnostics) + "plan\n" + shown(plan.Diagnostics)
}

func refused(ds []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(ds, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError })
}

// unstable are the parts of a message that differ from run to run.
var unstable = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "<uuid>"},
	{regexp.MustCompile(`mcc-[a-z0-9]{8}`), "mcc-<id>"},
	{regexp.MustCompile(`request(?: id)? [A-Za-z0-9<>-]+`), "request <id>"},
}

// shown are diagnostics as a reader sees them, without what differs from run to
// run.
func shown(ds []*tfprotov6.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "%s: %s\n", d.Severity, d.Summary)
		if d.Attribute != nil {
			fmt.Fprintf(&b, "  at %s\n", dotted(d.Attribute))
		}
		for line := range strings.SplitSeq(d.Detail, "\n") {
			fmt.Fprintf(&b, "  | %s\n", line)
		}
	}
	text := b.String()
	for _, u := range unstable {
		text = u.pattern.ReplaceAllString(text, u.by)
	}
	return text
}

// golden holds named texts against a file of testdata.
func golden(t *testing.T, name string, texts map[string]string) {
	t.Helper()
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(&b, "== %s: %s\n", k, texts[k])
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s: -want +got (go test -update writes it):\n%s", file, diff)
	}
}

// acceptor is a configuration of one end that redeems a key.
func acceptor(s *acceptance.Stage, ours, key string) map[string]any {
	cfg := map[string]any{
		"name": "min", "initiator": other(ours), "activation_key_wo": key, "activation_key_wo_version": 1,
		"aws": map[string]any{"direct_connect_gateway_id": s.GatewayID},
		"google": map[string]any{
			"network": "default", "advertised_routes": []string{"10.128.0.0/20"},
			"stack_type": "IPV4_ONLY", "auto_accept": false, "psc_routing": false,
		},
		"on_incomplete": "warn", "deletion_protection": false,
	}
	delete(cfg, other(ours))
	if key == "" {
		delete(cfg, "activation_key_wo")
	}
	return cfg
}

// altered is a key that says something else.
func altered(t *testing.T, key string, change func(*activation.Payload)) string {
	t.Helper()
	p, err := activation.NewKey(key).Decode()
	if err != nil {
		t.Fatal(err)
	}
	change(&p)
	k, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return k.Reveal()
}

// ends are what exists of links on one cloud.
func ends(s *acceptance.Stage, on string) []string {
	return slices.DeleteFunc(s.Left(), func(left string) bool { return !strings.HasPrefix(strings.ToLower(left), on) })
}

// TestKeysThatAreRefused gives an acceptor on each cloud every kind of wrong key.
// The golden files say whether the plan refuses it or the apply, and how.
func TestKeysThatAreRefused(t *testing.T) {
	type arrangement struct {
		b   *behind
		s   *acceptance.Stage
		cfg map[string]any
		key string
	}
	set := func(a arrangement, key string) { a.cfg["activation_key_wo"] = key }
	tests := map[string]func(t *testing.T, ours string, a arrangement){
		"none given": func(_ *testing.T, _ string, a arrangement) { delete(a.cfg, "activation_key_wo") },
		"cut off":    func(_ *testing.T, _ string, a arrangement) { set(a, a.key[:len(a.key)/2]) },
		"no Base64":  func(_ *testing.T, _ string, a arrangement) { set(a, "my key, please") },
		"in a foreign format": func(_ *testing.T, _ string, a arrangement) {
			set(a, base64.StdEncoding.EncodeToString([]byte(`{"v":2,"secret":"s3cr3t"}`)))
		},
		"of another account": func(t *testing.T, _ string, a arrangement) {
			set(a, altered(t, a.key, func(p *activation.Payload) { p.AccountID = "somebody-else" }))
		},
		"of another bandwidth": func(_ *testing.T, _ string, a arrangement) { a.cfg["bandwidth"] = "10Gbps" },
		"of another link": func(_ *testing.T, _ string, a arrangement) {
			a.cfg["peer"] = map[string]any{"shared_id": "11111111-2222-4333-8444-555555555555"}
		},
		"of another environment": func(t *testing.T, _ string, a arrangement) {
			set(a, altered(t, a.key, func(p *activation.Payload) { p.EnvironmentURI = "providers/x/environments/nowhere" }))
		},
		"that nobody issued": func(t *testing.T, _ string, a arrangement) {
			set(a, altered(t, a.key, func(p *activation.Payload) { p.SharedID = "11111111-2222-4333-8444-555555555555" }))
		},
		"with another size in it": func(t *testing.T, _ string, a arrangement) {
			set(a, altered(t, a.key, func(p *activation.Payload) { p.Bandwidth = 10 * bandwidth.Gbps }))
		},
		"that expired": func(t *testing.T, ours string, a arrangement) {
			expire := func() error { return a.s.Google.ExpireKey(transport) }
			if ours == "google" {
				expire = func() error { return a.s.AWS.ExpireKey(a.b.connection()) }
			}
			if err := expire(); err != nil {
				t.Fatal(err)
			}
		},
		"that is used": func(t *testing.T, ours string, a arrangement) {
			// Somebody has redeemed it on the same cloud; our link has another name.
			a.b.peers(other(ours)).redeems(a.key)
			a.cfg["name"] = "second"
		},
		"that was revoked": func(_ *testing.T, ours string, a arrangement) { a.b.peers(ours).remove() },
	}
	for _, ours := range []string{"aws", "google"} {
		t.Run(ours, func(t *testing.T) {
			texts := map[string]string{}
			for name, arrange := range tests {
				s := acceptance.New(t, func(c *sandbox.Config) { c.Google.TransportQuota = 2 })
				b := newBehind(t, s)
				key := b.peers(ours).issues("BPS_1G")
				cfg := acceptor(s, ours, key)
				arrange(t, ours, arrangement{b, s, cfg, key})
				before := len(ends(s, ours))
				texts[name], _ = dial(t, s, ours).apply(cfg)
				if strings.Contains(texts[name], key[:40]) {
					t.Errorf("%s: the message quotes the key", name)
				}
				if n := len(ends(s, ours)) - before; n != 0 {
					t.Errorf("%s: %d ends were made with a refused key", name, n)
				}
			}
			if acceptance.At("google.KeyErrorsSynchronous=true") {
				// Google refuses with a status then, which the words say.
				status := regexp.MustCompile(`(Could not create the transport .*) \(HTTP 400\)\.`)
				for name := range texts {
					texts[name] = status.ReplaceAllString(texts[name], "$1")
				}
			}
			golden(t, "keys_"+ours+".txt", texts)
		})
	}
}

// TestWhatIsLeftBehind plans the end of our end while the other team has not
// redeemed its key, and after.
func TestWhatIsLeftBehind(t *testing.T) {
	acceptance.NeedsFreeTier(t)
	texts := map[string]string{}
	for _, ours := range []string{"aws", "google"} {
		s := acceptance.New(t)
		b := newBehind(t, s)
		cfg := acceptor(s, ours, "")
		delete(cfg, "activation_key_wo_version")
		cfg["initiator"], cfg["peer"] = ours, map[string]any{"account": accountOf[other(ours)]}
		w := dial(t, s, ours)
		said, state := w.apply(cfg)
		texts[ours+", made"] = said
		texts[ours+", key not redeemed"] = w.removal(state)
		b.peers(ours).redeems(b.peers(ours).key())
		texts[ours+", joined"] = w.removal(state)
	}
	golden(t, "left_behind.txt", texts)
}

// TestImportedEndIsNotReplaced imports an AWS end alone that somebody made by
// hand: neither its name nor its initiator is known, and the configuration that
// says both is applied in place.
func TestImportedEndIsNotReplaced(t *testing.T) {
	s := acceptance.New(t)
	b := newBehind(t, s)
	key := b.peers("aws").issues("BPS_1G")
	b.peers("google").redeems(key)
	w := dial(t, s, "aws")
	imported, err := w.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
		TypeName: "crosscloud_interconnect", ID: "one-ended:us-east-1/" + b.connection(),
	})
	if err != nil || refused(imported.Diagnostics) {
		t.Fatalf("importing: %v, %s", err, shown(imported.Diagnostics))
	}
	state := imported.ImportedResources[0].State
	cfg := acceptor(s, "aws", "")
	delete(cfg, "activation_key_wo_version")
	prior := map[string]tftypes.Value{}
	value, err := state.Unmarshal(w.typ)
	if err == nil {
		err = value.As(&prior)
	}
	if err != nil || !prior["name"].IsNull() || !prior["initiator"].IsNull() || !prior["google"].IsNull() {
		t.Fatalf("imported %v: %v", value, err)
	}
	plan, err := w.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "crosscloud_interconnect", PriorState: state, ProposedNewState: w.value(cfg), Config: w.value(cfg),
	})
	if err != nil || refused(plan.Diagnostics) || len(plan.RequiresReplace) > 0 {
		t.Fatalf("planning: %v, %s, replaces %v", err, shown(plan.Diagnostics), plan.RequiresReplace)
	}
	done, err := w.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "crosscloud_interconnect", PriorState: state, PlannedState: plan.PlannedState, Config: w.value(cfg), PlannedPrivate: plan.PlannedPrivate,
	})
	if err != nil || refused(done.Diagnostics) {
		t.Fatalf("applying: %v, %s", err, shown(done.Diagnostics))
	}
	o, err := b.aws.GetConnection(t.Context(), &interconnect.GetConnectionInput{Identifier: new(b.connection())})
	if err != nil || o.Connection.Tags["crosscloud:link"] != "min" {
		t.Errorf("the end carries the marks %v: %v", o.Connection.Tags, err)
	}
}

// TestLostStateOfAnAcceptor applies again what was applied by a run whose state
// was lost: the key is used up, by us.
func TestLostStateOfAnAcceptor(t *testing.T) {
	for _, ours := range []string{"aws", "google"} {
		t.Run(ours, func(t *testing.T) {
			s := acceptance.New(t)
			cfg := acceptor(s, ours, newBehind(t, s).peers(ours).issues("BPS_1G"))
			for range 2 {
				if said, state := dial(t, s, ours).apply(cfg); strings.Contains(said, "ERROR") {
					t.Fatalf("%s\nstate %v", said, state)
				}
			}
			if made := ends(s, ours); len(made) != 1 {
				t.Errorf("these ends exist: %v", made)
			}
		})
	}
}
