package coordinator

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// providers are both sides: the caller may read the server's provider too.
func (n *Node) providers() []api.Provider {
	var all []api.Provider
	for _, who := range []Identity{n.cfg.Peer, n.cfg.Self} {
		all = append(all, api.Provider{Name: api.ProviderName(who.ID), DisplayName: who.DisplayName})
	}
	return all
}

func (n *Node) listProviders(*request) (any, error) {
	return api.ListProvidersResponse{Providers: n.providers()}, nil
}

func (n *Node) getProvider(r *request) (any, error) {
	for _, p := range n.providers() {
		if p.Name == api.ProviderName(r.PathValue("provider")) {
			return p, nil
		}
	}
	return nil, r.missing()
}

// features are what every environment and interconnect supports.
func features() []api.FeatureType { return []api.FeatureType{api.L3Base} }

// shownEnvironment is an environment in the API.
func (n *Node) shownEnvironment(e Environment) api.Environment {
	n.mu.Lock()
	defer n.mu.Unlock()
	return api.Environment{
		Name:                        api.Place{Provider: n.cfg.Peer.ID, Environment: e.ID}.EnvironmentName(),
		ProviderSites:               e.sites(),
		APIURI:                      n.peerURL,
		SupportedConnectionSizeMbps: e.SizesMbps,
		SupportedFeatures:           features(),
		EnvironmentVisibility:       api.VisibilityPublic,
	}
}

func (n *Node) listEnvironments(r *request) (any, error) {
	if err := n.peerOnly(r); err != nil {
		return nil, err
	}
	page, next, err := cut(n.pages, r, slices.Clone(n.cfg.Environments), func(e Environment) string { return e.ID })
	if err != nil {
		return nil, err
	}
	out := api.ListEnvironmentsResponse{NextPageToken: next}
	for _, e := range page {
		out.Environments = append(out.Environments, n.shownEnvironment(e))
	}
	return out, nil
}

func (n *Node) getEnvironment(r *request) (any, error) {
	e, err := n.environment(r)
	if err != nil {
		return nil, err
	}
	return n.shownEnvironment(e), nil
}

// confirmActivationKey says whether our cloud issued a key that is still good.
// What cannot be a key is not valid; a message without one is refused.
func (n *Node) confirmActivationKey(r *request) (any, error) {
	e, err := n.environment(r)
	if err != nil {
		return nil, err
	}
	in, err := read[api.ConfirmActivationKeyRequest](r)
	if err != nil {
		return nil, err
	}
	encoded, err := encodedKey(in)
	if err != nil {
		return nil, err
	}
	cloud, _, err := n.parties()
	if err != nil {
		return nil, err
	}
	if n.isSpent(encoded) {
		return api.ConfirmActivationKeyResponse{}, nil
	}
	valid, err := cloud.ConfirmActivationKey(r.ctx, e.ID, encoded)
	return api.ConfirmActivationKeyResponse{KeyValid: valid}, err
}

// encodedKey is the key of a request in the form in which keys are exchanged,
// which is Base64. The deprecated object is encoded.
func encodedKey(in api.ConfirmActivationKeyRequest) (string, error) {
	switch {
	case in.EncodedKey != "" && in.Key != nil:
		return "", refuse(http.StatusBadRequest, "give encodedKey or key, not both")
	case in.EncodedKey != "":
		return in.EncodedKey, nil
	case in.Key == nil:
		return "", refuse(http.StatusBadRequest, "encodedKey is missing")
	}
	k := in.Key
	if k.Version == nil || k.SharedConnectionUUID == nil || k.DestinationEnvironmentURI == nil ||
		k.ConnectionSizeMbps == nil || k.DestinationAccountID == nil {
		return "", refuse(http.StatusBadRequest, "the key lacks a required field")
	}
	key, err := activation.Payload{
		Version: *k.Version, SharedID: *k.SharedConnectionUUID, EnvironmentURI: *k.DestinationEnvironmentURI,
		Bandwidth: bandwidth.FromMbps(*k.ConnectionSizeMbps), AccountID: *k.DestinationAccountID,
	}.Encode()
	if err != nil {
		return "", refuse(http.StatusBadRequest, "the key cannot be encoded")
	}
	return key.Reveal(), nil
}

// quadsOf are the interconnects of an environment by id.
func (n *Node) quadsOf(environment string) []*quad {
	var found []*quad
	for _, q := range *n.quads.Load() {
		if q.environment == environment {
			found = append(found, q)
		}
	}
	slices.SortFunc(found, func(a, b *quad) int { return cmp.Compare(a.interconnect, b.interconnect) })
	return found
}

// shownInterconnect is an interconnect in the API.
func (n *Node) shownInterconnect(q *quad) api.Interconnect {
	n.mu.Lock()
	defer n.mu.Unlock()
	return api.Interconnect{
		Name: n.asked(q).Name(), SupportedConnectionSizeMbps: q.env.SizesMbps,
		SupportedFeatures: features(), State: q.state, MaxBandwidthMbps: quadMbps,
	}
}

func (n *Node) listInterconnects(r *request) (any, error) {
	e, err := n.environment(r)
	if err != nil {
		return nil, err
	}
	page, next, err := cut(n.pages, r, n.quadsOf(e.ID), func(q *quad) string { return q.interconnect })
	if err != nil {
		return nil, err
	}
	out := api.ListInterconnectsResponse{NextPageToken: next}
	for _, q := range page {
		out.Interconnects = append(out.Interconnects, n.shownInterconnect(q))
	}
	return out, nil
}

func (n *Node) getInterconnect(r *request) (any, error) {
	q, err := n.interconnect(r)
	if err != nil {
		return nil, err
	}
	return n.shownInterconnect(q), nil
}

// device is an identifier that hides which device carries a channel and shows
// that no two channels share one.
func (n *Node) device(q *quad, c *channel) string {
	return base64.RawURLEncoding.EncodeToString(n.pages.seal("device", q.environment+"/"+q.interconnect+"/"+c.id))
}
