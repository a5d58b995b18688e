package awsend

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// AWS's default quotas of an account in a region (AWS user guide, quotas). They
// can be raised, so reaching one is a warning.
const (
	quotaConnections = 10
	quotaRequested   = 4
	quotaProvider    = 2
)

var (
	// descriptionForm is ConnectionDescription (AWS service model).
	descriptionForm = regexp.MustCompile(`^[-a-zA-Z0-9_ ]{1,255}$`)
	// projectForm is what AWS takes as a Google project id (AWS user guide,
	// getting started).
	projectForm = regexp.MustCompile(`^[a-zA-Z0-9-]{6,30}$`)
	// remoteForm is RemoteOwnerAccount (AWS service model).
	remoteForm = regexp.MustCompile(`^[-a-zA-Z0-9_@.]{1,255}$`)
)

const pairRemedy = "Choose two regions that the clouds have joined: the crosscloud_environments data source lists them."

// sameGateway compares two ids of Direct Connect gateways, which are UUIDs.
func sameGateway(a, b string) bool { return strings.EqualFold(a, b) }

// findings says what the facts mean for the configuration.
func (c *check) findings() []link.Finding {
	c.look(link.TopicSettings, "", c.checkWords)
	env, ok := c.environment()
	if !ok {
		c.look(link.TopicEnvironment, "", c.checkChoice)
		for _, t := range []link.Topic{link.TopicBandwidth, link.TopicPeer, link.TopicGateway, link.TopicQuota, link.TopicPrefixes} {
			c.look(t, "no single environment fits", nil)
		}
		return c.found
	}
	c.look(link.TopicEnvironment, "", func() { c.checkEnvironment(env) })
	c.look(link.TopicBandwidth, "", func() { c.checkTier(env) })
	c.look(link.TopicPeer, unknownPeer(c.request.Peer), func() { c.checkPeer(env) })
	c.look(link.TopicGateway, c.gatewaySkipped(), func() { c.checkGateway(env) })
	c.look(link.TopicQuota, c.existing(), func() { c.checkQuotas(env) })
	c.look(link.TopicPrefixes, cmp.Or(c.gatewaySkipped(), c.facts.offersDenied), nil)
	return c.found
}

// look notes that a topic is looked at, and looks; skipped says why it cannot be.
func (c *check) look(t link.Topic, skipped string, at func()) {
	c.looks = append(c.looks, link.Look{Topic: t, Skipped: skipped})
	c.topic = t
	if skipped == "" && at != nil {
		at()
	}
}

// unknownPeer says that the other end's account is not known.
func unknownPeer(peer link.Site) string {
	if peer.Account == "" {
		return "the other end's account is not known"
	}
	return ""
}

// existing says that only the making of a link needs a check.
func (c *check) existing() string {
	if c.request.Creating {
		return ""
	}
	return "the link exists"
}

// gatewaySkipped says why the gateway was not asked about.
func (c *check) gatewaySkipped() string {
	switch {
	case c.facts.gateway != gatewayNotAsked:
		return ""
	case c.config.GatewayID == "":
		return "the gateway is not known yet"
	}
	return cmp.Or(c.existing(), "the environment takes no connection")
}

// add notes a finding.
func (c *check) add(warning bool, e cloud.Error) {
	e.End = endName
	c.found = append(c.found, link.Finding{Err: &e, Warning: warning, Topic: c.topic})
}

// checkWords looks at what needs no call: description and tags.
func (c *check) checkWords() {
	if d := c.config.description(); !descriptionForm.MatchString(d) {
		c.add(false, cloud.Error{
			Kind: cloud.Invalid, Field: "description", Attempt: "use the description",
			Message: fmt.Sprintf("%q is not a valid description", d),
			Remedy:  `Use 1 to 255 letters, digits, blanks, "-" and "_".`,
		})
	}
	for _, bad := range badTags(c.config.Tags) {
		c.add(false, cloud.Error{
			Kind: cloud.Invalid, Field: "tags", Attempt: "use the tags", Message: bad,
			Remedy: `Keys have 1 to 128 characters and do not begin with "aws:" or "crosscloud:"; values have at most 256.`,
		})
	}
}

// checkChoice reports that not one environment fits, or several.
func (c *check) checkChoice() {
	e := cloud.Error{Kind: cloud.Precondition, Field: "region", Attempt: "link " + c.region, Remedy: pairRemedy}
	if peer := c.request.Peer.Region; peer != "" {
		e.Attempt += " with " + peer
	}
	switch {
	case len(c.facts.fit) > 1:
		if c.request.Side == link.Acceptor {
			// The key says which.
			return
		}
		e.Message = "several environments fit: " + pairs(c.facts.fit)
		e.Remedy = "Say which region of the other cloud the link leads to."
	case len(c.facts.environments) == 0:
		e.Message = "there is no environment in " + c.region
	default:
		e.Message = "no environment joins the two; there is " + pairs(c.facts.environments)
	}
	c.add(!c.request.Creating, e)
}

// pairs writes environments for a message.
func pairs(envs []Environment) string {
	words := make([]string, len(envs))
	for i, e := range envs {
		words[i] = fmt.Sprintf("%s with %s of %s (%s)", e.Region, e.PeerRegion, e.Provider, e.ID)
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

// checkEnvironment looks at the environment's state, which matters to new
// connections only (AWS service model, EnvironmentState).
func (c *check) checkEnvironment(env Environment) {
	if !c.request.Creating {
		return
	}
	e := cloud.Error{Kind: cloud.Precondition, Field: "region", Attempt: "order a connection in", Object: env.ID}
	switch types.EnvironmentState(env.State) {
	case types.EnvironmentStateUnavailable:
		e.Message = "the environment is unavailable: it takes no new connections at present"
		e.Remedy = "Try again later, or choose another pair of regions."
		c.add(false, e)
	case types.EnvironmentStateLimited:
		e.Message = "the environment is limited: it is short of capacity; to be had now: " + orNone(env.Available)
		e.Remedy = "Nothing needs to be done while the bandwidth is among these."
		c.add(true, e)
	}
}

// orNone is bandwidth.List with a word for an empty list.
func orNone(bs []bandwidth.Bandwidth) string {
	if len(bs) == 0 {
		return "none"
	}
	return bandwidth.List(bs)
}

// checkTier looks at the bandwidth. A tier that is sold out is no fault in a link
// that has it.
func (c *check) checkTier(env Environment) {
	b := c.request.Bandwidth
	if b == 0 || slices.Contains(env.Available, b) {
		return
	}
	e := cloud.Error{
		Kind: cloud.Precondition, Field: ".bandwidth", Attempt: fmt.Sprintf("order %s in", b), Object: env.ID,
		Remedy: "Choose a bandwidth that is sold now.",
	}
	if slices.Contains(env.Supported, b) {
		e.Message = fmt.Sprintf("%s is planned for the environment but cannot be ordered now; sold now: %s", b, orNone(env.Available))
		e.Remedy = "Choose a bandwidth that is sold now, or try again later."
		c.add(!c.request.Creating, e)
		return
	}
	e.Message = fmt.Sprintf("%s is not sold there; sold now: %s", b, orNone(env.Available))
	c.add(false, e)
}

// checkPeer looks at the form of the other end's account, where it is known.
func (c *check) checkPeer(env Environment) {
	account := c.request.Peer.Account
	e := cloud.Error{Kind: cloud.Invalid, Attempt: "name the other end's account", Object: account}
	switch {
	case account == "":
		return
	case env.RemoteIdentifier == string(types.RemoteAccountIdentifierTypeEmail):
		if strings.Contains(account, "@") && remoteForm.MatchString(account) {
			return
		}
		e.Message = "the environment asks for an e-mail address"
		e.Remedy = "Give the e-mail address under which the other provider knows you."
	case env.Google():
		if projectForm.MatchString(account) {
			return
		}
		e.Message = "a Google project id has 6 to 30 letters, digits and hyphens"
		e.Remedy = "Give the project's id, not its number or name. Ids with a domain (example.com:project) cannot be linked."
	case remoteForm.MatchString(account):
		return
	default:
		e.Message = `an account has 1 to 255 letters, digits, "-", "_", "@" and "."`
		e.Remedy = "Correct the account of the other end."
	}
	c.add(false, e)
}

// checkGateway reports a gateway that the connection cannot hang on.
func (c *check) checkGateway(env Environment) {
	e := cloud.Error{
		Field: "direct_connect_gateway_id", Attempt: "attach to Direct Connect gateway", Object: c.config.GatewayID,
		Remedy: gatewayRemedy,
	}
	switch c.facts.gateway {
	case gatewayMissing:
		e.Kind, e.Message = cloud.NotFound, "the account has no such Direct Connect gateway"
	case gatewayIllegal:
		e.Kind, e.Message = cloud.Precondition, fmt.Sprintf("it is not a legal attach point for environment %s", env.ID)
	default:
		return
	}
	c.add(false, e)
}

// checkQuotas counts what exists against the default quotas. Failed and deleted
// connections are taken not to count (inferred).
func (c *check) checkQuotas(env Environment) {
	if !c.request.Creating {
		return
	}
	var all, requested, provider []string
	for _, s := range c.facts.connections {
		if s.State == types.ConnectionStateFailed || s.State == types.ConnectionStateDeleted {
			continue
		}
		id := aws.ToString(s.Id)
		all = append(all, id)
		if s.State == types.ConnectionStateRequested {
			requested = append(requested, id)
		}
		if name, lastMile := providerFromAPI(s.Provider); name == env.Provider && lastMile == env.LastMile {
			provider = append(provider, id)
		}
	}
	c.checkQuota("connections", all, quotaConnections)
	c.checkQuota("connections with "+env.Provider, provider, quotaProvider)
	if c.request.Side == link.Initiator {
		c.checkQuota("connections that wait for their partner", requested, quotaRequested)
	}
}

// checkQuota warns when no more of something may be made.
func (c *check) checkQuota(what string, ids []string, quota int) {
	if len(ids) < quota {
		return
	}
	slices.Sort(ids)
	c.add(true, cloud.Error{
		Kind: cloud.Quota, Attempt: "make one more connection in", Object: c.region,
		Message: fmt.Sprintf("there are %d %s (%s), and the default quota is %d", len(ids), what, strings.Join(ids, ", "), quota),
		Remedy:  quotaRemedy,
	})
}
