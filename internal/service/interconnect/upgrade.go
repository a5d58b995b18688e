package interconnect

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// schemaVersion is the version of the state. A change that a state written
// before cannot be read with raises it and adds an upgrade.
const schemaVersion = 1

var _ resource.ResourceWithUpgradeState = (*Resource)(nil)

// UpgradeState brings states of earlier versions to the present one. An upgrade
// works on the state's JSON: what later versions have added is null then, as in
// a state of the present version that was written before the addition.
func (r *Resource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return map[int64]resource.StateUpgrader{
		0: {StateUpgrader: rewrite(fromVersion0)},
	}
}

// fromVersion0 says what a creation of version 0 did when its time ran out. With
// the default in the state, the first plan of the new version is empty.
func fromVersion0(state map[string]any) {
	if state["on_incomplete"] == nil {
		state["on_incomplete"] = incompleteWarn
	}
}

// rewrite is an upgrade that changes the attributes of a state.
func rewrite(change func(map[string]any)) func(context.Context, resource.UpgradeStateRequest, *resource.UpgradeStateResponse) {
	return func(_ context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
		var state map[string]any
		err := json.Unmarshal(req.RawState.JSON, &state)
		if err == nil {
			change(state)
			var text []byte
			if text, err = json.Marshal(state); err == nil {
				resp.DynamicValue = &tfprotov6.DynamicValue{JSON: text}
				return
			}
		}
		resp.Diagnostics.AddError("The state cannot be upgraded", fmt.Sprintf("It is not a JSON object: %v.", err))
	}
}
