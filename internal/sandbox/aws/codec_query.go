package aws

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// queryCodec is the AWS query protocol: form in, XML out.
type queryCodec struct{ namespace string }

func (queryCodec) header() map[string]string { return map[string]string{"Content-Type": "text/xml"} }

// decode reads a form. Members with structure are not needed by any operation
// of STS, so each parameter is a string.
func (queryCodec) decode(body []byte) (document, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, &Error{Code: "MalformedInput", Status: 400, Message: "the body is not a form"}
	}
	doc := document{}
	for name := range form {
		doc[name] = form.Get(name)
	}
	return doc, nil
}

func (q queryCodec) encode(operation, requestID string, doc document) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<%sResponse xmlns="%s"><%sResult>`, operation, q.namespace, operation)
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		writeElement(&b, name, fmt.Sprint(doc[name]))
	}
	fmt.Fprintf(&b, `</%sResult><ResponseMetadata>`, operation)
	writeElement(&b, "RequestId", requestID)
	fmt.Fprintf(&b, `</ResponseMetadata></%sResponse>`, operation)
	return b.Bytes(), nil
}

func (q queryCodec) encodeError(requestID string, e *Error) ([]byte, error) {
	fault := "Sender"
	if e.Status >= 500 {
		fault = "Receiver"
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<ErrorResponse xmlns="%s"><Error>`, q.namespace)
	writeElement(&b, "Type", fault)
	writeElement(&b, "Code", e.Code)
	writeElement(&b, "Message", e.Message)
	b.WriteString("</Error>")
	writeElement(&b, "RequestId", requestID)
	b.WriteString("</ErrorResponse>")
	return b.Bytes(), nil
}

func (queryCodec) authError(f *authFailure) *Error {
	return &Error{Status: http.StatusForbidden, Message: f.message, Code: map[authProblem]string{
		authMissing:    "MissingAuthenticationToken",
		authIncomplete: "IncompleteSignature",
		authUnknown:    "InvalidClientTokenId",
		authMismatch:   "SignatureDoesNotMatch",
	}[f.problem]}
}

// writeElement writes one element with text. Writes to a bytes.Buffer do not
// fail.
func writeElement(b *bytes.Buffer, name, text string) {
	fmt.Fprintf(b, "<%s>", name)
	_ = xml.EscapeText(b, []byte(text))
	fmt.Fprintf(b, "</%s>", name)
}
