package crash

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

const attachmentType = "crosscloud_attachment"

// hung is a world with a link, and what hangs on it in a state file of its own.
type hung struct {
	*world
	// second is a virtual private gateway beside the seeded one.
	second string
	hangs  *stored
}

// attached is a configuration of the attachment; nil is none.
type attached func(h *hung) map[string]any

// attachedTo is an attachment of a gateway with prefixes that it allows.
func attachedTo(gateway func(*hung) string, allowed ...string) attached {
	return func(h *hung) map[string]any {
		aws := map[string]any{"gateway_id": gateway(h)}
		if len(allowed) > 0 {
			aws["allowed_prefixes"] = allowed
		}
		return map[string]any{
			"name": "crash", "interconnect": "projects/sandbox-project/locations/us-east4/transports/crash",
			"aws": aws, "google": map[string]any{},
		}
	}
}

// attachmentScenario is one piece of an attachment's life, as scenario is of a
// link's.
type attachmentScenario struct {
	name          string
	before, after attached
	forget        bool
}

func attachmentScenarios() []attachmentScenario {
	first := func(h *hung) string { return h.stage.VPNGatewayID }
	second := func(h *hung) string { return h.second }
	plain := attachedTo(first)
	return []attachmentScenario{
		{name: "attach", after: plain},
		{name: "other prefixes", before: plain, after: attachedTo(first, "10.0.0.0/8")},
		{name: "another gateway", before: plain, after: attachedTo(second)},
		{name: "detach", before: plain},
		{name: "adopt an attachment", before: plain, after: plain, forget: true},
	}
}

// newHung makes a link in peace, and what the scenario needs before.
func newHung(t testing.TB, s attachmentScenario) (*hung, error) {
	w, err := newWorld(t, scenario{before: settings(nil)})
	if err != nil {
		return nil, err
	}
	h := &hung{world: w, hangs: &stored{}}
	_, h.second = w.stage.AWS.CreateVPC(sandbox.DefaultAWSRegion, "second", "10.65.0.0/16")
	if s.before == nil {
		return h, nil
	}
	if _, err := h.hang(t.Context(), s.before, 0); err != nil {
		return nil, fmt.Errorf("before: %w", err)
	}
	if s.forget {
		h.hangs = &stored{}
	}
	return h, nil
}

// hang is one process that applies a configuration of the attachment.
func (h *hung) hang(ctx context.Context, c attached, killAfterSave int) (hungResult, error) {
	e, err := startFor(ctx, attachmentType, h.stage, h.hangs)
	if err != nil {
		return hungResult{}, err
	}
	e.killAfter = killAfterSave
	want := e.null()
	if c != nil {
		want = object(e.typ, c(h))
	}
	changed, err := e.apply(ctx, want)
	return hungResult{changed, e.saves, h.hangs.status()}, err
}

// hungResult is what became of an apply.
type hungResult struct {
	changed bool
	saves   int
	status  string
}

// attachmentPoints runs the scenario in peace, and names every place and kind of
// trouble.
func attachmentPoints(t testing.TB, s attachmentScenario) ([]point, error) {
	h, err := newHung(t, s)
	if err != nil {
		return nil, err
	}
	h.dir.set(0, none, func() {})
	r, err := h.hang(t.Context(), s.after, 0)
	if err != nil {
		return nil, err
	}
	var all []point
	for call := 1; call <= h.dir.count(); call++ {
		for what := killedBefore; what <= expired; what++ {
			all = append(all, point{call: call, what: what})
		}
	}
	for save := 1; save <= r.saves; save++ {
		all = append(all, point{save: save})
	}
	return all, nil
}

// runAttachment runs a scenario with trouble at one point, applies until nothing
// changes, and removes first what hangs, then the link.
func runAttachment(t testing.TB, s attachmentScenario, p point) error {
	scope := &scope{TB: t}
	defer scope.close()
	h, err := newHung(scope, s)
	if err != nil {
		return err
	}
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	h.dir.set(p.call, p.what, kill)
	_, first := h.hang(ctx, s.after, p.save)
	h.dir.set(0, none, func() {})

	var r hungResult
	settled := false
	for range 4 {
		if r, err = h.hang(t.Context(), s.after, 0); err == nil && !r.changed {
			settled = true
			break
		}
	}
	var problems []error
	switch {
	case !settled:
		problems = append(problems, fmt.Errorf("still changing after 3 applies: %w", errors.Join(err, first)))
	case s.after != nil && r.status != "matched":
		problems = append(problems, fmt.Errorf("the pairing is %q", r.status))
	}
	parts := h.parts()
	if want := map[bool]int{true: 2, false: 0}[s.after != nil]; settled && len(parts) != want {
		problems = append(problems, fmt.Errorf("there are %d parts: %v", len(parts), parts))
	}
	if _, err := h.hang(t.Context(), nil, 0); err != nil {
		problems = append(problems, fmt.Errorf("detaching: %w", err))
	}
	if parts := h.parts(); len(parts) > 0 {
		problems = append(problems, fmt.Errorf("orphans: %v", parts))
	}
	if _, err := h.apply(t.Context(), nil); err != nil {
		problems = append(problems, fmt.Errorf("removing the link: %w", err))
	}
	if left := h.stage.Left(); len(left) > 0 {
		problems = append(problems, fmt.Errorf("left: %v", left))
	}
	return errors.Join(problems...)
}

// parts are the associations and peerings that there are.
func (h *hung) parts() []string {
	return slices.DeleteFunc(h.stage.Left(), func(what string) bool {
		return strings.Contains(what, "connection ") || strings.Contains(what, "transport ")
	})
}

// TestAttachmentMatrix is TestCrashMatrix for what hangs on a link: the whole
// where CROSSCLOUD_CRASH=full, else an even sample.
func TestAttachmentMatrix(t *testing.T) {
	t.Parallel()
	every := 61
	if whole() {
		every = 1
	}
	slots := make(chan struct{}, 24*runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	total, runs := 0, 0
	for _, s := range attachmentScenarios() {
		if !asked(s.name) {
			continue
		}
		all, err := attachmentPoints(t, s)
		if err != nil {
			t.Fatalf("%s, in peace: %v", s.name, err)
		}
		for i, p := range all {
			total++
			if (i+total)%every != 0 && p.save == 0 {
				continue
			}
			runs++
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				if err := runAttachment(t, s, p); err != nil {
					t.Errorf("%s, %s: %v", s.name, p, err)
				}
			})
		}
	}
	wg.Wait()
	fmt.Printf("attachments: %d scenarios, %d fault points, %d runs\n", len(attachmentScenarios()), total, runs)
}
