package awsend

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

var ref = link.Ref{ID: "mcc-00000001"}

func TestSetBandwidth(t *testing.T) {
	f := newFake()
	f.add(ref.ID, types.ConnectionStateAvailable, nil)
	o, err := f.end().SetBandwidth(t.Context(), ref, 100*bandwidth.Gbps, link.Attempt{})
	if err != nil || o.State != link.Updating || o.ID != ref.ID {
		t.Errorf("got %+v, %v", o, err)
	}
	in := input[interconnect.UpdateConnectionInput](t, f)
	if *in.Bandwidth != "100Gbps" || in.Description != nil || in.ClientToken != nil {
		t.Errorf("asked for %q; the token is left to the client: %v", *in.Bandwidth, in.ClientToken == nil)
	}
}

func TestSetBandwidthRefused(t *testing.T) {
	tests := map[string]struct {
		refusal error
		want    cloud.Kind
	}{
		"set by the other cloud's proposal": {clientException("The bandwidth of connection mcc-1 was set by the partner's proposal. Change it at the partner."), cloud.Precondition},
		"accepted":                          {clientException("This connection was accepted; its bandwidth is fixed."), cloud.Precondition},
		"only the initiator":                {clientException("Only the initiator can change the bandwidth."), cloud.Precondition},
		"validation says acceptor":          {apiError(http.StatusBadRequest, &types.InterconnectValidationException{Message: new("The acceptor cannot set bandwidth.")}), cloud.Precondition},
		"partner refuses":                   {clientException("The partner refused to change the bandwidth: quota of the initiator."), cloud.Invalid},
		"not accepted by the partner":       {clientException("The bandwidth could not be accepted by the partner."), cloud.Invalid},
		"free tier":                         {clientException("Connection mcc-1 is in the free tier and cannot be converted to a paid Interconnect."), cloud.Terminal},
		"not sold":                          {apiError(http.StatusBadRequest, &types.InterconnectValidationException{Message: new("Bandwidth is not offered.")}), cloud.Invalid},
		"failed connection":                 {clientException("The bandwidth cannot be changed in state failed."), cloud.Invalid},
		"change in progress":                {clientException("Connection mcc-1 cannot be updated: another change is in progress."), cloud.Conflict},
		"being updated":                     {clientException("The connection is being updated."), cloud.Conflict},
		"pending":                           {clientException("Connection mcc-1 cannot be updated in state pending."), cloud.Conflict},
		"409 between the clouds":            {clientException("The partner answered 409."), cloud.Conflict},
		"denied":                            {apiError(http.StatusForbidden, &types.AccessDeniedException{}), cloud.Denied},
		"gone":                              {apiError(http.StatusNotFound, &types.ResourceNotFoundException{}), cloud.NotFound},
		"server":                            {apiError(http.StatusInternalServerError, &types.InterconnectServerException{}), cloud.Unavailable},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			f.add(ref.ID, types.ConnectionStateAvailable, nil)
			f.fail["UpdateConnection"] = tt.refusal
			_, err := f.end().SetBandwidth(t.Context(), ref, bandwidth.Gbps, link.Attempt{})
			if got := cloud.KindOf(err); got != tt.want {
				t.Errorf("got %s, want %s: %v", got, tt.want, err)
			}
		})
	}
}

func TestSetBandwidthAgainAfterALostReply(t *testing.T) {
	f := newFake()
	f.add(ref.ID, types.ConnectionStateAvailable, nil)
	f.fail["UpdateConnection"] = clientException("The connection has this bandwidth already.")
	o, err := f.end().SetBandwidth(t.Context(), ref, 10*bandwidth.Gbps, link.Attempt{})
	if err != nil || o.Bandwidth != 10*bandwidth.Gbps || o.State != link.Up {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestDelete(t *testing.T) {
	f := newFake()
	f.add(ref.ID, types.ConnectionStateAvailable, nil)
	o, err := f.end().Delete(t.Context(), ref, link.Attempt{})
	if err != nil || o.State != link.Deleting || o.ID != ref.ID {
		t.Errorf("got %+v, %v", o, err)
	}
	if _, err := f.end().Delete(t.Context(), link.Ref{ID: "mcc-00000009"}, link.Attempt{}); !cloud.IsNotFound(err) {
		t.Errorf("got %v, want not found", err)
	}
	arn := link.Ref{ID: "arn:aws:interconnect:us-east-1:123456789012:connection/mcc-00000001"}
	if _, err := f.end().Delete(t.Context(), arn, link.Attempt{}); cloud.KindOf(err) != cloud.Invalid {
		t.Errorf("got %v, want invalid", err)
	}
	if n := f.count("DeleteConnection"); n != 2 {
		t.Errorf("there were %d deletions, want 2", n)
	}
	// A denial means the same where the list does not have the connection.
	f.fail["DeleteConnection"] = apiError(http.StatusForbidden, &types.AccessDeniedException{})
	for id, kind := range map[string]cloud.Kind{ref.ID: cloud.Denied, "mcc-00000009": cloud.NotFound} {
		if _, err := f.end().Delete(t.Context(), link.Ref{ID: id}, link.Attempt{}); cloud.KindOf(err) != kind {
			t.Errorf("%s, denied: got %v, want %s", id, err, kind)
		}
	}
}

func TestDriftAndAmend(t *testing.T) {
	marks := map[string]string{TagLink: "ai", TagOwner: "acme"}
	with := func(more map[string]string) map[string]string {
		tags := map[string]string{}
		for _, m := range []map[string]string{marks, more} {
			maps.Copy(tags, m)
		}
		return tags
	}
	tests := map[string]struct {
		change func(*Config)
		tags   map[string]string
		want   []link.Drift
		calls  []string
		after  map[string]string
	}{
		"nothing": {tags: with(map[string]string{"team": "net", "foreign": "stays"})},
		"description": {
			change: func(c *Config) { c.Description = "The AI pipeline" },
			tags:   with(map[string]string{"team": "net"}),
			want:   []link.Drift{{Field: "description", Want: "The AI pipeline", Got: "ai", InPlace: true}},
			calls:  []string{"UpdateConnection"},
		},
		"tag differs": {
			tags:  with(map[string]string{"team": "dev", "foreign": "stays"}),
			want:  []link.Drift{{Field: "tags.team", Want: "net", Got: "dev", InPlace: true}},
			calls: []string{"TagResource"},
			after: with(map[string]string{"team": "net", "foreign": "stays"}),
		},
		"tag is missing": {
			tags:  with(nil),
			want:  []link.Drift{{Field: "tags.team", Want: "net", InPlace: true}},
			calls: []string{"TagResource"},
			after: with(map[string]string{"team": "net"}),
		},
		"tag with an empty value is missing": {
			change: func(c *Config) { c.Tags = map[string]string{"flag": ""} },
			tags:   with(nil),
			want:   []link.Drift{{Field: "tags.flag", InPlace: true}},
			calls:  []string{"TagResource"},
			after:  with(map[string]string{"flag": ""}),
		},
		"retired tags": {
			change: func(c *Config) { c.Retired = []string{"old", "gone", "team", "old", TagLink} },
			tags:   with(map[string]string{"team": "net", "old": "1", "foreign": "stays"}),
			want:   []link.Drift{{Field: "tags.old", Got: "1", InPlace: true}},
			calls:  []string{"UntagResource"},
			after:  with(map[string]string{"team": "net", "foreign": "stays"}),
		},
		"imported without a mark": {
			tags: map[string]string{"team": "net"},
			want: []link.Drift{
				{Field: "tags." + TagLink, Want: "ai", InPlace: true},
				{Field: "tags." + TagOwner, Want: "acme", InPlace: true},
			},
			calls: []string{"TagResource"},
			after: with(map[string]string{"team": "net"}),
		},
		"no owner leaves an owner's mark": {
			change: func(c *Config) { c.Owner = "" },
			tags:   with(map[string]string{"team": "net"}),
		},
		"gateway and region": {
			change: func(c *Config) { c.GatewayID, c.Region = "another", "eu-west-2" },
			tags:   with(map[string]string{"team": "net"}),
			want: []link.Drift{
				{Field: "region", Want: "eu-west-2", Got: testRegion},
				{Field: "direct_connect_gateway_id", Want: "another", Got: testGateway},
			},
		},
		"gateway in capitals or unknown": {
			change: func(c *Config) { c.GatewayID = "2B8A0F6E-6F6C-4A0E-9F52-0D1C5E7F3A10" },
			tags:   with(map[string]string{"team": "net"}),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			c := f.add(ref.ID, types.ConnectionStateAvailable, tt.tags)
			config := func(c *Config) {
				if tt.change != nil {
					tt.change(c)
				}
			}
			o, err := f.end().Observe(t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			e := f.end(config)
			if diff := cmp.Diff(tt.want, e.Drift(o, "shared")); diff != "" {
				t.Errorf("drift (-want +got):\n%s", diff)
			}
			f.calls = nil
			o, err = e.Amend(t.Context(), o, "shared", link.Attempt{})
			if err != nil || o.Partial {
				t.Errorf("amend: %+v, %v", o, err)
			}
			if diff := cmp.Diff(append(tt.calls, "GetConnection"), f.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if tt.after != nil && !cmp.Equal(tt.after, c.Tags) {
				t.Errorf("tags (-want +got):\n%s", cmp.Diff(tt.after, c.Tags))
			}
			for _, d := range e.Drift(o, "shared") {
				if d.InPlace {
					t.Errorf("after the amendment %s still differs", d.Field)
				}
			}
		})
	}
}

func TestDriftOfWhatIsNotKnown(t *testing.T) {
	e := newFake().end()
	for name, o := range map[string]link.Observation{
		"partial": {State: link.Up, Partial: true},
		"absent":  {State: link.Absent},
		"deleted": {State: link.Deleted, Detail: &Detail{}},
	} {
		if got := e.Drift(o, ""); got != nil {
			t.Errorf("%s: got %v", name, got)
		}
	}
	other := link.Observation{State: link.Up, Site: link.Site{Region: testRegion}, Mark: link.Marker{Name: "ai", Owner: "acme"},
		Detail: &Detail{Description: "ai", Tags: map[string]string{"team": "net"}}}
	if got := e.Drift(other, ""); got != nil {
		t.Errorf("an attach point of another kind drifts: %v", got)
	}
}

func TestAmendReadsWhatItWasNotGiven(t *testing.T) {
	f := newFake()
	f.add(ref.ID, types.ConnectionStateAvailable, nil)
	if _, err := f.end().Amend(t.Context(), link.Observation{Ref: ref, Partial: true}, "", link.Attempt{}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"GetConnection", "TagResource", "GetConnection"}; !slices.Equal(f.calls, want) {
		t.Errorf("calls %v, want %v", f.calls, want)
	}
	gone := link.Observation{Ref: link.Ref{ID: "mcc-00000009"}, Partial: true}
	if _, err := f.end().Amend(t.Context(), gone, "", link.Attempt{}); !cloud.IsNotFound(err) {
		t.Errorf("got %v, want not found", err)
	}
}

func TestAmendStopsAtTheFirstRefusal(t *testing.T) {
	for _, op := range []string{"UpdateConnection", "TagResource", "UntagResource"} {
		t.Run(op, func(t *testing.T) {
			f := newFake()
			f.add(ref.ID, types.ConnectionStateAvailable, map[string]string{"old": "1"})
			f.fail[op] = apiError(http.StatusForbidden, &types.AccessDeniedException{Message: new("no")})
			e := f.end(func(c *Config) { c.Description, c.Retired = "new", []string{"old"} })
			o, err := e.Observe(t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.Amend(t.Context(), o, "", link.Attempt{}); cloud.KindOf(err) != cloud.Denied {
				t.Errorf("got %v, want denied", err)
			}
			// Only a look at the list, which tells a denial from absence.
			calls := slices.DeleteFunc(f.calls, func(call string) bool { return call == "ListConnections" })
			if last := calls[len(calls)-1]; last != op {
				t.Errorf("%s came after the refusal", last)
			}
		})
	}
}
