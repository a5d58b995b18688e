package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// modelFile is AWS's own model of Interconnect.
var modelFile = filepath.Join("..", "sandbox", "aws", "testdata", "interconnect-2022-07-26.json")

// modelNames are the operations and the exceptions of the model.
func modelNames(t *testing.T) (operations, exceptions []string) {
	t.Helper()
	raw, err := os.ReadFile(modelFile)
	if err != nil {
		t.Fatal(err)
	}
	var model struct {
		Operations map[string]any
		Shapes     map[string]struct{ Exception bool }
	}
	if err := json.Unmarshal(raw, &model); err != nil {
		t.Fatal(err)
	}
	for name, shape := range model.Shapes {
		if shape.Exception {
			exceptions = append(exceptions, name)
		}
	}
	slices.Sort(exceptions)
	return slices.Sorted(maps.Keys(model.Operations)), exceptions
}

// boto3 walks both handshakes, every operation and every exception with boto3 as
// it comes, in each protocol that AWS Interconnect has.
func (h *house) boto3(t *testing.T) {
	if _, diag, err := run(t.Context(), machine(), "python3", "-c", `import boto3; assert "interconnect" in boto3.Session().get_available_services()`); err != nil {
		missing(t, "boto3 with \"interconnect\"", fmt.Errorf("%w: %s", err, diag))
	}
	operations, exceptions := modelNames(t)
	if len(operations) != 13 || len(exceptions) != 7 {
		t.Fatalf("the model has %d operations and %d exceptions", len(operations), len(exceptions))
	}
	h.done("boto3")
	for _, protocol := range []string{"json", "cbor"} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			s := h.start(t, provoking)
			out, diag, err := run(t.Context(), clients(t, s), "python3", filepath.Join("testdata", "boto3_walk.py"), protocol)
			if err != nil {
				t.Fatalf("%v\n%s\n%s", err, out, diag)
			}
			var seen struct{ Operations, Exceptions []string }
			last := out[strings.LastIndex(out, "\n")+1:]
			if err := json.Unmarshal([]byte(last), &seen); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if diff := cmp.Diff(operations, seen.Operations); diff != "" {
				t.Errorf("operations (-model +walked):\n%s", diff)
			}
			if diff := cmp.Diff(exceptions, seen.Exceptions); diff != "" {
				t.Errorf("exceptions (-model +seen):\n%s", diff)
			}
		})
	}
}
