package googleend

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"

	"cloud.google.com/go/compute/apiv1/computepb"
	"github.com/googleapis/gax-go/v2"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

const (
	// transportMTU is what the network at the far side of the peering is set
	// to, in bytes (Google's how-to page on creating connections).
	transportMTU = 8896
	// leastMTU is the MTU of AWS's side of the link, in bytes (reported by
	// users, not by AWS).
	leastMTU = 8500
	// defaultMTU is a network's MTU in bytes where Compute Engine names none
	// (discovery document, compute v1: Network.mtu).
	defaultMTU = 1460
)

// awsAccount is the form of an AWS account id.
var awsAccount = regexp.MustCompile(`^[0-9]{12}$`)

// Check compares the configuration with what Google offers. It calls the lists of
// profiles and transports and reads the network, all at once.
func (e *End) Check(ctx context.Context, r link.CheckRequest) (link.Terms, []link.Finding, error) {
	if _, err := e.Site(ctx); err != nil {
		return link.Terms{}, nil, err
	}
	var terms link.Terms
	found := make([][]link.Finding, 4)
	errs := make([]error, 3)
	found[0] = about(link.TopicSettings, e.checkConfig())
	var calls sync.WaitGroup
	calls.Go(func() { terms, found[1], errs[0] = e.checkProfile(ctx, r) })
	calls.Go(func() {
		found[2], errs[1] = e.checkNetwork(ctx)
		about(link.TopicNetwork, found[2])
	})
	calls.Go(func() { found[3], errs[2] = e.checkQuota(ctx, r) })
	calls.Wait()
	for _, err := range errs {
		if err != nil {
			return link.Terms{}, nil, err
		}
	}
	terms.Offers, terms.OffersField = e.offers(), "advertised_routes"
	terms.Looks = e.looks(r, terms)
	return terms, slices.Concat(found...), nil
}

// looks says which topics Check looked at.
func (e *End) looks(r link.CheckRequest, t link.Terms) []link.Look {
	skip := func(topic link.Topic, unless bool, why string) link.Look {
		if unless {
			why = ""
		}
		return link.Look{Topic: topic, Skipped: why}
	}
	const unknown, exists = "no single environment fits", "the link exists"
	chosen := t.Environment != ""
	flow := skip(link.TopicKeyFlow, chosen, unknown)
	if chosen {
		flow = skip(link.TopicKeyFlow, r.Creating, exists)
	}
	peer := skip(link.TopicPeer, chosen, unknown)
	if chosen {
		peer = skip(link.TopicPeer, r.Peer.Account != "", "the other end's account is not known")
	}
	return append(link.LookedAt(link.TopicSettings, link.TopicEnvironment), flow,
		skip(link.TopicBandwidth, chosen, unknown), peer,
		skip(link.TopicNetwork, e.config.Network != "", "no network is given, or it is not known yet"),
		skip(link.TopicQuota, r.Creating, exists),
		skip(link.TopicPrefixes, len(t.Offers) > 0, "no prefix is advertised, or they are not known yet"))
}

// offers are the prefixes that the configuration advertises to the other cloud.
func (e *End) offers() []netip.Prefix {
	var all []netip.Prefix
	for _, route := range e.config.AdvertisedRoutes {
		if p, err := netip.ParsePrefix(route); err == nil {
			all = append(all, p.Masked())
		}
	}
	slices.SortFunc(all, netip.Prefix.Compare)
	return all
}

// about gives findings their topic.
func about(t link.Topic, found []link.Finding) []link.Finding {
	for i := range found {
		found[i].Topic = t
	}
	return found
}

// finding says what is wrong with a field.
func finding(kind cloud.Kind, field, attempt, remedy, message string, args ...any) link.Finding {
	return link.Finding{Err: &cloud.Error{
		Kind: kind, End: endName, Attempt: attempt, Field: field,
		Message: fmt.Sprintf(message, args...), Remedy: remedy,
	}}
}

// warning is a finding that stops nothing.
func warning(f link.Finding) link.Finding {
	f.Warning = true
	return f
}

// checkConfig finds what is wrong without asking anybody.
func (e *End) checkConfig() []link.Finding {
	const attempt = "check the configuration"
	c := e.config
	var found []link.Finding
	refuse := func(field, remedy, message string, args ...any) {
		found = append(found, finding(cloud.Invalid, field, attempt, remedy, message, args...))
	}
	if c.Network != "" && c.Hub != "" {
		refuse("network", "Set either network or hub.", "a transport is attached to a network or to a hub, and to one of them only")
	}
	if c.Network != "" && c.Hub == "" && c.AutoAccept {
		refuse("auto_accept", "Set hub, or remove auto_accept.", "auto_accept needs a hub")
	}
	if c.Network != "" && c.Hub == "" && c.PSCRouting {
		refuse("psc_routing", "Set hub, or remove psc_routing.", "psc_routing needs a hub")
	}
	if h := parseGlobal(c.Hub, c.Project); c.Hub != "" && !sameProject(h.project, c.Project) {
		refuse("hub", "Use a hub of the transport's project.", "hub %s is in project %s; it must be in the transport's project %s", h.name, h.project, c.Project)
	}
	for _, key := range slices.Sorted(maps.Keys(c.Labels)) {
		if strings.HasPrefix(key, labelPrefix) {
			refuse("labels", "Use another key.", "label %q begins with %q, which is reserved for the marks of links", key, labelPrefix)
		}
	}
	for _, route := range c.AdvertisedRoutes {
		prefix, err := netip.ParsePrefix(route)
		switch {
		case err != nil:
			refuse("advertised_routes", "Write prefixes as in 10.0.0.0/8 or 2001:db8::/32.", "%q is not a prefix", route)
		case prefix != prefix.Masked():
			refuse("advertised_routes", fmt.Sprintf("Write %s.", prefix.Masked()), "%q names an address, not a network", route)
		}
	}
	return found
}

// checkProfile looks for the environment and compares it with what is wanted.
func (e *End) checkProfile(ctx context.Context, r link.CheckRequest) (link.Terms, []link.Finding, error) {
	profiles, err := e.account.Profiles(ctx, e.config.Project, e.config.Region)
	if err != nil {
		return link.Terms{}, nil, err
	}
	p, found, ok := e.choose(profiles, r)
	if !ok {
		return link.Terms{}, about(link.TopicEnvironment, found), nil
	}
	add := func(t link.Topic, f link.Finding) { found = append(found, about(t, []link.Finding{f})...) }
	terms := link.Terms{Environment: p.ID, PeerRegion: p.Site, Tiers: p.Tiers, Flows: p.Flows}
	const attempt = "check the environment"
	if r.Creating && !p.Open {
		terms.Tiers = nil
		add(link.TopicEnvironment, finding(cloud.Precondition, "region", attempt, "Choose another pair of regions, or ask Google when there will be capacity.",
			"%s takes no orders now: there is not enough capacity (%s)", p.ID, p.OrderState))
	}
	if r.Creating && len(p.Flows) > 0 && !slices.Contains(p.Flows, r.Side) {
		add(link.TopicKeyFlow, finding(cloud.Precondition, ".initiator", attempt, "Set initiator to the other cloud.",
			"a transport for %s cannot be the %s (%s)", p.ID, r.Side, p.Flow))
	}
	if r.Bandwidth != 0 && !slices.Contains(p.Tiers, r.Bandwidth) {
		add(link.TopicBandwidth, finding(cloud.Precondition, ".bandwidth", "check the bandwidth", "Choose one of these.",
			"%s is not sold for %s; these are: %s", r.Bandwidth, p.ID, bandwidth.List(p.Tiers)))
	}
	if p.AWS() && r.Peer.Account != "" && !awsAccount.MatchString(r.Peer.Account) {
		add(link.TopicPeer, finding(cloud.Invalid, "", "check the other end's account", "Give the 12 digits of the AWS account.",
			"%q is not an AWS account id", r.Peer.Account))
	}
	return terms, found, nil
}

// choose picks the profile that joins the peer's region. While that is not known,
// the only profile of AWS will do. Several leave the choice open, which matters
// only to the initiator: for the acceptor the key says it.
func (e *End) choose(profiles []Profile, r link.CheckRequest) (Profile, []link.Finding, bool) {
	fits := Profile.AWS
	if r.Peer.Region != "" {
		fits = func(p Profile) bool { return strings.EqualFold(p.Site, r.Peer.Region) }
	}
	var fitting []Profile
	var pairs []string
	for _, p := range profiles {
		pairs = append(pairs, fmt.Sprintf("%s with %s (%s)", p.Region, p.Site, p.Provider))
		if fits(p) {
			fitting = append(fitting, p)
		}
	}
	slices.Sort(pairs)
	offers := "it is joined with no region"
	if len(pairs) > 0 {
		offers = "these are: " + strings.Join(pairs, ", ")
	}
	var f link.Finding
	switch {
	case len(fitting) == 1:
		return fitting[0], nil, true
	case len(fitting) > 1 && r.Side == link.Acceptor:
		return Profile{}, nil, false
	case len(fitting) > 1:
		f = finding(cloud.Precondition, "region", "choose the environment", "Name the other end's region.",
			"several environments fit; %s", offers)
	case r.Peer.Region == "":
		f = finding(cloud.Precondition, "region", "choose the environment", "Choose a region that is joined with AWS.",
			"region %s is not joined with AWS; %s", e.config.Region, offers)
	default:
		f = finding(cloud.Precondition, "region", "choose the environment", "Choose two regions that are joined: the crosscloud_environments data source lists them.",
			"region %s is not joined with %s; %s", e.config.Region, r.Peer.Region, offers)
	}
	// A link that exists goes on working whatever is offered to new ones.
	f.Warning = !r.Creating
	return Profile{}, []link.Finding{f}, false
}

// checkNetwork reads the network. That the credentials may not read it is no
// reason to stop: creating the transport may be allowed all the same.
func (e *End) checkNetwork(ctx context.Context) ([]link.Finding, error) {
	if e.config.Network == "" {
		return nil, nil
	}
	c, err := e.account.clients()
	if err != nil {
		return nil, err
	}
	const attempt = "check the network"
	g := parseGlobal(e.config.Network, e.config.Project)
	// Requests are repeated below the client, by the rules of all others.
	once := gax.WithRetry(func() gax.Retryer { return nil })
	n, err := c.networks.Get(ctx, &computepb.GetNetworkRequest{Project: g.project, Network: g.name}, once)
	if err = translate(attempt, g.network(), err); err != nil {
		switch cloud.KindOf(err) {
		case cloud.NotFound:
			return []link.Finding{finding(cloud.NotFound, "network", attempt, "Create the network, or correct its name or project.",
				"there is no network %s in project %s", g.name, g.project)}, nil
		case cloud.Denied:
			return []link.Finding{warning(finding(cloud.Denied, "network", attempt, "Grant compute.networks.get on the network's project, so that it can be checked.",
				"network %s of project %s could not be checked: %v", g.name, g.project, err))}, nil
		}
		return nil, err
	}
	mtu := int(n.GetMtu())
	if mtu == 0 {
		mtu = defaultMTU
	}
	if mtu >= leastMTU {
		return nil, nil
	}
	return []link.Finding{warning(finding(cloud.Precondition, "network", attempt,
		fmt.Sprintf("Raise the network's MTU to %d, or lower the MTU on both sides to %d.", transportMTU, mtu),
		"network %s has an MTU of %d bytes and the transport's has %d: larger packets from the other cloud are lost without a word", g.name, mtu, transportMTU))}, nil
}

// checkQuota warns where the default quota, one transport for each project and
// region, is used up. The quota itself cannot be read with this API.
func (e *End) checkQuota(ctx context.Context, r link.CheckRequest) ([]link.Finding, error) {
	if !r.Creating {
		return nil, nil
	}
	listed, err := e.account.shared(ctx, e.place())
	if err != nil {
		return nil, err
	}
	var others []string
	for _, o := range listed {
		if o.ID != e.id() && !o.State.Gone() {
			others = append(others, lastSegment(o.ID))
		}
	}
	if len(others) == 0 {
		return nil, nil
	}
	slices.Sort(others)
	return about(link.TopicQuota, []link.Finding{warning(finding(cloud.Quota, "region", "check the quota",
		"If the creation is refused, ask for a higher quota of transports per region in the Google Cloud console.",
		"project %s has transports in %s already (%s), and the quota is one unless it was raised", e.config.Project, e.config.Region, strings.Join(others, ", ")))}), nil
}
