package api_test

import (
	"reflect"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// Every field counts, those included that are yet to be written.
func TestFeatureConfigEqual(t *testing.T) {
	whole := func() *api.FeatureConfig {
		return &api.FeatureConfig{L3BaseConfig: &api.L3BaseConfig{ProviderBGPConfigs: []api.ProviderBGPConfig{{}}}}
	}
	if !whole().Equal(whole()) {
		t.Error("a configuration does not equal its twin")
	}
	if whole().Equal(nil) || (*api.FeatureConfig)(nil).Equal(whole()) || !(*api.FeatureConfig)(nil).Equal(nil) {
		t.Error("none equals one, or does not equal none")
	}
	if whole().Equal(&api.FeatureConfig{}) {
		t.Error("a configuration equals one without its L3 part")
	}
	for name, part := range map[string]func(*api.FeatureConfig) any{
		"FeatureConfig":     func(c *api.FeatureConfig) any { return c },
		"L3BaseConfig":      func(c *api.FeatureConfig) any { return c.L3BaseConfig },
		"ProviderBGPConfig": func(c *api.FeatureConfig) any { return &c.L3BaseConfig.ProviderBGPConfigs[0] },
	} {
		fields := reflect.TypeOf(part(whole())).Elem()
		for i := range fields.NumField() {
			other := whole()
			change(t, reflect.ValueOf(part(other)).Elem().Field(i))
			if whole().Equal(other) {
				t.Errorf("another %s.%s makes no difference", name, fields.Field(i).Name)
			}
		}
	}
}

func change(t *testing.T, field reflect.Value) {
	t.Helper()
	switch field.Kind() {
	case reflect.String:
		field.SetString("other")
	case reflect.Int:
		field.SetInt(7)
	case reflect.Uint32:
		field.SetUint(7)
	case reflect.Pointer, reflect.Slice:
		field.SetZero()
	default:
		t.Fatalf("teach this test about %s", field.Type())
	}
}
