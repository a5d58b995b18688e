// Command crosscloud is the companion of the Terraform provider: it runs the
// sandbox of both clouds, lists the links that exist, and checks configurations.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// version is set when a release is built.
var version = "dev"

// Exit statuses.
const (
	exitOK        = 0
	exitError     = 1
	exitUnmatched = 2
	exitRefused   = 2
)

const usage = `crosscloud: links between clouds

  crosscloud sandbox         run AWS and Google on this machine
  crosscloud sandbox switches
                             list the behaviours that -switch chooses
  crosscloud sandbox env     print the variables that point clients at the sandbox
  crosscloud links           list the links that exist, with both ends
  crosscloud preflight       check a Terraform configuration against both clouds
  crosscloud version         print the version

Each command takes -h.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// errUnmatched says that the listing holds a link that is not matched.
var errUnmatched = errors.New("not every link is matched")

// run carries out one command and returns the exit status.
func run(ctx context.Context, args []string, out, diag io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(diag, usage)
		return exitError
	}
	var err error
	switch args[0] {
	case "sandbox":
		err = runSandbox(ctx, args[1:], out, diag)
	case "links":
		err = runLinks(ctx, args[1:], out, diag)
	case "preflight":
		err = runPreflight(ctx, args[1:], out, diag)
	case "version", "--version", "-version":
		_, err = fmt.Fprintln(out, version)
	case "help", "--help", "-h":
		_, err = fmt.Fprint(out, usage)
	default:
		err = fmt.Errorf("there is no command %q", args[0])
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errUnmatched):
		return exitUnmatched
	case errors.Is(err, errRefused):
		return exitRefused
	case errors.Is(err, errHelp):
		return exitOK
	}
	fmt.Fprintf(diag, "crosscloud: %v\n", err)
	if e, ok := errors.AsType[*cloud.Error](err); ok && e.Remedy != "" {
		fmt.Fprintln(diag, e.Remedy)
	}
	return exitError
}
