package awsend

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	dxtypes "github.com/aws/aws-sdk-go-v2/service/directconnect/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// What the fake account is made of.
const (
	testAccount = "123456789012"
	testRegion  = "us-east-1"
	testGateway = "2b8a0f6e-6f6c-4a0e-9f52-0d1c5e7f3a10"
	testEnv     = "mce-aws-gcp-iad"
	testProject = "ai-pipeline-prod"
)

// fakeAWS is AWS for one region: it keeps what it is given, records the calls,
// and fails where it is told to. One mutex serves all.
type fakeAWS struct {
	// What no test here calls is nobody's.
	associationAPI

	mu          sync.Mutex
	calls       []string
	inputs      []any
	connections []types.Connection
	envs        []types.Environment
	// legal are the attach points; existing the gateways of the account.
	legal, existing []string
	// offers are the prefixes that the gateway's association allows.
	offers []string
	// fail answers an operation with an error, by its name.
	fail map[string]error
	// hold keeps ListConnections and GetCallerIdentity waiting until it is
	// closed; nil does not.
	hold chan struct{}
	// pageSize splits ListConnections; 0 is one page.
	pageSize int
}

func newFake() *fakeAWS {
	return &fakeAWS{
		envs:     []types.Environment{googleEnvironment(testEnv, "us-east4")},
		legal:    []string{testGateway},
		existing: []string{testGateway},
		fail:     map[string]error{},
	}
}

func googleEnvironment(id, location string) types.Environment {
	return types.Environment{
		EnvironmentId: &id, Location: &location, State: types.EnvironmentStateAvailable, Type: new("Multicloud"),
		Provider:             &types.ProviderMemberCloudServiceProvider{Value: "gcp"},
		RemoteIdentifierType: types.RemoteAccountIdentifierTypeAccount,
		Bandwidths: &types.Bandwidths{
			Available: []string{"10Gbps", "1Gbps"}, Supported: []string{"1Gbps", "10Gbps", "100Gbps", "terabits"},
		},
	}
}

// account is an Account on the fake.
func (f *fakeAWS) account(o Options) *Account {
	o.Config.Region = testRegion
	return newAccount(o, f, func(string) clients { return clients{interconnect: f, gateways: f, associations: f} })
}

// end is the end of a link named "ai" on the fake.
func (f *fakeAWS) end(change ...func(*Config)) *End {
	c := Config{Name: "ai", Owner: "acme", GatewayID: testGateway, Tags: map[string]string{"team": "net"}}
	for _, fn := range change {
		fn(&c)
	}
	return New(f.account(Options{}), c)
}

// called records a call and says how it fails.
func (f *fakeAWS) called(name string, in any) error {
	f.calls = append(f.calls, name)
	f.inputs = append(f.inputs, in)
	return f.fail[name]
}

// count is how often an operation was called.
func (f *fakeAWS) count(name string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, c := range f.calls {
		if c == name {
			n++
		}
	}
	return n
}

// input is the last input of a type.
func input[In any](t *testing.T, f *fakeAWS) *In {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, in := range slices.Backward(f.inputs) {
		if in, ok := in.(*In); ok {
			return in
		}
	}
	t.Fatalf("no call had a %T; calls: %v", *new(In), f.calls)
	return nil
}

// add puts a connection in the account.
func (f *fakeAWS) add(id string, state types.ConnectionState, tags map[string]string) *types.Connection {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.connections)
	f.connections = append(f.connections, types.Connection{
		Id: &id, Arn: new(fmt.Sprintf("arn:aws:interconnect:%s:%s:connection/%s", testRegion, testAccount, id)),
		State: state, Bandwidth: new("10Gbps"), Description: new("ai"), EnvironmentId: new(testEnv), Location: new("us-east4"),
		SharedId: new(fmt.Sprintf("8D7E6F5A-0000-4000-8000-%012d", n)), OwnerAccount: new(testAccount), Type: new("Multicloud"),
		Provider:      &types.ProviderMemberCloudServiceProvider{Value: "gcp"},
		AttachPoint:   &types.AttachPointMemberDirectConnectGateway{Value: testGateway},
		ActivationKey: new("key-of-" + id), Tags: tags,
	})
	return &f.connections[n]
}

func (f *fakeAWS) find(id *string) (*types.Connection, error) {
	for i := range f.connections {
		if aws.ToString(f.connections[i].Id) == aws.ToString(id) {
			return &f.connections[i], nil
		}
	}
	return nil, apiError(http.StatusNotFound, &types.ResourceNotFoundException{Message: new("no such connection")})
}

// apiError is an error as the SDK's clients return one.
func apiError(status int, err error) error {
	return &smithy.OperationError{ServiceID: "Interconnect", OperationName: "GetConnection", Err: &awshttp.ResponseError{
		RequestID: "req-1",
		ResponseError: &smithyhttp.ResponseError{
			Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status, Header: http.Header{}}},
			Err:      err,
		},
	}}
}

func clientException(message string) error {
	return apiError(http.StatusBadRequest, &types.InterconnectClientException{Message: &message})
}

func (f *fakeAWS) wait(ctx context.Context) error {
	if f.hold == nil {
		return nil
	}
	select {
	case <-f.hold:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *fakeAWS) GetCallerIdentity(ctx context.Context, in *sts.GetCallerIdentityInput, _ ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	f.mu.Lock()
	err := f.called("GetCallerIdentity", in)
	f.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return &sts.GetCallerIdentityOutput{Account: new(testAccount)}, f.wait(ctx)
}

func (f *fakeAWS) ListConnections(ctx context.Context, in *interconnect.ListConnectionsInput, _ ...func(*interconnect.Options)) (*interconnect.ListConnectionsOutput, error) {
	f.mu.Lock()
	err := f.called("ListConnections", in)
	f.mu.Unlock()
	if err == nil {
		err = f.wait(ctx)
	}
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []types.ConnectionSummary
	for _, c := range f.connections {
		if in.AttachPoint != nil && gatewayFromAPI(in.AttachPoint) != gatewayFromAPI(c.AttachPoint) {
			continue
		}
		all = append(all, types.ConnectionSummary{
			Id: c.Id, Arn: c.Arn, State: c.State, Bandwidth: c.Bandwidth, Description: c.Description, SharedId: c.SharedId,
			EnvironmentId: c.EnvironmentId, Location: c.Location, Provider: c.Provider, AttachPoint: c.AttachPoint, Type: c.Type,
		})
	}
	from := 0
	if in.NextToken != nil {
		if _, err := fmt.Sscan(*in.NextToken, &from); err != nil {
			return nil, err
		}
	}
	out := &interconnect.ListConnectionsOutput{Connections: all[from:]}
	if f.pageSize > 0 && from+f.pageSize < len(all) {
		out.Connections = all[from : from+f.pageSize]
		out.NextToken = new(fmt.Sprint(from + f.pageSize))
	}
	return out, nil
}

func (f *fakeAWS) GetConnection(_ context.Context, in *interconnect.GetConnectionInput, _ ...func(*interconnect.Options)) (*interconnect.GetConnectionOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, err := f.one("GetConnection", in, in.Identifier)
	return &interconnect.GetConnectionOutput{Connection: c}, err
}

// one records a call about one connection and returns a copy of it.
func (f *fakeAWS) one(name string, in any, id *string) (*types.Connection, error) {
	if err := f.called(name, in); err != nil {
		return nil, err
	}
	c, err := f.find(id)
	if err != nil {
		return nil, err
	}
	copied := *c
	copied.Tags = maps.Clone(c.Tags)
	return &copied, nil
}

// made records a call that makes a connection and returns the last one.
func (f *fakeAWS) made(name string, in any) (*types.Connection, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.called(name, in); err != nil {
		return nil, err
	}
	if len(f.connections) == 0 {
		return nil, nil
	}
	return &f.connections[len(f.connections)-1], nil
}

func (f *fakeAWS) CreateConnection(_ context.Context, in *interconnect.CreateConnectionInput, _ ...func(*interconnect.Options)) (*interconnect.CreateConnectionOutput, error) {
	c, err := f.made("CreateConnection", in)
	return &interconnect.CreateConnectionOutput{Connection: c}, err
}

func (f *fakeAWS) AcceptConnectionProposal(_ context.Context, in *interconnect.AcceptConnectionProposalInput, _ ...func(*interconnect.Options)) (*interconnect.AcceptConnectionProposalOutput, error) {
	c, err := f.made("AcceptConnectionProposal", in)
	return &interconnect.AcceptConnectionProposalOutput{Connection: c}, err
}

func (f *fakeAWS) DescribeConnectionProposal(_ context.Context, in *interconnect.DescribeConnectionProposalInput, _ ...func(*interconnect.Options)) (*interconnect.DescribeConnectionProposalOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return &interconnect.DescribeConnectionProposalOutput{
		Bandwidth: new("10Gbps"), EnvironmentId: new(testEnv), Location: new("us-east4"),
	}, f.called("DescribeConnectionProposal", in)
}

func (f *fakeAWS) UpdateConnection(_ context.Context, in *interconnect.UpdateConnectionInput, _ ...func(*interconnect.Options)) (*interconnect.UpdateConnectionOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.one("UpdateConnection", in, in.Identifier); err != nil {
		return nil, err
	}
	c, err := f.find(in.Identifier)
	if err != nil {
		return nil, err
	}
	if in.Description != nil {
		c.Description = in.Description
	}
	if in.Bandwidth != nil {
		c.State = types.ConnectionStateUpdating
	}
	return &interconnect.UpdateConnectionOutput{Connection: c}, nil
}

func (f *fakeAWS) DeleteConnection(_ context.Context, in *interconnect.DeleteConnectionInput, _ ...func(*interconnect.Options)) (*interconnect.DeleteConnectionOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, err := f.one("DeleteConnection", in, in.Identifier)
	if err == nil {
		c.State = types.ConnectionStateDeleting
	}
	return &interconnect.DeleteConnectionOutput{Connection: c}, err
}

// byARN is the connection that a tagging call is about.
func (f *fakeAWS) byARN(name string, in any, arn *string) (*types.Connection, error) {
	if err := f.called(name, in); err != nil {
		return nil, err
	}
	_, _, id, err := ParseARN(aws.ToString(arn))
	if err != nil {
		return nil, err
	}
	return f.find(&id)
}

func (f *fakeAWS) TagResource(_ context.Context, in *interconnect.TagResourceInput, _ ...func(*interconnect.Options)) (*interconnect.TagResourceOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, err := f.byARN("TagResource", in, in.Arn)
	if err != nil {
		return nil, err
	}
	tags := maps.Clone(c.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	maps.Copy(tags, in.Tags)
	c.Tags = tags
	return &interconnect.TagResourceOutput{}, nil
}

func (f *fakeAWS) UntagResource(_ context.Context, in *interconnect.UntagResourceInput, _ ...func(*interconnect.Options)) (*interconnect.UntagResourceOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, err := f.byARN("UntagResource", in, in.Arn)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(c.Tags, k)
	}
	return &interconnect.UntagResourceOutput{}, nil
}

func (f *fakeAWS) ListEnvironments(_ context.Context, in *interconnect.ListEnvironmentsInput, _ ...func(*interconnect.Options)) (*interconnect.ListEnvironmentsOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return &interconnect.ListEnvironmentsOutput{Environments: f.envs}, f.called("ListEnvironments", in)
}

func (f *fakeAWS) ListAttachPoints(_ context.Context, in *interconnect.ListAttachPointsInput, _ ...func(*interconnect.Options)) (*interconnect.ListAttachPointsOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := &interconnect.ListAttachPointsOutput{}
	for _, g := range f.legal {
		out.AttachPoints = append(out.AttachPoints, types.AttachPointDescriptor{Identifier: &g, Name: new("gw"), Type: types.AttachPointTypeDirectConnectGateway})
	}
	return out, f.called("ListAttachPoints", in)
}

func (f *fakeAWS) DescribeDirectConnectGateways(_ context.Context, in *directconnect.DescribeDirectConnectGatewaysInput, _ ...func(*directconnect.Options)) (*directconnect.DescribeDirectConnectGatewaysOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := &directconnect.DescribeDirectConnectGatewaysOutput{}
	if slices.Contains(f.existing, aws.ToString(in.DirectConnectGatewayId)) {
		out.DirectConnectGateways = []dxtypes.DirectConnectGateway{{DirectConnectGatewayId: in.DirectConnectGatewayId}}
	}
	return out, f.called("DescribeDirectConnectGateways", in)
}

func (f *fakeAWS) DescribeDirectConnectGatewayAssociations(_ context.Context, in *directconnect.DescribeDirectConnectGatewayAssociationsInput, _ ...func(*directconnect.Options)) (*directconnect.DescribeDirectConnectGatewayAssociationsOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := &directconnect.DescribeDirectConnectGatewayAssociationsOutput{}
	for _, o := range f.offers {
		out.DirectConnectGatewayAssociations = append(out.DirectConnectGatewayAssociations, dxtypes.DirectConnectGatewayAssociation{
			AllowedPrefixesToDirectConnectGateway: []dxtypes.RouteFilterPrefix{{Cidr: &o}},
		})
	}
	return out, f.called("DescribeDirectConnectGatewayAssociations", in)
}
