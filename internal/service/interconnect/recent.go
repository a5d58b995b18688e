package interconnect

import (
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// checkedFor is how long a check is good for. Terraform plans once more at the
// beginning of an apply and creates right after: one check serves both.
const checkedFor = 15 * time.Second

// recent remembers the last check of each configuration.
type recent struct {
	mu     sync.Mutex
	checks map[string]checked
}

type checked struct {
	at    time.Time
	found link.Preflight
	diags diag.Diagnostics
}

// checkKey is what a check depends on.
func checkKey(m *model, key activation.Key, creating bool) string {
	parts := []any{creating, m.Name, m.Initiator, m.Bandwidth.Speed(), m.SharedID, sha256.Sum256([]byte(key.Reveal()))}
	if m.AWS != nil {
		parts = append(parts, "aws", m.AWS.Region, m.AWS.GatewayID)
	}
	if m.Google != nil {
		parts = append(parts, "google", m.Google.Project, m.Google.Region, m.Google.Network, m.Google.Hub)
	}
	if m.Peer != nil {
		parts = append(parts, "peer", m.Peer.Account, m.Peer.Region, m.Peer.SharedID)
	}
	return fmt.Sprint(parts...)
}

// get is the check of a configuration made a moment ago.
func (r *recent) get(key string) (checked, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, ok := r.checks[key]
	return c, ok && time.Since(c.at) < checkedFor
}

// put remembers a check, and forgets those that are too old.
func (r *recent) put(key string, c checked) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.checks == nil {
		r.checks = map[string]checked{}
	}
	for k, old := range r.checks {
		if time.Since(old.at) >= checkedFor {
			delete(r.checks, k)
		}
	}
	r.checks[key] = c
}
