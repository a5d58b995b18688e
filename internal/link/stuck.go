package link

import (
	"fmt"
	"time"
)

// stuckAfter is how long an end may be in creation before something is taken to
// keep it there: clouds take minutes for it, and hours are seen only of ends that
// never come.
const stuckAfter = 30 * time.Minute

// Diagnosis is why an end does not get on, as far as can be told from outside, and
// where to look.
type Diagnosis struct{ Cause, Remedy string }

// Diagnoser is an end whose cloud says nothing of an object that stays in
// creation, so that only experience does.
type Diagnoser interface {
	// Stuck says what usually keeps an object in creation.
	Stuck(o Observation) Diagnosis
}

// stuck is the side whose end has been in creation for too long while this run
// waited for it.
func (s *session) stuck() (Side, Diagnosis, bool) {
	for _, side := range s.link.ours() {
		o := s.view[side]
		if o.State != Creating || s.driver.clock().Now().Sub(s.since) <= stuckAfter {
			continue
		}
		d := Diagnosis{Cause: "Its cloud does not say why.", Remedy: "Look for a policy that keeps the cloud's own accounts from the project or account."}
		if e, ok := s.link.Ends[side].(Diagnoser); ok {
			d = e.Stuck(o)
		}
		d.Cause = fmt.Sprintf("%s has been in creation (%s) for more than half an hour, which takes minutes otherwise. %s", sentenceCase(s.link.name(side)), o.word(), d.Cause)
		return side, d, true
	}
	return 0, Diagnosis{}, false
}
