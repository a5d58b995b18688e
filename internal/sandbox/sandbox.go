package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
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
	// SeedNetworkMTU in bytes is that of a transport, so that nothing is lost.
	SeedNetworkMTU = 8896
)

// Which says which of the two clouds.
type Which string

// The values of Which.
const (
	Both   Which = ""
	AWS    Which = "aws"
	Google Which = "google"
)

// Config sets up a sandbox. The zero value is ready: both clouds' defaults, on
// ports that the system chooses.
type Config struct {
	// AWS and Google set up the two clouds.
	AWS    sandboxaws.Config
	Google sandboxgoogle.Config
	// AWSAddress and GoogleAddress are where they listen; empty means a port
	// of 127.0.0.1 that is free. Anything but loopback is refused.
	AWSAddress, GoogleAddress string
	// Seed makes a Direct Connect gateway and a VPC network to build on.
	Seed bool
	// Only runs one cloud; the other runs in another process.
	Only Which
	// AWSCoordinator and GoogleCoordinator are where the clouds' sides of the
	// open API listen, as AWSAddress is. That of a cloud that runs in another
	// process says where it is; empty means that Meet will.
	AWSCoordinator, GoogleCoordinator string
	// Direct introduces the clouds to each other without the open API's HTTP
	// between them, for tests of something else.
	Direct bool
	// NoSweep keeps links that were never finished for ever (see
	// coordinator.NodeConfig).
	NoSweep bool
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
	// GatewayID is the seeded gateway; empty where nothing was seeded.
	GatewayID string

	servers []*http.Server
	done    sync.WaitGroup
}

// Start makes the clouds, introduces them to each other, and serves them until
// Close.
func Start(ctx context.Context, cfg Config) (*Sandbox, error) {
	if cfg.Only != Both && cfg.Only != AWS && cfg.Only != Google {
		return nil, fmt.Errorf("starting the sandbox: %q is not a cloud: it is %q or %q", cfg.Only, AWS, Google)
	}
	if cfg.Direct && cfg.Only != Both {
		return nil, errors.New("starting the sandbox: one cloud alone cannot be introduced directly")
	}
	s := &Sandbox{}
	if err := s.start(ctx, cfg); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Sandbox) start(ctx context.Context, cfg Config) error {
	if cfg.Only != Google {
		s.AWS = sandboxaws.New(cfg.AWS)
	}
	if cfg.Only != AWS {
		s.Google = sandboxgoogle.New(cfg.Google)
	}
	if err := s.introduce(ctx, cfg); err != nil {
		return err
	}
	if cfg.Seed {
		if err := s.seed(); err != nil {
			return fmt.Errorf("seeding the sandbox: %w", err)
		}
	}
	var err error
	if s.AWS != nil {
		if s.AWSURL, err = s.serve(ctx, cfg.AWSAddress, s.AWS); err != nil {
			return err
		}
	}
	if s.Google != nil {
		if s.GoogleURL, err = s.serve(ctx, cfg.GoogleAddress, s.Google); err != nil {
			return err
		}
	}
	return nil
}

// seed makes what Config.Seed promises in the clouds that run here.
func (s *Sandbox) seed() error {
	if s.AWS != nil {
		s.GatewayID = s.AWS.CreateGateway(SeedGateway, SeedGatewayASN)
	}
	if s.Google == nil {
		return nil
	}
	if err := s.Google.CreateNetwork(sandboxgoogle.DefaultProject, SeedNetwork); err != nil {
		return err
	}
	return s.Google.SetNetworkMTU(sandboxgoogle.DefaultProject, SeedNetwork, SeedNetworkMTU)
}

// serve listens on a loopback address and returns its URL.
func (s *Sandbox) serve(ctx context.Context, address string, h http.Handler) (string, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	if err := loopback(address); err != nil {
		return "", err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return "", fmt.Errorf("listening for the sandbox: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	s.servers = append(s.servers, server)
	s.done.Go(func() { _ = server.Serve(listener) })
	return "http://" + listener.Addr().String(), nil
}

// loopback refuses addresses that others could reach.
func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("the sandbox's address %q is not host:port: %w", address, err)
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("the sandbox listens on loopback only: %q is not 127.0.0.1 or [::1]", address)
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

// Variable is an environment variable.
type Variable struct{ Name, Value string }

// Env are the variables that point the provider, the AWS CLI, boto3, gcloud and
// Google's clients at the sandbox.
func (s *Sandbox) Env() []Variable { return Env(s.AWSURL, s.GoogleURL) }

// Env are the variables for a sandbox at two base URLs.
func Env(awsURL, googleURL string) []Variable {
	return []Variable{
		{"AWS_ENDPOINT_URL", awsURL},
		{"AWS_ACCESS_KEY_ID", sandboxaws.DefaultAccessKeyID},
		{"AWS_SECRET_ACCESS_KEY", sandboxaws.DefaultSecretAccessKey},
		{"AWS_REGION", DefaultAWSRegion},
		{"AWS_DEFAULT_REGION", DefaultAWSRegion},
		{"AWS_EC2_METADATA_DISABLED", "true"},
		{"GOOGLE_OAUTH_ACCESS_TOKEN", sandboxgoogle.AccessToken},
		{"GOOGLE_PROJECT", sandboxgoogle.DefaultProject},
		{"GOOGLE_REGION", DefaultGoogleRegion},
		{"GOOGLE_NETWORK_CONNECTIVITY_CUSTOM_ENDPOINT", googleURL + "/v1/"},
		{"GOOGLE_COMPUTE_CUSTOM_ENDPOINT", googleURL + "/compute/v1/"},
		{"CLOUDSDK_CORE_PROJECT", sandboxgoogle.DefaultProject},
		{"CLOUDSDK_AUTH_ACCESS_TOKEN", sandboxgoogle.AccessToken},
		{"CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE", googleURL + "/compute/v1/"},
		{"CLOUDSDK_API_ENDPOINT_OVERRIDES_NETWORKCONNECTIVITY", googleURL + "/"},
	}
}
