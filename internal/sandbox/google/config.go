package google

import (
	"cmp"
	"crypto/rand"
	"io"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// What a Cloud with a zero Config accepts.
const (
	// AccessToken is the bearer token.
	AccessToken = "sandbox-token"
	// DefaultProject is the project's id.
	DefaultProject = "sandbox-project"
	// DefaultProjectNumber is the project's number.
	DefaultProjectNumber = 480112233445
)

// Project is a project that the caller may use.
type Project struct {
	// ID is the project id, such as "acme-network".
	ID string
	// Number is the project number. Zero derives one from the id.
	Number int64
}

// Config sets up a Cloud. The zero value is ready to use.
type Config struct {
	// Projects are those the caller may use; any other answers 403. None means
	// DefaultProject.
	Projects []Project
	// AnyProject accepts every well-formed project id, with a number derived
	// from it.
	AnyProject bool
	// Tokens are the accepted bearer tokens. None means AccessToken.
	Tokens []string
	// Environments are the region pairs; the other cloud must be given the same
	// list. None means coordinator.DefaultEnvironments.
	Environments []coordinator.Environment
	// Timing is how long things take. The zero value means
	// coordinator.DefaultTiming.
	Timing coordinator.Timing
	// TransportQuota is the number of transports a project may have in one
	// region. 0 means 1, the real default (Google product documentation);
	// a negative number means no limit.
	TransportQuota int
	// Clock tells the time. None means the machine's.
	Clock clock.Clock
	// CallerClock tells the callers' time, by which tokens that they sign are
	// judged: a sandbox's clock may be days ahead of theirs. None means the
	// machine's.
	CallerClock clock.Clock
	// Rand is where ids come from; it must not run dry. None means crypto/rand.
	Rand io.Reader
	// Log is told of every call after it was answered. It may be called by
	// several goroutines at once. None means no log.
	Log func(Record)
	// Intercept is asked before each authenticated call is carried out; what it
	// returns is done to the call. It may be called by several goroutines at
	// once. None, and a nil Fault, let the call through.
	Intercept func(Call) *Fault
	// Switches settle what the sources leave open.
	Switches Switches
}

// withDefaults fills what was left out.
func (c Config) withDefaults() Config {
	if len(c.Projects) == 0 {
		c.Projects = []Project{{ID: DefaultProject, Number: DefaultProjectNumber}}
	}
	if len(c.Tokens) == 0 {
		c.Tokens = []string{AccessToken}
	}
	if len(c.Environments) == 0 {
		c.Environments = coordinator.DefaultEnvironments()
	}
	if c.Timing == (coordinator.Timing{}) {
		c.Timing = coordinator.DefaultTiming()
	}
	c.TransportQuota = cmp.Or(c.TransportQuota, 1)
	if c.Clock == nil {
		c.Clock = clock.Real{}
	}
	if c.CallerClock == nil {
		c.CallerClock = clock.Real{}
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	c.Tokens = slices.Clone(c.Tokens)
	return c
}
