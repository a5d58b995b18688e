package service

import "sync"

// Claims is who sets the bandwidth of which link in one configuration. Two
// resources that both do would undo each other's work for ever, and neither
// sees the other; here they meet. A nil Claims remembers nothing.
type Claims struct {
	mu sync.Mutex
	by map[string]Claim
}

// Claim is a resource's word that it sets a link's bandwidth.
type Claim struct {
	// By is the kind of resource: "crosscloud_interconnect".
	By string
	// Detail tells two resources of a kind apart as far as it can be told.
	Detail string
}

// Bandwidth claims the bandwidth of a link, which may go by several names, and
// tells who else has claimed it; nil where nobody has. Claiming again is no
// conflict, since an engine plans a resource more than once, and neither is the
// claim that the resource made before it was changed.
func (c *Claims) Bandwidth(claim, before Claim, names ...string) *Claim {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = map[string]Claim{}
	}
	for _, n := range names {
		if held, ok := c.by[n]; ok && held != claim && held != before {
			return &held
		}
	}
	for _, n := range names {
		if n != "" {
			c.by[n] = claim
		}
	}
	return nil
}

// Release gives up a claim, for a resource that no longer sets the bandwidth: a
// provider may serve many plans.
func (c *Claims) Release(claim Claim, names ...string) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range names {
		if c.by[n] == claim {
			delete(c.by, n)
		}
	}
}
