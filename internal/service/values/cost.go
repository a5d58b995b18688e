package values

import (
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cost"
)

// CostOf says what a cost is an estimate of, for descriptions.
const CostOf = "Estimate at list price, from a dated table in the provider: the clouds are not asked. What the table does not hold is null, never 0."

// costField is an attribute of a cost: of the whole, or of an end.
type costField struct {
	name, description string
	kind              attr.Type
}

// sums are what a link and an end both have.
func sums(of string) []costField {
	return []costField{
		{"hourly", fmt.Sprintf("Price of an hour%s.", of), types.NumberType},
		{"monthly", fmt.Sprintf("Price of a month of 730 hours%s.", of), types.NumberType},
	}
}

// whole are a cost's own attributes, ends those of each end.
func whole() []costField {
	return append(sums(" of all ends given; null where one of them is unknown"),
		costField{"currency", "Currency of all amounts: `USD`.", types.StringType},
		costField{"excludes", "What is not in the amounts.", types.StringType})
}

func ends() []costField {
	return append(sums("; null where it is unknown"),
		costField{"basis", "What the price stands on: AWS's distance tier or free tier, Google's transport location; or what it is that has no known price.", types.StringType},
		costField{"source", "Address that the price is from.", types.StringType},
		costField{"as_of", "Day, or month, of the price.", types.StringType})
}

// costEnds are the ends that a cost has, with their descriptions.
func costEnds() map[string]string {
	return map[string]string{
		"aws":    "The AWS end, at the distance tier that AWS reports; at tier 1, the local one, until it does. Null where the end is not given.",
		"google": "The Google end. Null where it is not given.",
	}
}

// CostResource is the attribute of a resource.
func CostResource(description string) resource.SingleNestedAttribute {
	fields := func(of []costField) map[string]resource.Attribute {
		all := map[string]resource.Attribute{}
		for _, f := range of {
			all[f.name] = resource.StringAttribute{Computed: true, MarkdownDescription: f.description}
			if f.kind == types.NumberType {
				all[f.name] = resource.NumberAttribute{Computed: true, MarkdownDescription: f.description}
			}
		}
		return all
	}
	all := fields(whole())
	for name, text := range costEnds() {
		all[name] = resource.SingleNestedAttribute{Computed: true, MarkdownDescription: text, Attributes: fields(ends())}
	}
	return resource.SingleNestedAttribute{Computed: true, MarkdownDescription: description, Attributes: all}
}

// CostDataSource is the attribute of a data source.
func CostDataSource(description string) datasource.SingleNestedAttribute {
	fields := func(of []costField) map[string]datasource.Attribute {
		all := map[string]datasource.Attribute{}
		for _, f := range of {
			all[f.name] = datasource.StringAttribute{Computed: true, MarkdownDescription: f.description}
			if f.kind == types.NumberType {
				all[f.name] = datasource.NumberAttribute{Computed: true, MarkdownDescription: f.description}
			}
		}
		return all
	}
	all := fields(whole())
	for name, text := range costEnds() {
		all[name] = datasource.SingleNestedAttribute{Computed: true, MarkdownDescription: text, Attributes: fields(ends())}
	}
	return datasource.SingleNestedAttribute{Computed: true, MarkdownDescription: description, Attributes: all}
}

// CostType is the type of the attribute, and endType that of an end in it.
func CostType() map[string]attr.Type {
	all := kinds(whole())
	for name := range costEnds() {
		all[name] = types.ObjectType{AttrTypes: kinds(ends())}
	}
	return all
}

func kinds(of []costField) map[string]attr.Type {
	all := map[string]attr.Type{}
	for _, f := range of {
		all[f.name] = f.kind
	}
	return all
}

// NewCost is the value of what a link costs.
func NewCost(l cost.Link) types.Object {
	return types.ObjectValueMust(CostType(), map[string]attr.Value{
		"hourly": NewAmount(l.Hourly), "monthly": NewAmount(l.Monthly),
		"currency": Text(l.Currency), "excludes": Text(l.Excludes),
		"aws": estimate(l.AWS), "google": estimate(l.Google),
	})
}

func estimate(e *cost.Estimate) types.Object {
	if e == nil {
		return types.ObjectNull(kinds(ends()))
	}
	return types.ObjectValueMust(kinds(ends()), map[string]attr.Value{
		"hourly": NewAmount(e.Hourly), "monthly": NewAmount(e.Monthly),
		"basis": Text(e.Basis), "source": Text(e.Source), "as_of": Text(e.AsOf),
	})
}

// amountPrecision is that of an engine's numbers. An amount of less would be
// another number than the one that the engine has read from its state.
const amountPrecision = 512

// NewAmount is an amount as a number; null where it is not known.
func NewAmount(a *cost.Amount) types.Number {
	if a == nil {
		return types.NumberNull()
	}
	n, _, err := big.ParseFloat(a.String(), 10, amountPrecision, big.ToNearestEven)
	if err != nil {
		return types.NumberNull()
	}
	return types.NumberValue(n)
}
