package inventory

import (
	"context"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// Tiers are the bandwidths that both clouds sell now for the environment of a
// link that was found, smallest first; nil where a cloud does not list the
// environment. Errors are *cloud.Error.
func (c Clouds) Tiers(ctx context.Context, f Found) ([]bandwidth.Bandwidth, error) {
	amazon, err := c.AWS(ctx)
	if err != nil {
		return nil, err
	}
	google, err := c.Google(ctx)
	if err != nil {
		return nil, err
	}
	environments, err := amazon.Environments(ctx, f.AWS.Site.Region)
	if err != nil {
		return nil, err
	}
	profiles, err := google.Profiles(ctx, f.Google.Site.Account, f.Google.Site.Region)
	if err != nil {
		return nil, err
	}
	for _, e := range environments {
		for _, p := range profiles {
			if e.ID == f.AWS.Environment && p.ID == f.Google.Environment {
				return bandwidth.Common(e.Available, p.Tiers), nil
			}
		}
	}
	return nil, nil
}
