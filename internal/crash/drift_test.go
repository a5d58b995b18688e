package crash

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

var update = flag.Bool("update", false, "write golden files anew")

// drift is one thing that happens to a link behind Terraform's back.
type drift struct {
	// config changes what all the drifts' configuration is.
	config func(c, aws, google map[string]any)
	// before changes the configuration that the link is made of, and state
	// then says otherwise than the clouds: for what no cloud lets be changed.
	before func(w *world, c, aws, google map[string]any)
	state  map[string]string
	event  func(o *outsider)
	// mend undoes the event, where an apply cannot.
	mend func(o *outsider)
	// plan is what the next plan does: "nothing", "update", "replace" or
	// "create"; kept says that the link is still the same after the apply.
	plan string
	kept bool
}

func drifts() map[string]drift {
	type m = map[string]string
	transport := func(t networkconnectivity.Transport) *networkconnectivity.Transport { return &t }
	return map[string]drift{
		"bandwidth changed at AWS": {plan: "update", kept: true, event: func(o *outsider) {
			o.update(&interconnect.UpdateConnectionInput{Bandwidth: aws.String("10Gbps")})
			o.carried("10Gbps", "BPS_10G")
		}},
		"bandwidth changed at Google": {plan: "update", kept: true, event: func(o *outsider) {
			o.patch("bandwidth", transport(networkconnectivity.Transport{Bandwidth: "BPS_10G"}))
			o.carried("10Gbps", "BPS_10G")
		}},
		"description changed at AWS": {plan: "update", kept: true, event: func(o *outsider) {
			o.update(&interconnect.UpdateConnectionInput{Description: aws.String("other words")})
		}},
		"description changed at Google": {plan: "update", kept: true, event: func(o *outsider) {
			o.patch("description", transport(networkconnectivity.Transport{Description: "other words"}))
		}},
		"routes changed": {plan: "update", kept: true, event: func(o *outsider) {
			o.patch("advertisedRoutes", transport(networkconnectivity.Transport{AdvertisedRoutes: []string{"10.9.0.0/16"}}))
		}},
		"routes removed": {plan: "update", kept: true, event: func(o *outsider) {
			o.patch("advertisedRoutes", transport(networkconnectivity.Transport{ForceSendFields: []string{"AdvertisedRoutes"}}))
		}},
		"tag changed":           {plan: "update", kept: true, event: func(o *outsider) { o.tag(m{"team": "else"}) }},
		"tag removed":           {plan: "update", kept: true, event: func(o *outsider) { o.untag("team") }},
		"tag of others added":   {plan: "nothing", kept: true, event: func(o *outsider) { o.tag(m{"foreign": "tag"}) }},
		"marker removed at AWS": {plan: "update", kept: true, event: func(o *outsider) { o.untag("crosscloud:link", "crosscloud:owner") }},
		"label changed":         {plan: "update", kept: true, event: func(o *outsider) { o.label(m{"team": "else"}) }},
		"label removed":         {plan: "update", kept: true, event: func(o *outsider) { o.label(m{"team": ""}) }},
		"label of others added": {plan: "nothing", kept: true, event: func(o *outsider) { o.label(m{"foreign": "label"}) }},
		"marker removed at Google": {plan: "update", kept: true, event: func(o *outsider) {
			o.label(m{"crosscloud-link": "", "crosscloud-owner": "", "crosscloud-shared-id": ""})
		}},
		"connection deleted": {plan: "replace", event: func(o *outsider) {
			o.deleteConnection()
			o.until("the transport hears of it", func() bool { return o.states()[1] == sandboxgoogle.StateDeprovisioned })
		}},
		"transport deleted": {plan: "replace", event: func(o *outsider) {
			o.deleteTransport()
			o.until("the connection hears of it", func() bool { return o.states()[0] == "down" })
		}},
		"both deleted": {plan: "create", event: func(o *outsider) { o.deleteTransport(); o.deleteConnection() }},
		"transport deprovisioned, connection still up": {plan: "replace", event: func(o *outsider) {
			o.must(o.w.stage.Google.PartnerDeletes(context.Background(), o.transport))
			o.until("the transport hears of it", func() bool { return o.states()[1] == sandboxgoogle.StateDeprovisioned })
		}},
		"transport suspended": {
			plan: "nothing", kept: true,
			event: func(o *outsider) { o.must(o.w.stage.Google.Suspend(o.transport, true)) },
			mend:  func(o *outsider) { o.must(o.w.stage.Google.Suspend(o.transport, false)) },
		},
		"link down": {
			plan: "nothing", kept: true,
			event: func(o *outsider) { o.must(o.w.stage.AWS.SetLinkDown(o.connection, true)) },
			mend:  func(o *outsider) { o.must(o.w.stage.AWS.SetLinkDown(o.connection, false)) },
		},
		"billing tier changed": {plan: "nothing", kept: true, event: func(o *outsider) { o.must(o.w.stage.AWS.SetBillingTier(o.connection, 3)) }},
		"gateway swapped": {
			plan: "replace",
			before: func(w *world, _, a, _ map[string]any) {
				a["direct_connect_gateway_id"] = w.stage.AWS.CreateGateway("other", 0)
			},
			state: m{"aws.direct_connect_gateway_id": "the stage's"},
		},
		"network swapped": {
			plan:   "replace",
			before: func(_ *world, _, _, g map[string]any) { g["network"] = "other" },
			state:  m{"google.network": "default"},
		},
		"stack type swapped": {
			plan:   "replace",
			before: func(_ *world, _, _, g map[string]any) { g["stack_type"] = "IPV4_IPV6" },
			state:  m{"google.stack_type": "IPV4_ONLY"},
		},
		"hub swapped": {
			plan: "replace", config: onHub,
			before: func(_ *world, _, _, g map[string]any) { g["hub"] = "other" },
			state:  m{"google.hub": "wan"},
		},
		"auto_accept swapped": {
			plan: "replace", config: onHub,
			before: func(_ *world, _, _, g map[string]any) { g["auto_accept"] = false },
			state:  m{"google.auto_accept": "true"},
		},
		"psc_routing swapped": {
			plan: "replace", config: onHub,
			before: func(_ *world, _, _, g map[string]any) { g["psc_routing"] = false },
			state:  m{"google.psc_routing": "true"},
		},
		"peering removed": {plan: "nothing", kept: true, event: (*outsider).unpeer},
	}
}

// labelled is the configuration of these tests: something of everything.
func labelled(change func(c, aws, google map[string]any)) map[string]any {
	return settings(func(c, a, g map[string]any) {
		g["labels"] = map[string]string{"team": "ml"}
		if change != nil {
			change(c, a, g)
		}
	})
}

// onHub puts a configuration on a hub in place of a network.
func onHub(_, _, google map[string]any) {
	delete(google, "network")
	google["hub"], google["auto_accept"], google["psc_routing"] = "wan", true, true
}

// TestDriftIsExplainedAndRepaired lets each thing happen to a link, and compares
// with the golden file what the refresh says, what the plan proposes and what
// the apply leaves. It is to be matched in the end.
func TestDriftIsExplainedAndRepaired(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	told := map[string]string{}
	t.Run("each", func(t *testing.T) {
		for name, d := range drifts() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				story := d.tell(t)
				mu.Lock()
				defer mu.Unlock()
				told[name] = story
			})
		}
	})
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(told)) {
		fmt.Fprintf(&all, "=== %s\n%s\n", name, told[name])
	}
	if t.Failed() || len(told) != len(drifts()) {
		// With -run for one of them, there is nothing to compare.
		return
	}
	golden(t, "drift.golden", all.String())
}

// tell runs one drift from the link's making to its repair.
func (d drift) tell(t *testing.T) string {
	w := peaceful(t, nil)
	for _, hub := range []string{"wan", "other"} {
		if err := w.stage.Google.CreateHub("sandbox-project", hub); err != nil {
			t.Fatal(err)
		}
	}
	made := labelled(func(c, a, g map[string]any) {
		if d.config != nil {
			d.config(c, a, g)
		}
		if d.before != nil {
			d.before(w, c, a, g)
		}
	})
	if _, err := w.apply(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	for path, value := range d.state {
		if value == "the stage's" {
			value = w.stage.GatewayID
		}
		w.pretend(t, path, value)
	}
	o := outside(t, w)
	if d.event != nil {
		d.event(o)
	}
	foreign := [2]string{o.foreign("tag"), o.foreign("label")}
	var story strings.Builder
	e, l := listened(t, w)
	config := w.config(e, labelled(d.config))
	if err := e.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&story, "The refresh says:\n%s\n", indent(l.all()))
	p, err := e.plan(t.Context(), e.file.state, config)
	if err != nil {
		t.Fatal(err)
	}
	plan, changes := p.summary(t)
	if plan != d.plan {
		t.Errorf("the plan does %s, want %s: %s", plan, d.plan, changes)
	}
	fmt.Fprintf(&story, "The plan: %s\n", strings.TrimSpace(plan+" "+changes))
	if said := l.all(); said != "" {
		fmt.Fprintf(&story, "and says:\n%s\n", indent(said))
	}
	if _, err := e.apply(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	left := w.text("pairing.status")
	if d.mend != nil {
		d.mend(o)
		if changed, err := e.apply(t.Context(), config); changed || err != nil {
			t.Errorf("the link came back, and the apply changes something: %v, %v", changed, err)
		}
		left += ", then " + w.text("pairing.status")
	}
	if !strings.HasSuffix(left, "matched") {
		t.Errorf("the pairing is %s after the apply", left)
	}
	which := "another link"
	if w.text("aws.connection_id") == o.connection {
		which = "the same link"
	}
	if kept := which == "the same link"; kept != d.kept {
		t.Errorf("the apply leaves %s", which)
	}
	if now := [2]string{o.foreign("tag"), o.foreign("label")}; d.kept && now != foreign {
		t.Errorf("somebody else's tag or label was %q and is %q", foreign, now)
	}
	l.all()
	if changed, err := e.apply(t.Context(), config); changed || err != nil {
		t.Errorf("the next apply changes something: %v, %v", changed, err)
	}
	if said := l.all(); said != "" {
		t.Errorf("after the repair the refresh says:\n%s", said)
	}
	fmt.Fprintf(&story, "The apply leaves: %s, %s\n", left, which)
	return anonymous(story.String(), w)
}

// summary is what a plan does, and which attributes it changes.
func (p planned) summary(t *testing.T) (action, changes string) {
	t.Helper()
	switch {
	case p.prior.IsNull():
		return "create", ""
	case p.next.Equal(p.prior):
		return "nothing", ""
	}
	diffs, err := p.prior.Diff(p.next)
	if err != nil {
		t.Fatal(err)
	}
	changed := map[string]bool{}
	for _, d := range diffs {
		if path := d.Path.String(); d.Value1 == nil || d.Value2 == nil || !d.Value2.IsKnown() || d.Value2.Type().Is(tftypes.String) || d.Value2.Type().Is(tftypes.Number) || d.Value2.Type().Is(tftypes.Bool) {
			changed[dotted.Replace(path)] = true
		}
	}
	action = "update"
	if p.replace {
		action = "replace"
	}
	return action, strings.Join(slices.Sorted(maps.Keys(changed)), ", ")
}

var dotted = strings.NewReplacer(`AttributeName("`, "", `").`, ".", `")`, "", `ElementKeyString("`, "", `ElementKeyValue(tftypes.String<"`, "[", `">)`, "]")

// pretend has the state say something else.
func (w *world) pretend(t *testing.T, path, value string) {
	t.Helper()
	changed, err := tftypes.Transform(w.file.state, func(p *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if dotted.Replace(p.String()) == path {
			if v.Type().Is(tftypes.Bool) {
				return tftypes.NewValue(tftypes.Bool, value == "true"), nil
			}
			return tftypes.NewValue(tftypes.String, value), nil
		}
		return v, nil
	})
	if err != nil || changed.Equal(w.file.state) {
		t.Fatalf("%s cannot be pretended: %v", path, err)
	}
	w.file.state = changed
}

// foreign is what there is of others' tags or labels; empty when the end is gone.
func (o *outsider) foreign(kind string) string {
	if kind == "tag" {
		out, err := o.aws.ListTagsForResource(o.Context(), &interconnect.ListTagsForResourceInput{Arn: &o.arn})
		if err != nil {
			return ""
		}
		return out.Tags["foreign"]
	}
	t, err := o.transports.Get(o.transport).Do()
	if err != nil {
		return ""
	}
	return t.Labels["foreign"]
}

// unpeer peers the network with another, as an attachment would, and takes the
// peering away again.
func (o *outsider) unpeer() {
	o.Helper()
	for _, step := range []struct{ call, body string }{
		{"addPeering", fmt.Sprintf(`{"networkPeering":{"name":"to-aws","network":%q,"exchangeSubnetRoutes":true}}`, o.w.text("google.peering_network"))},
		{"removePeering", `{"name":"to-aws"}`},
	} {
		o.until(step.call, func() bool {
			req, err := http.NewRequestWithContext(o.Context(), http.MethodPost, o.w.stage.GoogleURL+"/compute/v1/projects/sandbox-project/global/networks/default/"+step.call, strings.NewReader(step.body))
			o.must(err)
			req.Header.Set("Authorization", "Bearer "+sandboxgoogle.AccessToken)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				return false
			}
			defer func() { o.must(resp.Body.Close()) }()
			return resp.StatusCode == http.StatusOK
		})
	}
}

var (
	anyUUID    = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	connection = regexp.MustCompile(`mcc-[a-z0-9]{8}`)
)

// anonymous takes out of a text what differs from run to run.
func anonymous(text string, w *world) string {
	text = strings.ReplaceAll(text, w.stage.GatewayID, "GATEWAY")
	return connection.ReplaceAllString(anyUUID.ReplaceAllString(text, "UUID"), "mcc-ID")
}

// indent indents a text; what is empty becomes "nothing".
func indent(text string) string {
	if text == "" {
		text = "nothing"
	}
	return "    " + strings.ReplaceAll(strings.ReplaceAll(text, "\n\n", "\n"), "\n", "\n    ")
}

// golden compares a text with a file of testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
