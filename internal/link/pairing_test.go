package link

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

const (
	uuidA = "11111111-1111-4111-8111-111111111111"
	uuidB = "22222222-2222-4222-8222-222222222222"
)

// up is both ends of a matched link; tests change what they are about.
func up(change func(v *View)) View {
	v := View{
		{Ref: Ref{ID: "ame-1"}, State: Up, Raw: "available", SharedID: uuidA, Bandwidth: bandwidth.Gbps, Site: Site{"ame-account", "ame-1"}, PeerSite: Site{"", "bal-1"}},
		{Ref: Ref{ID: "bal-1"}, State: Up, Raw: "ACTIVE", SharedID: uuidA, Bandwidth: bandwidth.Gbps, Site: Site{"bal-account", "bal-1"}, PeerSite: Site{"ame-account", "ame-1"}},
	}
	if change != nil {
		change(&v)
	}
	return v
}

func TestPair(t *testing.T) {
	tests := map[string]struct {
		change func(v *View)
		ours   []Side // nil means both
		status Status
		names  string // a word that the summary must hold
		fields []string
	}{
		"matched":                            {status: Matched},
		"acceptor provisions":                {change: func(v *View) { v[1].State = Joining }, status: Provisioning, names: "Bal"},
		"acceptor is being made":             {change: func(v *View) { v[0].State, v[1].State = AwaitingPeer, Creating }, status: Provisioning, names: "Bal"},
		"first half is being made":           {change: func(v *View) { v[0].State, v[1] = Creating, Observation{State: Absent} }, status: "awaiting_bal", names: "is being made"},
		"first half is being made, mirrored": {change: func(v *View) { v[1].State, v[0] = Creating, Observation{State: Absent} }, status: "awaiting_ame", names: "is being made"},
		"only half of ours is being made":    {change: func(v *View) { v[0].State = Creating }, ours: []Side{Initiator}, status: Provisioning, names: "Ame"},
		"partner fails before ours is made":  {change: func(v *View) { v[0].State, v[1].State = Creating, Failed }, status: Broken, names: "Bal"},
		"initiator changes":                  {change: func(v *View) { v[0].State = Updating }, status: Provisioning, names: "Ame"},
		"key not redeemed":                   {change: func(v *View) { v[0].State, v[1] = AwaitingPeer, Observation{State: Absent} }, status: "awaiting_bal", names: "Bal"},
		"key not redeemed, other direction":  {change: func(v *View) { v[1].State, v[0] = AwaitingPeer, Observation{State: Absent} }, status: "awaiting_ame", names: "Ame"},
		"key not redeemed by the other team": {change: func(v *View) { v[0].State = AwaitingPeer }, ours: []Side{Initiator}, status: "awaiting_bal"},
		"bandwidth differs":                  {change: func(v *View) { v[1].Bandwidth = 10 * bandwidth.Gbps }, status: Diverged, names: "bandwidth", fields: []string{"bandwidth"}},
		"region differs":                     {change: func(v *View) { v[1].PeerSite.Region = "ame-2" }, status: Diverged, fields: []string{"ame.region"}},
		"regions differ both ways":           {change: func(v *View) { v[0].PeerSite.Region, v[1].PeerSite.Region = "bal-2", "ame-2" }, status: Diverged, fields: []string{"bal.region", "ame.region"}},
		"account differs":                    {change: func(v *View) { v[1].PeerSite.Account = "shifty" }, status: Diverged, fields: []string{"ame.account"}},
		"two different links":                {change: func(v *View) { v[1].SharedID = uuidB }, status: Diverged, names: "two different links", fields: []string{"shared_id"}},
		"initiator down":                     {change: func(v *View) { v[0].State = Down }, status: DownStatus, names: "Ame"},
		"acceptor suspended":                 {change: func(v *View) { v[1].State = Suspended }, status: DownStatus, names: "Bal"},
		"initiator failed":                   {change: func(v *View) { v[0].State = Failed }, status: Broken, names: "Ame"},
		"acceptor deprovisioned":             {change: func(v *View) { v[1].State = Deprovisioned }, status: Broken, names: "Bal"},
		"acceptor deleted":                   {change: func(v *View) { v[1] = Observation{State: Absent} }, status: Broken, names: "Bal"},
		"initiator deleted":                  {change: func(v *View) { v[0].State = Deleted }, status: Broken, names: "Ame"},
		"acceptor being deleted":             {change: func(v *View) { v[1].State = Deleting }, status: Broken, names: "Bal"},
		"only the acceptor is ours":          {ours: []Side{Acceptor}, status: Unverified, names: "another team"},
		"only the acceptor, deleted":         {change: func(v *View) { v[1] = Observation{State: Absent} }, ours: []Side{Acceptor}, status: Broken},
		"nothing proves it":                  {change: func(v *View) { v[1].SharedID = "" }, status: Unverified, names: "proves"},
		"the same key proves it": {change: func(v *View) {
			v[0].SharedID, v[1].SharedID = "", ""
			v[0].Key, v[1].Redeemed = activation.NewKey("k"), activation.NewKey("k")
		}, status: Matched},
		"upper and lower case are one id": {change: func(v *View) { v[1].SharedID = strings.ToUpper(uuidA) }, status: Matched},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l, i, a := newWorld().pair("acme")
			for _, s := range []Side{Initiator, Acceptor} {
				if tt.ours != nil && tt.ours[0] != s {
					l.Ends[s], l.Peer = nil, [2]*fakeEnd{i, a}[s].desc
				}
			}
			p := Pair(l, up(tt.change))
			if p.Status != tt.status {
				t.Errorf("status %q, want %q: %s", p.Status, tt.status, p.Summary)
			}
			if !strings.Contains(p.Summary, tt.names) {
				t.Errorf("summary %q does not name %q", p.Summary, tt.names)
			}
			var fields []string
			for _, d := range p.Differences {
				fields = append(fields, d.Field)
				if len(d.Values) != 2 {
					t.Errorf("%s does not give both values: %v", d.Field, d.Values)
				}
			}
			if diff := cmp.Diff(tt.fields, fields); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEveryStatusIsListed keeps the table above whole.
func TestEveryStatusIsListed(t *testing.T) {
	want := []Status{Matched, Provisioning, "awaiting_aws", "awaiting_google", Diverged, DownStatus, Broken, Unverified}
	if diff := cmp.Diff(want, Statuses("aws", "google")); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}
