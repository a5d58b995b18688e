package endtest

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
)

// The variables that set up a run on real clouds; the package comment says what
// they mean.
const (
	envReal        = "CROSSCLOUD_REAL"
	envAllowCost   = "CROSSCLOUD_REAL_ALLOW_COST"
	envRegion      = "CROSSCLOUD_REAL_AWS_REGION"
	envGateway     = "CROSSCLOUD_REAL_AWS_GATEWAY_ID"
	envOtherRegion = "CROSSCLOUD_REAL_AWS_OTHER_REGION"
	envProject     = "CROSSCLOUD_REAL_GOOGLE_PROJECT"
	envGoogle      = "CROSSCLOUD_REAL_GOOGLE_REGION"
	envNetwork     = "CROSSCLOUD_REAL_GOOGLE_NETWORK"
	envOtherGoogle = "CROSSCLOUD_REAL_GOOGLE_OTHER_REGION"
	envEnd         = "CROSSCLOUD_REAL_END"
	envInitiator   = "CROSSCLOUD_REAL_INITIATOR"
	envBandwidth   = "CROSSCLOUD_REAL_BANDWIDTH"
)

// realTimeout is how long one wait may take: provisioning takes about 13 minutes
// (observed, 2026).
const realTimeout = 45 * time.Minute

// TestRealAWS runs the suite for the AWS end at AWS. The package comment lists
// the variables that say where, and what may be spent.
func TestRealAWS(t *testing.T) { runReal(t, aws) }

// TestRealGoogle runs the suite for the Google end at Google. The package comment
// lists the variables that say where, and what may be spent.
func TestRealGoogle(t *testing.T) { runReal(t, google) }

func runReal(t *testing.T, tested string) {
	t.Helper()
	if os.Getenv(envReal) != "1" {
		t.Skipf("this test calls the real clouds: set %s=1 and the variables that the package comment lists, with credentials of both clouds", envReal)
	}
	p, err := readPlan(tested, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range p.warnings() {
		t.Log(line)
	}
	there, err := p.clouds(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	Run(t, there.bench(tested, p.bench()))
}

// plan is what a run on real clouds is about to do.
type plan struct {
	tested, initiator string
	name              string
	bandwidth         bandwidth.Bandwidth
	spend             Spend

	gateway, region, otherRegion          string
	project, network, google, otherGoogle string
}

// readPlan reads the variables. Only one of the two ends' runs makes a link, so
// that there is one at most.
func readPlan(tested string, getenv func(string) string) (plan, error) {
	p := plan{
		tested: tested, initiator: cmp.Or(getenv(envInitiator), aws),
		name:    "conformance-" + time.Now().UTC().Format("20060102-150405"),
		gateway: getenv(envGateway), region: getenv(envRegion), otherRegion: getenv(envOtherRegion),
		project: getenv(envProject), network: getenv(envNetwork), google: getenv(envGoogle), otherGoogle: getenv(envOtherGoogle),
	}
	var missing []string
	for _, v := range []string{envRegion, envGateway, envProject, envGoogle, envNetwork} {
		if getenv(v) == "" {
			missing = append(missing, v)
		}
	}
	if len(missing) > 0 {
		return plan{}, fmt.Errorf("these variables must be set: %s", strings.Join(missing, ", "))
	}
	end := cmp.Or(getenv(envEnd), aws)
	for variable, value := range map[string]string{envEnd: end, envInitiator: p.initiator} {
		if value != aws && value != google {
			return plan{}, fmt.Errorf("%s is %q; it must be %q or %q", variable, value, aws, google)
		}
	}
	if getenv(envAllowCost) == "1" && end == tested {
		p.spend = OneLink
	}
	var err error
	if p.bandwidth, err = bandwidth.Parse(cmp.Or(getenv(envBandwidth), "500Mbps")); err != nil {
		return plan{}, fmt.Errorf("reading %s: %w", envBandwidth, err)
	}
	return p, nil
}

// warnings say what the run does, before it does it.
func (p plan) warnings() []string {
	if p.spend == Nothing {
		return []string{fmt.Sprintf("READS ONLY: nothing is made or changed. The clauses about a link run with %s=1, for the end that %s names.", envAllowCost, envEnd)}
	}
	return []string{
		fmt.Sprintf("COSTS MONEY: one link of %s, %s, is made between AWS %s (Direct Connect gateway %s) and Google %s (project %s, network %s), and removed at the end.",
			p.bandwidth, p.name, p.region, p.gateway, p.google, p.project, p.network),
		fmt.Sprintf("If the run is interrupted, remove by hand: the Google transport %s, then the AWS connection with the tag %s=%s. Both are billed until then.",
			googleend.TransportName(p.project, p.google, p.name), awsend.TagLink, p.name),
	}
}

// clouds are the real ones, with the credentials that the SDKs find.
func (p plan) clouds(ctx context.Context) (*clouds, error) {
	amazon, err := awsend.Load(ctx, awsend.Settings{Region: p.region})
	if err != nil {
		return nil, err
	}
	googles, err := googleend.Load(ctx, googleend.Settings{Project: p.project, Region: p.google}, nil)
	if err != nil {
		return nil, err
	}
	return &clouds{
		aws: amazon, google: googles,
		gateway: p.gateway, awsRegion: p.region, awsOther: p.otherRegion,
		project: p.project, network: p.network, googleRegion: p.google, otherGCP: p.otherGoogle,
	}, nil
}

// bench is the part of the bench that both ends share.
func (p plan) bench() Bench {
	return Bench{
		Side: sideOf(p.tested, p.initiator), Name: p.name, Owner: "crosscloud-conformance",
		Bandwidth: p.bandwidth, Unsold: 300 * bandwidth.Mbps,
		Pace: cloud.DefaultPace(), Timeout: realTimeout, Spend: p.spend,
	}
}

// TestPlan holds the rule that a run spends nothing unless it is told to, and
// makes one link at most.
func TestPlan(t *testing.T) {
	set := func(more map[string]string) func(string) string {
		return func(name string) string {
			if v, ok := more[name]; ok {
				return v
			}
			return map[string]string{envRegion: "r", envGateway: "g", envProject: "p", envGoogle: "l", envNetwork: "n"}[name]
		}
	}
	tests := map[string]struct {
		more  map[string]string
		spend [2]Spend // of AWS's run and Google's
		fails bool
	}{
		"not told":          {},
		"told":              {more: map[string]string{envAllowCost: "1"}, spend: [2]Spend{OneLink, Nothing}},
		"told for Google":   {more: map[string]string{envAllowCost: "1", envEnd: google}, spend: [2]Spend{Nothing, OneLink}},
		"told something":    {more: map[string]string{envAllowCost: "yes"}},
		"no gateway":        {more: map[string]string{envGateway: ""}, fails: true},
		"no such end":       {more: map[string]string{envEnd: "azure"}, fails: true},
		"no such initiator": {more: map[string]string{envInitiator: "AWS"}, fails: true},
		"bad bandwidth":     {more: map[string]string{envBandwidth: "fast"}, fails: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for i, tested := range []string{aws, google} {
				p, err := readPlan(tested, set(tt.more))
				if (err != nil) != tt.fails || p.spend != tt.spend[i] {
					t.Errorf("%s: spends %d, %v; want %d", tested, p.spend, err, tt.spend[i])
				}
				if err == nil && strings.Contains(strings.Join(p.warnings(), "\n"), "COSTS MONEY") != (tt.spend[i] > Nothing) {
					t.Errorf("%s: warns %v", tested, p.warnings())
				}
			}
		})
	}
}
