// Package awsend is the AWS end of a link: a connection of AWS Interconnect,
// multicloud, on a Direct Connect gateway.
//
// An Account holds what all links of one provider configuration share: the
// clients by region, who we are, the list of connections that serves every link
// that waits, and the environments that AWS sells. An End is one link's
// connection in it, and implements link.End.
//
// Requests are made by AWS's own clients, errors are translated once (errors.go),
// and words of the AWS API do not leave the package but in Detail and in
// messages.
package awsend
