package awsend

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// Environment is a pair of regions that AWS has joined with a partner's.
type Environment struct {
	// ID is AWS's name of it.
	ID string
	// Region is the AWS region.
	Region string
	// PeerRegion is the place at the other end in the partner's spelling: for
	// a cloud its region (AWS service model, Environment.location).
	PeerRegion string
	// Provider is AWS's name of the partner ("gcp"), and LastMile says that
	// the partner is a carrier, not a cloud.
	Provider string
	LastMile bool
	// Type of product that its connections are.
	Type string
	// State is available, limited (short of capacity) or unavailable.
	State string
	// Available are the bandwidths that can be ordered now; Supported all that
	// the environment plans to sell. Both smallest first. A spelling that
	// package bandwidth does not know is left out.
	Available, Supported []bandwidth.Bandwidth
	// ActivationPage is the partner's page that takes activation keys; empty
	// where AWS names none.
	ActivationPage string
	// RemoteIdentifier says how the partner names its customers: account or
	// email; empty where AWS does not say.
	RemoteIdentifier string
}

// Environments are all environments of a region, whatever the partner. They are
// kept for a minute.
func (a *Account) Environments(ctx context.Context, region string) ([]Environment, error) {
	r, err := a.region(ctx, region)
	if err != nil {
		return nil, err
	}
	envs, err := r.environments.Get(ctx)
	return slices.Clone(envs), err
}

func (r *region) listEnvironments(ctx context.Context) ([]Environment, error) {
	found, err := pages(ctx, interconnect.NewListEnvironmentsPaginator(r.interconnect, &interconnect.ListEnvironmentsInput{}),
		func(out *interconnect.ListEnvironmentsOutput) []types.Environment { return out.Environments })
	if err != nil {
		return nil, translate(ctx, "list the environments of", r.name, err)
	}
	envs := make([]Environment, len(found))
	for i, e := range found {
		envs[i] = environmentFromAPI(r.name, e)
	}
	return envs, nil
}

func environmentFromAPI(region string, e types.Environment) Environment {
	env := Environment{
		ID:               aws.ToString(e.EnvironmentId),
		Region:           region,
		PeerRegion:       aws.ToString(e.Location),
		Type:             aws.ToString(e.Type),
		State:            string(e.State),
		ActivationPage:   aws.ToString(e.ActivationPageUrl),
		RemoteIdentifier: string(e.RemoteIdentifierType),
	}
	env.Provider, env.LastMile = providerFromAPI(e.Provider)
	if e.Bandwidths != nil {
		env.Available = tiers(e.Bandwidths.Available)
		env.Supported = tiers(e.Bandwidths.Supported)
	}
	return env
}

// providerFromAPI is a partner's name and whether it is a carrier.
func providerFromAPI(p types.Provider) (name string, lastMile bool) {
	switch p := p.(type) {
	case *types.ProviderMemberCloudServiceProvider:
		return p.Value, false
	case *types.ProviderMemberLastMileProvider:
		return p.Value, true
	}
	return "", false
}

// tiers are the bandwidths that can be read, smallest first.
func tiers(spellings []string) []bandwidth.Bandwidth {
	var bs []bandwidth.Bandwidth
	for _, s := range spellings {
		if b, err := bandwidth.Parse(s); err == nil {
			bs = append(bs, b)
		}
	}
	slices.SortFunc(bs, cmp.Compare)
	return slices.Compact(bs)
}

// googleNames are how AWS's name of Google begins. "gcp" has been seen in use;
// the API has no list of names.
var googleNames = [...]string{"gcp", "google"}

// Google says that the environment's partner is Google.
func (e Environment) Google() bool {
	name := strings.ToLower(e.Provider)
	return !e.LastMile && slices.ContainsFunc(googleNames[:], func(prefix string) bool {
		return strings.HasPrefix(name, prefix)
	})
}

// choose is the environments that fit a peer: those that end in its region, or,
// where that is not known, Google's. Regions of two clouds may share a name;
// Google then goes first.
func choose(envs []Environment, peerRegion string) []Environment {
	var fit, google []Environment
	for _, e := range envs {
		if e.LastMile || peerRegion != "" && !strings.EqualFold(e.PeerRegion, peerRegion) {
			continue
		}
		fit = append(fit, e)
		if e.Google() {
			google = append(google, e)
		}
	}
	if len(google) > 0 || peerRegion == "" {
		return google
	}
	return fit
}
