package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"sync"
	"time"

	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/control"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// Addresses that a sandbox listens on where none are given, so that the
// environment of one that runs is known without asking it.
const (
	DefaultAWSAddress    = "127.0.0.1:7420"
	DefaultGoogleAddress = "127.0.0.1:7421"
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
	// Speed, when not 0, gives both clouds a clock of their own that runs this
	// many times faster than the machine's and that the control API changes.
	// Client signatures still go by the machine's.
	Speed float64
	// StateFile, when it exists, is restored at the start, instead of seeding;
	// State.SaveFile writes it. It holds activation keys in clear.
	StateFile string
	// ControlAddress is where the control API listens; empty means nowhere.
	ControlAddress string
}

// Sandbox is two clouds that run.
type Sandbox struct {
	// AWS and Google are the clouds, for those who want to look inside or to
	// make trouble.
	AWS    *sandboxaws.Cloud
	Google *sandboxgoogle.Cloud
	// AWSURL and GoogleURL are their base URLs.
	AWSURL, GoogleURL string
	// ControlURL is the control API's base URL; empty where there is none.
	ControlURL string
	// GatewayID is the seeded gateway; empty where nothing was seeded.
	GatewayID string
	// Faults strike calls to both clouds; see package control.
	Faults *control.Faults
	// State takes snapshots of both clouds and restores them.
	State control.Clouds

	servers []*http.Server
	done    sync.WaitGroup
}

// Start makes the clouds, introduces them to each other, and serves them until
// Close.
func Start(ctx context.Context, cfg Config) (*Sandbox, error) {
	s := &Sandbox{Faults: &control.Faults{}}
	if cfg.Speed != 0 {
		s.State.Clock = clock.NewAdjustable(time.Now(), cfg.Speed)
		cfg.AWS.Clock, cfg.Google.Clock = s.State.Clock, s.State.Clock
	}
	s.intercept(&cfg)
	s.AWS, s.Google = sandboxaws.New(cfg.AWS), sandboxgoogle.New(cfg.Google)
	s.State.AWS, s.State.Google, s.State.Faults = s.AWS, s.Google, s.Faults
	s.AWS.SetPeer(s.Google)
	s.Google.SetPeer(s.AWS)
	restored := false
	if cfg.StateFile != "" {
		err := s.State.LoadFile(cfg.StateFile)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		restored = err == nil
	}
	if cfg.Seed && !restored {
		s.GatewayID = s.AWS.CreateGateway(SeedGateway, SeedGatewayASN)
		if err := s.Google.CreateNetwork(sandboxgoogle.DefaultProject, SeedNetwork); err != nil {
			return nil, fmt.Errorf("seeding the sandbox: %w", err)
		}
		if err := s.Google.SetNetworkMTU(sandboxgoogle.DefaultProject, SeedNetwork, SeedNetworkMTU); err != nil {
			return nil, fmt.Errorf("seeding the sandbox: %w", err)
		}
	}
	doors := []door{{cfg.AWSAddress, s.AWS, &s.AWSURL}, {cfg.GoogleAddress, s.Google, &s.GoogleURL}}
	if cfg.ControlAddress != "" {
		doors = append(doors, door{cfg.ControlAddress, control.New(s.State), &s.ControlURL})
	}
	for _, side := range doors {
		url, err := s.serve(ctx, side.address, side.handler)
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		*side.url = url
	}
	return s, nil
}

// door is what listens at an address, and where its URL is kept.
type door struct {
	address string
	handler http.Handler
	url     *string
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

// Close stops both clouds and waits until their servers have ended.
func (s *Sandbox) Close() error {
	var errs []error
	for _, server := range s.servers {
		errs = append(errs, server.Close())
	}
	s.done.Wait()
	s.Google.Close()
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
