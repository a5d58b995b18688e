package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// errHelp says that the help was asked for and given.
var errHelp = errors.New("help")

// parse reads flags. Help is printed and is errHelp.
func parse(flags *flag.FlagSet, args []string, diag io.Writer) error {
	flags.SetOutput(diag)
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return errHelp
	case err != nil:
		return err
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return nil
}

// sandboxFlags are the flags of "crosscloud sandbox".
type sandboxFlags struct {
	aws, google string
	// awsCoordinator and googleCoordinator are the clouds' sides of the open
	// API.
	awsCoordinator, googleCoordinator string
	only                              string

	provisioning     time.Duration
	transportQuota   int
	connectionsQuota int
	seed, log        bool
	control, state   string
	seedFile         string
	speed            float64
	switches         []string
}

// runSandbox runs the sandbox until it is interrupted, or prints its variables.
func runSandbox(ctx context.Context, args []string, out, diag io.Writer) error {
	if len(args) > 0 && args[0] == "env" {
		return runEnv(ctx, args[1:], out, diag)
	}
	if len(args) > 0 && args[0] == "switches" {
		return runSwitches(args[1:], out, diag)
	}
	f, err := parseSandbox(args, diag)
	if err != nil {
		return err
	}
	cfg := f.config()
	if f.log {
		lines := logger(diag)
		cfg.AWS.Log = func(r sandboxaws.Record) { lines("aws", r) }
		cfg.Google.Log = func(r sandboxgoogle.Record) { lines("google", r) }
		cfg.CoordinatorLog = func(side sandbox.Which, r coordinator.Record) { lines(string(side)+" coordinator", r) }
	}
	s, err := sandbox.Start(ctx, cfg)
	if err != nil {
		return err
	}
	greet(out, s, f.seed && f.seedFile == "")
	<-ctx.Done()
	if f.state != "" {
		err = s.State.SaveFile(f.state)
	}
	return errors.Join(err, s.Close())
}

// parseSandbox reads the flags of "crosscloud sandbox".
func parseSandbox(args []string, diag io.Writer) (sandboxFlags, error) {
	var f sandboxFlags
	flags := flag.NewFlagSet("crosscloud sandbox", flag.ContinueOnError)
	flags.StringVar(&f.aws, "aws", sandbox.DefaultAWSAddress, "loopback address of AWS")
	flags.StringVar(&f.google, "google", sandbox.DefaultGoogleAddress, "loopback address of Google")
	flags.StringVar(&f.only, "only", "", "run one cloud, aws or google; the other runs in another process")
	flags.StringVar(&f.awsCoordinator, "coordinator-aws", "", "loopback address of AWS's side of the open API, here or, with -only google, elsewhere (default: any; with -only "+sandbox.DefaultAWSCoordinator+")")
	flags.StringVar(&f.googleCoordinator, "coordinator-google", "", "loopback address of Google's side of the open API, here or, with -only aws, elsewhere (default: any; with -only "+sandbox.DefaultGoogleCoordinator+")")
	flags.DurationVar(&f.provisioning, "provisioning", coordinator.DefaultTiming().Provisioning, "time that a link takes to come up")
	flags.IntVar(&f.transportQuota, "transport-quota", 1, "transports in a project and region; -1 is no limit")
	flags.IntVar(&f.connectionsQuota, "connection-quota", 2, "connections with one provider in an account and region")
	flags.BoolVar(&f.seed, "seed", true, "begin with a Direct Connect gateway and a VPC network")
	flags.StringVar(&f.seedFile, "seed-file", "", "`file` that says what to begin with instead (see internal/sandbox/README.md)")
	flags.StringVar(&f.control, "control", "", "loopback address of the control API, such as 127.0.0.1:7424; none without it")
	flags.StringVar(&f.state, "state", "", "file to restore the clouds from, if it is there, and to write them to at the end; it holds activation keys in clear")
	flags.Float64Var(&f.speed, "speed", 0, "give the clouds a clock of their own that runs this many times faster (0: the machine's clock)")
	flags.Func("switch", "`position` of a switch, such as aws.UnknownConnection=denied, where the clouds' documents leave it open; can be given again (see: crosscloud sandbox switches)", func(text string) error {
		f.switches = append(f.switches, text)
		return new(sandbox.Config).SetSwitch(text)
	})
	flags.BoolVar(&f.log, "log", false, "log every request to standard error, one JSON object a line")
	if err := parse(flags, args, diag); err != nil {
		return f, err
	}
	if f.only != "" {
		f.awsCoordinator = cmp.Or(f.awsCoordinator, sandbox.DefaultAWSCoordinator)
		f.googleCoordinator = cmp.Or(f.googleCoordinator, sandbox.DefaultGoogleCoordinator)
	}
	return f, nil
}

// config is the sandbox that the flags ask for.
func (f sandboxFlags) config() sandbox.Config {
	timing := coordinator.DefaultTiming()
	timing.Provisioning = f.provisioning
	quotas := sandboxaws.Quotas{PerProvider: f.connectionsQuota, Connections: 5 * f.connectionsQuota, Requested: max(4, f.connectionsQuota)}
	cfg := sandbox.Config{
		AWS:        sandboxaws.Config{Timing: timing, Quotas: quotas},
		Google:     sandboxgoogle.Config{Timing: timing, TransportQuota: f.transportQuota},
		AWSAddress: f.aws, GoogleAddress: f.google, Seed: f.seed, SeedFile: f.seedFile,
		Only: sandbox.Which(f.only), AWSCoordinator: f.awsCoordinator, GoogleCoordinator: f.googleCoordinator,
		ControlAddress: f.control, Speed: f.speed, StateFile: f.state,
	}
	for _, text := range f.switches {
		_ = cfg.SetSwitch(text) // parseSandbox has tried it
	}
	return cfg
}

// runSwitches prints the positions of the sandbox's switches that are not the
// default, one a line.
func runSwitches(args []string, out, diag io.Writer) error {
	if err := parse(flag.NewFlagSet("crosscloud sandbox switches", flag.ContinueOnError), args, diag); err != nil {
		return err
	}
	for _, position := range sandbox.OtherPositions() {
		fmt.Fprintln(out, position)
	}
	return nil
}

// greet says where everything is.
func greet(out io.Writer, s *sandbox.Sandbox, seeded bool) {
	for _, line := range []struct{ what, url string }{
		{"AWS     ", s.AWSURL},
		{"Google  ", s.GoogleURL},
		{"Control ", s.ControlURL},
		{"Open API, AWS's side    ", s.AWSCoordinatorURL},
		{"Open API, Google's side ", s.GoogleCoordinatorURL},
	} {
		if line.url != "" {
			fmt.Fprintln(out, line.what+line.url)
		}
	}
	if s.GatewayID != "" && seeded {
		fmt.Fprintf(out, "Direct Connect gateway %q: %s\n", sandbox.SeedGateway, s.GatewayID)
	}
	if s.VPNGatewayID != "" && seeded {
		fmt.Fprintf(out, "VPC %s with virtual private gateway: %s\n", sandbox.SeedVPC, s.VPNGatewayID)
	}
	if seeded && s.Google != nil {
		fmt.Fprintf(out, "VPC network %q in project %s\n", sandbox.SeedNetwork, sandboxgoogle.DefaultProject)
	}
	fmt.Fprintf(out, "Point clients here with:  eval \"$(crosscloud sandbox env%s)\"\n", elsewhere(s))
}

// elsewhere are the flags that "sandbox env" needs for a sandbox that is not at
// the default addresses.
func elsewhere(s *sandbox.Sandbox) string {
	var flags strings.Builder
	for _, cloud := range []struct{ name, url, usual string }{
		{"aws", s.AWSURL, sandbox.DefaultAWSAddress}, {"google", s.GoogleURL, sandbox.DefaultGoogleAddress},
	} {
		if address := strings.TrimPrefix(cloud.url, "http://"); address != "" && address != cloud.usual {
			flags.WriteString(" -" + cloud.name + " " + address)
		}
	}
	return flags.String()
}

// logger writes one JSON object a line.
func logger(w io.Writer) func(cloud string, record any) {
	var mu sync.Mutex
	return func(cloud string, record any) {
		mu.Lock()
		defer mu.Unlock()
		line, err := json.Marshal(map[string]any{"cloud": cloud, "request": record})
		if err == nil {
			fmt.Fprintf(w, "%s\n", line)
		}
	}
}

// runEnv prints the variables of the sandbox that runs, as shell commands, with
// the seeded gateways where there are some.
func runEnv(ctx context.Context, args []string, out, diag io.Writer) error {
	flags := flag.NewFlagSet("crosscloud sandbox env", flag.ContinueOnError)
	aws := flags.String("aws", sandbox.DefaultAWSAddress, "loopback address of AWS")
	google := flags.String("google", sandbox.DefaultGoogleAddress, "loopback address of Google")
	if err := parse(flags, args, diag); err != nil {
		return err
	}
	variables := sandbox.Env("http://"+*aws, "http://"+*google)
	gateway, err := seededGateway(ctx, "http://"+*aws)
	switch {
	case err != nil:
		fmt.Fprintf(diag, "crosscloud: no sandbox answers at %s; start one with: crosscloud sandbox\n", *aws)
	case gateway != "":
		variables = append(variables, sandbox.Variable{Name: "TF_VAR_direct_connect_gateway_id", Value: gateway})
		if vpn := seededVPNGateway(ctx, "http://"+*aws); vpn != "" {
			variables = append(variables, sandbox.Variable{Name: "TF_VAR_vpn_gateway_id", Value: vpn})
		}
	}
	for _, v := range variables {
		fmt.Fprintf(out, "export %s='%s'\n", v.Name, strings.ReplaceAll(v.Value, "'", `'\''`))
	}
	return nil
}

// seededGateway asks a sandbox for the gateway it was seeded with.
func seededGateway(ctx context.Context, url string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	client := directconnect.New(directconnect.Options{
		Region: sandbox.DefaultAWSRegion, BaseEndpoint: &url, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(sandboxaws.DefaultAccessKeyID, sandboxaws.DefaultSecretAccessKey, ""),
	})
	reply, err := client.DescribeDirectConnectGateways(ctx, &directconnect.DescribeDirectConnectGatewaysInput{})
	if err != nil {
		return "", fmt.Errorf("asking the sandbox for its gateway: %w", err)
	}
	for _, g := range reply.DirectConnectGateways {
		if aws.ToString(g.DirectConnectGatewayName) == sandbox.SeedGateway {
			return aws.ToString(g.DirectConnectGatewayId), nil
		}
	}
	return "", nil
}

// seededVPNGateway asks a sandbox for the virtual private gateway that it was
// seeded with; empty when there is none.
func seededVPNGateway(ctx context.Context, url string) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	client := ec2.New(ec2.Options{
		Region: sandbox.DefaultAWSRegion, BaseEndpoint: &url, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(sandboxaws.DefaultAccessKeyID, sandboxaws.DefaultSecretAccessKey, ""),
	})
	reply, err := client.DescribeVpnGateways(ctx, &ec2.DescribeVpnGatewaysInput{
		Filters: []ec2types.Filter{{Name: aws.String("tag:Name"), Values: []string{sandbox.SeedGateway}}},
	})
	if err != nil || len(reply.VpnGateways) == 0 {
		return ""
	}
	return aws.ToString(reply.VpnGateways[0].VpnGatewayId)
}
