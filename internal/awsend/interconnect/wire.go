package interconnect

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/aws/smithy-go/middleware"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// The wire structs are the structures of the AWS service model as JSON. Members
// that the service adds later are skipped.

type connectionWire struct {
	connectionSummaryWire
	OwnerAccount  *string           `json:"ownerAccount"`
	ActivationKey *string           `json:"activationKey"`
	Tags          map[string]string `json:"tags"`
}

type connectionSummaryWire struct {
	ID            *string               `json:"id"`
	ARN           *string               `json:"arn"`
	Description   *string               `json:"description"`
	Bandwidth     *string               `json:"bandwidth"`
	AttachPoint   unionFromWire         `json:"attachPoint"`
	EnvironmentID *string               `json:"environmentId"`
	Provider      unionFromWire         `json:"provider"`
	Location      *string               `json:"location"`
	Type          *string               `json:"type"`
	State         types.ConnectionState `json:"state"`
	SharedID      *string               `json:"sharedId"`
	BillingTier   *int32                `json:"billingTier"`
}

type environmentWire struct {
	Provider             unionFromWire                     `json:"provider"`
	Location             *string                           `json:"location"`
	EnvironmentID        *string                           `json:"environmentId"`
	State                types.EnvironmentState            `json:"state"`
	Bandwidths           *bandwidthsWire                   `json:"bandwidths"`
	Type                 *string                           `json:"type"`
	ActivationPageURL    *string                           `json:"activationPageUrl"`
	RemoteIdentifierType types.RemoteAccountIdentifierType `json:"remoteIdentifierType"`
}

type bandwidthsWire struct {
	Available []string `json:"available"`
	Supported []string `json:"supported"`
}

type attachPointDescriptorWire struct {
	Type       types.AttachPointType `json:"type"`
	Identifier *string               `json:"identifier"`
	Name       *string               `json:"name"`
}

// pageWire is what the input of every list has.
type pageWire struct {
	MaxResults *int32  `json:"maxResults,omitzero"`
	NextToken  *string `json:"nextToken,omitzero"`
}

// bodyFromWire reads a body into a wire struct. An empty body is an empty object.
func bodyFromWire[W any](body []byte) (*W, error) {
	wire := new(W)
	if len(bytes.TrimSpace(body)) == 0 {
		return wire, nil
	}
	if err := json.Unmarshal(body, wire); err != nil {
		return nil, err
	}
	return wire, nil
}

// noMembers reads the body of an output that has no members.
func noMembers[Out any](body []byte) (*Out, error) {
	if _, err := bodyFromWire[struct{}](body); err != nil {
		return nil, err
	}
	return new(Out), nil
}

// connectionOutput is what the outputs of five operations are: a connection.
type connectionOutput struct {
	Connection     *types.Connection
	ResultMetadata middleware.Metadata
}

func connectionOutputFromWire[Out ~struct {
	Connection     *types.Connection
	ResultMetadata middleware.Metadata
}](body []byte) (*Out, error) {
	wire, err := bodyFromWire[struct {
		Connection *connectionWire `json:"connection"`
	}](body)
	if err != nil {
		return nil, err
	}
	var out connectionOutput
	if wire.Connection != nil {
		if out.Connection, err = wire.Connection.fromWire(); err != nil {
			return nil, fmt.Errorf("connection: %w", err)
		}
	}
	return new(Out(out)), nil
}

func (w *connectionWire) fromWire() (*types.Connection, error) {
	summary, err := w.connectionSummaryWire.fromWire()
	if err != nil {
		return nil, err
	}
	return &types.Connection{
		ActivationKey: w.ActivationKey,
		Arn:           summary.Arn,
		AttachPoint:   summary.AttachPoint,
		Bandwidth:     summary.Bandwidth,
		BillingTier:   summary.BillingTier,
		Description:   summary.Description,
		EnvironmentId: summary.EnvironmentId,
		Id:            summary.Id,
		Location:      summary.Location,
		OwnerAccount:  w.OwnerAccount,
		Provider:      summary.Provider,
		SharedId:      summary.SharedId,
		State:         summary.State,
		Tags:          w.Tags,
		Type:          summary.Type,
	}, nil
}

func (w connectionSummaryWire) fromWire() (types.ConnectionSummary, error) {
	attachPoint, err := attachPointFromWire(w.AttachPoint)
	if err != nil {
		return types.ConnectionSummary{}, err
	}
	provider, err := providerFromWire(w.Provider)
	if err != nil {
		return types.ConnectionSummary{}, err
	}
	return types.ConnectionSummary{
		Arn:           w.ARN,
		AttachPoint:   attachPoint,
		Bandwidth:     w.Bandwidth,
		BillingTier:   w.BillingTier,
		Description:   w.Description,
		EnvironmentId: w.EnvironmentID,
		Id:            w.ID,
		Location:      w.Location,
		Provider:      provider,
		SharedId:      w.SharedID,
		State:         w.State,
		Type:          w.Type,
	}, nil
}

func (w environmentWire) fromWire() (types.Environment, error) {
	provider, err := providerFromWire(w.Provider)
	if err != nil {
		return types.Environment{}, err
	}
	environment := types.Environment{
		ActivationPageUrl:    w.ActivationPageURL,
		EnvironmentId:        w.EnvironmentID,
		Location:             w.Location,
		Provider:             provider,
		RemoteIdentifierType: w.RemoteIdentifierType,
		State:                w.State,
		Type:                 w.Type,
	}
	if w.Bandwidths != nil {
		environment.Bandwidths = &types.Bandwidths{
			Available: w.Bandwidths.Available,
			Supported: w.Bandwidths.Supported,
		}
	}
	return environment, nil
}

// The error is what listFromWire asks of every member.
//
//nolint:unparam // see above
func (w attachPointDescriptorWire) fromWire() (types.AttachPointDescriptor, error) {
	return types.AttachPointDescriptor{Identifier: w.Identifier, Name: w.Name, Type: w.Type}, nil
}

// listFromWire reads the members of a list. A list that is not there stays nil.
func listFromWire[W interface{ fromWire() (T, error) }, T any](name string, wire []W) ([]T, error) {
	if wire == nil {
		return nil, nil
	}
	list := make([]T, 0, len(wire))
	for i, w := range wire {
		item, err := w.fromWire()
		if err != nil {
			return nil, fmt.Errorf("%s[%d]: %w", name, i, err)
		}
		list = append(list, item)
	}
	return list, nil
}
