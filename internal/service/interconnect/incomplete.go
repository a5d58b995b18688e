package interconnect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// Words of on_incomplete.
const (
	incompleteWarn  = "warn"
	incompleteError = "error"
)

// lastLook is how long a creation whose time is up may still take to see what it
// leaves.
const lastLook = 30 * time.Second

// unfinished is for a creation that did not come to its end: what it leaves, and
// what to say of it. Terraform marks as tainted, and destroys at the next apply,
// what a creation leaves with an error. So a link whose ends are joined, and
// which only was waited for too briefly, is left with a warning.
func (r *Resource) unfinished(ctx context.Context, l link.Link, plan *model, v link.View, err error) (link.View, diag.Diagnostic) {
	e, ok := errors.AsType[*link.Error](err)
	if !ok {
		return v, diagnose(err, plan, "The link was not created")
	}
	left := v[link.Initiator].ID != "" || v[link.Acceptor].ID != ""
	if !ranOut(e) || !left {
		if left && plan.wouldVoidKey(e) {
			if now, gone := r.lookOnce(ctx, l, v); !gone {
				return now, keyUsed(plan, e)
			}
		}
		e.Remedy = plan.remedyOf(e, left)
		return v, diagnose(e, plan, "The link was not created")
	}
	v, _ = r.lookOnce(ctx, l, v)
	found := plan.clone()
	found.fromView(l, v)
	e.Exists = found.exists()
	p := link.Pair(l, v)
	cause := ""
	if e.Code == link.CodeStuck {
		cause = e.Remedy
	}
	switch {
	case e.Code == link.CodeStuck && plan.OnIncomplete.ValueString() != incompleteError:
		return v, stuckWarning(plan, e)
	case !underWay(p.Status) && !plan.awaitsOthers(p.Status):
		e.Detail = joinTexts(e.Detail, p.Summary)
		e.Remedy = joinTexts(cmp.Or(cause, "Apply again, with a longer timeout where the clouds are slow."), plan.tainted(), untaint)
	case plan.OnIncomplete.ValueString() == incompleteError:
		e.Detail = joinTexts(e.Detail, p.Summary, `The link is kept only where on_incomplete is "warn"; it is "error".`)
		e.Remedy = joinTexts(cause, plan.tainted(), untaint, "Give the creation more time with timeouts.create.")
	default:
		return v, diag.NewAttributeWarningDiagnostic(path.Root("timeouts").AtName("create"), fmt.Sprintf("The link %s is not up yet", plan.Name.ValueString()),
			fmt.Sprintf("%s: %s Nothing is missing but time, so the link is kept.\n\nWhat exists now: %s\n\n"+
				"What to do: Apply again: the next apply goes on waiting. Until then nothing should rely on the link. "+
				"To have a run fail without losing the link, test pairing.status in a postcondition.", e.Summary, p.Summary, e.Exists))
	}
	return v, service.Diagnose("The link was not created", e)
}

// ranOut says that time was what a creation lacked, as far as is known.
func ranOut(e *link.Error) bool { return e.Code == link.CodeTimeout || e.Code == link.CodeStuck }

// stuckWarning tells why an end may never get through creation. The link is kept:
// to remove it would not cure the cause, and once that is gone the cloud may go on.
func stuckWarning(plan *model, e *link.Error) diag.Diagnostic {
	d := diagnose(e, plan, "The link was not created")
	return diag.NewAttributeWarningDiagnostic(path.Root("timeouts").AtName("create"), fmt.Sprintf("The link %s is stuck in creation", plan.Name.ValueString()),
		d.Summary()+". "+d.Detail())
}

// tainted says what Terraform does after a failed creation.
func (m *model) tainted() string {
	if m.accepts() {
		return "Terraform marks the resource as tainted: the next apply removes what exists, and the activation key of the other team is void."
	}
	return "Terraform marks the resource as tainted: the next apply removes what exists and makes the link anew."
}

// untaint says how to have it otherwise.
const untaint = "To go on from what exists instead, run terraform untaint on the resource's address, then apply."

// remedyOf says what the next apply will do after a creation that failed; left
// says that it leaves something.
func (m *model) remedyOf(e *link.Error, left bool) string {
	switch {
	case ranOut(e):
		return "Nothing is in the state. Apply again, with a longer timeout where the clouds are slow: what a cloud has made after all is found by its marker."
	case !left:
		return e.Remedy
	case e.Code == link.CodeBroken:
		return joinTexts(e.Remedy, m.tainted())
	}
	return joinTexts(e.Remedy, m.tainted(), untaint)
}

// underWay says that the ends are joined and nothing but time is missing, or
// nothing at all.
func underWay(s link.Status) bool {
	switch s {
	case link.Provisioning, link.Matched, link.Diverged, link.DownStatus, link.Unverified:
		return true
	}
	return false
}

// awaitsOthers says that the other end belongs to another team, which has not
// redeemed the key yet: ours is whole.
func (m *model) awaitsOthers(s link.Status) bool {
	return m.alone() == cloudAWS && s == link.StatusAwaiting(cloudGoogle) || m.alone() == cloudGoogle && s == link.StatusAwaiting(cloudAWS)
}

// wouldVoidKey says that to remove what a creation leaves would cost more than to
// pay again: our end has redeemed the key of another team, which opens one link,
// once. An end that is dead has nothing to lose.
func (m *model) wouldVoidKey(e *link.Error) bool {
	return m.accepts() && m.OnIncomplete.ValueString() == incompleteWarn && e.Code != link.CodeBroken
}

// keyUsed warns of a creation that failed after it had redeemed the key of another
// team. An error would taint the end, and the next apply would remove it.
func keyUsed(plan *model, e *link.Error) diag.Diagnostic {
	e.Remedy = joinTexts(e.Remedy, "Then apply again: the next apply goes on from what exists.")
	d := diagnose(e, plan, "The link was not created")
	return diag.NewAttributeWarningDiagnostic(path.Root("on_incomplete"), fmt.Sprintf("The link %s is not finished", plan.Name.ValueString()),
		"The end was made with the activation key of the other team, which opens one link, once. So it is kept, though the creation failed.\n\n"+
			d.Summary()+": "+d.Detail())
}

// lookOnce looks at both ends after a creation has failed; gone says that there is
// none. An end that its cloud does not show, or cannot be asked for, stays what it
// was: its id must not be lost.
func (r *Resource) lookOnce(ctx context.Context, l link.Link, v link.View) (last link.View, gone bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastLook)
	defer cancel()
	now, err := r.driver(nil).Observe(ctx, l, v.Refs())
	if err != nil {
		return v, false
	}
	gone = now.Gone()
	for side := range now {
		if now[side].State == link.Absent && v[side].ID != "" {
			now[side] = v[side]
		}
	}
	return now, gone
}

// exists says in one line what there is of the link.
func (m *model) exists() string {
	end := func(what, id, state string) string {
		if id == "" {
			return what + ": " + string(link.Absent)
		}
		return fmt.Sprintf("%s %s: %s", what, id, state)
	}
	var parts []string
	if m.AWS != nil {
		parts = append(parts, end("AWS connection", m.AWS.ConnectionID.ValueString(), m.AWS.State.ValueString()))
	}
	if m.Google != nil {
		parts = append(parts, end("Google transport", m.Google.TransportID.ValueString(), m.Google.State.ValueString()))
	}
	return strings.Join(parts, "; ")
}

// joinTexts joins the sentences that are not empty.
func joinTexts(texts ...string) string {
	var all string
	for _, t := range texts {
		switch {
		case t == "":
		case all == "":
			all = t
		default:
			all += " " + t
		}
	}
	return all
}
