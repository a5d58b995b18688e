package coordinator_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// Every operation of the document, called as Google calls AWS. Both requests and
// answers are held to the document on the way.
func TestEveryOperation(t *testing.T) {
	p := setup(t)
	p.join(linkID)
	p.finish(linkID)
	c, ctx, at := p.google.node.Client(), t.Context(), place("gcp")
	link, channel := at.Connection(linkID), at.Channel("channel-2") // whose keys Google manages
	ref := coordinator.ChannelRef{Environment: env, Interconnect: quadName, Channel: "channel-2"}
	event := api.MaintenanceEvent{MaintenanceID: "m-1", StartTime: start, EndTime: start.Add(time.Hour)}
	if err := p.aws.node.SetMaintenance(ctx, ref, event); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		name string
		call func() (any, error)
		want func(any) bool
	}{
		{"ListProviders", func() (any, error) { return c.ListProviders(ctx) }, func(v any) bool { return len(v.(api.ListProvidersResponse).Providers) == 2 }},
		{"GetProvider", func() (any, error) { return c.GetProvider(ctx, "providers/aws") }, func(v any) bool { return v.(api.Provider).DisplayName == "Amazon Web Services" }},
		{"ListEnvironments", func() (any, error) { return c.ListEnvironments(ctx, "providers/gcp", api.Page{}) }, func(v any) bool { return len(v.(api.ListEnvironmentsResponse).Environments) == 8 }},
		{"GetEnvironment", func() (any, error) { return c.GetEnvironment(ctx, at.EnvironmentName()) }, func(v any) bool {
			e := v.(api.Environment)
			return e.ProviderSites[0].Site == "us-east-1" && e.ProviderSites[1].Site == "us-east4" && e.APIURI == p.google.server.URL
		}},
		{"ConfirmActivationKey", func() (any, error) {
			return c.ConfirmActivationKey(ctx, at.EnvironmentName(), api.ConfirmActivationKeyRequest{EncodedKey: key(linkID, 1000)})
		}, func(v any) bool { return !v.(api.ConfirmActivationKeyResponse).KeyValid }},
		{"ListInterconnects", func() (any, error) { return c.ListInterconnects(ctx, at.EnvironmentName(), api.Page{}) }, func(v any) bool { return len(v.(api.ListInterconnectsResponse).Interconnects) == 2 }},
		{"GetInterconnect", func() (any, error) { return c.GetInterconnect(ctx, at.Name()) }, func(v any) bool { return v.(api.Interconnect).State == api.InterconnectActive }},
		{"ListChannels", func() (any, error) { return c.ListChannels(ctx, at.Name(), api.Page{}) }, func(v any) bool { return len(v.(api.ListChannelsResponse).Channels) == 4 }},
		{"GetChannel", func() (any, error) { return c.GetChannel(ctx, channel) }, func(v any) bool { return v.(api.Channel).MACsecManagerProvider == "providers/gcp" }},
		{"NotifyMaintenance", func() (any, error) { return nil, c.NotifyMaintenance(ctx, channel) }, nil},
		{"GetMaintenanceEvents", func() (any, error) { return c.GetMaintenanceEvents(ctx, channel) }, func(v any) bool {
			return slices.Equal(v.(api.GetMaintenanceEventsResponse).Events, []api.MaintenanceEvent{event})
		}},
		{"RequestMacSecKeyRotation", func() (any, error) {
			return nil, c.RequestMACsecKeyRotation(ctx, at.Channel("channel-1"), api.MACsecKeyRotationRequest{Reason: "r"})
		}, nil},
		{"CreateMacSecKey", func() (any, error) { return c.CreateMACsecKey(ctx, channel, "one", api.MACsecKey{CAK: "a", CKN: "b"}) }, func(v any) bool { k := v.(api.MACsecKey); return k.Active && k.StartTime.Equal(start) }},
		{"CreateMacSecKey again", func() (any, error) { return c.CreateMACsecKey(ctx, channel, "two", api.MACsecKey{CAK: "a", CKN: "b"}) }, func(v any) bool { return v.(api.MACsecKey).Active }},
		{"ListMacSecKeys", func() (any, error) { return c.ListMACsecKeys(ctx, channel) }, func(v any) bool {
			k := v.(api.ListMACsecKeysResponse).MACsecKeys
			return len(k) == 2 && !k[0].Active && k[1].Active
		}},
		{"GetMacSecKey", func() (any, error) { return c.GetMACsecKey(ctx, channel+"/macSecKeys/one") }, func(v any) bool { return v.(api.MACsecKey).CKN == "b" }},
		{"DeleteMacSecKey", func() (any, error) { return nil, c.DeleteMACsecKey(ctx, channel+"/macSecKeys/one") }, nil},
		{"ListConnections", func() (any, error) { return c.ListConnections(ctx, at.Name(), api.Page{}) }, func(v any) bool { return len(v.(api.ListConnectionsResponse).Connections) == 1 }},
		{"CreateConnection", func() (any, error) {
			offered := p.aws.offer(otherID, 500)
			return c.CreateConnection(ctx, at.Name(), otherID, api.Connection{ActivationKey: offered.ActivationKey, BandwidthMbps: 500})
		}, func(v any) bool { return v.(api.Connection).VerificationState == api.Unverified }},
		{"GetConnection", func() (any, error) { return c.GetConnection(ctx, link) }, func(v any) bool { return v.(api.Connection).VerificationState == api.Verified }},
		{"UpdateConnection", func() (any, error) { return c.UpdateBandwidth(ctx, link, 2000) }, func(v any) bool { return v.(api.Connection).BandwidthMbps == 2000 }},
		{"GenerateFeatureGuidance", func() (any, error) { return c.GenerateFeatureGuidance(ctx, link) }, func(v any) bool {
			g := v.(api.GenerateFeatureGuidanceResponse).FeatureGuidance
			return len(g) == 4 && g[0].Channel == at.Channel("channel-1")
		}},
		{"NotifyConnectionStatus", func() (any, error) { return nil, c.NotifyConnectionStatus(ctx, link) }, nil},
		{"ListFeatures", func() (any, error) { return c.ListFeatures(ctx, link, api.Page{}) }, func(v any) bool { return len(v.(api.ListFeaturesResponse).Features) == 4 }},
		{"GetFeature", func() (any, error) { return c.GetFeature(ctx, link+"/features/l3-channel-1") }, func(v any) bool { return v.(api.Feature).ProvisioningState == api.Final }},
		{"CreateFeature", func() (any, error) {
			return c.CreateFeature(ctx, at.Connection(otherID), "mine", wantedFeature(at))
		}, func(v any) bool { return v.(api.Feature).ProvisioningState == api.Pending }},
		{"DeleteFeature", func() (any, error) { return nil, c.DeleteFeature(ctx, at.Connection(otherID)+"/features/mine") }, nil},
		{"DeleteConnection", func() (any, error) { return nil, c.DeleteConnection(ctx, at.Connection(otherID)) }, nil},
		{"CreateIssue", func() (any, error) {
			return c.CreateIssue(ctx, "providers/gcp", "i-1", api.Issue{Title: "t", Body: "b", IssueContext: api.ContextConnection, ConnectionContexts: []api.Context{{Name: link}}, Priority: api.PriorityP1})
		}, func(v any) bool { return v.(api.Issue).State == api.IssueOpen }},
		{"AddComment", func() (any, error) { return c.AddComment(ctx, "providers/gcp/issues/i-1", api.Comment{Body: "first"}) }, func(v any) bool { return v.(api.AddCommentResponse).Comment.DisplayName == "Google Cloud" }},
		{"ListComments", func() (any, error) { return c.ListComments(ctx, "providers/gcp/issues/i-1", api.Page{}) }, func(v any) bool { return len(v.(api.ListCommentsResponse).Comments) == 1 }},
		{"ListIssues", func() (any, error) { return c.ListIssues(ctx, "providers/gcp", api.Page{}) }, func(v any) bool { return len(v.(api.ListIssuesResponse).Issues) == 1 }},
		{"CloseIssue", func() (any, error) { return c.CloseIssue(ctx, "providers/gcp/issues/i-1") }, func(v any) bool { return v.(api.Issue).State == api.IssueClosed }},
		{"GetIssue", func() (any, error) { return c.GetIssue(ctx, "providers/gcp/issues/i-1") }, func(v any) bool { return v.(api.Issue).State == api.IssueClosed }},
	}
	for _, s := range steps {
		got, err := s.call()
		if err != nil || s.want != nil && !s.want(got) {
			t.Errorf("%s: %+v, %v", s.name, got, err)
		}
	}
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	called := p.aws.held.count().Operations
	for _, operation := range doc.Paths {
		if called[operation] == 0 {
			t.Errorf("%s was not called", operation)
		}
	}
	for _, s := range []*side{p.aws, p.google} {
		t.Logf("%d requests and %d replies held to the document", s.held.count().Requests, s.held.count().Replies)
	}
}

// wantedFeature is a feature that AWS takes.
func wantedFeature(at api.Place) api.Feature {
	return api.Feature{Channel: at.Channel("channel-1"), FeatureConfig: &api.FeatureConfig{FeatureType: api.L3Base, L3BaseConfig: &api.L3BaseConfig{
		VLANID: 3000, MTUBytes: 8500, IPv4Subnet: "169.254.10.0", IPv4SubnetPrefixLength: 30,
		ProviderBGPConfigs: []api.ProviderBGPConfig{
			{Provider: "providers/aws", ASN: 16509, HostIPv4: "169.254.10.1"}, {Provider: "providers/gcp", ASN: 16550, HostIPv4: "169.254.10.2"},
		},
	}}}
}

func TestFeatureRefusals(t *testing.T) {
	l3 := func(f *api.Feature) *api.L3BaseConfig { return f.FeatureConfig.L3BaseConfig }
	tests := map[string]struct {
		change func(*api.Feature)
		status int
	}{
		"another interconnect":  {func(f *api.Feature) { f.Channel = strings.Replace(f.Channel, "quad-1", "quad-2", 1) }, 400},
		"unknown channel":       {func(f *api.Feature) { f.Channel += "9" }, 400},
		"no configuration":      {func(f *api.Feature) { f.FeatureConfig = nil }, 400},
		"reserved VLAN":         {func(f *api.Feature) { l3(f).VLANID = 1024 }, 400},
		"VLAN too high":         {func(f *api.Feature) { l3(f).VLANID = 4095 }, 400},
		"VLAN in use":           {func(f *api.Feature) { l3(f).VLANID = 2000 }, 409},
		"MTU too large":         {func(f *api.Feature) { l3(f).MTUBytes = 9100 }, 400},
		"subnet elsewhere":      {func(f *api.Feature) { l3(f).IPv4Subnet = "10.0.0.0" }, 400},
		"subnet excluded":       {func(f *api.Feature) { l3(f).IPv4Subnet = "169.254.169.252" }, 400},
		"subnet with host bits": {func(f *api.Feature) { l3(f).IPv4Subnet = "169.254.10.1" }, 400},
		"subnet too wide":       {func(f *api.Feature) { l3(f).IPv4SubnetPrefixLength = 24 }, 400},
		"subnet in use": {func(f *api.Feature) {
			l3(f).IPv4SubnetPrefixLength = 29
			l3(f).IPv4Subnet = "169.254.20.0"
			swapHosts(f, "169.254.20.5", "169.254.20.6")
		}, 409},
		"IPv6 elsewhere":     {func(f *api.Feature) { l3(f).IPv6Subnet = "2001:db8::"; l3(f).IPv6SubnetPrefixLength = 126 }, 400},
		"one provider":       {func(f *api.Feature) { l3(f).ProviderBGPConfigs = l3(f).ProviderBGPConfigs[:1] }, 400},
		"another ASN for us": {func(f *api.Feature) { l3(f).ProviderBGPConfigs[0].ASN = 1 }, 400},
		"same host twice":    {func(f *api.Feature) { swapHosts(f, "169.254.10.1", "169.254.10.1") }, 400},
		"host elsewhere":     {func(f *api.Feature) { swapHosts(f, "169.254.10.1", "169.254.10.9") }, 400},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := setup(t)
			at := place("gcp")
			for _, id := range []string{linkID, otherID} {
				offered := p.aws.offer(id, 500)
				if _, err := p.google.node.Client().CreateConnection(t.Context(), at.Name(), id, api.Connection{ActivationKey: offered.ActivationKey, BandwidthMbps: 500}); err != nil {
					t.Fatal(err)
				}
			}
			taken := wantedFeature(at)
			l3(&taken).VLANID, l3(&taken).IPv4Subnet = 2000, "169.254.20.4"
			swapHosts(&taken, "169.254.20.5", "169.254.20.6")
			if _, err := p.google.node.Client().CreateFeature(t.Context(), at.Connection(otherID), "f", taken); err != nil {
				t.Fatal(err)
			}
			f := wantedFeature(at)
			tc.change(&f)
			_, err := p.google.node.Client().CreateFeature(t.Context(), at.Connection(linkID), "f", f)
			declined(t, err, tc.status)
			good := wantedFeature(at)
			if _, err := p.google.node.Client().CreateFeature(t.Context(), at.Connection(linkID), "f", good); err != nil {
				t.Errorf("the refusal reserved something: %v", err)
			}
			_, err = p.google.node.Client().CreateFeature(t.Context(), at.Connection(linkID), "g", good)
			declined(t, err, http.StatusConflict)
		})
	}
}

func swapHosts(f *api.Feature, ours, theirs string) {
	sessions := f.FeatureConfig.L3BaseConfig.ProviderBGPConfigs
	sessions[0].HostIPv4, sessions[1].HostIPv4 = ours, theirs
}

func TestMACsecRules(t *testing.T) {
	p := setup(t)
	c, at := p.google.node.Client(), place("gcp")
	keys := api.MACsecKey{CAK: "a", CKN: "b"}
	give := func(channel, id string) error {
		_, err := c.CreateMACsecKey(t.Context(), at.Channel(channel), id, keys)
		return err
	}
	declined(t, give("channel-1", "k"), http.StatusForbidden)
	for _, step := range []struct {
		channel, id string
		status      int
	}{
		{"channel-2", "1", 0}, {"channel-2", "1", 409}, {"channel-2", "2", 0}, {"channel-2", "3", 400},
		{"channel-4", "1", 0}, {"channel-4", "2", 0},
	} {
		if err := give(step.channel, step.id); step.status == 0 && err != nil {
			t.Fatalf("%+v: %v", step, err)
		} else if step.status != 0 {
			declined(t, err, step.status)
		}
	}
	declined(t, c.DeleteMACsecKey(t.Context(), at.Channel("channel-2")+"/macSecKeys/2"), http.StatusBadRequest)
	if err := c.DeleteMACsecKey(t.Context(), at.Channel("channel-2")+"/macSecKeys/1"); err != nil {
		t.Error(err)
	}
	declined(t, c.DeleteMACsecKey(t.Context(), at.Channel("channel-2")+"/macSecKeys/1"), http.StatusNotFound)
	declined(t, c.RequestMACsecKeyRotation(t.Context(), at.Channel("channel-2"), api.MACsecKeyRotationRequest{}), http.StatusBadRequest)
	_, err := c.CreateMACsecKey(t.Context(), at.Channel("channel-2"), "4", api.MACsecKey{CAK: "a"})
	declined(t, err, http.StatusBadRequest)
}

// An interconnect of four channels takes five keys, whoever manages them.
func TestMACsecKeysOfAnInterconnect(t *testing.T) {
	p := setup(t)
	for _, ch := range []string{"channel-1", "channel-3", "channel-2"} {
		ref := coordinator.ChannelRef{Environment: env, Interconnect: quadName, Channel: ch}
		if err := p.aws.node.RotateMACsecKey(t.Context(), ref, "first"); err != nil {
			t.Fatalf("%s: %v", ch, err)
		}
	}
	c, at := p.google.node.Client(), place("gcp")
	for _, id := range []string{"a", "b"} {
		if _, err := c.CreateMACsecKey(t.Context(), at.Channel("channel-4"), id, api.MACsecKey{CAK: "a", CKN: "b"}); err != nil {
			t.Fatalf("key %s: %v", id, err)
		}
	}
	_, err := c.CreateMACsecKey(t.Context(), at.Channel("channel-2"), "c", api.MACsecKey{CAK: "a", CKN: "b"})
	declined(t, err, http.StatusBadRequest)
	if err := c.DeleteMACsecKey(t.Context(), at.Channel("channel-4")+"/macSecKeys/a"); err != nil {
		t.Fatal(err)
	}
	ref := coordinator.ChannelRef{Environment: env, Interconnect: quadName, Channel: "channel-1"}
	if err := p.google.node.RotateMACsecKey(t.Context(), ref, "again"); err != nil {
		t.Fatal(err)
	}
	got, err := p.aws.node.Client().ListMACsecKeys(t.Context(), place("aws").Channel("channel-1"))
	if err != nil || len(got.MACsecKeys) != 1 || !got.MACsecKeys[0].Active {
		t.Errorf("after the rotation that Google asked for: %+v, %v", got, err)
	}
}

func TestMaintenanceIsRefreshed(t *testing.T) {
	p := setup(t)
	ref := coordinator.ChannelRef{Environment: env, Interconnect: quadName, Channel: "channel-3"}
	if err := p.aws.node.SetChannel(ref, coordinator.ChannelState{Disabled: true}); err != nil {
		t.Fatal(err)
	}
	want := []api.MaintenanceEvent{{MaintenanceID: "m", StartTime: start, EndTime: start.Add(time.Hour)}}
	if err := p.aws.node.SetMaintenance(t.Context(), ref, want...); err != nil {
		t.Fatal(err)
	}
	admin, events, err := p.google.node.PeerChannel(ref)
	if diff := cmp.Diff(want, events); diff != "" || admin != api.AdminDisabled || err != nil {
		t.Errorf("%s %v (-want +got):\n%s", admin, err, diff)
	}
	if err := p.aws.node.SetMaintenance(t.Context(), coordinator.ChannelRef{}); err == nil {
		t.Error("a channel that does not exist is maintained")
	}
}

func TestIssues(t *testing.T) {
	p := setup(t)
	c := p.google.node.Client()
	p.aws.held.lenient = true
	for name, in := range map[string]api.Issue{
		"no title": {Body: "b"}, "no body": {Title: "t"}, "two lines": {Title: "a\nb", Body: "b"},
		"no connection":   {Title: "t", Body: "b", IssueContext: api.ContextConnection},
		"no interconnect": {Title: "t", Body: "b", IssueContext: api.ContextInterconnect},
		"unknown context": {Title: "t", Body: "b", IssueContext: "X"}, "unknown priority": {Title: "t", Body: "b", Priority: "P9"},
		"nameless": {Title: "t", Body: "b", ChannelContexts: []api.Context{{}}},
	} {
		_, err := c.CreateIssue(t.Context(), "providers/gcp", "i", in)
		if err == nil {
			t.Errorf("%s is taken", name)
		}
		declined(t, err, http.StatusBadRequest)
	}
	if _, err := c.CreateIssue(t.Context(), "providers/gcp", "i", api.Issue{Title: "t", Body: "b"}); err != nil {
		t.Fatal(err)
	}
	_, err := c.CreateIssue(t.Context(), "providers/gcp", "i", api.Issue{Title: "t", Body: "b"})
	declined(t, err, http.StatusConflict)
	if _, err := c.AddComment(t.Context(), "providers/gcp/issues/i", api.Comment{Body: "older"}); err != nil {
		t.Fatal(err)
	}
	if err := p.aws.node.AnswerIssue("i", "newer", api.IssueInProgress); err != nil {
		t.Fatal(err)
	}
	got, err := c.ListComments(t.Context(), "providers/gcp/issues/i", api.Page{Size: 1})
	if err != nil || len(got.Comments) != 1 || got.Comments[0].Body != "newer" {
		t.Fatalf("%+v, %v", got, err)
	}
	got, err = c.ListComments(t.Context(), "providers/gcp/issues/i", api.Page{Size: 1, Token: got.NextPageToken})
	if err != nil || len(got.Comments) != 1 || got.Comments[0].Body != "older" || got.NextPageToken != "" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := c.CloseIssue(t.Context(), "providers/gcp/issues/i"); err != nil {
		t.Error(err)
	}
	_, err = c.AddComment(t.Context(), "providers/gcp/issues/i", api.Comment{Body: "too late"})
	declined(t, err, http.StatusBadRequest)
}

func TestPaging(t *testing.T) {
	p := setup(t)
	for i := range 7 {
		p.join(nth(i))
	}
	c, at := p.google.node.Client(), place("gcp")
	var ids []string
	for conn, err := range api.All(func(page api.Page) ([]api.Connection, string, error) {
		page.Size = 3
		got, err := c.ListConnections(t.Context(), at.Name(), page)
		return got.Connections, got.NextPageToken, err
	}) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, api.LastID(conn.Name))
	}
	want := []string{nth(0), nth(1), nth(2), nth(3), nth(4), nth(5), nth(6)}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("the connections (-want +got):\n%s", diff)
	}
	first, err := c.ListConnections(t.Context(), at.Name(), api.Page{Size: 3})
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range map[string]api.Page{
		"garbage": {Size: 3, Token: "garbage"}, "another size": {Size: 2, Token: first.NextPageToken}, "negative size": {Size: -1},
	} {
		_, err := c.ListConnections(t.Context(), at.Name(), page)
		if err == nil {
			t.Errorf("%s is taken", name)
			continue
		}
		declined(t, err, http.StatusBadRequest)
	}
	_, err = c.ListChannels(t.Context(), at.Name(), api.Page{Size: 3, Token: first.NextPageToken})
	declined(t, err, http.StatusBadRequest)
}

func TestWhatIsNotServed(t *testing.T) {
	p := setup(t)
	at := "/" + place("gcp").Name()
	tests := map[string]struct {
		method, path, token string
		body                []byte
		status              int
	}{
		"no token":            {"GET", "/providers", "", nil, 401},
		"wrong token":         {"GET", "/providers", "x", nil, 401},
		"unknown path":        {"GET", "/v1/providers", coordinator.SharedToken, nil, 404},
		"unknown method":      {"PUT", "/providers", coordinator.SharedToken, nil, 405},
		"unknown provider":    {"GET", "/providers/azure", coordinator.SharedToken, nil, 404},
		"our own environment": {"GET", "/providers/aws/environments", coordinator.SharedToken, nil, 404},
		"unknown environment": {"GET", "/providers/gcp/environments/x", coordinator.SharedToken, nil, 404},
		"unknown channel":     {"GET", at + "/channels/x", coordinator.SharedToken, nil, 404},
		"large body":          {"POST", at + "/connections?connectionId=a", coordinator.SharedToken, append([]byte(`{"activationKey":"`), bytes.Repeat([]byte("a"), api.MaxBody)...), 413},
		"no JSON":             {"POST", at + "/connections?connectionId=a", coordinator.SharedToken, []byte("x"), 400},
		"two messages":        {"POST", at + "/connections?connectionId=a", coordinator.SharedToken, []byte("{}{}"), 400},
		"no id":               {"POST", at + "/connections", coordinator.SharedToken, []byte("{}"), 400},
		"bad id":              {"POST", at + "/connections?connectionId=a%2Fb", coordinator.SharedToken, []byte("{}"), 400},
		"deferred":            {"POST", at + "/connections?connectionId=a", coordinator.SharedToken, []byte(`{"deferProvisioning":true,"activationKey":"k"}`), 400},
		"no key":              {"POST", "/providers/gcp/environments/" + env + "/ConfirmActivationKey", coordinator.SharedToken, []byte("{}"), 400},
		"half a key":          {"POST", "/providers/gcp/environments/" + env + "/ConfirmActivationKey", coordinator.SharedToken, []byte(`{"key":{"version":1}}`), 400},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			status, body := p.aws.raw(t, tc.method, tc.path, tc.token, tc.body)
			if status != tc.status || !strings.Contains(body, `"error":{"code":`) {
				t.Errorf("%d %s, want %d", status, body, tc.status)
			}
		})
	}
	p.join(linkID)
	if status, body := p.aws.raw(t, "PATCH", at+"/connections/"+linkID+"?updateMask=activationKey", coordinator.SharedToken, []byte(`{"activationKey":"x"}`)); status != 400 {
		t.Errorf("another field is updated: %d %s", status, body)
	}
	p.aws.node.Close()
	if status, _ := p.aws.raw(t, "GET", "/providers", coordinator.SharedToken, nil); status != 503 {
		t.Errorf("a closed node answers %d", status)
	}
}
