package endtest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// theOwner has to be found again although Google cannot write it in a label.
const theOwner = "Acme/network/prod"

// TestSandbox runs the suite for both clouds' ends, as initiator and as acceptor.
func TestSandbox(t *testing.T) {
	setCredentials(t)
	for _, tested := range []string{aws, google} {
		for _, initiator := range []string{aws, google} {
			side := sideOf(tested, initiator)
			t.Run(tested+" as "+side.String(), func(t *testing.T) {
				t.Parallel()
				b, _ := sandboxBench(t, tested, side)
				Run(t, b)
			})
		}
	}
}

// TestSpend holds the promise that a run on real clouds relies on: it makes no
// more than its bench allows.
func TestSpend(t *testing.T) {
	setCredentials(t)
	for spend, most := range map[Spend]int{Nothing: 0, OneLink: 1} {
		for _, tested := range []string{aws, google} {
			for _, side := range []link.Side{link.Initiator, link.Acceptor} {
				t.Run(fmt.Sprintf("%s as %s, %d", tested, side, most), func(t *testing.T) {
					t.Parallel()
					b, stage := sandboxBench(t, tested, side)
					b.Spend = spend
					t.Run("suite", func(t *testing.T) { Run(t, b) })
					connections, transports := map[string]bool{}, map[string]bool{}
					for _, tr := range stage.AWS.Transitions() {
						connections[tr.ID] = true
					}
					for _, tr := range stage.Google.Transitions() {
						// What a refused key leaves is never more than this.
						if tr.To != sandboxgoogle.StateCreating && tr.To != "" {
							transports[tr.Name] = true
						}
					}
					if len(connections) != most || len(transports) != most {
						t.Errorf("made %v and %v, want %d of each", connections, transports, most)
					}
				})
			}
		}
	}
}

// setCredentials gives the sandbox's credentials as users give them.
func setCredentials(t testing.TB) {
	t.Helper()
	for name, value := range acceptance.Credentials() {
		t.Setenv(name, value)
	}
}

// sandboxBench is a bench in a sandbox of its own, which has room for every link
// that the suite makes and is empty at the end.
func sandboxBench(t *testing.T, tested string, side link.Side) (Bench, *acceptance.Stage) {
	t.Helper()
	g := &gate{}
	stage := acceptance.New(t, func(c *sandbox.Config) {
		c.AWS.Quotas = sandboxaws.Quotas{Connections: 100, Requested: 100, PerProvider: 100}
		c.Google.TransportQuota = -1
		c.AWS.Intercept = func(sandboxaws.Call) *sandboxaws.Fault { g.pass(); return nil }
		c.Google.Intercept = func(sandboxgoogle.Call) *sandboxgoogle.Fault { g.pass(); return nil }
	})
	t.Cleanup(func() {
		if left := stage.Left(); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	resized := 2 * bandwidth.Gbps
	if acceptance.At("aws.RefusePeerUpdate=true", "google.RefusePeerUpdate=true", "google.BandwidthPatch=refuse") {
		resized = 0 // which no end can change everywhere then
	}
	return inSandbox(t, stage).bench(tested, Bench{
		Side: side, Name: "conformance", Owner: theOwner,
		Bandwidth: bandwidth.Gbps, Resized: resized, Unsold: 300 * bandwidth.Mbps,
		Pace:    cloud.Pace{Floor: 10 * time.Millisecond, Ceiling: 100 * time.Millisecond, Share: 0.2},
		Timeout: 30 * time.Second, Spend: Freely, Stall: g.shut,
		Calls: func() (all, changes int) {
			for _, call := range stage.Calls() {
				if !strings.HasPrefix(call, tested+":") {
					continue
				}
				all++
				if changing(call) {
					changes++
				}
			}
			return all, changes
		},
	}), stage
}

// inSandbox are the clouds of a stage, with accounts that nobody has used yet.
func inSandbox(t testing.TB, stage *acceptance.Stage) *clouds {
	t.Helper()
	c := &clouds{
		gateway: stage.GatewayID, awsRegion: sandbox.DefaultAWSRegion, awsOther: "us-west-2",
		project: sandboxgoogle.DefaultProject, network: sandbox.SeedNetwork, googleRegion: sandbox.DefaultGoogleRegion, otherGCP: "us-west1",
	}
	at := awsend.Endpoints{Interconnect: stage.AWSURL, DirectConnect: stage.AWSURL, EC2: stage.AWSURL, STS: stage.AWSURL}
	var err error
	if c.aws, err = awsend.Load(t.Context(), awsend.Settings{Region: c.awsRegion, Endpoints: at}); err != nil {
		t.Fatal(err)
	}
	unknown := credentials.NewStaticCredentialsProvider("AKIANOBODY0000000000", "no-secret", "")
	c.badAWS = awsend.NewAccount(awsend.Options{Config: sdk.Config{Region: c.awsRegion, Credentials: unknown}, Endpoints: at})
	c.google = googleAt(t, stage, sandboxgoogle.AccessToken)
	c.badGoogle = googleAt(t, stage, "nobodys-token")
	return c
}

func googleAt(t testing.TB, stage *acceptance.Stage, token string) *googleend.Account {
	t.Helper()
	a, err := googleend.Load(t.Context(), googleend.Settings{
		Project: sandboxgoogle.DefaultProject, Region: sandbox.DefaultGoogleRegion, AccessToken: token,
		Endpoints: googleend.Endpoints{NetworkConnectivity: stage.GoogleURL + "/v1/", Compute: stage.GoogleURL + "/compute/v1/"},
	}, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// gate keeps calls waiting while it is shut.
type gate struct {
	mu   sync.Mutex
	open chan struct{}
	came chan struct{}
}

// pass returns at once, or when the gate opens again.
func (g *gate) pass() {
	g.mu.Lock()
	open, came := g.open, g.came
	g.mu.Unlock()
	if open == nil {
		return
	}
	select {
	case came <- struct{}{}:
	default:
	}
	<-open
}

// shut closes the gate until release is called.
func (g *gate) shut() (stalled <-chan struct{}, release func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	open := make(chan struct{})
	g.open, g.came = open, make(chan struct{}, 1)
	return g.came, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.open = nil
		close(open)
	}
}

// newLink is a link between a stage's clouds, with accounts of its own.
func newLink(t testing.TB, stage *acceptance.Stage, name, initiator string) link.Link {
	t.Helper()
	c := inSandbox(t, stage)
	s := Setup{Name: name, Owner: theOwner, Description: name}
	l := link.Link{Marker: link.Marker{Name: name, Owner: theOwner}}
	l.Ends[sideOf(aws, initiator)] = c.awsEnd(s)
	l.Ends[sideOf(google, initiator)] = c.googleEnd(s)
	return l
}

// create checks and makes a link as the provider does.
func create(ctx context.Context, d *link.Driver, l link.Link) (link.View, error) {
	w := link.Want{Bandwidth: bandwidth.Gbps}
	found, err := d.Check(ctx, l, w, true)
	if err != nil {
		return link.View{}, err
	}
	if found.Refused() {
		return link.View{}, found.Findings[0].Err
	}
	for side, terms := range found.Terms {
		w.Environment[side] = terms.Environment
	}
	return d.Converge(ctx, l, w, link.View{})
}

// TestDriverMovesPastADeletedAttempt makes a link, removes it and makes it again
// under the same name: the clouds remember the requests, and answer them with
// what is gone.
func TestDriverMovesPastADeletedAttempt(t *testing.T) {
	setCredentials(t)
	for _, initiator := range []string{aws, google} {
		for name, purged := range map[string]bool{"at once": false, "when it is forgotten": true} {
			t.Run(initiator+" "+name, func(t *testing.T) {
				t.Parallel()
				stage := acceptance.New(t)
				l := newLink(t, stage, "again", initiator)
				d := &link.Driver{Pace: acceptance.Pace()}
				first, err := create(t.Context(), d, l)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := d.Teardown(t.Context(), l, first); err != nil {
					t.Fatal(err)
				}
				for purged && !forgotten(t, l, first) {
					if err := (cloud.SystemClock{}).Sleep(t.Context(), 10*time.Millisecond); err != nil {
						t.Fatal(err)
					}
				}
				second, err := create(t.Context(), d, l)
				if err != nil {
					t.Fatal(err)
				}
				if p := link.Pair(l, second); p.Status != link.Matched || second.SharedID() == first.SharedID() {
					t.Errorf("the second link is %s with shared id %s; the first one's is %s", p.Status, second.SharedID(), first.SharedID())
				}
				if len(stage.Left()) != 2 {
					t.Errorf("there are %v, want one link", stage.Left())
				}
			})
		}
	}
}

// forgotten says that both clouds no longer know the halves.
func forgotten(t *testing.T, l link.Link, v link.View) bool {
	t.Helper()
	now, err := (&link.Driver{}).Observe(t.Context(), l, v.Refs())
	if err != nil {
		t.Fatal(err)
	}
	return now[link.Initiator].State == link.Absent && now[link.Acceptor].State == link.Absent
}
