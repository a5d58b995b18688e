package inventory

import (
	"cmp"
	"context"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Keys of the two clouds, as descriptors write them.
const (
	cloudAWS    = "aws"
	cloudGoogle = "google"
)

// Note says why an end does not show all of its routes.
type Note struct {
	// Cloud of the end, and Via what hangs there, if anything, as in
	// attachment.Route.
	Cloud, Via string
	Why        string
}

// Routes are what both ends of a link offer each other and have learned, by all
// that hangs on them, whoever attached it. AWS shows routes by gateway: links that
// share one show each other's, too. The error is a *cloud.Error.
func (c Clouds) Routes(ctx context.Context, s link.Seen) ([]attachment.Route, []Note, error) {
	var ends [2]attachment.EndRoutes
	var notes []Note
	for i, read := range []func(context.Context, link.Observation) (attachment.EndRoutes, []Note, error){c.awsRoutes, c.googleRoutes} {
		var more []Note
		var err error
		if ends[i], more, err = read(ctx, s.View[i]); err != nil {
			return nil, nil, err
		}
		notes = append(notes, more...)
	}
	return attachment.Table(ends), notes, nil
}

// hidden is the note of an end that is not to be seen.
func hidden(cloud string) []Note {
	return []Note{{Cloud: cloud, Why: "The end does not exist, or is not to be seen with these credentials."}}
}

// awsRoutes are the routes of all that a connection's Direct Connect gateway is
// associated with.
func (c Clouds) awsRoutes(ctx context.Context, o link.Observation) (attachment.EndRoutes, []Note, error) {
	end := attachment.EndRoutes{Cloud: cloudAWS}
	d, ok := o.Detail.(*awsend.Detail)
	if !ok || d == nil || o.ID == "" {
		return end, hidden(end.Cloud), nil
	}
	end.Seen = true
	amazon, err := c.AWS(ctx)
	if err != nil {
		return end, nil, err
	}
	all, err := amazon.Associations(ctx, o.Site.Region, d.GatewayID)
	if err != nil {
		return end, nil, err
	}
	if len(all) == 0 {
		return end, []Note{{Cloud: end.Cloud, Why: "Nothing is associated with Direct Connect gateway " + d.GatewayID + "."}}, nil
	}
	var notes []Note
	for _, s := range all {
		a, ok := s.Detail.(*awsend.AssociationDetail)
		if !ok {
			continue
		}
		config := awsend.AttachmentConfig{Region: cmp.Or(a.PeerRegion, o.Site.Region), GatewayID: d.GatewayID, Peer: a.Peer}
		if a.PeerAccount != "" && a.PeerAccount != d.AccountID {
			config.PeerAccount = a.PeerAccount
		}
		routes, err := awsend.NewAssociation(amazon, config).Routes(ctx, s)
		if err != nil {
			return end, nil, err
		}
		end.Hung = append(end.Hung, attachment.Hung{Via: a.Peer, Routes: routes})
		notes = append(notes, noteOf(end.Cloud, a.Peer, routes)...)
	}
	return end, notes, nil
}

// googleRoutes are the routes of a transport's peering, or of its spoke. What the
// transport advertises, it advertises whether or not a network hangs on it.
func (c Clouds) googleRoutes(ctx context.Context, o link.Observation) (attachment.EndRoutes, []Note, error) {
	end := attachment.EndRoutes{Cloud: cloudGoogle}
	d, ok := o.Detail.(googleend.Transport)
	if !ok || o.ID == "" {
		return end, hidden(end.Cloud), nil
	}
	end.Seen = true
	h := attachment.Hung{Via: o.ID}
	h.Routes.Why = "The transport is still being made."
	if d.Hub != "" || d.PeeringNetwork != "" {
		google, err := c.Google(ctx)
		if err != nil {
			return end, nil, err
		}
		side := googleend.AttachmentSide(google, googleend.AttachmentConfig{
			Project: o.Site.Account, Region: o.Site.Region, Network: d.Network, PeeringNetwork: d.PeeringNetwork,
			Hub: d.Hub, Transport: d.ID, StackType: d.StackType, AdvertisedRoutes: d.AdvertisedRoutes,
		})
		s, err := side.Look(ctx, attachment.Ref{})
		if err != nil {
			return end, nil, err
		}
		if h.Routes, err = side.Routes(ctx, s); err != nil {
			return end, nil, err
		}
		h.Via = cmp.Or(s.ID, h.Via)
	}
	h.Routes.Offers = d.Offers()
	end.Hung = append(end.Hung, h)
	return end, noteOf(end.Cloud, h.Via, h.Routes), nil
}

// noteOf is what routes say of themselves.
func noteOf(cloud, via string, r attachment.Routes) []Note {
	if r.Why == "" {
		return nil
	}
	return []Note{{Cloud: cloud, Via: via, Why: r.Why}}
}
