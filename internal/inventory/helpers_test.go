package inventory_test

import (
	"context"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// bench is a sandbox with somebody who builds links there, and the accounts that
// look into it.
type bench struct {
	*acceptance.Builder
	inventory.Clouds
}

func newBench(t *testing.T, change ...func(*sandbox.Config)) *bench {
	t.Helper()
	b := acceptance.NewBuilder(t, acceptance.New(t, change...))
	return &bench{b, b.Clouds()}
}

// transport is the full name of a transport of the sandbox.
func transport(region, name string) string {
	return googleend.TransportName(sandboxgoogle.DefaultProject, region, name)
}

// failing are clouds that answer as if one of them, or its credentials, were
// gone.
func (b *bench) failing(aws, google error) inventory.Clouds {
	c := b.Clouds
	if aws != nil {
		c.AWS = func(context.Context) (*awsend.Account, error) { return nil, aws }
	}
	if google != nil {
		c.Google = func(context.Context) (*googleend.Account, error) { return nil, google }
	}
	return c
}
