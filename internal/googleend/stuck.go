package googleend

import (
	"fmt"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

var _ link.Diagnoser = (*End)(nil)

// transportManager is the account by which Google makes transports in a project
// (Google's guide to Partner Cross-Cloud Interconnect, provisioning overview).
const transportManager = "networkconnectivity-transportmanager-clh@system.gserviceaccount.com"

// Stuck says what usually keeps a transport in creation. Google reports nothing:
// the operation goes on for days (reported by users).
func (e *End) Stuck(o link.Observation) link.Diagnosis {
	p := e.config.Project
	operation := ""
	if o.Operation != "" {
		operation = " (" + lastSegment(o.Operation) + ")"
	}
	return link.Diagnosis{
		Cause: fmt.Sprintf("Google reports no error for it, and its operation%s goes on. Usual causes: VPC Service Controls whose perimeter around project %s "+
			"has no ingress and egress rules for %s; or Google's service agent, service-PROJECT_NUMBER@gcp-sa-networkconnectivity.iam.gserviceaccount.com, "+
			"is missing or has lost roles/networkconnectivity.serviceAgent.", operation, p, transportManager),
		Remedy: fmt.Sprintf("Look for what the perimeter refused: gcloud logging read \"protoPayload.metadata.violationReason:*\" --project=%[1]s. "+
			"Let %[2]s in and out. Look for the service agent's role: gcloud projects get-iam-policy %[1]s; "+
			"to have the agent made: gcloud beta services identity create --service=networkconnectivity.googleapis.com --project=%[1]s.", p, transportManager),
	}
}
