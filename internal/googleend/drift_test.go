package googleend

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func TestDrift(t *testing.T) {
	for name, c := range map[string]struct {
		change   func(*Config, *link.Observation, *Transport)
		sharedID string
		want     []link.Drift
	}{
		"none":        {change: func(*Config, *link.Observation, *Transport) {}, sharedID: sharedUUID},
		"description": {change: func(c *Config, _ *link.Observation, _ *Transport) { c.Description = "" }, want: []link.Drift{{Field: "description", Got: "to AWS", InPlace: true}}},
		"routes":      {change: func(_ *Config, _ *link.Observation, t *Transport) { t.AdvertisedRoutes = nil }, want: []link.Drift{{Field: "advertised_routes", Want: "10.0.0.0/16", InPlace: true}}},
		"routes, spelling": {change: func(c *Config, _ *link.Observation, t *Transport) {
			c.AdvertisedRoutes, t.AdvertisedRoutes = []string{"2001:DB8:0::/32", "2001:db8::/32"}, []string{"2001:db8::/32"}
		}},
		"label changed":       {change: func(_ *Config, _ *link.Observation, t *Transport) { t.Labels["team"] = "x" }, want: []link.Drift{{Field: "labels.team", Want: "net", Got: "x", InPlace: true}}},
		"label missing":       {change: func(_ *Config, _ *link.Observation, t *Transport) { delete(t.Labels, "team") }, want: []link.Drift{{Field: "labels.team", Want: "net", InPlace: true}}},
		"empty label missing": {change: func(c *Config, _ *link.Observation, _ *Transport) { c.Labels["flag"] = "" }, want: []link.Drift{{Field: "labels.flag", InPlace: true}}},
		"label retired": {change: func(c *Config, _ *link.Observation, t *Transport) {
			t.Labels["old"], c.RetiredLabels = "v", []string{"old", "gone"}
		}, want: []link.Drift{{Field: "labels.old", Got: "v", InPlace: true}}},
		"label in use again":  {change: func(c *Config, _ *link.Observation, _ *Transport) { c.RetiredLabels = []string{"team"} }},
		"foreign label":       {change: func(_ *Config, _ *link.Observation, t *Transport) { t.Labels["foreign"] = "v" }},
		"mark missing":        {change: func(_ *Config, _ *link.Observation, t *Transport) { delete(t.Labels, labelLink) }, want: []link.Drift{{Field: "labels.crosscloud-link", Want: "ai", InPlace: true}}},
		"owner of another":    {change: func(c *Config, _ *link.Observation, _ *Transport) { c.Owner = "acme" }, want: []link.Drift{{Field: "labels.crosscloud-owner", Want: "acme", Got: OwnerLabel(theMarker.Owner), InPlace: true}}},
		"mark of another":     {change: func(_ *Config, _ *link.Observation, t *Transport) { t.Labels[labelLink] = "other" }, want: []link.Drift{{Field: "labels.crosscloud-link", Want: "ai", Got: "other", InPlace: true}}},
		"shared id missing":   {change: func(_ *Config, o *link.Observation, t *Transport) { o.SharedID = ""; delete(t.Labels, labelSharedID) }, sharedID: sharedUUID, want: []link.Drift{{Field: "labels.crosscloud-shared-id", Want: sharedUUID, InPlace: true}}},
		"shared id not known": {change: func(_ *Config, o *link.Observation, _ *Transport) { o.SharedID = "" }},
		"stack type":          {change: func(c *Config, _ *link.Observation, _ *Transport) { c.StackType = "IPV4_IPV6" }, want: []link.Drift{{Field: "stack_type", Want: "IPV4_IPV6", Got: "IPV4_ONLY"}}},
		"network as URL": {change: func(c *Config, _ *link.Observation, t *Transport) {
			t.Network = "https://www.googleapis.com/compute/v1/projects/123/global/networks/vpc"
		}},
		"network": {change: func(c *Config, _ *link.Observation, _ *Transport) { c.Network = "projects/q/global/networks/vpc" }, want: []link.Drift{{Field: "network", Want: "projects/q/global/networks/vpc", Got: "projects/p/global/networks/vpc"}}},
		"hub instead": {change: func(c *Config, _ *link.Observation, _ *Transport) {
			c.Network, c.Hub, c.AutoAccept, c.PSCRouting = "", "wan", true, true
		}, want: []link.Drift{
			{Field: "hub", Want: "wan"}, {Field: "auto_accept", Want: "true", Got: "false"}, {Field: "psc_routing", Want: "true", Got: "false"},
		}},
		"not known": {change: func(c *Config, _ *link.Observation, _ *Transport) { c.Network = "" }},
		"hub, same": {change: func(c *Config, _ *link.Observation, t *Transport) {
			c.Network, c.Hub, t.Hub, t.Network = "", "wan", "projects/p/locations/global/hubs/wan", ""
		}},
		"place": {change: func(_ *Config, o *link.Observation, _ *Transport) {
			o.Site = link.Site{Account: "q", Region: "us-west1"}
		}, want: []link.Drift{{Field: "project", Want: "p", Got: "q"}, {Field: "region", Want: "us-east4", Got: "us-west1"}}},
		"place, by number": {change: func(_ *Config, o *link.Observation, _ *Transport) { o.Site.Account = "123" }},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, transport := config(), asConfigured()
			o := observed(transport)
			c.change(&cfg, &o, &transport)
			o.Detail = transport
			if diff := cmp.Diff(c.want, New(newAccount(t, newFake(t, nil)), cfg).Drift(o, c.sharedID)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestPartialObservationShowsNoDrift(t *testing.T) {
	o := link.Observation{Ref: link.Ref{ID: theID}, State: link.Updating, Partial: true}
	if drift := New(newAccount(t, newFake(t, nil)), config()).Drift(o, sharedUUID); drift != nil {
		t.Errorf("got %v", drift)
	}
}
