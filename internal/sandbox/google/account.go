package google

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
)

// keyBits is the size of a service account's key, as Google makes them.
const keyBits = 2048

// serviceAccount is the one account that can get access tokens. Its key is made
// when it is first asked for.
type serviceAccount struct {
	// making is held while the key is made, so that it is made once.
	making *sync.Mutex

	// The rest is guarded by the cloud's lock.
	key *rsa.PrivateKey
	// audiences are the token endpoint's URLs that files were written for.
	audiences map[string]bool
	grants    map[string]grant // by access token
}

// newServiceAccount is one without a key.
func newServiceAccount() serviceAccount {
	return serviceAccount{making: &sync.Mutex{}, audiences: map[string]bool{}, grants: map[string]grant{}}
}

// ServiceAccountJSON is the file of a service account in the default project, in
// the form that the Google Cloud console downloads, so that Application Default
// Credentials (GOOGLE_APPLICATION_CREDENTIALS) work as they are. tokenURL is
// where this cloud serves /token, as its callers reach it. The file holds a
// private key, made once for each Cloud. It fails when tokenURL is no absolute
// URL, or no key can be made.
func (c *Cloud) ServiceAccountJSON(tokenURL string) ([]byte, error) {
	if u, err := url.Parse(tokenURL); err != nil || u.Scheme == "" || u.Host == "" {
		return nil, fmt.Errorf("writing a service account's file: %q is not an absolute URL", tokenURL)
	}
	key, err := c.accountKey()
	if err != nil {
		return nil, err
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("writing a service account's key: %w", err)
	}
	c.mu.Lock()
	c.account.audiences[tokenURL] = true
	c.mu.Unlock()
	file := struct {
		Type         string `json:"type"`
		ProjectID    string `json:"project_id"`
		PrivateKeyID string `json:"private_key_id"`
		PrivateKey   string `json:"private_key"`
		ClientEmail  string `json:"client_email"`
		ClientID     string `json:"client_id"`
		AuthURI      string `json:"auth_uri"`
		TokenURI     string `json:"token_uri"`
		Universe     string `json:"universe_domain"`
	}{
		"service_account", c.cfg.Projects[0].ID, keyID(&key.PublicKey),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})),
		computeUser, "100000000000000000001", tokenURL, tokenURL, "googleapis.com",
	}
	return json.MarshalIndent(file, "", "  ")
}

// accountKey is the service account's key, made if there is none.
func (c *Cloud) accountKey() (*rsa.PrivateKey, error) {
	c.account.making.Lock()
	defer c.account.making.Unlock()
	c.mu.Lock()
	key := c.account.key
	c.mu.Unlock()
	if key != nil {
		return key, nil
	}
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("making a service account's key: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.account.key = key
	return key, nil
}

// keyID names a key: the hash of its public half.
func keyID(key *rsa.PublicKey) string {
	sum := sha256.Sum256(x509.MarshalPKCS1PublicKey(key))
	return hex.EncodeToString(sum[:20])
}

// Why the token endpoint does not take an assertion (texts of Google's).
const (
	badJWT       = "Bad Request"
	badSignature = "Invalid JWT Signature."
	badAccount   = "Invalid grant: account not found"
	untimelyJWT  = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim."
)

// checkAssertion checks what the service account has signed: form, algorithm,
// signature, issuer and time. fail says what is wrong, or is "". The audience
// and the scope are left to the caller.
func (c *Cloud) checkAssertion(assertion string) (got claims, fail string) {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return got, badJWT
	}
	var raw [3][]byte
	for i, part := range parts {
		var err error
		if raw[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return got, badJWT
		}
	}
	c.mu.Lock()
	key := c.account.key
	c.mu.Unlock()
	if key == nil {
		return got, badAccount
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	if json.Unmarshal(raw[0], &header) != nil || header.Algorithm != "RS256" {
		return got, badJWT
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], raw[2]) != nil {
		return got, badSignature
	}
	got, ok := readClaims(raw[1])
	switch {
	case !ok:
		return got, badJWT
	case got.Issuer != computeUser:
		return got, badAccount
	case !got.timely(c.cfg.CallerClock.Now()):
		return got, untimelyJWT
	}
	return got, ""
}

// keyText is a key as a snapshot holds it; empty for none.
func keyText(key *rsa.PrivateKey) string {
	if key == nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PrivateKey(key))
}

// readKey reads what keyText wrote.
func readKey(text string) (*rsa.PrivateKey, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("the service account's key is not base64")
	}
	key, err := x509.ParsePKCS1PrivateKey(raw)
	if err != nil {
		return nil, fmt.Errorf("the service account's key: %w", err)
	}
	return key, nil
}
