package aws

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// ec2Codec is the query protocol as EC2 speaks it: a form whose names spell a
// tree ("Filter.1.Value.2"), and XML whose lists are made of <item>.
type ec2Codec struct{}

const (
	ec2Version   = "2016-11-15"
	ec2Namespace = "http://ec2.amazonaws.com/doc/2016-11-15/"
	// formDepth is how many parts a name in a form may have.
	formDepth = 8
)

func (ec2Codec) header() map[string]string {
	return map[string]string{"Content-Type": "text/xml;charset=UTF-8"}
}

// decode reads a form. Every value is a string.
func (ec2Codec) decode(body []byte) (document, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, malformedQuery("the body is not a form")
	}
	root := document{}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if !plant(root, strings.Split(name, "."), form.Get(name)) {
			return nil, malformedQuery("the parameter " + quoteName(name) + " cannot be read")
		}
	}
	for name, v := range root {
		root[name] = asLists(v)
	}
	return root, nil
}

func malformedQuery(message string) *Error {
	return &Error{Code: "MalformedQueryString", Status: http.StatusBadRequest, Message: message}
}

// plant puts a value into a tree at a path; false where it does not fit.
func plant(tree document, path []string, value string) bool {
	if len(path) > formDepth || slices.Contains(path, "") {
		return false
	}
	for _, part := range path[:len(path)-1] {
		if tree[part] == nil {
			tree[part] = document{}
		}
		below, ok := tree[part].(document)
		if !ok {
			return false
		}
		tree = below
	}
	last := path[len(path)-1]
	if _, taken := tree[last]; taken {
		return false
	}
	tree[last] = value
	return true
}

// asLists turns structures whose members are all numbers into lists.
func asLists(v any) any {
	doc, ok := v.(document)
	if !ok {
		return v
	}
	type numbered struct {
		n    int
		item any
	}
	var items []numbered
	for name, member := range doc {
		doc[name] = asLists(member)
		if n, err := strconv.Atoi(name); err == nil && n > 0 {
			items = append(items, numbered{n, doc[name]})
		}
	}
	if len(items) == 0 || len(items) != len(doc) {
		return doc
	}
	slices.SortFunc(items, func(a, b numbered) int { return cmp.Compare(a.n, b.n) })
	list := make([]any, 0, len(items))
	for _, it := range items {
		list = append(list, it.item)
	}
	return list
}

func (ec2Codec) encode(operation, requestID string, doc document) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	fmt.Fprintf(&b, `<%sResponse xmlns="%s">`, operation, ec2Namespace)
	writeElement(&b, "requestId", requestID)
	writeMembers(&b, doc)
	fmt.Fprintf(&b, `</%sResponse>`, operation)
	return b.Bytes(), nil
}

// writeMembers writes a document's members, in order of their names.
func writeMembers(b *bytes.Buffer, doc document) {
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		writeValue(b, name, doc[name])
	}
}

// writeValue writes one element with whatever it holds.
func writeValue(b *bytes.Buffer, name string, v any) {
	switch v := v.(type) {
	case document:
		fmt.Fprintf(b, "<%s>", name)
		writeMembers(b, v)
		fmt.Fprintf(b, "</%s>", name)
	case []any:
		fmt.Fprintf(b, "<%s>", name)
		for _, item := range v {
			writeValue(b, "item", item)
		}
		fmt.Fprintf(b, "</%s>", name)
	default:
		writeElement(b, name, fmt.Sprint(v))
	}
}

func (ec2Codec) encodeError(requestID string, e *Error) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString("<Response><Errors><Error>")
	writeElement(&b, "Code", e.Code)
	writeElement(&b, "Message", e.Message)
	b.WriteString("</Error></Errors>")
	writeElement(&b, "RequestID", requestID)
	b.WriteString("</Response>")
	return b.Bytes(), nil
}

// authError answers as EC2 does: AuthFailure for all but a missing signature
// (EC2 API reference, common client error codes).
func (ec2Codec) authError(f *authFailure) *Error {
	if f.problem == authMissing {
		return &Error{Code: "MissingAuthenticationToken", Status: http.StatusForbidden, Message: f.message}
	}
	return &Error{Code: "AuthFailure", Status: http.StatusUnauthorized,
		Message: "AWS was not able to validate the provided access credentials"}
}
