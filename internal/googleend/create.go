package googleend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"google.golang.org/api/googleapi"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Propose makes the transport that issues an activation key.
func (e *End) Propose(ctx context.Context, p link.Proposal) (link.Observation, error) {
	t := e.body(p.Marker, "")
	t.RemoteProfile = e.profileName(p.Environment)
	t.RemoteAccountId = p.Peer.Account
	t.Bandwidth = p.Bandwidth.Google()
	return e.create(ctx, t, p.Attempt)
}

// Redeem makes the transport from an activation key. Bandwidth and account are in
// the key, and so is the profile: gcloud takes either the key or these three, so
// the profile is sent only where Options.ProfileWithKey says so.
func (e *End) Redeem(ctx context.Context, r link.Redemption) (link.Observation, error) {
	sharedID := r.SharedID
	if p, err := r.Key.Decode(); err == nil && sharedID == "" {
		sharedID = p.SharedID
	}
	t := e.body(r.Marker, sharedID)
	t.ProvidedActivationKey = r.Key.Reveal()
	if e.account.options.ProfileWithKey {
		t.RemoteProfile = e.profileName(r.Environment)
	}
	o, err := e.create(ctx, t, r.Attempt)
	return o, conceal(err, r.Key)
}

// body is what both ways of making a transport share. With a hub, the network is
// sent as an empty text, which Google's service asks for (review of the google
// Terraform provider's transport resource).
func (e *End) body(m link.Marker, sharedID string) *networkconnectivity.Transport {
	c := e.config
	labels := maps.Clone(c.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	maps.Copy(labels, markers(m, sharedID))
	t := &networkconnectivity.Transport{
		Description: c.Description, Labels: labels,
		AdvertisedRoutes: c.AdvertisedRoutes, StackType: c.StackType,
	}
	if c.Hub == "" {
		t.Network = parseGlobal(c.Network, c.Project).network()
		return t
	}
	t.Hub = parseGlobal(c.Hub, c.Project).hub()
	t.AutoAccept, t.PscRoutingEnabled = c.AutoAccept, c.PSCRouting
	t.ForceSendFields = []string{"Network"}
	return t
}

// profileName is a profile's full name, from its id or from any of its names.
func (e *End) profileName(environment string) string {
	if environment == "" {
		return ""
	}
	return e.place().parent() + "/remoteTransportProfiles/" + lastSegment(environment)
}

// create sends the request. Its request id is derived from what it asks, so that
// a repeated call finds the operation that the first one began.
func (e *End) create(ctx context.Context, t *networkconnectivity.Transport, a link.Attempt) (link.Observation, error) {
	const attempt = "create the transport"
	if e.config.Network == "" && e.config.Hub == "" {
		return link.Observation{}, &cloud.Error{
			Kind: cloud.Invalid, End: endName, Attempt: attempt, Object: e.id(), Field: "network",
			Message: "no network and no hub is configured", Remedy: "Set either network or hub.",
		}
	}
	c, err := e.account.clients()
	if err != nil {
		return link.Observation{}, err
	}
	asks, err := json.Marshal(t)
	if err != nil {
		return link.Observation{}, fmt.Errorf("writing the transport: %w", err)
	}
	op, err := begin(a.Token("create", e.id(), string(asks)), func(requestID string) (*networkconnectivity.GoogleLongrunningOperation, error) {
		return c.service.Projects.Locations.Transports.Create(e.place().parent(), t).
			TransportId(e.config.Name).RequestId(requestID).Context(ctx).Do()
	})
	if err != nil {
		return link.Observation{}, creationError(translate(attempt, e.id(), err))
	}
	return e.account.started(ctx, e.id(), "create", op)
}

// creationError says what a refusal means for a transport that does not exist
// yet: what was not found is something that the request names, and what exists
// already has the name.
func creationError(err error) error {
	e, ok := errors.AsType[*cloud.Error](err)
	if !ok {
		return err
	}
	switch e.Kind {
	case cloud.NotFound:
		e.Kind = cloud.Invalid
		for _, part := range []struct{ says, field string }{
			{"remoteTransportProfiles/", "region"}, {"networks/", "network"}, {"hubs/", "hub"},
		} {
			if strings.Contains(e.Message, part.says) {
				e.Field = part.field
				break
			}
		}
		e.Remedy = "Check the names of the network or hub, and that the regions are joined: the crosscloud_environments data source lists them."
	case cloud.Conflict:
		if strings.HasPrefix(e.Code, "ALREADY_EXISTS") {
			e.Remedy = "Import the transport if it is this link's, or choose another name."
		}
	}
	return err
}

// Inspect asks Google which profile a key is for. A key in the published format
// says more by itself, and the call carries the key in its URL, so it is made
// only for a key that cannot be read; Google offers it in v1beta alone
// (ParseFromActivationKey).
func (e *End) Inspect(ctx context.Context, key activation.Key) (link.Terms, error) {
	if _, err := key.Decode(); err == nil {
		return link.Terms{}, link.ErrNotOffered
	}
	c, err := e.account.clients()
	if err != nil {
		return link.Terms{}, err
	}
	const attempt = "describe the activation key in"
	var reply struct {
		RemoteTransportProfile *networkconnectivity.RemoteTransportProfile `json:"remoteTransportProfile"`
	}
	err = describe(ctx, c, e.place(), key, &reply)
	err = conceal(translate(attempt, e.place().parent(), err), key)
	if ce, ok := errors.AsType[*cloud.Error](err); ok && (ce.Status == http.StatusNotFound || ce.Status == http.StatusNotImplemented) {
		return link.Terms{}, link.ErrNotOffered
	}
	if err != nil {
		return link.Terms{}, err
	}
	if reply.RemoteTransportProfile == nil {
		return link.Terms{}, link.ErrNotOffered
	}
	p := profileOf(reply.RemoteTransportProfile, e.config.Region)
	return link.Terms{Environment: p.ID, PeerRegion: p.Site}, nil
}

// describe makes the call. It follows no redirect, which would hand the key on in
// a Referer header.
func describe(ctx context.Context, c *clients, p place, key activation.Key, reply any) error {
	target := c.service.BasePath + "v1beta/" + p.parent() + "/remoteTransportProfiles:fromActivationKey?activationKey=" + url.QueryEscape(key.Reveal())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	client := *c.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer discard(res.Body)
	if err := googleapi.CheckResponse(res); err != nil {
		return err
	}
	const most = 1 << 20
	body, err := io.ReadAll(io.LimitReader(res.Body, most))
	if err != nil {
		return err
	}
	return json.Unmarshal(body, reply)
}
