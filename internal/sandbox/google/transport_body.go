package google

import (
	"maps"
	"net/netip"
	"regexp"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// transportBody is a Transport as a caller sends it.
type transportBody struct {
	labels           map[string]string
	description      string
	remoteProfile    string
	providedKey      string
	bandwidth        string
	stackType        string
	network          string
	advertisedRoutes []string
	remoteAccountID  string
	hub              string
	pscRouting       bool
	autoAccept       bool
	adminEnabled     bool // v1beta has it
	version          version
	// present says which fields the body held, by path.
	present map[string]bool
}

// outputFields are the fields that a request may carry and nobody reads: those
// the service writes, and the identifier, which the URL already gives.
func outputFields() []string {
	return []string{"name", "createTime", "updateTime", "generatedActivationKey", "state", "mtuLimit", "peeringNetwork"}
}

// fields describes the message in a version of the API.
func (b *transportBody) fields() []field {
	enum := b.version.message("Transport") + "."
	all := []field{
		textMap("labels", &b.labels),
		text("description", &b.description),
		text("remoteProfile", &b.remoteProfile),
		text("providedActivationKey", &b.providedKey),
		choice("bandwidth", enum+"Bandwidth", bandwidths(), &b.bandwidth),
		choice("stackType", enum+"StackType", []string{"STACK_TYPE_UNSPECIFIED", ipv4Only, ipv4IPv6}, &b.stackType),
		text("network", &b.network),
		texts("advertisedRoutes", &b.advertisedRoutes),
		text("remoteAccountId", &b.remoteAccountID),
		text("hub", &b.hub),
		flag("pscRoutingEnabled", &b.pscRouting),
		flag("autoAccept", &b.autoAccept),
	}
	if b.version != v1 {
		all = append(all, flag("adminEnabled", &b.adminEnabled))
	}
	for _, name := range outputFields() {
		all = append(all, outputOnly(name))
	}
	return all
}

// readTransport reads a call's body and checks each field on its own.
func readTransport(k *call) (*transportBody, *apiError) {
	b := &transportBody{version: k.version}
	var fail *apiError
	if b.present, fail = decode("transport", k.body, b.fields()); fail != nil {
		return nil, fail
	}
	if fail := checkLabels(b.labels); fail != nil {
		return nil, fail
	}
	if fail := checkRoutes(b.advertisedRoutes); fail != nil {
		return nil, fail
	}
	return b, nil
}

// key is the key that the body brings.
func (b *transportBody) key() activation.Key { return activation.NewKey(b.providedKey) }

// size is the bandwidth that the body asks for; 0 is none.
func (b *transportBody) size() bandwidth.Bandwidth {
	size, err := bandwidth.Parse(b.bandwidth)
	if err != nil {
		return 0 // "": every other value of the enum can be read
	}
	return size
}

// nameForm is the form of a transport's id. Inferred: RFC 1035, as for other
// resources.
var nameForm = regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)

// Label forms (Google product documentation, requirements for labels; letters
// outside ASCII are left out).
var (
	labelKeyForm   = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`)
	labelValueForm = regexp.MustCompile(`^[a-z0-9_-]{0,63}$`)
)

// maxLabels is how many labels a resource may have (Google product
// documentation, requirements for labels).
const maxLabels = 64

func checkLabels(labels map[string]string) *apiError {
	if len(labels) > maxLabels {
		return refuse(invalidArgument, "Too many labels: %d. At most %d are allowed.", len(labels), maxLabels)
	}
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		value := labels[key]
		if !labelKeyForm.MatchString(key) || !labelValueForm.MatchString(value) {
			return refuse(invalidArgument, "Invalid label %q=%q: keys must match %s and values %s.", key, value, labelKeyForm, labelValueForm)
		}
	}
	return nil
}

// checkRoutes refuses what is not a prefix, or has bits behind the prefix.
// Inferred: the discovery document says "IP prefixes".
func checkRoutes(routes []string) *apiError {
	for _, route := range routes {
		prefix, err := netip.ParsePrefix(route)
		if err != nil {
			return refuse(invalidArgument, "Invalid value for advertised_routes: %q is not an IP prefix in CIDR notation.", route)
		}
		if prefix != prefix.Masked() {
			return refuse(invalidArgument, "Invalid value for advertised_routes: %q has host bits set, use %q.", route, prefix.Masked())
		}
	}
	return nil
}
