package link

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// world is made-up clouds that join links with each other. Its time passes only
// when somebody sleeps.
type world struct {
	mu     sync.Mutex
	now    time.Time
	ends   []*fakeEnd
	issued map[string]*object // by key text
	serial int
	// most is the largest number of live objects any cloud ever had.
	most int
	// bandwidthWrites are the clouds that were asked to change a bandwidth.
	bandwidthWrites []string
	// dead says that the driver was killed: nothing it does has an effect.
	dead bool
	// idle is how long the driver has slept while nothing was going to change
	// by itself; mostIdle is the longest of such times.
	idle, mostIdle time.Duration
	// cancel, where it is set, is called when deadline has come.
	cancel   context.CancelFunc
	deadline time.Time
}

// errKilled is what a driver that was killed sees of the world.
var errKilled = errors.New("killed")

func newWorld() *world {
	return &world{now: time.Unix(1_800_000_000, 0), issued: map[string]*object{}}
}

// Now and Sleep make the world the driver's clock.
func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) Sleep(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead {
		return errKilled
	}
	w.now = w.now.Add(d)
	if w.cancel != nil && w.now.After(w.deadline) {
		w.cancel()
	}
	if w.stirs() {
		w.idle = 0
	} else {
		w.idle += d
		w.mostIdle = max(w.mostIdle, w.idle)
	}
	return ctx.Err()
}

// limit lets the time of what runs now run out.
func (w *world) limit(cancel context.CancelFunc, after time.Duration) {
	w.cancel, w.deadline = cancel, w.now.Add(after)
}

// stirs says that something will change by itself.
func (w *world) stirs() bool {
	for _, e := range w.ends {
		for _, o := range e.objects {
			if o.visible.After(w.now) || len(o.plan) > 0 && o.plan[len(o.plan)-1].at.After(w.now) {
				return true
			}
		}
	}
	return false
}

func (w *world) driver() *Driver { return &Driver{Clock: w} }

// object is one half of a link in a made-up cloud.
type object struct {
	id, sharedID  string
	mark          Marker
	end           *fakeEnd
	peer          *object
	bandwidth     bandwidth.Bandwidth
	key, redeemed activation.Key
	peerAccount   string
	note          string
	// plan is what state it takes from when on, in order of time.
	plan []change
	// visible is when reads begin to show it.
	visible time.Time
	token   string
}

type change struct {
	at    time.Time
	state State
}

// state is the last change that has fallen due.
func (o *object) state(now time.Time) State {
	s := Absent
	for _, c := range o.plan {
		if !c.at.After(now) {
			s = c.state
		}
	}
	return s
}

func (o *object) turn(at time.Time, s State) { o.plan = append(o.plan, change{at, s}) }

// fakeEnd is a made-up cloud's end of one link.
type fakeEnd struct {
	world   *world
	desc    Descriptor
	site    Site
	note    string
	tiers   []bandwidth.Bandwidth
	objects []*object
	// provisioning is how long joining takes; join is the state it ends in.
	provisioning time.Duration
	outcome      State
	// hidden is how long a new object is not shown.
	hidden time.Duration
	// fault is asked before each call and, with after, once it took effect.
	fault func(verb string, after bool) error
	// refusesBandwidth makes SetBandwidth a Precondition error.
	refusesBandwidth bool
	// revertsBandwidth makes changes go back.
	revertsBandwidth bool
	// opaque keys cannot be decoded.
	opaque bool
	// describes says that Inspect is offered.
	describes bool
}

func (w *world) end(name string, order int) *fakeEnd {
	e := &fakeEnd{
		world: w, desc: Descriptor{Cloud: name, Name: sentenceCase(name), Object: "half", WritesBandwidth: order == 2, TeardownOrder: order},
		site:         Site{Account: name + "-account", Region: name + "-1"},
		tiers:        []bandwidth.Bandwidth{bandwidth.Gbps, 10 * bandwidth.Gbps},
		provisioning: time.Minute, outcome: Up, note: "as configured",
	}
	w.ends = append(w.ends, e)
	return e
}

// call runs f between the two places where a fault may strike.
func (e *fakeEnd) call(verb string, f func() (Observation, error)) (Observation, error) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	if e.world.dead {
		return Observation{}, errKilled
	}
	if e.fault != nil {
		if err := e.fault(verb, false); err != nil {
			return Observation{}, err
		}
	}
	o, err := f()
	e.world.census()
	if e.fault != nil {
		if ferr := e.fault(verb, true); ferr != nil {
			return Observation{}, ferr
		}
	}
	return o, err
}

// census keeps the largest number of live objects.
func (w *world) census() {
	for _, e := range w.ends {
		w.most = max(w.most, len(e.live()))
	}
}

func (e *fakeEnd) live() []*object {
	var live []*object
	for _, o := range e.objects {
		if s := o.state(e.world.now); !s.Gone() && s != Deleting {
			live = append(live, o)
		}
	}
	return live
}

func (e *fakeEnd) show(o *object) Observation {
	s := o.state(e.world.now)
	v := Observation{
		Ref: Ref{ID: o.id}, State: s, SharedID: o.sharedID, Site: e.site, Bandwidth: o.bandwidth, Mark: o.mark,
		PeerSite: Site{Account: o.peerAccount}, Detail: o.note,
	}
	if s == AwaitingPeer {
		v.Key = o.key
	}
	v.Redeemed = o.redeemed
	return v
}

// known is an object by its id, shown or not: writes do not lag as reads do.
func (e *fakeEnd) known(id string) *object {
	for _, o := range e.objects {
		if o.id == id {
			return o
		}
	}
	return nil
}

func (e *fakeEnd) byID(id string) *object {
	for _, o := range e.objects {
		if o.id == id && !o.visible.After(e.world.now) {
			return o
		}
	}
	return nil
}

func (e *fakeEnd) Descriptor() Descriptor             { return e.desc }
func (e *fakeEnd) Site(context.Context) (Site, error) { return e.site, nil }
func (e *fakeEnd) refuse(k cloud.Kind, said string) error {
	return &cloud.Error{Kind: k, End: e.desc.Name, Code: "Made" + k.String(), Message: said}
}

func (e *fakeEnd) Check(context.Context, CheckRequest) (Terms, []Finding, error) {
	return Terms{Environment: e.desc.Cloud + "-env", Tiers: e.tiers}, nil, nil
}

func (e *fakeEnd) Find(_ context.Context, m Marker) ([]Observation, error) {
	var found []Observation
	_, err := e.call("find", func() (Observation, error) {
		for _, o := range e.objects {
			if o.mark.Name == m.Name && !o.state(e.world.now).Gone() && !o.visible.After(e.world.now) {
				found = append(found, e.show(o))
			}
		}
		return Observation{}, nil
	})
	return found, err
}

func (e *fakeEnd) Match(_ context.Context, sharedID string) (Observation, error) {
	return e.call("match", func() (Observation, error) {
		for _, o := range e.live() {
			if o.sharedID == sharedID && !o.visible.After(e.world.now) {
				return e.show(o), nil
			}
		}
		return Observation{State: Absent}, nil
	})
}

func (e *fakeEnd) Observe(_ context.Context, r Ref) (Observation, error) {
	return e.call("observe", func() (Observation, error) {
		o := e.byID(r.ID)
		if o == nil {
			return Observation{State: Absent}, nil
		}
		return e.show(o), nil
	})
}

func (e *fakeEnd) Poll(ctx context.Context, r Ref) (Observation, error) {
	o, err := e.Observe(ctx, r)
	o.Partial, o.Key, o.Mark, o.Detail = true, activation.Key{}, Marker{}, nil
	return o, err
}

func (e *fakeEnd) Inspect(_ context.Context, k activation.Key) (Terms, error) {
	if !e.describes {
		return Terms{}, ErrNotOffered
	}
	if e.fault != nil {
		if err := e.fault("inspect", false); err != nil {
			return Terms{}, err
		}
	}
	o := e.world.issued[k.Reveal()]
	if o == nil {
		return Terms{}, e.refuse(cloud.Invalid, "unknown key")
	}
	return Terms{Environment: e.desc.Cloud + "-env", Tiers: []bandwidth.Bandwidth{o.bandwidth}}, nil
}

// replay is the object that a token has made before.
func (e *fakeEnd) replay(token string) *object {
	for _, o := range e.objects {
		if o.token == token {
			return o
		}
	}
	return nil
}

func (e *fakeEnd) add(m Marker, b bandwidth.Bandwidth, token string) *object {
	w := e.world
	w.serial++
	o := &object{id: fmt.Sprintf("%s-%d", e.desc.Cloud, w.serial), mark: m, end: e, bandwidth: b, token: token, note: e.note, visible: w.now.Add(e.hidden)}
	e.objects = append(e.objects, o)
	return o
}

func (e *fakeEnd) Propose(_ context.Context, p Proposal) (Observation, error) {
	return e.call("propose", func() (Observation, error) {
		w, token := e.world, p.Attempt.Token("create", p.Bandwidth)
		if o := e.replay(token); o != nil {
			return e.show(o), nil
		}
		o := e.add(p.Marker, p.Bandwidth, token)
		o.sharedID = fmt.Sprintf("00000000-0000-4000-8000-%012d", w.serial)
		o.peerAccount = p.Peer.Account
		o.key, _ = activation.Payload{Version: 1, SharedID: o.sharedID, EnvironmentURI: "env", Bandwidth: p.Bandwidth, AccountID: p.Peer.Account}.Encode()
		if e.opaque {
			o.key = activation.NewKey("opaque-" + o.id)
		}
		w.issued[o.key.Reveal()] = o
		o.turn(w.now, AwaitingPeer)
		return e.show(o), nil
	})
}

func (e *fakeEnd) Redeem(_ context.Context, r Redemption) (Observation, error) {
	return e.call("redeem", func() (Observation, error) {
		w, token := e.world, r.Attempt.Token("redeem")
		if o := e.replay(token); o != nil && o.redeemed.Reveal() == r.Key.Reveal() {
			return e.show(o), nil
		}
		issuer := w.issued[r.Key.Reveal()]
		if issuer == nil || issuer.peer != nil || issuer.state(w.now) != AwaitingPeer {
			return Observation{}, e.refuse(cloud.Precondition, "the key is used or unknown")
		}
		o := e.add(r.Marker, issuer.bandwidth, token)
		o.sharedID, o.redeemed = issuer.sharedID, r.Key
		o.peer, issuer.peer = issuer, o
		for _, half := range []*object{o, issuer} {
			half.turn(w.now, Joining)
			half.turn(w.now.Add(half.end.provisioning), half.end.outcome)
		}
		return e.show(o), nil
	})
}

func (e *fakeEnd) SetBandwidth(_ context.Context, r Ref, b bandwidth.Bandwidth, _ Attempt) (Observation, error) {
	return e.call("bandwidth", func() (Observation, error) {
		if e.refusesBandwidth {
			return Observation{}, e.refuse(cloud.Precondition, "only the initiator may")
		}
		w := e.world
		w.bandwidthWrites = append(w.bandwidthWrites, e.desc.Cloud)
		o := e.known(r.ID)
		if o == nil {
			return Observation{}, e.refuse(cloud.NotFound, "gone")
		}
		o.turn(w.now, Updating)
		o.turn(w.now.Add(time.Second), Up)
		if !e.revertsBandwidth {
			o.bandwidth = b
			if o.peer != nil {
				o.peer.bandwidth = b
			}
		}
		return e.show(o), nil
	})
}

func (e *fakeEnd) Drift(o Observation, _ string) []Drift {
	if got, ok := o.Detail.(string); ok && got != e.note {
		return []Drift{{Field: "note", Want: e.note, Got: got, InPlace: true}}
	}
	return nil
}

func (e *fakeEnd) Amend(_ context.Context, v Observation, _ string, _ Attempt) (Observation, error) {
	return e.call("amend", func() (Observation, error) {
		o := e.known(v.ID)
		if o == nil {
			return Observation{}, e.refuse(cloud.NotFound, "gone")
		}
		o.note = e.note
		return e.show(o), nil
	})
}

func (e *fakeEnd) Delete(_ context.Context, r Ref, _ Attempt) (Observation, error) {
	return e.call("delete", func() (Observation, error) {
		w := e.world
		o := e.known(r.ID)
		if o == nil || o.state(w.now).Gone() {
			return Observation{}, e.refuse(cloud.NotFound, "gone")
		}
		// What was written to is shown.
		o.visible = w.now
		if o.state(w.now) != Deleting {
			o.plan = nil
			o.turn(w.now, Deleting)
			o.turn(w.now.Add(10*time.Second), Absent)
			if p := o.peer; p != nil && !p.state(w.now).Gone() && p.state(w.now) != Deleting {
				p.plan = nil
				p.turn(w.now, Deprovisioned)
			}
		}
		return e.show(o), nil
	})
}

var _ End = (*fakeEnd)(nil)

// pair is a link between two made-up clouds, the first initiating.
func (w *world) pair(owner string) (Link, *fakeEnd, *fakeEnd) {
	i, a := w.end("ame", 2), w.end("bal", 1)
	return Link{Marker: Marker{Name: "ai", Owner: owner}, Ends: [2]End{i, a}}, i, a
}

// context is one that ends with the world: never.
func (w *world) context() context.Context { return context.Background() }
