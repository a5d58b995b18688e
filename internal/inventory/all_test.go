package inventory_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// said is what a listing says of each link: kind and pairing.
func said(seen []link.Seen) map[string]string {
	out := map[string]string{}
	for _, s := range seen {
		out[s.Name] = string(inventory.KindOf(s)) + " " + string(link.Pair(s.Link, s.View).Status)
	}
	return out
}

func TestAll(t *testing.T) {
	b := newBench(t, func(c *sandbox.Config) { c.AWS.Quotas.Requested, c.Google.TransportQuota = 10, -1 })
	b.Build("whole", "us-east-1")
	b.Orphan("orphan", "eu-central-1")
	b.Propose("half-of-aws", "us-west-2", inventory.SideAWS, link.AwaitingPeer)
	b.Propose("half-of-google", "eu-west-2", inventory.SideGoogle, link.AwaitingPeer)

	tests := map[string]struct {
		scope inventory.Scope
		want  map[string]string
	}{
		"everywhere": {inventory.Scope{}, map[string]string{
			"whole": "whole matched", "orphan": "orphaned broken", "half-of-aws": "half_open awaiting_google", "half-of-google": "half_open awaiting_aws",
		}},
		"the project by name": {inventory.Scope{Project: "sandbox-project"}, map[string]string{
			"whole": "whole matched", "orphan": "orphaned broken", "half-of-aws": "half_open awaiting_google", "half-of-google": "half_open awaiting_aws",
		}},
		"where AWS is not asked, Google's end is orphaned": {inventory.Scope{AWSRegions: []string{"us-west-2"}}, map[string]string{
			"whole": "orphaned unverified", "orphan": "orphaned broken", "half-of-aws": "half_open awaiting_google", "half-of-google": "half_open awaiting_aws",
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			seen, err := b.All(t.Context(), tt.scope)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, said(seen)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A first half that is still being made waits for its partner: it is not lost.
func TestAllWhileTheFirstHalfIsBeingMade(t *testing.T) {
	b := newBench(t)
	if err := b.Stage.Google.Stall("CREATING", true); err != nil {
		t.Fatal(err)
	}
	b.Propose("early", "us-east-1", inventory.SideGoogle, link.Creating)
	seen, err := b.All(t.Context(), inventory.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"early": "half_open awaiting_aws"}, said(seen)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAllOfNothing(t *testing.T) {
	b := newBench(t)
	if seen, err := b.All(t.Context(), inventory.Scope{}); err != nil || len(seen) > 0 {
		t.Errorf("got %v, %v", seen, err)
	}
}

func TestAllFails(t *testing.T) {
	b := newBench(t)
	nobody := errors.New("no credentials")
	tests := map[string]struct {
		clouds inventory.Clouds
		scope  inventory.Scope
		says   string
	}{
		"AWS":             {b.failing(nobody, nil), inventory.Scope{}, "no credentials"},
		"Google":          {b.failing(nil, nobody), inventory.Scope{}, "no credentials"},
		"another project": {b.Clouds, inventory.Scope{Project: "somebody-else"}, "projects/somebody-else"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := tt.clouds.All(t.Context(), tt.scope); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want %q", err, tt.says)
			}
		})
	}
}
