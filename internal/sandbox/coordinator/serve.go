package coordinator

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// request is a request of the peer.
type request struct {
	*http.Request
	ctx context.Context
}

// ServeHTTP answers the other Node.
func (n *Node) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if n.cfg.Log != nil {
		logged := &loggedWriter{ResponseWriter: w}
		start := n.cfg.Clock.Now()
		defer func() {
			n.cfg.Log(Record{start, r.Method, r.URL.Path, logged.status, logged.refusal, n.cfg.Clock.Now().Sub(start)})
		}()
		w = logged
	}
	given, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer || subtle.ConstantTimeCompare([]byte(given), []byte(n.cfg.Token)) != 1 {
		reply(w, nil, refuse(http.StatusUnauthorized, "the bearer token is missing or wrong"))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, api.MaxBody)
	n.mux.ServeHTTP(w, r)
}

// loggedWriter remembers what is answered.
type loggedWriter struct {
	http.ResponseWriter
	status  int
	refusal string
}

// WriteHeader writes and remembers a status.
func (l *loggedWriter) WriteHeader(status int) {
	l.status = status
	l.ResponseWriter.WriteHeader(status)
}

// handler answers the methods of a path.
func (n *Node) handler(on methods) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		op, ok := on[r.Method]
		if !ok {
			w.Header().Set("Allow", strings.Join(slices.Sorted(maps.Keys(on)), ", "))
			reply(w, nil, refuse(http.StatusMethodNotAllowed, "%s is not a method of this path", r.Method))
			return
		}
		ctx, end, err := n.begin(r.Context())
		if err != nil {
			reply(w, nil, err)
			return
		}
		defer end()
		body, err := op(n, &request{r, ctx})
		reply(w, body, err)
	})
}

// reply writes a body or an error.
func reply(w http.ResponseWriter, body any, err error) {
	status := http.StatusOK
	if err != nil {
		refusal, ok := errors.AsType[*Error](err)
		if !ok {
			refusal = refuse(http.StatusInternalServerError, "the provider failed")
		}
		status, body = refusal.Status, refusal.Body()
		if l, ok := w.(*loggedWriter); ok {
			l.refusal = refusal.Message
		}
	}
	raw, err := json.Marshal(body)
	if err != nil {
		status, raw = http.StatusInternalServerError, []byte(`{"error":{"code":500,"message":"the reply cannot be written","status":"INTERNAL"}}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

// read reads the body of a request; none at all is an empty message. What the
// API does not know is ignored, and so is what only the server says.
func read[T any](r *request) (T, error) {
	var in T
	decoder := json.NewDecoder(r.Body)
	err := decoder.Decode(&in)
	if errors.Is(err, io.EOF) {
		return in, nil
	}
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is more than one message")
			if _, tooLarge := errors.AsType[*http.MaxBytesError](more); tooLarge {
				err = more
			}
		}
	}
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return in, refuse(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes", api.MaxBody)
	}
	if err != nil {
		return in, refuse(http.StatusBadRequest, "the body cannot be read: %v", err)
	}
	return in, nil
}

// newID is the id that a resource is to have, by the operation's query
// parameter.
func (r *request) newID(parameter string) (string, error) {
	id := r.URL.Query().Get(parameter)
	if !api.ValidID(id) {
		return "", refuse(http.StatusBadRequest, "%s %q is not an id", parameter, id)
	}
	return id, nil
}

// missing is the refusal of a path that names nothing.
func (r *request) missing() error {
	return refuse(http.StatusNotFound, "%s does not exist", strings.TrimPrefix(r.URL.Path, "/"))
}

// peerOnly refuses paths below any provider but the one that calls.
func (n *Node) peerOnly(r *request) error {
	if r.PathValue("provider") != n.cfg.Peer.ID {
		return r.missing()
	}
	return nil
}

// environment is the environment that the path names.
func (n *Node) environment(r *request) (Environment, error) {
	if err := n.peerOnly(r); err != nil {
		return Environment{}, err
	}
	at := slices.IndexFunc(n.cfg.Environments, func(e Environment) bool { return e.ID == r.PathValue("environment") })
	if at < 0 {
		return Environment{}, r.missing()
	}
	return n.cfg.Environments[at], nil
}

// interconnect is the interconnect that the path names.
func (n *Node) interconnect(r *request) (*quad, error) {
	if err := n.peerOnly(r); err != nil {
		return nil, err
	}
	q, ok := n.quad(r.PathValue("environment"), r.PathValue("interconnect"))
	if !ok {
		return nil, r.missing()
	}
	return q, nil
}

// channel is the channel that the path names, and its interconnect.
func (n *Node) channel(r *request) (*quad, *channel, error) {
	q, err := n.interconnect(r)
	if err != nil {
		return nil, nil, err
	}
	c := q.channel(r.PathValue("channel"))
	if c == nil {
		return nil, nil, r.missing()
	}
	return q, c, nil
}

// connection is the connection that the path names. The lock must be held.
func (n *Node) connection(r *request) (*link, error) {
	q, err := n.interconnect(r)
	if err != nil {
		return nil, err
	}
	l, err := n.link(q.environment, r.PathValue("connection"))
	if err != nil || l.quad != q {
		return nil, r.missing()
	}
	return l, nil
}

// lockedConnection is connection for those who do not hold the lock.
func (n *Node) lockedConnection(r *request) (*link, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.connection(r)
}
