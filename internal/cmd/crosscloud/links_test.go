package main

import (
	"context"
	"encoding/json"
	"maps"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cost"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/sandboxtest"
)

// everything is a cloud of each kind of link.
func everything(t *testing.T) *clouds {
	t.Helper()
	c := newClouds(t)
	c.build("alpha", "us-east-1", 10*bandwidth.Gbps)
	down := c.build("broken-down", "eu-central-1", bandwidth.Gbps)
	if err := c.AWS.SetLinkDown(down[link.Initiator].ID, true); err != nil {
		t.Fatal(err)
	}
	c.propose("half-of-aws", "us-west-2", link.Initiator)
	c.propose("half-of-google", "eu-west-2", link.Acceptor)
	return c
}

func TestLinks(t *testing.T) {
	c := everything(t)
	secrets := c.secrets()
	if len(secrets) == 0 {
		t.Fatal("the clouds show no activation key: the test cannot see one leak")
	}
	t.Run("table", func(t *testing.T) {
		got := command(t.Context(), "links")
		if got.status != exitUnmatched || got.diag != "" {
			t.Errorf("the status is %d, and it says %q", got.status, got.diag)
		}
		if leaks(got.out, secrets) {
			t.Error("the table shows an activation key")
		}
		golden(t, "links.txt", normal(got.out))
	})
	t.Run("JSON", func(t *testing.T) {
		got := command(t.Context(), "links", "--output", "json")
		if got.status != exitUnmatched || got.diag != "" {
			t.Errorf("the status is %d, and it says %q", got.status, got.diag)
		}
		if leaks(got.out, secrets) {
			t.Error("the JSON shows an activation key")
		}
		if diff := cmp.Diff(wanted(c), decode(t, got.out)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		// As numbers, and what is unknown as null.
		for _, want := range []string{`"monthly": 22870.90,`, `"monthly": 9000.90,`, `"monthly": null,`, `"source": "https://`} {
			if !strings.Contains(got.out, want) {
				t.Errorf("the JSON has no %s:\n%s", want, got.out)
			}
		}
	})
	t.Run("some regions", func(t *testing.T) {
		// Where AWS is not asked, Google's end stands alone.
		got := command(t.Context(), "links", "--output=json", "--aws-regions", "us-east-1, us-west-2")
		status := map[string]string{}
		for _, r := range decode(t, got.out) {
			status[r.Name] = r.Status
		}
		want := map[string]string{"alpha": "matched", "broken-down": "unverified", "half-of-aws": "awaiting_google", "half-of-google": "awaiting_aws"}
		if diff := cmp.Diff(want, status); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
	t.Run("project", func(t *testing.T) {
		t.Setenv("GOOGLE_PROJECT", "somebody-else")
		if got := command(t.Context(), "links", "--project", "sandbox-project"); got.status != exitUnmatched || !strings.Contains(got.out, "alpha") {
			t.Errorf("got %+v", got)
		}
	})
}

// decode reads the listing's JSON, of which every member must be known.
func decode(t *testing.T, text string) []row {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	var rows []row
	if err := dec.Decode(&rows); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	if dec.More() {
		t.Errorf("there is more than one value in:\n%s", text)
	}
	return rows
}

// wanted is what the listing of everything says.
func wanted(c *clouds) []row {
	const account, project = "123456789012", "sandbox-project"
	// What the clouds know of each region: the connection's id and the shared
	// id; and of each transport its shared id.
	ids, shared := map[string]string{}, map[string]string{}
	for _, r := range c.AWS.Resources() {
		if r.Kind == "connection" {
			ids[r.Region], shared[r.Region] = r.ID, r.SharedID
		}
	}
	for _, r := range c.Google.Resources() {
		if strings.HasSuffix(r.Name, "/half-of-google") {
			shared["eu-west-2"] = r.SharedID
		}
	}
	transport := func(region, name string) string {
		return "projects/" + project + "/locations/" + region + "/transports/" + name
	}
	prices := cost.Prices()
	return []row{
		{
			Name: "alpha", Status: "matched", Summary: "The AWS connection and the Google transport are up and agree.",
			SharedID: shared["us-east-1"], Bandwidth: "10Gbps",
			AWS:    end{ids["us-east-1"], "available", account, "us-east-1"},
			Google: end{transport("us-east4", "alpha"), "ACTIVE", project, "us-east4"},
			Cost:   prices.Link(prices.AWS("us-east-1", 10*bandwidth.Gbps, new(1)), prices.Google("us-east4", 10*bandwidth.Gbps)),
		},
		{
			Name: "broken-down", Status: "down", Summary: "The AWS connection is down: it carries no traffic.",
			SharedID: shared["eu-central-1"], Bandwidth: "1Gbps",
			AWS:    end{ids["eu-central-1"], "down", account, "eu-central-1"},
			Google: end{transport("europe-west3", "broken-down"), "ACTIVE", project, "europe-west3"},
			Cost:   prices.Link(prices.AWS("eu-central-1", bandwidth.Gbps, new(1)), prices.Google("europe-west3", bandwidth.Gbps)),
		},
		{
			Name: "half-of-aws", Status: "awaiting_google", Summary: "The AWS connection has issued an activation key that Google has not redeemed.",
			SharedID: shared["us-west-2"], Bandwidth: "1Gbps",
			AWS:    end{ids["us-west-2"], "requested", account, "us-west-2"},
			Google: end{State: "absent"},
			Cost:   prices.Link(prices.AWS("us-west-2", bandwidth.Gbps, nil), nil),
		},
		{
			Name: "half-of-google", Status: "awaiting_aws", Summary: "The Google transport has issued an activation key that AWS has not redeemed.",
			SharedID: shared["eu-west-2"], Bandwidth: "1Gbps",
			AWS:    end{State: "absent"},
			Google: end{transport("europe-west2", "half-of-google"), "PENDING_KEY", project, "europe-west2"},
			Cost:   prices.Link(nil, prices.Google("europe-west2", bandwidth.Gbps)),
		},
	}
}

func TestLinksExitStatus(t *testing.T) {
	tests := map[string]struct {
		build  func(*testing.T, *clouds)
		status int
		out    string
	}{
		"none":    {func(*testing.T, *clouds) {}, exitOK, "No links on either cloud.\n"},
		"matched": {func(_ *testing.T, c *clouds) { c.build("alpha", "us-east-1", bandwidth.Gbps) }, exitOK, "matched"},
		"half-open": {
			func(_ *testing.T, c *clouds) { c.propose("half", "us-east-1", link.Initiator) }, exitUnmatched, "awaiting_google",
		},
		"matched and half-open": {
			func(_ *testing.T, c *clouds) {
				c.build("alpha", "us-east-1", bandwidth.Gbps)
				c.propose("half", "us-west-2", link.Acceptor)
			}, exitUnmatched, "awaiting_aws",
		},
		"down": {
			func(t *testing.T, c *clouds) {
				v := c.build("alpha", "us-east-1", bandwidth.Gbps)
				if err := c.AWS.SetLinkDown(v[link.Initiator].ID, true); err != nil {
					t.Fatal(err)
				}
			}, exitUnmatched, "carries no traffic",
		},
		"suspended": {
			func(t *testing.T, c *clouds) {
				v := c.build("alpha", "us-east-1", bandwidth.Gbps)
				if err := c.Google.Suspend(v[link.Acceptor].ID, true); err != nil {
					t.Fatal(err)
				}
			}, exitUnmatched, "SUSPENDED",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := newClouds(t)
			tt.build(t, c)
			got := command(t.Context(), "links")
			if got.status != tt.status || !strings.Contains(got.out, tt.out) || got.diag != "" {
				t.Errorf("got %+v, want status %d and %q", got, tt.status, tt.out)
			}
			asJSON := command(t.Context(), "links", "--output", "json")
			if asJSON.status != tt.status {
				t.Errorf("as JSON the status is %d, want %d", asJSON.status, tt.status)
			}
			if tt.status == exitOK && !strings.Contains(tt.out, "matched") && asJSON.out != "[]\n" {
				t.Errorf("no link is %q in JSON", asJSON.out)
			}
		})
	}
}

func TestLinksThatCannotBeListed(t *testing.T) {
	s := newClouds(t)
	// A port that nobody listens on.
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + l.Addr().String()
	_ = l.Close()
	tests := map[string]struct {
		args []string
		env  map[string]string
		want []string
	}{
		"a flag that is none":      {[]string{"--colour"}, nil, []string{"flag provided but not defined", "Usage of crosscloud links", "crosscloud: "}},
		"an argument too many":     {[]string{"alpha"}, nil, []string{`unexpected argument "alpha"`}},
		"an output that is none":   {[]string{"--output", "yaml"}, nil, []string{`--output must be table or json, not "yaml"`}},
		"a timeout that is none":   {[]string{"--timeout", "soon"}, nil, []string{"invalid value"}},
		"no project":               {nil, map[string]string{"GOOGLE_PROJECT": "", "CLOUDSDK_CORE_PROJECT": ""}, []string{"no Google Cloud project: give --project or GOOGLE_PROJECT"}},
		"a project of others":      {[]string{"--project", "somebody-else"}, nil, []string{"Google said PERMISSION_DENIED", "roles/networkconnectivity"}},
		"no credentials":           {nil, map[string]string{"GOOGLE_OAUTH_ACCESS_TOKEN": ""}, []string{"could not find Google credentials", "GOOGLE_APPLICATION_CREDENTIALS"}},
		"credentials, no file":     {nil, map[string]string{"GOOGLE_OAUTH_ACCESS_TOKEN": "", "GOOGLE_CREDENTIALS": "none.json"}, []string{"neither JSON nor the path of a file"}},
		"wrong keys":               {nil, map[string]string{"AWS_SECRET_ACCESS_KEY": "wrong"}, []string{"AWS said", "AWS_PROFILE"}},
		"a profile that is none":   {nil, map[string]string{"AWS_PROFILE": "nobody"}, []string{"could not load the AWS configuration", "nobody", "AWS_PROFILE"}},
		"an endpoint that is none": {nil, map[string]string{"GOOGLE_COMPUTE_CUSTOM_ENDPOINT": "compute"}, []string{"the endpoint of Compute Engine"}},
		"Google not there":         {nil, map[string]string{"GOOGLE_NETWORK_CONNECTIVITY_CUSTOM_ENDPOINT": nobody}, []string{"could not list", "connection refused"}},
		"AWS not there":            {[]string{"--timeout", "1s"}, map[string]string{"AWS_ENDPOINT_URL": nobody}, []string{"crosscloud: "}},
		"no time":                  {[]string{"--timeout", "1ns"}, nil, []string{"context deadline exceeded"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			env := sandboxtest.Map(s.Env())
			maps.Copy(env, tt.env)
			sandboxtest.Isolate(t, env)
			got := command(t.Context(), append([]string{"links"}, tt.args...)...)
			if got.status != exitError || got.out != "" {
				t.Errorf("the status is %d, and it prints %q", got.status, got.out)
			}
			for _, want := range tt.want {
				if !strings.Contains(got.diag, want) {
					t.Errorf("it says %q, want %q", got.diag, want)
				}
			}
		})
	}
	t.Run("interrupted", func(t *testing.T) {
		sandboxtest.Isolate(t, sandboxtest.Map(s.Env()))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if got := command(ctx, "links"); got.status != exitError || !strings.Contains(got.diag, "context canceled") {
			t.Errorf("got %+v", got)
		}
	})
}
