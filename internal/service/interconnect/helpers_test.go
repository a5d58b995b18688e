package interconnect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// slow makes provisioning long enough to be seen under way, even by the engine's
// second plan.
func slow(c *sandbox.Config) {
	c.AWS.Timing.Provisioning, c.Google.Timing.Provisioning = 6*time.Second, 6*time.Second
}

// replaceOnce replaces a part of a fixture, which must be there.
func replaceOnce(t testing.TB, in, old, by string) string {
	t.Helper()
	if strings.Count(in, old) != 1 {
		t.Fatalf("the fixture holds %q %d times", old, strings.Count(in, old))
	}
	return strings.Replace(in, old, by, 1)
}

// at is the path of an attribute, and exactly a check of its text.
func at(name string) tfjsonpath.Path { return tfjsonpath.New(name) }

func exactly(value string) knownvalue.Check { return knownvalue.StringExact(value) }

// sharedIn is the shared id that a key says.
func sharedIn(t testing.TB, key string) string {
	t.Helper()
	p, err := activation.NewKey(key).Decode()
	if err != nil {
		t.Fatal(err)
	}
	return p.SharedID
}
