package service_test

import (
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

func TestClaims(t *testing.T) {
	link := service.Claim{By: "crosscloud_interconnect", Detail: "ai"}
	tier := service.Claim{By: "crosscloud_bandwidth_tier", Detail: "10Gbps"}
	other := service.Claim{By: "crosscloud_bandwidth_tier", Detail: "1Gbps"}
	none := service.Claim{}
	var c service.Claims
	for _, step := range []struct {
		claim, before service.Claim
		names         []string
		held          *service.Claim
	}{
		{link, none, []string{"a", "arn-of-a"}, nil},
		{link, none, []string{"a"}, nil},
		{tier, none, []string{"arn-of-a"}, &link},
		{tier, none, []string{"a"}, &link},
		{tier, none, []string{"b", ""}, nil},
		{tier, none, []string{"b"}, nil},
		{other, none, []string{"", "c"}, nil},
		{other, none, []string{"b"}, &tier},
		{link, none, []string{"b"}, &tier},
		{other, tier, []string{"b"}, nil},
		{tier, none, []string{"b"}, &other},
	} {
		held := c.Bandwidth(step.claim, step.before, step.names...)
		if (held == nil) != (step.held == nil) || held != nil && *held != *step.held {
			t.Errorf("%+v claims %v: %+v holds it, want %+v", step.claim, step.names, held, step.held)
		}
	}
	c.Release(tier, "a") // Not its own.
	if c.Bandwidth(tier, none, "a") == nil {
		t.Error("a claim was released by another resource")
	}
	c.Release(link, "a", "arn-of-a")
	if held := c.Bandwidth(tier, none, "a", "arn-of-a"); held != nil {
		t.Errorf("%+v holds what was released", held)
	}
}
