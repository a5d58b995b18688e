package aws_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/smithy-go"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

const (
	home, away   = "us-east-1", "eu-west-2"
	other        = "210987654321"
	otherKey     = "AKIAOTHER00000000000"
	otherSecret  = "other"
	settled      = time.Minute // all of timing passes within
	linger       = 5 * time.Minute
	unknownVGW   = "vgw-00000000000000000"
	unknownTGW   = "tgw-00000000000000000"
	noSuchNumber = "00000000-0000-4000-8000-000000000000"
)

// timing is such that each change ends within settled, and what is gone is shown
// for longer.
var timing = coordinator.Timing{
	Provisioning: 30 * time.Second, Update: 20 * time.Second, Deleting: 20 * time.Second,
	Lingering: linger, Operation: 10 * time.Second,
}

// stage is a cloud with AWS's own clients.
type stage struct {
	t     *testing.T
	cloud *aws.Cloud
	clock *clock.Manual
	url   string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	manual := clock.NewManual(time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC))
	cloud := aws.New(aws.Config{
		Clock: manual, Timing: timing,
		Credentials: map[string]aws.Credential{
			aws.DefaultAccessKeyID: {Secret: aws.DefaultSecretAccessKey},
			otherKey:               {Secret: otherSecret, AccountID: other},
		},
	})
	server := httptest.NewServer(cloud)
	t.Cleanup(server.Close)
	return &stage{t: t, cloud: cloud, clock: manual, url: server.URL}
}

// account is an account's keys.
type account struct{ key, secret string }

var (
	mine   = account{aws.DefaultAccessKeyID, aws.DefaultSecretAccessKey}
	theirs = account{otherKey, otherSecret}
)

func (s *stage) ec2(who account, region string) *ec2.Client {
	return ec2.New(ec2.Options{
		Region: region, BaseEndpoint: new(s.url), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(who.key, who.secret, ""),
	})
}

func (s *stage) dx(who account, region string) *directconnect.Client {
	return directconnect.New(directconnect.Options{
		Region: region, BaseEndpoint: new(s.url), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(who.key, who.secret, ""),
	})
}

// settle lets everything that changes end.
func (s *stage) settle() { s.clock.Advance(settled) }

// ok ends the test when there is an error.
func (s *stage) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// refused holds the code and text of an error of an AWS client.
func (s *stage) refused(err error, code, says string) {
	s.t.Helper()
	api, isAPI := errors.AsType[smithy.APIError](err)
	if !isAPI || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), says) {
		s.t.Errorf("got %v, want %s that says %q", err, code, says)
	}
}
