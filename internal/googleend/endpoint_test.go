package googleend

import (
	"strings"
	"testing"
)

func TestNormaliseEndpoint(t *testing.T) {
	for name, c := range map[string]struct{ in, want, err string }{
		"none":                  {in: "", want: ""},
		"host alone":            {in: "http://127.0.0.1:1", want: "http://127.0.0.1:1"},
		"slash":                 {in: "http://127.0.0.1:1/", want: "http://127.0.0.1:1"},
		"version":               {in: "http://127.0.0.1:1/v1", want: "http://127.0.0.1:1"},
		"version and slash":     {in: "http://127.0.0.1:1/v1/", want: "http://127.0.0.1:1"},
		"beta":                  {in: "https://networkconnectivity.googleapis.com/v1beta/", want: "https://networkconnectivity.googleapis.com"},
		"compute":               {in: "https://compute.googleapis.com/compute/v1/", want: "https://compute.googleapis.com"},
		"compute with projects": {in: "https://compute.googleapis.com/compute/v1/projects/", want: "https://compute.googleapis.com"},
		"path in front":         {in: "http://localhost:1/google/compute/v1", want: "http://localhost:1/google"},
		"path alone":            {in: "http://localhost:1/google", want: "http://localhost:1/google"},
		"not a version":         {in: "http://localhost:1/env1/", want: "http://localhost:1/env1"},
		"no scheme":             {in: "127.0.0.1:1", err: "URL"},
		"no host":               {in: "http:///v1", err: "host"},
		"other scheme":          {in: "ftp://h", err: "http"},
		"query":                 {in: "http://h/?a=b", err: "query"},
		"password":              {in: "http://u:secret@h/", err: "password"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := normaliseEndpoint(c.in)
			if got != c.want || (err != nil) != (c.err != "") {
				t.Fatalf("got %q, %v; want %q, error %q", got, err, c.want, c.err)
			}
			if err != nil && (!strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "secret")) {
				t.Errorf("error %q; want %q in it", err, c.err)
			}
		})
	}
	if _, err := NewAccount(t.Context(), Options{Endpoints: Endpoints{Compute: "nowhere"}}); err == nil || !strings.Contains(err.Error(), "Compute Engine") {
		t.Errorf("an account with a bad endpoint: %v", err)
	}
}
