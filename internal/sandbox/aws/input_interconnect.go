package aws

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"regexp"
	"strings"
)

// The string shapes of AWS Interconnect (AWS service model). Patterns match the
// whole value.
var (
	uuidPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

	anyString          = stringShape{}
	connectionIDShape  = stringShape{least: 1, most: 32, pattern: regexp.MustCompile(`^(mcc|lmcc)-[a-z0-9]{8}$`)}
	connectionARNShape = stringShape{least: 59, most: 150,
		pattern: regexp.MustCompile(`^arn:aws[a-z-]*:interconnect:[^:]+:[0-9]{12}:connection/(mcc|lmcc)-[a-z0-9]{8}$`)}
	bandwidthShape     = stringShape{least: 1, most: 8, pattern: regexp.MustCompile(`^\d+[MG]bps$`)}
	descriptionShape   = stringShape{least: 1, most: 255, pattern: regexp.MustCompile(`^[-a-zA-Z0-9_ ]+$`)}
	environmentIDShape = stringShape{least: 1, most: 64}
	locationShape      = stringShape{most: 255}
	providerShape      = stringShape{most: 32}
	activationKeyShape = stringShape{least: 1, most: 2048}
	gatewayUUIDShape   = stringShape{least: 36, most: 36, pattern: uuidPattern}
	remoteAccountShape = stringShape{least: 1, most: 255, pattern: regexp.MustCompile(`^[-a-zA-Z0-9_@\.]+$`)}
	nextTokenShape     = stringShape{least: 1, most: 1024}
	tagKeyShape        = stringShape{least: 1, most: 128}
	tagValueShape      = stringShape{most: 256}
	stateShape         = stringShape{oneOf: []string{
		string(StateAvailable), string(StateRequested), string(StatePending), string(StateDown),
		string(StateDeleting), string(StateDeleted), string(StateFailed), string(StateUpdating)}}
)

// clientToken makes a request idempotent.
type clientToken struct {
	// value is the token, "" for none.
	value string
	// fingerprint is the same for the same parameters.
	fingerprint string
}

func readToken(r *reader) clientToken {
	t := r.optional("clientToken", anyString)
	if t == nil {
		return clientToken{}
	}
	rest := maps.Clone(r.doc)
	delete(rest, "clientToken")
	maps.DeleteFunc(rest, func(_ string, v any) bool { return v == nil })
	raw, err := json.Marshal(rest) // keys are sorted
	if err != nil {
		r.wrongType("input", "made of plain values")
	}
	sum := sha256.Sum256(raw)
	return clientToken{value: *t, fingerprint: hex.EncodeToString(sum[:])}
}

// attachPoint is the union AttachPoint; nil pointers are members not set.
type attachPoint struct{ gateway, arn *string }

func readAttachPoint(r *reader, need bool) *attachPoint {
	if need && !r.need("attachPoint") {
		return nil
	}
	u := r.union("attachPoint", "directConnectGateway", "arn")
	if u == nil {
		return nil
	}
	at := &attachPoint{
		gateway: u.optional("directConnectGateway", gatewayUUIDShape),
		arn:     u.optional("arn", connectionARNShape),
	}
	if at.gateway != nil {
		at.gateway = new(strings.ToLower(*at.gateway)) // the pattern takes both cases
	}
	return at
}

func readProvider(r *reader) *provider {
	u := r.union("provider", "cloudServiceProvider", "lastMileProvider")
	if u == nil {
		return nil
	}
	if name := u.optional("lastMileProvider", providerShape); name != nil {
		return &provider{name: *name, lastMile: true}
	}
	if name := u.optional("cloudServiceProvider", providerShape); name != nil {
		return &provider{name: *name}
	}
	return nil
}

// readTags reads a TagMap. Keys that begin with "aws:" are AWS's own.
func readTags(r *reader) map[string]string {
	tags := r.stringMap("tags", tagKeyShape, tagValueShape)
	for key := range tags {
		if reservedTag(key) {
			r.violated(r.at("tags")+".key", `Member must not begin with "aws:"`)
			break
		}
	}
	return tags
}

func reservedTag(key string) bool { return strings.HasPrefix(strings.ToLower(key), "aws:") }

// page is what every list operation takes.
type page struct {
	limit int
	token string
}

// defaultPage is how many results a list answers that asked for no number.
const defaultPage = 100

func readPage(r *reader) page {
	p := page{limit: defaultPage}
	if n := r.integer("maxResults", 1, 100); n != nil {
		p.limit = int(*n)
	}
	if t := r.optional("nextToken", nextTokenShape); t != nil {
		p.token = *t
	}
	return p
}

type createConnectionInput struct {
	bandwidth     string
	attachPoint   *attachPoint
	environmentID string
	description   *string
	remoteAccount *string
	tags          map[string]string
	token         clientToken
}

func readCreateConnection(r *reader) createConnectionInput {
	in := createConnectionInput{
		bandwidth:     r.required("bandwidth", bandwidthShape),
		attachPoint:   readAttachPoint(r, true),
		environmentID: r.required("environmentId", environmentIDShape),
		description:   r.optional("description", descriptionShape),
		tags:          readTags(r),
		token:         readToken(r),
	}
	if u := r.union("remoteAccount", "identifier"); u != nil {
		in.remoteAccount = u.optional("identifier", remoteAccountShape)
	}
	return in
}

type acceptProposalInput struct {
	attachPoint *attachPoint
	key         string
	description *string
	tags        map[string]string
	token       clientToken
}

func readAcceptProposal(r *reader) acceptProposalInput {
	return acceptProposalInput{
		attachPoint: readAttachPoint(r, true),
		key:         r.required("activationKey", activationKeyShape),
		description: r.optional("description", descriptionShape),
		tags:        readTags(r),
		token:       readToken(r),
	}
}

type describeProposalInput struct{ key string }

func readDescribeProposal(r *reader) describeProposalInput {
	return describeProposalInput{key: r.required("activationKey", activationKeyShape)}
}

type getConnectionInput struct{ id string }

func (in getConnectionInput) resource() string { return in.id }

func readGetConnection(r *reader) getConnectionInput {
	return getConnectionInput{id: r.required("identifier", connectionIDShape)}
}

type deleteConnectionInput struct {
	id    string
	token clientToken
}

func (in deleteConnectionInput) resource() string { return in.id }

func readDeleteConnection(r *reader) deleteConnectionInput {
	return deleteConnectionInput{id: r.required("identifier", connectionIDShape), token: readToken(r)}
}

type updateConnectionInput struct {
	id          string
	description *string
	bandwidth   *string
	token       clientToken
}

func (in updateConnectionInput) resource() string { return in.id }

func readUpdateConnection(r *reader) updateConnectionInput {
	return updateConnectionInput{
		id:          r.required("identifier", connectionIDShape),
		description: r.optional("description", descriptionShape),
		bandwidth:   r.optional("bandwidth", bandwidthShape),
		token:       readToken(r),
	}
}

type listConnectionsInput struct {
	page          page
	state         *string
	environmentID *string
	provider      *provider
	attachPoint   *attachPoint
}

func readListConnections(r *reader) listConnectionsInput {
	return listConnectionsInput{
		page:          readPage(r),
		state:         r.optional("state", stateShape),
		environmentID: r.optional("environmentId", environmentIDShape),
		provider:      readProvider(r),
		attachPoint:   readAttachPoint(r, false),
	}
}

type getEnvironmentInput struct{ id string }

func (in getEnvironmentInput) resource() string { return in.id }

func readGetEnvironment(r *reader) getEnvironmentInput {
	return getEnvironmentInput{id: r.required("id", environmentIDShape)}
}

type listEnvironmentsInput struct {
	page     page
	provider *provider
	location *string
}

func readListEnvironments(r *reader) listEnvironmentsInput {
	return listEnvironmentsInput{
		page:     readPage(r),
		provider: readProvider(r),
		location: r.optional("location", locationShape),
	}
}

type listAttachPointsInput struct {
	environmentID string
	page          page
}

func readListAttachPoints(r *reader) listAttachPointsInput {
	return listAttachPointsInput{environmentID: r.required("environmentId", environmentIDShape), page: readPage(r)}
}

type tagResourceInput struct {
	arn  string
	tags map[string]string
}

func (in tagResourceInput) resource() string { return in.arn }

func readTagResource(r *reader) tagResourceInput {
	in := tagResourceInput{arn: r.required("arn", connectionARNShape), tags: readTags(r)}
	r.need("tags")
	return in
}

type untagResourceInput struct {
	arn  string
	keys []string
}

func (in untagResourceInput) resource() string { return in.arn }

func readUntagResource(r *reader) untagResourceInput {
	in := untagResourceInput{arn: r.required("arn", connectionARNShape), keys: r.strings("tagKeys", tagKeyShape)}
	r.need("tagKeys")
	return in
}

type listTagsInput struct{ arn string }

func (in listTagsInput) resource() string { return in.arn }

func readListTags(r *reader) listTagsInput {
	return listTagsInput{arn: r.required("arn", connectionARNShape)}
}
