package awsend

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// AttachPoint is something of the account that a connection of an environment
// can be attached to.
type AttachPoint struct {
	// ID of it: of a Direct Connect gateway, its UUID.
	ID string
	// Name that its owner gave it.
	Name string
	// Type of it: "DirectConnectGateway".
	Type string
}

// AttachPoints are what a connection of an environment can be attached to, in
// AWS's order. Errors are *cloud.Error.
func (a *Account) AttachPoints(ctx context.Context, region, environment string) ([]AttachPoint, error) {
	r, err := a.region(ctx, region)
	if err != nil {
		return nil, err
	}
	return r.attachPoints(ctx, environment)
}

func (r *region) attachPoints(ctx context.Context, environment string) ([]AttachPoint, error) {
	found, err := pages(ctx, interconnect.NewListAttachPointsPaginator(r.interconnect, &interconnect.ListAttachPointsInput{EnvironmentId: &environment}),
		func(out *interconnect.ListAttachPointsOutput) []types.AttachPointDescriptor { return out.AttachPoints })
	if err != nil {
		return nil, translate(ctx, "list the attach points of", environment, err)
	}
	points := make([]AttachPoint, len(found))
	for i, p := range found {
		points[i] = AttachPoint{ID: aws.ToString(p.Identifier), Name: aws.ToString(p.Name), Type: string(p.Type)}
	}
	return points, nil
}
