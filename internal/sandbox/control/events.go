package control

import (
	"fmt"

	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
)

// Event is something that happens to one cloud without a customer's call.
type Event struct {
	// Cloud is "aws" or "google".
	Cloud string `json:"cloud"`
	// Event is what happens: link_down, link_up; expire_key; stall, unstall (in
	// State); quota_full; suspend, resume (google); fail (aws); close, open (an
	// environment or a profile).
	Event string `json:"event"`
	// State is the state to stall in; ends stay in it for ever.
	State string `json:"state,omitempty"`
	// ID is what it happens to: a connection's id, a transport's full name, an
	// AWS environment's id.
	ID string `json:"id,omitempty"`
	// Location and Profile name a profile of google.
	Location string `json:"location,omitempty"`
	Profile  string `json:"profile,omitempty"`
}

// happen makes an event happen. The error says that there is no such event, or
// nothing for it to happen to.
func (s *Server) happen(e Event) error {
	switch e.Cloud + "/" + e.Event {
	case "aws/link_down", "aws/link_up":
		return s.clouds.AWS.SetLinkDown(e.ID, e.Event == "link_down")
	case "aws/fail":
		return s.clouds.AWS.FailConnection(e.ID)
	case "aws/close":
		return s.clouds.AWS.SetEnvironmentState(e.ID, sandboxaws.EnvironmentUnavailable)
	case "aws/open":
		return s.clouds.AWS.SetEnvironmentState(e.ID, sandboxaws.EnvironmentAvailable)
	case "aws/expire_key":
		return s.clouds.AWS.ExpireKey(e.ID)
	case "aws/stall", "aws/unstall":
		return s.clouds.AWS.SetStalled(e.ID, sandboxaws.State(e.State), e.Event == "stall")
	case "aws/quota_full":
		s.clouds.AWS.SetQuotas(sandboxaws.Quotas{PerProvider: -1})
		return nil
	case "google/expire_key":
		return s.clouds.Google.ExpireKey(e.ID)
	case "google/stall", "google/unstall":
		return s.clouds.Google.Stall(e.State, e.Event == "stall")
	case "google/quota_full":
		s.clouds.Google.SetTransportQuota(0)
		return nil
	case "google/link_down", "google/link_up":
		return s.clouds.Google.SetLinkDown(e.ID, e.Event == "link_down")
	case "google/suspend", "google/resume":
		return s.clouds.Google.Suspend(e.ID, e.Event == "suspend")
	case "google/close", "google/open":
		return s.clouds.Google.SetProfileOrderState(e.Location, e.Profile, e.Event == "open")
	}
	return fmt.Errorf("there is no event %q of cloud %q", e.Event, e.Cloud)
}
