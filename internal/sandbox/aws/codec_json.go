package aws

import (
	"bytes"
	"encoding/json"
	"io"
)

// codec turns the bytes of one wire protocol into documents and back.
type codec interface {
	// contentType is the media type of replies.
	contentType() string
	// decode reads a request's body.
	decode(body []byte) (document, error)
	// encode writes an operation's output.
	encode(operation, requestID string, doc document) ([]byte, error)
	// encodeError writes a refusal.
	encodeError(requestID string, e *Error) ([]byte, error)
	// authCode is the protocol's name for a failed authentication.
	authCode(p authProblem) string
}

// jsonCodec is AWS JSON in one of its versions.
type jsonCodec struct{ version string }

func (j jsonCodec) contentType() string { return "application/x-amz-json-" + j.version }

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

func (jsonCodec) authCode(p authProblem) string {
	return map[authProblem]string{
		authMissing:    "MissingAuthenticationTokenException",
		authIncomplete: "IncompleteSignatureException",
		authUnknown:    "UnrecognizedClientException",
		authMismatch:   "InvalidSignatureException",
	}[p]
}
