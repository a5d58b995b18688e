package service_test

import (
	"strings"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

func TestFromProviderData(t *testing.T) {
	accounts := &service.Accounts{Owner: "acme"}
	tests := map[string]struct {
		data any
		want *service.Accounts
		says string
	}{
		"not configured yet": {nil, nil, ""},
		"accounts":           {accounts, accounts, ""},
		"a copy":             {*accounts, nil, "Expected *service.Accounts, got service.Accounts."},
		"something else":     {"accounts", nil, "got string"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, diags := service.FromProviderData(tt.data)
			if got != tt.want {
				t.Errorf("got %v", got)
			}
			if (tt.says == "") != (len(diags) == 0) || len(diags) > 0 && !strings.Contains(diags[0].Detail(), tt.says) {
				t.Errorf("got %v, want %q", diags, tt.says)
			}
		})
	}
}
