package preflight

import (
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/preflight/configuration"
)

// Result is how a check came out.
type Result string

// The results.
const (
	OK         Result = "ok"
	Warning    Result = "warning"
	Failed     Result = "failed"
	NotChecked Result = "not_checked"
)

// Everything is the topic of a resource of which nothing can be checked yet.
const Everything link.Topic = "everything"

// Check is one check of one resource at one end.
type Check struct {
	Address string `json:"address"`
	// End is "AWS" or "Google"; empty where the check is of the whole.
	End    string     `json:"end"`
	Check  link.Topic `json:"check"`
	Result Result     `json:"result"`
	// Messages say what is wrong, or why it was not checked.
	Messages []Message `json:"messages,omitempty"`
}

// Message is one thing that is wrong.
type Message struct {
	Text   string `json:"text"`
	Remedy string `json:"remedy,omitempty"`
	// Attribute to blame, in Terraform's words.
	Attribute string `json:"attribute,omitempty"`
	// Code and RequestID of the cloud.
	Code      string `json:"code,omitempty"`
	RequestID string `json:"request_id,omitempty"`
}

// Report is all checks of a configuration.
type Report struct {
	Checks []Check `json:"checks"`
	// Notes are what could not be read of the configuration.
	Notes []configuration.Note `json:"notes"`
	// Unreachable is the first error by which a cloud could not be asked at all,
	// which says nothing of the configuration.
	Unreachable error `json:"-"`
}

// Failed says that something would fail.
func (r Report) Failed() bool {
	return slices.ContainsFunc(r.Checks, func(c Check) bool { return c.Result == Failed })
}

// add puts a message to a check of a resource, which it makes if need be.
func (r *Report) add(address, end string, topic link.Topic, result Result, messages ...Message) {
	i := slices.IndexFunc(r.Checks, func(c Check) bool {
		return c.Address == address && c.End == end && c.Check == topic
	})
	if i < 0 {
		r.Checks = append(r.Checks, Check{Address: address, End: end, Check: topic, Result: result, Messages: messages})
		return
	}
	c := &r.Checks[i]
	switch {
	case result == NotChecked:
		return
	case c.Result == NotChecked:
		c.Messages = nil
	}
	if rank(result) > rank(c.Result) {
		c.Result = result
	}
	for _, m := range messages {
		if !slices.Contains(c.Messages, m) {
			c.Messages = append(c.Messages, m)
		}
	}
}

// rank orders results: the worst says how a check came out.
func rank(r Result) int {
	return slices.Index([]Result{NotChecked, OK, Warning, Failed}, r)
}

// trim drops a full stop.
func trim(s string) string { return strings.TrimSuffix(strings.TrimSpace(s), ".") }
