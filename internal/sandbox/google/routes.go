package google

import (
	"net/http"
	"slices"
	"strings"
)

// service is the host name of a real service.
type service string

// The services.
const (
	networkConnectivity service = "networkconnectivity.googleapis.com"
	computeEngine       service = "compute.googleapis.com"
)

// title is the name of the service's API in messages.
func (s service) title() string {
	if s == computeEngine {
		return "Compute Engine API"
	}
	return "Network Connectivity API"
}

// version is an API version as it stands in paths and in operations.
type version string

// v1 is the generally available version.
const v1 version = "v1"

// endpoint is one method of one service.
type endpoint struct {
	service service
	version version
	// method is the operation's id in the discovery document.
	method string
	// pattern is the HTTP method and the path, as http.ServeMux has them. The
	// wildcard {id} is the resource's own id.
	pattern string
	// verb is the custom verb that follows the id after a colon.
	verb string
	// params are the query parameters it takes, besides the common ones. Only
	// Network Connectivity refuses others.
	params []string
	// resource writes the name that a call is about.
	resource func(*call) string
	serve    func(*Cloud, *call) (any, *apiError)
}

// permission is the IAM permission that a method needs, as Google derives it
// from the method's id.
func (e endpoint) permission() string {
	p := strings.Replace(e.method, ".projects.locations", "", 1)
	return strings.Replace(p, ".patch", ".update", 1)
}

// routes makes the table of everything that is answered.
func (c *Cloud) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, e := range slices.Concat(connectivityEndpoints(v1), computeEndpoints()) {
		mux.Handle(e.pattern, c.handler(e))
	}
	mux.HandleFunc("/", unknownURL)
	return mux
}

// connectivityEndpoints are the methods of Network Connectivity in a version
// (discovery document, networkconnectivity v1).
func connectivityEndpoints(v version) []endpoint {
	const locations = "projects/{project}/locations"
	at := func(verb, path, method string, name func(*call) string, serve func(*Cloud, *call) (any, *apiError), params ...string) endpoint {
		return endpoint{
			service: networkConnectivity, version: v,
			method:  "networkconnectivity.projects.locations." + method,
			pattern: verb + " /" + string(v) + "/" + locations + path,
			params:  params, resource: name, serve: serve,
		}
	}
	paging := []string{"pageSize", "pageToken", "filter", "orderBy"}
	const one, operation = "/{location}/transports/{id}", "/{location}/operations/{id}"
	cancel := at("POST", operation, "operations.cancel", named("operations"), (*Cloud).cancelOperation)
	cancel.verb = "cancel"
	return []endpoint{
		cancel,
		at("GET", "", "list", (*call).projectName, (*Cloud).listLocations, "pageSize", "pageToken", "filter", "extraLocationTypes"),
		at("GET", "/{location}", "get", (*call).parent, (*Cloud).getLocation),
		at("POST", "/{location}/transports", "transports.create", (*call).created, (*Cloud).createTransport, "transportId", "requestId"),
		at("GET", "/{location}/transports", "transports.list", (*call).parent, (*Cloud).listTransports, paging...),
		at("GET", one, "transports.get", named("transports"), (*Cloud).getTransport),
		at("PATCH", one, "transports.patch", named("transports"), (*Cloud).patchTransport, "updateMask", "requestId"),
		at("DELETE", one, "transports.delete", named("transports"), (*Cloud).deleteTransport, "requestId"),
		at("GET", "/{location}/remoteTransportProfiles", "remoteTransportProfiles.list", (*call).parent, (*Cloud).listProfiles, paging...),
		at("GET", "/{location}/remoteTransportProfiles/{id}", "remoteTransportProfiles.get", named("remoteTransportProfiles"), (*Cloud).getProfile),
		at("GET", "/{location}/operations", "operations.list", (*call).parent, (*Cloud).listOperations, "pageSize", "pageToken", "filter", "returnPartialSuccess"),
		at("GET", operation, "operations.get", named("operations"), (*Cloud).getOperation),
		at("DELETE", operation, "operations.delete", named("operations"), (*Cloud).deleteOperation),
	}
}

// computeEndpoints are the methods of Compute Engine (discovery document,
// compute v1).
func computeEndpoints() []endpoint {
	at := func(verb, path, method string, name func(*call) string, serve func(*Cloud, *call) (any, *apiError)) endpoint {
		return endpoint{
			service: computeEngine, version: v1,
			method:  "compute." + method,
			pattern: verb + " /compute/v1/projects/{project}/global/" + path,
			params:  nil, resource: name, serve: serve,
		}
	}
	network, operation := global("networks"), global("operations")
	return []endpoint{
		at("POST", "networks", "networks.insert", network, (*Cloud).insertNetwork),
		at("GET", "networks", "networks.list", network, (*Cloud).listNetworks),
		at("GET", "networks/{id}", "networks.get", network, (*Cloud).getNetwork),
		at("PATCH", "networks/{id}", "networks.patch", network, (*Cloud).patchNetwork),
		at("DELETE", "networks/{id}", "networks.delete", network, (*Cloud).deleteNetwork),
		at("GET", "operations", "globalOperations.list", operation, (*Cloud).listComputeOperations),
		at("GET", "operations/{id}", "globalOperations.get", operation, (*Cloud).getComputeOperation),
		at("POST", "operations/{id}/wait", "globalOperations.wait", operation, (*Cloud).waitComputeOperation),
	}
}
