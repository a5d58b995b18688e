package aws

import (
	"fmt"
	"math"
	"regexp"
)

// The string shapes of Direct Connect (its service model).
var (
	dxTagPattern    = regexp.MustCompile(`^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`)
	dxTagKeyShape   = stringShape{least: 1, most: 128, pattern: dxTagPattern}
	dxTagValueShape = stringShape{most: 256, pattern: dxTagPattern}
	dxNameShape     = stringShape{least: 1, most: 100}
)

// dxTag is a Tag.
type dxTag struct{ key, value string }

// readDXTags reads a TagList.
func readDXTags(r *reader) []dxTag {
	var tags []dxTag
	for i, item := range r.list("tags") {
		path := fmt.Sprintf("%s.%d.member", r.at("tags"), i+1)
		doc, ok := item.(document)
		if !ok {
			r.wrongType(path, "a structure")
			continue
		}
		t := &reader{doc: doc, path: path, findings: r.findings}
		tag := dxTag{key: t.required("key", dxTagKeyShape)}
		if v := t.optional("value", dxTagValueShape); v != nil {
			tag.value = *v
		}
		if reservedTag(tag.key) {
			r.violated(path+".key", `Member must not begin with "aws:"`)
		}
		tags = append(tags, tag)
	}
	return tags
}

// readDXPage reads a page; more than 100 results are never returned (Direct
// Connect API reference).
func readDXPage(r *reader) page {
	p := page{limit: defaultPage}
	if n := r.integer("maxResults", 1, math.MaxInt32); n != nil {
		p.limit = min(int(*n), defaultPage)
	}
	if t := r.optional("nextToken", anyString); t != nil {
		p.token = *t
	}
	return p
}

type createGatewayInput struct {
	name string
	asn  *int64
	tags []dxTag
}

func readCreateGateway(r *reader) createGatewayInput {
	return createGatewayInput{
		name: r.required("directConnectGatewayName", dxNameShape),
		asn:  r.integer("amazonSideAsn", 0, math.MaxInt64),
		tags: readDXTags(r),
	}
}

type describeGatewaysInput struct {
	id   *string
	page page
}

func readDescribeGateways(r *reader) describeGatewaysInput {
	return describeGatewaysInput{id: r.optional("directConnectGatewayId", anyString), page: readDXPage(r)}
}

type updateGatewayInput struct{ id, name string }

func (in updateGatewayInput) resource() string { return in.id }

func readUpdateGateway(r *reader) updateGatewayInput {
	return updateGatewayInput{
		id:   r.required("directConnectGatewayId", anyString),
		name: r.required("newDirectConnectGatewayName", dxNameShape),
	}
}

type deleteGatewayInput struct{ id string }

func (in deleteGatewayInput) resource() string { return in.id }

func readDeleteGateway(r *reader) deleteGatewayInput {
	return deleteGatewayInput{id: r.required("directConnectGatewayId", anyString)}
}

type describeTagsInput struct{ arns []string }

func readDescribeTags(r *reader) describeTagsInput {
	r.need("resourceArns")
	return describeTagsInput{arns: r.strings("resourceArns", anyString)}
}

type tagGatewayInput struct {
	arn  string
	tags []dxTag
}

func (in tagGatewayInput) resource() string { return in.arn }

func readTagGateway(r *reader) tagGatewayInput {
	r.need("tags")
	return tagGatewayInput{arn: r.required("resourceArn", anyString), tags: readDXTags(r)}
}

type untagGatewayInput struct {
	arn  string
	keys []string
}

func (in untagGatewayInput) resource() string { return in.arn }

func readUntagGateway(r *reader) untagGatewayInput {
	r.need("tagKeys")
	return untagGatewayInput{arn: r.required("resourceArn", anyString), keys: r.strings("tagKeys", dxTagKeyShape)}
}
