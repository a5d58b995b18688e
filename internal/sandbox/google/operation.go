package google

import (
	"encoding/json"
	"time"
)

// operation is a long-running operation of Network Connectivity
// (google.longrunning.Operation). The lock guards it.
type operation struct {
	name    string
	version version
	target  string
	verb    string // create, update or delete
	created time.Time
	ended   time.Time
	done    bool
	// failure and response are what a done operation carries: one of them.
	failure  *apiError
	response json.RawMessage
	// cancelAsked says that somebody asked to cancel it; cancellable that its
	// work so far can be undone.
	cancelAsked, cancellable bool
	// forgotten: it was deleted by its caller. Its work goes on.
	forgotten bool
}

// emptyType is the type URL of a deletion's response.
const emptyType = "type.googleapis.com/google.protobuf.Empty"

// start makes a running operation on a resource below parent. The lock is held.
func (c *Cloud) start(verb string, v version, parent, target string) *operation {
	op := &operation{
		name:    parent + "/operations/" + c.operationID(),
		version: v, target: target, verb: verb, created: c.now(),
	}
	c.operations[op.name] = op
	return op
}

// startOn makes a running operation on a transport. The lock is held.
func (c *Cloud) startOn(t *transport, verb string, v version) *operation {
	t.working = c.start(verb, v, t.parent(), t.name())
	return t.working
}

// finish ends the operation that works on t. The lock is held.
func (c *Cloud) finish(t *transport, op *operation, fail *apiError, response any) {
	if t.working == op {
		t.working = nil
	}
	c.end(op, fail, response)
}

// end ends an operation with a failure or, when there is none, with a response.
// One that has ended already stays as it is. The lock is held.
func (c *Cloud) end(op *operation, fail *apiError, response any) {
	if op.done {
		return
	}
	op.done, op.ended, op.failure, op.cancellable = true, c.now(), fail, false
	if fail == nil {
		op.response = encodeJSON(response)
	}
}

// undo ends an operation on a transport whose work can be undone. The lock is
// held.
func (c *Cloud) undo(op *operation) {
	t, ok := c.transports[op.target]
	if !ok || t.working != op {
		return
	}
	fail := refuse(cancelled, "The operation was cancelled.")
	if op.verb == "create" {
		c.failCreate(t, op, fail)
		return
	}
	c.finish(t, op, fail, nil)
}

// operationResource is the operation on the wire. done is absent while it runs,
// as recorded.
type operationResource struct {
	Name     string            `json:"name"`
	Metadata operationMetadata `json:"metadata"`
	Done     bool              `json:"done,omitempty"`
	Error    *rpcStatus        `json:"error,omitempty"`
	Response json.RawMessage   `json:"response,omitempty"`
}

type operationMetadata struct {
	Type                  string `json:"@type"`
	APIVersion            string `json:"apiVersion"`
	CreateTime            string `json:"createTime"`
	EndTime               string `json:"endTime,omitempty"`
	RequestedCancellation bool   `json:"requestedCancellation"`
	Target                string `json:"target"`
	Verb                  string `json:"verb"`
}

// emptyResponse is the response of a deletion.
type emptyResponse struct {
	Type string `json:"@type"`
}

// resource writes the operation as it stands. The lock is held.
func (op *operation) resource() operationResource {
	r := operationResource{
		Name: op.name,
		Metadata: operationMetadata{
			Type: op.version.typeURL("OperationMetadata"), APIVersion: string(op.version),
			CreateTime: stamp(op.created), EndTime: stamp(op.ended),
			RequestedCancellation: op.cancelAsked, Target: op.target, Verb: op.verb,
		},
		Done: op.done, Response: op.response,
	}
	if op.failure != nil {
		r.Error = op.failure.rpc()
	}
	return r
}

// getOperation answers operations.get.
func (c *Cloud) getOperation(k *call) (any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	op, fail := c.operation(k)
	if fail != nil {
		return nil, fail
	}
	return op.resource(), nil
}

// operation finds the operation that a call names. The lock is held.
func (c *Cloud) operation(k *call) (*operation, *apiError) {
	name := named("operations")(k)
	if op, ok := c.operations[name]; ok && !op.forgotten {
		return op, nil
	}
	return nil, missing(name)
}

// listOperations answers operations.list.
func (c *Cloud) listOperations(k *call) (any, *apiError) {
	if k.query.Get("returnPartialSuccess") == "true" {
		return nil, refuse(unimplemented, "return_partial_success is not supported.")
	}
	l, fail := readListing(k.query, k.parent()+"/operations", "pageSize", maxPage, "name", "done")
	if fail != nil {
		return nil, fail
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []*operation
	for name, op := range c.operations {
		if k.holds(name) && !op.forgotten {
			all = append(all, op)
		}
	}
	ops, next := page(l, all, func(op *operation) string { return op.name }, func(op *operation, field string) string {
		switch {
		case field == "name":
			return op.name
		case op.done:
			return "true"
		}
		return "false"
	})
	var answer struct {
		Operations    []operationResource `json:"operations,omitempty"`
		NextPageToken string              `json:"nextPageToken,omitempty"`
	}
	answer.NextPageToken = next
	for _, op := range ops {
		answer.Operations = append(answer.Operations, op.resource())
	}
	return answer, nil
}

// cancelOperation answers operations.cancel: a best effort, as documented. What
// has gone too far to be undone runs on, and says that it was asked.
func (c *Cloud) cancelOperation(k *call) (any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	op, fail := c.operation(k)
	if fail != nil {
		return nil, fail
	}
	if !op.done {
		op.cancelAsked = true
		if op.cancellable {
			c.undo(op)
		}
	}
	return empty{}, nil
}

// deleteOperation answers operations.delete: the operation is forgotten, its
// work goes on.
func (c *Cloud) deleteOperation(k *call) (any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	op, fail := c.operation(k)
	if fail != nil {
		return nil, fail
	}
	op.forgotten = true
	return empty{}, nil
}
