package aws

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/google/go-cmp/cmp"
)

// members are the values of a member in a listing.
func members(out document, list, member string) []string {
	var got []string
	for _, item := range out[list].([]any) {
		got = append(got, item.(document)[member].(string))
	}
	return got
}

func TestListConnectionsFilters(t *testing.T) {
	r := newRig(t)
	gw1, gw2 := r.gateway(), r.gateway()
	first := r.client.connection("CreateConnection", createInput(gw1, nil))["id"].(string)
	second := r.client.connection("CreateConnection", createInput(gw2, nil))
	r.redeem(second)
	far := r.client.in("eu-west-2").connection("CreateConnection", createInput(gw1, document{"environmentId": otherEnv}))["id"].(string)
	gone := r.client.connection("CreateConnection", createInput(gw1, nil))["id"].(string)
	r.client.must("DeleteConnection", document{"identifier": gone})
	r.clock.Advance(testTiming.Deleting)
	secondID := second["id"].(string)

	tests := map[string]struct {
		in     document
		region string
		want   []string
	}{
		"all, in the order they were made": {document{}, testRegion, []string{first, secondID}},
		"of another region":                {document{}, "eu-west-2", []string{far}},
		"by state":                         {document{"state": "pending"}, testRegion, []string{secondID}},
		"by state deleted":                 {document{"state": "deleted"}, testRegion, []string{gone}},
		"by environment":                   {document{"environmentId": testEnv}, testRegion, []string{first, secondID}},
		"by another environment":           {document{"environmentId": otherEnv}, testRegion, nil},
		"by provider":                      {document{"provider": document{"cloudServiceProvider": "gcp"}}, testRegion, []string{first, secondID}},
		"by another provider":              {document{"provider": document{"cloudServiceProvider": "oci"}}, testRegion, nil},
		"by a last-mile provider":          {document{"provider": document{"lastMileProvider": "gcp"}}, testRegion, nil},
		"by gateway":                       {document{"attachPoint": document{"directConnectGateway": gw1}}, testRegion, []string{first}},
		"by ARN":                           {document{"attachPoint": document{"arn": validValues["AmazonResourceName"]}}, testRegion, nil},
		"by two that fit":                  {document{"state": "pending", "attachPoint": document{"directConnectGateway": gw2}}, testRegion, []string{secondID}},
		"by two of which one fits":         {document{"state": "pending", "attachPoint": document{"directConnectGateway": gw1}}, testRegion, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := members(r.client.in(tc.region).must("ListConnections", tc.in), "connections", "id")
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("connections (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListsShowSummaries(t *testing.T) {
	r := newRig(t)
	conn := r.create(document{"tags": document{"a": "b"}})
	want := document{}
	for k, v := range conn {
		if !slices.Contains([]string{"activationKey", "ownerAccount", "tags"}, k) {
			want[k] = v
		}
	}
	got := r.client.must("ListConnections", document{})["connections"].([]any)
	if diff := cmp.Diff([]any{want}, got); diff != "" {
		t.Errorf("summaries (-want +got):\n%s", diff)
	}
}

func TestDeletedInLists(t *testing.T) {
	for name, shown := range map[string]bool{"left out": false, "shown": true} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(cfg *Config) { cfg.Switches.DeletedInLists = shown })
			r.brought(StateDeleted)
			got := r.client.must("ListConnections", document{})["connections"].([]any)
			if (len(got) == 1) != shown {
				t.Errorf("listed %v", got)
			}
		})
	}
}

func TestPaging(t *testing.T) {
	r := newRig(t)
	var want []string
	for range 5 {
		want = append(want, r.create(nil)["id"].(string))
	}
	var got []string
	in := document{"maxResults": 2}
	for pages := 1; ; pages++ {
		out := r.client.must("ListConnections", in)
		got = append(got, members(out, "connections", "id")...)
		token, more := out["nextToken"].(string)
		if !more {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
		if strings.Contains(token, "mcc") || len(token) > 1024 {
			t.Errorf("token %q", token)
		}
		in["nextToken"] = token
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("connections (-want +got):\n%s", diff)
	}
	if _, more := r.client.must("ListConnections", document{"maxResults": 5})["nextToken"]; more {
		t.Error("a last page that is full has a token")
	}
}

func TestPagingSurvivesDeletion(t *testing.T) {
	r := newRig(t)
	a, b := r.create(nil)["id"], r.create(nil)["id"].(string)
	out := r.client.must("ListConnections", document{"maxResults": 1})
	r.client.must("DeleteConnection", document{"identifier": a})
	r.clock.Advance(testTiming.Deleting + testTiming.Lingering)
	got := members(r.client.must("ListConnections", document{"maxResults": 1, "nextToken": out["nextToken"]}), "connections", "id")
	if diff := cmp.Diff([]string{b}, got); diff != "" {
		t.Errorf("second page (-want +got):\n%s", diff)
	}
	in := document{"maxResults": 1, "nextToken": out["nextToken"]}
	r.client.must("DeleteConnection", document{"identifier": b})
	r.clock.Advance(testTiming.Deleting)
	if got := r.client.must("ListConnections", in); len(got["connections"].([]any)) != 0 || got["nextToken"] != nil {
		t.Errorf("page after everything is gone: %v", got)
	}
}

func TestTokensAreBoundToTheirRequest(t *testing.T) {
	r := newRig(t)
	r.create(nil)
	r.create(nil)
	token := r.client.must("ListConnections", document{"maxResults": 1})["nextToken"]
	tests := map[string]struct {
		client    client
		operation string
		in        document
	}{
		"garbage":           {r.client, "ListConnections", document{"nextToken": "garbage"}},
		"not base64":        {r.client, "ListConnections", document{"nextToken": "§§§"}},
		"other filters":     {r.client, "ListConnections", document{"nextToken": token, "state": "requested"}},
		"other region":      {r.client.in("eu-west-2"), "ListConnections", document{"nextToken": token}},
		"other account":     {r.other(), "ListConnections", document{"nextToken": token}},
		"other operation":   {r.client, "ListEnvironments", document{"nextToken": token}},
		"attach points":     {r.client, "ListAttachPoints", document{"nextToken": token, "environmentId": testEnv}},
		"maxResults of 0":   {r.client, "ListConnections", document{"maxResults": 0}},
		"maxResults of 101": {r.client, "ListConnections", document{"maxResults": 101}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			tc.client.refused("InterconnectValidationException", tc.operation, tc.in)
		})
	}
	r.client.must("ListConnections", document{"nextToken": token, "maxResults": 100}) // the page size may change
}

func TestListEnvironments(t *testing.T) {
	r := newRig(t)
	tests := map[string]struct {
		in     document
		region string
		want   []string
	}{
		"of the region":       {document{}, testRegion, []string{testEnv}},
		"of another region":   {document{}, "eu-west-2", []string{otherEnv}},
		"of no region":        {document{}, "ap-northeast-1", nil},
		"by location":         {document{"location": "us-east4"}, testRegion, []string{testEnv}},
		"by another location": {document{"location": "us-west1"}, testRegion, nil},
		"by provider":         {document{"provider": document{"cloudServiceProvider": "gcp"}}, testRegion, []string{testEnv}},
		"by another provider": {document{"provider": document{"cloudServiceProvider": "azure"}}, testRegion, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := members(r.client.in(tc.region).must("ListEnvironments", tc.in), "environments", "environmentId")
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("environments (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGetEnvironment(t *testing.T) {
	r := newRig(t)
	sizes := []any{"500Mbps", "1Gbps", "2Gbps", "5Gbps", "10Gbps", "20Gbps", "50Gbps", "100Gbps"}
	want := document{"environment": document{
		"environmentId": testEnv, "location": "us-east4", "provider": document{"cloudServiceProvider": "gcp"},
		"state": "available", "type": "Multicloud", "remoteIdentifierType": "account",
		"bandwidths": document{"available": sizes, "supported": sizes},
	}}
	if diff := cmp.Diff(want, r.client.must("GetEnvironment", document{"id": testEnv})); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
	ok(t, r.cloud.SetEnvironmentState(testEnv, EnvironmentLimited))
	if got := r.client.must("GetEnvironment", document{"id": testEnv})["environment"].(document)["state"]; got != "limited" {
		t.Errorf("state %v", got)
	}
	r.client.refused("ResourceNotFoundException", "GetEnvironment", document{"id": otherEnv})
}

func TestListAttachPoints(t *testing.T) {
	r := newRig(t)
	a, b := r.cloud.CreateGateway("a", 0), r.cloud.CreateGateway("b", 64513)
	want := []any{
		document{"type": "DirectConnectGateway", "identifier": a, "name": "a"},
		document{"type": "DirectConnectGateway", "identifier": b, "name": "b"},
	}
	in := document{"environmentId": testEnv}
	if diff := cmp.Diff(want, r.client.must("ListAttachPoints", in)["attachPoints"]); diff != "" {
		t.Errorf("attach points (-want +got):\n%s", diff)
	}
	dx := r.dx(DefaultAccessKeyID, DefaultSecretAccessKey, testRegion)
	_, err := dx.DeleteDirectConnectGateway(t.Context(), &directconnect.DeleteDirectConnectGatewayInput{DirectConnectGatewayId: new(r.gateway())})
	ok(t, err)
	if diff := cmp.Diff(want, r.client.must("ListAttachPoints", in)["attachPoints"]); diff != "" {
		t.Errorf("attach points while another is deleting (-want +got):\n%s", diff)
	}
	in["maxResults"] = 1
	in["nextToken"] = r.client.must("ListAttachPoints", in)["nextToken"]
	if diff := cmp.Diff(want[1:], r.client.must("ListAttachPoints", in)["attachPoints"]); diff != "" {
		t.Errorf("second page (-want +got):\n%s", diff)
	}
	if got := r.other().must("ListAttachPoints", document{"environmentId": testEnv})["attachPoints"].([]any); len(got) != 0 {
		t.Errorf("another account sees %v", got)
	}
	r.client.refused("ResourceNotFoundException", "ListAttachPoints", document{"environmentId": otherEnv})
}

func TestTags(t *testing.T) {
	r := newRig(t)
	conn := r.create(document{"tags": document{"a": "1", "b": "2"}})
	arn := conn["arn"]
	r.client.must("TagResource", document{"arn": arn, "tags": document{"b": "3", "c": ""}})
	r.client.must("UntagResource", document{"arn": arn, "tagKeys": []any{"a", "never there"}})
	want := document{"b": "3", "c": ""}
	if diff := cmp.Diff(want, r.client.must("ListTagsForResource", document{"arn": arn})["tags"]); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, r.client.get(conn["id"])["tags"]); diff != "" {
		t.Errorf("tags in GetConnection (-want +got):\n%s", diff)
	}
	accepted := acceptInput(r.gateway(), partnerKey(t, nil))
	accepted["tags"] = document{"x": "y"}
	if diff := cmp.Diff(document{"x": "y"}, r.client.connection("AcceptConnectionProposal", accepted)["tags"]); diff != "" {
		t.Errorf("tags of an accepted connection (-want +got):\n%s", diff)
	}
}

func TestTagRefusals(t *testing.T) {
	r := newRig(t)
	conn := r.create(nil)
	arn := conn["arn"].(string)
	tests := map[string]struct {
		client client
		arn    string
		key    string
		code   string
	}{
		"another account's":  {r.other(), arn, "k", "AccessDeniedException"},
		"another region":     {r.client.in("eu-west-2"), arn, "k", "ResourceNotFoundException"},
		"region in the ARN":  {r.client, strings.Replace(arn, testRegion, "eu-west-2", 1), "k", "ResourceNotFoundException"},
		"reserved key":       {r.client, arn, "aws:k", "InterconnectValidationException"},
		"reserved, any case": {r.client, arn, "AWS:k", "InterconnectValidationException"},
		"not an ARN":         {r.client, conn["id"].(string), "k", "InterconnectValidationException"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			tc.client.refused(tc.code, "TagResource", document{"arn": tc.arn, "tags": document{tc.key: "v"}})
		})
	}
	r.client.must("DeleteConnection", document{"identifier": conn["id"]})
	r.clock.Advance(testTiming.Deleting)
	r.client.refused("ResourceNotFoundException", "ListTagsForResource", document{"arn": arn})
}
