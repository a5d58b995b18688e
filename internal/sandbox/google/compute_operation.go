package google

import (
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
	kind     string // insert, patch or delete
	target   networkRef
	targetID uint64
	client   string // the caller's request id
	inserted time.Time
	ended    time.Time
	failure  *computeFailure
	finished chan struct{}
}

// computeFailure is how a Compute Engine operation fails.
type computeFailure struct {
	code, message string
	http          int
}

// startCompute makes a running operation on a network, whose work is done after
// Timing.Operation. The lock is held here and during work.
func (c *Cloud) startCompute(kind string, n *network, requestID string, work func() *computeFailure) *computeOperation {
	op := &computeOperation{
		project: n.ref.project, name: c.operationID(), id: c.number(), kind: kind,
		target: n.ref, targetID: n.id, client: requestID, inserted: c.now(), finished: make(chan struct{}),
	}
	c.computeOperations[op.fullName()] = op
	if key := requestKey(kind, n.ref.project.id, requestID); key != "" {
		c.computeRequests.keep(c.now(), key, op)
	}
	c.after(c.cfg.Timing.Operation, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		op.failure = work()
		op.ended = c.now()
		close(op.finished)
	})
	return op
}

// fullName is the operation's name with its project.
func (op *computeOperation) fullName() string {
	return "projects/" + op.project.id + "/global/operations/" + op.name
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
	HTTPStatus        int                  `json:"httpErrorStatusCode,omitempty"`
	HTTPMessage       string               `json:"httpErrorMessage,omitempty"`
	InsertTime        string               `json:"insertTime"`
	StartTime         string               `json:"startTime"`
	EndTime           string               `json:"endTime,omitempty"`
	SelfLink          string               `json:"selfLink"`
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
	if f := op.failure; f != nil {
		r.Error = &computeOperationErr{Errors: []computeOperationErrItem{{Code: f.code, Message: f.message}}}
		r.HTTPStatus, r.HTTPMessage = f.http, strings.ToUpper(http.StatusText(f.http))
	}
	return r
}

// computeOperation finds the operation that a call names. The lock is held.
func (c *Cloud) computeOperation(k *call) (*computeOperation, *apiError) {
	name := global("operations")(k)
	if op, ok := c.computeOperations[name]; ok {
		return op, nil
	}
	return nil, computeMissing(name)
}

// getComputeOperation answers globalOperations.get.
func (c *Cloud) getComputeOperation(k *call) (any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	op, fail := c.computeOperation(k)
	if fail != nil {
		return nil, fail
	}
	return op.resource(), nil
}

// waitComputeOperation answers globalOperations.wait: it blocks until the
// operation is done, for two minutes at most, and may answer with one that is
// not.
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

// listComputeOperations answers globalOperations.list.
func (c *Cloud) listComputeOperations(k *call) (any, *apiError) {
	l, fail := readListing(k.query, global("operations")(k), "maxResults", maxResults, "name", "operationType", "status", "targetLink")
	if fail != nil {
		return nil, fail
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []computeOperationResource
	for _, op := range c.computeOperations {
		if op.project == k.project {
			all = append(all, op.resource())
		}
	}
	ops, next := page(l, all, func(r computeOperationResource) string { return r.Name }, computeOperationResource.field)
	return computeList[computeOperationResource]{
		Kind: "compute#operationList", ID: global("operations")(k), Items: ops,
		NextPageToken: next, SelfLink: computeRoot + global("operations")(k),
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
