package types

// AttachPointType says what a connection is attached to (AWS service model).
type AttachPointType string

// Values of AttachPointType.
const (
	AttachPointTypeDirectConnectGateway AttachPointType = "DirectConnectGateway"
)

// Values are the attach point types that the client knows. The service may
// answer with others.
func (AttachPointType) Values() []AttachPointType {
	return []AttachPointType{AttachPointTypeDirectConnectGateway}
}

// ConnectionState is where a connection is in its life (AWS service model).
type ConnectionState string

// Values of ConnectionState.
const (
	// ConnectionStateAvailable: provisioned at both providers.
	ConnectionStateAvailable ConnectionState = "available"
	// ConnectionStateRequested: created, waiting for the partner's side to
	// redeem the activation key.
	ConnectionStateRequested ConnectionState = "requested"
	// ConnectionStatePending: accepted, being provisioned.
	ConnectionStatePending ConnectionState = "pending"
	// ConnectionStateDown: provisioned but carrying no traffic.
	ConnectionStateDown ConnectionState = "down"
	// ConnectionStateDeleting: being deleted.
	ConnectionStateDeleting ConnectionState = "deleting"
	// ConnectionStateDeleted: gone; still readable for a while.
	ConnectionStateDeleted ConnectionState = "deleted"
	// ConnectionStateFailed: could not be created. The API gives no reason.
	ConnectionStateFailed ConnectionState = "failed"
	// ConnectionStateUpdating: its bandwidth is being changed.
	ConnectionStateUpdating ConnectionState = "updating"
)

// Values are the connection states that the client knows. The service may
// answer with others.
func (ConnectionState) Values() []ConnectionState {
	return []ConnectionState{
		ConnectionStateAvailable,
		ConnectionStateRequested,
		ConnectionStatePending,
		ConnectionStateDown,
		ConnectionStateDeleting,
		ConnectionStateDeleted,
		ConnectionStateFailed,
		ConnectionStateUpdating,
	}
}

// EnvironmentState says whether an environment takes new connections (AWS
// service model).
type EnvironmentState string

// Values of EnvironmentState.
const (
	// EnvironmentStateAvailable: new connections can be requested.
	EnvironmentStateAvailable EnvironmentState = "available"
	// EnvironmentStateLimited: open, but capacity is short; see
	// Bandwidths.Available.
	EnvironmentStateLimited EnvironmentState = "limited"
	// EnvironmentStateUnavailable: closed at present.
	EnvironmentStateUnavailable EnvironmentState = "unavailable"
)

// Values are the environment states that the client knows. The service may
// answer with others.
func (EnvironmentState) Values() []EnvironmentState {
	return []EnvironmentState{
		EnvironmentStateAvailable,
		EnvironmentStateLimited,
		EnvironmentStateUnavailable,
	}
}

// RemoteAccountIdentifierType is how the partner of an environment names its
// customers (AWS service model).
type RemoteAccountIdentifierType string

// Values of RemoteAccountIdentifierType.
const (
	RemoteAccountIdentifierTypeAccount RemoteAccountIdentifierType = "account"
	RemoteAccountIdentifierTypeEmail   RemoteAccountIdentifierType = "email"
)

// Values are the identifier types that the client knows. The service may answer
// with others.
func (RemoteAccountIdentifierType) Values() []RemoteAccountIdentifierType {
	return []RemoteAccountIdentifierType{
		RemoteAccountIdentifierTypeAccount,
		RemoteAccountIdentifierTypeEmail,
	}
}
