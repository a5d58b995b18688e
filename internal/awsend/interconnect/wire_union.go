package interconnect

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// A union is an object of exactly one member on the wire (AWS service model,
// union). All members of this API's unions are strings.
type (
	unionToWire   map[string]string
	unionFromWire map[string]json.RawMessage
)

var attachPointMembers = map[string]func(string) types.AttachPoint{
	"arn": func(v string) types.AttachPoint {
		return &types.AttachPointMemberArn{Value: v}
	},
	"directConnectGateway": func(v string) types.AttachPoint {
		return &types.AttachPointMemberDirectConnectGateway{Value: v}
	},
}

var providerMembers = map[string]func(string) types.Provider{
	"cloudServiceProvider": func(v string) types.Provider {
		return &types.ProviderMemberCloudServiceProvider{Value: v}
	},
	"lastMileProvider": func(v string) types.Provider {
		return &types.ProviderMemberLastMileProvider{Value: v}
	},
}

func attachPointToWire(u types.AttachPoint) (unionToWire, error) {
	switch m := u.(type) {
	case nil:
		return nil, nil
	case *types.AttachPointMemberArn:
		return unionToWire{"arn": m.Value}, nil
	case *types.AttachPointMemberDirectConnectGateway:
		return unionToWire{"directConnectGateway": m.Value}, nil
	}
	return nil, fmt.Errorf("attachPoint: a %T cannot be sent", u)
}

func attachPointFromWire(wire unionFromWire) (types.AttachPoint, error) {
	point, unknown, err := memberFromWire(wire, attachPointMembers)
	if err != nil {
		return nil, fmt.Errorf("attachPoint: %w", err)
	}
	if unknown != nil {
		return unknown, nil
	}
	return point, nil
}

func providerToWire(u types.Provider) (unionToWire, error) {
	switch m := u.(type) {
	case nil:
		return nil, nil
	case *types.ProviderMemberCloudServiceProvider:
		return unionToWire{"cloudServiceProvider": m.Value}, nil
	case *types.ProviderMemberLastMileProvider:
		return unionToWire{"lastMileProvider": m.Value}, nil
	}
	return nil, fmt.Errorf("provider: a %T cannot be sent", u)
}

func providerFromWire(wire unionFromWire) (types.Provider, error) {
	provider, unknown, err := memberFromWire(wire, providerMembers)
	if err != nil {
		return nil, fmt.Errorf("provider: %w", err)
	}
	if unknown != nil {
		return unknown, nil
	}
	return provider, nil
}

func remoteAccountToWire(u types.RemoteAccountIdentifier) (unionToWire, error) {
	switch m := u.(type) {
	case nil:
		return nil, nil
	case *types.RemoteAccountIdentifierMemberIdentifier:
		return unionToWire{"identifier": m.Value}, nil
	}
	return nil, fmt.Errorf("remoteAccount: a %T cannot be sent", u)
}

// memberFromWire is the one member of a union: known, unknown, or none at all.
// Members that are null are not there, and "__type" is not a member.
func memberFromWire[U any](
	wire unionFromWire, known map[string]func(string) U,
) (member U, unknown *types.UnknownUnionMember, err error) {
	var tags []string
	for tag, value := range wire {
		if tag != "__type" && string(value) != "null" {
			tags = append(tags, tag)
		}
	}
	if len(tags) == 0 {
		return member, nil, nil
	}
	if len(tags) > 1 {
		slices.Sort(tags)
		return member, nil, fmt.Errorf("a union has one member, this one has %q", tags)
	}
	tag := tags[0]
	build, ok := known[tag]
	if !ok {
		return member, &types.UnknownUnionMember{Tag: tag, Value: wire[tag]}, nil
	}
	var text string
	if err := json.Unmarshal(wire[tag], &text); err != nil {
		return member, nil, fmt.Errorf("%s: %w", tag, err)
	}
	return build(text), nil, nil
}
