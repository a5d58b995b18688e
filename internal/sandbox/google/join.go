package google

import (
	"context"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// join redeems a key of the other cloud: it checks the key, has the issuer
// confirm it, and has the other half made. The transport claims the shared id
// first, because the open API wants the redeeming side to hold its half before
// it asks for the other. The lock is not held.
func (c *Cloud) join(t *transport, key activation.Key) *apiError {
	c.mu.Lock()
	if !c.live(t) {
		c.mu.Unlock()
		return refuse(aborted, "The resource '%s' was deleted", t.name())
	}
	payload, profile, fail := c.checkKey(t, key)
	if fail != nil {
		c.mu.Unlock()
		return fail
	}
	before, peer := t.sharedID, c.peer
	t.sharedID = payload.SharedID
	c.mu.Unlock()

	want := coordinator.Connection{
		ID: payload.SharedID, Environment: profile.environment.ID,
		ActivationKey: encoded(key), BandwidthMbps: payload.Bandwidth.InMbps(),
	}
	ctx := context.Background() // the caller of create has long had its answer
	fail = confirm(ctx, peer, want.Environment, key)
	if fail == nil {
		if _, err := peer.CreateConnection(ctx, want); err != nil {
			fail = peerFailed(err)
		}
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	if fail != nil {
		t.sharedID = before
		return fail
	}
	if !c.live(t) || t.state != StateCreating && t.state != StatePendingKey {
		c.tellPeer(news{Deleted: true, Environment: want.Environment, ID: want.ID})
		return refuse(aborted, "The resource '%s' was deleted", t.name())
	}
	t.profile, t.bandwidth, t.provided = profile, payload.Bandwidth, key
	c.provision(t)
	return nil
}
