package contract_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/smithy-go/encoding/cbor"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/conformance/contract"
)

type object = map[string]any

// message is a request and its reply, as documents.
type message struct {
	method, path string
	header       map[string]string
	request      object // nil: no body
	status       int
	reply        object
	replyHeader  map[string]string
	encode       func(object) []byte
	dropped      bool
}

func asJSON(v object) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

// asCBOR writes a document as CBOR.
func asCBOR(v object) []byte {
	var value func(v any) cbor.Value
	value = func(v any) cbor.Value {
		switch v := v.(type) {
		case string:
			return cbor.String(v)
		case int:
			return cbor.Uint(v)
		case bool:
			return cbor.Bool(v)
		case []any:
			out := cbor.List{}
			for _, item := range v {
				out = append(out, value(item))
			}
			return out
		case object:
			out := cbor.Map{}
			for k, item := range v {
				out[k] = value(item)
			}
			return out
		}
		return &cbor.Nil{}
	}
	return cbor.Encode(value(v))
}

// pass sends a message through a watch and returns what it says.
func pass(t *testing.T, rules contract.Rules, w *contract.Watch, m message) []contract.Violation {
	t.Helper()
	encode := m.encode
	if encode == nil {
		encode = asJSON
	}
	h := w.Front(rules, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if m.dropped {
			panic(http.ErrAbortHandler)
		}
		for k, v := range m.replyHeader {
			rw.Header().Set(k, v)
		}
		rw.WriteHeader(m.status)
		_, _ = rw.Write(encode(m.reply))
	}))
	var body string
	if m.request != nil {
		body = string(encode(m.request))
	}
	r := httptest.NewRequestWithContext(t.Context(), m.method, m.path, strings.NewReader(body))
	for k, v := range m.header {
		r.Header.Set(k, v)
	}
	func() {
		defer func() {
			if (recover() != nil) != m.dropped {
				t.Error("the watch is in the handler's way")
			}
		}()
		h.ServeHTTP(httptest.NewRecorder(), r)
	}()
	return w.Violations()
}

// with copies a document and changes the copy at a path; nil deletes.
func with(doc object, value any, path ...string) object {
	doc = maps.Clone(doc)
	if doc == nil {
		doc = object{}
	}
	switch below, _ := doc[path[0]].(object); {
	case len(path) > 1:
		doc[path[0]] = with(below, value, path[1:]...)
	case value == nil:
		delete(doc, path[0])
	default:
		doc[path[0]] = value
	}
	return doc
}

const sharedID = "6f1c1f6e-6d8a-4b7e-9c56-0f6b7a0d3c11"

func connection() object {
	return object{"connection": object{
		"id": "mcc-0000abcd", "arn": "arn:aws:interconnect:us-east-1:123456789012:connection/mcc-0000abcd", "description": "a link",
		"bandwidth": "1Gbps", "attachPoint": object{"directConnectGateway": sharedID}, "environmentId": "mce-aws-gcp-iad",
		"provider": object{"cloudServiceProvider": "gcp"}, "location": "us-east4", "type": "Multicloud", "state": "available",
		"sharedId": sharedID, "ownerAccount": "123456789012", "activationKey": "a key", "billingTier": 1, "tags": object{"a": "b"},
	}}
}

func getConnection() message {
	return message{
		method: http.MethodPost, path: "/", request: object{"identifier": "mcc-0000abcd"}, status: http.StatusOK, reply: connection(),
		header:      map[string]string{"X-Amz-Target": "Interconnect.GetConnection", "Content-Type": "application/x-amz-json-1.0"},
		replyHeader: map[string]string{"Content-Type": "application/x-amz-json-1.0", "X-Amzn-Requestid": "1"},
	}
}

func getConnectionCBOR() message {
	m := getConnection()
	m.path, m.encode = "/service/Interconnect/operation/GetConnection", asCBOR
	m.header = map[string]string{"Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}
	m.replyHeader = map[string]string{"Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor", "X-Amzn-Requestid": "1"}
	return m
}

func refusal(code string, status int) func(*message) {
	return func(m *message) { m.status, m.reply = status, object{"__type": code, "message": "no"} }
}

// change is a way to break a message.
type change func(*message)

func replyOf(value any, path ...string) change {
	return func(m *message) { m.reply = with(m.reply, value, path...) }
}

func requestOf(value any, path ...string) change {
	return func(m *message) { m.request = with(m.request, value, path...) }
}

func header(name, value string) change {
	return func(m *message) { m.header = maps.Clone(m.header); m.header[name] = value }
}

func replyHeader(name, value string) change {
	return func(m *message) { m.replyHeader = maps.Clone(m.replyHeader); m.replyHeader[name] = value }
}

func path(to string) change { return func(m *message) { m.path = to } }

// awsBreaches are ways to break a message of AWS, whatever its protocol, with
// what the watch has to say of each.
func awsBreaches() map[string]change {
	return map[string]change{
		`there is no member "colour"`:          replyOf("red", "connection", "colour"),
		`there is no member "connections"`:     replyOf("x", "connections"),
		`"arn" is required`:                    replyOf(nil, "connection", "arn"),
		`.id: does not match`:                  replyOf("mcc-0", "connection", "id"),
		`.state: is none of`:                   replyOf("asleep", "connection", "state"),
		`.billingTier: is a string`:            replyOf("1", "connection", "billingTier"),
		`.billingTier: is out of range`:        replyOf(99, "connection", "billingTier"),
		`.tags.a: is a number`:                 replyOf(1, "connection", "tags", "a"),
		`a union has one member, not 2`:        replyOf("at&t", "connection", "provider", "lastMileProvider"),
		`.attachPoint: is a string`:            replyOf("gateway", "connection", "attachPoint"),
		`.description: 0 characters`:           replyOf("", "connection", "description"),
		`.location: is null`:                   replyOf([]int(nil), "connection", "location"),
		`the content type is "text/plain"`:     replyHeader("Content-Type", "text/plain"),
		`there is no request id`:               replyHeader("X-Amzn-Requestid", ""),
		`the status is 202`:                    func(m *message) { m.status = http.StatusAccepted },
		`AccessDeniedException has the status`: refusal("AccessDeniedException", http.StatusNotFound),
		`no error is called "NoSuchThing"`:     refusal("NoSuchThing", http.StatusBadRequest),
		`Exception: "message" is required`:     func(m *message) { m.status, m.reply = 400, object{"__type": "InterconnectClientException"} },
		`"identifier" is required`:             requestOf(nil, "identifier"),
		`there is no member "id"`:              requestOf("x", "id"),
		`identifier: does not match`:           requestOf("mcc", "identifier"),
	}
}

func TestAWSModel(t *testing.T) {
	set := load(t)
	rules := set.AtAWS()
	json := awsBreaches()
	json[`no operation "GetEverything"`] = header("X-Amz-Target", "Interconnect.GetEverything")
	json[`the path is /x`] = path("/x")
	broken(t, rules, getConnection(), json)
	cbor := awsBreaches()
	cbor[`no operation "GetEverything"`] = path("/service/Interconnect/operation/GetEverything")
	cbor[`request POST /service/Interconnect/operation/GetConnection (200): Smithy-Protocol`] = header("Smithy-Protocol", "rpc-v3")
	cbor[`reply to POST /service/Interconnect/operation/GetConnection (200): Smithy-Protocol`] = replyHeader("Smithy-Protocol", "")
	broken(t, rules, getConnectionCBOR(), cbor)
	for _, c := range []change{
		refusal("InvalidSignatureException", http.StatusForbidden), refusal("com.amazonaws#ThrottlingException", http.StatusTooManyRequests),
		func(m *message) { m.dropped = true },
	} {
		m := getConnection()
		c(&m)
		if found := pass(t, rules, &contract.Watch{}, m); len(found) > 0 {
			t.Errorf("a good refusal: %v", found)
		}
	}
}

// load reads the contracts.
func load(t *testing.T) *contract.Set {
	t.Helper()
	set, err := contract.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// broken passes a good message, and then each way to break it.
func broken(t *testing.T, rules contract.Rules, good message, breaches map[string]change) {
	t.Helper()
	w := &contract.Watch{}
	if found := pass(t, rules, w, good); len(found) > 0 {
		t.Errorf("a good message: %v", found)
	}
	for _, c := range w.Counts() {
		if c.Requests != 1 || c.Replies != 1 {
			t.Errorf("counted: %+v", c)
		}
	}
	for want, breach := range breaches {
		m := good
		breach(&m)
		found := pass(t, rules, &contract.Watch{}, m)
		if len(found) == 0 || !strings.Contains(found[0].String(), want) {
			t.Errorf("%s: found %v", want, found)
		}
	}
}

func googleMessage(method, path string, request, reply object) message {
	return message{
		method: method, path: path, request: request, status: http.StatusOK, reply: reply,
		replyHeader: map[string]string{"Content-Type": "application/json; charset=UTF-8"},
	}
}

const parent = "/v1/projects/p/locations/us-east4/"

func TestDiscovery(t *testing.T) {
	set := load(t)
	rules := set.AtGoogle()
	transport := object{"name": "projects/p/locations/us-east4/transports/a", "state": "ACTIVE", "mtuLimit": 8896,
		"advertisedRoutes": []any{"10.0.0.0/8"}, "labels": object{"a": "b"}, "createTime": "2026-10-01T12:00:00.5Z"}
	get := googleMessage(http.MethodGet, parent+"transports/a?alt=json", nil, transport)
	broken(t, rules, get, map[string]change{
		`there is no field "colour"`:             replyOf("red", "colour"),
		`.state: is none of`:                     replyOf("ASLEEP", "state"),
		`.mtuLimit: is a string`:                 replyOf("8896", "mtuLimit"),
		`.mtuLimit: is no integer`:               replyOf(1.5, "mtuLimit"),
		`.labels.a: is a boolean`:                replyOf(true, "labels", "a"),
		`.advertisedRoutes: is a string`:         replyOf("10.0.0.0/8", "advertisedRoutes"),
		`.advertisedRoutes[0]: is a number`:      replyOf([]any{1}, "advertisedRoutes"),
		`.createTime: is no google-datetime`:     replyOf("yesterday", "createTime"),
		`the content type is "text/html"`:        replyHeader("Content-Type", "text/html"),
		`no method for GET /v1/projects/p/trans`: path("/v1/projects/p/transports/a"),
		`no query parameter "view"`:              path(parent + "transports/a?view=FULL"),
		`takes no body`:                          requestOf("x", "name"),
		`the code is not the status 404`: func(m *message) {
			m.status, m.reply = 404, object{"error": object{"code": 400, "message": "no", "status": "NOT_FOUND"}}
		},
		`there is no status`: func(m *message) { m.status, m.reply = 404, object{"error": object{"code": 404, "message": "no"}} },
		`under no contract`:  path("/v2/projects/p"),
	})
	create := googleMessage(http.MethodPost, parent+"transports?transportId=a", object{"network": "default", "bandwidth": "BPS_1G"}, object{
		"name": "projects/p/locations/us-east4/operations/o", "done": true,
		"metadata": object{"@type": "type.googleapis.com/google.cloud.networkconnectivity.v1.OperationMetadata", "verb": "create"},
		"response": with(transport, "type.googleapis.com/google.cloud.networkconnectivity.v1.Transport", "@type"),
	})
	broken(t, rules, create, map[string]change{
		`there is no field "speed"`:             requestOf("fast", "speed"),
		`.bandwidth: is none of`:                requestOf("1G", "bandwidth"),
		`.response: there is no field "speed"`:  replyOf("fast", "response", "speed"),
		`.response.state: is none of`:           replyOf("ASLEEP", "response", "state"),
		`.response: does not say its type`:      replyOf(nil, "response", "@type"),
		`no schema Transports`:                  replyOf("type.googleapis.com/google.cloud.networkconnectivity.v1.Transports", "response", "@type"),
		`.metadata: there is no field "colour"`: replyOf("red", "metadata", "colour"),
		`either an error or a response`:         replyOf(nil, "response"),
		`an empty message has`:                  replyOf("type.googleapis.com/google.protobuf.Empty", "response", "@type"),
	})
	broken(t, rules, googleMessage(http.MethodGet, parent+"transports?pageSize=2", nil, object{}), map[string]change{
		"pageSize: is no integer int32": path(parent + "transports?pageSize=two"),
		"is given 2 times":              path(parent + "transports?pageSize=2&pageSize=3"),
	})
}

func TestCompute(t *testing.T) {
	rules := load(t).AtGoogle()
	const networks = "/compute/v1/projects/p/global/networks"
	insert := googleMessage(http.MethodPost, networks, object{"name": "n", "autoCreateSubnetworks": false},
		object{"kind": "compute#operation", "id": "123", "status": "RUNNING", "progress": 0})
	failed := func(status int, reason object) change {
		return func(m *message) {
			m.status, m.reply = status, object{"error": object{"code": status, "message": "no", "errors": []any{reason}}}
		}
	}
	broken(t, rules, insert, map[string]change{
		`.name: does not match`:               requestOf("N", "name"),
		`.autoCreateSubnetworks: is a string`: requestOf("no", "autoCreateSubnetworks"),
		`.id: is a number`:                    replyOf(123, "id"),
		`.id: is no uint64`:                   replyOf("-1", "id"),
		`path parameter project: does not`:    path(strings.Replace(networks, "/p/", "/P_/", 1)),
		`has no domain or no reason`:          failed(http.StatusConflict, object{"message": "no"}),
	})
	m := insert
	failed(http.StatusConflict, object{"domain": "global", "reason": "alreadyExists", "message": "no"})(&m)
	if found := pass(t, rules, &contract.Watch{}, m); len(found) > 0 {
		t.Errorf("a good refusal: %v", found)
	}
}

func TestBeta(t *testing.T) {
	rules := load(t).AtGoogle()
	at := strings.Replace(parent, "v1", "v1beta", 1)
	status := googleMessage(http.MethodGet, at+"transports/a:getStatus?skipCache=true", nil, object{"overallStatus": "ACTIVE"})
	broken(t, rules, status, map[string]change{
		`unknown field "colour"`:                  replyOf("red", "colour"),
		`invalid value for enum`:                  replyOf("ASLEEP", "overallStatus"),
		`no query parameter "fresh"`:              path(at + "transports/a:getStatus?fresh=true"),
		`no method for GET /v1beta/projects/p/lo`: path(at + "transports/a:getEverything"),
		`takes no body`:                           requestOf("x", "name"),
		`the status is 204`:                       func(m *message) { m.status = http.StatusNoContent },
	})
	create := googleMessage(http.MethodPost, at+"transports?transportId=a&requestId="+sharedID, object{"adminEnabled": true},
		object{"name": "operations/o", "done": true, "response": object{"@type": "type.googleapis.com/google.cloud.networkconnectivity.v1beta.Transport", "adminEnabled": true}})
	broken(t, rules, create, map[string]change{
		`Transport: `: requestOf("yes", "adminEnabled"),
		`Operation: `: replyOf("yes", "response", "adminEnabled"),
	})
	broken(t, rules, googleMessage(http.MethodGet, at+"operations/o", nil, object{"name": "operations/o"}), map[string]change{`unknown field "status"`: replyOf("x", "status")})
}

func TestCoordinator(t *testing.T) {
	set := load(t)
	rules := set.Between()
	m := message{
		method: http.MethodPost, path: "/providers/gcp/environments/e/ConfirmActivationKey", request: object{"encodedKey": "YSBrZXk="},
		status: http.StatusOK, reply: object{"keyValid": true},
		header: map[string]string{"Content-Type": "application/json"}, replyHeader: map[string]string{"Content-Type": "application/json"},
	}
	broken(t, rules, m, map[string]change{
		`keyValid`:                          replyOf("yes", "keyValid"),
		`no operation for POST /everything`: path("/everything"),
		`encodedKey`:                        requestOf(7, "encodedKey"),
		`there is no member "encodedkey"`:   requestOf("YSBrZXk=", "encodedkey"),
		`there is no member "keyValidity"`:  replyOf(true, "keyValidity"),
	})
	if len(set.Coordinator.Paths) < 30 {
		t.Errorf("the document has %d operations", len(set.Coordinator.Paths))
	}
}

// What is wrong on purpose has to be refused, and what is known is no violation.
func TestRules(t *testing.T) {
	set := load(t)
	rules := set.AtAWS()
	rules.Provoking = true
	m := getConnection()
	m.request = object{"identifier": "nonsense"}
	if found := pass(t, rules, &contract.Watch{}, m); len(found) != 1 {
		t.Errorf("a bad request was answered: %v", found)
	}
	refusal("InterconnectValidationException", http.StatusBadRequest)(&m)
	w := &contract.Watch{}
	if found := pass(t, rules, w, m); len(found) > 0 || w.Counts()[set.AWS.Name()].Refused != 1 {
		t.Errorf("a bad request was refused: %v, %+v", found, w.Counts())
	}
	w = &contract.Watch{Departures: []contract.Departure{{Contract: set.AWS.Name(), Problem: `"activationKey" is required`, Why: "seen"}}}
	m = getConnection()
	m.reply = with(m.reply, nil, "connection", "activationKey")
	if found := pass(t, rules, w, m); len(found) > 0 || w.Counts()[set.AWS.Name()].Departures != 1 {
		t.Errorf("a known departure: %v", found)
	}
	m.reply = with(m.reply, nil, "connection", "arn")
	told := 0
	w.Report = func(contract.Violation) { told++ }
	if found := pass(t, rules, w, m); len(found) != 1 || told != 1 || !strings.Contains(w.Summary(), "violations: 1") {
		t.Errorf("another one: %v, %d\n%s", found, told, w.Summary())
	}
}
