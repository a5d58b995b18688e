package contract

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Exchange is a request and its reply.
type Exchange struct {
	// Method, URL, Header and Body are the request's.
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte
	// Unread says that the handler did not read the body, or not all of it.
	Unread bool
	// Status is the reply's, 0 where there was none.
	Status int
	// ReplyHeader and Reply are the reply's header and body.
	ReplyHeader http.Header
	Reply       []byte
}

// Contract says what messages of one API look like.
type Contract interface {
	// Name tells contracts apart in what a Watch says.
	Name() string
	// Claims says whether a request is for this API at all.
	Claims(*Exchange) bool
	// Operation is what a request that Claims is for; it fails when the API
	// has no such operation.
	Operation(*Exchange) (Operation, error)
}

// Operation is one operation of an API.
type Operation interface {
	// Name is the operation's name in the contract.
	Name() string
	// Request is what is wrong with the request.
	Request(*Exchange) []string
	// Reply is what is wrong with the reply.
	Reply(*Exchange) []string
}

// Violation is a message that breaks its contract.
type Violation struct {
	// Contract and Operation say where; Operation is empty where there is none.
	Contract, Operation string
	// Message says "request" or "reply", and what was asked.
	Message string
	// Problem is what is wrong.
	Problem string
}

// String writes the violation on one line.
func (v Violation) String() string {
	return fmt.Sprintf("%s: %s: %s: %s", v.Contract, v.Operation, v.Message, v.Problem)
}

// Departure is a problem that is known: the clouds were seen to depart from
// their own contract there.
type Departure struct {
	// Contract is the contract's name, Problem a part of what it says.
	Contract, Problem string
	// Why says who saw it.
	Why string
}

// Count is how many messages were held to a contract.
type Count struct {
	Requests, Replies int
	// Refused counts requests that broke the contract and were refused.
	Refused int
	// Departures counts messages with a known departure.
	Departures int
	// Operations counts exchanges by operation.
	Operations map[string]int
}

// Watch holds messages to contracts. The zero value is ready; it is safe for
// concurrent use.
type Watch struct {
	// Departures are known and no violations.
	Departures []Departure
	// Report, when set, is told of each violation, with no lock held.
	Report func(Violation)

	mu         sync.Mutex
	counts     map[string]*Count
	violations []Violation
	others     map[string]int
}

// Rules are what a Watch does at one door.
type Rules struct {
	// Contracts are tried in this order.
	Contracts []Contract
	// Provoking says that requests may break their contract on purpose: they
	// have to be refused then. Otherwise every one is a violation.
	Provoking bool
	// Closed says that nothing may pass that is under none of the contracts,
	// unless it is refused. Open names the ends of paths that may.
	Closed bool
	Open   []string
}

// Front is a handler that lets h answer and looks on.
func (w *Watch) Front(rules Rules, h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		request := &tee{ReadCloser: r.Body}
		x := &Exchange{Method: r.Method, URL: r.URL, Header: r.Header.Clone()}
		length := r.ContentLength
		r.Body = request
		reply := &recorder{ResponseWriter: rw}
		defer func() {
			dropped := recover()
			x.Body, x.Unread = request.read.Bytes(), length >= 0 && int64(request.read.Len()) < length
			if dropped == nil {
				x.Status, x.ReplyHeader, x.Reply = reply.status, rw.Header().Clone(), reply.body.Bytes()
			}
			w.look(rules, x)
			if dropped != nil {
				panic(dropped)
			}
		}()
		h.ServeHTTP(reply, r)
		if reply.status == 0 {
			reply.status = http.StatusOK
		}
	})
}

// tee keeps what is read of a body.
type tee struct {
	io.ReadCloser

	read bytes.Buffer
}

// Read reads and keeps.
func (t *tee) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	t.read.Write(p[:n])
	return n, err
}

// recorder keeps what is written of a reply.
type recorder struct {
	http.ResponseWriter

	status int
	body   bytes.Buffer
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Write writes and keeps.
func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}

// Unwrap is the writer below, for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// look holds an exchange to the contract that it is under.
func (w *Watch) look(rules Rules, x *Exchange) {
	at := slices.IndexFunc(rules.Contracts, func(c Contract) bool { return c.Claims(x) })
	if at < 0 {
		w.outside(rules, x)
		return
	}
	c := rules.Contracts[at]
	op, err := c.Operation(x)
	if err != nil {
		if !x.refused() {
			w.report(Violation{c.Name(), "", x.String(), err.Error()})
		}
		w.count(c.Name(), func(n *Count) { n.Refused++ })
		return
	}
	w.count(c.Name(), func(n *Count) { n.Operations[op.Name()]++ })
	if !x.Unread {
		w.request(rules, c, op, x)
	}
	if x.Status == 0 {
		return
	}
	w.count(c.Name(), func(n *Count) { n.Replies++ })
	w.problems(c, op, "reply to "+x.String(), op.Reply(x))
}

// request holds a request to its contract.
func (w *Watch) request(rules Rules, c Contract, op Operation, x *Exchange) {
	problems := op.Request(x)
	if len(problems) > 0 && rules.Provoking && (x.refused() || x.Status == 0) {
		w.count(c.Name(), func(n *Count) { n.Refused++ })
		return
	}
	w.count(c.Name(), func(n *Count) { n.Requests++ })
	w.problems(c, op, "request "+x.String(), problems)
}

// outside is for an exchange under no contract.
func (w *Watch) outside(rules Rules, x *Exchange) {
	open := slices.ContainsFunc(rules.Open, func(end string) bool { return strings.HasSuffix(x.URL.Path, end) })
	if rules.Closed && !open && !x.refused() {
		w.report(Violation{"no contract", "", x.String(), "is under no contract and was answered"})
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.others == nil {
		w.others = map[string]int{}
	}
	w.others[x.Method+" "+x.URL.Path]++
}

// String says what was asked, without a secret.
func (x *Exchange) String() string {
	return fmt.Sprintf("%s %s (%d)", x.Method, x.URL.Path, x.Status)
}

// refused says whether the request was refused.
func (x *Exchange) refused() bool { return x.Status >= http.StatusBadRequest }

// problems reports what is wrong with a message and not known.
func (w *Watch) problems(c Contract, op Operation, message string, found []string) {
	departed := false
	for _, problem := range found {
		if slices.ContainsFunc(w.Departures, func(d Departure) bool {
			return d.Contract == c.Name() && strings.Contains(problem, d.Problem)
		}) {
			departed = true
			continue
		}
		w.report(Violation{c.Name(), op.Name(), message, problem})
	}
	if departed {
		w.count(c.Name(), func(n *Count) { n.Departures++ })
	}
}

func (w *Watch) report(v Violation) {
	w.mu.Lock()
	w.violations = append(w.violations, v)
	w.mu.Unlock()
	if w.Report != nil {
		w.Report(v)
	}
}

func (w *Watch) count(contract string, change func(*Count)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.counts == nil {
		w.counts = map[string]*Count{}
	}
	if w.counts[contract] == nil {
		w.counts[contract] = &Count{Operations: map[string]int{}}
	}
	change(w.counts[contract])
}

// Violations are all violations so far.
func (w *Watch) Violations() []Violation {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.violations)
}

// Counts are the messages that were held to each contract, by its name.
func (w *Watch) Counts() map[string]Count {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string]Count{}
	for name, c := range w.counts {
		copied := *c
		copied.Operations = maps.Clone(c.Operations)
		out[name] = copied
	}
	return out
}

// Summary says how many messages were held to each contract, a line for each.
func (w *Watch) Summary() string {
	var out strings.Builder
	counts := w.Counts()
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		c := counts[name]
		fmt.Fprintf(&out, "%s: %d messages checked (%d requests, %d replies) of %d operations",
			name, c.Requests+c.Replies, c.Requests, c.Replies, len(c.Operations))
		if c.Refused > 0 {
			fmt.Fprintf(&out, "; %d bad requests were refused", c.Refused)
		}
		if c.Departures > 0 {
			fmt.Fprintf(&out, "; %d messages with a known departure", c.Departures)
		}
		out.WriteByte('\n')
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	others := 0
	for _, n := range w.others {
		others += n
	}
	fmt.Fprintf(&out, "under no contract here: %d requests; violations: %d", others, len(w.violations))
	return out.String()
}
