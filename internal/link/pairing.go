package link

import (
	"fmt"
	"strings"
)

// Status is what both ends say together.
type Status string

// The statuses. StatusAwaiting makes the ones that name a cloud.
const (
	// Matched: both up, one shared id, one bandwidth, one environment, and the
	// accounts that each names.
	Matched Status = "matched"
	// Provisioning: both clouds know of each other; not up yet, or changing.
	Provisioning Status = "provisioning"
	// Diverged: both up and something differs.
	Diverged Status = "diverged"
	// DownStatus: an end carries no traffic or is suspended.
	DownStatus Status = "down"
	// Broken: an end failed, was deleted or deprovisioned, and cannot come back.
	Broken Status = "broken"
	// Unverified: the other end is not ours to see, or nothing proves that
	// the two are one link.
	Unverified Status = "unverified"
)

// StatusAwaiting is the status of a link whose key is issued and not redeemed at
// the named cloud: "awaiting_google".
func StatusAwaiting(cloud string) Status { return Status("awaiting_" + cloud) }

// Statuses are all statuses for the given clouds, for documentation.
func Statuses(clouds ...string) []Status {
	all := []Status{Matched, Provisioning}
	for _, c := range clouds {
		all = append(all, StatusAwaiting(c))
	}
	return append(all, Diverged, DownStatus, Broken, Unverified)
}

// Difference is a field in which the two ends differ. Values are by the
// descriptor's Cloud.
type Difference struct {
	// Field in the words of the configuration: "bandwidth", "shared_id".
	Field string
	// Values of both ends, by cloud.
	Values map[string]string
}

// Pairing is what comparing both ends says.
type Pairing struct {
	Status Status
	// Summary is a sentence that names the end at fault.
	Summary string
	// Remedy says what to do; empty when there is nothing to do.
	Remedy string
	// Differences between two ends that are both up.
	Differences []Difference
}

// Pair compares both ends. It uses nothing but what they report.
func Pair(l Link, v View) Pairing {
	v = l.unseen(v)
	for _, rule := range []func(Link, View) (Pairing, bool){pairBroken, pairAwaiting, pairIdentity, pairMoving, pairDown, pairDifferences} {
		if p, ok := rule(l, v); ok {
			return p
		}
	}
	if !l.both() {
		s := l.ours()[0]
		return Pairing{Status: Unverified, Summary: sentenceCase(fmt.Sprintf("%s is up; %s belongs to another team and cannot be seen from here.", l.name(s), l.name(s.Other())))}
	}
	if !proven(v) {
		return Pairing{
			Status:  Unverified,
			Summary: sentenceCase(fmt.Sprintf("%s and %s are up, but nothing they report proves that they are one link.", l.name(Initiator), l.name(Acceptor))),
			Remedy:  "Compare the two in the clouds' consoles.",
		}
	}
	return Pairing{Status: Matched, Summary: sentenceCase(fmt.Sprintf("%s and %s are up and agree.", l.name(Initiator), l.name(Acceptor)))}
}

// unseen marks the sides that are not ours.
func (l Link) unseen(v View) View {
	for s := range v {
		if l.Ends[s] == nil {
			v[s] = Observation{State: Unseen}
		}
	}
	return v
}

// name is an end in a sentence: "the AWS connection".
func (l Link) name(s Side) string {
	d := l.describe(s)
	return fmt.Sprintf("the %s %s", d.Name, d.Object)
}

// awaits says which side waits for the other to redeem its key, or will once it
// has been made: until then no key is used up, and the link is not lost.
func awaits(v View) (Side, bool) {
	for _, s := range []Side{Initiator, Acceptor} {
		other := v[s.Other()].State
		if v[s].State == AwaitingPeer && (other.Gone() || other == Unseen) || v[s].State == Creating && other.Gone() {
			return s, true
		}
	}
	return 0, false
}

func pairBroken(l Link, v View) (Pairing, bool) {
	if _, waiting := awaits(v); waiting {
		return Pairing{}, false
	}
	for _, s := range l.ours() {
		st := v[s].State
		if !st.Dead() && !st.Gone() && st != Deleting {
			continue
		}
		p := Pairing{
			Status:  Broken,
			Summary: sentenceCase(fmt.Sprintf("%s is %s; the link cannot come back, because its activation key is used up.", l.name(s), v[s].word())),
			Remedy:  "Apply again: the plan replaces the link.",
		}
		if l.Ends[Initiator] == nil {
			p.Remedy = fmt.Sprintf("Ask the team of %s for the activation key of a new link, and apply with it: the plan replaces this end.", l.name(Initiator))
		}
		return p, true
	}
	return Pairing{}, false
}

func pairAwaiting(l Link, v View) (Pairing, bool) {
	s, waiting := awaits(v)
	if !waiting {
		return Pairing{}, false
	}
	d := l.describe(s.Other())
	p := Pairing{
		Status:  StatusAwaiting(d.Cloud),
		Summary: sentenceCase(fmt.Sprintf("%s has issued an activation key that %s has not redeemed.", l.name(s), d.Name)),
	}
	if l.both() {
		p.Remedy = "Apply again: the link is completed from where it stands."
	} else {
		p.Remedy = fmt.Sprintf("Hand the key to the team of %s, to redeem it before it lapses: either cloud may delete a half-open link after 7 days.", l.name(s.Other()))
	}
	if v[s].State == Creating {
		p.Summary = sentenceCase(fmt.Sprintf("%s is being made, and %s has nothing of the link yet.", l.name(s), d.Name))
	}
	return p, true
}

func pairIdentity(l Link, v View) (Pairing, bool) {
	if !l.both() {
		return Pairing{}, false
	}
	a, b := v[Initiator].SharedID, v[Acceptor].SharedID
	if a == "" || b == "" || strings.EqualFold(a, b) {
		return Pairing{}, false
	}
	return Pairing{
		Status:      Diverged,
		Summary:     sentenceCase(fmt.Sprintf("%s and %s are halves of two different links.", l.name(Initiator), l.name(Acceptor))),
		Remedy:      "Import the halves that belong together, or destroy this link and create it anew.",
		Differences: []Difference{l.difference("shared_id", a, b)},
	}, true
}

func pairMoving(l Link, v View) (Pairing, bool) {
	for _, is := range []func(State) bool{State.Moving, func(s State) bool { return s == AwaitingPeer }} {
		for _, s := range l.ours() {
			if is(v[s].State) {
				return Pairing{Status: Provisioning, Summary: sentenceCase(fmt.Sprintf("%s is %s.", l.name(s), v[s].word()))}, true
			}
		}
	}
	return Pairing{}, false
}

func pairDown(l Link, v View) (Pairing, bool) {
	for _, s := range l.ours() {
		st := v[s].State
		if st != Down && st != Suspended {
			continue
		}
		return Pairing{
			Status:  DownStatus,
			Summary: sentenceCase(fmt.Sprintf("%s is %s: it carries no traffic.", l.name(s), v[s].word())),
			Remedy:  fmt.Sprintf("Nothing in the configuration can repair this: look at %s's health dashboard, or ask its support.", l.describe(s).Name),
		}, true
	}
	return Pairing{}, false
}

func pairDifferences(l Link, v View) (Pairing, bool) {
	if !l.both() {
		return Pairing{}, false
	}
	i, a := v[Initiator], v[Acceptor]
	var ds []Difference
	add := func(field, x, y string) {
		if x != "" && y != "" && x != y {
			ds = append(ds, l.difference(field, x, y))
		}
	}
	add("bandwidth", i.Bandwidth.String(), a.Bandwidth.String())
	for _, s := range []Side{Initiator, Acceptor} {
		cloud := l.describe(s.Other()).Cloud
		x, y := v[s].PeerSite, v[s.Other()].Site
		if s == Acceptor {
			add(cloud+".region", y.Region, x.Region)
			add(cloud+".account", y.Account, x.Account)
			continue
		}
		add(cloud+".region", x.Region, y.Region)
		add(cloud+".account", x.Account, y.Account)
	}
	if len(ds) == 0 {
		return Pairing{}, false
	}
	fields := make([]string, len(ds))
	for n, d := range ds {
		fields[n] = d.Field
	}
	return Pairing{
		Status:      Diverged,
		Summary:     fmt.Sprintf("The ends are up but differ in %s.", strings.Join(fields, ", ")),
		Remedy:      "Apply again: the plan repairs what can be repaired in place.",
		Differences: ds,
	}, true
}

// difference makes a Difference of the initiator's and the acceptor's value.
func (l Link) difference(field, initiator, acceptor string) Difference {
	return Difference{Field: field, Values: map[string]string{
		l.describe(Initiator).Cloud: initiator,
		l.describe(Acceptor).Cloud:  acceptor,
	}}
}

// proven says that the two ends are one link: they report one shared id, or,
// where keys cannot be decoded, they hold one key.
func proven(v View) bool {
	i, a := v[Initiator], v[Acceptor]
	if i.SharedID != "" && strings.EqualFold(i.SharedID, a.SharedID) {
		return true
	}
	for _, pair := range [][2]string{{i.Key.Reveal(), a.Redeemed.Reveal()}, {i.Redeemed.Reveal(), a.Key.Reveal()}} {
		if pair[0] != "" && pair[0] == pair[1] {
			return true
		}
	}
	return false
}

// sentenceCase makes the first letter a capital.
func sentenceCase(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
