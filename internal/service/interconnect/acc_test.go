package interconnect_test

import (
	"os"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
)

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
