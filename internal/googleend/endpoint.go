package googleend

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Endpoints are the base URLs of Google's services, where they are not Google's
// own. A version path at the end ("/v1/", "/compute/v1/") is accepted and makes
// no difference. Empty means Google's own.
type Endpoints struct {
	// NetworkConnectivity is the base of networkconnectivity.googleapis.com.
	NetworkConnectivity string
	// Compute is the base of compute.googleapis.com.
	Compute string
}

// versionPaths are the ends of a base URL that belong to the request's path
// already: the generated clients write them themselves (discovery documents,
// networkconnectivity v1 and compute v1: servicePath and method paths).
var versionPaths = []string{
	"/compute/v1/projects", "/compute/v1", "/compute/beta", "/compute",
	"/v1", "/v1beta", "/v1beta1", "/v1alpha1",
}

// normalise cuts the version path and the trailing slash off both URLs.
func (e Endpoints) normalise() (Endpoints, error) {
	var err error
	if e.NetworkConnectivity, err = normaliseEndpoint(e.NetworkConnectivity); err != nil {
		return Endpoints{}, fmt.Errorf("the endpoint of Network Connectivity: %w", err)
	}
	if e.Compute, err = normaliseEndpoint(e.Compute); err != nil {
		return Endpoints{}, fmt.Errorf("the endpoint of Compute Engine: %w", err)
	}
	return e, nil
}

// normaliseEndpoint makes "http://host/v1/", "http://host/v1" and "http://host/"
// into "http://host". A path that is not a version stays. Empty stays empty.
func normaliseEndpoint(raw string) (string, error) {
	if raw == "" {
		return "", nil
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("%q is not a URL", raw)
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return "", fmt.Errorf("%q must be a URL that begins with http:// or https:// and a host", raw)
	case u.User != nil:
		return "", fmt.Errorf("the URL of host %q must not contain a user or a password", u.Host)
	case u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("%q must not have a query or a fragment", raw)
	}
	path := strings.TrimRight(u.Path, "/")
	if i := slices.IndexFunc(versionPaths, func(v string) bool { return strings.HasSuffix(path, v) }); i >= 0 {
		path = strings.TrimSuffix(path, versionPaths[i])
	}
	return u.Scheme + "://" + u.Host + path, nil
}
