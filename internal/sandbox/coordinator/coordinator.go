package coordinator

import (
	"context"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// Connection is a customer's link as the two clouds speak of it.
type Connection struct {
	// ID is the shared UUID.
	ID string
	// Environment is the environment's id in the open API, the same on both
	// sides.
	Environment string
	// ActivationKey is the encoded key that the customer brought.
	ActivationKey string
	// BandwidthMbps is what was sold, in megabits a second.
	BandwidthMbps int
	// Verified says that the answering side has finished its own
	// provisioning (VERIFICATION_STATE_VERIFIED).
	Verified bool
}

// Server is what a cloud answers to the other cloud. Every method may be called
// while the caller holds none of its own locks; an implementation must not call
// back into its peer before it has returned. Errors are *Error.
type Server interface {
	// ConfirmActivationKey says whether the key is one this cloud issued, not
	// yet used, for this environment and size.
	ConfirmActivationKey(ctx context.Context, environment, encodedKey string) (valid bool, err error)
	// CreateConnection makes this cloud's half of the link the key opens, and
	// uses the key up. 409 when the connection exists already.
	CreateConnection(ctx context.Context, c Connection) (Connection, error)
	// GetConnection is the connection as this cloud sees it; 404 when unknown.
	GetConnection(ctx context.Context, environment, id string) (Connection, error)
	// UpdateConnection asks this cloud to change the bandwidth. 200 is consent;
	// 400 is a refusal; 409 is a change already under way here.
	UpdateConnection(ctx context.Context, c Connection) (Connection, error)
	// DeleteConnection tells this cloud that the other half is being deleted.
	// It cannot be declined; the key, if unused, is invalid from then on.
	DeleteConnection(ctx context.Context, environment, id string) error
	// NotifyConnectionStatus tells this cloud that the caller has finished
	// provisioning its half.
	NotifyConnectionStatus(ctx context.Context, environment, id string) error
}

// Error is a refusal in the open API. Its statuses are 400, 404, 409, 429 and 500.
type Error = api.Error

// Environment is a pair of regions that the two clouds have joined. Both clouds
// are configured with the same list.
type Environment struct {
	// ID is the id in the open API, such as "aws-gcp-us-east".
	ID string
	// AWSRegion and GoogleRegion are the two sites.
	AWSRegion, GoogleRegion string
	// AWSEnvironmentID is the id that AWS customers see.
	AWSEnvironmentID string
	// SizesMbps are the connection sizes both sides support, in megabits a
	// second.
	SizesMbps []int
}

// Timing is how long a simulated cloud takes.
type Timing struct {
	// Provisioning is the time from both halves knowing of each other until a
	// half has finished its own work. The real clouds take about 13 minutes.
	Provisioning time.Duration
	// Update is the time that a bandwidth change takes.
	Update time.Duration
	// Deleting is the time that a deletion takes.
	Deleting time.Duration
	// Lingering is the time that AWS still answers with a deleted connection.
	Lingering time.Duration
	// Operation is the time that a Google long-running operation takes where
	// it waits for nothing else.
	Operation time.Duration
}

// DefaultTiming is quick enough to watch: a link is up two seconds after the
// two halves have met.
func DefaultTiming() Timing {
	return Timing{
		Provisioning: 2 * time.Second,
		Update:       time.Second,
		Deleting:     500 * time.Millisecond,
		Lingering:    2 * time.Second,
		Operation:    100 * time.Millisecond,
	}
}

// DefaultEnvironments are the region pairs that AWS and Google had joined by
// October 2026 (AWS user guide, region availability). The AWS environment ids
// follow the two that AWS's own documents show (mce-aws-gcp-iad, -lhr); the
// others are inferred, which is why a client must never compute them.
func DefaultEnvironments() []Environment {
	sizes := []int{500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000}
	pair := func(id, aws, google, airport string) Environment {
		return Environment{ID: id, AWSRegion: aws, GoogleRegion: google, AWSEnvironmentID: "mce-aws-gcp-" + airport, SizesMbps: sizes}
	}
	return []Environment{
		pair("aws-gcp-us-east", "us-east-1", "us-east4", "iad"),
		pair("aws-gcp-us-west-1", "us-west-1", "us-west2", "sfo"),
		pair("aws-gcp-us-west-2", "us-west-2", "us-west1", "pdx"),
		pair("aws-gcp-eu-west", "eu-west-2", "europe-west2", "lhr"),
		pair("aws-gcp-eu-central", "eu-central-1", "europe-west3", "fra"),
		pair("aws-gcp-eu-north", "eu-north-1", "europe-north2", "arn"),
		pair("aws-gcp-ap-southeast-1", "ap-southeast-1", "asia-southeast1", "sin"),
		pair("aws-gcp-ap-southeast-2", "ap-southeast-2", "australia-southeast1", "syd"),
	}
}
