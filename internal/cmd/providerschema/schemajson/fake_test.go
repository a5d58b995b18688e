package schemajson_test

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	ephemeralschema "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// fake is a provider that uses every feature a schema can have.
type fake struct{}

func (fake) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "fake"
}

func (fake) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerschema.Schema{
		MarkdownDescription: "A *fake* provider.",
		Attributes: map[string]providerschema.Attribute{
			"token": providerschema.StringAttribute{Optional: true, Sensitive: true, Description: "What opens the door."},
			"endpoints": providerschema.SingleNestedAttribute{
				Optional: true,
				Attributes: map[string]providerschema.Attribute{
					"door": providerschema.StringAttribute{Optional: true, MarkdownDescription: "URL of the `door`."},
				},
			},
		},
	}
}

func (fake) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (fake) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return house{} }}
}

func (fake) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return street{} }}
}

func (fake) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return key{} }}
}

func (fake) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{func() list.ListResource { return houses{} }}
}

func (fake) Actions(context.Context) []func() action.Action {
	return []func() action.Action{func() action.Action { return ring{} }}
}

func (fake) Functions(context.Context) []func() function.Function {
	return []func() function.Function{func() function.Function { return address{} }}
}

// house is a resource with every kind of attribute and block, and an identity.
type house struct{}

func (house) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_house"
}

func (house) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	room := schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{Required: true, Description: "What it is called."},
		"area": schema.Float64Attribute{Computed: true},
	}}
	resp.Schema = schema.Schema{
		Version:             3,
		MarkdownDescription: "A house with <rooms> & more.",
		DeprecationMessage:  "Build a tower.",
		Attributes: map[string]schema.Attribute{
			"id":     schema.StringAttribute{Computed: true, MarkdownDescription: "The house's `id`."},
			"floors": schema.Int64Attribute{Required: true},
			"sold":   schema.BoolAttribute{Optional: true, Computed: true},
			"alarm":  schema.StringAttribute{Optional: true, WriteOnly: true, Sensitive: true},
			"colour": schema.StringAttribute{Optional: true, DeprecationMessage: "Use paint."},
			"tags":   schema.MapAttribute{Optional: true, ElementType: types.StringType},
			"names":  schema.SetAttribute{Optional: true, ElementType: types.StringType},
			"grid":   schema.ListAttribute{Computed: true, ElementType: types.ListType{ElemType: types.NumberType}},
			"at": schema.ObjectAttribute{Computed: true, AttributeTypes: map[string]attr.Type{
				"x": types.NumberType, "y": types.NumberType,
			}},
			"extra":    schema.DynamicAttribute{Optional: true},
			"hall":     schema.SingleNestedAttribute{Optional: true, Attributes: room.Attributes},
			"rooms":    schema.ListNestedAttribute{Optional: true, NestedObject: room},
			"cellars":  schema.SetNestedAttribute{Optional: true, NestedObject: room},
			"by_floor": schema.MapNestedAttribute{Computed: true, NestedObject: room},
		},
		Blocks: map[string]schema.Block{
			"timeouts": schema.SingleNestedBlock{
				Description: "How long to wait.",
				Attributes:  map[string]schema.Attribute{"create": schema.StringAttribute{Optional: true}},
			},
			"window": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{
				Attributes: map[string]schema.Attribute{"open": schema.BoolAttribute{Optional: true}},
				Blocks: map[string]schema.Block{
					"shutter": schema.SetNestedBlock{NestedObject: schema.NestedBlockObject{
						Attributes: map[string]schema.Attribute{"side": schema.StringAttribute{Required: true}},
					}},
				},
			}},
		},
	}
}

func (house) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Version: 1,
		Attributes: map[string]identityschema.Attribute{
			"number": identityschema.Int64Attribute{RequiredForImport: true, Description: "Number on the door."},
			"street": identityschema.ListAttribute{OptionalForImport: true, ElementType: types.StringType},
		},
	}
}

func (house) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}
func (house) Read(context.Context, resource.ReadRequest, *resource.ReadResponse)       {}
func (house) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}
func (house) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// houses lists every house.
type houses struct{}

func (houses) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_house"
}

func (houses) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = listschema.Schema{
		Description: "Houses of a street.",
		Attributes:  map[string]listschema.Attribute{"street": listschema.StringAttribute{Required: true}},
	}
}

func (houses) List(_ context.Context, _ list.ListRequest, stream *list.ListResultsStream) {
	stream.Results = list.NoListResults
}

// street is a data source.
type street struct{}

func (street) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_street"
}

func (street) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = datasourceschema.Schema{
		Description: "A street.",
		Attributes: map[string]datasourceschema.Attribute{
			"name":    datasourceschema.StringAttribute{Required: true},
			"numbers": datasourceschema.ListAttribute{Computed: true, ElementType: types.Int64Type},
		},
	}
}

func (street) Read(context.Context, datasource.ReadRequest, *datasource.ReadResponse) {}

// key is an ephemeral resource.
type key struct{}

func (key) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_key"
}

func (key) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = ephemeralschema.Schema{
		Description: "The key of a house.",
		Attributes: map[string]ephemeralschema.Attribute{
			"house": ephemeralschema.StringAttribute{Required: true},
			"value": ephemeralschema.StringAttribute{Computed: true, Sensitive: true},
		},
	}
}

func (key) Open(context.Context, ephemeral.OpenRequest, *ephemeral.OpenResponse) {}

// ring is an action.
type ring struct{}

func (ring) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_ring"
}

func (ring) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = actionschema.Schema{
		MarkdownDescription: "Rings the bell.",
		Attributes:          map[string]actionschema.Attribute{"times": actionschema.Int64Attribute{Optional: true}},
	}
}

func (ring) Invoke(context.Context, action.InvokeRequest, *action.InvokeResponse) {}

// address is a function with every kind of parameter.
type address struct{}

func (address) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "address"
}

func (address) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "Write an address",
		MarkdownDescription: "Writes `street` and numbers as one line.",
		DeprecationMessage:  "Use a map.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "street", Description: "The street.", AllowNullValue: true},
			function.MapParameter{Name: "more", ElementType: types.BoolType},
		},
		VariadicParameter: function.NumberParameter{Name: "numbers", Description: "Numbers on doors."},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"line": types.StringType,
		}},
	}
}

func (address) Run(context.Context, function.RunRequest, *function.RunResponse) {}
