package environment

import (
	"cmp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// model is the data source as Terraform holds it.
type model struct {
	Project      types.String       `tfsdk:"project"`
	AWSRegion    types.String       `tfsdk:"aws_region"`
	GoogleRegion types.String       `tfsdk:"google_region"`
	Bandwidth    values.Bandwidth   `tfsdk:"bandwidth"`
	Environments []environmentModel `tfsdk:"environments"`
}

// environmentModel is one environment.
type environmentModel struct {
	AWSRegion        types.String `tfsdk:"aws_region"`
	GoogleRegion     types.String `tfsdk:"google_region"`
	EnvironmentID    types.String `tfsdk:"environment_id"`
	RemoteProfile    types.String `tfsdk:"remote_profile"`
	AWSState         types.String `tfsdk:"aws_state"`
	GoogleOrderState types.String `tfsdk:"google_order_state"`
	Open             types.Bool   `tfsdk:"open"`
	Bandwidths       types.List   `tfsdk:"bandwidths"`
	AWSBandwidths    types.List   `tfsdk:"aws_bandwidths"`
	GoogleBandwidths types.List   `tfsdk:"google_bandwidths"`
	KeyFlow          types.String `tfsdk:"key_flow"`
	SLA              types.String `tfsdk:"sla"`
	ActivationPage   types.String `tfsdk:"activation_page"`
}

// pair is a pair of regions as the clouds list it; one of the two is nil where
// only one cloud lists it.
type pair struct {
	awsRegion, googleRegion string
	aws                     *awsend.Environment
	google                  *googleend.Profile
}

// join puts side by side what both clouds list, ordered by region.
func join(environments []awsend.Environment, profiles []googleend.Profile) []pair {
	found := map[[2]string]*pair{}
	at := func(aws, google string) *pair {
		key := [2]string{aws, google}
		if found[key] == nil {
			found[key] = &pair{awsRegion: aws, googleRegion: google}
		}
		return found[key]
	}
	for _, e := range environments {
		if e.Google() {
			at(e.Region, e.PeerRegion).aws = &e
		}
	}
	for _, p := range profiles {
		if p.AWS() {
			at(p.Site, p.Region).google = &p
		}
	}
	pairs := make([]pair, 0, len(found))
	for _, p := range found {
		pairs = append(pairs, *p)
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.awsRegion, b.awsRegion), cmp.Compare(a.googleRegion, b.googleRegion))
	})
	return pairs
}

// tiers are what both sell.
func (p pair) tiers() []bandwidth.Bandwidth {
	if p.aws == nil || p.google == nil {
		return nil
	}
	return bandwidth.Common(p.aws.Available, p.google.Tiers)
}

// open says that both clouds take orders.
func (p pair) open() bool {
	return p.aws != nil && p.google != nil && p.aws.State != "unavailable" && p.google.Open && len(p.tiers()) > 0
}

// toModel is the pair as Terraform holds it.
func (p pair) toModel() environmentModel {
	m := environmentModel{
		AWSRegion: types.StringValue(p.awsRegion), GoogleRegion: types.StringValue(p.googleRegion),
		Open: types.BoolValue(p.open()), Bandwidths: list(p.tiers()), AWSBandwidths: list(nil), GoogleBandwidths: list(nil),
	}
	if p.aws != nil {
		m.EnvironmentID, m.AWSState, m.ActivationPage = values.Text(p.aws.ID), values.Text(p.aws.State), values.Text(p.aws.ActivationPage)
		m.AWSBandwidths = list(p.aws.Available)
	}
	if p.google != nil {
		m.RemoteProfile, m.GoogleOrderState = values.Text(p.google.ID), values.Text(p.google.OrderState)
		m.KeyFlow, m.SLA = values.Text(p.google.Flow), values.Text(p.google.SLA)
		m.GoogleBandwidths = list(p.google.Tiers)
	}
	return m
}

func list(bs []bandwidth.Bandwidth) types.List {
	elements := make([]attr.Value, len(bs))
	for i, b := range bs {
		elements[i] = types.StringValue(b.String())
	}
	return types.ListValueMust(types.StringType, elements)
}
