package awsend

import (
	"net/http"
	"slices"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func TestRemember(t *testing.T) {
	f := newFake()
	f.add(ref.ID, types.ConnectionStateAvailable, nil)
	e := f.end()
	noted := func() link.Observation {
		t.Helper()
		o, err := e.Observe(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	for _, b := range []bandwidth.Bandwidth{10 * bandwidth.Gbps, 10 * bandwidth.Gbps, bandwidth.Gbps, 0, 0} {
		if err := e.Remember(t.Context(), ref, b); err != nil {
			t.Fatal(err)
		}
		o := noted()
		if o.Remembered != b {
			t.Errorf("remembered %s, want %s", o.Remembered, b)
		}
		if d := o.Detail.(*Detail); d.Foreign[TagPrevious] != "" || d.Tags[TagPrevious] != "" {
			t.Error("the note is shown as a tag of the user's")
		}
	}
	// What is as it should be is not written again.
	if f.count("TagResource") != 2 || f.count("UntagResource") != 1 {
		t.Errorf("calls: %v", f.calls)
	}
}

func TestRememberWhatIsGone(t *testing.T) {
	f := newFake()
	if err := f.end().Remember(t.Context(), ref, bandwidth.Gbps); err != nil {
		t.Errorf("got %v", err)
	}
	if slices.Contains(f.calls, "TagResource") {
		t.Error("a connection that is gone was tagged")
	}
}

func TestRememberRefused(t *testing.T) {
	for _, op := range []string{"GetConnection", "TagResource"} {
		f := newFake()
		f.add(ref.ID, types.ConnectionStateAvailable, nil)
		f.fail[op] = apiError(http.StatusForbidden, &types.AccessDeniedException{})
		if err := f.end().Remember(t.Context(), ref, bandwidth.Gbps); cloud.KindOf(err) != cloud.Denied {
			t.Errorf("%s: got %v", op, err)
		}
	}
}
