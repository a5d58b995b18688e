package googleend

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Drift compares the configuration with the transport. Labels, description and
// advertised routes can be changed in place; the rest is fixed at creation
// (Google discovery document, networkconnectivity v1; of the stack type, which
// it does not mark immutable, Google's release notes say so). A transport that
// was not read completely shows no drift.
func (e *End) Drift(o link.Observation, sharedID string) []link.Drift {
	t, ok := o.Detail.(Transport)
	if !ok {
		return nil
	}
	return slices.Concat(e.placeDrift(o), e.fixedDrift(t), e.textDrift(t), e.labelDrift(t), markDrift(o, t.Labels, markers(e.mark(), sharedID)))
}

// placeDrift compares where the transport is.
func (e *End) placeDrift(o link.Observation) []link.Drift {
	var drift []link.Drift
	if !sameProject(o.Site.Account, e.config.Project) {
		drift = append(drift, link.Drift{Field: "project", Want: e.config.Project, Got: o.Site.Account})
	}
	if o.Site.Region != e.config.Region {
		drift = append(drift, link.Drift{Field: "region", Want: e.config.Region, Got: o.Site.Region})
	}
	return drift
}

// fixedDrift compares what only a new transport could have otherwise.
func (e *End) fixedDrift(t Transport) []link.Drift {
	var drift []link.Drift
	differs := func(field, want, got string) {
		drift = append(drift, link.Drift{Field: field, Want: want, Got: got})
	}
	c := e.config
	if c.StackType != "" && t.StackType != "" && c.StackType != t.StackType {
		differs("stack_type", c.StackType, t.StackType)
	}
	if c.Network != "" && !parseGlobal(c.Network, c.Project).same(parseGlobal(t.Network, c.Project)) {
		differs("network", c.Network, t.Network)
	}
	if c.Hub == "" {
		return drift
	}
	if !parseGlobal(c.Hub, c.Project).same(parseGlobal(t.Hub, c.Project)) {
		differs("hub", c.Hub, t.Hub)
	}
	if c.AutoAccept != t.AutoAccept {
		differs("auto_accept", strconv.FormatBool(c.AutoAccept), strconv.FormatBool(t.AutoAccept))
	}
	if c.PSCRouting != t.PSCRouting {
		differs("psc_routing", strconv.FormatBool(c.PSCRouting), strconv.FormatBool(t.PSCRouting))
	}
	return drift
}

// textDrift compares what is changed in place, labels apart.
func (e *End) textDrift(t Transport) []link.Drift {
	var drift []link.Drift
	if e.config.Description != t.Description {
		drift = append(drift, link.Drift{Field: "description", Want: e.config.Description, Got: t.Description, InPlace: true})
	}
	if !sameRoutes(e.config.AdvertisedRoutes, t.AdvertisedRoutes) {
		drift = append(drift, link.Drift{
			Field: "advertised_routes", InPlace: true,
			Want: strings.Join(routeSet(e.config.AdvertisedRoutes), ", "), Got: strings.Join(routeSet(t.AdvertisedRoutes), ", "),
		})
	}
	return drift
}

// labelDrift compares the configured labels and the retired ones. Others are not
// looked at.
func (e *End) labelDrift(t Transport) []link.Drift {
	wanted := e.labels(t.Labels, nil)
	var drift []link.Drift
	for _, key := range slices.Sorted(maps.Keys(e.config.Labels)) {
		if got, ok := t.Labels[key]; !ok || got != wanted[key] {
			drift = append(drift, link.Drift{Field: "labels." + key, Want: wanted[key], Got: got, InPlace: true})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(t.Labels)) {
		if _, stays := wanted[key]; !stays {
			drift = append(drift, link.Drift{Field: "labels." + key, Got: t.Labels[key], InPlace: true})
		}
	}
	return drift
}

// markDrift finds marks that are missing or not ours: of the link, on a transport
// that was made by other means or whose labels somebody has changed, and the
// shared id, where the transport says it in no way.
func markDrift(o link.Observation, labels, marks map[string]string) []link.Drift {
	var drift []link.Drift
	for _, key := range slices.Sorted(maps.Keys(marks)) {
		if got := labels[key]; got != marks[key] && (key != labelSharedID || o.SharedID == "") {
			drift = append(drift, link.Drift{Field: "labels." + key, Want: marks[key], Got: got, InPlace: true})
		}
	}
	return drift
}

// routeSet is a list of prefixes in one spelling, sorted and without repetition.
// What is not a prefix stays as it is written.
func routeSet(routes []string) []string {
	set := make([]string, len(routes))
	for i, r := range routes {
		set[i] = r
		if p, err := netip.ParsePrefix(r); err == nil {
			set[i] = p.Masked().String()
		}
	}
	slices.Sort(set)
	return slices.Compact(set)
}

func sameRoutes(a, b []string) bool { return slices.Equal(routeSet(a), routeSet(b)) }
