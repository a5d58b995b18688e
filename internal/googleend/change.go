package googleend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"

	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// existing reads the transport that is to be changed. The request id of a change
// is made of what is read, too: within the hour that Google remembers request
// ids, a change there and back and there again is three requests, not two.
func (e *End) existing(ctx context.Context, attempt string, r link.Ref) (link.Observation, Transport, error) {
	o, err := e.account.read(ctx, link.Ref{ID: r.ID})
	if err != nil {
		return link.Observation{}, Transport{}, err
	}
	t, ok := o.Detail.(Transport)
	if !ok {
		return link.Observation{}, Transport{}, &cloud.Error{
			Kind: cloud.NotFound, End: endName, Attempt: attempt, Object: r.ID, Message: "the transport does not exist",
		}
	}
	return o, t, nil
}

// unchangeable is how a refusal reads that is of the field rather than of its
// value. Google's how-to pages let only description and advertised routes be
// changed; its discovery document lets bandwidth be changed as well.
var unchangeable = regexp.MustCompile(`(?i)update.?mask|immutable|(cannot|can't|can not|may not) be (changed|updated|modified|patched)`)

// SetBandwidth asks for another bandwidth. A transport that has it already is
// left alone. cloud.Precondition means that Google does not change it here.
func (e *End) SetBandwidth(ctx context.Context, r link.Ref, b bandwidth.Bandwidth, a link.Attempt) (link.Observation, error) {
	const attempt = "change the bandwidth of the transport"
	o, t, err := e.existing(ctx, attempt, r)
	if err != nil || o.Bandwidth == b {
		return o, err
	}
	body := &networkconnectivity.Transport{Bandwidth: b.Google()}
	token := a.Token("bandwidth", r.ID, t.UpdateTime, b.Google())
	changed, err := e.patch(ctx, attempt, r.ID, "bandwidth", token, body)
	if ce, ok := errors.AsType[*cloud.Error](err); ok && ce.Kind == cloud.Invalid && unchangeable.MatchString(ce.Message) {
		ce.Kind, ce.Remedy = cloud.Precondition, "Change the bandwidth at the other end."
	}
	return changed, err
}

// Amend writes whatever differs and can be changed, in one request. Labels are
// sent whole: those on the transport, without the retired ones, with the
// configured ones and the marks.
func (e *End) Amend(ctx context.Context, o link.Observation, sharedID string, a link.Attempt) (link.Observation, error) {
	const attempt = "change the transport"
	t, ok := o.Detail.(Transport)
	if !ok {
		var err error
		if o, t, err = e.existing(ctx, attempt, o.Ref); err != nil {
			return link.Observation{}, err
		}
	}
	if o.SharedID != "" {
		// The transport says it by itself.
		sharedID = ""
	}
	body, mask := e.amendment(t, markers(a.Link, sharedID))
	if mask == "" {
		return o, nil
	}
	asks, err := json.Marshal(body)
	if err != nil {
		return link.Observation{}, fmt.Errorf("writing the transport's changes: %w", err)
	}
	return e.patch(ctx, attempt, o.ID, mask, a.Token("amend", o.ID, t.UpdateTime, mask, string(asks)), body)
}

// amendment is the body and the mask of the request that makes t what the
// configuration says; the mask is empty when nothing differs. What the mask names
// is sent also when it is empty, which clears it.
func (e *End) amendment(t Transport, marks map[string]string) (body *networkconnectivity.Transport, mask string) {
	body = &networkconnectivity.Transport{}
	var paths []string
	add := func(path, field string) {
		paths = append(paths, path)
		body.ForceSendFields = append(body.ForceSendFields, field)
	}
	if labels := e.labels(t.Labels, marks); !maps.Equal(labels, t.Labels) {
		body.Labels = labels
		add("labels", "Labels")
	}
	if e.config.Description != t.Description {
		body.Description = e.config.Description
		add("description", "Description")
	}
	if !sameRoutes(e.config.AdvertisedRoutes, t.AdvertisedRoutes) {
		body.AdvertisedRoutes = e.config.AdvertisedRoutes
		add("advertisedRoutes", "AdvertisedRoutes")
	}
	return body, strings.Join(paths, ",")
}

// labels are what the transport's labels should be. Labels that are nobody's
// business here stay, the marks of an earlier writing among them.
func (e *End) labels(observed, marks map[string]string) map[string]string {
	labels := map[string]string{}
	maps.Copy(labels, observed)
	for _, key := range e.config.RetiredLabels {
		if !strings.HasPrefix(key, labelPrefix) {
			delete(labels, key)
		}
	}
	maps.Copy(labels, e.config.Labels)
	maps.Copy(labels, marks)
	return labels
}

// patch changes what the mask names.
func (e *End) patch(ctx context.Context, attempt, id, mask, token string, body *networkconnectivity.Transport) (link.Observation, error) {
	c, err := e.account.clients()
	if err != nil {
		return link.Observation{}, err
	}
	op, err := begin(token, func(requestID string) (*networkconnectivity.GoogleLongrunningOperation, error) {
		return c.service.Projects.Locations.Transports.Patch(id, body).
			UpdateMask(mask).RequestId(requestID).Context(ctx).Do()
	})
	if err != nil {
		return link.Observation{}, translate(attempt, id, err)
	}
	return e.account.started(ctx, id, "update", op)
}

// Delete begins the deletion. A transport that is being deleted already is left
// to it; one that does not exist is an error of kind NotFound. Google says that
// the other cloud's half is not deleted with it.
func (e *End) Delete(ctx context.Context, r link.Ref, a link.Attempt) (link.Observation, error) {
	const attempt = "delete the transport"
	o, t, err := e.existing(ctx, attempt, r)
	if err != nil || o.State == link.Deleting {
		return o, err
	}
	c, err := e.account.clients()
	if err != nil {
		return link.Observation{}, err
	}
	op, err := begin(a.Token("delete", r.ID, t.CreateTime), func(requestID string) (*networkconnectivity.GoogleLongrunningOperation, error) {
		return c.service.Projects.Locations.Transports.Delete(r.ID).RequestId(requestID).Context(ctx).Do()
	})
	if err != nil {
		return link.Observation{}, translate(attempt, r.ID, err)
	}
	return e.account.started(ctx, r.ID, "delete", op)
}
