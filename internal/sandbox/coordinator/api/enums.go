package api

// AdminState says whether a provider has switched a resource off.
type AdminState string

// The values of AdminState.
const (
	AdminEnabled  AdminState = "ADMIN_STATE_ENABLED"
	AdminDisabled AdminState = "ADMIN_STATE_DISABLED"
)

// VerificationState says whether a connection is ready for traffic.
type VerificationState string

// The values of VerificationState.
const (
	Unverified VerificationState = "VERIFICATION_STATE_UNVERIFIED"
	Verified   VerificationState = "VERIFICATION_STATE_VERIFIED"
)

// ProvisioningState says how far a provider is with a feature.
type ProvisioningState string

// The values of ProvisioningState.
const (
	// Pending: the feature exists and its parameters are reserved.
	Pending ProvisioningState = "PROVISIONING_STATE_PENDING"
	// Final: the provider's infrastructure has it.
	Final ProvisioningState = "PROVISIONING_STATE_FINAL"
)

// FeatureType is what a feature is for.
type FeatureType string

// L3Base connects layer 3 traffic; the API has no other feature.
const L3Base FeatureType = "FEATURE_TYPE_L3_BASE"

// EnvironmentVisibility says which customers see an environment.
type EnvironmentVisibility string

// The values of EnvironmentVisibility.
const (
	VisibilityPrivate EnvironmentVisibility = "ENVIRONMENT_VISIBILITY_PRIVATE"
	VisibilityPublic  EnvironmentVisibility = "ENVIRONMENT_VISIBILITY_PUBLIC"
)

// InterconnectState says whether an interconnect takes connections.
type InterconnectState string

// The values of InterconnectState.
const (
	InterconnectPending InterconnectState = "INTERCONNECT_STATE_PENDING"
	InterconnectActive  InterconnectState = "INTERCONNECT_STATE_ACTIVE"
	InterconnectClosed  InterconnectState = "INTERCONNECT_STATE_CLOSED"
)

// IssueState is the state of an issue.
type IssueState string

// The values of IssueState.
const (
	IssueOpen           IssueState = "STATE_OPEN"
	IssueInProgress     IssueState = "STATE_IN_PROGRESS"
	IssueActionRequired IssueState = "STATE_ACTION_REQUIRED"
	IssueClosed         IssueState = "STATE_CLOSED"
)

// IssueContext is what an issue is about; all but the unspecified one demand
// that the thing is named.
type IssueContext string

// The values of IssueContext.
const (
	ContextUnspecified  IssueContext = "ISSUE_CONTEXT_UNSPECIFIED"
	ContextConnection   IssueContext = "ISSUE_CONTEXT_CONNECTION_ISSUE"
	ContextInterconnect IssueContext = "ISSUE_CONTEXT_INTERCONNECT_ISSUE"
)

// Priority is how urgent an issue is.
type Priority string

// The values of Priority.
const (
	PriorityUnspecified Priority = "PRIORITY_UNSPECIFIED"
	PriorityP0          Priority = "PRIORITY_P0"
	PriorityP1          Priority = "PRIORITY_P1"
	PriorityP2          Priority = "PRIORITY_P2"
	PriorityP3          Priority = "PRIORITY_P3"
	PriorityP4          Priority = "PRIORITY_P4"
)

// Known says whether the priority is one of the API's, or none.
func (p Priority) Known() bool {
	switch p {
	case "", PriorityUnspecified, PriorityP0, PriorityP1, PriorityP2, PriorityP3, PriorityP4:
		return true
	}
	return false
}
