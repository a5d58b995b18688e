package inventory

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// One finds the link that a name names, as All would list it: an end whose
// partner is not to be seen stands alone. Errors are those of Find, without
// *AloneError.
func (c Clouds) One(ctx context.Context, id string) (link.Seen, error) {
	found, err := c.Find(ctx, id)
	if _, alone := errors.AsType[*AloneError](err); err != nil && !alone {
		return link.Seen{}, err
	}
	ends := [2]link.End{SideAWS: &awsend.End{}, SideGoogle: &googleend.End{}}
	if !found.AWS.State.Gone() && !found.Google.State.Gone() {
		// Both were found, or named, so they need no shared id to be one link.
		name := cmp.Or(found.AWS.Mark.Name, found.Google.Mark.Name, found.Google.ID[strings.LastIndex(found.Google.ID, "/")+1:])
		return link.Seen{Name: name, Link: link.Link{Ends: ends}, View: link.View{SideAWS: found.AWS, SideGoogle: found.Google}}, nil
	}
	return link.Join(ends, [2][]link.Observation{SideAWS: {found.AWS}, SideGoogle: {found.Google}})[0], nil
}

// ID is the name of a link that says which cloud and region: the transport's full
// name, or the connection's ARN where no transport is to be seen.
func ID(s link.Seen) string {
	if id := s.View[SideGoogle].ID; id != "" {
		return id
	}
	if d, ok := s.View[SideAWS].Detail.(*awsend.Detail); ok && d != nil {
		return d.ARN
	}
	return ""
}
