package sandbox_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/switches"
)

// checkNamed holds that every field of a struct of switches has a name, that
// each position changes that field alone, and that none is the default.
func checkNamed[S comparable](t *testing.T, all []switches.Switch[S]) {
	t.Helper()
	var zero S
	fields := map[string]bool{}
	for f := range reflect.TypeFor[S]().Fields() {
		fields[f.Name] = true
	}
	for _, s := range all {
		if !fields[s.Name] || len(s.Others) == 0 {
			t.Errorf("switch %s is no field, or named twice, or has no other position", s.Name)
		}
		delete(fields, s.Name)
		for _, position := range s.Others {
			var got S
			if err := switches.Set(all, &got, s.Name, position); err != nil {
				t.Error(err)
			}
			for f, v := range reflect.ValueOf(got).Fields() {
				if v.IsZero() == (f.Name == s.Name) {
					t.Errorf("%s=%s: field %s is %v", s.Name, position, f.Name, v)
				}
			}
			if got == zero {
				t.Errorf("%s=%s changes nothing", s.Name, position)
			}
		}
	}
	if len(fields) > 0 {
		t.Errorf("these switches have no name: %v", fields)
	}
}

func TestEverySwitchHasAName(t *testing.T) {
	checkNamed(t, sandboxaws.NamedSwitches())
	checkNamed(t, sandboxgoogle.NamedSwitches())
}

func TestSetSwitch(t *testing.T) {
	for _, position := range sandbox.OtherPositions() {
		var cfg sandbox.Config
		if err := cfg.SetSwitch(position); err != nil {
			t.Error(err)
		}
		if cfg.AWS.Switches == (sandboxaws.Switches{}) && cfg.Google.Switches == (sandboxgoogle.Switches{}) {
			t.Errorf("%s changes nothing", position)
		}
	}
	for text, want := range map[string]string{
		"": "is not CLOUD.SWITCH=POSITION", "aws": "is not CLOUD.SWITCH=POSITION", "KeyTTL=1h": "is not CLOUD.SWITCH=POSITION",
		"azure.KeyTTL=1h": "not a cloud", "aws.Coffee=true": `no switch "Coffee"`, "google.RoutePaths=many": "no position",
	} {
		if err := new(sandbox.Config).SetSwitch(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}
