package control

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// Event is something that happens to one cloud without a customer's call.
type Event struct {
	// Cloud is "aws" or "google".
	Cloud string `json:"cloud"`
	// Event is what happens: link_down, link_up; expire_key; stall, unstall (in
	// State); quota_full; suspend, resume (google); fail (aws); close, open (an
	// environment or a profile); partner_deletes (this cloud hears that the other
	// one deletes its half of ID); partner_refuses (Call is answered with Status
	// without being asked), partner_agrees (Call is asked again); channel_down,
	// channel_up (this cloud's side of a channel: three of four carry a link).
	Event string `json:"event"`
	// State is the state to stall in; ends stay in it for ever.
	State string `json:"state,omitempty"`
	// ID is what it happens to: a connection's id, a transport's full name, an
	// AWS environment's id.
	ID string `json:"id,omitempty"`
	// Location and Profile name a profile of google.
	Location string `json:"location,omitempty"`
	Profile  string `json:"profile,omitempty"`
	// Environment, Interconnect and Channel name a channel, in the words of the
	// open API: "aws-gcp-us-east", "quad-1", "channel-3".
	Environment  string `json:"environment,omitempty"`
	Interconnect string `json:"interconnect,omitempty"`
	Channel      string `json:"channel,omitempty"`
	// Call is what the partner refuses, in the words of the open API:
	// "UpdateConnection". Status of the refusal: 400 when it is not given.
	Call   string `json:"call,omitempty"`
	Status int    `json:"status,omitempty"`
}

// partner is what of a cloud has to do with the other one.
type partner interface {
	SetPartnerRefusal(call coordinator.Call, refusal *coordinator.Error) error
	PartnerDeletes(ctx context.Context, id string) error
}

// happen makes an event happen. The error says that there is no such event, or
// nothing for it to happen to.
func (s *Server) happen(ctx context.Context, e Event) error {
	switch {
	case e.Cloud == "aws" && s.clouds.AWS != nil:
		if known, err := s.between(ctx, e, s.clouds.AWS, s.clouds.AWSNode); known {
			return err
		}
		return s.happenAWS(e)
	case e.Cloud == "google" && s.clouds.Google != nil:
		if known, err := s.between(ctx, e, s.clouds.Google, s.clouds.GoogleNode); known {
			return err
		}
		return s.happenGoogle(e)
	}
	return fmt.Errorf("cloud %q does not run here", e.Cloud)
}

// between makes an event between the two clouds happen, as one of them sees it.
// known is false for any other event.
func (s *Server) between(ctx context.Context, e Event, cloud partner, node *coordinator.Node) (known bool, err error) {
	switch e.Event {
	case "partner_deletes":
		return true, cloud.PartnerDeletes(ctx, e.ID)
	case "partner_refuses":
		refusal := coordinator.Error{Status: cmp.Or(e.Status, http.StatusBadRequest), Message: "refused by the sandbox's owner"}
		return true, cloud.SetPartnerRefusal(coordinator.Call(e.Call), &refusal)
	case "partner_agrees":
		return true, cloud.SetPartnerRefusal(coordinator.Call(e.Call), nil)
	case "channel_down", "channel_up":
		if node == nil {
			return true, errors.New("the clouds of this sandbox meet without channels")
		}
		channel := coordinator.ChannelRef{Environment: e.Environment, Interconnect: e.Interconnect, Channel: e.Channel}
		return true, node.SetChannel(channel, coordinator.ChannelState{Disabled: e.Event == "channel_down"})
	}
	return false, nil
}

// unknown is the answer to an event that there is not.
func (e Event) unknown() error {
	return fmt.Errorf("there is no event %q of cloud %q", e.Event, e.Cloud)
}

// happenAWS makes an event inside AWS happen.
func (s *Server) happenAWS(e Event) error {
	aws := s.clouds.AWS
	switch e.Event {
	case "link_down", "link_up":
		return aws.SetLinkDown(e.ID, e.Event == "link_down")
	case "fail":
		return aws.FailConnection(e.ID)
	case "close":
		return aws.SetEnvironmentState(e.ID, sandboxaws.EnvironmentUnavailable)
	case "open":
		return aws.SetEnvironmentState(e.ID, sandboxaws.EnvironmentAvailable)
	case "expire_key":
		return aws.ExpireKey(e.ID)
	case "stall", "unstall":
		return aws.SetStalled(e.ID, sandboxaws.State(e.State), e.Event == "stall")
	case "quota_full":
		aws.SetQuotas(sandboxaws.Quotas{PerProvider: -1})
		return nil
	}
	return e.unknown()
}

// happenGoogle makes an event inside Google happen.
func (s *Server) happenGoogle(e Event) error {
	google := s.clouds.Google
	switch e.Event {
	case "expire_key":
		return google.ExpireKey(e.ID)
	case "stall", "unstall":
		return google.Stall(e.State, e.Event == "stall")
	case "quota_full":
		google.SetTransportQuota(0)
		return nil
	case "link_down", "link_up":
		return google.SetLinkDown(e.ID, e.Event == "link_down")
	case "suspend", "resume":
		return google.Suspend(e.ID, e.Event == "suspend")
	case "close", "open":
		return google.SetProfileOrderState(e.Location, e.Profile, e.Event == "open")
	}
	return e.unknown()
}
