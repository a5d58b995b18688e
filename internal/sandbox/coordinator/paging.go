package coordinator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
)

// The sizes of a page (Connection Coordinator API, ListIssues; inferred for the
// other lists).
const (
	usualPage   = 50
	longestPage = 1000
)

// pager makes opaque tokens. A token is good only for the list and the page size
// it was made for.
type pager struct{ secret []byte }

// sealLength is how many bytes of a token bind it to its list.
const sealLength = 16

// seal binds the key that a page ends with to the list.
func (p pager) seal(list, after string) []byte {
	mac := hmac.New(sha256.New, p.secret)
	mac.Write([]byte(list + "\x00" + after))
	return mac.Sum(nil)[:sealLength]
}

// token continues a list after a key.
func (p pager) token(list, after string) string {
	return base64.RawURLEncoding.EncodeToString(append(p.seal(list, after), after...))
}

// open is the key that a token continues after.
func (p pager) open(list, token string) (after string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) < sealLength {
		return "", false
	}
	after = string(raw[sealLength:])
	return after, hmac.Equal(raw[:sealLength], p.seal(list, after))
}

// size is how many items the request wants.
func (r *request) size() (int, error) {
	text := r.URL.Query().Get("pageSize")
	if text == "" {
		return usualPage, nil
	}
	size, err := strconv.ParseInt(text, 10, 32)
	switch {
	case err != nil || size < 0:
		return 0, refuse(http.StatusBadRequest, "pageSize %q is not a number of items", text)
	case size == 0:
		return usualPage, nil
	}
	return int(min(size, longestPage)), nil
}

// cut is the page of items that the request wants, and the token of the next.
// Items are sorted by key, which is different for each.
func cut[T any](p pager, r *request, items []T, key func(T) string) (some []T, next string, err error) {
	size, err := r.size()
	if err != nil {
		return nil, "", err
	}
	list := r.URL.Path + "\x00" + strconv.Itoa(size)
	slices.SortFunc(items, func(a, b T) int {
		if key(a) < key(b) {
			return -1
		}
		return 1
	})
	if token := r.URL.Query().Get("pageToken"); token != "" {
		after, ok := p.open(list, token)
		if !ok {
			return nil, "", refuse(http.StatusBadRequest, "pageToken is not one of this list")
		}
		items = items[firstIndex(items, func(item T) bool { return key(item) > after }):]
	}
	if len(items) <= size {
		return items, "", nil
	}
	some = items[:size]
	return some, p.token(list, key(some[size-1])), nil
}

// firstIndex is the index of the first item for which found is true, or the
// length.
func firstIndex[T any](items []T, found func(T) bool) int {
	if at := slices.IndexFunc(items, found); at >= 0 {
		return at
	}
	return len(items)
}
