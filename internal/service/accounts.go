package service

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Accounts is what the provider hands to every resource and data source: the
// two clouds as its configuration gives them.
type Accounts struct {
	// Owner is written on both ends of every link; empty when not configured.
	Owner string
	// DefaultTags and DefaultLabels are put on every AWS and Google object.
	DefaultTags, DefaultLabels map[string]string
	// AWS and Google make the account on first use, so that a configuration
	// that needs one cloud only asks for no credentials of the other. Both are
	// safe for concurrent use and return the same account each time.
	AWS    func(context.Context) (*awsend.Account, error)
	Google func(context.Context) (*googleend.Account, error)
	// Observer is told of every check that a plan makes; nil is nobody.
	Observer func(Checked)
	// Claims is who sets which link's bandwidth.
	Claims *Claims
	// Pace of waiting; the zero Pace is cloud.DefaultPace.
	Pace cloud.Pace
}

// Checked is what the check of one resource at plan found, for who wants more of it
// than diagnostics tell: that a topic was looked at and nothing is wrong, too.
type Checked struct {
	Looks    []link.Look
	Findings []link.Finding
	// Err is of a call that could not be made, or of an activation key that is
	// not the one; what would have come after it is not among Looks.
	Err error
}

// Tell tells the observer of a check.
func (a *Accounts) Tell(c Checked) {
	if a.Observer != nil {
		a.Observer(c)
	}
}

// Links is where links are looked for.
func (a *Accounts) Links() inventory.Clouds {
	return inventory.Clouds{AWS: a.AWS, Google: a.Google}
}

// FromProviderData takes the Accounts out of what the framework passes to
// Configure. It returns nil, without a diagnostic, before the provider has been
// configured (validation runs without).
func FromProviderData(data any) (*Accounts, diag.Diagnostics) {
	var diags diag.Diagnostics
	if data == nil {
		return nil, diags
	}
	a, ok := data.(*Accounts)
	if !ok {
		diags.AddError("Provider data of the wrong kind", fmt.Sprintf("Expected *service.Accounts, got %T. This is a bug in the provider: please report it.", data))
	}
	return a, diags
}
