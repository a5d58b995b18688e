package sandboxtest_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/sandboxtest"
)

func TestIsolate(t *testing.T) {
	machine := map[string]string{
		"AWS_PROFILE": "p", "AWS_REGION": "r", "GOOGLE_PROJECT": "g", "GCLOUD_REGION": "r", "CLOUDSDK_CORE_PROJECT": "c",
		"TF_APPEND_USER_AGENT": "u", "AWS": "stays", "CROSSCLOUD_TEST": "stays",
	}
	for name, value := range machine {
		t.Setenv(name, value)
	}
	home := os.Getenv("HOME")
	t.Run("inside", func(t *testing.T) {
		sandboxtest.Isolate(t, map[string]string{"AWS_REGION": "mine", "AWS_EC2_METADATA_DISABLED": "false"})
		want := map[string]string{"AWS_REGION": "mine", "AWS_EC2_METADATA_DISABLED": "false", "AWS": "stays", "CROSSCLOUD_TEST": "stays"}
		got := map[string]string{}
		for _, name := range []string{"AWS_EC2_METADATA_DISABLED", "AWS_PROFILE", "AWS_REGION", "GOOGLE_PROJECT", "GCLOUD_REGION", "CLOUDSDK_CORE_PROJECT", "TF_APPEND_USER_AGENT", "AWS", "CROSSCLOUD_TEST"} {
			if value, ok := os.LookupEnv(name); ok {
				got[name] = value
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if os.Getenv("HOME") == home {
			t.Error("the home is the machine's")
		}
	})
	for name, value := range machine {
		if got := os.Getenv(name); got != value {
			t.Errorf("afterwards %s is %q, want %q", name, got, value)
		}
	}
}

func TestMap(t *testing.T) {
	got := sandboxtest.Map([]sandbox.Variable{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}})
	if diff := cmp.Diff(map[string]string{"a": "1", "b": "2"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
