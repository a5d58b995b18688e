package values_test

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

func TestTexts(t *testing.T) {
	t.Parallel()
	set := types.SetValueMust(types.StringType, []attr.Value{types.StringValue("b"), types.StringUnknown(), types.StringNull(), types.StringValue("a")})
	if got := values.Texts(set); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("texts: %q", got)
	}
	if values.Known(types.StringValue(""), types.StringNull()) || values.Known(types.StringUnknown()) || !values.Known(types.StringValue("")) {
		t.Error("what is null or unknown is not known")
	}
}
