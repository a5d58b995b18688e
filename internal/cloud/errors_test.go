package cloud_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

func TestErrorText(t *testing.T) {
	cause := errors.New("connection refused")
	tests := map[string]struct {
		err  cloud.Error
		want string
	}{
		"all parts": {
			cloud.Error{
				Kind: cloud.Precondition, End: "AWS", Attempt: "delete the connection", Object: "mcc-1a2b3c4d",
				Code: "InterconnectClientException", Status: 400, Message: "The connection is pending.", RequestID: "r-1",
				Remedy: "not part of the text", Err: cause,
			},
			"could not delete the connection mcc-1a2b3c4d: AWS said InterconnectClientException: The connection is pending. (HTTP 400, request id r-1)",
		},
		"no object":     {cloud.Error{End: "AWS", Attempt: "list", Message: "no"}, "could not list: AWS said no"},
		"no message":    {cloud.Error{End: "AWS", Code: "Denied", Status: 403}, "AWS said Denied (HTTP 403)"},
		"only the SDK":  {cloud.Error{End: "Google", Attempt: "list", Err: cause}, "could not list: Google: connection refused"},
		"only the kind": {cloud.Error{End: "Google", Kind: cloud.Terminal}, "Google: terminal"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.err.Error(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestErrorUnwrapsTheCause(t *testing.T) {
	cause := errors.New("cause")
	if err := error(&cloud.Error{Err: cause}); !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
}

func TestKinds(t *testing.T) {
	tests := map[cloud.Kind]struct {
		name      string
		transient bool
	}{
		cloud.Unknown:      {"unknown", false},
		cloud.NotFound:     {"not found", false},
		cloud.Conflict:     {"conflict", true},
		cloud.Throttled:    {"throttled", true},
		cloud.Denied:       {"denied", false},
		cloud.Quota:        {"quota", false},
		cloud.Precondition: {"precondition", false},
		cloud.Invalid:      {"invalid", false},
		cloud.Unavailable:  {"unavailable", true},
		cloud.Terminal:     {"terminal", false},
		cloud.Kind(-1):     {"unknown", false},
		cloud.Kind(99):     {"unknown", false},
	}
	for kind, tt := range tests {
		t.Run(fmt.Sprint(int(kind)), func(t *testing.T) {
			err := fmt.Errorf("wrapped: %w", &cloud.Error{Kind: kind})
			if got := kind.String(); got != tt.name {
				t.Errorf("String is %q, want %q", got, tt.name)
			}
			if got := cloud.KindOf(err); got != kind {
				t.Errorf("KindOf is %v, want %v", got, kind)
			}
			if got := cloud.Transient(err); got != tt.transient {
				t.Errorf("Transient is %v, want %v", got, tt.transient)
			}
			if got := cloud.IsNotFound(err); got != (kind == cloud.NotFound) {
				t.Errorf("IsNotFound is %v", got)
			}
		})
	}
}

func TestKindOfAForeignError(t *testing.T) {
	for _, err := range []error{nil, errors.New("x")} {
		if got := cloud.KindOf(err); got != cloud.Unknown {
			t.Errorf("KindOf(%v) is %v, want unknown", err, got)
		}
		if cloud.Transient(err) || cloud.IsNotFound(err) {
			t.Errorf("%v counts as transient or not found", err)
		}
	}
}
