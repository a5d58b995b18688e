package awsend

import (
	"context"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// tagAttachment begins the key of the tag, on the link's connection, that says
// whose the association with a gateway is: associations carry no tags. The
// gateway's id follows; the value is the attachment's name and, after a space,
// the owner.
const tagAttachment = ownPrefix + "attachment:"

// attachmentValue is the value of a marking tag.
func attachmentValue(m link.Marker) string { return strings.TrimSuffix(m.Name+" "+m.Owner, " ") }

// attachmentMark reads it.
func attachmentMark(value string) link.Marker {
	name, owner, _ := strings.Cut(value, " ")
	return link.Marker{Name: name, Owner: owner}
}

// tagsOf are a connection's tags; none where there is no such connection.
func (r *region) tagsOf(ctx context.Context, arn string) (map[string]string, error) {
	_, _, id, err := ParseARN(arn)
	if err != nil {
		return nil, &cloud.Error{Kind: cloud.Invalid, End: endName, Attempt: "read the connection", Object: arn, Message: err.Error()}
	}
	out, err := r.interconnect.GetConnection(ctx, &interconnect.GetConnectionInput{Identifier: &id})
	switch err = translate(ctx, "read the connection", id, err); {
	case cloud.IsNotFound(err):
		return map[string]string{}, nil
	case err != nil:
		return nil, err
	case out.Connection == nil:
		return nil, incomplete("read the connection", id, "the reply holds no connection")
	}
	return out.Connection.Tags, nil
}

// setMark writes on the connection that the association is about to be ours.
func (a *Association) setMark(ctx context.Context, r *region, m link.Marker) error {
	if a.config.ConnectionARN == "" {
		return nil
	}
	_, err := r.interconnect.TagResource(ctx, &interconnect.TagResourceInput{
		Arn: &a.config.ConnectionARN, Tags: map[string]string{tagAttachment + a.config.Peer: attachmentValue(m)},
	})
	return translate(ctx, "mark the connection", a.config.ConnectionARN, err)
}

// clearMark takes the mark away. It does no harm where it stays, and the
// connection may be gone, so that it does not matter if it fails.
func (a *Association) clearMark(ctx context.Context, r *region) {
	if a.config.ConnectionARN == "" {
		return
	}
	_, _ = r.interconnect.UntagResource(ctx, &interconnect.UntagResourceInput{
		Arn: &a.config.ConnectionARN, TagKeys: []string{tagAttachment + a.config.Peer},
	})
}

// Attached are the gateways that attachments of a link say to have associated,
// by attachment's name: what the marks on the connection say.
func (a *Account) Attached(ctx context.Context, regionName, arn string) (map[string]string, error) {
	r, err := a.region(ctx, regionName)
	if err != nil {
		return nil, err
	}
	tags, err := r.tagsOf(ctx, arn)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for key, value := range tags {
		if gateway, ok := strings.CutPrefix(key, tagAttachment); ok {
			found[attachmentMark(value).Name] = gateway
		}
	}
	return found, nil
}
