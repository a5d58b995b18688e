package link

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// Preflight is what checks found before anything is spent.
type Preflight struct {
	// Sites and Terms of both ends, by Side; zero where the end is not ours.
	Sites [2]Site
	Terms [2]Terms
	// Tiers are the bandwidths that both ends sell, smallest first.
	Tiers []bandwidth.Bandwidth
	// Offer is what the other team's activation key opens; zero where there
	// is none to look at.
	Offer Offer
	// Findings, errors first.
	Findings []Finding
	// Looks are what was looked at, at which end, and what could not be.
	Looks []Look
}

// Refused says that a finding forbids going on.
func (p Preflight) Refused() bool {
	return slices.ContainsFunc(p.Findings, func(f Finding) bool { return !f.Warning })
}

// Check compares the configuration with what both clouds offer, by read-only
// calls. creating says that the link does not exist yet. The error is of a call
// that could not be made, or of an activation key of another team that is not the
// one for this link; what the configuration lacks is in the findings.
func (d *Driver) Check(ctx context.Context, l Link, w Want, creating bool) (Preflight, error) {
	var p Preflight
	s := &session{driver: d, link: l, want: w}
	p.Sites[Initiator], p.Sites[Acceptor] = l.PeerSite, l.PeerSite
	if _, err := each(l, func(side Side, e End) (Observation, error) {
		site, err := e.Site(ctx)
		p.Sites[side] = site
		return Observation{}, s.wrap(side, err)
	}); err != nil {
		return p, err
	}
	var found [2][]Finding
	if _, err := each(l, func(side Side, e End) (Observation, error) {
		terms, fs, err := e.Check(ctx, CheckRequest{Side: side, Bandwidth: w.Bandwidth, Peer: p.Sites[side.Other()], Creating: creating})
		p.Terms[side], found[side] = terms, fs
		return Observation{}, s.wrap(side, err)
	}); err != nil {
		return p, err
	}
	p.Looks = l.looks(p.Terms)
	p.Findings = slices.Concat(found[Initiator], found[Acceptor])
	p.Tiers = l.tiers(p.Terms)
	p.Findings = append(p.Findings, l.compare(p, w)...)
	slices.SortStableFunc(p.Findings, func(a, b Finding) int {
		switch {
		case a.Warning == b.Warning:
			return 0
		case b.Warning:
			return -1
		}
		return 1
	})
	if creating && l.Ends[Initiator] == nil && !l.Key.IsZero() && !p.Refused() {
		w.Environment[Acceptor] = p.Terms[Acceptor].Environment
		offer, err := d.Offer(ctx, l, w)
		if err != nil {
			offer, err = s.redeemedBefore(ctx, err)
		}
		p.Offer = offer
		return p, err
	}
	return p, nil
}

// looks are what the ends that are ours looked at.
func (l Link) looks(terms [2]Terms) []Look {
	var all []Look
	for _, s := range l.ours() {
		for _, look := range slices.Concat(LookedAt(TopicAccess), terms[s].Looks) {
			look.End = l.describe(s).Name
			all = append(all, look)
		}
	}
	return all
}

// tiers are what every end that is ours sells.
func (l Link) tiers(terms [2]Terms) []bandwidth.Bandwidth {
	sides := l.ours()
	tiers := terms[sides[0]].Tiers
	for _, s := range sides {
		tiers = bandwidth.Common(tiers, terms[s].Tiers)
	}
	return tiers
}

// compare finds what only both ends together show.
func (l Link) compare(p Preflight, w Want) []Finding {
	if !l.both() || p.Refused() {
		return nil
	}
	var found []Finding
	for _, s := range []Side{Initiator, Acceptor} {
		says, is := p.Terms[s].PeerRegion, p.Sites[s.Other()].Region
		if says == "" || strings.EqualFold(says, is) {
			continue
		}
		found = append(found, Finding{Topic: TopicEnvironment, Err: &cloud.Error{
			Kind: cloud.Precondition, End: l.describe(s).Name, Field: "region", Attempt: "check the environment",
			Message: fmt.Sprintf("region %s is joined with %s, not with %s", p.Sites[s].Region, says, is),
			Remedy:  "Choose two regions that the clouds have joined: the crosscloud_environments data source lists them.",
		}})
	}
	found = append(found, l.comparePrefixes(p.Terms)...)
	if w.Bandwidth == 0 && len(p.Tiers) > 0 || w.Bandwidth != 0 && slices.Contains(p.Tiers, w.Bandwidth) {
		return found
	}
	message := "both ends sell no bandwidth in common"
	if len(p.Tiers) > 0 {
		message = fmt.Sprintf("%s is not sold at both ends; both sell %s", w.Bandwidth, bandwidth.List(p.Tiers))
	}
	return append(found, Finding{Topic: TopicBandwidth, Err: &cloud.Error{
		Kind: cloud.Precondition, End: l.describe(Acceptor).Name, Field: ".bandwidth", Attempt: "check the bandwidth",
		Message: message, Remedy: "Choose a tier that both clouds sell for this pair of regions.",
	}})
}

// comparePrefixes warns of addresses that both ends offer. Clouds accept them, and
// lose packets without a word.
func (l Link) comparePrefixes(terms [2]Terms) []Finding {
	// Blamed is the end whose prefixes the configuration writes.
	blamed := Acceptor
	if terms[blamed].OffersField == "" {
		blamed = Initiator
	}
	one, other := l.describe(blamed), l.describe(blamed.Other())
	both := Overlaps(one, other, terms[blamed].Offers, terms[blamed.Other()].Offers)
	if len(both) == 0 {
		return nil
	}
	return []Finding{{Warning: true, Topic: TopicPrefixes, Err: &cloud.Error{
		Kind: cloud.Precondition, End: one.Name, Field: terms[blamed].OffersField, Attempt: "check the prefixes",
		Message: "both ends have the same addresses: " + strings.Join(both, "; "), Remedy: OverlapRemedy,
	}}}
}
