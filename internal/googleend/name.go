package googleend

import (
	"fmt"
	"regexp"
	"strings"
)

// TransportName is a transport's full resource name.
func TransportName(project, region, name string) string {
	return place{project, region}.parent() + "/transports/" + name
}

// transportForm is the full resource name, with or without the URL of a service
// in front. No part holds white space or what cannot be seen: a name that was
// copied with either is refused rather than looked for.
var transportForm = regexp.MustCompile(`^(?:(?:https?:)?//[^?#\s\pZ\pC]+/)?projects/([^/?#\s\pZ\pC]+)/locations/([^/?#\s\pZ\pC]+)/transports/([^/?#\s\pZ\pC]+)$`)

// ParseTransportName takes a transport's full resource name, or its URL, apart.
// The error says what is expected.
func ParseTransportName(s string) (project, region, name string, err error) {
	m := transportForm.FindStringSubmatch(s)
	if m == nil {
		return "", "", "", fmt.Errorf("%q is not a transport's name: use projects/PROJECT/locations/REGION/transports/NAME", s)
	}
	return m[1], m[2], m[3], nil
}

// lastSegment is what follows the last slash.
func lastSegment(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

// regionOf is the location in a resource name; otherwise when it names none.
func regionOf(name, otherwise string) string {
	if r := segmentAfter(name, "locations"); r != "" {
		return r
	}
	return otherwise
}

// segmentAfter is the path segment that follows the one given; "" when there is
// none.
func segmentAfter(path, segment string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts[:len(parts)-1] {
		if p == segment {
			return parts[i+1]
		}
	}
	return ""
}

// global is a resource that belongs to a project and to no region: a network or
// a hub.
type global struct{ project, name string }

// parseGlobal reads a bare name, a partial path, a full name or a URL. A project
// that is not named is the given one.
func parseGlobal(s, project string) global {
	g := global{project, lastSegment(strings.TrimRight(s, "/"))}
	if p := segmentAfter(s, "projects"); p != "" {
		g.project = p
	}
	return g
}

// network and hub are full resource names (discovery document,
// networkconnectivity v1: Transport.network, Transport.hub).
func (g global) network() string { return "projects/" + g.project + "/global/networks/" + g.name }
func (g global) hub() string     { return "projects/" + g.project + "/locations/global/hubs/" + g.name }

// same says that both name one resource, as far as the names tell.
func (g global) same(h global) bool { return g.name == h.name && sameProject(g.project, h.project) }

var projectNumber = regexp.MustCompile(`^[0-9]+$`)

// sameProject compares projects. A number and an id cannot be compared, and
// Google writes either for the same project, so they count as the same: a
// difference that is none would cost a link.
func sameProject(a, b string) bool {
	return a == b || projectNumber.MatchString(a) != projectNumber.MatchString(b)
}
