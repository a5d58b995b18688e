package coordinator

import (
	"context"
	"net/http"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// keysOfChannel is how many MACsec keys a channel may have; an interconnect of N
// channels may have N+1 (Connection Coordinator API, MacSecKey).
const keysOfChannel = 2

// managed is the channel that the path names, to the manager of its keys alone.
func (n *Node) managed(r *request) (*quad, *channel, error) {
	q, c, err := n.channel(r)
	if err == nil && c.manager != n.cfg.Peer.ID {
		err = refuse(http.StatusForbidden, "the keys of channel %s are managed by %s", c.id, c.manager)
	}
	return q, c, err
}

// shownKey is a MACsec key in the API. The manager, who alone may ask, gets back
// all that it gave.
func (n *Node) shownKey(q *quad, c *channel, k *macsecKey) api.MACsecKey {
	return api.MACsecKey{
		Name: n.asked(q).Channel(c.id) + "/macSecKeys/" + k.id,
		CAK:  k.cak, CKN: k.ckn, StartTime: k.started, Active: k.active,
	}
}

// key is the key with an id, or nil. The lock must be held.
func (c *channel) key(id string) *macsecKey {
	at := slices.IndexFunc(c.keys, func(k *macsecKey) bool { return k.id == id })
	if at < 0 {
		return nil
	}
	return c.keys[at]
}

// install gives a channel a key, which becomes the active one (inferred: the
// document says that one is, not which). The lock must be held.
func (q *quad) install(c *channel, k *macsecKey) error {
	all := 0
	for _, other := range q.channels {
		all += len(other.keys)
	}
	switch {
	case c.key(k.id) != nil:
		return refuse(http.StatusConflict, "key %q exists already", k.id)
	case k.cak == "" || k.ckn == "":
		return refuse(http.StatusBadRequest, "cak and ckn are required")
	case len(c.keys) >= keysOfChannel:
		return refuse(http.StatusBadRequest, "channel %s has %d keys already", c.id, keysOfChannel)
	case all > len(q.channels):
		return refuse(http.StatusBadRequest, "interconnect %s has %d keys already", q.interconnect, all)
	}
	for _, other := range c.keys {
		other.active = false
	}
	k.active = true
	c.keys = append(c.keys, k)
	return nil
}

func (n *Node) createMACsecKey(r *request) (any, error) {
	q, c, err := n.managed(r)
	if err != nil {
		return nil, err
	}
	id, err := r.newID("macSecKeyId")
	if err != nil {
		return nil, err
	}
	in, err := read[api.MACsecKey](r)
	if err != nil {
		return nil, err
	}
	k := &macsecKey{id: id, cak: in.CAK, ckn: in.CKN, started: n.cfg.Clock.Now()}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := q.install(c, k); err != nil {
		return nil, err
	}
	return n.shownKey(q, c, k), nil
}

func (n *Node) listMACsecKeys(r *request) (any, error) {
	q, c, err := n.managed(r)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	var out api.ListMACsecKeysResponse
	for _, k := range c.keys {
		out.MACsecKeys = append(out.MACsecKeys, n.shownKey(q, c, k))
	}
	return out, nil
}

func (n *Node) getMACsecKey(r *request) (any, error) {
	q, c, err := n.managed(r)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	k := c.key(r.PathValue("macSecKey"))
	if k == nil {
		return nil, r.missing()
	}
	return n.shownKey(q, c, k), nil
}

func (n *Node) deleteMACsecKey(r *request) (any, error) {
	_, c, err := n.managed(r)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	k := c.key(r.PathValue("macSecKey"))
	switch {
	case k == nil:
		return nil, r.missing()
	case k.active:
		return nil, refuse(http.StatusBadRequest, "key %q is active", k.id)
	}
	c.keys = slices.DeleteFunc(c.keys, func(other *macsecKey) bool { return other == k })
	return api.Empty{}, nil
}

// rotate gives a channel that we manage a new key here, then at the peer, and
// takes the old one away at both.
func (n *Node) rotate(ctx context.Context, q *quad, c *channel) error {
	_, client, err := n.parties()
	if err != nil {
		return err
	}
	k := &macsecKey{id: "key-" + n.hex(8), cak: n.hex(32), ckn: n.hex(32), started: n.cfg.Clock.Now()}
	n.mu.Lock()
	old := slices.Clone(c.keys)
	err = q.install(c, k)
	n.mu.Unlock()
	if err != nil {
		return err
	}
	name := n.asks(q).Channel(c.id)
	if _, err := client.CreateMACsecKey(ctx, name, k.id, api.MACsecKey{CAK: k.cak, CKN: k.ckn}); err != nil {
		n.mu.Lock()
		defer n.mu.Unlock()
		c.keys = old
		if len(old) > 0 {
			old[len(old)-1].active = true
		}
		return err
	}
	for _, o := range old {
		if err := client.DeleteMACsecKey(ctx, name+"/macSecKeys/"+o.id); err != nil && statusOf(err) != http.StatusNotFound {
			return err
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	c.keys = slices.DeleteFunc(c.keys, func(o *macsecKey) bool { return slices.Contains(old, o) })
	return nil
}
