package contract

import (
	"encoding/json"
	"strconv"
)

// googleError holds an error to the forms that Google's services give theirs: a
// status word and details, or, in the services that are older, a list of reasons
// (recorded replies; no discovery document has them).
func googleError(p *problems, x *Exchange, older bool) {
	v, err := decodeJSON(x.Reply)
	if err != nil {
		p.add("", "the error cannot be read: %v", err)
		return
	}
	outer, ok := p.members("", v, []string{"error"})
	if !ok {
		return
	}
	known := []string{"code", "message", "status", "details"}
	if older {
		known = []string{"code", "message", "errors", "status", "details"}
	}
	e, ok := p.members("error", outer["error"], known)
	if !ok {
		return
	}
	if code, _ := e["code"].(json.Number); code.String() != strconv.Itoa(x.Status) {
		p.add("error", "the code is not the status %d", x.Status)
	}
	if message, _ := e["message"].(string); message == "" {
		p.add("error", "there is no message")
	}
	if older {
		reasons(p, e["errors"])
		return
	}
	if status, _ := e["status"].(string); status == "" {
		p.add("error", "there is no status")
	}
	details, _ := e["details"].([]any)
	for _, item := range details {
		if detail, _ := item.(map[string]any); detail["@type"] == nil {
			p.add("error.details", "a detail does not say its type")
		}
	}
}

// reasons holds the list of the older form.
func reasons(p *problems, v any) {
	items, _ := v.([]any)
	if len(items) == 0 {
		p.add("error.errors", "there is no reason")
	}
	for _, item := range items {
		reason, ok := p.members("error.errors", item, []string{"domain", "reason", "message", "location", "locationType"})
		if ok && (reason["domain"] == nil || reason["reason"] == nil) {
			p.add("error.errors", "a reason has no domain or no reason")
		}
	}
}
