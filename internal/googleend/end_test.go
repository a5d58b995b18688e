package googleend

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func TestDescriptor(t *testing.T) {
	want := link.Descriptor{Cloud: "google", Name: "Google", Object: "transport", TeardownOrder: 1, Named: true}
	if diff := cmp.Diff(want, New(newAccount(t, newFake(t, nil)), config()).Descriptor()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestFind(t *testing.T) {
	labelled := func(name, owner string) []answer {
		return []answer{ok(fmt.Sprintf(`{"name":%q,"state":"PENDING_KEY","labels":{%q:%q,%q:%q}}`, theID, labelLink, name, labelOwner, owner))}
	}
	for name, c := range map[string]struct {
		reply []answer
		asked link.Marker
		mark  link.Marker
		none  bool
		says  string
	}{
		"nothing":             {asked: theMarker, none: true},
		"ours":                {reply: labelled("ai", OwnerLabel(theMarker.Owner)), asked: theMarker, mark: theMarker},
		"somebody else's":     {reply: labelled("ai", "other"), asked: theMarker, mark: link.Marker{Name: "ai", Owner: "other"}},
		"ours, without owner": {reply: []answer{ok(`{"name":"` + theID + `","labels":{"crosscloud-link":"ai"}}`)}, asked: link.Marker{Name: "ai"}, mark: link.Marker{Name: "ai"}},
		"owned, we are not":   {reply: labelled("ai", "acme"), asked: link.Marker{Name: "ai"}, mark: link.Marker{Name: "ai", Owner: "acme"}},
		"unowned, we are":     {reply: []answer{ok(`{"name":"` + theID + `","labels":{"crosscloud-link":"ai"}}`)}, asked: theMarker, mark: link.Marker{Name: "ai"}},
		"not marked":          {reply: []answer{ok(`{"name":"` + theID + `"}`)}, asked: theMarker, says: "does not carry the mark"},
		"another link's":      {reply: labelled("web", "acme"), asked: theMarker, says: `the mark of link "web"`},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string][]answer{"GET " + onTransport: c.reply})
			found, err := New(newAccount(t, f), config()).Find(t.Context(), c.asked)
			if c.says != "" {
				if cloud.KindOf(err) != cloud.Conflict || !strings.Contains(err.Error(), c.says) || len(found) != 0 {
					t.Fatalf("got %v, %v", found, err)
				}
				return
			}
			if err != nil || (len(found) == 0) != c.none {
				t.Fatalf("got %v, %v", found, err)
			}
			if !c.none && (found[0].Mark != c.mark || found[0].ID != theID) {
				t.Errorf("got %s with mark %v; want %v", found[0].ID, found[0].Mark, c.mark)
			}
		})
	}
}

func TestFindWithoutPermission(t *testing.T) {
	f := newFake(t, map[string][]answer{"GET " + onTransport: {refuse(403, "PERMISSION_DENIED", "no")}})
	if _, err := New(newAccount(t, f), config()).Find(t.Context(), theMarker); cloud.KindOf(err) != cloud.Denied {
		t.Errorf("got %v", err)
	}
}

func TestMatch(t *testing.T) {
	const list = "GET " + parent + "/transports"
	made := fmt.Sprintf(`{"name":"projects/123/locations/us-east4/transports/made","state":"ACTIVE","providedActivationKey":%q}`, key(t, sharedUUID).Reveal())
	leaving := fmt.Sprintf(`{"name":"projects/123/locations/us-east4/transports/leaving","state":"DELETING","labels":{%q:%q}}`, labelSharedID, sharedUUID)
	const other = `{"name":"projects/123/locations/us-east4/transports/other","state":"ACTIVE"}`
	for name, c := range map[string]struct {
		reply, asked, want string
		kind               cloud.Kind
	}{
		"by key":                 {reply: `{"transports":[` + other + `,` + made + `]}`, asked: sharedUUID, want: "made"},
		"by label":               {reply: `{"transports":[` + leaving + `]}`, asked: sharedUUID, want: "leaving"},
		"leaving one counts not": {reply: `{"transports":[` + leaving + `,` + made + `]}`, asked: sharedUUID, want: "made"},
		"in capitals":            {reply: `{"transports":[` + made + `]}`, asked: strings.ToUpper(sharedUUID), want: "made"},
		"none":                   {reply: `{"transports":[` + other + `]}`, asked: sharedUUID},
		"no id":                  {reply: `{"transports":[` + other + `]}`, asked: ""},
		"list incomplete":        {reply: `{"transports":[` + other + `],"unreachable":["x"]}`, asked: sharedUUID, kind: cloud.Unavailable},
		"found in an incomplete": {reply: `{"transports":[` + made + `],"unreachable":["x"]}`, asked: sharedUUID, want: "made"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string][]answer{list: {ok(c.reply)}})
			o, err := New(newAccount(t, f), config()).Match(t.Context(), c.asked)
			if cloud.KindOf(err) != c.kind {
				t.Fatalf("error %v", err)
			}
			if lastSegment(o.ID) != c.want || err == nil && (o.State == link.Absent) != (c.want == "") {
				t.Errorf("got %q, %q; want %q", o.ID, o.State, c.want)
			}
		})
	}
}
