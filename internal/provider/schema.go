package provider

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// Patterns are made once: every process that asks for the schema makes it anew.
var (
	ownerPattern   = regexp.MustCompile(`^[A-Za-z0-9._:/=+@-]{1,128}$`)
	urlPattern     = regexp.MustCompile(`^https?://[^\s/?#@]+(/[^\s?#]*)?$`)
	rolePattern    = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/.{1,512}$`)
	sessionPattern = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)
	accountPattern = regexp.MustCompile(`^[0-9]{12}$`)
	emailPattern   = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

// Schema is the provider's configuration. All of it is optional.
func (c *crosscloud) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Private links between AWS and Google Cloud, each as one resource. Credentials of both clouds come from " +
			"where the clouds' own tools take them, unless they are given here.",
		Attributes: map[string]schema.Attribute{
			"owner": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Who owns the links, such as `acme/network/prod`: 1 to 128 letters, digits and `. _ : / = + - @`. It is written on both ends. " +
					"A link that carries it is adopted when its state was lost; without an owner, a complete link must be imported.",
				Validators: []validator.String{values.Matching(ownerPattern, "1 to 128 letters, digits and . _ : / = + - @")},
			},
			"aws":    awsSchema(),
			"google": googleSchema(),
		},
	}
}

func optional(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: validators}
}

// endpoint is an attribute that replaces the address of a service.
func endpoint(what string) schema.StringAttribute {
	return optional("Base URL of "+what+", instead of the cloud's own.",
		values.Matching(urlPattern, "a URL that begins with http:// or https://"))
}

func awsSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "How to reach AWS. What is not given comes from the AWS SDK's own chain: environment, shared configuration, SSO, web identity, container and instance roles.",
		Attributes: map[string]schema.Attribute{
			"region":  optional("Region of resources that name none. Also `AWS_REGION`.", values.AWSRegion()),
			"profile": optional("Profile of the shared configuration. Also `AWS_PROFILE`.", stringvalidator.LengthBetween(1, 255)),
			"assume_role": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Role to take on top of the credentials found.",
				Attributes: map[string]schema.Attribute{
					"role_arn": schema.StringAttribute{
						Required: true, MarkdownDescription: "ARN of the role.",
						Validators: []validator.String{values.Matching(rolePattern, "the ARN of an IAM role")},
					},
					"session_name": optional("Name of the session, as CloudTrail shows it.", values.Matching(sessionPattern, "2 to 64 letters, digits and _ + = , . @ -")),
					"external_id":  optional("External id that the role asks for.", stringvalidator.LengthBetween(2, 1224)),
					"duration": schema.StringAttribute{
						CustomType: timetypes.GoDurationType{}, Optional: true,
						MarkdownDescription: "Duration of the session, such as `1h`. Default: `15m`.",
					},
				},
			},
			"allowed_account_ids": schema.ListAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "The only AWS accounts in which anything is read or changed.",
				Validators: []validator.List{
					listvalidator.SizeAtLeast(1), listvalidator.UniqueValues(),
					listvalidator.ValueStringsAre(values.Matching(accountPattern, "an account id of 12 digits")),
				},
			},
			"default_tags": schema.MapAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "Tags of every AWS object. Tags of a resource win over them.",
				Validators:          []validator.Map{values.Tags()},
			},
			"endpoints": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Addresses of the services. Also `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_INTERCONNECT`, `AWS_ENDPOINT_URL_DIRECT_CONNECT`, `AWS_ENDPOINT_URL_EC2`, `AWS_ENDPOINT_URL_STS`.",
				Attributes: map[string]schema.Attribute{
					"interconnect":   endpoint("AWS Interconnect"),
					"direct_connect": endpoint("Direct Connect"),
					"ec2":            endpoint("EC2"),
					"sts":            endpoint("STS"),
				},
			},
		},
	}
}

func googleSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "How to reach Google Cloud. What is not given comes from the environment and from Application Default Credentials.",
		Attributes: map[string]schema.Attribute{
			"project": optional("Project of resources that name none. Also `GOOGLE_PROJECT`, `GOOGLE_CLOUD_PROJECT`.", values.Project()),
			"region":  optional("Region of resources that name none. Also `GOOGLE_REGION`.", values.GoogleRegion()),
			"credentials": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Credentials file: its path or its JSON. Also `GOOGLE_CREDENTIALS`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1), stringvalidator.ConflictsWith(path.MatchRelative().AtParent().AtName("access_token"))},
			},
			"access_token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "OAuth access token. Also `GOOGLE_OAUTH_ACCESS_TOKEN`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"impersonate_service_account": optional("Service account to act as. Also `GOOGLE_IMPERSONATE_SERVICE_ACCOUNT`.",
				values.Matching(emailPattern, "the e-mail address of a service account")),
			"default_labels": schema.MapAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "Labels of every Google object. Labels of a resource win over them.",
				Validators:          []validator.Map{values.Labels()},
			},
			"endpoints": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Addresses of the services: a base URL, with or without the version path. Also `GOOGLE_NETWORK_CONNECTIVITY_CUSTOM_ENDPOINT`, `GOOGLE_COMPUTE_CUSTOM_ENDPOINT`.",
				Attributes: map[string]schema.Attribute{
					"network_connectivity": endpoint("Network Connectivity"),
					"compute":              endpoint("Compute Engine"),
				},
			},
		},
	}
}
