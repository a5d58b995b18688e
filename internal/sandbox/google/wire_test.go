package google_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

var update = flag.Bool("update", false, "write the golden files")

// reply is an answer as it came over the wire.
type reply struct {
	status int
	header http.Header
	body   string
}

// raw sends a request as it stands, with a good token.
func (f *fixture) raw(method, path, body string) reply {
	f.Helper()
	return f.send(method, path, body, "Bearer "+sandboxgoogle.AccessToken)
}

func (f *fixture) send(method, path, body, authorization string) reply {
	f.Helper()
	r, err := http.NewRequestWithContext(f.Context(), method, f.url+path, strings.NewReader(body))
	if err != nil {
		f.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		f.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		f.Fatal(err)
	}
	return reply{answer.StatusCode, answer.Header, string(text)}
}

// code reads the error code words out of an error body of either service.
func (r reply) code(t *testing.T) (code, message string) {
	t.Helper()
	var b struct {
		Error struct {
			Code            int
			Status, Message string
			Errors          []struct{ Reason string }
		}
	}
	if err := json.Unmarshal([]byte(r.body), &b); err != nil {
		t.Fatalf("HTTP %d, not an error body: %s", r.status, r.body)
	}
	if b.Error.Code != r.status {
		t.Errorf("code in the body is %d, of the answer %d", b.Error.Code, r.status)
	}
	if len(b.Error.Errors) > 0 {
		return b.Error.Errors[0].Reason, b.Error.Message
	}
	return b.Error.Status, b.Error.Message
}

// golden compares with a file in testdata.
func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}
