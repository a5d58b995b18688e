package aws

// State is the state of a connection (AWS service model, ConnectionState).
type State string

// The states of a connection. StateNone is before and after all of them.
const (
	StateNone      State = ""
	StateRequested State = "requested"
	StatePending   State = "pending"
	StateAvailable State = "available"
	StateUpdating  State = "updating"
	StateDown      State = "down"
	StateDeleting  State = "deleting"
	StateDeleted   State = "deleted"
	StateFailed    State = "failed"
)

// EnvironmentState says whether an environment takes new connections (AWS
// service model, EnvironmentState).
type EnvironmentState string

// The states of an environment.
const (
	EnvironmentAvailable   EnvironmentState = "available"
	EnvironmentLimited     EnvironmentState = "limited"
	EnvironmentUnavailable EnvironmentState = "unavailable"
)

// reply is an operation's output.
type reply interface{ document() document }

// identified is an input or output that names the resource it is about.
type identified interface{ resource() string }

// empty is an output without members.
type empty struct{}

func (empty) document() document { return document{} }

// provider is the union Provider.
type provider struct {
	name     string
	lastMile bool
}

func (p provider) document() document {
	if p.lastMile {
		return document{"lastMileProvider": p.name}
	}
	return document{"cloudServiceProvider": p.name}
}

// connectionDetail is a Connection as it is at one moment.
type connectionDetail struct {
	id, arn       string
	description   string
	bandwidth     string
	gateway       string
	environmentID string
	provider      provider
	location      string
	product       string
	state         State
	sharedID      string
	billingTier   int // 0: not shown
	owner         string
	activationKey string // empty: not shown
	tags          map[string]string
}

// summary is the ConnectionSummary: a Connection without owner, key and tags.
func (d connectionDetail) summary() document {
	doc := document{
		"id":            d.id,
		"arn":           d.arn,
		"description":   d.description,
		"bandwidth":     d.bandwidth,
		"attachPoint":   document{"directConnectGateway": d.gateway},
		"environmentId": d.environmentID,
		"provider":      d.provider.document(),
		"location":      d.location,
		"type":          d.product,
		"state":         string(d.state),
		"sharedId":      d.sharedID,
	}
	if d.billingTier != 0 {
		doc["billingTier"] = int64(d.billingTier)
	}
	return doc
}

func (d connectionDetail) document() document {
	doc := d.summary()
	doc["ownerAccount"] = d.owner
	doc["tags"] = stringDocument(d.tags)
	if d.activationKey != "" {
		doc["activationKey"] = d.activationKey
	}
	return document{"connection": doc}
}

func (d connectionDetail) resource() string { return d.id }

// listing is the output of a list operation.
type listing struct {
	member    string
	items     []any
	nextToken string
}

func (l listing) document() document {
	doc := document{l.member: l.items}
	if l.nextToken != "" {
		doc["nextToken"] = l.nextToken
	}
	return doc
}

// newListing turns items into the documents of a listing.
func newListing[T any](member string, items []T, nextToken string, doc func(T) document) listing {
	l := listing{member: member, items: make([]any, 0, len(items)), nextToken: nextToken}
	for _, item := range items {
		l.items = append(l.items, doc(item))
	}
	return l
}

// proposal is what DescribeConnectionProposal tells: these four and no more.
type proposal struct {
	bandwidth     string
	environmentID string
	provider      provider
	location      string
}

func (p proposal) document() document {
	return document{
		"bandwidth":     p.bandwidth,
		"environmentId": p.environmentID,
		"provider":      p.provider.document(),
		"location":      p.location,
	}
}

// environmentDetail is an Environment as it is at one moment.
type environmentDetail struct {
	id                   string
	provider             provider
	location             string
	product              string
	state                EnvironmentState
	available, supported []string
	activationPageURL    string
	remoteIdentifier     RemoteIdentifierType
}

func (e environmentDetail) fields() document {
	doc := document{
		"environmentId": e.id,
		"provider":      e.provider.document(),
		"location":      e.location,
		"type":          e.product,
		"state":         string(e.state),
		"bandwidths":    document{"available": anyList(e.available), "supported": anyList(e.supported)},
	}
	if e.activationPageURL != "" {
		doc["activationPageUrl"] = e.activationPageURL
	}
	if e.remoteIdentifier != RemoteIdentifierNone {
		doc["remoteIdentifierType"] = string(e.remoteIdentifier)
	}
	return doc
}

func (e environmentDetail) document() document { return document{"environment": e.fields()} }

// tagListing is the output of ListTagsForResource.
type tagListing struct{ tags map[string]string }

func (t tagListing) document() document { return document{"tags": stringDocument(t.tags)} }

func stringDocument(m map[string]string) document {
	doc := make(document, len(m))
	for k, v := range m {
		doc[k] = v
	}
	return doc
}

func anyList(values []string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}
