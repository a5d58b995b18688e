package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// introduce lets the clouds know of each other: through the open API, or
// directly.
func (s *Sandbox) introduce(ctx context.Context, cfg Config) error {
	if cfg.Direct {
		s.AWS.SetPeer(s.Google)
		s.Google.SetPeer(s.AWS)
		return nil
	}
	var err error
	if s.AWS != nil {
		s.AWSNode = coordinator.NewNode(coordinator.NodeConfig{
			Self: coordinator.AWS(), Peer: coordinator.Google(),
			Environments: cfg.AWS.Environments, Clock: cfg.AWS.Clock, NoSweep: cfg.NoSweep, Log: cfg.logOf(AWS),
		})
		if s.AWSCoordinatorURL, err = s.stand(ctx, cfg.AWSCoordinator, s.AWSNode, s.AWS, cfg.front(DoorAWSCoordinator, s.AWSNode)); err != nil {
			return err
		}
	}
	if s.Google != nil {
		s.GoogleNode = coordinator.NewNode(coordinator.NodeConfig{
			Self: coordinator.Google(), Peer: coordinator.AWS(),
			Environments: cfg.Google.Environments, Clock: cfg.Google.Clock, NoSweep: cfg.NoSweep, Log: cfg.logOf(Google),
		})
		if s.GoogleCoordinatorURL, err = s.stand(ctx, cfg.GoogleCoordinator, s.GoogleNode, s.Google, cfg.front(DoorGoogleCoordinator, s.GoogleNode)); err != nil {
			return err
		}
	}
	switch cfg.Only {
	case AWS:
		return s.meetAt(cfg.GoogleCoordinator)
	case Google:
		return s.meetAt(cfg.AWSCoordinator)
	}
	s.AWSNode.Connect(s.GoogleCoordinatorURL)
	s.GoogleNode.Connect(s.AWSCoordinatorURL)
	return nil
}

// logOf is the log of one cloud's side of the open API; nil where there is none.
func (c Config) logOf(side Which) func(coordinator.Record) {
	if c.CoordinatorLog == nil {
		return nil
	}
	return func(r coordinator.Record) { c.CoordinatorLog(side, r) }
}

// cloud is what a node needs of its own cloud.
type cloud interface {
	coordinator.Server
	SetPeer(coordinator.Server)
}

// stand puts a node between its cloud and the other one, serves it behind its
// door, and returns its URL.
func (s *Sandbox) stand(ctx context.Context, address string, node *coordinator.Node, own cloud, door http.Handler) (string, error) {
	node.SetCloud(own)
	own.SetPeer(node)
	return s.serve(ctx, address, door)
}

// meetAt is Meet with an address, which may be missing.
func (s *Sandbox) meetAt(address string) error {
	if address == "" {
		return nil
	}
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	return s.Meet(address)
}

// Meet tells the one cloud that runs here the base URL of the other one's side
// of the open API. It fails where both run here, and for anything but HTTP on
// loopback.
func (s *Sandbox) Meet(coordinatorURL string) error {
	node := s.AWSNode
	switch {
	case (s.AWSNode == nil) == (s.GoogleNode == nil):
		return errors.New("meeting another cloud: both clouds run in this sandbox")
	case node == nil:
		node = s.GoogleNode
	}
	target, err := url.Parse(coordinatorURL)
	if err != nil {
		return fmt.Errorf("meeting another cloud: %w", err)
	}
	if target.Scheme != "http" || target.Port() == "" {
		return fmt.Errorf("meeting another cloud: %q is not http://host:port", coordinatorURL)
	}
	if err := loopback(target.Host); err != nil {
		return fmt.Errorf("meeting another cloud: %w", err)
	}
	node.Connect(coordinatorURL)
	return nil
}
