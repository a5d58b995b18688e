package link

import (
	"fmt"
	"strings"
)

// action is what to do next about a link.
type action int

const (
	finish action = iota
	fail
	wait
	propose
	redeem
	writeBandwidth
	amend
)

// step is the one next thing to do, at which end.
type step struct {
	do   action
	side Side
	err  *Error
}

// situation is all that decide may look at.
type situation struct {
	link Link
	want Want
	view View
	// settled are the sides that were complete when the work began: for them
	// being down is a finding, not something to wait for.
	settled [2]bool
	// sharedID that this run has proven.
	sharedID string
}

// decide names the next step from what both ends report. It is a pure function:
// an interrupted run and an undisturbed one that see the same take the same
// step.
func decide(c situation) step {
	for _, rule := range []func(situation) (step, bool){stepMoving, stepDead, stepAbsent, stepIdentity, stepAmend, stepMilestone, stepBandwidth} {
		if s, ok := rule(c); ok {
			return s
		}
	}
	return step{do: finish}
}

// stepMoving waits for operations under way, and for what is being deleted.
func stepMoving(c situation) (step, bool) {
	for _, s := range c.link.ours() {
		if o := c.view[s]; o.Operation != "" || o.State == Deleting || o.State == Creating {
			return step{do: wait, side: s}, true
		}
	}
	return step{}, false
}

// stepDead ends where an end can never carry traffic again.
func stepDead(c situation) (step, bool) {
	for _, s := range c.link.ours() {
		o := c.view[s]
		switch {
		case o.State.Dead():
			return c.fail(CodeBroken, s, "it is "+o.word()+" and cannot recover",
				"Neither cloud says why. Usual causes: a service control policy that denies interconnect:*, VPC Service Controls around the project, accounts that do not fit, or the other end deleted.",
				"Remove the cause, then apply again: the link is replaced."), true
		case o.State == Suspended && !c.settled[s]:
			return c.fail(CodeBroken, s, "it is suspended", "Its cloud has disabled it administratively.", "Ask the cloud's support, then apply again."), true
		}
	}
	return step{}, false
}

// stepAbsent makes what does not exist, in the order of the handshake.
func stepAbsent(c situation) (step, bool) {
	i, a := c.view[Initiator].State, c.view[Acceptor].State
	switch {
	case i.Gone() && (a.Gone() || a == Unseen):
		return step{do: propose, side: Initiator}, true
	case i.Gone():
		return c.fail(CodeBroken, Initiator, "it is gone, while the other end remains",
			"An end whose partner is gone cannot be joined again: its activation key is used up.",
			"Apply again: the link is replaced."), true
	case !a.Gone():
		return step{}, false
	case i == Unseen || i == AwaitingPeer:
		return step{do: redeem, side: Acceptor}, true
	}
	return c.fail(CodeBroken, Acceptor, "it is gone, and the other end's activation key is used up",
		fmt.Sprintf("%s is %s.", sentenceCase(c.link.name(Initiator)), c.view[Initiator].word()),
		"Apply again: the link is replaced."), true
}

// stepIdentity ends where two ends are not halves of one link.
func stepIdentity(c situation) (step, bool) {
	for _, s := range c.link.ours() {
		if told, o := c.link.SharedID, c.view[s]; !c.link.both() && told != "" && o.SharedID != "" && !strings.EqualFold(told, o.SharedID) {
			return c.fail(CodeMismatch, s, "it belongs to another link",
				fmt.Sprintf("Its shared id is %s; that of the other team's link is %s.", o.SharedID, told),
				"Remove it, or choose another name."), true
		}
	}
	i, a := c.view[Initiator], c.view[Acceptor]
	if i.SharedID != "" && a.SharedID != "" && !strings.EqualFold(i.SharedID, a.SharedID) {
		return c.fail(CodeMismatch, Acceptor, "it belongs to another link",
			fmt.Sprintf("Its shared id is %s; the shared id of %s is %s.", a.SharedID, c.link.name(Initiator), i.SharedID),
			"Import the halves that belong together, or remove the one that is not wanted."), true
	}
	if a.State == AwaitingPeer {
		return c.fail(CodeMismatch, Acceptor, "it waits for a key of its own to be redeemed",
			"It was made as an initiator, so it cannot be the acceptor of this link.",
			"Set initiator to its cloud, or remove it."), true
	}
	return step{}, false
}

// stepAmend repairs what the clouds change in place.
func stepAmend(c situation) (step, bool) {
	for _, s := range c.link.ours() {
		o := c.view[s]
		if !o.Amendable() {
			continue
		}
		for _, d := range c.link.Ends[s].Drift(o, c.sharedID) {
			if d.InPlace {
				return step{do: amend, side: s}, true
			}
		}
	}
	return step{}, false
}

// stepMilestone waits until every end has come as far as wanted.
func stepMilestone(c situation) (step, bool) {
	m := c.want.until()
	for _, s := range c.link.ours() {
		o := c.view[s]
		if m.reached(o.State) || c.settled[s] && (o.State == Down || o.State == Suspended) {
			continue
		}
		return step{do: wait, side: s}, true
	}
	return step{}, false
}

// stepBandwidth changes the bandwidth where it is managed and differs. Clouds
// change it only on a link that is up.
func stepBandwidth(c situation) (step, bool) {
	if c.want.Bandwidth == 0 {
		return step{}, false
	}
	for _, s := range c.link.ours() {
		if c.view[s].Bandwidth == c.want.Bandwidth || c.view[s].Bandwidth == 0 {
			continue
		}
		for _, t := range c.link.ours() {
			switch st := c.view[t].State; {
			case st.Moving():
				return step{do: wait, side: t}, true
			case st != Up:
				return c.fail(CodeRefused, t, "its bandwidth cannot be changed while it is "+c.view[t].word(),
					"The clouds change the bandwidth of a link only while it is up.",
					"Apply again once both ends are up."), true
			}
		}
		return step{do: writeBandwidth, side: s}, true
	}
	return step{}, false
}

// fail makes the failing step.
func (c situation) fail(code Code, s Side, summary, detail, remedy string) step {
	return step{do: fail, side: s, err: c.link.fail(code, s, c.view, summary, detail, remedy)}
}
