package bandwidthtier_test

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

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

const tier = "crosscloud_bandwidth_tier"

var update = flag.Bool("update", false, "write the golden files")

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// golden holds named texts against a file of testdata, with ids replaced.
func golden(t *testing.T, name string, texts map[string]string) {
	t.Helper()
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(&b, "== %s\n%s\n", k, texts[k])
	}
	got := b.String()
	for pattern, by := range map[string]string{
		`mcc-[0-9a-z]{8}\b`: "mcc-00000000", `[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`: "00000000-0000-0000-0000-000000000000",
	} {
		got = regexp.MustCompile(pattern).ReplaceAllString(got, by)
	}
	file := filepath.Join("testdata", name)
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

// scene is a stage with one link of 1 Gbps.
type scene struct {
	*acceptance.Builder
	*acceptance.Protocol
	t    *testing.T
	link link.View
}

func newScene(t *testing.T, change ...func(*sandbox.Config)) *scene {
	t.Helper()
	b := acceptance.NewBuilder(t, acceptance.New(t, change...))
	return &scene{Builder: b, Protocol: acceptance.Speak(t, b.Stage, "acme/test"), t: t, link: b.Build("ai", "us-east-1")}
}

// id is the link's name.
func (s *scene) id() string { return s.link[inventory.SideGoogle].ID }

// config is a configuration of the resource for the scene's link.
func (s *scene) config(size string, more map[string]any) map[string]any {
	c := map[string]any{"interconnect": s.id(), "bandwidth": size}
	maps.Copy(c, more)
	return c
}

// sizes are what the ends report, and what the note on the connection says.
func (s *scene) sizes() [3]string {
	s.t.Helper()
	f, err := s.Clouds().Find(s.t.Context(), s.id())
	if err != nil {
		s.t.Fatal(err)
	}
	return [3]string{f.AWS.Bandwidth.String(), f.Google.Bandwidth.String(), f.AWS.Remembered.String()}
}

func (s *scene) expect(aws, google, note string) {
	s.t.Helper()
	if got, want := s.sizes(), [3]string{aws, google, note}; got != want {
		s.t.Errorf("AWS, Google and the note say %v, want %v", got, want)
	}
}

// apply applies and wants nothing said.
func (s *scene) apply(prior acceptance.State, config map[string]any) acceptance.State {
	s.t.Helper()
	after, said := s.Apply(tier, prior, config)
	if said != "" {
		s.t.Fatal(said)
	}
	return after
}

// From create to destroy: the note is there while the resource is, both ends
// follow, and the link gets back what it had.
func TestLife(t *testing.T) {
	for onDestroy, left := range map[string]string{"restore": "1Gbps", "keep": "2Gbps"} {
		t.Run(onDestroy, func(t *testing.T) {
			s := newScene(t)
			more := map[string]any{"on_destroy": onDestroy}
			planned, said := s.Plan(tier, acceptance.State{}, s.config("10Gbps", more))
			if said != "" {
				t.Fatal(said)
			}
			state := s.apply(acceptance.State{}, s.config("10Gbps", more))
			if !planned.IsFullyKnown() || !planned.Equal(state.Value) {
				t.Errorf("the plan is not exact:\n%s\n%s", planned, state.Value)
			}
			s.expect("10Gbps", "10Gbps", "1Gbps")
			if got := acceptance.Text(state.Value, "previous_bandwidth"); got != "1Gbps" {
				t.Errorf("the earlier bandwidth is %q", got)
			}
			read, said := s.Refresh(tier, state)
			if said != "" || !read.Value.Equal(state.Value) {
				t.Errorf("a refresh changes the state:\n%s\n%s\n%s", said, state.Value, read.Value)
			}
			if again, said := s.Plan(tier, read, s.config("BPS_10G", more)); said != "" || acceptance.Text(again, "bandwidth") != "BPS_10G" && !again.Equal(read.Value) {
				t.Errorf("another spelling is planned as a change: %s\n%s", said, again)
			}
			state = s.apply(read, s.config("2Gbps", more))
			s.expect("2Gbps", "2Gbps", "1Gbps")
			s.apply(state, nil)
			s.expect(left, left, "")
		})
	}
}

// A create that is killed before the state is saved leaves a note, and the next
// one takes the earlier bandwidth from there.
func TestKilledCreate(t *testing.T) {
	s := newScene(t)
	s.apply(acceptance.State{}, s.config("10Gbps", nil)) // the state of this one is lost
	state := s.apply(acceptance.State{}, s.config("10Gbps", nil))
	if got := acceptance.Text(state.Value, "previous_bandwidth"); got != "1Gbps" {
		t.Errorf("the earlier bandwidth is %q", got)
	}
	s.apply(state, nil)
	s.expect("1Gbps", "1Gbps", "")
}

// What somebody else changes is seen and changed back.
func TestDrift(t *testing.T) {
	s := newScene(t)
	state := s.apply(acceptance.State{}, s.config("10Gbps", nil))
	s.resize(5 * bandwidth.Gbps)
	read, said := s.Refresh(tier, state)
	if got := acceptance.Text(read.Value, "bandwidth"); got != "5Gbps" || said != "" {
		t.Errorf("the refresh shows %q: %s", got, said)
	}
	s.apply(read, s.config("10Gbps", nil))
	s.expect("10Gbps", "10Gbps", "1Gbps")
}

// resize changes the bandwidth as somebody else would.
func (s *scene) resize(b bandwidth.Bandwidth) {
	s.t.Helper()
	driver := link.Driver{Pace: acceptance.Pace()}
	if _, err := driver.Resize(s.t.Context(), s.Link("ai", "us-east-1"), b, s.link); err != nil {
		s.t.Fatal(err)
	}
}

// Every refusal and warning, as it is shown.
func TestMessages(t *testing.T) {
	texts := map[string]string{}
	say := func(name string, of func(t *testing.T) string) {
		t.Run(name, func(t *testing.T) { texts[name] = of(t) })
	}
	say("partner refuses", func(t *testing.T) string {
		s := newScene(t)
		// Where one refuses, the other is asked.
		for _, err := range []error{
			s.AWS.SetPartnerRefusal(coordinator.CallUpdateConnection, &coordinator.Error{Status: 403, Message: "quota of the project"}),
			s.Google.SetPartnerRefusal(coordinator.CallUpdateConnection, &coordinator.Error{Status: 403, Message: "quota of the account"}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		_, said := s.Apply(tier, acceptance.State{}, s.config("10Gbps", nil))
		s.expect("1Gbps", "1Gbps", "1Gbps")
		return said
	})
	say("partner refuses later", func(t *testing.T) string {
		s := newScene(t, func(c *sandbox.Config) { c.AWS.Switches.AsyncBandwidthRefusal = true })
		if err := s.AWS.SetPartnerRefusal(coordinator.CallUpdateConnection, &coordinator.Error{Status: 403, Message: "quota of the project"}); err != nil {
			t.Fatal(err)
		}
		_, said := s.Apply(tier, acceptance.State{}, s.config("10Gbps", nil))
		return said
	})
	say("free tier", func(t *testing.T) string {
		s := newScene(t, func(c *sandbox.Config) { c.AWS.Switches.FreeTierCheck = sandboxaws.FreeTierOnePerRegion })
		s.link = s.BuildAt("free", "us-west-2", 500*bandwidth.Mbps)
		_, said := s.Apply(tier, acceptance.State{}, s.config("1Gbps", nil))
		return said
	})
	say("not sold", func(t *testing.T) string {
		s := newScene(t)
		_, said := s.Plan(tier, acceptance.State{}, s.config("3Gbps", nil))
		return said
	})
	say("no such link", func(t *testing.T) string {
		s := newScene(t)
		_, said := s.Apply(tier, acceptance.State{}, map[string]any{"interconnect": "us-east-1/mcc-00000000", "bandwidth": "10Gbps"})
		return said
	})
	say("no name of a link", func(t *testing.T) string {
		s := newScene(t)
		_, said := s.Plan(tier, acceptance.State{}, map[string]any{"interconnect": "ai", "bandwidth": "10Gbps"})
		return said
	})
	say("one end only", func(t *testing.T) string {
		s := newScene(t)
		half := s.Propose("half", "us-west-2", inventory.SideAWS, link.AwaitingPeer)
		_, said := s.Plan(tier, acceptance.State{}, map[string]any{"interconnect": "us-west-2/" + half.ID, "bandwidth": "10Gbps"})
		return said
	})
	say("two resources for one link", func(t *testing.T) string {
		s := newScene(t)
		if _, said := s.Plan(tier, acceptance.State{}, s.config("10Gbps", nil)); said != "" {
			t.Fatal(said)
		}
		_, said := s.Plan(tier, acceptance.State{}, s.config("2Gbps", nil))
		return said
	})
	say("link is down", func(t *testing.T) string {
		s := newScene(t)
		if err := s.AWS.SetLinkDown(s.link[inventory.SideAWS].ID, true); err != nil {
			t.Fatal(err)
		}
		_, said := s.Apply(tier, acceptance.State{}, s.config("10Gbps", nil))
		return said
	})
	say("destroy of a link that is down", func(t *testing.T) string {
		s := newScene(t)
		state := s.apply(acceptance.State{}, s.config("10Gbps", nil))
		if err := s.AWS.SetLinkDown(s.link[inventory.SideAWS].ID, true); err != nil {
			t.Fatal(err)
		}
		after, said := s.Apply(tier, state, nil)
		if after.Value.IsNull() {
			t.Error("the resource is gone although nothing was restored")
		}
		return said
	})
	say("tags denied", func(t *testing.T) string {
		s := newScene(t, func(c *sandbox.Config) {
			c.AWS.Intercept = func(call sandboxaws.Call) *sandboxaws.Fault {
				if call.Operation == "TagResource" {
					return &sandboxaws.Fault{Err: &sandboxaws.Error{Status: 403, Code: "AccessDeniedException", Message: "tagging is not allowed"}}
				}
				return nil
			}
		})
		state, said := s.Apply(tier, acceptance.State{}, s.config("10Gbps", nil))
		s.expect("10Gbps", "10Gbps", "")
		s.apply(state, nil)
		s.expect("1Gbps", "1Gbps", "")
		return strings.NewReplacer(requestID(said), "REQUEST").Replace(said)
	})
	for code, gone := range map[string]bool{"AccessDeniedException": true, "ExpiredTokenException": false} {
		say("note cannot be removed, "+code, func(t *testing.T) string {
			s := newScene(t, func(c *sandbox.Config) {
				c.AWS.Intercept = func(call sandboxaws.Call) *sandboxaws.Fault {
					if call.Operation == "UntagResource" {
						return &sandboxaws.Fault{Err: &sandboxaws.Error{Status: 403, Code: code, Message: "scripted"}}
					}
					return nil
				}
			})
			state := s.apply(acceptance.State{}, s.config("10Gbps", nil))
			after, said := s.Apply(tier, state, nil)
			s.expect("1Gbps", "1Gbps", "1Gbps")
			if after.Value.IsNull() != gone {
				t.Errorf("the resource is gone: %v, want %v", !gone, gone)
			}
			return strings.NewReplacer(requestID(said), "REQUEST").Replace(said)
		})
	}
	say("link is gone", func(t *testing.T) string {
		s := newScene(t)
		state := s.apply(acceptance.State{}, s.config("10Gbps", nil))
		driver := link.Driver{Pace: acceptance.Pace()}
		if _, err := driver.Teardown(t.Context(), s.Link("ai", "us-east-1"), s.link); err != nil {
			t.Fatal(err)
		}
		after, said := s.Refresh(tier, state)
		if !after.Value.IsNull() {
			t.Error("the state keeps what is gone")
		}
		s.apply(state, nil)
		return said
	})
	say("link lost an end", func(t *testing.T) string {
		s := newScene(t)
		s.link = s.Orphan("orphan", "eu-west-2")
		_, said := s.Plan(tier, acceptance.State{}, s.config("10Gbps", nil))
		return said
	})
	for name, text := range texts {
		texts[name] = strings.NewReplacer(requestID(text), "REQUEST").Replace(text)
	}
	// In these positions another cloud refuses, or later.
	for position, words := range map[string]string{
		"aws.AsyncBandwidthRefusal=true": "Code: change_refused",
		"google.BandwidthPatch=refuse":   "The Google transport was asked too, and does not change it either",
	} {
		if !acceptance.At(position) {
			continue
		}
		if got := texts["partner refuses"]; !strings.Contains(got, words) {
			t.Errorf("%s: a partner that refuses is told in other words:\n%s", position, got)
		}
		return
	}
	golden(t, "messages.txt", texts)
}

// requestID is the request id that a message shows.
func requestID(text string) string {
	if m := regexp.MustCompile(`request id ([^)]+)\)`).FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return "no request id"
}

// A change by somebody else is waited for.
func TestConflict(t *testing.T) {
	busy := 2
	s := newScene(t, func(c *sandbox.Config) {
		c.AWS.Intercept = func(call sandboxaws.Call) *sandboxaws.Fault {
			if call.Operation == "UpdateConnection" && busy > 0 {
				busy--
				return &sandboxaws.Fault{Err: &sandboxaws.Error{Status: 400, Code: "InterconnectClientException", Message: "Another change is in progress."}}
			}
			return nil
		}
	})
	s.apply(acceptance.State{}, s.config("10Gbps", nil))
	s.expect("10Gbps", "10Gbps", "1Gbps")
	if busy != 0 {
		t.Error("nobody was in the way")
	}
}
