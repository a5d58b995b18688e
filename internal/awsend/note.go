package awsend

import (
	"context"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

var _ link.Rememberer = (*End)(nil)

// Remember notes a bandwidth in a tag of the connection; 0 removes the tag.
func (e *End) Remember(ctx context.Context, ref link.Ref, b bandwidth.Bandwidth) error {
	o, err := e.Observe(ctx, ref)
	if err != nil {
		return err
	}
	d, ok := o.Detail.(*Detail)
	if !ok || o.State.Gone() || o.Remembered == b {
		return nil
	}
	r, err := e.region(ctx)
	if err != nil {
		return err
	}
	if b == 0 {
		_, err = r.interconnect.UntagResource(ctx, &interconnect.UntagResourceInput{Arn: &d.ARN, TagKeys: []string{TagPrevious}})
		return translate(ctx, "remove the note of the earlier bandwidth of", o.ID, err)
	}
	_, err = r.interconnect.TagResource(ctx, &interconnect.TagResourceInput{Arn: &d.ARN, Tags: map[string]string{TagPrevious: b.String()}})
	return translate(ctx, "note the earlier bandwidth of", o.ID, err)
}
