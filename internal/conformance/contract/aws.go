package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
)

// AWS is a service model as AWS publishes it, for services that speak AWS JSON
// or RPCv2-CBOR.
type AWS struct {
	name  string
	model awsModel
}

// The service model, as far as messages go.
type (
	awsModel struct {
		Metadata struct {
			JSONVersion, ServiceID, TargetPrefix string
		}
		Operations map[string]awsOperation
		Shapes     map[string]*awsShape
	}
	awsOperation struct {
		Input, Output awsRef
		Errors        []awsRef
	}
	awsRef struct{ Shape string }
)

// LoadAWS reads a service model from a file.
func LoadAWS(path string) (*AWS, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading a service model: %w", err)
	}
	c := &AWS{}
	if err := json.Unmarshal(raw, &c.model); err != nil {
		return nil, fmt.Errorf("reading the service model %s: %w", path, err)
	}
	c.name = "AWS service model of " + c.model.Metadata.ServiceID
	for name, s := range c.model.Shapes {
		if err := s.compile(); err != nil {
			return nil, fmt.Errorf("reading shape %s of %s: %w", name, path, err)
		}
	}
	return c, nil
}

// Name names the contract.
func (c *AWS) Name() string { return c.name }

// Protocols of a call.
const (
	protocolJSON = "json"
	protocolCBOR = "cbor"
)

// named is the operation that a request names, and its protocol.
func (c *AWS) named(x *Exchange) (operation, protocol string) {
	if name, ok := strings.CutPrefix(x.Header.Get("X-Amz-Target"), c.model.Metadata.TargetPrefix+"."); ok {
		return name, protocolJSON
	}
	if name, ok := strings.CutPrefix(x.URL.Path, "/service/"+c.model.Metadata.TargetPrefix+"/operation/"); ok {
		return name, protocolCBOR
	}
	return "", ""
}

// Claims says whether the request is for the service.
func (c *AWS) Claims(x *Exchange) bool {
	_, protocol := c.named(x)
	return protocol != ""
}

// Operation finds the operation.
func (c *AWS) Operation(x *Exchange) (Operation, error) {
	name, protocol := c.named(x)
	op, ok := c.model.Operations[name]
	if !ok {
		return nil, fmt.Errorf("the model has no operation %q", name)
	}
	return awsCall{c.model, name, op, wireOf(protocol, c.model.Metadata.JSONVersion)}, nil
}

// awsCall is one operation in one protocol.
type awsCall struct {
	model awsModel
	name  string
	op    awsOperation
	wire  awsWire
}

// Name is the operation's name with the protocol.
func (c awsCall) Name() string { return c.name + " (" + c.wire.protocol + ")" }

// Request holds the input to its shape.
func (c awsCall) Request(x *Exchange) []string {
	var p problems
	if x.Method != http.MethodPost {
		p.add("", "the method is %s, not POST", x.Method)
	}
	if c.wire.protocol == protocolJSON && x.URL.Path != "/" {
		p.add("", "the path is %s, not /", x.URL.Path)
	}
	if c.wire.protocol == protocolCBOR && x.Header.Get("Smithy-Protocol") != "rpc-v2-cbor" {
		p.add("", "Smithy-Protocol is %q", x.Header.Get("Smithy-Protocol"))
	}
	c.wire.media(&p, x.Header)
	c.body(&p, c.op.Input.Shape, x.Body)
	return p.found
}

// Reply holds the output, or the error, to its shape.
func (c awsCall) Reply(x *Exchange) []string {
	var p problems
	c.wire.media(&p, x.ReplyHeader)
	if x.ReplyHeader.Get("X-Amzn-Requestid") == "" {
		p.add("", "there is no request id")
	}
	if c.wire.protocol == protocolCBOR && x.ReplyHeader.Get("Smithy-Protocol") != "rpc-v2-cbor" {
		p.add("", "Smithy-Protocol is %q", x.ReplyHeader.Get("Smithy-Protocol"))
	}
	switch {
	case x.Status == http.StatusOK:
		c.body(&p, c.op.Output.Shape, x.Reply)
	case x.refused():
		c.refusal(&p, x)
	default:
		p.add("", "the status is %d", x.Status)
	}
	return p.found
}

// body holds a body to a shape; an operation without one has an empty document.
func (c awsCall) body(p *problems, shape string, raw []byte) {
	v, err := c.wire.decode(raw)
	switch {
	case err != nil:
		p.add("", "the body cannot be read: %v", err)
	case shape == "":
		p.members("", v, nil)
	default:
		c.model.check(p, shape, shape, v)
	}
}

// commonErrors are the statuses of errors that a service answers before the
// operation runs, which no service model lists (AWS General Reference, common
// errors; Smithy's protocols).
func commonErrors() map[string][]int {
	denied := []int{http.StatusForbidden}
	return map[string][]int{
		"InvalidSignatureException":           denied,
		"UnrecognizedClientException":         denied,
		"IncompleteSignatureException":        denied,
		"MissingAuthenticationTokenException": denied,
		"ExpiredTokenException":               denied,
		"SerializationException":              {http.StatusBadRequest},
		"UnknownOperationException":           {http.StatusBadRequest, http.StatusNotFound},
		"RequestEntityTooLargeException":      {http.StatusRequestEntityTooLarge},
	}
}

// refusal holds an error to the operation's.
func (c awsCall) refusal(p *problems, x *Exchange) {
	v, err := c.wire.decode(x.Reply)
	doc, ok := v.(map[string]any)
	if err != nil || !ok {
		p.add("", "the error cannot be read: %v", err)
		return
	}
	text, _ := doc["__type"].(string)
	code := text[strings.LastIndex(text, "#")+1:]
	if shape, ok := c.model.Shapes[code]; ok && shape.Exception {
		if !slices.Contains(c.op.Errors, awsRef{code}) {
			p.add("", "the operation does not list %s", code)
		}
		if x.Status != shape.Error.HTTPStatusCode {
			p.add("", "%s has the status %d, not %d", code, x.Status, shape.Error.HTTPStatusCode)
		}
		delete(doc, "__type")
		c.model.check(p, code, code, doc)
		return
	}
	if !slices.Contains(commonErrors()[code], x.Status) {
		p.add("", "no error is called %q and has the status %d", code, x.Status)
	}
	if message, ok := doc["message"].(string); !ok || message == "" {
		p.add("", "%s has no message", code)
	}
}
