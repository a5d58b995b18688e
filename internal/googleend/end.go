package googleend

import (
	"context"
	"fmt"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// endName is the cloud's name in messages.
const endName = "Google"

// Config is what a link's Google end should be.
type Config struct {
	// Name is the transport's id: the link's name. Owner is the provider's; the
	// transport carries both as its mark.
	Name, Owner string
	// Project and Region; empty means the account's.
	Project, Region string
	// Network to be peered with the transport, or Hub to attach it to: one of
	// them. A bare name is one of the project's. Both are empty while the choice
	// is not known: what depends on it is then not checked and not compared.
	Network, Hub string
	// AdvertisedRoutes are the prefixes to offer to the other cloud. Their order
	// means nothing.
	AdvertisedRoutes []string
	// StackType is IPV4_ONLY or IPV4_IPV6; empty leaves it to Google.
	StackType string
	// AutoAccept and PSCRouting need Hub.
	AutoAccept, PSCRouting bool
	// Labels of the user. Keys that begin with "crosscloud-" are refused.
	Labels map[string]string
	// RetiredLabels are keys that were configured earlier and are not now. They
	// are removed; all other labels on the transport are left alone.
	RetiredLabels []string
	// Description of the transport.
	Description string
}

// End is the Google end of one link.
type End struct {
	account *Account
	config  Config
}

var _ link.End = (*End)(nil)

// New makes the end of the link that has this configuration.
func New(a *Account, c Config) *End {
	if c.Project == "" {
		c.Project = a.Project()
	}
	if c.Region == "" {
		c.Region = a.Region()
	}
	return &End{account: a, config: c}
}

// Descriptor says that this is Google. See Descriptor.
func (e *End) Descriptor() link.Descriptor { return Descriptor() }

// Descriptor describes any Google end. Bandwidth is written at the other end
// where that may, and the transport is removed before it.
func Descriptor() link.Descriptor {
	return link.Descriptor{Cloud: "google", Name: endName, Object: "transport", WritesBandwidth: false, TeardownOrder: 1, Named: true}
}

// Site is the configured project and region. It costs no call.
func (e *End) Site(context.Context) (link.Site, error) {
	for _, f := range []struct{ field, value string }{{"project", e.config.Project}, {"region", e.config.Region}} {
		if f.value == "" {
			return link.Site{}, &cloud.Error{
				Kind: cloud.Invalid, End: endName, Attempt: "find the transport's place", Field: f.field,
				Message: "no " + f.field + " is configured",
				Remedy:  fmt.Sprintf("Set google.%s in the resource or in the provider configuration.", f.field),
			}
		}
	}
	return link.Site{Account: e.config.Project, Region: e.config.Region}, nil
}

// mark is the mark that the transport should carry.
func (e *End) mark() link.Marker { return link.Marker{Name: e.config.Name, Owner: e.config.Owner} }

// place is where the end lives.
func (e *End) place() place { return place{e.config.Project, e.config.Region} }

// id is the transport's full name.
func (e *End) id() string { return TransportName(e.config.Project, e.config.Region, e.config.Name) }

// Find returns the transport of the link's name, if it carries the link's mark.
// The Mark is the marker asked for where the labels are that marker's; another
// owner is seen as the text of its label. A transport of that name without the
// mark is a cloud.Conflict.
func (e *End) Find(ctx context.Context, m link.Marker) ([]link.Observation, error) {
	o, err := e.account.read(ctx, link.Ref{ID: e.id()})
	if err != nil || o.State == link.Absent {
		return nil, err
	}
	if o.Mark.Name == m.Name {
		o.Mark = recognise(o.Mark, m)
		return []link.Observation{o}, nil
	}
	message := "a transport of this name exists already and does not carry the mark of a link"
	if o.Mark.Name != "" {
		message = fmt.Sprintf("a transport of this name exists already and carries the mark of link %q", o.Mark.Name)
	}
	return nil, &cloud.Error{
		Kind: cloud.Conflict, End: endName, Attempt: "use the name", Object: o.ID, Message: message,
		Remedy: "Import the transport if it is this link's, or choose another name.",
	}
}

// Match returns the transport of the location with the shared id. One that is
// being deleted counts only when there is no other.
func (e *End) Match(ctx context.Context, sharedID string) (link.Observation, error) {
	match := link.Observation{State: link.Absent}
	listed, err := e.account.shared(ctx, e.place())
	for _, o := range listed {
		if sharedID != "" && strings.EqualFold(o.SharedID, sharedID) && (match.State == link.Absent || match.State == link.Deleting) {
			match = o
		}
	}
	if match.State == link.Absent && err != nil {
		return link.Observation{}, err
	}
	match.Mark = recognise(match.Mark, e.mark())
	return match, nil
}
