package types

// AttachPoint is where in the AWS network a connection ends. It is one of
//
//	*AttachPointMemberArn
//	*AttachPointMemberDirectConnectGateway
//	*UnknownUnionMember (in answers only)
type AttachPoint interface {
	isAttachPoint()
}

// AttachPointMemberArn is an attach point by its full ARN.
type AttachPointMemberArn struct {
	Value string
}

func (*AttachPointMemberArn) isAttachPoint() {}

// AttachPointMemberDirectConnectGateway is an attach point by the id of a Direct
// Connect gateway, a UUID.
type AttachPointMemberDirectConnectGateway struct {
	Value string
}

func (*AttachPointMemberDirectConnectGateway) isAttachPoint() {}

// Provider is the partner at the other end. It is one of
//
//	*ProviderMemberCloudServiceProvider
//	*ProviderMemberLastMileProvider
//	*UnknownUnionMember (in answers only)
type Provider interface {
	isProvider()
}

// ProviderMemberCloudServiceProvider names a cloud. Its connections are of the
// multicloud kind (AWS service model).
type ProviderMemberCloudServiceProvider struct {
	Value string
}

func (*ProviderMemberCloudServiceProvider) isProvider() {}

// ProviderMemberLastMileProvider names a carrier. Its connections are of the
// last-mile kind (AWS service model).
type ProviderMemberLastMileProvider struct {
	Value string
}

func (*ProviderMemberLastMileProvider) isProvider() {}

// RemoteAccountIdentifier names the customer at the partner. It is one of
//
//	*RemoteAccountIdentifierMemberIdentifier
//	*UnknownUnionMember (in answers only)
type RemoteAccountIdentifier interface {
	isRemoteAccountIdentifier()
}

// RemoteAccountIdentifierMemberIdentifier is an account id, a project id or an
// e-mail address, as Environment.RemoteIdentifierType asks.
type RemoteAccountIdentifierMemberIdentifier struct {
	Value string
}

func (*RemoteAccountIdentifierMemberIdentifier) isRemoteAccountIdentifier() {}

// UnknownUnionMember is a member of a union that the service knows and this
// client does not. It cannot be sent.
type UnknownUnionMember struct {
	// Tag is the member's name.
	Tag string
	// Value is the member's value as JSON.
	Value []byte
}

func (*UnknownUnionMember) isAttachPoint()             {}
func (*UnknownUnionMember) isProvider()                {}
func (*UnknownUnionMember) isRemoteAccountIdentifier() {}
