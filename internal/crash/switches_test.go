package crash

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// refused are the positions in which no cloud changes the bandwidth of a link
// that this initiator proposed: the provider has to say so, and to leave the
// link as it is.
func refused(position, initiator string) bool {
	return initiator == "google" && slices.Contains([]string{"aws.RefusePeerUpdate=true", "google.BandwidthPatch=refuse"}, position)
}

// life is a link's whole life with a switch of the sandbox in a position: made,
// looked at, changed, removed, each with a process of its own.
type life struct {
	stage *acceptance.Stage
	file  *stored
}

// apply is a process that applies a configuration, and once more while it is
// told to; nil destroys. It says whether the last one had anything to do.
func (l life) apply(ctx context.Context, config map[string]any, times int) (changed bool, err error) {
	e, err := start(ctx, l.stage, l.file)
	if err != nil {
		return false, err
	}
	want := e.null()
	if config != nil {
		want = object(e.typ, settingsWithGateway(config, l.stage.GatewayID))
	}
	for range times {
		if changed, err = e.apply(ctx, want); err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// reach applies a configuration and holds that there is nothing to do after
// that, and that both ends are one link.
func (l life) reach(ctx context.Context, what string, config map[string]any) error {
	if changed, err := l.apply(ctx, config, 2); err != nil || changed {
		return fmt.Errorf("%s; the next plan is empty: %v: %w", what, !changed, err)
	}
	v, _, err := tftypes.WalkAttributePath(l.file.state, tftypes.NewAttributePath().WithAttributeName("pairing").WithAttributeName("status"))
	status, ok := v.(tftypes.Value)
	var text string
	if err != nil || !ok || status.As(&text) != nil || text != "matched" {
		return fmt.Errorf("%s: the pairing is %q: %w", what, text, err)
	}
	return nil
}

// live lives the life.
func (l life) live(ctx context.Context, position, initiator string) error {
	type m = map[string]any
	made := settings(func(c, _, _ m) { c["initiator"] = initiator })
	changed := settings(func(c, a, g m) {
		c["initiator"], c["description"], c["bandwidth"] = initiator, "other words", "2Gbps"
		a["tags"], g["labels"] = map[string]string{"stage": "prod"}, map[string]string{"stage": "prod"}
	})
	if err := l.reach(ctx, "create", made); err != nil {
		return err
	}
	if refused(position, initiator) {
		if _, err := l.apply(ctx, changed, 1); err == nil || !strings.Contains(err.Error(), "bandwidth") {
			return fmt.Errorf("change the bandwidth, which both clouds refuse: %w", errors.Join(err, errors.New("that is not what it says")))
		}
		changed["bandwidth"] = made["bandwidth"]
	}
	if err := l.reach(ctx, "change", changed); err != nil {
		return err
	}
	if _, err := l.apply(ctx, nil, 1); err != nil {
		return fmt.Errorf("destroy: %w", err)
	}
	if left := l.stage.Left(); len(left) > 0 {
		return fmt.Errorf("left: %s", strings.Join(left, ", "))
	}
	return nil
}

// TestSwitches lives a link's life, from either side, with every switch of the
// sandbox in every other position, one at a time: the provider does not depend
// on which reading of the clouds' documents is right. "make switches" runs the
// whole acceptance suite so.
func TestSwitches(t *testing.T) {
	var lives sync.WaitGroup
	for _, position := range sandbox.OtherPositions() {
		for _, initiator := range []string{"aws", "google"} {
			stage := acceptance.New(t, func(c *sandbox.Config) {
				c.AWS.Timing, c.Google.Timing = brisk(), brisk()
				if err := c.SetSwitch(position); err != nil {
					t.Fatal(err)
				}
			})
			lives.Go(func() {
				if err := (life{stage, &stored{}}).live(t.Context(), position, initiator); err != nil {
					t.Errorf("%s, initiated by %s: %v", position, initiator, err)
				}
			})
		}
	}
	lives.Wait()
}
