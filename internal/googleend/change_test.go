package googleend

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

var theAttempt = link.Attempt{Link: theMarker}

// observed is the observation of a transport with this detail.
func observed(t Transport) link.Observation {
	return link.Observation{
		Ref: link.Ref{ID: theID}, State: link.Up, Raw: "ACTIVE", Mark: markOf(t.Labels), SharedID: t.Labels[labelSharedID],
		Site: link.Site{Account: "p", Region: "us-east4"}, Detail: t,
	}
}

// asConfigured is a transport that is what config says.
func asConfigured() Transport {
	labels := markers(theMarker, sharedUUID)
	labels["team"] = "net"
	return Transport{
		Name: theID, ID: "ai", Description: "to AWS", Labels: labels, Network: "projects/p/global/networks/vpc",
		AdvertisedRoutes: []string{"10.0.0.0/16"}, StackType: "IPV4_ONLY", UpdateTime: "2026-11-22T10:00:00Z",
	}
}

func TestAmendRequests(t *testing.T) {
	for name, c := range map[string]struct {
		change   func(*Config, *Transport)
		sharedID string
		mask     string
	}{
		"nothing": {change: func(*Config, *Transport) {}, sharedID: sharedUUID},
		"order of routes": {change: func(c *Config, t *Transport) {
			c.AdvertisedRoutes, t.AdvertisedRoutes = []string{"10.1.0.0/16", "10.0.0.0/16"}, []string{"10.0.0.0/16", "10.1.0.0/16"}
		}},
		"amend-description": {change: func(c *Config, _ *Transport) { c.Description = "changed" }, mask: "description"},
		"amend-clear":       {change: func(c *Config, _ *Transport) { c.Description, c.AdvertisedRoutes = "", nil }, mask: "description,advertisedRoutes"},
		"amend-labels": {mask: "labels", change: func(c *Config, t *Transport) {
			t.Labels["foreign"], t.Labels["old"] = "kept", "retired"
			c.Labels, c.RetiredLabels = map[string]string{"team": "other"}, []string{"old", labelLink, labelSharedID}
		}},
		"amend-unmarked": {mask: "labels", sharedID: sharedUUID, change: func(_ *Config, t *Transport) { t.Labels = map[string]string{"team": "net"} }},
		"amend-everything": {mask: "labels,description,advertisedRoutes", change: func(c *Config, _ *Transport) {
			c.Labels, c.Description, c.AdvertisedRoutes = map[string]string{"team": "b"}, "b", []string{"10.9.0.0/16"}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string][]answer{"PATCH " + onTransport: {operation("update", "")}})
			cfg, transport := config(), asConfigured()
			c.change(&cfg, &transport)
			e := New(newAccount(t, f), cfg)
			before := observed(transport)
			o, err := e.Amend(t.Context(), before, c.sharedID, theAttempt)
			if err != nil {
				t.Fatal(err)
			}
			inPlace := 0
			for _, d := range e.Drift(before, c.sharedID) {
				if d.InPlace {
					inPlace++
				}
			}
			if (inPlace > 0) != (c.mask != "") {
				t.Errorf("%d drifts in place, mask %q", inPlace, c.mask)
			}
			if c.mask == "" {
				if len(f.calls()) != 0 || o.State != link.Up {
					t.Errorf("calls %v, state %q", f.calls(), o.State)
				}
				return
			}
			if o.State != link.Updating || o.Operation != theOp || !o.Partial {
				t.Errorf("got %v %q", o.Ref, o.State)
			}
			r := f.last("PATCH")
			if q, err := url.ParseQuery(r.query); err != nil || q.Get("updateMask") != c.mask {
				t.Errorf("mask %q, want %q", q.Get("updateMask"), c.mask)
			}
			sentWhatTheMaskNames(t, r.body, c.mask)
			golden(t, name, r)
		})
	}
}

// sentWhatTheMaskNames checks that body and mask name the same fields.
func sentWhatTheMaskNames(t *testing.T, body []byte, mask string) {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(body, &fields); err != nil {
		t.Fatal(err)
	}
	paths := strings.Split(mask, ",")
	for _, p := range paths {
		if _, ok := fields[p]; !ok {
			t.Errorf("%s is in the mask and not in the body", p)
		}
	}
	if len(fields) != len(paths) {
		t.Errorf("mask %q for body %s", mask, body)
	}
}

func TestAmendReadsWhatItHasNotSeen(t *testing.T) {
	f := newFake(t, map[string][]answer{
		"GET " + onTransport:   {ok(`{"name":"` + theID + `","state":"ACTIVE","description":"x","labels":{"foreign":"kept"}}`)},
		"PATCH " + onTransport: {operation("update", "")},
	})
	e := New(newAccount(t, f), config())
	if _, err := e.Amend(t.Context(), link.Observation{Ref: link.Ref{ID: theID}, Partial: true}, "", theAttempt); err != nil {
		t.Fatal(err)
	}
	if body := string(f.last("PATCH").body); !strings.Contains(body, `"foreign":"kept"`) {
		t.Errorf("foreign labels are lost: %s", body)
	}
}

func TestSetBandwidth(t *testing.T) {
	has := func(word, updated string) answer {
		return ok(fmt.Sprintf(`{"name":%q,"state":"ACTIVE","bandwidth":%q,"updateTime":%q}`, theID, word, updated))
	}
	for name, c := range map[string]struct {
		get, patch []answer
		state      link.State
		kind       cloud.Kind
		patches    int
	}{
		"changed":          {get: []answer{has("BPS_1G", "u")}, patch: []answer{operation("update", "")}, state: link.Updating, patches: 1},
		"changed at once":  {get: []answer{has("BPS_1G", "u"), has("BPS_10G", "v")}, patch: []answer{operation("update", `,"done":true,"response":{}`)}, state: link.Up, patches: 1},
		"has it already":   {get: []answer{has("BPS_10G", "u")}, state: link.Up},
		"gone":             {kind: cloud.NotFound},
		"not changed here": {get: []answer{has("BPS_1G", "u")}, patch: []answer{refuse(400, "INVALID_ARGUMENT", `update_mask path "bandwidth" not supported`)}, kind: cloud.Precondition, patches: 1},
		"fixed":            {get: []answer{has("BPS_1G", "u")}, patch: []answer{refuse(400, "INVALID_ARGUMENT", "Field bandwidth cannot be updated")}, kind: cloud.Precondition, patches: 1},
		"not sold":         {get: []answer{has("BPS_1G", "u")}, patch: []answer{refuse(400, "INVALID_ARGUMENT", "Bandwidth BPS_10G is not supported by the profile")}, kind: cloud.Invalid, patches: 1},
		"busy":             {get: []answer{has("BPS_1G", "u")}, patch: []answer{refuse(409, "ABORTED", "busy")}, kind: cloud.Conflict, patches: 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string][]answer{"GET " + onTransport: c.get, "PATCH " + onTransport: c.patch})
			o, err := New(newAccount(t, f), config()).SetBandwidth(t.Context(), link.Ref{ID: theID}, 10*bandwidth.Gbps, theAttempt)
			if o.State != c.state || cloud.KindOf(err) != c.kind || f.count("PATCH "+onTransport) != c.patches {
				t.Fatalf("got %q, %v after %v", o.State, err, f.calls())
			}
			if c.patches > 0 {
				golden(t, "bandwidth", f.last("PATCH"))
			}
		})
	}
}

// A change there and back and there again must not be answered with the
// operation of the first.
func TestSetBandwidthAgainIsAnotherRequest(t *testing.T) {
	f := newFake(t, map[string][]answer{
		"GET " + onTransport: {
			ok(`{"name":"` + theID + `","bandwidth":"BPS_1G","updateTime":"monday"}`),
			ok(`{"name":"` + theID + `","bandwidth":"BPS_1G","updateTime":"tuesday"}`),
		},
		"PATCH " + onTransport: {operation("update", "")},
	})
	e := New(newAccount(t, f), config())
	var queries []string
	for range 2 {
		if _, err := e.SetBandwidth(t.Context(), link.Ref{ID: theID}, 10*bandwidth.Gbps, theAttempt); err != nil {
			t.Fatal(err)
		}
		queries = append(queries, f.last("PATCH").query)
	}
	if queries[0] == queries[1] {
		t.Errorf("both changes have the request id of %s", queries[0])
	}
}

// A change that was refused is asked for anew, not answered with the refusal of
// then for as long as Google remembers its request id; and the id of the new
// request is derived, so that its reply may be lost too.
func TestRefusedChangeIsAskedForAnew(t *testing.T) {
	refusal := operation("update", `,"done":true,"error":{"code":8,"message":"quota"}`)
	var queries [2][]string
	for i := range queries {
		f := newFake(t, map[string][]answer{
			"GET " + onTransport:   {ok(`{"name":"` + theID + `","bandwidth":"BPS_1G","updateTime":"monday"}`)},
			"PATCH " + onTransport: {refusal, refusal, operation("update", "")},
		})
		o, err := New(newAccount(t, f), config()).SetBandwidth(t.Context(), link.Ref{ID: theID}, 10*bandwidth.Gbps, theAttempt)
		if err != nil || o.State != link.Updating {
			t.Fatalf("got %q, %v", o.State, err)
		}
		for _, a := range f.asked {
			if strings.HasPrefix(a.call, "PATCH ") {
				queries[i] = append(queries[i], a.query)
			}
		}
	}
	if q := queries[0]; len(q) != 3 || q[0] == q[1] || !slices.Equal(q, queries[1]) {
		t.Errorf("request ids: %q", queries)
	}
}

func TestDelete(t *testing.T) {
	up := ok(`{"name":"` + theID + `","state":"ACTIVE","createTime":"2026-11-22T09:00:00Z"}`)
	for name, c := range map[string]struct {
		get, reply []answer
		state      link.State
		op         string
		kind       cloud.Kind
		deletions  int
	}{
		"begun":            {get: []answer{up}, reply: []answer{operation("delete", "")}, state: link.Deleting, op: theOp, deletions: 1},
		"says little":      {get: []answer{up}, reply: []answer{ok(`{"name":"` + theOp + `"}`)}, state: link.Deleting, op: theOp, deletions: 1},
		"done at once":     {get: []answer{up, refuse(404, "NOT_FOUND", "gone")}, reply: []answer{operation("delete", `,"done":true,"response":{}`)}, state: link.Absent, deletions: 1},
		"under way":        {get: []answer{ok(`{"name":"` + theID + `","state":"DELETING"}`)}, state: link.Deleting},
		"gone":             {kind: cloud.NotFound},
		"gone just now":    {get: []answer{up}, reply: []answer{refuse(404, "NOT_FOUND", "gone")}, kind: cloud.NotFound, deletions: 1},
		"still being made": {get: []answer{up}, reply: []answer{refuse(400, "FAILED_PRECONDITION", "not ready")}, kind: cloud.Precondition, deletions: 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string][]answer{"GET " + onTransport: c.get, "DELETE " + onTransport: c.reply})
			o, err := New(newAccount(t, f), config()).Delete(t.Context(), link.Ref{ID: theID}, theAttempt)
			if o.State != c.state || o.Operation != c.op || cloud.KindOf(err) != c.kind || f.count("DELETE "+onTransport) != c.deletions {
				t.Fatalf("got %v %q, %v after %v", o.Ref, o.State, err, f.calls())
			}
			if c.deletions > 0 {
				golden(t, "delete", f.last("DELETE"))
			}
		})
	}
}

func TestChangesOfWhatIsGone(t *testing.T) {
	f := newFake(t, nil)
	e := New(newAccount(t, f), config())
	_, err := e.Amend(t.Context(), link.Observation{Ref: link.Ref{ID: theID}}, "", theAttempt)
	if ce, ok := errors.AsType[*cloud.Error](err); !ok || ce.Kind != cloud.NotFound || ce.Object != theID {
		t.Errorf("got %v", err)
	}
}
