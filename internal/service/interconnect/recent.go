package interconnect

import (
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

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
func checkKey(m *model, creating bool) string {
	return fmt.Sprint(creating, m.Name, m.Initiator, m.Bandwidth.Speed(), m.AWS.Region, m.AWS.GatewayID,
		m.Google.Project, m.Google.Region, m.Google.Network, m.Google.Hub)
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
