package awsend

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

const (
	credentialRemedy = "Give AWS credentials that are valid now: profile, assume_role or the other arguments of the provider's aws block, " +
		"the environment (AWS_PROFILE, or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY), or a role of the machine. `aws sso login` renews an SSO session."
	quotaRemedy = "Delete a connection that is not needed, or ask for a higher quota in the Service Quotas console. " +
		"The quotas of AWS Interconnect: https://docs.aws.amazon.com/interconnect/latest/userguide/quotas_for_aws_interconnect.html"
	billingRemedy = "500 Mbps is AWS's free tier: one in a region with a provider, it cannot be resized, and the account's billing information must be verified. " +
		"Complete it in the Billing and Cost Management console and try again, or choose a paid bandwidth (1Gbps or more)."
	gatewayRemedy = "On AWS a connection and its Direct Connect gateway are in the same account. A gateway that has transit gateways of other regions associated cannot take a connection."
)

// remedy says what the reader of an error should do.
func remedy(e *cloud.Error, err error) string {
	switch e.Kind {
	case cloud.Denied:
		return deniedRemedy(e, err)
	case cloud.Quota:
		return quotaRemedy
	case cloud.Throttled:
		return "AWS refused because of too many calls: wait a little and run it again, with fewer operations at a time."
	case cloud.Conflict:
		return "Somebody else is changing the connection: run it again once that is done."
	case cloud.Precondition:
		if billingText.MatchString(e.Message) {
			return billingRemedy
		}
		return "The state of the connection, or the other cloud, does not allow it: look at the states of both ends first."
	case cloud.NotFound:
		return "It may have been deleted, or be in another region or account: check the region and the credentials."
	case cloud.Unavailable:
		return "AWS did not answer properly, and the call may have taken effect: run it again, the work goes on from what exists. AWS's health: https://health.aws.amazon.com/health/status"
	case cloud.Invalid:
		if e.Field == "region" {
			return "AWS has no such region at this address: check the region's name, whether AWS Interconnect is offered there, the configured endpoint and this machine's DNS."
		}
		return "Correct the value that AWS names."
	}
	return ""
}

// deniedRemedy tells bad credentials from a missing permission.
func deniedRemedy(e *cloud.Error, err error) string {
	if credentialCodes[e.Code] || e.Code == "" && noCredentials(err) {
		return credentialRemedy
	}
	service, action := operation(err)
	if policyText.MatchString(e.Message) {
		return policyRemedy(service, action)
	}
	allow := "Allow the action to the caller's role."
	if action != "" {
		allow = fmt.Sprintf("Allow %s:%s to the caller's role.", service, action)
	}
	if service != "interconnect" {
		return allow
	}
	return allow + " Service control policies must allow interconnect:* too, which is apart from directconnect:*." +
		" AWS gives the same answer for an object that does not exist in this account and region."
}

// policyText is how AWS says that a policy of the organization forbids a call,
// outright or by not allowing it (IAM user guide, access denied error messages).
var policyText = regexp.MustCompile(`(?i)explicit deny in a (service|resource) control policy|no (service|resource) control policy allows`)

// policyRemedy says what to do about a policy of the organization, which nothing
// in the account can overrule.
func policyRemedy(service, action string) string {
	named := service + ":" + action
	if action == "" {
		named = "the action"
	}
	remedy := fmt.Sprintf("A policy of the AWS Organization forbids %s, and no permission in this account can overrule it: "+
		"ask who administers the organization to let this account call it.", named)
	if service == "interconnect" {
		remedy += " It takes interconnect:* in the service control policies of the account and of every unit above it, which is apart from directconnect:*; " +
			"where only the first calls are allowed, a connection fails later without a reason."
	}
	return remedy
}

// operation is the IAM prefix and the action of the call that failed: of the
// innermost, because getting credentials is a call of its own.
func operation(err error) (service, action string) {
	for op, ok := errors.AsType[*smithy.OperationError](err); ok; op, ok = errors.AsType[*smithy.OperationError](op.Err) {
		service, action = op.Service(), op.Operation()
	}
	return strings.ToLower(strings.ReplaceAll(service, " ", "")), action
}
