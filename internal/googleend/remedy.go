package googleend

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// Reasons that say more than the code does (google.rpc ErrorInfo.reason, and
// Compute Engine's words for the same).
var (
	rateReasons     = []string{"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded"}
	quotaReasons    = []string{"QUOTA_EXCEEDED", "RESOURCE_QUOTA_EXCEEDED", "quotaExceeded", "limitExceeded", "dailyLimitExceeded"}
	disabledReasons = []string{"SERVICE_DISABLED", "accessNotConfigured"}
)

// busyPeering is how Compute Engine refuses a change of a peering while there is
// another on either network, one at a time, and a peering that exists already
// (the first recorded by users, the second inferred).
var busyPeering = regexp.MustCompile(`(?i)(peering|route) operation in progress|already a peering`)

const credentialsRemedy = "Give Google credentials: run \"gcloud auth application-default login\", set GOOGLE_APPLICATION_CREDENTIALS, " +
	"or set google.credentials or google.access_token in the provider configuration."

// remedies are what to do about a kind of error, where nothing narrower is known.
var remedies = map[cloud.Kind]string{
	cloud.Conflict:     "Somebody else is changing it: wait for that to end, and apply again.",
	cloud.Throttled:    "Apply again later; the request was repeated already.",
	cloud.Quota:        "Ask for a higher quota in the Google Cloud console (IAM & Admin, Quotas). A project has one transport in each region by default.",
	cloud.Denied:       "Grant roles/networkconnectivity.transportAdmin, and roles/compute.networkViewer on the network's project, to whom the credentials belong.",
	cloud.Precondition: "Wait until both ends have settled, and apply again.",
	cloud.Unavailable:  "Apply again: what the call may have done is found and carried on from.",
}

// kind says what the refusal means.
func (r refusal) kind() cloud.Kind {
	switch {
	case r.agentMissing():
		return cloud.Precondition
	case slices.Contains(rateReasons, r.reason):
		return cloud.Throttled
	case slices.Contains(quotaReasons, r.reason) || r.overQuota():
		return cloud.Quota
	case r.status == http.StatusPreconditionFailed, busyPeering.MatchString(r.message):
		return cloud.Conflict
	}
	switch r.word {
	case "INVALID_ARGUMENT", "OUT_OF_RANGE":
		return cloud.Invalid
	case "NOT_FOUND":
		return cloud.NotFound
	case "ALREADY_EXISTS", "ABORTED", "CANCELLED":
		return cloud.Conflict
	case "PERMISSION_DENIED", "UNAUTHENTICATED":
		return cloud.Denied
	case "RESOURCE_EXHAUSTED":
		return cloud.Throttled
	case "FAILED_PRECONDITION", "UNIMPLEMENTED":
		return cloud.Precondition
	case "INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED", "DATA_LOSS":
		return cloud.Unavailable
	}
	return cloud.Unknown
}

// overQuota tells a limit on how many there may be from a limit on how fast one
// may ask. Both come as RESOURCE_EXHAUSTED; the latter names a span of time.
func (r refusal) overQuota() bool {
	if r.word != "RESOURCE_EXHAUSTED" && r.word != "PERMISSION_DENIED" {
		return false
	}
	said := strings.ToLower(r.message)
	if strings.Contains(said, "per minute") || strings.Contains(said, "per second") || strings.Contains(said, "rate limit") {
		return false
	}
	quota := slices.ContainsFunc(r.details, func(d detail) bool { return strings.HasSuffix(d.Type, "QuotaFailure") })
	return quota || r.word == "RESOURCE_EXHAUSTED" && strings.Contains(said, "quota")
}

// agentMissing says that the service's own account does not exist in the project.
func (r refusal) agentMissing() bool {
	return strings.Contains(r.message, "gcp-sa-networkconnectivity")
}

// perimeter says that VPC Service Controls forbade the call (the reason and the
// violation's type are those of sibling services).
func (r refusal) perimeter() bool {
	return r.reason == "SECURITY_POLICY_VIOLATED" ||
		strings.Contains(r.message, "vpcServiceControlsUniqueIdentifier") ||
		slices.ContainsFunc(r.details, func(d detail) bool {
			return strings.Contains(string(d.Violations), "VPC_SERVICE_CONTROLS")
		})
}

// placeless says that the location is at fault: Google denies what it does not
// have.
func (r refusal) placeless() bool {
	return r.word == "PERMISSION_DENIED" && strings.Contains(r.message, "on 'locations/")
}

// remedy says what to do next.
func (r refusal) remedy(k cloud.Kind) string {
	switch {
	case r.agentMissing():
		return "Create the service's own account, wait a few minutes, and apply again: " +
			"gcloud beta services identity create --service=networkconnectivity.googleapis.com"
	case r.perimeter():
		return "Add ingress and egress rules for " + transportManager + " " +
			"to the VPC Service Controls perimeter around the project."
	case slices.Contains(disabledReasons, r.reason):
		return fmt.Sprintf("Enable the API, wait a few minutes, and apply again: gcloud services enable %s",
			r.metadata("service", "networkconnectivity.googleapis.com compute.googleapis.com"))
	case r.placeless():
		return "Check the region's name first: a region that does not exist is denied in the same words. " + remedies[cloud.Denied]
	case r.word == "UNAUTHENTICATED":
		return credentialsRemedy
	case k == cloud.Denied && r.metadata("permission", "") != "":
		return fmt.Sprintf("The permission %s is missing. %s", r.metadata("permission", ""), remedies[k])
	}
	return remedies[k]
}

// metadata is a value of the refusal's ErrorInfo.
func (r refusal) metadata(key, otherwise string) string {
	for _, d := range r.details {
		if v := d.Metadata[key]; v != "" {
			return v
		}
	}
	return otherwise
}
