package interconnect_test

import (
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// slow makes provisioning long enough to be seen under way, even by the engine's
// second plan.
func slow(c *sandbox.Config) {
	c.AWS.Timing.Provisioning, c.Google.Timing.Provisioning = 6*time.Second, 6*time.Second
}
