package google

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"time"
)

// empty is google.protobuf.Empty as an answer.
type empty struct{}

// writeJSON answers as Google does: indented unless the caller asks otherwise.
func writeJSON(w http.ResponseWriter, r *http.Request, status int, value any) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if q := r.URL.Query(); q.Get("prettyPrint") != "false" && q.Get("$prettyPrint") != "false" {
		enc.SetIndent("", "  ")
	}
	if err := enc.Encode(value); err != nil {
		http.Error(w, "the answer could not be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes())
}

// encodeJSON writes a value that is known to have a JSON form.
func encodeJSON(value any) json.RawMessage {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		panic("a value without functions and cycles could not be written as JSON: " + err.Error())
	}
	return bytes.TrimSpace(text.Bytes())
}

// unknownURL answers a path or HTTP method that no service has, with a page
// rather than JSON, as Google's front end does.
func unknownURL(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n"+
		"<p><b>404.</b> <ins>That’s an error.</ins>\n"+
		"<p>The requested URL <code>%s</code> was not found on this server. <ins>That’s all we know.</ins>\n",
		html.EscapeString(r.URL.Path))
}

// stamp writes a time as Network Connectivity does. The zero time is "".
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// computeStamp writes a time as Compute Engine does: milliseconds, in a zone
// eight hours behind UTC. The zero time is "".
func computeStamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	const behind = -8 * 60 * 60
	return t.In(time.FixedZone("", behind)).Format("2006-01-02T15:04:05.000-07:00")
}
