package inventory

import (
	"context"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// atOnce is how many regions are asked at the same time.
const atOnce = 8

// Scope is where to look for links.
type Scope struct {
	// Project of the transports; empty is the account's.
	Project string
	// AWSRegions of the connections; empty is every region that Google's
	// locations are joined with.
	AWSRegions []string
}

// Sides of a link that was listed: which cloud stands on which side of
// link.Seen.View. It says nothing of who issued the key.
const (
	SideAWS    = link.Initiator
	SideGoogle = link.Acceptor
)

// All lists both clouds and joins what they say by the shared id. Half-open and
// orphaned ends stand alone; see link.Join. Errors are *cloud.Error.
func (c Clouds) All(ctx context.Context, s Scope) ([]link.Seen, error) {
	google, err := c.Google(ctx)
	if err != nil {
		return nil, err
	}
	amazon, err := c.AWS(ctx)
	if err != nil {
		return nil, err
	}
	if s.Project == "" {
		s.Project = google.Project()
	}
	transports, err := google.Transports(ctx, s.Project, "-")
	if err != nil {
		return nil, err
	}
	if len(s.AWSRegions) == 0 {
		if s.AWSRegions, err = pairedRegions(ctx, google, s.Project); err != nil {
			return nil, err
		}
	}
	connections, err := cloud.InAll(s.AWSRegions, atOnce, func(r string) ([]link.Observation, error) { return amazon.Connections(ctx, r) })
	if err != nil {
		return nil, err
	}
	ends := [2]link.End{SideAWS: awsend.New(amazon, awsend.Config{}), SideGoogle: googleend.New(google, googleend.Config{Project: s.Project})}
	return link.Join(ends, [2][]link.Observation{SideAWS: connections, SideGoogle: transports}), nil
}

// pairedRegions are the AWS regions that Google's locations are joined with.
func pairedRegions(ctx context.Context, google *googleend.Account, project string) ([]string, error) {
	locations, err := google.Locations(ctx, project)
	if err != nil {
		return nil, err
	}
	profiles, err := cloud.InAll(locations, atOnce, func(l string) ([]googleend.Profile, error) { return google.Profiles(ctx, project, l) })
	if err != nil {
		return nil, err
	}
	var regions []string
	for _, p := range profiles {
		if p.AWS() {
			regions = append(regions, p.Site)
		}
	}
	slices.Sort(regions)
	return slices.Compact(regions), nil
}
