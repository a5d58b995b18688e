package awsend

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Drift compares description, tags, our marker, gateway and region. AWS sets the
// shared id itself, so it is not the end's to keep.
func (e *End) Drift(o link.Observation, _ string) []link.Drift {
	d, ok := o.Detail.(*Detail)
	if !ok || o.State.Gone() {
		return nil
	}
	var drifts []link.Drift
	add := func(field, want, got string, inPlace bool) {
		drifts = append(drifts, link.Drift{Field: field, Want: want, Got: got, InPlace: inPlace})
	}
	if want := e.config.Region; want != "" && want != o.Site.Region {
		add("region", want, o.Site.Region, false)
	}
	if want := e.config.GatewayID; want != "" && d.GatewayID != "" && !sameGateway(want, d.GatewayID) {
		add("direct_connect_gateway_id", want, d.GatewayID, false)
	}
	if want := e.config.description(); want != d.Description {
		add("description", want, d.Description, true)
	}
	set, remove := e.tagChanges(o, d)
	before := actualTags(o, d)
	for _, k := range slices.Sorted(maps.Keys(set)) {
		add("tags."+k, set[k], before[k], true)
	}
	for _, k := range remove {
		add("tags."+k, "", before[k], true)
	}
	return drifts
}

// Amend changes the description and our tags where they differ, and reads the
// connection again.
func (e *End) Amend(ctx context.Context, o link.Observation, _ string, _ link.Attempt) (link.Observation, error) {
	d, ok := o.Detail.(*Detail)
	if !ok || o.Partial {
		read, err := e.Observe(ctx, o.Ref)
		if err != nil {
			return o, err
		}
		if d, ok = read.Detail.(*Detail); !ok {
			return read, &cloud.Error{
				Kind: cloud.NotFound, End: endName, Attempt: "change the connection", Object: o.ID,
				Message: "the connection does not exist", Remedy: "Apply again: the plan replaces the link.",
			}
		}
		o = read
	}
	if want := e.config.description(); want != d.Description {
		if _, err := e.update(ctx, "change the description of", o.Ref, &interconnect.UpdateConnectionInput{Description: &want}); err != nil {
			return o, err
		}
	}
	if err := e.amendTags(ctx, o, d); err != nil {
		return o, err
	}
	return e.Observe(ctx, o.Ref)
}

// amendTags sets and removes tags where they differ.
func (e *End) amendTags(ctx context.Context, o link.Observation, d *Detail) error {
	set, remove := e.tagChanges(o, d)
	r, err := e.region(ctx)
	if err != nil {
		return err
	}
	if len(set) > 0 {
		_, err := r.interconnect.TagResource(ctx, &interconnect.TagResourceInput{Arn: &d.ARN, Tags: set})
		if err := translate(ctx, fmt.Sprintf("set %d tags of", len(set)), o.ID, err); err != nil {
			return err
		}
	}
	if len(remove) > 0 {
		_, err := r.interconnect.UntagResource(ctx, &interconnect.UntagResourceInput{Arn: &d.ARN, TagKeys: remove})
		if err := translate(ctx, fmt.Sprintf("remove %d tags of", len(remove)), o.ID, err); err != nil {
			return err
		}
	}
	return nil
}

// actualTags are all tags of the connection that can be ours, markers included.
func actualTags(o link.Observation, d *Detail) map[string]string {
	tags := maps.Clone(d.Foreign)
	if tags == nil {
		tags = map[string]string{}
	}
	maps.Copy(tags, d.Tags)
	if o.Mark.Name != "" {
		tags[TagLink] = o.Mark.Name
	}
	if o.Mark.Owner != "" {
		tags[TagOwner] = o.Mark.Owner
	}
	return tags
}

// tagChanges are the tags to set and the keys to remove, in order. Only retired
// keys are removed: which other tags are whose, nobody can tell.
func (e *End) tagChanges(o link.Observation, d *Detail) (set map[string]string, remove []string) {
	actual := actualTags(o, d)
	set = map[string]string{}
	want := e.config.withMark(link.Marker{Name: e.config.Name, Owner: e.config.Owner})
	for k, v := range want {
		if got, there := actual[k]; !there || got != v {
			set[k] = v
		}
	}
	for _, k := range e.config.Retired {
		_, wanted := want[k]
		if _, there := actual[k]; there && !wanted && k != TagLink && k != TagOwner {
			remove = append(remove, k)
		}
	}
	slices.Sort(remove)
	return set, slices.Compact(remove)
}
