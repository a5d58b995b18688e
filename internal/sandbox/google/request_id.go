package google

import (
	"regexp"
	"time"
)

// remembered is how long a request id is known (discovery document: "for at
// least 60 minutes").
const remembered = time.Hour

// zeroUUID is the one UUID that no request may carry (discovery document).
const zeroUUID = "00000000-0000-0000-0000-000000000000"

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

// checkRequestID refuses what is not a UUID. None at all is fine.
func checkRequestID(id string) *apiError {
	if id == "" || uuidForm.MatchString(id) && id != zeroUUID {
		return nil
	}
	return refuse(invalidArgument, "Invalid value for field 'request_id': %q. The request ID must be a valid UUID, and the zero UUID is not supported.", id)
}

// requestLog remembers which operation answered a request id. The zero value is
// empty.
type requestLog[T any] struct {
	answers map[string]answer[T]
}

type answer[T any] struct {
	at time.Time
	op T
}

// find is the operation that an earlier request with this key started, if it
// started within the last hour.
func (l *requestLog[T]) find(now time.Time, key string) (op T, found bool) {
	a, ok := l.answers[key]
	if !ok || now.Sub(a.at) > remembered {
		return op, false
	}
	return a.op, true
}

// keep remembers an operation and forgets those that are too old.
func (l *requestLog[T]) keep(now time.Time, key string, op T) {
	if l.answers == nil {
		l.answers = map[string]answer[T]{}
	}
	for k, a := range l.answers {
		if now.Sub(a.at) > remembered {
			delete(l.answers, k)
		}
	}
	l.answers[key] = answer[T]{now, op}
}

// requestKey tells requests apart: the same id for another method, project or
// location is another request. It is "" when there is no id.
func requestKey(verb, parent, id string) string {
	if id == "" {
		return ""
	}
	return verb + " " + parent + " " + id
}
