package coordinator

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
)

// Call is something that one cloud asks of the other.
type Call string

// The calls, by the names that the open API gives them.
const (
	CallConfirmActivationKey   Call = "ConfirmActivationKey"
	CallCreateConnection       Call = "CreateConnection"
	CallUpdateConnection       Call = "UpdateConnection"
	CallDeleteConnection       Call = "DeleteConnection"
	CallNotifyConnectionStatus Call = "NotifyConnectionStatus"
)

// Calls are all of them.
func Calls() []Call {
	return []Call{CallConfirmActivationKey, CallCreateConnection, CallUpdateConnection, CallDeleteConnection, CallNotifyConnectionStatus}
}

// Refusals are answers that a partner gives without being asked, by call. The
// zero value refuses nothing. It may be used by several goroutines at once.
type Refusals struct {
	mu  sync.Mutex
	all map[Call]Error
}

// Set makes the partner answer a call with a refusal; nil lifts it.
// ConfirmActivationKey with status 200 says that the key is not valid: revoked,
// expired or used. It fails for an unknown call.
func (r *Refusals) Set(call Call, refusal *Error) error {
	if !slices.Contains(Calls(), call) {
		return fmt.Errorf("making the partner refuse: it has no call %q, only %q", call, Calls())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if refusal == nil {
		delete(r.all, call)
		return nil
	}
	if r.all == nil {
		r.all = map[Call]Error{}
	}
	r.all[call] = *refusal
	return nil
}

// refused is the refusal of a call, or nil.
func (r *Refusals) refused(call Call) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if refusal, ok := r.all[call]; ok {
		return &refusal
	}
	return nil
}

// Before is the partner, refusing what is set now or later. It is nil for no
// partner.
func (r *Refusals) Before(partner Server) Server {
	if partner == nil {
		return nil
	}
	return refusingPartner{partner, r}
}

// refusingPartner is a partner that refuses some calls. GetConnection is never
// refused.
type refusingPartner struct {
	Server
	refusals *Refusals
}

// ConfirmActivationKey refuses, says that the key is not valid, or asks.
func (p refusingPartner) ConfirmActivationKey(ctx context.Context, environment, encodedKey string) (bool, error) {
	err := p.refusals.refused(CallConfirmActivationKey)
	switch {
	case err == nil:
		return p.Server.ConfirmActivationKey(ctx, environment, encodedKey)
	case statusOf(err) == http.StatusOK:
		return false, nil
	}
	return false, err
}

// CreateConnection refuses or asks.
func (p refusingPartner) CreateConnection(ctx context.Context, c Connection) (Connection, error) {
	if err := p.refusals.refused(CallCreateConnection); err != nil {
		return Connection{}, err
	}
	return p.Server.CreateConnection(ctx, c)
}

// UpdateConnection refuses or asks.
func (p refusingPartner) UpdateConnection(ctx context.Context, c Connection) (Connection, error) {
	if err := p.refusals.refused(CallUpdateConnection); err != nil {
		return Connection{}, err
	}
	return p.Server.UpdateConnection(ctx, c)
}

// DeleteConnection refuses or asks.
func (p refusingPartner) DeleteConnection(ctx context.Context, environment, id string) error {
	if err := p.refusals.refused(CallDeleteConnection); err != nil {
		return err
	}
	return p.Server.DeleteConnection(ctx, environment, id)
}

// NotifyConnectionStatus refuses or asks.
func (p refusingPartner) NotifyConnectionStatus(ctx context.Context, environment, id string) error {
	if err := p.refusals.refused(CallNotifyConnectionStatus); err != nil {
		return err
	}
	return p.Server.NotifyConnectionStatus(ctx, environment, id)
}
