package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// SeedVersion is the version of the form of seeds. Another is refused.
const SeedVersion = 1

// Seed is what a sandbox holds before its first customer comes, in the form of a
// seed file, which is JSON. Everything but the version may be left out; a member
// that is not known is refused. What is seeded in a cloud that does not run here
// is passed over.
type Seed struct {
	// Version is SeedVersion.
	Version int        `json:"version"`
	AWS     SeedAWS    `json:"aws,omitzero"`
	Google  SeedGoogle `json:"google,omitzero"`
}

// SeedAWS is what is seeded in AWS.
type SeedAWS struct {
	// Gateways are Direct Connect gateways; ASN 0 means Amazon's default.
	Gateways []struct {
		Name string `json:"name"`
		ASN  int64  `json:"asn"`
	} `json:"gateways"`
	// VPCs, each with a virtual private gateway attached, whose routes the VPC's
	// route table takes. Region is that of the sandbox where it is left out;
	// both have the name as a tag.
	VPCs []struct {
		Region string `json:"region"`
		Name   string `json:"name"`
		CIDR   string `json:"cidr"`
	} `json:"vpcs"`
	// Environments change those that there are: State is "available", "limited"
	// or "unavailable", Bandwidths are what is sold, in any spelling. What is
	// left out stays as it is.
	Environments []struct {
		ID         string   `json:"id"`
		State      string   `json:"state"`
		Bandwidths []string `json:"bandwidths"`
	} `json:"environments"`
	// Quotas of connections in a region: all, requested, and with one provider.
	// 0 means AWS's default; less allows none.
	Quotas struct {
		Connections int `json:"connections"`
		Requested   int `json:"requested"`
		PerProvider int `json:"per_provider"`
	} `json:"quotas,omitzero"`
}

// SeedGoogle is what is seeded in Google. Project may be left out where it is
// the default project.
type SeedGoogle struct {
	// Projects are the ids of those that the caller may use.
	Projects []string `json:"projects"`
	// Networks are VPC networks in auto mode; MTU in bytes, 0 is Google's
	// default.
	Networks []struct {
		Project string `json:"project"`
		Name    string `json:"name"`
		MTU     int    `json:"mtu"`
	} `json:"networks"`
	// Hubs are Network Connectivity Center hubs.
	Hubs []struct {
		Project string `json:"project"`
		Name    string `json:"name"`
	} `json:"hubs"`
	// Profiles change the remote transport profiles that there are, as
	// SeedAWS.Environments does.
	Profiles []struct {
		Location   string   `json:"location"`
		Profile    string   `json:"profile"`
		Closed     bool     `json:"closed"`
		Bandwidths []string `json:"bandwidths"`
	} `json:"profiles"`
	// TransportQuota is how many transports a project may have in a region; 0
	// means Google's default, less is no limit.
	TransportQuota int `json:"transport_quota"`
}

// usualSeed is what Config.Seed promises.
func usualSeed() (Seed, error) {
	return ParseSeed(fmt.Appendf(nil, `{"version":%d,"aws":{"gateways":[{"name":%q,"asn":%d}],"vpcs":[{"name":%[2]q,"cidr":%[4]q}]},"google":{"networks":[{"name":%q,"mtu":%d}]}}`,
		SeedVersion, SeedGateway, SeedGatewayASN, SeedVPC, SeedNetwork, SeedNetworkMTU))
}

// ParseSeed reads a seed.
func ParseSeed(text []byte) (Seed, error) {
	var seed Seed
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&seed); err != nil {
		return seed, fmt.Errorf("reading a seed: %w", err)
	}
	if seed.Version != SeedVersion {
		return seed, fmt.Errorf("the seed has version %d; this sandbox reads version %d", seed.Version, SeedVersion)
	}
	return seed, nil
}

// seedOf is the seed that the configuration asks for: the file's, the usual one
// or none.
func seedOf(cfg Config) (Seed, error) {
	switch {
	case cfg.SeedFile != "":
		text, err := os.ReadFile(cfg.SeedFile)
		if err != nil {
			return Seed{}, fmt.Errorf("reading a seed: %w", err)
		}
		return ParseSeed(text)
	case cfg.Seed:
		return usualSeed()
	}
	return Seed{}, nil
}

// configure sets up what a cloud has to know from the start.
func (s Seed) configure(cfg *Config) {
	for _, id := range s.Google.Projects {
		cfg.Google.Projects = append(cfg.Google.Projects, sandboxgoogle.Project{ID: id})
	}
	if s.Google.TransportQuota != 0 {
		cfg.Google.TransportQuota = s.Google.TransportQuota
	}
	if q := (sandboxaws.Quotas{Connections: s.AWS.Quotas.Connections, Requested: s.AWS.Quotas.Requested, PerProvider: s.AWS.Quotas.PerProvider}); q != (sandboxaws.Quotas{}) {
		cfg.AWS.Quotas = q
	}
}

// sizes reads bandwidths.
func sizes(texts []string) ([]bandwidth.Bandwidth, error) {
	var all []bandwidth.Bandwidth
	for _, text := range texts {
		b, err := bandwidth.Parse(text)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// sow makes what is seeded in AWS, and returns the first gateway's id.
func (s SeedAWS) sow(cloud *sandboxaws.Cloud) (gateway string, err error) {
	for _, g := range s.Gateways {
		id := cloud.CreateGateway(g.Name, g.ASN)
		if gateway == "" {
			gateway = id
		}
	}
	for _, e := range s.Environments {
		sold, err := sizes(e.Bandwidths)
		if err == nil && len(sold) > 0 {
			err = cloud.SetEnvironmentBandwidths(e.ID, sold, sold)
		}
		state := sandboxaws.EnvironmentState(e.State)
		known := []sandboxaws.EnvironmentState{"", sandboxaws.EnvironmentAvailable, sandboxaws.EnvironmentLimited, sandboxaws.EnvironmentUnavailable}
		switch {
		case err != nil:
		case !slices.Contains(known, state):
			err = fmt.Errorf("%q is not a state: it is one of %q", state, known[1:])
		case state != "":
			err = cloud.SetEnvironmentState(e.ID, state)
		}
		if err != nil {
			return gateway, fmt.Errorf("environment %q: %w", e.ID, err)
		}
	}
	return gateway, nil
}

// sowVPCs makes the seeded VPCs, and returns the first one's virtual private
// gateway.
func (s SeedAWS) sowVPCs(cloud *sandboxaws.Cloud) (first string, err error) {
	for _, v := range s.VPCs {
		prefix, err := netip.ParsePrefix(v.CIDR)
		if err != nil || prefix != prefix.Masked() || !prefix.Addr().Is4() {
			return first, fmt.Errorf("VPC %q: %q is not an IPv4 network", v.Name, v.CIDR)
		}
		_, gateway := cloud.CreateVPC(cmp.Or(v.Region, DefaultAWSRegion), v.Name, v.CIDR)
		first = cmp.Or(first, gateway)
	}
	return first, nil
}

// sow makes what is seeded in Google.
func (s SeedGoogle) sow(cloud *sandboxgoogle.Cloud) error {
	project := func(id string) string {
		if id == "" {
			return sandboxgoogle.DefaultProject
		}
		return id
	}
	for _, n := range s.Networks {
		err := cloud.CreateNetwork(project(n.Project), n.Name)
		if err == nil && n.MTU != 0 {
			err = cloud.SetNetworkMTU(project(n.Project), n.Name, n.MTU)
		}
		if err != nil {
			return err
		}
	}
	for _, h := range s.Hubs {
		if err := cloud.CreateHub(project(h.Project), h.Name); err != nil {
			return err
		}
	}
	for _, p := range s.Profiles {
		sold, err := sizes(p.Bandwidths)
		if err == nil && len(sold) > 0 {
			err = cloud.SetProfileBandwidths(p.Location, p.Profile, sold...)
		}
		if err == nil {
			err = cloud.SetProfileOrderState(p.Location, p.Profile, !p.Closed)
		}
		if err != nil {
			return fmt.Errorf("profile %q: %w", p.Profile, err)
		}
	}
	return nil
}
