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

// The versions. v1beta knows more of transports: adminEnabled, their status, and
// which profile a key is for.
const (
	v1     version = "v1"
	v1beta version = "v1beta"
)

// message is the full name of a message of Network Connectivity.
func (v version) message(name string) string {
	return "google.cloud.networkconnectivity." + string(v) + "." + name
}

// typeURL is the type URL of a message of Network Connectivity.
func (v version) typeURL(name string) string { return "type.googleapis.com/" + v.message(name) }

// endpoint is one method of one service.
type endpoint struct {
	service service
	version version
	// method is the operation's id in the discovery document.
	method string
	// pattern is the HTTP method and the path, as http.ServeMux has them. The
	// wildcard {id} is the resource's own id.
	pattern string
	// location is where the path leads when it has no wildcard for it.
	location string
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
	p := strings.Replace(strings.Replace(e.method, ".projects.locations", "", 1), ".global.", ".", 1)
	return strings.Replace(p, ".patch", ".update", 1)
}

// routes makes the table of everything that is answered.
func (c *Cloud) routes() *http.ServeMux {
	mux := http.NewServeMux()
	methods := map[string][]endpoint{}
	for _, e := range slices.Concat(connectivityEndpoints(v1), connectivityEndpoints(v1beta), betaEndpoints(), computeEndpoints()) {
		methods[e.pattern] = append(methods[e.pattern], e)
	}
	for pattern, same := range methods {
		mux.Handle(pattern, c.handler(same))
	}
	mux.HandleFunc("POST "+tokenPath, c.issueToken)
	mux.HandleFunc("/", unknownURL)
	return mux
}

// connectivity makes an endpoint of Network Connectivity. Its path, below a
// project's locations, may end in a verb behind a colon.
func connectivity(v version, verb, path, method string, name func(*call) string, serve func(*Cloud, *call) (any, *apiError), params ...string) endpoint {
	path, custom, _ := strings.Cut(path, "}:")
	if custom != "" {
		path += "}"
	}
	e := endpoint{
		service: networkConnectivity, version: v,
		method:  "networkconnectivity.projects.locations." + method,
		pattern: verb + " /" + string(v) + "/projects/{project}/locations" + path,
		verb:    custom, params: params, resource: name, serve: serve,
	}
	if strings.HasPrefix(path, "/global/") {
		e.location = globalLocation
	}
	return e
}

// paging are the parameters of Network Connectivity's lists.
func paging() []string { return []string{"pageSize", "pageToken", "filter", "orderBy"} }

// betaEndpoints are the methods that v1 does not have (protocol buffers of
// v1beta, TransportManager).
func betaEndpoints() []endpoint {
	return []endpoint{
		connectivity(v1beta, "GET", "/{location}/transports/{id}:getStatus", "transports.getStatus", named("transports"), (*Cloud).getStatus, "skipCache"),
		connectivity(v1beta, "GET", "/{location}/remoteTransportProfiles:fromActivationKey", "remoteTransportProfiles.fromActivationKey", (*call).parent, (*Cloud).fromActivationKey, "activationKey"),
	}
}

// connectivityEndpoints are the methods that both versions have (discovery
// document, networkconnectivity v1; protocol buffers of v1beta).
func connectivityEndpoints(v version) []endpoint {
	at := func(verb, path, method string, name func(*call) string, serve func(*Cloud, *call) (any, *apiError), params ...string) endpoint {
		return connectivity(v, verb, path, method, name, serve, params...)
	}
	paging := paging()
	const one, operation, aHub = "/{location}/transports/{id}", "/{location}/operations/{id}", "/global/hubs/{id}"
	return []endpoint{
		at("POST", operation+":cancel", "operations.cancel", named("operations"), (*Cloud).cancelOperation),
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
		at("POST", "/global/hubs", "global.hubs.create", (*call).createdHub, (*Cloud).createHub, "hubId", "requestId"),
		at("GET", "/global/hubs", "global.hubs.list", (*call).parent, (*Cloud).listHubs, paging...),
		at("GET", aHub, "global.hubs.get", named("hubs"), (*Cloud).getHub),
		at("PATCH", aHub, "global.hubs.patch", named("hubs"), (*Cloud).patchHub, "updateMask", "requestId"),
		at("DELETE", aHub, "global.hubs.delete", named("hubs"), (*Cloud).deleteHub, "requestId"),
		at("GET", aHub+":listSpokes", "global.hubs.listSpokes", named("hubs"), (*Cloud).listHubSpokes, append(paging, "spokeLocations", "view")...),
		at("GET", "/{location}/spokes", "spokes.list", (*call).parent, (*Cloud).listSpokes, paging...),
		at("GET", "/{location}/spokes/{id}", "spokes.get", named("spokes"), (*Cloud).getSpoke),
	}
}

// computeEndpoints are the methods of Compute Engine (discovery document,
// compute v1).
func computeEndpoints() []endpoint {
	at := func(verb, path, method string, name func(*call) string, serve func(*Cloud, *call) (any, *apiError)) endpoint {
		return endpoint{
			service: computeEngine, version: v1,
			method:  "compute." + method,
			pattern: verb + " /compute/v1/projects/{project}/" + path,
			params:  nil, resource: name, serve: serve,
		}
	}
	network, operation := scoped("networks"), scoped("operations")
	all := []endpoint{
		at("POST", "global/networks", "networks.insert", network, (*Cloud).insertNetwork),
		at("GET", "global/networks", "networks.list", network, (*Cloud).listNetworks),
		at("GET", "global/networks/{id}", "networks.get", network, (*Cloud).getNetwork),
		at("PATCH", "global/networks/{id}", "networks.patch", network, (*Cloud).patchNetwork),
		at("DELETE", "global/networks/{id}", "networks.delete", network, (*Cloud).deleteNetwork),
		at("POST", "global/networks/{id}/addPeering", "networks.addPeering", network, (*Cloud).addPeering),
		at("PATCH", "global/networks/{id}/updatePeering", "networks.updatePeering", network, (*Cloud).updatePeering),
		at("POST", "global/networks/{id}/removePeering", "networks.removePeering", network, (*Cloud).removePeering),
		at("GET", "global/networks/{id}/listPeeringRoutes", "networks.listPeeringRoutes", network, (*Cloud).listPeeringRoutes),
	}
	for collection, where := range map[string]string{"globalOperations": "global/", "regionOperations": "regions/{location}/"} {
		all = append(all,
			at("GET", where+"operations", collection+".list", operation, (*Cloud).listComputeOperations),
			at("GET", where+"operations/{id}", collection+".get", operation, (*Cloud).getComputeOperation),
			at("POST", where+"operations/{id}/wait", collection+".wait", operation, (*Cloud).waitComputeOperation),
		)
	}
	return all
}
