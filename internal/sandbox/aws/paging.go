package aws

import (
	"crypto/hmac"
	"encoding/base64"
	"slices"
	"strings"
)

// pager makes the opaque tokens of list operations. A token is good only for
// the scope it was made for: operation, account, region and filters (inferred:
// the open API binds them so).
type pager struct{ secret []byte }

// sealed is how many bytes of a token bind it to its scope.
const sealed = 16

func (p pager) seal(scope, after string) []byte {
	return mac(p.secret, scope+"\x00"+after)[:sealed]
}

func (p pager) token(scope, after string) string {
	return base64.RawURLEncoding.EncodeToString(append(p.seal(scope, after), after...))
}

// open is the key that a token continues after.
func (p pager) open(scope, token string) (after string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) < sealed {
		return "", false
	}
	after = string(raw[sealed:])
	return after, hmac.Equal(raw[:sealed], p.seal(scope, after))
}

// cut is one page of items, which are sorted by key, and the token of the next
// page. ok is false when the token is not one of this scope.
func cut[T any](p pager, items []T, key func(T) string, pg page, scope string) (some []T, next string, ok bool) {
	start := 0
	if pg.token != "" {
		after, ok := p.open(scope, pg.token)
		if !ok {
			return nil, "", false
		}
		start = slices.IndexFunc(items, func(item T) bool { return key(item) > after })
		if start < 0 {
			return nil, "", true
		}
	}
	items = items[start:]
	if len(items) <= pg.limit {
		return items, "", true
	}
	some = items[:pg.limit]
	return some, p.token(scope, key(some[len(some)-1])), true
}

// pageScope joins what a token is bound to.
func pageScope(parts ...string) string { return strings.Join(parts, "\x1f") }
