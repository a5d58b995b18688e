package aws

import (
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// The string shapes of EC2 (EC2 API reference).
var (
	numberShape = stringShape{least: 1, most: 19, pattern: regexp.MustCompile(`^[0-9]+$`)}
	subnetShape = stringShape{pattern: regexp.MustCompile(`^subnet-[0-9a-f]{8,17}$`)}
)

// formNumber is a whole number in a form, which may be left out.
func (r *reader) formNumber(name string, least, most int64) *int64 {
	text := r.optional(name, numberShape)
	if text == nil {
		return nil
	}
	n, err := strconv.ParseInt(*text, 10, 64)
	if err != nil || n < least || n > most {
		r.violated(r.at(name), fmt.Sprintf("Member must be between %d and %d", least, most))
		return nil
	}
	return &n
}

func formatNumber(n int64) string { return strconv.FormatInt(n, 10) }

// readSpecifiedTags reads the tags that a request gives to what it makes, under
// either name that the API has for them.
func readSpecifiedTags(r *reader, name string) map[string]string {
	tags := map[string]string{}
	for i, item := range r.list(name) {
		path := fmt.Sprintf("%s.%d", r.at(name), i+1)
		doc, ok := item.(document)
		if !ok {
			r.wrongType(path, "a structure")
			continue
		}
		spec := &reader{doc: doc, path: path, findings: r.findings}
		for j, item := range spec.list("Tag") {
			path := fmt.Sprintf("%s.Tag.%d", path, j+1)
			doc, ok := item.(document)
			if !ok {
				r.wrongType(path, "a structure")
				continue
			}
			t := &reader{doc: doc, path: path, findings: r.findings}
			key := t.required("Key", tagKeyShape)
			if value := t.optional("Value", tagValueShape); value != nil {
				tags[key] = *value
			} else {
				tags[key] = ""
			}
			if reservedTag(key) {
				r.violated(path+".Key", `Member must not begin with "aws:"`)
			}
		}
	}
	return tags
}

// ec2Filter is one of a request's filters: an attribute has one of the values.
type ec2Filter struct {
	name   string
	values []string
}

type describeNetworksInput struct {
	ids     []string
	filters []ec2Filter
	page    page
}

// readDescribeNetworks reads what every Describe operation takes; ids is what
// the operation calls its list of ids.
func readDescribeNetworks(ids string) func(*reader) describeNetworksInput {
	return func(r *reader) describeNetworksInput {
		in := describeNetworksInput{ids: r.strings(ids, anyString), page: page{limit: math.MaxInt, token: r.text("NextToken")}}
		if n := r.formNumber("MaxResults", 5, 1000); n != nil {
			in.page.limit = int(*n)
		}
		for i, item := range r.list("Filter") {
			path := fmt.Sprintf("%s.%d", r.at("Filter"), i+1)
			doc, ok := item.(document)
			if !ok {
				r.wrongType(path, "a structure")
				continue
			}
			f := &reader{doc: doc, path: path, findings: r.findings}
			in.filters = append(in.filters, ec2Filter{name: f.required("Name", anyString), values: f.strings("Value", anyString)})
		}
		return in
	}
}

func (in describeNetworksInput) scope() string {
	parts := append([]string{strings.Join(in.ids, ",")}, strconv.Itoa(len(in.filters)))
	for _, f := range in.filters {
		parts = append(parts, textScope(&f.name), strings.Join(f.values, "\x1e"))
	}
	return pageScope(parts...)
}

type createVPCInput struct {
	cidr string
	tags map[string]string
}

// readCreateVPC reads a VPC: its range is a network of IPv4 between /16 and /28
// (EC2 API reference).
func readCreateVPC(r *reader) createVPCInput {
	in := createVPCInput{cidr: r.required("CidrBlock", anyString), tags: readSpecifiedTags(r, "TagSpecification")}
	if prefix, err := netip.ParsePrefix(in.cidr); err == nil {
		in.cidr = prefix.Masked().String()
	}
	return in
}

// networkInput names one thing of EC2.
type networkInput struct{ id string }

func (in networkInput) resource() string { return in.id }

func readNetwork(name string) func(*reader) networkInput {
	return func(r *reader) networkInput { return networkInput{id: r.required(name, anyString)} }
}

// pairInput names two things of EC2.
type pairInput struct{ first, second string }

func (in pairInput) resource() string { return in.first }

func readPair(first, second string) func(*reader) pairInput {
	return func(r *reader) pairInput {
		return pairInput{first: r.required(first, anyString), second: r.required(second, anyString)}
	}
}

type createVPNGatewayInput struct {
	kind string
	asn  *int64
	tags map[string]string
}

func readCreateVPNGateway(r *reader) createVPNGatewayInput {
	return createVPNGatewayInput{
		kind: r.required("Type", stringShape{oneOf: []string{vpnGatewayType}}),
		asn:  r.formNumber("AmazonSideAsn", 0, math.MaxInt64),
		tags: readSpecifiedTags(r, "TagSpecification"),
	}
}

type createTransitGatewayInput struct {
	description string
	asn         *int64
	tags        map[string]string
}

func readCreateTransitGateway(r *reader) createTransitGatewayInput {
	in := createTransitGatewayInput{description: r.text("Description"), tags: readSpecifiedTags(r, "TagSpecification")}
	if options := r.structure("Options"); options != nil {
		in.asn = options.formNumber("AmazonSideAsn", 0, math.MaxInt64)
	}
	return in
}

type createAttachmentInput struct {
	transitGateway, vpc string
	subnets             []string
	tags                map[string]string
}

func (in createAttachmentInput) resource() string { return in.transitGateway }

// readCreateAttachment reads an attachment. This cloud has no subnets: any
// well-formed id is taken for one.
func readCreateAttachment(r *reader) createAttachmentInput {
	r.need("SubnetIds")
	return createAttachmentInput{
		transitGateway: r.required("TransitGatewayId", anyString),
		vpc:            r.required("VpcId", anyString),
		subnets:        r.strings("SubnetIds", subnetShape),
		tags:           readSpecifiedTags(r, "TagSpecifications"),
	}
}
