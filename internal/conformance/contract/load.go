package contract

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Set is every contract of what a link needs.
type Set struct {
	// AWS is AWS Interconnect's service model.
	AWS *AWS
	// Connectivity and Compute are Google's v1 documents, Beta stands for that
	// of v1beta.
	Connectivity, Compute *Discovery
	Beta                  *Beta
	// Coordinator is the API between the clouds.
	Coordinator *OpenAPI
}

// Load reads the contracts where they are: in the test data of this module, and
// in the module of Google's API clients. It asks the go command where that is.
func Load(ctx context.Context) (*Set, error) {
	const googleAPI, self = "google.golang.org/api", "github.com/terraform-crosscloud/terraform-provider-crosscloud"
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", self, googleAPI).Output()
	if err != nil {
		return nil, fmt.Errorf("asking the go command where the contracts are: %w", err)
	}
	dirs := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(dirs) != 2 {
		return nil, fmt.Errorf("looking for the contracts: the go command knows %d modules, not 2", len(dirs))
	}
	simulated := filepath.Join(dirs[0], "internal", "sandbox")
	s := &Set{Beta: LoadBeta()}
	var errs [4]error
	s.AWS, errs[0] = LoadAWS(filepath.Join(simulated, "aws", "testdata", "interconnect-2022-07-26.json"))
	s.Coordinator, errs[1] = LoadOpenAPI(filepath.Join(simulated, "coordinator", "testdata", "openapi", "openapi.yaml"))
	s.Connectivity, errs[2] = LoadDiscovery(filepath.Join(dirs[1], "networkconnectivity", "v1", "networkconnectivity-api.json"))
	s.Compute, errs[3] = LoadDiscovery(filepath.Join(dirs[1], "compute", "v1", "compute-api.json"))
	return s, errors.Join(errs[:]...)
}

// AtAWS are the rules of a door to AWS: Direct Connect, EC2 and STS are under no
// contract here.
func (s *Set) AtAWS() Rules { return Rules{Contracts: []Contract{s.AWS}} }

// AtGoogle are the rules of a door to Google: only the token endpoint is under no
// contract.
func (s *Set) AtGoogle() Rules {
	return Rules{Contracts: []Contract{s.Connectivity, s.Beta, s.Compute}, Closed: true, Open: []string{"/token"}}
}

// Between are the rules of a door from one cloud to the other: only what stands
// for BGP is under no contract.
func (s *Set) Between() Rules {
	return Rules{Contracts: []Contract{s.Coordinator}, Closed: true, Open: []string{routesPath}}
}

// Departures are where the clouds were seen to depart from their own contracts.
func (s *Set) Departures() []Departure {
	return []Departure{{
		Contract: s.AWS.Name(), Problem: `.connection: "activationKey" is required`,
		Why: "AWS does not show the key of a connection that it accepted (the acceptance tests of hashicorp/aws)",
	}}
}
