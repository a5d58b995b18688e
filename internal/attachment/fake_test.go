package attachment

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// world is two made-up clouds in which parts are made. Its time passes only when
// somebody sleeps.
type world struct {
	mu    sync.Mutex
	now   time.Time
	parts map[string]*fakePart
	calls int
	// trouble strikes a call, by its number: the error is returned, before the
	// call takes effect or after it.
	trouble map[int]trouble
	// dead says that the driver was killed: nothing it does has an effect.
	dead bool
	// busy is until when a cloud takes no other change.
	busy map[string]time.Time
	// without is the least number of parts of the first cloud that stood at any
	// time since one did.
	without int
	stood   bool
	serial  int
}

type trouble struct {
	err   error
	after bool
	kill  bool
}

// errKilled is what a driver that was killed sees of the world.
var errKilled = errors.New("killed")

// fakePart is a part as its cloud has it.
type fakePart struct {
	id, cloud, setting string
	mark               link.Marker
	ready, gone        time.Time
	asked              bool
}

func newWorld() *world {
	return &world{now: time.Unix(1_800_000_000, 0), parts: map[string]*fakePart{}, trouble: map[int]trouble{}, busy: map[string]time.Time{}, without: 99}
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
	for end := w.now.Add(d); w.now.Before(end); {
		w.now = w.now.Add(min(time.Second, end.Sub(w.now)))
		w.settle()
	}
	return ctx.Err()
}

// settle lets time do its work, and counts what stands.
func (w *world) settle() {
	up := 0
	for key, p := range w.parts {
		if !p.gone.IsZero() && !p.gone.After(w.now) {
			delete(w.parts, key)
			continue
		}
		if p.cloud == "one" && !p.ready.After(w.now) && p.gone.IsZero() {
			up++
		}
	}
	w.stood = w.stood || up > 0
	if w.stood {
		w.without = min(w.without, up)
	}
}

func (w *world) driver() *Driver { return &Driver{Clock: w, SettleFor: time.Nanosecond} }

// call is one call to a cloud: do has the effect.
func (w *world) call(do func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead {
		return errKilled
	}
	w.settle()
	w.calls++
	t := w.trouble[w.calls]
	w.dead = t.kill
	if t.err != nil && !t.after {
		return t.err
	}
	err := do()
	w.settle()
	if t.err != nil {
		return t.err
	}
	return err
}

// fakeSide is a part's configuration.
type fakeSide struct {
	*world
	cloud, joins, setting string
	alone                 bool // does not stand beside another
	ask                   bool // somebody else must agree
	routes                Routes
	facts                 Facts
}

func (f *fakeSide) key() string { return f.cloud + "/" + f.joins }

func (f *fakeSide) Descriptor() link.Descriptor {
	order := map[string]int{"one": 2, "two": 1}[f.cloud]
	return link.Descriptor{Cloud: f.cloud, Name: map[string]string{"one": "One", "two": "Two"}[f.cloud], Object: "part", TeardownOrder: order}
}

func (f *fakeSide) Check(context.Context, bool) (Facts, []link.Finding, error) {
	return f.facts, nil, nil
}

func (f *fakeSide) Routes(context.Context, Sight) (Routes, error) { return f.routes, nil }

func (f *fakeSide) sight() Sight {
	p := f.parts[f.key()]
	if p == nil {
		return Sight{State: Absent}
	}
	s := Sight{Ref: Ref{ID: p.id}, State: Up, Mark: p.mark, Detail: p.setting}
	switch {
	case !p.gone.IsZero():
		s.State = Removing
	case p.asked:
		s.State, s.Why = Asked, "nobody has agreed."
	case p.ready.After(f.now):
		s.State = Making
	}
	return s
}

func (f *fakeSide) Look(context.Context, Ref) (s Sight, err error) {
	err = f.call(func() error { s = f.sight(); return nil })
	return s, err
}

// change is a call that changes something: one at a time.
func (f *fakeSide) change(do func() error) (s Sight, err error) {
	err = f.call(func() error {
		if f.busy[f.cloud].After(f.now) {
			return &cloud.Error{Kind: cloud.Conflict, End: f.cloud, Message: "another change is under way"}
		}
		f.busy[f.cloud] = f.now.Add(3 * time.Second)
		err := do()
		s = f.sight()
		return err
	})
	return s, err
}

func (f *fakeSide) Make(_ context.Context, m link.Marker) (Sight, error) {
	return f.change(func() error {
		if f.parts[f.key()] != nil {
			return &cloud.Error{Kind: cloud.Conflict, End: f.cloud, Message: "exists already"}
		}
		if f.alone {
			for _, p := range f.parts {
				if p.cloud == f.cloud {
					return &cloud.Error{Kind: cloud.Invalid, End: f.cloud, Message: "does not mix"}
				}
			}
		}
		f.serial++
		f.parts[f.key()] = &fakePart{id: fmt.Sprintf("%s-%d", f.cloud, f.serial), cloud: f.cloud, setting: f.setting, mark: m, ready: f.now.Add(20 * time.Second), asked: f.ask}
		return nil
	})
}

func (f *fakeSide) Drift(s Sight) []link.Drift {
	if got, _ := s.Detail.(string); got != f.setting {
		return []link.Drift{{Field: "setting", Want: f.setting, Got: got, InPlace: f.setting != "fixed"}}
	}
	return nil
}

func (f *fakeSide) Amend(context.Context, Sight) (Sight, error) {
	return f.change(func() error {
		f.parts[f.key()].setting = f.setting
		f.parts[f.key()].ready = f.now.Add(5 * time.Second)
		return nil
	})
}

func (f *fakeSide) Remove(context.Context, Sight) (Sight, error) {
	return f.change(func() error {
		p := f.parts[f.key()]
		if p == nil {
			return &cloud.Error{Kind: cloud.NotFound, End: f.cloud}
		}
		if p.gone.IsZero() {
			p.gone = f.now.Add(10 * time.Second)
		}
		return nil
	})
}

func (f *fakeSide) Beside(context.Context, Side) (bool, error) { return !f.alone, nil }

// attachmentOf is an attachment in the world.
func attachmentOf(owner string, sides ...*fakeSide) Attachment {
	a := Attachment{Marker: link.Marker{Name: "vpc", Owner: owner}, LinkUp: true}
	for _, s := range sides {
		a.Parts = append(a.Parts, Part{Side: s})
	}
	return a
}

func prefixesOf(texts ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, s := range texts {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}
