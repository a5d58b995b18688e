package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/aws/smithy-go/encoding/cbor"
)

// awsWire is how a protocol writes documents.
type awsWire struct{ protocol, mediaType string }

func wireOf(protocol, jsonVersion string) awsWire {
	if protocol == protocolCBOR {
		return awsWire{protocol, "application/cbor"}
	}
	return awsWire{protocol, "application/x-amz-json-" + jsonVersion}
}

// media holds the content type to the protocol's.
func (w awsWire) media(p *problems, header http.Header) {
	if media, _, err := mime.ParseMediaType(header.Get("Content-Type")); err != nil || media != w.mediaType {
		p.add("", "the content type is %q, not %s", header.Get("Content-Type"), w.mediaType)
	}
}

// decode reads a document. Numbers are json.Number.
func (w awsWire) decode(raw []byte) (any, error) {
	if w.protocol == protocolJSON {
		return decodeJSON(raw)
	}
	v, err := cbor.Decode(raw)
	if err != nil {
		return nil, err
	}
	return plain(v)
}

// decodeJSON reads one JSON value and no more. Numbers are json.Number.
func decodeJSON(raw []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one value")
	}
	return v, nil
}

// plain is a CBOR value as JSON would have it.
func plain(v cbor.Value) (any, error) {
	switch v := v.(type) {
	case cbor.String:
		return string(v), nil
	case cbor.Bool:
		return bool(v), nil
	case cbor.Uint:
		return json.Number(fmt.Sprint(uint64(v))), nil
	case cbor.NegInt:
		return json.Number(fmt.Sprintf("-%d", uint64(v))), nil
	case *cbor.Nil:
		return nil, nil
	case cbor.List:
		out := make([]any, len(v))
		for i, item := range v {
			one, err := plain(item)
			if err != nil {
				return nil, err
			}
			out[i] = one
		}
		return out, nil
	case cbor.Map:
		out := make(map[string]any, len(v))
		for key, item := range v {
			one, err := plain(item)
			if err != nil {
				return nil, err
			}
			out[key] = one
		}
		return out, nil
	}
	return nil, fmt.Errorf("a value of type %T, which no shape has", v)
}
