package google

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// tokenPath is where service accounts get access tokens.
const tokenPath = "/token"

// jwtGrant is the grant type of a service account (RFC 7523).
const jwtGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// OAuth scopes that the services ask for (discovery documents).
const (
	scopePrefix   = "https://www.googleapis.com/auth/"
	scopePlatform = scopePrefix + "cloud-platform"
	scopeCompute  = scopePrefix + "compute"
)

// grant is what an access token permits.
type grant struct {
	Scopes []string `json:"scopes"`
	// Expires is when it ends; zero is never.
	Expires time.Time `json:"expires,omitzero"`
}

// covers says whether the scopes permit calls of a service.
func covers(scopes []string, s service) bool {
	return slices.Contains(scopes, scopePlatform) || s == computeEngine && slices.Contains(scopes, scopeCompute)
}

// authorise checks the bearer token of a call: one of Config.Tokens, one of the
// token endpoint, or a token that the service account signed itself, as Google's
// clients do where a service takes it.
func (c *Cloud) authorise(e endpoint, token string) *apiError {
	if slices.Contains(c.cfg.Tokens, token) {
		return nil
	}
	scopes, ok := c.granted(e.service, token)
	switch {
	case !ok:
		return unauthorised(e, token)
	case !covers(scopes, e.service):
		return scopeInsufficient(e)
	}
	return nil
}

// granted are the scopes of a token that is good.
func (c *Cloud) granted(s service, token string) (scopes []string, ok bool) {
	c.mu.Lock()
	g, issued := c.account.grants[token]
	c.mu.Unlock()
	if issued {
		return g.Scopes, g.Expires.IsZero() || c.now().Before(g.Expires)
	}
	claims, fail := c.checkAssertion(token)
	if fail != "" {
		return nil, false
	}
	if claims.Audience == "https://"+string(s)+"/" {
		return []string{scopePlatform}, true
	}
	return strings.Fields(claims.Scope), claims.Scope != ""
}

// tokenError is an error of the token endpoint (RFC 6749, section 5.2).
type tokenError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// issueToken answers the token endpoint: a signed assertion for an access token.
func (c *Cloud) issueToken(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		writeJSON(w, r, http.StatusBadRequest, tokenError{"invalid_request", "The request's form could not be read."})
		return
	}
	if grant := r.PostForm.Get("grant_type"); grant != jwtGrant {
		writeJSON(w, r, http.StatusBadRequest, tokenError{"unsupported_grant_type", "Invalid grant_type: " + grant})
		return
	}
	claims, fail := c.checkAssertion(r.PostForm.Get("assertion"))
	c.mu.Lock()
	defer c.mu.Unlock()
	scopes := strings.Fields(claims.Scope)
	switch {
	case fail != "":
		writeJSON(w, r, http.StatusBadRequest, tokenError{"invalid_grant", fail})
		return
	case !c.account.audiences[claims.Audience]:
		writeJSON(w, r, http.StatusBadRequest, tokenError{"invalid_grant", "Invalid JWT: Failed audience check."})
		return
	case len(scopes) == 0 || slices.ContainsFunc(scopes, func(s string) bool { return !strings.HasPrefix(s, scopePrefix) }):
		writeJSON(w, r, http.StatusBadRequest, tokenError{"invalid_scope", "Invalid OAuth scope or ID token audience provided."})
		return
	}
	token, ttl := c.grant(scopes)
	writeJSON(w, r, http.StatusOK, struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
		TokenType   string `json:"token_type"`
	}{token, int(ttl / time.Second), "Bearer"})
}

// grant makes an access token. The lock is held.
func (c *Cloud) grant(scopes []string) (token string, ttl time.Duration) {
	for token, g := range c.account.grants {
		if !g.Expires.IsZero() && !c.now().Before(g.Expires) {
			delete(c.account.grants, token)
		}
	}
	g := grant{Scopes: scopes}
	ttl = c.switches.TokenTTL
	if ttl == 0 {
		ttl = defaultTokenTTL
	}
	if ttl > 0 {
		g.Expires = c.now().Add(ttl)
	} else {
		ttl = defaultTokenTTL
	}
	token = "ya29.c." + c.hex(32)
	c.account.grants[token] = g
	return token, ttl
}

// claims are what a signed assertion says (RFC 7519; Google's own "scope").
type claims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience string `json:"aud"`
	Scope    string `json:"scope"`
	Issued   int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// How far the callers' clocks may be off, and how long an assertion may be good
// (Google's identity documentation: at most an hour).
const (
	clockSkew        = 5 * time.Minute
	longestAssertion = time.Hour
)

// readClaims reads the middle part of an assertion.
func readClaims(raw []byte) (claims, bool) {
	var got claims
	err := json.Unmarshal(raw, &got)
	return got, err == nil
}

// timely says whether an assertion may be used at a moment.
func (k claims) timely(now time.Time) bool {
	issued, expires := time.Unix(k.Issued, 0), time.Unix(k.Expires, 0)
	return !issued.After(now.Add(clockSkew)) && expires.After(now.Add(-clockSkew)) &&
		expires.Sub(issued) <= longestAssertion && expires.After(issued)
}
