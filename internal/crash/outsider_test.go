package crash

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"golang.org/x/oauth2"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/api/option"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// outsider changes a world's link by the clouds' own APIs, behind Terraform's
// back. Each change has taken effect when its method returns.
type outsider struct {
	testing.TB
	w          *world
	aws        *interconnect.Client
	transports *networkconnectivity.ProjectsLocationsTransportsService
	// connection and arn, and transport, are the link's two ends.
	connection, arn, transport string
}

// outside makes the outsider of a world's link, as its state names it.
func outside(t testing.TB, w *world) *outsider {
	t.Helper()
	o, err := newOutsider(t, w)
	if err != nil {
		t.Fatal(err)
	}
	o.connection, o.arn, o.transport = w.text("aws.connection_id"), w.text("aws.arn"), w.text("google.transport_id")
	return o
}

// newOutsider makes the outsider of a world without a link.
func newOutsider(t testing.TB, w *world) (*outsider, error) {
	service, err := networkconnectivity.NewService(t.Context(), option.WithEndpoint(w.stage.GoogleURL+"/"),
		option.WithTokenSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: sandboxgoogle.AccessToken})))
	if err != nil {
		return nil, err
	}
	return &outsider{
		TB: t, w: w, transports: service.Projects.Locations.Transports,
		aws: interconnect.New(interconnect.Options{
			Region: sandbox.DefaultAWSRegion, BaseEndpoint: &w.stage.AWSURL,
			Credentials: credentials.NewStaticCredentialsProvider(sandboxaws.DefaultAccessKeyID, sandboxaws.DefaultSecretAccessKey, ""),
		}),
	}, nil
}

func (o *outsider) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// until waits for a change to take effect.
func (o *outsider) until(what string, done func() bool) {
	o.Helper()
	if !eventually(done) {
		o.Fatalf("the clouds did not take the change: %s", what)
	}
}

// eventually waits until something is done, and says whether it was.
func eventually(done func() bool) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(2 * time.Millisecond):
		}
	}
	return true
}

// settled waits until both ends are in a state.
func (o *outsider) settled(connection, transport string) {
	o.Helper()
	o.until(connection+", "+transport, func() bool { return o.states() == [2]string{connection, transport} })
}

// states are both ends' states; empty where there is none.
func (o *outsider) states() (now [2]string) {
	if c, err := o.aws.GetConnection(o.Context(), &interconnect.GetConnectionInput{Identifier: &o.connection}); err == nil {
		now[0] = string(c.Connection.State)
	}
	if t, err := o.transports.Get(o.transport).Do(); err == nil {
		now[1] = t.State
	}
	return now
}

// carried waits until both ends report a bandwidth, and are at rest.
func (o *outsider) carried(connection, transport string) {
	o.Helper()
	o.until("the bandwidth is carried to the other end", func() bool {
		c, err := o.aws.GetConnection(o.Context(), &interconnect.GetConnectionInput{Identifier: &o.connection})
		if err != nil || c.Connection.Bandwidth == nil || *c.Connection.Bandwidth != connection {
			return false
		}
		t, err := o.transports.Get(o.transport).Do()
		return err == nil && t.Bandwidth == transport && o.states() == [2]string{"available", "ACTIVE"}
	})
}

func (o *outsider) tag(tags map[string]string) {
	o.Helper()
	_, err := o.aws.TagResource(o.Context(), &interconnect.TagResourceInput{Arn: &o.arn, Tags: tags})
	o.must(err)
}

func (o *outsider) untag(keys ...string) {
	o.Helper()
	_, err := o.aws.UntagResource(o.Context(), &interconnect.UntagResourceInput{Arn: &o.arn, TagKeys: keys})
	o.must(err)
}

func (o *outsider) tags() map[string]string {
	o.Helper()
	out, err := o.aws.ListTagsForResource(o.Context(), &interconnect.ListTagsForResourceInput{Arn: &o.arn})
	o.must(err)
	return out.Tags
}

func (o *outsider) labels() map[string]string {
	o.Helper()
	t, err := o.transports.Get(o.transport).Do()
	o.must(err)
	return t.Labels
}

// label sets labels, and removes those that are to be empty.
func (o *outsider) label(change map[string]string) {
	o.Helper()
	labels := o.labels()
	for k, v := range change {
		if labels[k] = v; v == "" {
			delete(labels, k)
		}
	}
	o.patch("labels", &networkconnectivity.Transport{Labels: labels, ForceSendFields: []string{"Labels"}})
}

// patch changes a field of the transport.
func (o *outsider) patch(mask string, body *networkconnectivity.Transport) {
	o.Helper()
	before, err := o.transports.Get(o.transport).Do()
	o.must(err)
	_, err = o.transports.Patch(o.transport, body).UpdateMask(mask).Do()
	o.must(err)
	o.until("patch of "+mask, func() bool {
		t, err := o.transports.Get(o.transport).Do()
		return err == nil && t.UpdateTime != before.UpdateTime && t.State == sandboxgoogle.StateActive
	})
}

// update changes the connection, and waits for it to be available again.
func (o *outsider) update(in *interconnect.UpdateConnectionInput) {
	o.Helper()
	in.Identifier = &o.connection
	_, err := o.aws.UpdateConnection(o.Context(), in)
	o.must(err)
	o.settled("available", sandboxgoogle.StateActive)
}

func (o *outsider) deleteConnection() {
	o.Helper()
	_, err := o.aws.DeleteConnection(o.Context(), &interconnect.DeleteConnectionInput{Identifier: &o.connection})
	o.must(err)
	o.until("the connection's end", func() bool { return o.states()[0] == "" })
}

func (o *outsider) deleteTransport() {
	o.Helper()
	_, err := o.transports.Delete(o.transport).Do()
	o.must(err)
	o.until("the transport's end", func() bool { return o.states()[1] == "" })
}
