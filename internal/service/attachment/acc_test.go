package attachment_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
)

const address = "crosscloud_attachment.test"

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// configuration is a link with what a test hangs on it, behind the stage's provider
// block.
func configuration(t testing.TB, s *acceptance.Stage, owner, attachment string) string {
	t.Helper()
	link, err := os.ReadFile(filepath.Join("testdata", "link.tf"))
	if err != nil {
		t.Fatal(err)
	}
	if owner != "" {
		owner = fmt.Sprintf("owner = %q", owner)
	}
	return s.Provider(owner) + fmt.Sprintf("locals { gateway = %q }\n", s.GatewayID) + string(link) + attachment
}

// both is an attachment with a part on either cloud.
func both(gateway, more string) string {
	return fmt.Sprintf(`
resource "crosscloud_attachment" "test" {
  name         = "vpc"
  interconnect = crosscloud_interconnect.test.id
  aws          = { gateway_id = %q %s }
  google       = {}
}
`, gateway, more)
}
