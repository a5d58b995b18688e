package google

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
)

// Page sizes of Network Connectivity lists. Inferred: the discovery document
// says only that the server picks.
const (
	defaultPage = 500
	maxPage     = 1000
)

// listing is what a list call asks for.
type listing struct {
	scope  string // collection and filter; a token is good for one scope only
	size   int
	after  string // the last name of the page before
	filter filter
}

// pageToken is what a page token holds.
type pageToken struct {
	Scope string `json:"s"`
	After string `json:"a"`
}

// readListing reads a list call's parameters. size names the parameter for the
// page size; fields are those that the filter may name.
func readListing(query url.Values, collection, size string, most int, fields ...string) (listing, *apiError) {
	l := listing{scope: collection + "?" + query.Get("filter"), size: min(defaultPage, most)}
	if text := query.Get(size); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return l, refuse(invalidArgument, "Invalid value for %s: %q. It must not be negative.", size, text)
		}
		l.size = min(cmp.Or(n, l.size), most)
	}
	var fail *apiError
	if l.filter, fail = parseFilter(query.Get("filter"), fields); fail != nil {
		return l, fail
	}
	if text := query.Get("pageToken"); text != "" {
		raw, err := base64.RawURLEncoding.DecodeString(text)
		var token pageToken
		if err != nil || json.Unmarshal(raw, &token) != nil || token.Scope != l.scope {
			return l, refuse(invalidArgument, "The page token is not valid for this request.")
		}
		l.after = token.After
	}
	return l, nil
}

// page takes one page from all: those that the filter lets through, by name.
// next is the token of the page behind it, or "".
func page[T any](l listing, all []T, name func(T) string, value func(T, string) string) (items []T, next string) {
	for _, item := range all {
		if name(item) > l.after && l.filter.matches(func(f string) string { return value(item, f) }) {
			items = append(items, item)
		}
	}
	slices.SortFunc(items, func(a, b T) int { return cmp.Compare(name(a), name(b)) })
	if len(items) <= l.size {
		return items, ""
	}
	items = items[:l.size]
	raw, err := json.Marshal(pageToken{Scope: l.scope, After: name(items[l.size-1])})
	if err != nil {
		return items, ""
	}
	return items, base64.RawURLEncoding.EncodeToString(raw)
}
