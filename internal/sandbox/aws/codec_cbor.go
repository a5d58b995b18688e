package aws

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/aws/smithy-go/encoding/cbor"
)

// What RPCv2-CBOR calls itself (Smithy, RPC v2 CBOR protocol).
const (
	cborMedia      = "application/cbor"
	protocolHeader = "Smithy-Protocol"
	cborProtocol   = "rpc-v2-cbor"
)

// The most that a CBOR body may hold. No input of the API comes near: its
// deepest has four levels, and what is left is for members nobody asks for.
const (
	cborDepth = 32
	cborItems = 20_000
)

// cborCodec is RPCv2-CBOR.
type cborCodec struct{}

func (cborCodec) header() map[string]string {
	return map[string]string{"Content-Type": cborMedia, protocolHeader: cborProtocol}
}

// decode reads a CBOR map; an empty body counts as {}.
func (cborCodec) decode(body []byte) (document, error) {
	if len(body) == 0 {
		return document{}, nil
	}
	// The decoder makes a value for every item, which can take many times the
	// room of the body; so the items are counted before.
	scan := cborScan{rest: body}
	if err := scan.item(0); err != nil || len(scan.rest) > 0 {
		return nil, serializationError("the body is not one CBOR item")
	}
	v, err := cbor.Decode(body)
	if err != nil {
		return nil, serializationError("the body is not CBOR")
	}
	plain, err := fromCBOR(v)
	if err != nil {
		return nil, serializationError("the body is not CBOR: %v", err)
	}
	doc, ok := plain.(document)
	if !ok {
		return nil, serializationError("the body is not a CBOR map")
	}
	return doc, nil
}

func (cborCodec) encode(_, _ string, doc document) ([]byte, error) {
	v, err := toCBOR(doc)
	if err != nil {
		return nil, err
	}
	return cbor.Encode(v), nil
}

func (cborCodec) encodeError(_ string, e *Error) ([]byte, error) {
	return cbor.Encode(cbor.Map{"__type": cbor.String(e.Code), "message": cbor.String(e.Message)}), nil
}

func (cborCodec) authError(f *authFailure) *Error { return jsonAuthError(f) }

// fromCBOR is a CBOR value as documents have it. Text must be UTF-8; a tag says
// nothing that an input asks for, so what it holds stands for itself.
func fromCBOR(v cbor.Value) (any, error) {
	switch v := v.(type) {
	case cbor.Map:
		doc := make(document, len(v))
		for name, member := range v {
			plain, err := fromCBOR(member)
			if err != nil {
				return nil, err
			}
			doc[name] = plain
		}
		return doc, nil
	case cbor.List:
		items := make([]any, 0, len(v))
		for _, item := range v {
			plain, err := fromCBOR(item)
			if err != nil {
				return nil, err
			}
			items = append(items, plain)
		}
		return items, nil
	case *cbor.Tag:
		return fromCBOR(v.Value)
	case cbor.String:
		if !utf8.ValidString(string(v)) {
			return nil, errors.New("text is not UTF-8")
		}
		return string(v), nil
	}
	return fromScalar(v)
}

// fromScalar is fromCBOR for what holds no other value.
func fromScalar(v cbor.Value) (any, error) {
	switch v := v.(type) {
	case cbor.Uint:
		if v > math.MaxInt64 {
			return json.Number(strconv.FormatUint(uint64(v), 10)), nil
		}
		return int64(v), nil
	case cbor.NegInt: // counts below zero; 0 stands for 2^64
		if v == 0 {
			return json.Number("-18446744073709551616"), nil
		}
		if v > math.MaxInt64 {
			return json.Number("-" + strconv.FormatUint(uint64(v), 10)), nil
		}
		return -int64(v), nil
	case cbor.Float32:
		return json.Number(strconv.FormatFloat(float64(v), 'g', -1, 32)), nil
	case cbor.Float64:
		return json.Number(strconv.FormatFloat(float64(v), 'g', -1, 64)), nil
	case cbor.Bool:
		return bool(v), nil
	case cbor.Slice:
		return []byte(v), nil
	case *cbor.Nil, *cbor.Undefined, nil:
		return nil, nil
	}
	return nil, fmt.Errorf("unknown item %T", v)
}

// toCBOR is a document as CBOR has it.
func toCBOR(v any) (cbor.Value, error) {
	switch v := v.(type) {
	case document:
		m := make(cbor.Map, len(v))
		for name, member := range v {
			item, err := toCBOR(member)
			if err != nil {
				return nil, err
			}
			m[name] = item
		}
		return m, nil
	case []any:
		l := make(cbor.List, 0, len(v))
		for _, member := range v {
			item, err := toCBOR(member)
			if err != nil {
				return nil, err
			}
			l = append(l, item)
		}
		return l, nil
	case string:
		return cbor.String(v), nil
	case bool:
		return cbor.Bool(v), nil
	case int64:
		if v < 0 {
			return cbor.NegInt(-v), nil
		}
		return cbor.Uint(v), nil
	}
	return nil, fmt.Errorf("writing CBOR: %T has no form", v)
}

// cborScan walks over CBOR items without making anything of them (RFC 8949). It
// holds to the form and to the limits.
type cborScan struct {
	rest  []byte
	items int
}

var errCBOR = errors.New("malformed or too large CBOR")

// The major types that the walk tells apart, and the argument that means that
// the end is marked by a break.
const (
	cborBytes, cborText, cborList, cborMap, cborTag, cborSimple = 2, 3, 4, 5, 6, 7

	cborIndefinite = 31
	cborBreak      = 0xff
)

// item walks over one item, depth levels down.
func (s *cborScan) item(depth int) error {
	if s.items++; s.items > cborItems || depth > cborDepth {
		return errCBOR
	}
	major, indefinite, n, err := s.head()
	if err != nil {
		return err
	}
	switch major {
	case cborBytes, cborText:
		if indefinite {
			return s.untilBreak(depth)
		}
		return s.skip(n)
	case cborList, cborMap:
		if indefinite {
			return s.untilBreak(depth)
		}
		if major == cborMap {
			n *= 2
		}
		if n > uint64(len(s.rest)) { // every item takes a byte at least
			return errCBOR
		}
		for range n {
			if err := s.item(depth + 1); err != nil {
				return err
			}
		}
	case cborTag:
		return s.item(depth + 1)
	}
	return nil
}

// untilBreak walks over items up to a break.
func (s *cborScan) untilBreak(depth int) error {
	for len(s.rest) > 0 && s.rest[0] != cborBreak {
		if err := s.item(depth + 1); err != nil {
			return err
		}
	}
	return s.skip(1)
}

// head takes an item's first byte and its argument.
func (s *cborScan) head() (major byte, indefinite bool, n uint64, err error) {
	if len(s.rest) == 0 {
		return 0, false, 0, errCBOR
	}
	major, minor := s.rest[0]>>5, s.rest[0]&0x1f
	s.rest = s.rest[1:]
	switch {
	case minor < 24:
		return major, false, uint64(minor), nil
	case minor == cborIndefinite && major >= cborBytes && major <= cborMap:
		return major, true, 0, nil
	case minor > 27:
		return 0, false, 0, errCBOR
	}
	size := 1 << (minor - 24)
	if len(s.rest) < size {
		return 0, false, 0, errCBOR
	}
	var argument [8]byte
	copy(argument[8-size:], s.rest)
	s.rest = s.rest[size:]
	n = binary.BigEndian.Uint64(argument[:])
	if n > math.MaxInt32 && (major >= cborBytes && major <= cborMap) {
		return 0, false, 0, errCBOR
	}
	return major, false, n, nil
}

// skip takes n bytes.
func (s *cborScan) skip(n uint64) error {
	if n > uint64(len(s.rest)) {
		return errCBOR
	}
	s.rest = s.rest[n:]
	return nil
}
