package aws

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	dxtypes "github.com/aws/aws-sdk-go-v2/service/directconnect/types"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// dx is AWS's own client of Direct Connect.
func (r *rig) dx(accessKey, secret, region string) *directconnect.Client {
	return directconnect.New(directconnect.Options{
		Region: region, BaseEndpoint: new(r.server.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(accessKey, secret, ""),
	})
}

// wantCode holds the code and text of an error of an AWS client.
func wantCode(t *testing.T, err error, code, says string) {
	t.Helper()
	api, isAPI := errors.AsType[smithy.APIError](err)
	if !isAPI || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), says) {
		t.Errorf("got %v, want %s that says %q", err, code, says)
	}
}

var ignoreSDK = cmpopts.IgnoreUnexported(dxtypes.DirectConnectGateway{}, dxtypes.Tag{}, dxtypes.ResourceTag{})

func TestGatewayLife(t *testing.T) {
	r := newRig(t)
	dx := r.dx(DefaultAccessKeyID, DefaultSecretAccessKey, testRegion)
	created, err := dx.CreateDirectConnectGateway(t.Context(), &directconnect.CreateDirectConnectGatewayInput{
		DirectConnectGatewayName: new("gw"), Tags: []dxtypes.Tag{{Key: new("a"), Value: new("1")}}})
	ok(t, err)
	id := created.DirectConnectGateway.DirectConnectGatewayId
	want := dxtypes.DirectConnectGateway{
		DirectConnectGatewayId: id, DirectConnectGatewayName: new("gw"), AmazonSideAsn: new(int64(64512)),
		OwnerAccount: new(DefaultAccountID), DirectConnectGatewayState: "pending",
		Tags: []dxtypes.Tag{{Key: new("a"), Value: new("1")}},
	}
	if diff := cmp.Diff(want, *created.DirectConnectGateway, ignoreSDK); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	r.client.refused("InterconnectClientException", "CreateConnection", createInput(*id, nil))
	r.clock.Advance(testTiming.Operation)

	_, err = dx.UpdateDirectConnectGateway(t.Context(), &directconnect.UpdateDirectConnectGatewayInput{
		DirectConnectGatewayId: id, NewDirectConnectGatewayName: new("renamed")})
	ok(t, err)
	want.DirectConnectGatewayName, want.DirectConnectGatewayState = new("renamed"), "available"
	elsewhere := r.dx(DefaultAccessKeyID, DefaultSecretAccessKey, "eu-west-2") // gateways are global
	for _, c := range []*directconnect.Client{dx, elsewhere} {
		got, err := c.DescribeDirectConnectGateways(t.Context(), &directconnect.DescribeDirectConnectGatewaysInput{DirectConnectGatewayId: id})
		ok(t, err)
		if diff := cmp.Diff([]dxtypes.DirectConnectGateway{want}, got.DirectConnectGateways, ignoreSDK); diff != "" {
			t.Errorf("described (-want +got):\n%s", diff)
		}
	}

	states := []string{}
	deleted, err := dx.DeleteDirectConnectGateway(t.Context(), &directconnect.DeleteDirectConnectGatewayInput{DirectConnectGatewayId: id})
	ok(t, err)
	states = append(states, string(deleted.DirectConnectGateway.DirectConnectGatewayState))
	r.client.refused("ResourceNotFoundException", "CreateConnection", createInput(*id, nil))
	r.clock.Advance(testTiming.Deleting)
	for range 2 {
		got, err := dx.DescribeDirectConnectGateways(t.Context(), &directconnect.DescribeDirectConnectGatewaysInput{})
		ok(t, err)
		for _, g := range got.DirectConnectGateways {
			states = append(states, string(g.DirectConnectGatewayState))
		}
		r.clock.Advance(testTiming.Lingering)
	}
	if diff := cmp.Diff([]string{"deleting", "deleted"}, states); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if got := r.cloud.Resources(); len(got) != 0 {
		t.Errorf("left over: %v", got)
	}
}

func TestGatewayASN(t *testing.T) {
	tests := map[int64]bool{0: false, 64511: false, 64512: true, 65534: true, 65535: false,
		4199999999: false, 4200000000: true, 4294967294: true, 4294967295: false}
	for asn, legal := range tests {
		t.Run(fmt.Sprint(asn), func(t *testing.T) {
			r := newRig(t)
			_, err := r.dx(DefaultAccessKeyID, DefaultSecretAccessKey, testRegion).CreateDirectConnectGateway(t.Context(),
				&directconnect.CreateDirectConnectGatewayInput{DirectConnectGatewayName: new("gw"), AmazonSideAsn: &asn})
			if legal {
				ok(t, err)
				return
			}
			wantCode(t, err, "DirectConnectClientException", "ASN")
		})
	}
}

func TestGatewayWithAConnectionCannotBeDeleted(t *testing.T) {
	for _, state := range []State{StateRequested, StatePending, StateAvailable, StateFailed, StateDeleting} {
		t.Run(string(state), func(t *testing.T) {
			r := newRig(t)
			conn := r.brought(state)
			dx := r.dx(DefaultAccessKeyID, DefaultSecretAccessKey, testRegion)
			in := &directconnect.DeleteDirectConnectGatewayInput{
				DirectConnectGatewayId: new(conn["attachPoint"].(document)["directConnectGateway"].(string))}
			_, err := dx.DeleteDirectConnectGateway(t.Context(), in)
			wantCode(t, err, "DirectConnectClientException", conn["id"].(string))
			if state != StateDeleting {
				r.client.must("DeleteConnection", document{"identifier": conn["id"]})
			}
			r.clock.Advance(testTiming.Deleting)
			_, err = dx.DeleteDirectConnectGateway(t.Context(), in)
			ok(t, err)
		})
	}
}

func TestUnknownGateway(t *testing.T) {
	r := newRig(t)
	dx := r.dx(DefaultAccessKeyID, DefaultSecretAccessKey, testRegion)
	theirs := r.dx("AKIAOTHER00000000000", "other", testRegion)
	for id, c := range map[string]*directconnect.Client{unknownUUID: dx, r.gateway(): theirs} {
		got, err := c.DescribeDirectConnectGateways(t.Context(), &directconnect.DescribeDirectConnectGatewaysInput{DirectConnectGatewayId: &id})
		ok(t, err)
		if len(got.DirectConnectGateways) != 0 {
			t.Errorf("described %v", got.DirectConnectGateways)
		}
		_, err = c.DeleteDirectConnectGateway(t.Context(), &directconnect.DeleteDirectConnectGatewayInput{DirectConnectGatewayId: &id})
		wantCode(t, err, "DirectConnectClientException", "does not exist")
		_, err = c.UpdateDirectConnectGateway(t.Context(), &directconnect.UpdateDirectConnectGatewayInput{DirectConnectGatewayId: &id, NewDirectConnectGatewayName: new("x")})
		wantCode(t, err, "DirectConnectClientException", "does not exist")
	}
}

func TestGatewayPaging(t *testing.T) {
	r := newRig(t)
	dx := r.dx(DefaultAccessKeyID, DefaultSecretAccessKey, testRegion)
	var want, got []string
	for range 5 {
		want = append(want, r.gateway())
	}
	in := &directconnect.DescribeDirectConnectGatewaysInput{MaxResults: new(int32(2))}
	for {
		out, err := dx.DescribeDirectConnectGateways(t.Context(), in)
		ok(t, err)
		for _, g := range out.DirectConnectGateways {
			got = append(got, *g.DirectConnectGatewayId)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gateways (-want +got):\n%s", diff)
	}
	_, err := dx.DescribeDirectConnectGateways(t.Context(), &directconnect.DescribeDirectConnectGatewaysInput{NextToken: new("garbage")})
	wantCode(t, err, "DirectConnectClientException", "nextToken")
	out, err := dx.DescribeDirectConnectGateways(t.Context(), &directconnect.DescribeDirectConnectGatewaysInput{MaxResults: new(int32(1000))})
	ok(t, err)
	if len(out.DirectConnectGateways) != 5 {
		t.Errorf("maxResults over 100 answers %d gateways", len(out.DirectConnectGateways))
	}
}

func TestGatewayTags(t *testing.T) {
	r := newRig(t)
	dx := r.dx(DefaultAccessKeyID, DefaultSecretAccessKey, testRegion)
	arn := "arn:aws:directconnect::" + DefaultAccountID + ":dx-gateway/" + r.gateway()
	tag := func(arn string, tags ...dxtypes.Tag) error {
		_, err := dx.TagResource(t.Context(), &directconnect.TagResourceInput{ResourceArn: &arn, Tags: tags})
		return err
	}
	ok(t, tag(arn, dxtypes.Tag{Key: new("a"), Value: new("1")}, dxtypes.Tag{Key: new("b")}))
	ok(t, tag(arn, dxtypes.Tag{Key: new("b"), Value: new("2")}))
	_, err := dx.UntagResource(t.Context(), &directconnect.UntagResourceInput{ResourceArn: &arn, TagKeys: []string{"a", "never there"}})
	ok(t, err)
	got, err := dx.DescribeTags(t.Context(), &directconnect.DescribeTagsInput{ResourceArns: []string{arn}})
	ok(t, err)
	want := []dxtypes.ResourceTag{{ResourceArn: &arn, Tags: []dxtypes.Tag{{Key: new("b"), Value: new("2")}}}}
	if diff := cmp.Diff(want, got.ResourceTags, ignoreSDK); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}

	wantCode(t, tag(arn, dxtypes.Tag{Key: new("x")}, dxtypes.Tag{Key: new("x")}), "DuplicateTagKeysException", "x")
	var many []dxtypes.Tag
	for i := range 50 {
		many = append(many, dxtypes.Tag{Key: new(fmt.Sprint("k", i))})
	}
	wantCode(t, tag(arn, many...), "TooManyTagsException", "50")
	wantCode(t, tag(arn, dxtypes.Tag{Key: new("<")}), "DirectConnectClientException", "regular expression")
	wantCode(t, tag(arn, dxtypes.Tag{Key: new("aws:x")}), "DirectConnectClientException", "aws:")
	wantCode(t, tag("arn:aws:directconnect:us-east-1:123456789012:dx-gateway/"+unknownUUID, dxtypes.Tag{Key: new("x")}), "DirectConnectClientException", "does not exist")
}

func TestGatewayAssociationsAreNone(t *testing.T) {
	r := newRig(t)
	dx := r.dx(DefaultAccessKeyID, DefaultSecretAccessKey, testRegion)
	got, err := dx.DescribeDirectConnectGatewayAssociations(t.Context(), &directconnect.DescribeDirectConnectGatewayAssociationsInput{DirectConnectGatewayId: new(r.gateway())})
	ok(t, err)
	if len(got.DirectConnectGatewayAssociations) != 0 {
		t.Errorf("associations %v", got.DirectConnectGatewayAssociations)
	}
}

func TestUnknownOperationsOfOtherServices(t *testing.T) {
	r := newRig(t)
	_, err := r.dx(DefaultAccessKeyID, DefaultSecretAccessKey, testRegion).DescribeLags(t.Context(), &directconnect.DescribeLagsInput{})
	wantCode(t, err, "UnknownOperationException", "DescribeLags")
	_, err = r.sts(DefaultSecretAccessKey).GetSessionToken(t.Context(), &awssts.GetSessionTokenInput{})
	wantCode(t, err, "InvalidAction", "GetSessionToken")
}

// sts is AWS's own client of STS.
func (r *rig) sts(secret string) *awssts.Client {
	return awssts.New(awssts.Options{
		Region: testRegion, BaseEndpoint: new(r.server.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(DefaultAccessKeyID, secret, ""),
	})
}

func TestGetCallerIdentity(t *testing.T) {
	r := newRig(t)
	got, err := r.sts(DefaultSecretAccessKey).GetCallerIdentity(t.Context(), &awssts.GetCallerIdentityInput{})
	ok(t, err)
	if awssdk.ToString(got.Account) != DefaultAccountID || awssdk.ToString(got.Arn) != "arn:aws:iam::123456789012:user/sandbox" || awssdk.ToString(got.UserId) == "" {
		t.Errorf("identity %v %v %v", awssdk.ToString(got.Account), awssdk.ToString(got.Arn), awssdk.ToString(got.UserId))
	}
	_, err = r.sts("wrong").GetCallerIdentity(t.Context(), &awssts.GetCallerIdentityInput{})
	wantCode(t, err, "SignatureDoesNotMatch", "signature")
	_, err = r.dx(DefaultAccessKeyID, "wrong", testRegion).DescribeDirectConnectGateways(t.Context(), &directconnect.DescribeDirectConnectGatewaysInput{})
	wantCode(t, err, "InvalidSignatureException", "signature")
}
