package aws

import (
	"context"
	"maps"
	"time"
)

// tokenKey is what a client token is unique in (inferred).
type tokenKey struct{ account, region, operation, token string }

// tokenUse is one use of a client token.
type tokenUse struct {
	fingerprint string
	expires     time.Time
	// done is closed when the first request with the token has ended.
	done chan struct{}
	// conn is what the first request made or changed; nil until then.
	conn *connection
}

// once runs do at most once for each client token: a request that repeats one
// with the same parameters answers with the connection as it is now, deleted if
// need be, and one with other parameters is refused (inferred; the API has no
// exception of its own for it). A request that failed leaves the token free.
func (c *Cloud) once(ctx context.Context, who caller, operation string, t clientToken, do func(context.Context) (*connection, error)) (connectionDetail, error) {
	var use *tokenUse
	if t.value != "" {
		key := tokenKey{who.account, who.region, operation, t.value}
		claimed, first, err := c.claim(ctx, key, t.fingerprint)
		if err != nil {
			return connectionDetail{}, err
		}
		if !first {
			c.mu.Lock()
			defer c.mu.Unlock()
			return c.detail(claimed.conn), nil
		}
		use = claimed
		defer c.release(key, use)
	}
	conn, err := do(ctx)
	if err != nil {
		return connectionDetail{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if use != nil {
		use.conn = conn
	}
	return c.detail(conn), nil
}

// claim takes a token for the caller, or finds that it was used before. It waits
// for a request with the same token that is still under way.
func (c *Cloud) claim(ctx context.Context, key tokenKey, fingerprint string) (use *tokenUse, first bool, err error) {
	for {
		use, first = c.tokenUse(key, fingerprint)
		if first {
			return use, true, nil
		}
		if use.fingerprint != fingerprint {
			return nil, false, clientError("The client token was used before with other parameters.")
		}
		select {
		case <-use.done:
		case <-ctx.Done():
			return nil, false, serverError("the request was given up")
		}
		if use.conn != nil {
			return use, false, nil
		}
	}
}

// tokenUse finds the use of a token or begins one, forgetting expired ones.
func (c *Cloud) tokenUse(key tokenKey, fingerprint string) (use *tokenUse, first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.cfg.Clock.Now()
	maps.DeleteFunc(c.state.tokens, func(_ tokenKey, u *tokenUse) bool { return u.conn != nil && !now.Before(u.expires) })
	if use, ok := c.state.tokens[key]; ok {
		return use, false
	}
	use = &tokenUse{fingerprint: fingerprint, expires: now.Add(c.cfg.Switches.IdempotencyRetention), done: make(chan struct{})}
	c.state.tokens[key] = use
	return use, true
}

// release ends the first use of a token; one that came to nothing is forgotten.
func (c *Cloud) release(key tokenKey, use *tokenUse) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if use.conn == nil {
		delete(c.state.tokens, key)
	}
	close(use.done)
}
