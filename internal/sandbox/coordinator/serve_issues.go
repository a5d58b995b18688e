package coordinator

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

func (n *Node) listIssues(r *request) (any, error) {
	if err := n.peerOnly(r); err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	all := make([]api.Issue, 0, len(n.issues))
	for _, i := range n.issues {
		all = append(all, i.Issue)
	}
	page, next, err := cut(n.pages, r, all, func(i api.Issue) string { return i.Name })
	return api.ListIssuesResponse{Issues: page, NextPageToken: next}, err
}

// createIssue takes a report of the peer.
func (n *Node) createIssue(r *request) (any, error) {
	if err := n.peerOnly(r); err != nil {
		return nil, err
	}
	id, err := r.newID("issueId")
	if err != nil {
		return nil, err
	}
	in, err := read[api.Issue](r)
	if err != nil {
		return nil, err
	}
	if err := checkIssue(in); err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.issues[id] != nil {
		return nil, refuse(http.StatusConflict, "issue %q exists already", id)
	}
	in.Name = api.ProviderName(n.cfg.Peer.ID) + "/issues/" + id
	in.State, in.CreateTime = api.IssueOpen, n.cfg.Clock.Now()
	in.LocalIssueID = fmt.Sprintf("%s-%d", n.cfg.Self.ID, len(n.issues)+1)
	n.issues[id] = &issue{Issue: in}
	return in, nil
}

// checkIssue demands what the API does: a title of one line, a body, and the
// resources that its context is about.
func checkIssue(in api.Issue) error {
	context := in.IssueContext
	switch {
	case in.Title == "" || strings.ContainsAny(in.Title, "\r\n"):
		return refuse(http.StatusBadRequest, "title is required and has one line")
	case in.Body == "":
		return refuse(http.StatusBadRequest, "body is required")
	case !in.Priority.Known():
		return refuse(http.StatusBadRequest, "priority %q is not known", in.Priority)
	case !slices.Contains([]api.IssueContext{"", api.ContextUnspecified, api.ContextConnection, api.ContextInterconnect}, context):
		return refuse(http.StatusBadRequest, "issueContext %q is not known", context)
	case context == api.ContextConnection && len(in.ConnectionContexts) == 0:
		return refuse(http.StatusBadRequest, "connectionContexts is required for %s", context)
	case context == api.ContextInterconnect && len(in.InterconnectContexts) == 0:
		return refuse(http.StatusBadRequest, "interconnectContexts is required for %s", context)
	}
	for _, c := range slices.Concat(in.ChannelContexts, in.ConnectionContexts, in.FeatureContexts, in.InterconnectContexts) {
		if c.Name == "" {
			return refuse(http.StatusBadRequest, "a context needs a name")
		}
	}
	return nil
}

// issue is the issue that the path names. The lock must be held.
func (n *Node) issue(r *request) (*issue, error) {
	if err := n.peerOnly(r); err != nil {
		return nil, err
	}
	i, ok := n.issues[r.PathValue("issue")]
	if !ok {
		return nil, r.missing()
	}
	return i, nil
}

func (n *Node) getIssue(r *request) (any, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	i, err := n.issue(r)
	if err != nil {
		return nil, err
	}
	return i.Issue, nil
}

// closeIssue ends an issue; one that is closed stays so.
func (n *Node) closeIssue(r *request) (any, error) {
	if _, err := read[api.Empty](r); err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	i, err := n.issue(r)
	if err != nil {
		return nil, err
	}
	i.State = api.IssueClosed
	return i.Issue, nil
}

// addComment takes a remark of the peer on an issue that is not closed.
func (n *Node) addComment(r *request) (any, error) {
	in, err := read[api.AddCommentRequest](r)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	i, err := n.issue(r)
	switch {
	case err != nil:
		return nil, err
	case in.Comment == nil || in.Comment.Body == "":
		return nil, refuse(http.StatusBadRequest, "a comment needs a body")
	case i.State == api.IssueClosed:
		return nil, refuse(http.StatusBadRequest, "the issue is closed")
	}
	return api.AddCommentResponse{Comment: n.remark(i, n.cfg.Peer.DisplayName, in.Comment.Body)}, nil
}

// remark adds a comment to an issue. The lock must be held.
func (n *Node) remark(i *issue, who, body string) api.Comment {
	n.comments++
	c := api.Comment{
		Body: body, DisplayName: who, CreateTime: n.cfg.Clock.Now(),
		LocalCommentID: fmt.Sprintf("%s-%d", n.cfg.Self.ID, n.comments),
	}
	i.comments = append(i.comments, numberedComment{c, n.comments})
	return c
}

func (n *Node) listComments(r *request) (any, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	i, err := n.issue(r)
	if err != nil {
		return nil, err
	}
	newestFirst := func(c numberedComment) string { return fmt.Sprintf("%010d", math.MaxInt32-c.number) }
	page, next, err := cut(n.pages, r, slices.Clone(i.comments), newestFirst)
	if err != nil {
		return nil, err
	}
	out := api.ListCommentsResponse{NextPageToken: next}
	for _, c := range page {
		out.Comments = append(out.Comments, c.Comment)
	}
	return out, nil
}
