package aws

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// caller is who signed a request.
type caller struct {
	account, region string
	accessKeyID     string
}

// authProblem is why a request is not authenticated. Each protocol has its own
// names for them (codec.authError).
type authProblem int

const (
	// authMissing is a request without a signature.
	authMissing authProblem = iota + 1
	// authIncomplete is a signature that cannot be read.
	authIncomplete
	// authUnknown is an access key or session token nobody issued.
	authUnknown
	// authMismatch is a signature that is wrong, stale, or for another service.
	authMismatch
)

// authFailure is an authProblem with its message.
type authFailure struct {
	problem authProblem
	message string
}

func fail(p authProblem, format string, args ...any) *authFailure {
	return &authFailure{problem: p, message: fmt.Sprintf(format, args...)}
}

const (
	signingAlgorithm = "AWS4-HMAC-SHA256"
	signingTimeForm  = "20060102T150405Z"
	signingEnd       = "aws4_request"
	// signingSkew is how far a signature's time may be off (AWS general
	// reference, SigV4).
	signingSkew = 15 * time.Minute
)

var regionForm = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]+$`)

// signature is a parsed Authorization header.
type signature struct {
	accessKeyID           string
	date, region, service string
	signedHeaders         []string
	value                 string
}

// scope is the credential scope.
func (s signature) scope() string {
	return strings.Join([]string{s.date, s.region, s.service, signingEnd}, "/")
}

// authenticate checks a request's SigV4 signature for a service (header form;
// AWS general reference). The body's hash is part of the signature, so a body
// that was changed on the way fails too.
func (c *Cloud) authenticate(r *http.Request, body []byte, service string) (caller, *authFailure) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return caller{}, fail(authMissing, "Missing Authentication Token")
	}
	sig, ok := parseAuthorization(header)
	if !ok {
		return caller{}, fail(authIncomplete, "Authorization header is not of the form '%s Credential=..., SignedHeaders=..., Signature=...'", signingAlgorithm)
	}
	who := caller{region: sig.region, accessKeyID: sig.accessKeyID}
	if sig.service != service {
		return who, fail(authMismatch, "Credential should be scoped to correct service: '%s'.", service)
	}
	if !regionForm.MatchString(sig.region) {
		return who, fail(authMismatch, "Credential should be scoped to a valid region.")
	}
	cred, ok := c.cfg.Credentials[sig.accessKeyID]
	if !ok || !hmac.Equal([]byte(r.Header.Get("X-Amz-Security-Token")), []byte(cred.SessionToken)) {
		return who, fail(authUnknown, "The security token included in the request is invalid.")
	}
	at, f := c.signingTime(r, sig)
	if f != nil {
		return who, f
	}
	if f := checkSignedHeaders(r, sig); f != nil {
		return who, f
	}
	want := sign(cred.Secret, sig, at, canonicalRequest(r, sig.signedHeaders, body))
	if !hmac.Equal([]byte(want), []byte(sig.value)) {
		return who, fail(authMismatch, "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.")
	}
	who.account = orDefault(cred.AccountID, c.cfg.AccountID)
	return who, nil
}

// parseAuthorization reads an Authorization header.
func parseAuthorization(header string) (signature, bool) {
	rest, ok := strings.CutPrefix(header, signingAlgorithm+" ")
	if !ok {
		return signature{}, false
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	credential := strings.Split(parts["Credential"], "/")
	if len(credential) != 5 || credential[4] != signingEnd || parts["SignedHeaders"] == "" || parts["Signature"] == "" {
		return signature{}, false
	}
	return signature{
		accessKeyID:   credential[0],
		date:          credential[1],
		region:        credential[2],
		service:       credential[3],
		signedHeaders: strings.Split(parts["SignedHeaders"], ";"),
		value:         parts["Signature"],
	}, true
}

// signingTime is the request's time, if it is near enough and fits the scope.
func (c *Cloud) signingTime(r *http.Request, sig signature) (time.Time, *authFailure) {
	at, err := time.Parse(signingTimeForm, r.Header.Get("X-Amz-Date"))
	if err != nil {
		if at, err = http.ParseTime(r.Header.Get("Date")); err != nil {
			return at, fail(authIncomplete, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
		}
	}
	at = at.UTC()
	now := c.cfg.SigningTime().UTC()
	switch {
	case at.Format("20060102") != sig.date:
		return at, fail(authMismatch, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.")
	case now.Sub(at) > signingSkew:
		return at, fail(authMismatch, "Signature expired: %s is now earlier than %s (%s - 15 min.)",
			at.Format(signingTimeForm), now.Add(-signingSkew).Format(signingTimeForm), now.Format(signingTimeForm))
	case at.Sub(now) > signingSkew:
		return at, fail(authMismatch, "Signature not yet current: %s is still later than %s (%s + 15 min.)",
			at.Format(signingTimeForm), now.Add(signingSkew).Format(signingTimeForm), now.Format(signingTimeForm))
	}
	return at, nil
}

// checkSignedHeaders holds to what must be signed: the host and every x-amz-
// header.
func checkSignedHeaders(r *http.Request, sig signature) *authFailure {
	if !slices.Contains(sig.signedHeaders, "host") {
		return fail(authMismatch, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	for name := range r.Header {
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, "x-amz-") && !slices.Contains(sig.signedHeaders, lower) {
			return fail(authMismatch, "'%s' must be a 'SignedHeader' in the AWS Authorization.", lower)
		}
	}
	return nil
}

// canonicalRequest is what a client signs, as SigV4 lays it out.
func canonicalRequest(r *http.Request, signedHeaders []string, body []byte) string {
	var b strings.Builder
	path := r.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	b.WriteString(r.Method + "\n")
	b.WriteString(escape(path, "/") + "\n")
	b.WriteString(canonicalQuery(r.URL.Query()) + "\n")
	for _, name := range signedHeaders {
		b.WriteString(name + ":" + canonicalHeader(r, name) + "\n")
	}
	b.WriteString("\n" + strings.Join(signedHeaders, ";") + "\n")
	sum := sha256.Sum256(body)
	b.WriteString(hex.EncodeToString(sum[:]))
	return b.String()
}

// canonicalHeader is a header's value with the spaces squeezed. net/http keeps
// the host, and may keep the length, outside the headers.
func canonicalHeader(r *http.Request, name string) string {
	switch name {
	case "host":
		return r.Host
	case "content-length":
		return strconv.FormatInt(r.ContentLength, 10)
	}
	values := slices.Clone(r.Header.Values(name))
	for i, v := range values {
		values[i] = strings.Join(strings.Fields(v), " ")
	}
	return strings.Join(values, ",")
}

func canonicalQuery(query url.Values) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(query)) {
		for _, v := range slices.Sorted(slices.Values(query[name])) {
			pairs = append(pairs, escape(name, "")+"="+escape(v, ""))
		}
	}
	return strings.Join(pairs, "&")
}

// escape percent-encodes as SigV4 does: all but RFC 3986's unreserved
// characters, and those in keep.
func escape(s, keep string) string {
	const unreserved = "-._~"
	var b strings.Builder
	for i := range len(s) {
		ch := s[i]
		switch {
		case 'a' <= ch && ch <= 'z', 'A' <= ch && ch <= 'Z', '0' <= ch && ch <= '9',
			strings.IndexByte(unreserved, ch) >= 0, strings.IndexByte(keep, ch) >= 0:
			b.WriteByte(ch)
		default:
			fmt.Fprintf(&b, "%%%02X", ch)
		}
	}
	return b.String()
}

// sign is the signature of a canonical request, in hex.
func sign(secret string, sig signature, at time.Time, canonical string) string {
	sum := sha256.Sum256([]byte(canonical))
	toSign := strings.Join([]string{signingAlgorithm, at.Format(signingTimeForm), sig.scope(), hex.EncodeToString(sum[:])}, "\n")
	key := []byte("AWS4" + secret)
	for _, part := range []string{sig.date, sig.region, sig.service, signingEnd} {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, toSign))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
