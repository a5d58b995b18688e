package crash

import (
	"context"
	"sync"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// trouble is what happens at one API call.
type trouble int

// The kinds of trouble.
const (
	none trouble = iota
	// killedBefore and killedAfter: the engine and the provider die before the
	// call reaches the cloud, or when it has taken effect.
	killedBefore
	killedAfter
	// replyLost and connectionReset: the call took effect, or did not, and the
	// connection breaks.
	replyLost
	connectionReset
	// timedOut: the call took effect, and the answer did not come in time.
	timedOut
	// throttled and failing: three calls are refused, with 429 or 500.
	throttled
	failing
	// expired: from here on, every call is refused until the next apply, since
	// the credentials have run out.
	expired
)

var troubles = map[trouble]string{
	killedBefore: "killed before", killedAfter: "killed after", replyLost: "reply lost", connectionReset: "connection reset",
	timedOut: "timed out", throttled: "429 x3", failing: "500 x3", expired: "credentials expired",
}

// director counts API calls and makes the trouble at one of them.
type director struct {
	mu    sync.Mutex
	calls int
	at    int // the call that the trouble strikes, from 1; 0 is none
	what  trouble
	left  int // calls that the trouble still strikes
	dead  bool
	// spares lets calls through after a kill: they are another engine's.
	spares bool
	kill   context.CancelFunc
}

// set arms the director for one apply.
func (d *director) set(at int, what trouble, kill context.CancelFunc) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls, d.at, d.what, d.kill, d.dead, d.spares = 0, at, what, kill, false, false
	d.left = map[trouble]int{throttled: 3, failing: 3, expired: 1 << 30}[what]
	if d.left == 0 {
		d.left = 1
	}
}

// next says what happens to the call that comes now.
func (d *director) next() trouble {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls++
	if d.dead {
		return killedBefore
	}
	if d.at == 0 || d.calls < d.at || d.left == 0 {
		return none
	}
	d.left--
	if d.what == killedBefore || d.what == killedAfter {
		d.dead = !d.spares
		d.kill()
	}
	return d.what
}

// count is how many calls there were since the director was armed.
func (d *director) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls
}

// late is how long an answer takes that comes too late.
const late = 50 * time.Millisecond

// install lets the director strike both clouds.
func (d *director) install(c *sandbox.Config) {
	c.AWS.Intercept = func(sandboxaws.Call) *sandboxaws.Fault {
		switch d.next() {
		case killedBefore, connectionReset:
			return &sandboxaws.Fault{DropRequest: true}
		case killedAfter, replyLost:
			return &sandboxaws.Fault{DropReply: true}
		case timedOut:
			return &sandboxaws.Fault{DropReply: true, Delay: late}
		case throttled:
			return &sandboxaws.Fault{Err: &sandboxaws.Error{Status: 429, Code: "ThrottlingException", Message: "Rate exceeded"}}
		case failing:
			return &sandboxaws.Fault{Err: &sandboxaws.Error{Status: 500, Code: "InterconnectServerException", Message: "scripted"}}
		case expired:
			return &sandboxaws.Fault{Err: &sandboxaws.Error{Status: 403, Code: "ExpiredTokenException", Message: "The security token included in the request is expired"}}
		}
		return nil
	}
	c.Google.Intercept = func(sandboxgoogle.Call) *sandboxgoogle.Fault {
		switch d.next() {
		case killedBefore, connectionReset:
			return &sandboxgoogle.Fault{DropRequest: true}
		case killedAfter, replyLost:
			return &sandboxgoogle.Fault{DropReply: true}
		case timedOut:
			return &sandboxgoogle.Fault{DropReply: true, Delay: late}
		case throttled:
			return &sandboxgoogle.Fault{Status: 429, Message: "scripted"}
		case failing:
			return &sandboxgoogle.Fault{Status: 500, Message: "scripted"}
		case expired:
			return &sandboxgoogle.Fault{Status: 401, Message: "Request had invalid authentication credentials."}
		}
		return nil
	}
}
