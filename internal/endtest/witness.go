package endtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// ledger holds what must be true of every answer of every end: errors are
// complete, observations are consistent, and an activation key is in no text.
type ledger struct {
	mu       sync.Mutex
	secrets  []string
	breaches []string
}

// report fails a clause for what was wrong with the answers it got.
func (l *ledger) report(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, b := range l.breaches {
		t.Error(b)
	}
	l.breaches = nil
}

func (l *ledger) breach(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.breaches = append(l.breaches, fmt.Sprintf(format, args...))
}

// guard keeps watch over a key from now on. A part of it gives it away as well,
// and so does its form in a URL.
func (l *ledger) guard(k activation.Key) {
	const part, step = 32, 16
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, form := range []string{k.Reveal(), url.QueryEscape(k.Reveal())} {
		for at := 0; at+part <= len(form); at += step {
			l.secrets = append(l.secrets, form[at:at+part])
		}
	}
}

// search looks for keys in the ways in which a value can be printed.
func (l *ledger) search(verb string, value any) {
	texts := []string{fmt.Sprint(value), fmt.Sprintf("%+v", value), fmt.Sprintf("%#v", value)}
	if raw, err := json.Marshal(value); err == nil {
		texts = append(texts, string(raw))
	}
	l.mu.Lock()
	secrets := l.secrets
	l.mu.Unlock()
	for _, text := range texts {
		for _, s := range secrets {
			if strings.Contains(text, s) {
				l.breach("%s: an activation key is in the text of a %T", verb, value)
				return
			}
		}
	}
}

// witness is an end that notes what its answers say.
type witness struct {
	link.End
	ledger *ledger
}

// observed judges an answer with an observation.
func (w *witness) observed(ctx context.Context, verb string, o link.Observation, err error) (link.Observation, error) {
	if err == nil {
		w.judge(verb, o)
	}
	w.ledger.search(verb, o)
	return o, w.failed(ctx, verb, err)
}

// judge holds an observation against what link.Observation says of itself.
func (w *witness) judge(verb string, o link.Observation) {
	w.ledger.guard(o.Key)
	w.ledger.guard(o.Redeemed)
	switch {
	case o.State == "":
		w.ledger.breach("%s: an observation without a state", verb)
	case o.ID == "" && o.State != link.Absent:
		w.ledger.breach("%s: an observation that is %s without an id", verb, o.State)
	case o.Operation != "" && o.State != link.Creating && o.State != link.Updating && o.State != link.Deleting:
		w.ledger.breach("%s: an operation under way on what is %s", verb, o.State)
	case o.Operation == "" && !o.State.Gone() && o.Raw == "":
		w.ledger.breach("%s: an observation without the cloud's own word for %s", verb, o.State)
	case !o.Partial && !o.State.Gone() && (o.Detail == nil || o.Site == link.Site{}):
		w.ledger.breach("%s: a complete observation without site or detail", verb)
	case !o.Key.IsZero() && o.State != link.AwaitingPeer:
		w.ledger.breach("%s: a key that is of no use any more, on what is %s", verb, o.State)
	}
}

// failed judges an error.
func (w *witness) failed(ctx context.Context, verb string, err error) error {
	if err == nil || errors.Is(err, link.ErrNotOffered) && verb == "Inspect" {
		return err
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		w.ledger.search(verb, e)
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return err
	}
	e, ok := errors.AsType[*cloud.Error](err)
	if !ok {
		w.ledger.breach("%s: an error that is not a *cloud.Error: %v (%T)", verb, err, err)
		return err
	}
	w.complete(verb, e)
	return err
}

// complete holds an error against what a reader needs.
func (w *witness) complete(verb string, e *cloud.Error) {
	name := w.Descriptor().Name
	switch {
	case e.End != name:
		w.ledger.breach("%s: an error of end %q, want %q: %v", verb, e.End, name, e)
	case e.Attempt == "":
		w.ledger.breach("%s: an error that does not say what was attempted: %v", verb, e)
	case e.Code == "" && e.Message == "":
		w.ledger.breach("%s: an error without a code and a message: %v", verb, e)
	case e.Kind == cloud.Unknown:
		w.ledger.breach("%s: an error of unknown kind: %v", verb, e)
	}
}

func (w *witness) Site(ctx context.Context) (link.Site, error) {
	s, err := w.End.Site(ctx)
	return s, w.failed(ctx, "Site", err)
}

func (w *witness) Check(ctx context.Context, r link.CheckRequest) (link.Terms, []link.Finding, error) {
	terms, found, err := w.End.Check(ctx, r)
	for _, f := range found {
		w.complete("Check", f.Err)
		w.ledger.search("Check", f.Err)
		if f.Err.Remedy == "" {
			w.ledger.breach("Check: a finding without a remedy: %v", f.Err)
		}
	}
	return terms, found, w.failed(ctx, "Check", err)
}

func (w *witness) Find(ctx context.Context, m link.Marker) ([]link.Observation, error) {
	found, err := w.End.Find(ctx, m)
	for _, o := range found {
		w.judge("Find", o)
		w.ledger.search("Find", o)
	}
	return found, w.failed(ctx, "Find", err)
}

func (w *witness) Match(ctx context.Context, sharedID string) (link.Observation, error) {
	o, err := w.End.Match(ctx, sharedID)
	return w.observed(ctx, "Match", o, err)
}

func (w *witness) Observe(ctx context.Context, r link.Ref) (link.Observation, error) {
	o, err := w.End.Observe(ctx, r)
	return w.observed(ctx, "Observe", o, err)
}

func (w *witness) Poll(ctx context.Context, r link.Ref) (link.Observation, error) {
	o, err := w.End.Poll(ctx, r)
	return w.observed(ctx, "Poll", o, err)
}

func (w *witness) Inspect(ctx context.Context, key activation.Key) (link.Terms, error) {
	w.ledger.guard(key)
	terms, err := w.End.Inspect(ctx, key)
	w.ledger.search("Inspect", terms)
	return terms, w.failed(ctx, "Inspect", err)
}

func (w *witness) Propose(ctx context.Context, p link.Proposal) (link.Observation, error) {
	o, err := w.End.Propose(ctx, p)
	return w.observed(ctx, "Propose", o, err)
}

func (w *witness) Redeem(ctx context.Context, d link.Redemption) (link.Observation, error) {
	w.ledger.guard(d.Key)
	o, err := w.End.Redeem(ctx, d)
	return w.observed(ctx, "Redeem", o, err)
}

func (w *witness) SetBandwidth(ctx context.Context, r link.Ref, b bandwidth.Bandwidth, a link.Attempt) (link.Observation, error) {
	o, err := w.End.SetBandwidth(ctx, r, b, a)
	return w.observed(ctx, "SetBandwidth", o, err)
}

func (w *witness) Amend(ctx context.Context, o link.Observation, sharedID string, a link.Attempt) (link.Observation, error) {
	amended, err := w.End.Amend(ctx, o, sharedID, a)
	return w.observed(ctx, "Amend", amended, err)
}

func (w *witness) Delete(ctx context.Context, r link.Ref, a link.Attempt) (link.Observation, error) {
	o, err := w.End.Delete(ctx, r, a)
	return w.observed(ctx, "Delete", o, err)
}
