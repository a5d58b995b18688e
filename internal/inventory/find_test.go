package inventory_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
)

// A link is found by each of its names, whole.
func TestFind(t *testing.T) {
	b := newBench(t)
	v := b.Build("ai", "us-east-1")
	b.Build("other", "us-west-2")
	arn := v[link.Initiator].Detail.(*awsend.Detail).ARN
	for _, id := range []string{v[link.Acceptor].ID, "https://networkconnectivity.googleapis.com/v1/" + v[link.Acceptor].ID, arn, "us-east-1/" + v[link.Initiator].ID} {
		t.Run(strings.ReplaceAll(id, "/", "_"), func(t *testing.T) {
			f, err := b.Find(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if f.AWS.ID != v[link.Initiator].ID || f.Google.ID != v[link.Acceptor].ID || f.AWS.Partial || f.Google.Partial {
				t.Errorf("found %s and %s", f.AWS.ID, f.Google.ID)
			}
		})
	}
}

func TestFindRefuses(t *testing.T) {
	b := newBench(t)
	v := b.Build("ai", "us-east-1")
	half := b.Propose("half", "us-west-2", inventory.SideAWS, link.AwaitingPeer)
	other := b.Propose("other-half", "eu-west-2", inventory.SideGoogle, link.AwaitingPeer)
	nobody := errors.New("no credentials")
	tests := map[string]struct {
		id     string
		clouds inventory.Clouds
		says   string
		alone  bool
		end    string // what is found all the same
	}{
		"no name":                {id: "ai", says: "names no link"},
		"no such connection":     {id: "us-east-1/mcc-00000000", says: "AWS knows no connection mcc-00000000 in us-east-1"},
		"connection elsewhere":   {id: "us-west-2/" + v[link.Initiator].ID, says: "AWS knows no connection"},
		"no such transport":      {id: transport("us-east4", "nothing"), says: "Google knows no transport"},
		"somebody else's ARN":    {id: "arn:aws:interconnect:us-east-1:999999999999:connection/mcc-00000000", says: "the ARN is of account 999999999999, and the credentials are of account " + sandboxaws.DefaultAccountID},
		"half-open at AWS":       {id: "us-west-2/" + half.ID, says: "no transport in project sandbox-project, region us-west1, says that it has the same", alone: true, end: half.ID},
		"half-open at Google":    {id: other.ID, says: "no connection of this AWS account in eu-west-2 has the same", alone: true, end: other.ID},
		"no AWS":                 {id: "us-east-1/mcc-00000000", clouds: b.failing(nobody, nil), says: "no credentials"},
		"no Google":              {id: transport("us-east4", "ai"), clouds: b.failing(nil, nobody), says: "no credentials"},
		"no AWS for the partner": {id: v[link.Acceptor].ID, clouds: b.failing(nobody, nil), says: "no credentials", end: v[link.Acceptor].ID},
		"no Google for it":       {id: "us-east-1/" + v[link.Initiator].ID, clouds: b.failing(nil, nobody), says: "no credentials", end: v[link.Initiator].ID},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			clouds := tt.clouds
			if clouds.AWS == nil {
				clouds = b.Clouds
			}
			f, err := clouds.Find(t.Context(), tt.id)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("got %v, want %q", err, tt.says)
			}
			if _, alone := errors.AsType[*inventory.AloneError](err); alone != tt.alone {
				t.Errorf("an AloneError: %v, want %v", alone, tt.alone)
			}
			_, missing := errors.AsType[*inventory.MissingError](err)
			if want := strings.Contains(tt.says, "knows no"); missing != want {
				t.Errorf("a MissingError: %v, want %v", missing, want)
			}
			if got := f.AWS.ID + f.Google.ID; tt.end != "" && got != tt.end {
				t.Errorf("found %q, want %q", got, tt.end)
			}
		})
	}
}

// An account that may not be used is not looked into.
func TestFindKeepsToAllowedAccounts(t *testing.T) {
	b := newBench(t)
	v := b.Build("ai", "us-east-1")
	limited, err := awsend.Load(t.Context(), awsend.Settings{AllowedAccountIDs: []string{"999999999999"}})
	if err != nil {
		t.Fatal(err)
	}
	b.AWS = func(context.Context) (*awsend.Account, error) { return limited, nil }
	if _, err := b.Find(t.Context(), "us-east-1/"+v[link.Initiator].ID); cloud.KindOf(err) != cloud.Denied {
		t.Errorf("got %v, want a refusal", err)
	}
}
