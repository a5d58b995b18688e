package aws

import (
	"context"
	"maps"
	"strings"
)

// connectionByARN is the connection that a tag operation names. Another
// account's is denied (inferred). The lock must be held.
func (c *Cloud) connectionByARN(who caller, arn string) (*connection, error) {
	parts := strings.Split(arn, ":")
	account, id := parts[4], strings.TrimPrefix(parts[5], "connection/")
	if account != who.account {
		return nil, deniedError("You are not allowed to access %s.", arn)
	}
	conn, err := c.lookup(who, id)
	if err != nil {
		return nil, err
	}
	if conn.arn != arn || conn.state == StateDeleted {
		return nil, c.unknownConnection(id)
	}
	return conn, nil
}

func (c interconnect) tagConnection(_ context.Context, who caller, in tagResourceInput) (empty, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn, err := c.connectionByARN(who, in.arn)
	if err != nil {
		return empty{}, err
	}
	maps.Copy(conn.tags, in.tags)
	return empty{}, nil
}

// untagConnection removes tags; a key that is not there is no error (inferred).
func (c interconnect) untagConnection(_ context.Context, who caller, in untagResourceInput) (empty, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn, err := c.connectionByARN(who, in.arn)
	if err != nil {
		return empty{}, err
	}
	for _, key := range in.keys {
		delete(conn.tags, key)
	}
	return empty{}, nil
}

func (c interconnect) listConnectionTags(_ context.Context, who caller, in listTagsInput) (tagListing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn, err := c.connectionByARN(who, in.arn)
	if err != nil {
		return tagListing{}, err
	}
	return tagListing{tags: maps.Clone(conn.tags)}, nil
}
