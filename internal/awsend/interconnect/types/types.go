// Package types holds the structures, unions, enumerations and errors of the AWS
// Interconnect API, version 2022-07-26 (AWS service model). Field names are those
// of the AWS SDK for Go v2.
//
// A field that the model calls required may still be nil in an answer; the
// comments name the known cases.
package types

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/internal/redact"
)

// AttachPointDescriptor is something that a connection can be attached to.
type AttachPointDescriptor struct {
	// Identifier of the attach point; its form follows from Type. Required.
	Identifier *string
	// Name that its owner gave it. Required.
	Name *string
	// Type of the attach point. Required.
	Type AttachPointType
}

// Bandwidths are the speeds of an environment, as AWS writes them: "10Gbps".
type Bandwidths struct {
	// Available can be ordered now.
	Available []string
	// Supported are all that the environment plans to sell.
	Supported []string
}

// Connection is the AWS half of a link.
//
// It holds the activation key, so it prints, marshals and logs without it. Read
// ActivationKey to get the key itself.
type Connection struct {
	// ActivationKey is what the partner's side needs to join, a secret.
	// Required by the model, but treat as maybe nil: connections made by
	// accepting a proposal have been seen without it.
	ActivationKey *string
	// Arn of the connection. Required.
	Arn *string
	// AttachPoint that the connection hangs on. Required.
	AttachPoint AttachPoint
	// Bandwidth as AWS writes it, "10Gbps". Required.
	Bandwidth *string
	// Description that was given, or the service's own. Required.
	Description *string
	// EnvironmentId of the environment it runs through. Required.
	EnvironmentId *string
	// Id, "mcc-" or "lmcc-" and eight characters. Required.
	Id *string
	// Location at the partner, such as a region of its own. Required.
	Location *string
	// OwnerAccount is the AWS account, 12 digits. Required.
	OwnerAccount *string
	// Provider at the other end. Required.
	Provider Provider
	// SharedId is the UUID that both providers give the link. Required.
	SharedId *string
	// State of the connection. Required.
	State ConnectionState
	// Type of product, "Multicloud" for one. Required.
	Type *string
	// BillingTier, 0 to 8.
	BillingTier *int32
	// Tags of the connection.
	Tags map[string]string
}

// plainConnection is a Connection without its methods.
type plainConnection Connection

func (c Connection) withoutKey() plainConnection {
	p := plainConnection(c)
	p.ActivationKey = redact.Pointer(c.ActivationKey)
	return p
}

// String describes the connection without its activation key.
func (c Connection) String() string { return redact.Describe("Connection", c.withoutKey()) }

// Format writes String for every verb.
func (c Connection) Format(f fmt.State, _ rune) { redact.Format(f, c) }

// LogValue is String.
func (c Connection) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON marshals the fields, the activation key masked.
func (c Connection) MarshalJSON() ([]byte, error) { return json.Marshal(c.withoutKey()) }

// ConnectionSummary is a connection as lists show it: without owner, activation
// key and tags. The fields mean what they do in Connection.
type ConnectionSummary struct {
	// Arn of the connection. Required.
	Arn *string
	// AttachPoint that the connection hangs on. Required.
	AttachPoint AttachPoint
	// Bandwidth as AWS writes it, "10Gbps". Required.
	Bandwidth *string
	// Description that was given, or the service's own. Required.
	Description *string
	// EnvironmentId of the environment it runs through. Required.
	EnvironmentId *string
	// Id, "mcc-" or "lmcc-" and eight characters. Required.
	Id *string
	// Location at the partner, such as a region of its own. Required.
	Location *string
	// Provider at the other end. Required.
	Provider Provider
	// SharedId is the UUID that both providers give the link. Required.
	SharedId *string
	// State of the connection. Required.
	State ConnectionState
	// Type of product. Required.
	Type *string
	// BillingTier, 0 to 8.
	BillingTier *int32
}

// Environment is a place where AWS and a partner are joined, and so where a
// connection can be made. It belongs to the AWS region that was asked.
type Environment struct {
	// Bandwidths that can be ordered here. Required.
	Bandwidths *Bandwidths
	// EnvironmentId of the environment. Required.
	EnvironmentId *string
	// Location at the partner, such as a region of its own. Required.
	Location *string
	// Provider at the other end. Required.
	Provider Provider
	// State says whether new connections are taken. Required.
	State EnvironmentState
	// Type of product that connections here are of. Required.
	Type *string
	// ActivationPageUrl is the partner's page that takes the activation key.
	ActivationPageUrl *string
	// RemoteIdentifierType is what CreateConnectionInput.RemoteAccount must
	// hold here.
	RemoteIdentifierType RemoteAccountIdentifierType
}
