package google

// deleteTransport answers transports.delete. The transport is DELETING until
// the operation ends, and gone afterwards.
func (c *Cloud) deleteTransport(k *call) (any, *apiError) {
	requestID := k.query.Get("requestId")
	if fail := checkRequestID(requestID); fail != nil {
		return nil, fail
	}
	request := requestKey("delete", named("transports")(k), requestID)
	c.mu.Lock()
	defer c.mu.Unlock()
	if op, again := c.requests.find(c.now(), request); again {
		return op.resource(), nil
	}
	t, fail := c.transportNamed(k)
	if fail != nil {
		return nil, fail
	}
	switch {
	case t.state == StateCreating && !c.switches.AllowDeleteWhileCreating:
		return nil, notReady(t.name())
	case t.state == StateCreating:
		c.finish(t, t.working, refuse(aborted, "The operation was aborted because the resource '%s' is being deleted", t.name()), nil)
	case t.changing():
		return nil, busy()
	case c.switches.RefuseDeleteWithPeering && c.peeringWith(t) != nil:
		return nil, refuse(failedPrecondition, "The resource '%s' cannot be deleted while a VPC network is peered with it", t.name())
	}
	op := c.startOn(t, "delete", k.version)
	if request != "" {
		c.requests.keep(c.now(), request, op)
	}
	if t.joined && t.state != StateDeprovisioned && !c.switches.KeepPeerOnDelete {
		c.tellPeer(news{Deleted: true, Environment: t.environment(), ID: t.sharedID})
	}
	c.enter(t, StateDeleting)
	c.after(c.cfg.Timing.Deleting, step{do: endTheDeletion, transport: t, op: op})
	return op.resource(), nil
}

// finishDelete takes the transport away.
func (c *Cloud) finishDelete(t *transport, op *operation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live(t) {
		c.drop(t)
	}
	c.finish(t, op, nil, emptyResponse{Type: emptyType})
}
