package control

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// maxBody is the largest body that is read, in bytes.
const maxBody = 1 << 20

// Clouds are what a Server controls. Either cloud may be nil, when it runs in
// another process.
type Clouds struct {
	AWS    *sandboxaws.Cloud
	Google *sandboxgoogle.Cloud
	// AWSNode and GoogleNode are the clouds' sides of the open API; nil where
	// the clouds were introduced without it.
	AWSNode, GoogleNode *coordinator.Node
	// Clock of both; nil where they go by the machine's, which cannot be
	// changed.
	Clock *clock.Adjustable
	// Faults that both clouds ask before each call.
	Faults *Faults
}

// Server is the control API, an http.Handler.
type Server struct {
	clouds Clouds
	mux    *http.ServeMux
}

// New makes the control API of a sandbox.
func New(c Clouds) *Server {
	s := &Server{clouds: c, mux: http.NewServeMux()}
	s.mux.HandleFunc("GET /v1/clock", s.getClock)
	s.mux.HandleFunc("POST /v1/clock", s.setClock)
	s.mux.HandleFunc("GET /v1/faults", func(w http.ResponseWriter, _ *http.Request) { answer(w, c.Faults.List()) })
	s.mux.HandleFunc("POST /v1/faults", s.addFault)
	s.mux.HandleFunc("DELETE /v1/faults", func(w http.ResponseWriter, _ *http.Request) { c.Faults.Clear(); answer(w, c.Faults.List()) })
	s.mux.HandleFunc("POST /v1/events", s.addEvent)
	s.mux.HandleFunc("GET /v1/snapshot", s.getSnapshot)
	s.mux.HandleFunc("PUT /v1/snapshot", s.putSnapshot)
	s.mux.HandleFunc("GET /v1/resources", s.show(
		func(c *sandboxaws.Cloud) any { return c.Resources() }, func(c *sandboxgoogle.Cloud) any { return c.Resources() }))
	s.mux.HandleFunc("GET /v1/transitions", s.show(
		func(c *sandboxaws.Cloud) any { return c.Transitions() }, func(c *sandboxgoogle.Cloud) any { return c.Transitions() }))
	return s
}

// show answers with what each cloud that runs here says.
func (s *Server) show(aws func(*sandboxaws.Cloud) any, google func(*sandboxgoogle.Cloud) any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		out := map[string]any{}
		if s.clouds.AWS != nil {
			out["aws"] = aws(s.clouds.AWS)
		}
		if s.clouds.Google != nil {
			out["google"] = google(s.clouds.Google)
		}
		answer(w, out)
	}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// clockState is the clock as the API shows it.
type clockState struct {
	Now   time.Time `json:"now"`
	Speed float64   `json:"speed"`
}

func (s *Server) getClock(w http.ResponseWriter, _ *http.Request) {
	if s.clouds.Clock == nil {
		answer(w, clockState{time.Now(), 1})
		return
	}
	answer(w, clockState{s.clouds.Clock.Now(), s.clouds.Clock.Speed()})
}

func (s *Server) setClock(w http.ResponseWriter, r *http.Request) {
	var change struct {
		Advance duration `json:"advance"`
		Speed   *float64 `json:"speed"`
	}
	switch {
	case !read(w, r, &change):
	case s.clouds.Clock == nil:
		refuse(w, errors.New("this sandbox goes by the machine's clock: start it with a clock of its own"))
	case change.Speed != nil && *change.Speed < 0:
		refuse(w, errors.New("speed must be 0 or more"))
	default:
		if change.Speed != nil {
			s.clouds.Clock.SetSpeed(*change.Speed)
		}
		s.clouds.Clock.Advance(time.Duration(change.Advance))
		s.getClock(w, r)
	}
}

func (s *Server) addFault(w http.ResponseWriter, r *http.Request) {
	var fault Fault
	if !read(w, r, &fault) {
		return
	}
	if err := s.clouds.Faults.Add(fault); err != nil {
		refuse(w, err)
		return
	}
	answer(w, s.clouds.Faults.List())
}

func (s *Server) addEvent(w http.ResponseWriter, r *http.Request) {
	var event Event
	if !read(w, r, &event) {
		return
	}
	if err := s.happen(r.Context(), event); err != nil {
		refuse(w, err)
		return
	}
	answer(w, event)
}

// read reads a body strictly, or refuses it.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		refuse(w, err)
		return false
	}
	return true
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}
