package interconnect_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

const (
	gatewayID     = "9b6d0a4f-1f0d-4a54-8f3f-0f6a2a6f7e01"
	connectionARN = "arn:aws:interconnect:us-east-1:111122223333:connection/mcc-1a2b3c4d"
	secretKey     = "eyJ2ZXJzaW9uIjoxLCJ0ZXN0IjoidGVzdCJ9"
)

func createInput() *interconnect.CreateConnectionInput {
	return &interconnect.CreateConnectionInput{
		AttachPoint:   &types.AttachPointMemberDirectConnectGateway{Value: gatewayID},
		Bandwidth:     new("10Gbps"),
		ClientToken:   new("token-1"),
		Description:   new("ai-pipeline"),
		EnvironmentId: new("mce-aws-gcp-iad"),
		RemoteAccount: &types.RemoteAccountIdentifierMemberIdentifier{Value: "acme-project"},
		Tags:          map[string]string{"team": "network"},
	}
}

func acceptInput() *interconnect.AcceptConnectionProposalInput {
	return &interconnect.AcceptConnectionProposalInput{
		ActivationKey: new(secretKey),
		AttachPoint:   &types.AttachPointMemberArn{Value: connectionARN},
		ClientToken:   new("token-2"),
		Description:   new("ai-pipeline"),
		Tags:          map[string]string{},
	}
}

func connection(change func(*types.Connection)) *types.Connection {
	c := &types.Connection{
		ActivationKey: new(secretKey),
		Arn:           new(connectionARN),
		AttachPoint:   &types.AttachPointMemberDirectConnectGateway{Value: gatewayID},
		Bandwidth:     new("10Gbps"),
		BillingTier:   new(int32(3)),
		Description:   new("ai-pipeline"),
		EnvironmentId: new("mce-aws-gcp-iad"),
		Id:            new("mcc-1a2b3c4d"),
		Location:      new("us-east4"),
		OwnerAccount:  new("111122223333"),
		Provider:      &types.ProviderMemberCloudServiceProvider{Value: "gcp"},
		SharedId:      new("0f6a2a6f-7e01-4a54-8f3f-9b6d0a4f1f0d"),
		State:         types.ConnectionStateRequested,
		Tags:          map[string]string{"team": "network"},
		Type:          new("Multicloud"),
	}
	change(c)
	return c
}

func summary(change func(*types.ConnectionSummary)) types.ConnectionSummary {
	c := connection(func(*types.Connection) {})
	s := types.ConnectionSummary{
		Arn: c.Arn, AttachPoint: c.AttachPoint, Bandwidth: c.Bandwidth, BillingTier: c.BillingTier,
		Description: c.Description, EnvironmentId: c.EnvironmentId, Id: c.Id, Location: c.Location,
		Provider: c.Provider, SharedId: c.SharedId, State: c.State, Type: c.Type,
	}
	change(&s)
	return s
}

func environment() types.Environment {
	return types.Environment{
		ActivationPageUrl:    new("https://console.example.com/activate"),
		Bandwidths:           &types.Bandwidths{Available: []string{"1Gbps"}, Supported: []string{"1Gbps", "10Gbps"}},
		EnvironmentId:        new("mce-aws-gcp-iad"),
		Location:             new("us-east4"),
		Provider:             &types.ProviderMemberCloudServiceProvider{Value: "gcp"},
		RemoteIdentifierType: types.RemoteAccountIdentifierTypeAccount,
		State:                types.EnvironmentStateLimited,
		Type:                 new("Multicloud"),
	}
}

// operationCase is one call of an operation and what it must return for the
// answer in testdata/responses.
type operationCase struct {
	call func(context.Context, *interconnect.Client) (any, error)
	want any
}

// with adapts a method of the client and its input.
func with[In, Out any](
	method func(*interconnect.Client, context.Context, *In, ...func(*interconnect.Options)) (*Out, error), in *In,
) func(context.Context, *interconnect.Client) (any, error) {
	return func(ctx context.Context, c *interconnect.Client) (any, error) {
		out, err := method(c, ctx, in)
		if err != nil {
			return nil, err
		}
		return out, nil
	}
}

func operations() map[string]operationCase {
	all := connectionOperations()
	maps.Copy(all, otherOperations())
	return all
}

func connectionOperations() map[string]operationCase {
	unchanged := func(*types.Connection) {}
	return map[string]operationCase{
		"CreateConnection": {
			with((*interconnect.Client).CreateConnection, createInput()),
			&interconnect.CreateConnectionOutput{Connection: connection(unchanged)},
		},
		"AcceptConnectionProposal": {
			with((*interconnect.Client).AcceptConnectionProposal, acceptInput()),
			&interconnect.AcceptConnectionProposalOutput{Connection: connection(func(c *types.Connection) {
				c.ActivationKey, c.BillingTier = nil, nil
				c.AttachPoint = &types.AttachPointMemberArn{Value: connectionARN}
				c.Provider = &types.ProviderMemberLastMileProvider{Value: "carrier"}
				c.State = types.ConnectionStatePending
			})},
		},
		"DescribeConnectionProposal": {
			with((*interconnect.Client).DescribeConnectionProposal, &interconnect.DescribeConnectionProposalInput{
				ActivationKey: new(secretKey),
			}),
			&interconnect.DescribeConnectionProposalOutput{
				Bandwidth: new("10Gbps"), EnvironmentId: new("mce-aws-gcp-iad"), Location: new("us-east4"),
				Provider: &types.ProviderMemberCloudServiceProvider{Value: "gcp"},
			},
		},
		"GetConnection": {
			with((*interconnect.Client).GetConnection, &interconnect.GetConnectionInput{Identifier: new("mcc-1a2b3c4d")}),
			&interconnect.GetConnectionOutput{Connection: connection(unchanged)},
		},
		"UpdateConnection": {
			with((*interconnect.Client).UpdateConnection, &interconnect.UpdateConnectionInput{
				Identifier: new("mcc-1a2b3c4d"), Bandwidth: new("10Gbps"), Description: new("ai-pipeline"), ClientToken: new("token-3"),
			}),
			&interconnect.UpdateConnectionOutput{Connection: connection(unchanged)},
		},
		"DeleteConnection": {
			with((*interconnect.Client).DeleteConnection, &interconnect.DeleteConnectionInput{
				Identifier: new("mcc-1a2b3c4d"), ClientToken: new("token-4"),
			}),
			&interconnect.DeleteConnectionOutput{Connection: connection(func(c *types.Connection) {
				c.State = types.ConnectionStateDeleting
			})},
		},
	}
}

func otherOperations() map[string]operationCase {
	return map[string]operationCase{
		"GetEnvironment": {
			with((*interconnect.Client).GetEnvironment, &interconnect.GetEnvironmentInput{Id: new("mce-aws-gcp-iad")}),
			&interconnect.GetEnvironmentOutput{Environment: new(environment())},
		},
		"ListConnections": {
			with((*interconnect.Client).ListConnections, &interconnect.ListConnectionsInput{
				AttachPoint:   &types.AttachPointMemberDirectConnectGateway{Value: gatewayID},
				EnvironmentId: new("mce-aws-gcp-iad"), MaxResults: new(int32(100)), NextToken: new("n1"),
				Provider: &types.ProviderMemberLastMileProvider{Value: "carrier"}, State: types.ConnectionStateDown,
			}),
			&interconnect.ListConnectionsOutput{NextToken: new("n2"), Connections: []types.ConnectionSummary{
				summary(func(*types.ConnectionSummary) {}),
				summary(func(s *types.ConnectionSummary) {
					s.Id, s.State, s.Provider = new("mcc-zzzzzzzz"), "hibernating", nil
					s.AttachPoint = &types.UnknownUnionMember{Tag: "transitGateway", Value: []byte(`{"id":"tgw-1"}`)}
				}),
			}},
		},
		"ListEnvironments": {
			with((*interconnect.Client).ListEnvironments, &interconnect.ListEnvironmentsInput{
				Location: new("us-east4"), MaxResults: new(int32(1)), NextToken: new("n1"),
				Provider: &types.ProviderMemberCloudServiceProvider{Value: "gcp"},
			}),
			&interconnect.ListEnvironmentsOutput{Environments: []types.Environment{environment(), {EnvironmentId: new("bare")}}},
		},
		"ListAttachPoints": {
			with((*interconnect.Client).ListAttachPoints, &interconnect.ListAttachPointsInput{
				EnvironmentId: new("mce-aws-gcp-iad"), MaxResults: new(int32(5)), NextToken: new("n1"),
			}),
			&interconnect.ListAttachPointsOutput{AttachPoints: []types.AttachPointDescriptor{{
				Identifier: new(gatewayID), Name: new("hub"), Type: types.AttachPointTypeDirectConnectGateway,
			}}},
		},
		"TagResource": {
			with((*interconnect.Client).TagResource, &interconnect.TagResourceInput{
				Arn: new(connectionARN), Tags: map[string]string{"team": "network", "note": "<a&b>"},
			}),
			&interconnect.TagResourceOutput{},
		},
		"UntagResource": {
			with((*interconnect.Client).UntagResource, &interconnect.UntagResourceInput{
				Arn: new(connectionARN), TagKeys: []string{"team", "note"},
			}),
			&interconnect.UntagResourceOutput{},
		},
		"ListTagsForResource": {
			with((*interconnect.Client).ListTagsForResource, &interconnect.ListTagsForResourceInput{Arn: new(connectionARN)}),
			&interconnect.ListTagsForResourceOutput{Tags: map[string]string{"team": "network", "empty": ""}},
		},
	}
}

func TestOperations(t *testing.T) {
	for name, test := range operations() {
		t.Run(name, func(t *testing.T) {
			s := serveText(t, 200, read(t, "responses", name+".json"))
			got, err := test.call(t.Context(), s.client())
			if err != nil {
				t.Fatal(err)
			}
			opts := []cmp.Option{
				cmpopts.IgnoreTypes(middleware.Metadata{}),
				cmp.Transformer("compact", func(u *types.UnknownUnionMember) [2]string {
					return [2]string{u.Tag, strings.Join(strings.Fields(string(u.Value)), "")}
				}),
			}
			if diff := cmp.Diff(test.want, got, opts...); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
			if len(s.seen()) != 1 {
				t.Fatalf("%d requests, want 1", len(s.seen()))
			}
			golden(t, requestText(s.seen()[0]), "requests", name+".txt")
		})
	}
}

// requestText is what of a request is the same every time.
func requestText(r recorded) string {
	return fmt.Sprintf("%s %s\nContent-Type: %s\nX-Amz-Target: %s\n\n%s\n",
		r.Method, r.Path, r.Header.Get("Content-Type"), r.Header.Get("X-Amz-Target"), r.Body)
}

func sum(body string) string {
	hash := sha256.Sum256([]byte(body))
	return hex.EncodeToString(hash[:])
}

func clientToken(t *testing.T, r recorded) string {
	t.Helper()
	var body struct{ ClientToken string }
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
		t.Fatal(err)
	}
	return body.ClientToken
}

func TestRequiredMembersAreCheckedBeforeSending(t *testing.T) {
	tests := map[string]struct {
		call func(context.Context, *interconnect.Client) (any, error)
		want []string
	}{
		"CreateConnection": {with((*interconnect.Client).CreateConnection, nil), []string{"AttachPoint", "Bandwidth", "EnvironmentId"}},
		"partly filled": {
			with((*interconnect.Client).CreateConnection, &interconnect.CreateConnectionInput{Bandwidth: new("1Gbps"), EnvironmentId: new("e")}),
			[]string{"AttachPoint"},
		},
		"AcceptConnectionProposal":   {with((*interconnect.Client).AcceptConnectionProposal, nil), []string{"ActivationKey", "AttachPoint"}},
		"DescribeConnectionProposal": {with((*interconnect.Client).DescribeConnectionProposal, nil), []string{"ActivationKey"}},
		"GetConnection":              {with((*interconnect.Client).GetConnection, nil), []string{"Identifier"}},
		"UpdateConnection":           {with((*interconnect.Client).UpdateConnection, nil), []string{"Identifier"}},
		"DeleteConnection":           {with((*interconnect.Client).DeleteConnection, nil), []string{"Identifier"}},
		"GetEnvironment":             {with((*interconnect.Client).GetEnvironment, nil), []string{"Id"}},
		"ListAttachPoints":           {with((*interconnect.Client).ListAttachPoints, nil), []string{"EnvironmentId"}},
		"TagResource":                {with((*interconnect.Client).TagResource, nil), []string{"Arn", "Tags"}},
		"UntagResource":              {with((*interconnect.Client).UntagResource, nil), []string{"Arn", "TagKeys"}},
		"ListTagsForResource":        {with((*interconnect.Client).ListTagsForResource, nil), []string{"Arn"}},
	}
	s := serveText(t, 200, `{}`)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := test.call(t.Context(), s.client())
			invalid := mustAs[smithy.InvalidParamsError](t, err)
			var got []string
			for _, e := range invalid.Errs() {
				_, field, _ := strings.Cut(mustAs[smithy.InvalidParamError](t, e).Field(), ".")
				got = append(got, field)
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("missing members (-want +got):\n%s", diff)
			}
			mustAs[*smithy.OperationError](t, err)
		})
	}
	if n := len(s.seen()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestUnknownUnionMemberCannotBeSent(t *testing.T) {
	s := serveText(t, 200, `{}`)
	in := createInput()
	in.AttachPoint = &types.UnknownUnionMember{Tag: "arn", Value: []byte(`"x"`)}
	_, err := s.client().CreateConnection(t.Context(), in)
	mustAs[*smithy.SerializationError](t, err)
	if n := len(s.seen()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestAnswersThatCannotBeRead(t *testing.T) {
	tests := map[string]string{
		"not JSON":               `<html>`,
		"a member of wrong type": `{"connection":{"id":7}}`,
		"two members in a union": `{"connection":{"attachPoint":{"arn":"a","directConnectGateway":"b"}}}`,
		"known and unknown":      `{"connection":{"provider":{"cloudServiceProvider":"gcp","other":1}}}`,
		"union of wrong type":    `{"connection":{"provider":{"cloudServiceProvider":["gcp"]}}}`,
		"union that is a string": `{"connection":{"provider":"gcp"}}`,
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			s := serveText(t, 200, body)
			out, err := get(t, s.client())
			if out != nil {
				t.Errorf("output = %v, want nil", out)
			}
			mustAs[*smithy.DeserializationError](t, err)
			if n := len(s.seen()); n != 1 {
				t.Errorf("%d requests, want 1: trying again cannot help", n)
			}
		})
	}
}

func TestEmptyUnionsAndBodies(t *testing.T) {
	for name, body := range map[string]string{
		"empty unions": `{"connection":{"attachPoint":{},"provider":{"__type":"Provider","lastMileProvider":null}}}`,
		"null unions":  `{"connection":{"attachPoint":null,"provider":null,"tags":null}}`,
	} {
		t.Run(name, func(t *testing.T) {
			out, err := get(t, serveText(t, 200, body).client())
			if err != nil {
				t.Fatal(err)
			}
			if c := out.Connection; c == nil || c.AttachPoint != nil || c.Provider != nil {
				t.Errorf("connection = %v, want one without unions", c)
			}
		})
	}
	out, err := get(t, serveText(t, http.StatusOK, "").client())
	if err != nil || out.Connection != nil {
		t.Errorf("for an empty body: %v, %v, want an output without a connection", out, err)
	}
}
