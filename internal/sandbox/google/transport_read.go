package google

import "strings"

// getTransport answers transports.get.
func (c *Cloud) getTransport(k *call) (any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, fail := c.transportNamed(k)
	if fail != nil {
		return nil, fail
	}
	return c.resource(t, k.version), nil
}

// listTransports answers transports.list.
func (c *Cloud) listTransports(k *call) (any, *apiError) {
	l, fail := readListing(k.query, k.parent()+"/transports", "pageSize", maxPage, "name", "state", "labels.")
	if fail != nil {
		return nil, fail
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, unreachable, fail := c.reach(k)
	if fail != nil {
		return nil, fail
	}
	var all []*transport
	for name, t := range c.transports {
		if k.holds(name) && !c.dark[t.location] {
			all = append(all, t)
		}
	}
	found, next := page(l, all, (*transport).name, (*transport).field)
	var answer struct {
		Transports    []transportResource `json:"transports,omitempty"`
		NextPageToken string              `json:"nextPageToken,omitempty"`
		Unreachable   []string            `json:"unreachable,omitempty"`
	}
	answer.NextPageToken, answer.Unreachable = next, unreachable
	for _, t := range found {
		answer.Transports = append(answer.Transports, c.resource(t, k.version))
	}
	return answer, nil
}

// field reads the fields that a filter may name. The lock is held.
func (t *transport) field(name string) string {
	if label, ok := strings.CutPrefix(name, "labels."); ok {
		return t.labels[label]
	}
	if name == "state" {
		return t.shown()
	}
	return t.name()
}
