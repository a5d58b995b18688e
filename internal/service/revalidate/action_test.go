package revalidate_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

const name = "crosscloud_revalidate_pairing"

var update = flag.Bool("update", false, "write the golden files")

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// invoke invokes the action at the protocol, as an engine does, and writes down
// what it says: progress, and then diagnostics.
func invoke(t *testing.T, p *acceptance.Protocol, config map[string]any) string {
	t.Helper()
	server, ok := p.ProviderServer.(tfprotov6.ActionServer)
	if !ok {
		t.Fatal("the provider has no actions")
	}
	cfg := p.Dynamic(acceptance.Value(p.Schemas.ActionSchemas[name].Schema.ValueType(), config))
	checked, err := server.ValidateActionConfig(t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	if said := acceptance.Said(checked.Diagnostics); said != "" {
		return said
	}
	planned, err := server.PlanAction(t.Context(), &tfprotov6.PlanActionRequest{ActionType: name, Config: cfg})
	if err != nil || len(planned.Diagnostics) > 0 {
		t.Fatalf("%v: %s", err, acceptance.Said(planned.Diagnostics))
	}
	stream, err := server.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{ActionType: name, Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			fmt.Fprintf(&said, "progress: %s\n", e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			said.WriteString(acceptance.Said(e.Diagnostics))
		}
	}
	return said.String()
}

// Every answer, as it is shown.
func TestInvoke(t *testing.T) {
	b := acceptance.NewBuilder(t, acceptance.New(t, func(c *sandbox.Config) { c.AWS.Quotas.Requested, c.Google.TransportQuota = 10, -1 }))
	whole := b.Build("whole", "us-east-1")
	down := b.Build("down", "eu-central-1")
	if err := b.AWS.SetLinkDown(down[inventory.SideAWS].ID, true); err != nil {
		t.Fatal(err)
	}
	orphan := b.Orphan("orphan", "eu-west-2")
	half := b.Propose("half", "us-west-2", inventory.SideAWS, link.AwaitingPeer)
	p := acceptance.Speak(t, b.Stage, "acme/test")
	texts := map[string]string{}
	for label, config := range map[string]map[string]any{
		"matched":              {"interconnect": whole[inventory.SideGoogle].ID},
		"matched, by ends":     {"interconnect": "us-east-1/" + whole[inventory.SideAWS].ID + "," + whole[inventory.SideGoogle].ID},
		"down":                 {"interconnect": down[inventory.SideGoogle].ID},
		"down, warned of":      {"interconnect": down[inventory.SideGoogle].ID, "on_mismatch": "warn"},
		"broken":               {"interconnect": orphan[inventory.SideGoogle].ID},
		"half-open":            {"interconnect": "us-west-2/" + half.ID},
		"no such link":         {"interconnect": "us-east-1/mcc-00000000"},
		"no name":              {"interconnect": "whole"},
		"on_mismatch of none":  {"interconnect": "whole", "on_mismatch": "ignore"},
		"wait that is no time": {"interconnect": "whole", "wait": "long"},
		"nothing to wait for":  {"interconnect": down[inventory.SideGoogle].ID, "wait": "1h", "on_mismatch": "warn"},
	} {
		texts[label] = invoke(t, p, config)
	}
	golden(t, "answers.txt", texts)
}

// A link that is being provisioned is waited for, and no longer than asked.
func TestWait(t *testing.T) {
	b := acceptance.NewBuilder(t, acceptance.New(t, func(c *sandbox.Config) {
		c.AWS.Timing.Provisioning, c.Google.Timing.Provisioning = 2*time.Second, 2*time.Second
	}))
	half := b.Propose("ai", "us-east-1", inventory.SideGoogle, link.AwaitingPeer)
	l := b.Link("ai", "us-east-1")
	if _, err := l.Ends[inventory.SideAWS].Redeem(t.Context(), link.Redemption{Marker: l.Marker, Key: half.Key, Attempt: link.Attempt{Link: l.Marker}}); err != nil {
		t.Fatal(err)
	}
	p := acceptance.Speak(t, b.Stage, "acme/test")
	if said := invoke(t, p, map[string]any{"interconnect": half.ID}); !strings.Contains(said, "ERROR: The link ai is provisioning") {
		t.Errorf("without waiting: %s", said)
	}
	if said := invoke(t, p, map[string]any{"interconnect": half.ID, "wait": "100ms"}); !strings.Contains(said, "ERROR: The link ai is provisioning") {
		t.Errorf("with too little time: %s", said)
	}
	said := invoke(t, p, map[string]any{"interconnect": half.ID, "wait": "1m"})
	if strings.Contains(said, "ERROR") || !strings.HasSuffix(said, "progress: ai is matched: The AWS connection and the Google transport are up and agree.\n") {
		t.Errorf("with time enough: %s", said)
	}
}

// golden holds named texts against a file of testdata, with ids replaced.
func golden(t *testing.T, file string, texts map[string]string) {
	t.Helper()
	var w strings.Builder
	for _, k := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(&w, "== %s\n%s\n", k, texts[k])
	}
	got := regexp.MustCompile(`mcc-[0-9a-z]{8}\b`).ReplaceAllString(w.String(), "mcc-00000000")
	file = filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got (go test -update writes it):\n%s", file, diff)
	}
}
