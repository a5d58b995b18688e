// Package googleend is the Google end of a link: a transport of Partner
// Cross-Cloud Interconnect, by the Network Connectivity API v1.
//
// An Account is what all links of one provider configuration share: clients,
// the profiles of a location, and one list that serves everyone who waits in
// it. An End is one link's half on top of it. Everything Google says is turned
// into link.Observation and *cloud.Error here, and nowhere else.
//
// Three rules hold in the whole package. A transport's state comes from reading
// the transport, never from an operation's reply, which writes references by
// project number and leaves fields out (inferred from recorded replies of
// sibling resources). A request that changes something carries a request id
// that is derived, never random. And an activation key leaves this package only
// in the body of the request that redeems it, or in the URL by which Google
// describes it; never in an error.
package googleend
