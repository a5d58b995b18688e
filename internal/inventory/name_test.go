package inventory_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
)

func TestParseName(t *testing.T) {
	google := inventory.Name{Project: "p", Region: "us-east4", Transport: "ai"}
	tests := map[string]struct {
		in   string
		want inventory.Name
		bad  bool
	}{
		"transport":             {in: "projects/p/locations/us-east4/transports/ai", want: google},
		"transport's URL":       {in: "https://networkconnectivity.googleapis.com/v1/projects/p/locations/us-east4/transports/ai", want: google},
		"ARN":                   {in: "arn:aws:interconnect:us-east-1:123456789012:connection/mcc-1a2b3c4d", want: inventory.Name{Region: "us-east-1", AccountID: "123456789012", ConnectionID: "mcc-1a2b3c4d"}},
		"ARN of GovCloud":       {in: "arn:aws-us-gov:interconnect:us-gov-west-1:123456789012:connection/mcc-1a2b3c4d", want: inventory.Name{Region: "us-gov-west-1", AccountID: "123456789012", ConnectionID: "mcc-1a2b3c4d"}},
		"region and connection": {in: "eu-west-2/mcc-1a2b3c4d", want: inventory.Name{Region: "eu-west-2", ConnectionID: "mcc-1a2b3c4d"}},
		"last mile":             {in: "eu-west-2/lmcc-1a2b3c4d", want: inventory.Name{Region: "eu-west-2", ConnectionID: "lmcc-1a2b3c4d"}},
		"connection alone":      {in: "mcc-1a2b3c4d", bad: true},
		"name alone":            {in: "ai", bad: true},
		"nothing":               {in: "", bad: true},
		"space in the name":     {in: "projects/p/locations/us-east4/transports/a i", bad: true},
		"space behind":          {in: "eu-west-2/mcc-1a2b3c4d ", bad: true},
		"another resource":      {in: "projects/p/locations/global/hubs/h", bad: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := inventory.ParseName(tt.in)
			if (err != nil) != tt.bad {
				t.Fatalf("got %+v, %v", got, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if err == nil && got.OfAWS() != (got.ConnectionID != "") {
				t.Errorf("%+v: which cloud is named is told wrongly", got)
			}
			if err != nil && !strings.Contains(err.Error(), inventory.NameForms) {
				t.Errorf("the error does not say which names there are: %v", err)
			}
		})
	}
}

// Whatever the text, a name names one end of one cloud, and a message stays
// short.
func TestParseNameTakesAnything(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`(projects/)?[a-z/ ]{0,30}(transports/|/mcc-)[a-z0-9 ]{0,10}`)).Draw(r, "id")
		n, err := inventory.ParseName(text)
		if err == nil && (n.Region == "" || (n.ConnectionID == "") == (n.Transport == "")) {
			r.Fatalf("%q became %+v", text, n)
		}
		if err != nil && len([]rune(err.Error())) > 600 {
			r.Fatalf("the message has %d characters", len(err.Error()))
		}
	})
}
