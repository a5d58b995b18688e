package functions

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

const sharedID = "7e3f2d9a-5c1b-4f6e-9a8d-0123456789ab"

// call runs a function with one text, as the framework does.
func call(t *testing.T, f function.Function, argument string) (attr.Value, *function.FuncError) {
	t.Helper()
	var signature function.DefinitionResponse
	f.Definition(t.Context(), function.DefinitionRequest{}, &signature)
	unknown, err := signature.Definition.Return.NewResultData(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	resp := function.RunResponse{Result: unknown}
	f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(argument)})}, &resp)
	return resp.Result.Value(), resp.Error
}

// aKey is a key that says what every test here knows.
func aKey(t *testing.T) activation.Key {
	t.Helper()
	k, err := activation.Payload{
		Version: 1, SharedID: sharedID, EnvironmentURI: "https://example.com/environments/us-east4", Bandwidth: 10 * bandwidth.Gbps, AccountID: "my-project",
	}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestBandwidthMbps(t *testing.T) {
	tests := map[string]struct {
		in   string
		want int64
		says string
	}{
		"AWS":          {in: "10Gbps", want: 10000},
		"megabits":     {in: "500Mbps", want: 500},
		"Google":       {in: "BPS_1G", want: 1000},
		"a number":     {in: "1000", says: `bandwidth "1000" is not valid: use a whole number followed by "Mbps"`},
		"nothing":      {in: "", says: `bandwidth "" is not valid`},
		"out of range": {in: "0Gbps", says: "out of range"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := call(t, bandwidthMbps{}, tt.in)
			if tt.says != "" {
				refused(t, err, tt.says)
				return
			}
			if err != nil || !got.Equal(types.Int64Value(tt.want)) {
				t.Errorf("got %v, %v; want %d", got, err, tt.want)
			}
		})
	}
}

// refused checks a refusal of the first argument.
func refused(t *testing.T, err *function.FuncError, says string) {
	t.Helper()
	if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != 0 || !strings.Contains(err.Text, says) {
		t.Errorf("got %v, want an error of the argument that says %q", err, says)
	}
}

func TestDecodeActivationKey(t *testing.T) {
	key := aKey(t).Reveal()
	unreadable := `{"account_id":<null>,"bandwidth":<null>,"bandwidth_mbps":<null>,"environment_uri":<null>,"readable":false,"shared_id":<null>,"version":<null>}`
	readable := `{"account_id":"my-project","bandwidth":"10Gbps","bandwidth_mbps":10000,"environment_uri":"https://example.com/environments/us-east4",` +
		`"readable":true,"shared_id":"` + sharedID + `","version":1}`
	tests := map[string]struct{ in, want string }{
		"a key":              {key, readable},
		"white space around": {"\n " + key + "\t\n", readable},
		"without padding":    {strings.TrimRight(key, "="), readable},
		"nothing":            {"", unreadable},
		"words":              {"not a key at all", unreadable},
		"Base64 of words":    {"bm90IGEga2V5IGF0IGFsbA==", unreadable},
		"cut off":            {key[:len(key)/2], unreadable},
		"another JSON":       {"eyJrZXkiOiJ2YWx1ZSJ9", unreadable},
		"too long":           {strings.Repeat("A", activation.MaxLength+1), unreadable},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := call(t, decodeActivationKey{}, tt.in)
			if err != nil {
				t.Fatalf("a key that cannot be read is an error: %v", err)
			}
			if got.String() != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Whatever the key, the answer holds nothing of it, and there is one.
func TestDecodeActivationKeyEchoesNothing(t *testing.T) {
	const least = 12
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringMatching(`[A-Za-z0-9+/]{12,80}`).Draw(r, "key")
		d := decode(activation.NewKey(text))
		if d.Readable.IsNull() {
			r.Fatal("the answer does not say whether the key is readable")
		}
		if said := fmt.Sprintf("%+v", d); strings.Contains(said, text[:least]) {
			r.Fatalf("%s holds the key", said)
		}
	})
	key := aKey(t)
	if said := fmt.Sprintf("%+v", decode(key)); strings.Contains(said, key.Reveal()[:least]) {
		t.Errorf("%s holds the key", said)
	}
}

func TestParseInterconnectID(t *testing.T) {
	google := `{"account_id":<null>,"cloud":"google","connection_id":<null>,"name":"ai","project":"my-project","region":"us-east4"}`
	tests := map[string]struct{ in, want, says string }{
		"transport":         {in: "projects/my-project/locations/us-east4/transports/ai", want: google},
		"URL":               {in: "https://networkconnectivity.googleapis.com/v1/projects/my-project/locations/us-east4/transports/ai", want: google},
		"ARN":               {in: "arn:aws:interconnect:us-east-1:123456789012:connection/mcc-1a2b3c4d", want: `{"account_id":"123456789012","cloud":"aws","connection_id":"mcc-1a2b3c4d","name":<null>,"project":<null>,"region":"us-east-1"}`},
		"region and id":     {in: "us-east-1/mcc-1a2b3c4d", want: `{"account_id":<null>,"cloud":"aws","connection_id":"mcc-1a2b3c4d","name":<null>,"project":<null>,"region":"us-east-1"}`},
		"a name alone":      {in: "ai", says: `"ai" names no link: give the transport's full name`},
		"nothing":           {in: "", says: "names no link"},
		"white space":       {in: "projects/my-project/locations/us-east4/transports/a i", says: "names no link"},
		"white space ahead": {in: " us-east-1/mcc-1a2b3c4d", says: "names no link"},
		"a gateway":         {in: "arn:aws:directconnect:us-east-1:123456789012:dx-gateway/x", says: "names no link"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := call(t, parseInterconnectID{}, tt.in)
			if tt.says != "" {
				refused(t, err, tt.says)
				return
			}
			if err != nil || got.String() != tt.want {
				t.Errorf("got  %v, %v\nwant %s", got, err, tt.want)
			}
		})
	}
}
