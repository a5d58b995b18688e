package crash

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// otherCloud is the other of the two clouds.
func otherCloud(cloud string) string {
	return map[string]string{"aws": "google", "google": "aws"}[cloud]
}

// proposer is a configuration of one end, which proposes a link to another team.
func proposer(ours string) map[string]any {
	return settings(func(c, aws, google map[string]any) {
		c["initiator"] = ours
		c["peer"] = map[string]any{"account": google["project"], "region": google["region"]}
		if ours == "google" {
			c["peer"] = map[string]any{"account": sandboxaws.DefaultAccountID, "region": aws["region"]}
		}
		delete(c, otherCloud(ours))
	})
}

// acceptor is a configuration of one end, which redeems another team's key. The
// key itself differs from world to world, which puts it in.
func acceptor(ours string) map[string]any {
	return settings(func(c, _, _ map[string]any) {
		c["initiator"], c[keyVersion] = otherCloud(ours), 1
		delete(c, otherCloud(ours))
	})
}

const keyVersion = "activation_key_wo_version"

// accepts says that the scenario redeems another team's key.
func (s scenario) accepts() bool { return s.after[keyVersion] != nil }

// partner is the other team, which owns the end on the other cloud and works by
// that cloud's own API.
type partner struct {
	*outsider
	cloud string
}

// Of the other team's transport.
const (
	itsPlace = "projects/" + sandboxgoogle.DefaultProject + "/locations/us-east4"
	itsName  = "theirs"
)

// propose makes the other team's end, and gives the key that it issues.
func (p *partner) propose(ctx context.Context) (key string, err error) {
	if p.cloud == "aws" {
		out, err := p.aws.CreateConnection(ctx, &interconnect.CreateConnectionInput{
			AttachPoint: &types.AttachPointMemberDirectConnectGateway{Value: p.w.stage.GatewayID},
			Bandwidth:   aws.String("1Gbps"), EnvironmentId: aws.String("mce-aws-gcp-iad"), Description: aws.String(itsName),
			RemoteAccount: &types.RemoteAccountIdentifierMemberIdentifier{Value: sandboxgoogle.DefaultProject},
		})
		if err != nil {
			return "", err
		}
		p.connection = aws.ToString(out.Connection.Id)
		return aws.ToString(out.Connection.ActivationKey), nil
	}
	p.transport = itsPlace + "/transports/" + itsName
	if _, err := p.transports.Create(itsPlace, &networkconnectivity.Transport{
		Network: "projects/" + sandboxgoogle.DefaultProject + "/global/networks/default", Bandwidth: "BPS_1G",
		RemoteProfile: itsPlace + "/remoteTransportProfiles/aws-us-east-1", RemoteAccountId: sandboxaws.DefaultAccountID,
	}).TransportId(itsName).Do(); err != nil {
		return "", err
	}
	if !eventually(func() bool {
		t, err := p.transports.Get(p.transport).Do()
		if err == nil {
			key = t.GeneratedActivationKey
		}
		return key != ""
	}) {
		return "", errors.New("Google issues no key")
	}
	return key, nil
}

// remains looks at what is left when our end is gone: the other team's end and
// nothing else, dead where ours was ever joined to it, and where it was not,
// waiting as before. The other team can then remove it; that nothing at all is
// left after that is the caller's to see.
func (p *partner) remains(ctx context.Context) error {
	want := map[bool][]string{false: {"requested", "PENDING_KEY"}, true: {"down", "failed", "DEPROVISIONED"}}[p.joined()]
	var left []string
	// The other cloud learns of it a little later.
	if !eventually(func() bool {
		left = p.w.stage.Left()
		return len(left) == 1 && strings.HasPrefix(strings.ToLower(left[0]), p.cloud) && slices.Contains(want, left[0][strings.LastIndex(left[0], " ")+1:])
	}) {
		return fmt.Errorf("of the other team's end, which should be one of %v, this is left: %v", want, left)
	}
	var err error
	if p.cloud == "aws" {
		_, err = p.aws.DeleteConnection(ctx, &interconnect.DeleteConnectionInput{Identifier: &p.connection})
	} else {
		_, err = p.transports.Delete(p.transport).Context(ctx).Do()
	}
	if err != nil {
		return fmt.Errorf("the other team cannot remove its end: %w", err)
	}
	if !eventually(func() bool { return len(p.w.stage.Left()) == 0 }) {
		return errors.New("the other team's end does not go away")
	}
	return nil
}

// joined says whether the other team's end has ever been joined to ours.
func (p *partner) joined() bool {
	for _, tr := range p.w.stage.AWS.Transitions() {
		if p.cloud == "aws" && tr.To == sandboxaws.StatePending {
			return true
		}
	}
	for _, tr := range p.w.stage.Google.Transitions() {
		if p.cloud == "google" && tr.To == sandboxgoogle.StatePendingConfig {
			return true
		}
	}
	return false
}
