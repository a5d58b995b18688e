package bandwidthtier

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// toLink describes a link that was found to the domain. Which end was the
// initiator does not matter for its bandwidth.
func toLink(ctx context.Context, a *service.Accounts, f inventory.Found) (link.Link, link.View, error) {
	amazon, err := a.AWS(ctx)
	if err != nil {
		return link.Link{}, link.View{}, err
	}
	google, err := a.Google(ctx)
	if err != nil {
		return link.Link{}, link.View{}, err
	}
	mark := f.AWS.Mark
	if mark.Name == "" {
		mark.Name = f.Google.Mark.Name
	}
	l := link.Link{Marker: mark, Ends: [2]link.End{
		inventory.SideAWS: awsend.New(amazon, awsend.Config{Name: mark.Name, Owner: mark.Owner, Region: f.AWS.Site.Region}),
		inventory.SideGoogle: googleend.New(google, googleend.Config{
			Name: mark.Name, Project: f.Google.Site.Account, Region: f.Google.Site.Region,
		}),
	}}
	return l, link.View{inventory.SideAWS: f.AWS, inventory.SideGoogle: f.Google}, nil
}

// before is the bandwidth that a link had before it was taken over: what a note
// says, or else what it has.
func before(f inventory.Found) bandwidth.Bandwidth {
	if f.AWS.Remembered != 0 {
		return f.AWS.Remembered
	}
	return f.AWS.Bandwidth
}

// whole says that a link which was found has both ends; it cannot be resized
// without.
func whole(f inventory.Found) bool {
	for _, o := range []link.Observation{f.AWS, f.Google} {
		if o.State.Gone() || o.State.Dead() || o.State == link.Deleting {
			return false
		}
	}
	return true
}

// resize brings the link to a bandwidth. note, when not 0, is first noted as the
// earlier one; that it cannot be is a warning.
func (r *Resource) resize(ctx context.Context, f inventory.Found, to, note bandwidth.Bandwidth) (inventory.Found, diag.Diagnostics) {
	var diags diag.Diagnostics
	l, v, err := toLink(ctx, r.Accounts, f)
	if err != nil {
		diags.Append(diagnose("The clouds cannot be reached", err))
		return f, diags
	}
	driver := &link.Driver{Pace: r.Accounts.Pace, Reporter: reporter{}}
	if note != 0 && note != f.AWS.Remembered {
		if _, err := driver.Remember(ctx, l, v, note); err != nil {
			diags.Append(notNoted(note, err))
		}
	}
	v, err = driver.Resize(ctx, l, to, v)
	if err != nil {
		diags.Append(diagnose("The bandwidth was not changed", err))
	}
	for _, seen := range []struct{ to, from *link.Observation }{{&f.AWS, &v[inventory.SideAWS]}, {&f.Google, &v[inventory.SideGoogle]}} {
		if seen.from.Bandwidth != 0 {
			seen.to.Bandwidth = seen.from.Bandwidth
		}
	}
	return f, diags
}

// forget removes the note from the connection. That it cannot be is an error, so
// that a destroy is tried again, unless the credentials may never do it.
func (r *Resource) forget(ctx context.Context, f inventory.Found) diag.Diagnostics {
	var diags diag.Diagnostics
	if f.AWS.Remembered == 0 {
		return diags
	}
	l, v, err := toLink(ctx, r.Accounts, f)
	if err == nil {
		_, err = (&link.Driver{Pace: r.Accounts.Pace, Reporter: reporter{}}).Remember(ctx, l, v, 0)
	}
	if err == nil {
		return diags
	}
	d := diagnose("The note of the earlier bandwidth was not removed", err)
	if e, ok := errors.AsType[*cloud.Error](err); ok && strings.HasPrefix(e.Code, "AccessDenied") {
		diags.AddWarning(d.Summary(), d.Detail()+"\n\nWhat to do: Remove the tag "+awsend.TagPrevious+" from the connection, or the next crosscloud_bandwidth_tier takes it for the earlier bandwidth.")
	} else {
		diags.AddError(d.Summary(), d.Detail()+"\n\nWhat to do: Destroy again: the bandwidth is as it is to be, and only the tag "+awsend.TagPrevious+" is left on the connection.")
	}
	return diags
}

// notNoted warns that a killed create would lose the earlier bandwidth.
func notNoted(b bandwidth.Bandwidth, err error) diag.Diagnostic {
	d := diagnose("The earlier bandwidth is in the state only", err)
	return diag.NewAttributeWarningDiagnostic(path.Root("previous_bandwidth"), d.Summary(),
		"The link had "+b.String()+", which could not be noted on the connection. If this apply is killed, it is lost, and a destroy cannot go back to it.\n\n"+d.Detail())
}

// diagnose is service.Diagnose with the fields of an end left out, since this
// resource has none of them.
func diagnose(summary string, err error) diag.Diagnostic {
	if e, ok := errors.AsType[*link.Error](err); ok && e.Field != ".bandwidth" {
		e.Field = ""
	}
	if e, ok := errors.AsType[*cloud.Error](err); ok && e.Field != ".bandwidth" && e.Field != "" {
		e.Field = ""
	}
	return service.Diagnose(summary, err)
}
