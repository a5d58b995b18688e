package service_test

import (
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

func TestClaims(t *testing.T) {
	link := service.Claim{By: "crosscloud_interconnect", Detail: "ai"}
	tier := service.Claim{By: "crosscloud_bandwidth_tier", Detail: "10Gbps"}
	other := service.Claim{By: "crosscloud_bandwidth_tier", Detail: "1Gbps"}
	var c service.Claims
	for _, step := range []struct {
		claim service.Claim
		names []string
		held  *service.Claim
	}{
		{link, []string{"a", "arn-of-a"}, nil},
		{link, []string{"a"}, nil},
		{tier, []string{"arn-of-a"}, &link},
		{tier, []string{"a"}, &link},
		{tier, []string{"b", ""}, nil},
		{tier, []string{"b"}, nil},
		{other, []string{"", "c"}, nil},
		{other, []string{"b"}, &tier},
		{link, []string{"b"}, &tier},
	} {
		held := c.Bandwidth(step.claim, step.names...)
		if (held == nil) != (step.held == nil) || held != nil && *held != *step.held {
			t.Errorf("%+v claims %v: %+v holds it, want %+v", step.claim, step.names, held, step.held)
		}
	}
}
