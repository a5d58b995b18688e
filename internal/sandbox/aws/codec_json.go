package aws

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// codec turns the bytes of one wire protocol into documents and back.
type codec interface {
	// header is what every reply carries: the media type, and what the
	// protocol calls itself if it does.
	header() map[string]string
	// decode reads a request's body.
	decode(body []byte) (document, error)
	// encode writes an operation's output.
	encode(operation, requestID string, doc document) ([]byte, error)
	// encodeError writes a refusal.
	encodeError(requestID string, e *Error) ([]byte, error)
	// authError is the protocol's refusal of a failed authentication.
	authError(f *authFailure) *Error
}

// jsonCodec is AWS JSON in one of its versions.
type jsonCodec struct{ version string }

func (j jsonCodec) header() map[string]string {
	return map[string]string{"Content-Type": "application/x-amz-json-" + j.version}
}

// decode reads a JSON object; an empty body counts as {}.
func (jsonCodec) decode(body []byte) (document, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return document{}, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, serializationError("the body is not JSON")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, serializationError("the body holds more than one JSON value")
	}
	doc, ok := v.(document)
	if !ok {
		return nil, serializationError("the body is not a JSON object")
	}
	return doc, nil
}

func (jsonCodec) encode(_, _ string, doc document) ([]byte, error) { return json.Marshal(doc) }

func (jsonCodec) encodeError(_ string, e *Error) ([]byte, error) {
	return json.Marshal(document{"__type": e.Code, "message": e.Message})
}

func (jsonCodec) authError(f *authFailure) *Error { return jsonAuthError(f) }

// jsonAuthError is a failed authentication as services of AWS JSON and of
// RPCv2-CBOR name it.
func jsonAuthError(f *authFailure) *Error {
	return &Error{Status: http.StatusForbidden, Message: f.message, Code: map[authProblem]string{
		authMissing:    "MissingAuthenticationTokenException",
		authIncomplete: "IncompleteSignatureException",
		authUnknown:    "UnrecognizedClientException",
		authMismatch:   "InvalidSignatureException",
	}[f.problem]}
}
