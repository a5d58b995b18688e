package aws

import (
	"maps"
	"slices"
)

// fields is something of EC2 as its API writes it.
func (c *Cloud) fields(n *network) document {
	doc := map[networkKind]func() document{
		kindVPC:            n.vpcFields,
		kindRouteTable:     func() document { return n.routeTableFields(c.propagated(n)) },
		kindVPNGateway:     n.vpnGatewayFields,
		kindTransitGateway: n.transitGatewayFields,
		kindAttachment:     n.attachmentFields,
	}[n.Kind]()
	tags := make([]any, 0, len(n.Tags))
	for _, key := range slices.Sorted(maps.Keys(n.Tags)) {
		tags = append(tags, document{"key": key, "value": n.Tags[key]})
	}
	doc["tagSet"] = tags
	return doc
}

func (n *network) vpcFields() document {
	return document{
		"vpcId":           n.ID,
		"ownerId":         n.Account,
		"state":           string(n.State),
		"cidrBlock":       n.CIDR,
		"instanceTenancy": "default",
		"isDefault":       false,
		"cidrBlockAssociationSet": []any{document{
			"associationId":  "vpc-cidr-assoc-" + n.ID[len("vpc-"):],
			"cidrBlock":      n.CIDR,
			"cidrBlockState": document{"state": "associated"},
		}},
	}
}

// routeTableFields is a VPC's main route table with the VPC's own route and
// those that gateways propagate.
func (n *network) routeTableFields(propagated []any) document {
	gateways := make([]any, 0, len(n.Propagating))
	for _, id := range n.Propagating {
		gateways = append(gateways, document{"gatewayId": id})
	}
	return document{
		"routeTableId":      n.ID,
		"vpcId":             n.VPC,
		"ownerId":           n.Account,
		"propagatingVgwSet": gateways,
		"routeSet": append([]any{document{
			"destinationCidrBlock": n.CIDR, "gatewayId": "local", "state": "active", "origin": "CreateRouteTable"}}, propagated...),
		"associationSet": []any{document{
			"routeTableAssociationId": "rtbassoc-" + n.ID[len("rtb-"):],
			"routeTableId":            n.ID,
			"main":                    true,
			"associationState":        document{"state": "associated"},
		}},
	}
}

func (n *network) vpnGatewayFields() document {
	attachments := []any{}
	if n.VPC != "" {
		attachments = append(attachments, vpcAttachment(n))
	}
	return document{
		"vpnGatewayId":  n.ID,
		"state":         string(n.State),
		"type":          vpnGatewayType,
		"amazonSideAsn": n.ASN,
		"attachments":   attachments,
	}
}

// vpcAttachment is a VpcAttachment.
func vpcAttachment(n *network) document {
	return document{"vpcId": n.VPC, "state": string(n.Attached)}
}

func (n *network) transitGatewayFields() document {
	return document{
		"transitGatewayId":  n.ID,
		"transitGatewayArn": "arn:aws:ec2:" + n.Region + ":" + n.Account + ":transit-gateway/" + n.ID,
		"ownerId":           n.Account,
		"state":             string(n.State),
		"description":       n.Description,
		"options": document{
			"amazonSideAsn":                  n.ASN,
			"associationDefaultRouteTableId": n.routeTable(),
			"propagationDefaultRouteTableId": n.routeTable(),
			"autoAcceptSharedAttachments":    "disable",
			"defaultRouteTableAssociation":   "enable",
			"defaultRouteTablePropagation":   "enable",
			"dnsSupport":                     "enable",
			"multicastSupport":               "disable",
			"vpnEcmpSupport":                 "enable",
		},
	}
}

func (n *network) attachmentFields() document {
	return document{
		"transitGatewayAttachmentId": n.ID,
		"transitGatewayId":           n.TransitGateway,
		"vpcId":                      n.VPC,
		"vpcOwnerId":                 n.Account,
		"state":                      string(n.State),
		"subnetIds":                  anyList(n.Subnets),
		"options":                    document{"applianceModeSupport": "disable", "dnsSupport": "enable", "ipv6Support": "disable"},
	}
}
