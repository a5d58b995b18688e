package interconnect_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
)

// pageRequest is where in a list a request asks for.
type pageRequest struct {
	EnvironmentID string `json:"environmentId"`
	MaxResults    int    `json:"maxResults"`
	NextToken     string `json:"nextToken"`
}

// pages serves three pages, each of one item named by its number.
func pages(t *testing.T, member, item string) *service {
	return serve(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		body := fmt.Sprintf(`{%q:[{%q:"%d"}]`, member, item, n)
		if n < 3 {
			body += fmt.Sprintf(`,"nextToken":"t%d"`, n)
		}
		reply(w, 200, body+"}")
	})
}

func asked(t *testing.T, s *service) []pageRequest {
	t.Helper()
	var list []pageRequest
	for _, r := range s.seen() {
		var p pageRequest
		if err := json.Unmarshal([]byte(r.Body), &p); err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
		if agent := r.Header.Get("User-Agent"); !strings.Contains(agent, "m/") || !strings.Contains(agent, "C") {
			t.Errorf("User-Agent %q does not tell of a paginator", agent)
		}
	}
	return list
}

func TestPaginators(t *testing.T) {
	limit := func(limit *int32) { *limit = 7 }
	tests := map[string]struct {
		member, item string
		// all is what the items of all pages are named.
		all  func(t *testing.T, c *interconnect.Client) []string
		want []pageRequest
	}{
		"ListConnections": {"connections", "id", func(t *testing.T, c *interconnect.Client) (names []string) {
			in := &interconnect.ListConnectionsInput{EnvironmentId: new("e"), NextToken: new("t0"), MaxResults: new(int32(2))}
			for p := interconnect.NewListConnectionsPaginator(c, in); p.HasMorePages(); {
				out, err := p.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, item := range out.Connections {
					names = append(names, *item.Id)
				}
			}
			if *in.NextToken != "t0" || *in.MaxResults != 2 {
				t.Error("the input was written to")
			}
			return names
		}, []pageRequest{{"e", 2, "t0"}, {"e", 2, "t1"}, {"e", 2, "t2"}}},
		"ListEnvironments": {"environments", "environmentId", func(t *testing.T, c *interconnect.Client) (names []string) {
			p := interconnect.NewListEnvironmentsPaginator(c, nil, func(o *interconnect.ListEnvironmentsPaginatorOptions) { limit(&o.Limit) })
			for p.HasMorePages() {
				out, err := p.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, item := range out.Environments {
					names = append(names, *item.EnvironmentId)
				}
			}
			return names
		}, []pageRequest{{"", 7, ""}, {"", 7, "t1"}, {"", 7, "t2"}}},
		"ListAttachPoints": {"attachPoints", "name", func(t *testing.T, c *interconnect.Client) (names []string) {
			in := &interconnect.ListAttachPointsInput{EnvironmentId: new("e")}
			for p := interconnect.NewListAttachPointsPaginator(c, in); p.HasMorePages(); {
				out, err := p.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, item := range out.AttachPoints {
					names = append(names, *item.Name)
				}
			}
			return names
		}, []pageRequest{{"e", 0, ""}, {"e", 0, "t1"}, {"e", 0, "t2"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := pages(t, test.member, test.item)
			if diff := cmp.Diff([]string{"1", "2", "3"}, test.all(t, s.client())); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, asked(t, s)); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPaginatorStops(t *testing.T) {
	t.Run("at a token that repeats", func(t *testing.T) {
		s := serveText(t, 200, `{"connections":[],"nextToken":"same"}`)
		p := interconnect.NewListConnectionsPaginator(s.client(), nil, func(o *interconnect.ListConnectionsPaginatorOptions) {
			o.StopOnDuplicateToken = true
		})
		for p.HasMorePages() {
			if _, err := p.NextPage(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(s.seen()); n != 2 {
			t.Errorf("%d pages, want 2", n)
		}
	})
	t.Run("at an empty token", func(t *testing.T) {
		s := serveText(t, 200, `{"connections":[],"nextToken":""}`)
		p := interconnect.NewListConnectionsPaginator(s.client(), nil)
		if _, err := p.NextPage(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := p.NextPage(t.Context()); err == nil || p.HasMorePages() {
			t.Errorf("after the last page: error %v, more pages %v", err, p.HasMorePages())
		}
	})
	t.Run("not at an error", func(t *testing.T) {
		s := serve(t, func(n int, w http.ResponseWriter, _ *http.Request) {
			if n == 1 {
				reply(w, 403, `{"__type":"AccessDeniedException"}`)
				return
			}
			reply(w, 200, `{"connections":[]}`)
		})
		p := interconnect.NewListConnectionsPaginator(s.client(), nil)
		if _, err := p.NextPage(t.Context()); err == nil || !p.HasMorePages() {
			t.Fatalf("error %v, more pages %v", err, p.HasMorePages())
		}
		if _, err := p.NextPage(t.Context()); err != nil {
			t.Errorf("the same page again: %v", err)
		}
	})
}
