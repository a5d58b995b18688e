package google

import (
	"cmp"
	"net/http"
	"strings"
	"time"
)

// computeRoot begins the URLs that Compute Engine writes about itself.
const computeRoot = "https://www.googleapis.com/compute/v1/"

// maxWait is how long globalOperations.wait blocks at most (discovery document:
// two minutes).
const maxWait = 2 * time.Minute

// computeUser is the principal that Compute Engine names in operations.
const computeUser = "sandbox@sandbox.iam.gserviceaccount.com"

// computeOperation is a long-running operation of Compute Engine. The lock
// guards it; finished is closed when it is done.
type computeOperation struct {
	project  project
	name     string
	id       uint64
	kind     string // insert, patch, delete, addPeering, updatePeering or removePeering
	region   string // empty for a global operation
	target   networkRef
	targetID uint64
	client   string // the caller's request id
	inserted time.Time
	ended    time.Time
	edit     networkEdit
	failure  *computeFailure
	warning  string
	finished chan struct{}
}

// networkEdit is what an operation does to its network.
type networkEdit struct {
	mtu     int    // bytes; 0 leaves it
	routing string // empty leaves it
	// peering is what the one it is about is going to be, or was.
	peering *peering
}

// computeFailure is how a Compute Engine operation fails.
type computeFailure struct {
	code, message string
	http          int
}

// startCompute makes a running operation on a network, whose work is done after
// Timing.Operation. The lock is held.
func (c *Cloud) startCompute(kind string, n *network, requestID string, edit networkEdit) *computeOperation {
	op := &computeOperation{
		project: n.ref.project, name: c.operationID(), id: c.number(), kind: kind,
		target: n.ref, targetID: n.id, client: requestID, inserted: c.now(), edit: edit, finished: make(chan struct{}),
	}
	c.computeOperations[op.fullName()] = op
	if key := requestKey(kind, n.ref.project.id, requestID); key != "" {
		c.computeRequests.keep(c.now(), key, op)
	}
	c.after(c.cfg.Timing.Operation, step{do: endTheCompute, compute: op})
	return op
}

// finishCompute does an operation's work and ends it.
func (c *Cloud) finishCompute(op *computeOperation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	op.failure = c.changeOf(op)
	op.ended = c.now()
	close(op.finished)
}

// changeOf does an operation's work. The lock is held.
func (c *Cloud) changeOf(op *computeOperation) *computeFailure {
	n, ok := c.networks[op.target.String()]
	if !ok || n.id != op.targetID {
		return &computeFailure{code: "RESOURCE_NOT_FOUND", message: computeMissing(op.target.String()).message, http: http.StatusNotFound}
	}
	switch op.kind {
	case "insert":
		n.ready = true
	case "patch":
		n.mtu = cmp.Or(op.edit.mtu, n.mtu)
		n.routing = cmp.Or(op.edit.routing, n.routing)
	case "delete":
		return c.removeNetwork(n)
	default:
		return c.changePeering(op, n)
	}
	return nil
}

// fullName is the operation's name with its project.
func (op *computeOperation) fullName() string {
	return "projects/" + op.project.id + "/" + scope(op.region) + "/operations/" + op.name
}

// computeOperationResource is the operation on the wire (discovery document,
// compute v1 Operation).
type computeOperationResource struct {
	Kind              string               `json:"kind"`
	ID                uint64               `json:"id,string"`
	Name              string               `json:"name"`
	ClientOperationID string               `json:"clientOperationId,omitempty"`
	OperationType     string               `json:"operationType"`
	TargetLink        string               `json:"targetLink"`
	TargetID          uint64               `json:"targetId,string"`
	Status            string               `json:"status"`
	User              string               `json:"user"`
	Progress          int                  `json:"progress"`
	Error             *computeOperationErr `json:"error,omitempty"`
	Warnings          []computeWarning     `json:"warnings,omitempty"`
	HTTPStatus        int                  `json:"httpErrorStatusCode,omitempty"`
	HTTPMessage       string               `json:"httpErrorMessage,omitempty"`
	InsertTime        string               `json:"insertTime"`
	StartTime         string               `json:"startTime"`
	EndTime           string               `json:"endTime,omitempty"`
	SelfLink          string               `json:"selfLink"`
}

// computeWarning is a warning of an operation (discovery document, compute v1
// Operation.warnings).
type computeWarning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

type computeOperationErr struct {
	Errors []computeOperationErrItem `json:"errors"`
}

type computeOperationErrItem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// resource writes the operation as it stands. The lock is held.
func (op *computeOperation) resource() computeOperationResource {
	r := computeOperationResource{
		Kind: "compute#operation", ID: op.id, Name: op.name, ClientOperationID: op.client, OperationType: op.kind,
		TargetLink: computeRoot + op.target.String(), TargetID: op.targetID,
		Status: "RUNNING", User: computeUser,
		InsertTime: computeStamp(op.inserted), StartTime: computeStamp(op.inserted), EndTime: computeStamp(op.ended),
		SelfLink: computeRoot + op.fullName(),
	}
	if !op.ended.IsZero() {
		r.Status, r.Progress = "DONE", 100
	}
	if op.warning != "" {
		r.Warnings = []computeWarning{{Code: "NOT_CRITICAL_ERROR", Message: op.warning}}
	}
	if f := op.failure; f != nil {
		r.Error = &computeOperationErr{Errors: []computeOperationErrItem{{Code: f.code, Message: f.message}}}
		r.HTTPStatus, r.HTTPMessage = f.http, strings.ToUpper(http.StatusText(f.http))
	}
	return r
}

// computeOperation finds the operation that a call names. The lock is held.
func (c *Cloud) computeOperation(k *call) (*computeOperation, *apiError) {
	name := scoped("operations")(k)
	if op, ok := c.computeOperations[name]; ok {
		return op, nil
	}
	return nil, computeMissing(name)
}

// getComputeOperation answers globalOperations.get and regionOperations.get.
func (c *Cloud) getComputeOperation(k *call) (any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	op, fail := c.computeOperation(k)
	if fail != nil {
		return nil, fail
	}
	return op.resource(), nil
}

// waitComputeOperation answers globalOperations.wait and regionOperations.wait:
// it blocks until the operation is done, for two minutes at most, and may answer
// with one that is not.
func (c *Cloud) waitComputeOperation(k *call) (any, *apiError) {
	c.mu.Lock()
	op, fail := c.computeOperation(k)
	c.mu.Unlock()
	if fail != nil {
		return nil, fail
	}
	late := make(chan struct{})
	stop := c.cfg.Clock.AfterFunc(maxWait, func() { close(late) })
	defer stop()
	select {
	case <-op.finished:
	case <-late:
	case <-k.ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return op.resource(), nil
}

// listComputeOperations answers globalOperations.list and regionOperations.list.
func (c *Cloud) listComputeOperations(k *call) (any, *apiError) {
	l, fail := readListing(k.query, scoped("operations")(k), "maxResults", maxResults, "name", "operationType", "status", "targetLink")
	if fail != nil {
		return nil, fail
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []computeOperationResource
	for _, op := range c.computeOperations {
		if op.project == k.project && op.region == k.location {
			all = append(all, op.resource())
		}
	}
	ops, next := page(l, all, func(r computeOperationResource) string { return r.Name }, computeOperationResource.field)
	return computeList[computeOperationResource]{
		Kind: "compute#operationList", ID: scoped("operations")(k), Items: ops,
		NextPageToken: next, SelfLink: computeRoot + scoped("operations")(k),
	}, nil
}

// field reads the fields that a filter may name.
func (r computeOperationResource) field(name string) string {
	switch name {
	case "operationType":
		return r.OperationType
	case "status":
		return r.Status
	case "targetLink":
		return r.TargetLink
	}
	return r.Name
}

// computeList is a list of Compute Engine on the wire.
type computeList[T any] struct {
	Kind          string `json:"kind"`
	ID            string `json:"id"`
	Items         []T    `json:"items,omitempty"`
	NextPageToken string `json:"nextPageToken,omitempty"`
	SelfLink      string `json:"selfLink"`
}
