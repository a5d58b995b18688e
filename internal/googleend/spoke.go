package googleend

import (
	"context"
	"fmt"

	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Spoke is what a transport hangs on its hub with. It comes and goes with the
// transport, so it is only watched.
type Spoke struct {
	account *Account
	config  AttachmentConfig
	// forgotten says that it is not looked at any more.
	forgotten bool
}

var _ attachment.Side = (*Spoke)(nil)

// spokeStates are Google's words (discovery document, networkconnectivity v1:
// Spoke.state). INACTIVE is one that the hub's administrator has not accepted.
var spokeStates = map[string]attachment.State{
	"CREATING": attachment.Making, "ACTIVE": attachment.Up, "UPDATING": attachment.Changing,
	"ACCEPTING": attachment.Changing, "REJECTING": attachment.Changing, "DELETING": attachment.Removing,
	"INACTIVE": attachment.Asked, "FAILED": attachment.Broken, "OBSOLETE": attachment.Broken,
}

// Descriptor says that this is Google.
func (s *Spoke) Descriptor() link.Descriptor { return descriptor("hub spoke") }

// Look finds the transport's spoke among those of its region: it is named after
// the transport (inferred; Google documents no other sign).
func (s *Spoke) Look(ctx context.Context, _ attachment.Ref) (attachment.Sight, error) {
	if s.forgotten {
		return attachment.Sight{State: attachment.Absent}, nil
	}
	c, err := s.account.clients()
	if err != nil {
		return attachment.Sight{}, err
	}
	hub := parseGlobal(s.config.Hub, s.config.Project)
	seen := attachment.Sight{
		State: attachment.Waiting, Raw: "no spoke", Ours: true,
		Why: fmt.Sprintf("hub %s has no spoke of transport %s yet.", hub.name, s.config.Transport),
	}
	parent := place{s.config.Project, s.config.Region}.parent()
	err = c.service.Projects.Locations.Spokes.List(parent).PageSize(pageSize).Pages(ctx, func(page *networkconnectivity.ListSpokesResponse) error {
		for _, one := range page.Spokes {
			if lastSegment(one.Name) == lastSegment(s.config.Transport) && parseGlobal(one.Hub, s.config.Project).same(hub) {
				seen = spokeSight(one)
			}
		}
		return nil
	})
	return seen, translate("list the spokes of", parent, err)
}

// spokeSight is a spoke in our words.
func spokeSight(one *networkconnectivity.Spoke) attachment.Sight {
	seen := attachment.Sight{Ref: attachment.Ref{ID: one.Name}, State: attachment.Changing, Raw: one.State, Ours: true, Detail: PeeringDetail{}}
	if state, ok := spokeStates[one.State]; ok {
		seen.State = state
	}
	for _, r := range one.Reasons {
		seen.Why = r.Message
	}
	if seen.State == attachment.Asked && seen.Why == "" {
		seen.Why = "the hub's administrator has not accepted it."
	}
	return seen
}

// Check reads nothing: what a hub's spokes offer is the hub's affair.
func (s *Spoke) Check(context.Context, bool) (attachment.Facts, []link.Finding, error) {
	return attachment.Facts{Offers: s.config.offers(), OffersField: ".interconnect"}, nil, nil
}

// Routes are what the transport advertises. What the hub has learned is in its
// route tables, which are not read.
func (s *Spoke) Routes(_ context.Context, seen attachment.Sight) (attachment.Routes, error) {
	routes := attachment.Routes{Why: "What the hub has learned is in its route tables, which are not looked at."}
	if seen.State == attachment.Up {
		routes.Offers = s.config.offers()
	}
	return routes, nil
}

// Make makes nothing: the spoke comes with the transport.
func (s *Spoke) Make(ctx context.Context, _ link.Marker) (attachment.Sight, error) {
	return s.Look(ctx, attachment.Ref{})
}

// Drift is none.
func (s *Spoke) Drift(attachment.Sight) []link.Drift { return nil }

// Amend changes nothing.
func (s *Spoke) Amend(_ context.Context, seen attachment.Sight) (attachment.Sight, error) {
	return seen, nil
}

// Remove leaves the spoke, which goes with the transport; it is only no longer
// looked at.
func (s *Spoke) Remove(context.Context, attachment.Sight) (attachment.Sight, error) {
	s.forgotten = true
	return attachment.Sight{State: attachment.Absent}, nil
}

// Beside is false: a transport has one spoke.
func (s *Spoke) Beside(context.Context, attachment.Side) (bool, error) { return false, nil }
