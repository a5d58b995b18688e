package google

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// issue makes the key that opens a transport to the other cloud. The open API
// says what is in it; how Google writes the environment is inferred. The lock is
// held.
func (c *Cloud) issue(t *transport) activation.Key {
	key, err := activation.Payload{
		Version: 1, SharedID: t.sharedID,
		EnvironmentURI: "providers/gcp/environments/" + t.environment(),
		Bandwidth:      t.bandwidth, AccountID: t.remoteAccountID,
	}.Encode()
	if err != nil {
		panic("a key of plain text and numbers could not be encoded: " + err.Error())
	}
	return key
}

// environmentOf is the id at the end of a key's environment URI.
func environmentOf(p activation.Payload) string { return path.Base(p.EnvironmentURI) }

// checkKey checks a key as far as this cloud can alone, as the open API demands:
// its form, environment, account and size. It says which profile the key is for.
// The lock is held. No error quotes the key.
func (c *Cloud) checkKey(t *transport, key activation.Key) (activation.Payload, *profile, *apiError) {
	p, err := key.Decode()
	if err != nil {
		return p, nil, refuse(invalidArgument, "The activation key is not valid: it could not be decoded.")
	}
	profile, found := c.profileFor(t.location, environmentOf(p))
	switch {
	case !found || t.profile != nil && t.profile != profile:
		return p, nil, refuse(invalidArgument, "The activation key is not valid: it was issued for another environment.")
	case profile.orderState == orderClosed && t.profile == nil:
		return p, nil, refuse(failedPrecondition, "The remote profile %q is not open for new orders.", profile.id)
	case p.AccountID != t.project.id:
		return p, nil, refuse(invalidArgument, "The activation key is not valid: it was issued for another project.")
	case !slices.Contains(profile.sizes, p.Bandwidth):
		return p, nil, refuse(invalidArgument, "The activation key is not valid: bandwidth %s is not supported by the remote profile %q.", p.Bandwidth.Google(), profile.id)
	case t.bandwidth != 0 && t.bandwidth != p.Bandwidth:
		return p, nil, refuse(invalidArgument, "The activation key is not valid: it was issued for another bandwidth.")
	}
	if other := c.byShared(p.SharedID); other != nil && other != t {
		return p, nil, keyUsed()
	}
	return p, profile, nil
}

// keyUsed is the refusal of a key that its issuer does not know (any more).
func keyUsed() *apiError {
	return refuse(failedPrecondition, "The activation key is not valid: the remote provider does not know it, or it was already used.")
}

// confirm asks the issuer about a key. No lock is held.
func confirm(ctx context.Context, peer coordinator.Server, environment string, key activation.Key) *apiError {
	if peer == nil {
		return peerFailed(nil)
	}
	valid, err := peer.ConfirmActivationKey(ctx, environment, encoded(key))
	switch {
	case err != nil:
		return peerFailed(err)
	case !valid:
		return keyUsed()
	}
	return nil
}

// confirmEarly has a key checked before there is an operation to fail. The lock
// is held, and released for the time of the question.
func (c *Cloud) confirmEarly(ctx context.Context, t *transport, key activation.Key) *apiError {
	_, profile, fail := c.checkKey(t, key)
	if fail != nil {
		return fail
	}
	peer := c.peer
	c.mu.Unlock()
	defer c.mu.Lock()
	return confirm(ctx, peer, profile.environment.ID, key)
}

// encoded is the key as it travels between the clouds: without the blanks that
// a console or a shell leaves around it.
func encoded(key activation.Key) string { return strings.TrimSpace(key.Reveal()) }

// peerFailed is what a refusal of the other cloud means to a customer.
func peerFailed(err error) *apiError {
	refusal, ok := errors.AsType[*coordinator.Error](err)
	if !ok {
		return refuse(unavailable, "The remote provider could not be reached.")
	}
	switch codeOfStatus(refusal.Status) {
	case aborted:
		return refuse(aborted, "The remote provider reported a conflict: %s", refusal.Message)
	case invalidArgument, notFound:
		return refuse(failedPrecondition, "The remote provider refused the request: %s", refusal.Message)
	case resourceExhausted:
		return refuse(resourceExhausted, "The remote provider refused the request: %s", refusal.Message)
	}
	return refuse(unavailable, "The remote provider failed: %s", refusal.Message)
}
