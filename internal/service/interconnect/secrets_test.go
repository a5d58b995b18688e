package interconnect_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// TestTheKeyIsNowhere makes a link each way with everything logged at TRACE, and
// fails another one half-way, and then looks for the activation keys in all that
// was written: state, plan, logs, errors.
func TestTheKeyIsNowhere(t *testing.T) {
	for _, initiator := range []string{"aws", "google"} {
		t.Run(initiator, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("TF_ACC_TEMP_DIR", dir)
			t.Setenv("TF_ACC_PERSIST_WORKING_DIR", "1")
			t.Setenv("TF_ACC_LOG_PATH", filepath.Join(dir, "provider.log"))
			t.Setenv("TF_LOG", "TRACE")
			t.Setenv("TF_LOG_SDK_PROTO_DATA_DIR", dir)
			t.Setenv("TF_LOG_PATH_MASK", filepath.Join(dir, "core-%s.log"))
			s := acceptance.New(t, refuseOnce(initiator))
			cfg := fixture(t, s, "min.tf", `owner = "acme/test"`)
			vars := config.Variables{"gateway": config.StringVariable(s.GatewayID), "initiator": config.StringVariable(initiator)}
			var shared string
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
				Steps: []resource.TestStep{
					{Config: cfg, ConfigVariables: vars, ExpectError: refusal},
					{Config: cfg, ConfigVariables: vars, Check: func(st *terraform.State) error {
						shared = st.RootModule().Resources[address].Primary.Attributes["shared_id"]
						return nil
					}},
				},
			})
			searched := search(t, dir, shared)
			if searched < 100_000 {
				t.Errorf("only %d bytes were written: the logs are not where this test looks", searched)
			}
		})
	}
}

// search looks through all files of a directory for an activation key: any
// Base64 text that decodes to something that speaks of a sharedConnectionUuid.
// The shared id itself is no secret and must be there, or the wrong files are
// searched.
func search(t *testing.T, dir, shared string) int {
	t.Helper()
	total, sharedSeen := 0, false
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Type()&os.ModeSymlink != 0 {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		total += len(text)
		sharedSeen = sharedSeen || strings.Contains(string(text), shared)
		for _, key := range acceptance.KeysIn(string(text)) {
			t.Errorf("%s holds an activation key: %.12s…", filepath.Base(path), key)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !sharedSeen {
		t.Error("the shared id is in none of the files: the wrong ones were searched")
	}
	return total
}

// TestSearchFindsKeys shows that the search above can fail.
func TestSearchFindsKeys(t *testing.T) {
	raw, err := json.Marshal(map[string]any{"sharedConnectionUuid": "x", "version": 1, "destinationAccountId": "sandbox-project"})
	if err != nil {
		t.Fatal(err)
	}
	line := `{"key": "` + base64.StdEncoding.EncodeToString(raw) + `"}`
	if len(acceptance.KeysIn(line)) != 1 || len(acceptance.KeysIn("nothing here")) != 0 {
		t.Error("the search does not find a key in a line that has one")
	}
}

// refuseOnce refuses the first redemption at the acceptor's cloud.
func refuseOnce(initiator string) func(*sandbox.Config) {
	return func(c *sandbox.Config) {
		var once sync.Once
		if initiator == "aws" {
			c.Google.Intercept = func(call sandboxgoogle.Call) (f *sandboxgoogle.Fault) {
				if strings.HasSuffix(call.Method, "transports.create") {
					once.Do(func() { f = &sandboxgoogle.Fault{Status: 403, Message: "scripted refusal"} })
				}
				return f
			}
			return
		}
		c.AWS.Intercept = func(call sandboxaws.Call) (f *sandboxaws.Fault) {
			if call.Operation == "AcceptConnectionProposal" {
				once.Do(func() {
					f = &sandboxaws.Fault{Err: &sandboxaws.Error{Status: 403, Code: "AccessDeniedException", Message: "scripted refusal"}}
				})
			}
			return f
		}
	}
}
