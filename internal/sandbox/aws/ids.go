package aws

import (
	"crypto/rand"
	"fmt"
	"io"
	"sync"
)

// ids makes ids out of random bytes.
type ids struct {
	mu     sync.Mutex
	source io.Reader
}

func newIDs(source io.Reader) *ids {
	if source == nil {
		source = rand.Reader
	}
	return &ids{source: source}
}

// bytes are n random bytes.
func (g *ids) bytes(n int) []byte {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := make([]byte, n)
	if _, err := io.ReadFull(g.source, b); err != nil {
		panic(fmt.Errorf("reading random bytes for an id: %w", err))
	}
	return b
}

// uuid is a UUID of version 4.
func (g *ids) uuid() string {
	b := g.bytes(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// ec2 is what stands after the prefix in the id of something of EC2: 17
// hexadecimal digits.
func (g *ids) ec2() string { return fmt.Sprintf("0%x", g.bytes(8)) }

// suffix is what stands after the prefix in a connection's id: 8 of [a-z0-9]
// (AWS service model, ConnectionId).
func (g *ids) suffix() string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	b := g.bytes(8)
	for i, x := range b {
		b[i] = alphabet[int(x)%len(alphabet)]
	}
	return string(b)
}
