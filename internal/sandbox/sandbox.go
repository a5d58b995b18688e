package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"sync"
	"time"

	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/control"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// Addresses that a sandbox listens on where none are given, so that the
// environment of one that runs is known without asking it.
const (
	DefaultAWSAddress    = "127.0.0.1:7420"
	DefaultGoogleAddress = "127.0.0.1:7421"
	// DefaultAWSCoordinator and DefaultGoogleCoordinator are where clouds that
	// run in two processes find each other.
	DefaultAWSCoordinator    = "127.0.0.1:7422"
	DefaultGoogleCoordinator = "127.0.0.1:7423"
)

// Regions that Env makes the default: the first pair that the clouds joined.
const (
	DefaultAWSRegion    = "us-east-1"
	DefaultGoogleRegion = "us-east4"
)

// What a sandbox is seeded with where it is asked to be.
const (
	SeedGateway    = "sandbox"
	SeedGatewayASN = 64512
	SeedNetwork    = "default"
	// SeedNetworkMTU in bytes is what AWS carries, so that nothing is lost.
	SeedNetworkMTU = 8500
	// SeedVPC is the address range of the seeded VPC.
	SeedVPC = "10.64.0.0/16"
)

// Which says which of the two clouds.
type Which string

// The values of Which.
const (
	Both   Which = ""
	AWS    Which = "aws"
	Google Which = "google"
)

// Door is where requests come in.
type Door string

// The doors of the clouds, and those of their sides of the open API.
const (
	DoorAWS               Door = "aws"
	DoorGoogle            Door = "google"
	DoorAWSCoordinator    Door = "aws coordinator"
	DoorGoogleCoordinator Door = "google coordinator"
)

// front puts the owner's Front, where there is one, before a door.
func (c Config) front(d Door, h http.Handler) http.Handler {
	if c.Front == nil {
		return h
	}
	return c.Front(d, h)
}

// Config sets up a sandbox. The zero value is ready: both clouds' defaults, on
// ports that the system chooses.
type Config struct {
	// AWS and Google set up the two clouds.
	AWS    sandboxaws.Config
	Google sandboxgoogle.Config
	// AWSAddress and GoogleAddress are where they listen; empty means a port
	// of 127.0.0.1 that is free. Anything but loopback is refused.
	AWSAddress, GoogleAddress string
	// Seed makes a Direct Connect gateway, a VPC with a virtual private gateway
	// on AWS, and a VPC network on Google, to build on.
	Seed bool
	// SeedFile, when not empty, is seeded instead: a file in the form of Seed.
	SeedFile string
	// Only runs one cloud; the other runs in another process.
	Only Which
	// AWSCoordinator and GoogleCoordinator are where the clouds' sides of the
	// open API listen, as AWSAddress is. That of a cloud that runs in another
	// process says where it is; empty means that Meet will.
	AWSCoordinator, GoogleCoordinator string
	// CoordinatorLog takes one record for each request between the clouds, of the
	// side that answers it; nil means no log.
	CoordinatorLog func(side Which, r coordinator.Record)
	// Direct introduces the clouds to each other without the open API's HTTP
	// between them, for tests of something else.
	Direct bool
	// NoSweep keeps links that were never finished for ever (see
	// coordinator.NodeConfig).
	NoSweep bool
	// Speed, when not 0, gives both clouds a clock of their own that runs this
	// many times faster than the machine's and that the control API changes.
	// Client signatures still go by the machine's.
	Speed float64
	// StateFile, when it exists, is restored at the start, instead of seeding;
	// State.SaveFile writes it. It holds activation keys in clear.
	StateFile string
	// Front, when not nil, stands before what answers at a door, to look at what
	// passes.
	Front func(Door, http.Handler) http.Handler
	// ControlAddress is where the control API listens; empty means nowhere.
	ControlAddress string
}

// check refuses what contradicts itself.
func (c Config) check() error {
	if c.Only != Both && c.Only != AWS && c.Only != Google {
		return fmt.Errorf("%q is not a cloud: it is %q or %q", c.Only, AWS, Google)
	}
	if c.Direct && c.Only != Both {
		return errors.New("one cloud alone cannot be introduced directly")
	}
	return nil
}

// Sandbox is two clouds that run, or one of them.
type Sandbox struct {
	// AWS and Google are the clouds, for those who want to look inside or to
	// make trouble. A cloud that does not run here is nil.
	AWS    *sandboxaws.Cloud
	Google *sandboxgoogle.Cloud
	// AWSNode and GoogleNode are the clouds' sides of the open API; nil where
	// the cloud does not run here, and with Config.Direct.
	AWSNode, GoogleNode *coordinator.Node
	// AWSURL and GoogleURL are their base URLs; empty for a cloud that does
	// not run here.
	AWSURL, GoogleURL string
	// AWSCoordinatorURL and GoogleCoordinatorURL are the base URLs of their
	// sides of the open API; empty as the nodes are nil.
	AWSCoordinatorURL, GoogleCoordinatorURL string
	// ControlURL is the control API's base URL; empty where there is none.
	ControlURL string
	// GatewayID is the first seeded Direct Connect gateway, and VPNGatewayID the
	// virtual private gateway of the first seeded VPC; empty where none was
	// seeded.
	GatewayID, VPNGatewayID string
	// Faults strike calls to the clouds; see package control.
	Faults *control.Faults
	// State takes snapshots of the clouds and restores them.
	State control.Clouds

	servers []*http.Server
	done    sync.WaitGroup
}

// Start makes the clouds, introduces them to each other, and serves them until
// Close.
func Start(ctx context.Context, cfg Config) (*Sandbox, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("starting the sandbox: %w", err)
	}
	s := &Sandbox{Faults: &control.Faults{}}
	if err := s.start(ctx, cfg); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Sandbox) start(ctx context.Context, cfg Config) error {
	s.State.Faults = s.Faults
	seed, err := seedOf(cfg)
	if err != nil {
		return err
	}
	seed.configure(&cfg)
	if cfg.Speed != 0 {
		s.State.Clock = clock.NewAdjustable(time.Now(), cfg.Speed)
		cfg.AWS.Clock, cfg.Google.Clock = s.State.Clock, s.State.Clock
	}
	s.intercept(&cfg)
	if cfg.Only != Google {
		s.AWS = sandboxaws.New(cfg.AWS)
	}
	if cfg.Only != AWS {
		s.Google = sandboxgoogle.New(cfg.Google)
	}
	if err := s.introduce(ctx, cfg); err != nil {
		return err
	}
	s.State.AWS, s.State.Google = s.AWS, s.Google
	s.State.AWSNode, s.State.GoogleNode = s.AWSNode, s.GoogleNode
	if err := s.fill(cfg, seed); err != nil {
		return err
	}
	return s.open(ctx, cfg)
}

// fill restores what the state file holds, or seeds.
func (s *Sandbox) fill(cfg Config, seed Seed) error {
	if cfg.StateFile != "" {
		err := s.State.LoadFile(cfg.StateFile)
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	var errs [3]error
	if s.AWS != nil {
		s.GatewayID, errs[0] = seed.AWS.sow(s.AWS)
		s.VPNGatewayID, errs[2] = seed.AWS.sowVPCs(s.AWS)
	}
	if s.Google != nil {
		errs[1] = seed.Google.sow(s.Google)
	}
	if err := errors.Join(errs[:]...); err != nil {
		return fmt.Errorf("seeding the sandbox: %w", err)
	}
	return nil
}

// intercept lets the faults be asked before each call, behind an interceptor of
// the owner's.
func (s *Sandbox) intercept(cfg *Config) {
	aws, google := cfg.AWS.Intercept, cfg.Google.Intercept
	cfg.AWS.Intercept = func(c sandboxaws.Call) *sandboxaws.Fault {
		if aws != nil {
			if f := aws(c); f != nil {
				return f
			}
		}
		return s.Faults.AWS(c)
	}
	cfg.Google.Intercept = func(c sandboxgoogle.Call) *sandboxgoogle.Fault {
		if google != nil {
			if f := google(c); f != nil {
				return f
			}
		}
		return s.Faults.Google(c)
	}
}

// Close stops the clouds and waits until their servers have ended.
func (s *Sandbox) Close() error {
	if s.Google != nil {
		s.Google.Close()
	}
	for _, node := range []*coordinator.Node{s.AWSNode, s.GoogleNode} {
		if node != nil {
			node.Close()
		}
	}
	var errs []error
	for _, server := range s.servers {
		errs = append(errs, server.Close())
	}
	s.done.Wait()
	return errors.Join(errs...)
}
