package environment

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
)

// sold writes the tiers of a fixture.
func sold(t *testing.T, words string) []bandwidth.Bandwidth {
	t.Helper()
	var all []bandwidth.Bandwidth
	for w := range strings.FieldsSeq(words) {
		b, err := bandwidth.Parse(w)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	return all
}

// amazon is an environment with Google as AWS lists it, and google one with AWS
// as Google does.
func amazon(t *testing.T, region, peer, tiers string) awsend.Environment {
	return awsend.Environment{ID: "mce-" + region, Region: region, PeerRegion: peer, Provider: "gcp", State: "available", Available: sold(t, tiers)}
}

func google(t *testing.T, region, site, tiers string) googleend.Profile {
	return googleend.Profile{
		ID: "aws-" + site, Region: region, Site: site, Provider: "Amazon Web Services",
		OrderState: "OPEN", Open: true, Tiers: sold(t, tiers),
	}
}

// write is a pair in one line: regions, what each cloud calls it, what both
// sell, and whether it can be ordered.
func write(p pair) string {
	words := []string{p.awsRegion, p.googleRegion, "-", "-", bandwidth.List(p.tiers())}
	if p.aws != nil {
		words[2] = p.aws.ID
	}
	if p.google != nil {
		words[3] = p.google.ID
	}
	if p.open() {
		words = append(words, "open")
	}
	return strings.Join(words, " ")
}

func TestJoin(t *testing.T) {
	const tiers = "1Gbps 10Gbps"
	iad, lhr := amazon(t, "us-east-1", "us-east4", tiers), amazon(t, "eu-west-2", "europe-west2", tiers)
	iadG, lhrG := google(t, "us-east4", "us-east-1", "BPS_500M BPS_1G"), google(t, "europe-west2", "eu-west-2", "BPS_10G")
	oracle, carrier, azure := iad, iad, iadG
	oracle.ID, oracle.Provider = "mce-oci", "oci"
	carrier.ID, carrier.LastMile = "lmce-1", true
	azure.ID, azure.Provider = "azure-eastus", "Microsoft Azure"
	tests := map[string]struct {
		environments []awsend.Environment
		profiles     []googleend.Profile
		want         []string
	}{
		"nothing": {nil, nil, nil},
		"both":    {[]awsend.Environment{iad}, []googleend.Profile{iadG}, []string{"us-east-1 us-east4 mce-us-east-1 aws-us-east-1 1Gbps open"}},
		"AWS only": {
			[]awsend.Environment{iad}, nil, []string{"us-east-1 us-east4 mce-us-east-1 - "},
		},
		"Google only": {
			nil, []googleend.Profile{iadG}, []string{"us-east-1 us-east4 - aws-us-east-1 "},
		},
		"one region joined with two": {
			[]awsend.Environment{amazon(t, "us-east-1", "us-east5", tiers), iad}, []googleend.Profile{iadG},
			[]string{"us-east-1 us-east4 mce-us-east-1 aws-us-east-1 1Gbps open", "us-east-1 us-east5 mce-us-east-1 - "},
		},
		"in the order of the regions": {
			[]awsend.Environment{iad, lhr}, []googleend.Profile{iadG, lhrG, google(t, "asia-east1", "eu-west-2", "BPS_1G")},
			[]string{
				"eu-west-2 asia-east1 - aws-eu-west-2 ", "eu-west-2 europe-west2 mce-eu-west-2 aws-eu-west-2 10Gbps open",
				"us-east-1 us-east4 mce-us-east-1 aws-us-east-1 1Gbps open",
			},
		},
		"other providers are left out": {
			[]awsend.Environment{oracle, carrier}, []googleend.Profile{azure}, nil,
		},
		"other providers beside": {
			[]awsend.Environment{iad, oracle, carrier}, []googleend.Profile{azure, iadG},
			[]string{"us-east-1 us-east4 mce-us-east-1 aws-us-east-1 1Gbps open"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range join(tt.environments, tt.profiles) {
				got = append(got, write(p))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	tests := map[string]struct {
		change func(*pair)
		want   bool
	}{
		"both":                {func(*pair) {}, true},
		"AWS is short":        {func(p *pair) { p.aws.State = "limited" }, true},
		"AWS takes no orders": {func(p *pair) { p.aws.State = "unavailable" }, false},
		"Google takes none":   {func(p *pair) { p.google.Open = false }, false},
		"nothing in common":   {func(p *pair) { p.google.Tiers = sold(t, "20Gbps") }, false},
		"AWS does not list":   {func(p *pair) { p.aws = nil }, false},
		"Google does not":     {func(p *pair) { p.google = nil }, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := join([]awsend.Environment{amazon(t, "us-east-1", "us-east4", "1Gbps")}, []googleend.Profile{google(t, "us-east4", "us-east-1", "1Gbps")})[0]
			tt.change(&p)
			if p.open() != tt.want {
				t.Errorf("open is %v", p.open())
			}
			if m := p.toModel(); m.Open.ValueBool() != tt.want {
				t.Errorf("Terraform sees %v", m.Open)
			}
		})
	}
}

func TestToModelLeavesOutWhatACloudDoesNotSay(t *testing.T) {
	m := pair{awsRegion: "us-east-1", googleRegion: "us-east4", aws: &awsend.Environment{ID: "mce-1", State: "limited"}}.toModel()
	for name, null := range map[string]bool{
		"remote_profile": m.RemoteProfile.IsNull(), "google_order_state": m.GoogleOrderState.IsNull(), "key_flow": m.KeyFlow.IsNull(),
		"sla": m.SLA.IsNull(), "activation_page": m.ActivationPage.IsNull(),
	} {
		if !null {
			t.Errorf("%s is not null", name)
		}
	}
	// Lists are empty rather than null, so that contains() and length() work.
	for name, l := range map[string]interface{ IsNull() bool }{
		"bandwidths": m.Bandwidths, "aws_bandwidths": m.AWSBandwidths, "google_bandwidths": m.GoogleBandwidths,
	} {
		if l.IsNull() {
			t.Errorf("%s is null", name)
		}
	}
}

func TestLocated(t *testing.T) {
	of := func(end, field string) *cloud.Error { return &cloud.Error{End: end, Field: field, Code: "C"} }
	plain := errors.New("plain")
	tests := map[string]struct {
		err   error
		field string
	}{
		"AWS's region":    {of("AWS", "region"), ".aws_region"},
		"Google's region": {of("Google", "region"), ".google_region"},
		"wrapped":         {errors.Join(plain, of("AWS", "region")), ".aws_region"},
		"another field":   {of("Google", "network"), "network"},
		"no field":        {of("Google", ""), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			original, _ := errors.AsType[*cloud.Error](tt.err)
			before := *original
			e, ok := errors.AsType[*cloud.Error](located(tt.err))
			if !ok || e.Field != tt.field || e.Code != "C" {
				t.Errorf("got %#v, want the field %q", e, tt.field)
			}
			if *original != before {
				t.Error("the error itself was changed")
			}
		})
	}
	if located(plain) != plain || located(nil) != nil {
		t.Error("what is no cloud's error was changed")
	}
}
