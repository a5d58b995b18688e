package aws

import (
	"io"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// What a Cloud with a zero Config accepts.
const (
	// DefaultAccountID is the account of the default credentials.
	DefaultAccountID = "123456789012"
	// DefaultAccessKeyID is the default access key.
	DefaultAccessKeyID = "AKIASANDBOX000000000"
	// DefaultSecretAccessKey is the secret of DefaultAccessKeyID. It opens
	// nothing but a sandbox.
	DefaultSecretAccessKey = "sandbox-secret-access-key"
)

// Credential is what a client signs with.
type Credential struct {
	// Secret is the secret access key.
	Secret string
	// AccountID is the account the key belongs to; empty means Config.AccountID.
	AccountID string
	// SessionToken, when set, must come with every request
	// (X-Amz-Security-Token); when empty, no request may carry one.
	SessionToken string
}

// Config is how a Cloud is set up. The zero value is ready: the default account
// and key, all known environments, quick timing, the machine's clock.
type Config struct {
	// AccountID is the account of credentials that name none and of seeded
	// gateways; empty means DefaultAccountID.
	AccountID string
	// Credentials are the accepted keys by access key id; nil means the
	// default key alone.
	Credentials map[string]Credential
	// Environments are the joined region pairs; nil means
	// coordinator.DefaultEnvironments.
	Environments []coordinator.Environment
	// Traits adds to an environment, by AWS environment id, what the open API
	// does not say of it. An environment without an entry is one with Google.
	Traits map[string]EnvironmentTraits
	// Timing is how long things take; the zero value means
	// coordinator.DefaultTiming.
	Timing coordinator.Timing
	// Quotas are the account's limits; a zero field means AWS's default.
	Quotas Quotas
	// Clock is the time that states follow; nil means the machine's.
	Clock clock.Clock
	// SigningTime is the time that signatures are checked against, apart from
	// Clock because clients sign with their machine's time even when the
	// sandbox's days pass in milliseconds. Nil means time.Now.
	SigningTime func() time.Time
	// Rand is where ids come from; nil means crypto/rand. A reader that fails
	// makes the request that needed it panic.
	Rand io.Reader
	// Log takes one record for each request; nil means no log. It is called
	// with no lock held, by many requests at once.
	Log func(Record)
	// Intercept is asked before each operation, once the caller is known. Nil,
	// or an answer of nil, lets the operation run. It is called with no lock
	// held, by many requests at once.
	Intercept func(Call) *Fault
	// Switches are the choices where AWS's documents are silent.
	Switches Switches
}

// Quotas are an account's limits in one region (AWS user guide, quotas). A
// refusal is ServiceQuotaExceededException. A negative field allows none.
type Quotas struct {
	// Connections counts all connections that are not deleted or failed; 0
	// means 10.
	Connections int
	// Requested counts connections in state requested; 0 means 4.
	Requested int
	// PerProvider counts connections with one provider; 0 means 2.
	PerProvider int
}

// EnvironmentTraits is what AWS says of an environment beyond the open API. The
// zero value is an environment with Google Cloud.
type EnvironmentTraits struct {
	// Provider is the partner's name in the API; empty means "gcp" (seen in
	// the acceptance tests of hashicorp/aws).
	Provider string
	// LastMile says that the partner is a network, not a cloud: ids begin with
	// "lmcc-" (inferred from the product's name) and the type is "LastMile"
	// (inferred).
	LastMile bool
	// Location is the partner's site; empty means the Google region.
	Location string
	// RemoteIdentifier is how the partner names its customers; empty means
	// RemoteIdentifierAccount.
	RemoteIdentifier RemoteIdentifierType
	// ActivationPageURL is where at the partner a key is redeemed; empty means
	// that none is shown.
	ActivationPageURL string
	// Preview says that the partner is in preview: 1 Gbps only, one connection
	// per account and region (AWS user guide).
	Preview bool
}

// RemoteIdentifierType says how an environment's partner names its customers
// (AWS service model, RemoteAccountIdentifierType).
type RemoteIdentifierType string

// The values of RemoteIdentifierType.
const (
	RemoteIdentifierAccount RemoteIdentifierType = "account"
	RemoteIdentifierEmail   RemoteIdentifierType = "email"
	// RemoteIdentifierNone is an environment that asks for no remote account;
	// the API then leaves the member out.
	RemoteIdentifierNone RemoteIdentifierType = "none"
)

// withDefaults fills what the owner left out.
func (cfg Config) withDefaults() Config {
	if cfg.AccountID == "" {
		cfg.AccountID = DefaultAccountID
	}
	if cfg.Credentials == nil {
		cfg.Credentials = map[string]Credential{DefaultAccessKeyID: {Secret: DefaultSecretAccessKey}}
	}
	if cfg.Environments == nil {
		cfg.Environments = coordinator.DefaultEnvironments()
	}
	if cfg.Timing == (coordinator.Timing{}) {
		cfg.Timing = coordinator.DefaultTiming()
	}
	if cfg.Clock == nil {
		cfg.Clock = clock.Real{}
	}
	if cfg.SigningTime == nil {
		cfg.SigningTime = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = func(Record) {}
	}
	if cfg.Intercept == nil {
		cfg.Intercept = func(Call) *Fault { return nil }
	}
	cfg.Quotas = cfg.Quotas.withDefaults()
	cfg.Switches = cfg.Switches.withDefaults()
	return cfg
}

// withDefaults fills what the owner left out.
func (q Quotas) withDefaults() Quotas {
	return Quotas{
		Connections: orDefault(q.Connections, 10),
		Requested:   orDefault(q.Requested, 4),
		PerProvider: orDefault(q.PerProvider, 2),
	}
}

// orDefault is v, or def where v is the zero value.
func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}
