package interconnect_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
)

// inMemory answers every request at once.
type inMemory struct{ body []byte }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(m.body)),
		ContentLength: int64(len(m.body)), Request: r,
	}, nil
}

func benchClient(b *testing.B) *http.Client {
	body, err := os.ReadFile(filepath.Join("testdata", "responses", "GetConnection.json"))
	if err != nil {
		b.Fatal(err)
	}
	return &http.Client{Transport: inMemory{body}}
}

// BenchmarkGetConnection is a whole call: validation, signature, retry loop,
// conversion.
func BenchmarkGetConnection(b *testing.B) {
	c := interconnect.New(interconnect.Options{
		Region: "us-east-1", HTTPClient: benchClient(b), Credentials: credentials,
	})
	in := &interconnect.GetConnectionInput{Identifier: new("mcc-1a2b3c4d")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.GetConnection(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFloor is the least that such a call can cost: an unsigned request and
// its answer decoded.
func BenchmarkFloor(b *testing.B) {
	c := benchClient(b)
	b.ReportAllocs()
	for b.Loop() {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "https://example.com/",
			bytes.NewReader([]byte(`{"identifier":"mcc-1a2b3c4d"}`)))
		if err != nil {
			b.Fatal(err)
		}
		resp, err := c.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		var out struct{ Connection map[string]any }
		if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
			b.Fatal(err)
		}
		_ = resp.Body.Close()
	}
}
