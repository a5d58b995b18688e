package google_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

const (
	transports = "/v1/" + parent + "/transports"
	networks   = "/compute/v1/projects/" + project + "/global/networks"
)

func TestErrorBodies(t *testing.T) {
	f := setup(t)
	golden(t, "error_not_found.json", f.raw("GET", transports+"/x", "").body)
	golden(t, "error_compute_not_found.json", f.raw("GET", networks+"/x", "").body)
	golden(t, "error_unknown_field.json", f.raw("POST", transports+"?transportId=a", `{"adminEnabled":true,"colour":"red"}`).body)
	golden(t, "error_enum.json", f.raw("POST", transports+"?transportId=a", `{"bandwidth":"BPS_3G"}`).body)
	golden(t, "error_no_token.json", f.send("GET", transports, "", "").body)
	golden(t, "error_denied.json", f.raw("GET", strings.Replace(transports, project, "other-project", 1), "").body)
	f.mustCreate("a", googleFirst())
	_, err := f.create("b", googleFirst())
	wantError(t, err, 429, "")
	golden(t, "error_quota.json", f.raw("POST", transports+"?transportId=b", mustJSON(t, googleFirst())).body)
	f.cloud.SetSwitches(sandboxgoogle.Switches{NetworkConnectivityDisabled: true})
	golden(t, "error_disabled.json", f.raw("GET", transports, "").body)
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestBodiesThatDoNotFitTheMessage(t *testing.T) {
	f := setup(t)
	tests := map[string]struct{ body, message string }{
		"unknown field":        {`{"colour":1}`, `Invalid JSON payload received. Unknown name "colour" at 'transport': Cannot find field.`},
		"field of v1beta":      {`{"adminEnabled":true}`, `Unknown name "adminEnabled" at 'transport': Cannot find field.`},
		"two unknown fields":   {`{"b":1,"a":2}`, "at 'transport': Cannot find field.\nInvalid JSON payload received. Unknown name \"a\" at"},
		"enum":                 {`{"bandwidth":"BPS_3G"}`, `Invalid value at 'transport.bandwidth' (type.googleapis.com/google.cloud.networkconnectivity.v1.Transport.Bandwidth), "BPS_3G"`},
		"enum of stack types":  {`{"stackType":"IPV6"}`, `Invalid value at 'transport.stack_type' (type.googleapis.com/`},
		"number for a string":  {`{"remoteProfile":5}`, `Invalid value at 'transport.remote_profile' (TYPE_STRING), 5`},
		"string for a bool":    {`{"autoAccept":"yes"}`, `Invalid value at 'transport.auto_accept' (TYPE_BOOL), "yes"`},
		"string for a list":    {`{"advertisedRoutes":"10.0.0.0/8"}`, `Invalid value at 'transport.advertised_routes' (TYPE_STRING), "10.0.0.0/8"`},
		"number in a list":     {`{"advertisedRoutes":["10.0.0.0/8",7]}`, `Invalid value at 'transport.advertised_routes[1]' (TYPE_STRING), 7`},
		"number in a map":      {`{"labels":{"a":"b","c":1}}`, `Invalid value at 'transport.labels[1].value' (TYPE_STRING), 1`},
		"list for a string":    {`{"description":["x"]}`, `Unknown name "description" at 'transport': Proto field is not repeating, cannot start list.`},
		"list instead of body": {`[]`, `Unknown name "": Root element must be a message.`},
		"broken JSON":          {`{"description":`, `Unexpected token.`},
		"two values":           {`{}{}`, `Unexpected token.`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			for method, path := range map[string]string{"POST": transports + "?transportId=a", "PATCH": transports + "/a"} {
				r := f.raw(method, path, tc.body)
				code, message := r.code(t)
				if r.status != 400 || code != "INVALID_ARGUMENT" || !strings.Contains(message, tc.message) {
					t.Errorf("%s: HTTP %d %s %q", method, r.status, code, message)
				}
			}
		})
	}
}

func TestFieldsMayBeWrittenInSnakeCaseAndNullIsAbsent(t *testing.T) {
	f := setup(t)
	body := `{"remote_profile":"` + profileID + `","bandwidth":"BPS_1G","remote_account_id":"1","network":"default","hub":null,` +
		`"state":"ACTIVE","createTime":"2020-01-01T00:00:00Z","name":"x"}`
	if r := f.raw("POST", transports+"?transportId=a", body); r.status != 200 {
		t.Fatalf("HTTP %d: %s", r.status, r.body)
	}
	if got := f.transport("a"); got.State != "CREATING" || strings.HasPrefix(got.CreateTime, "2020") || got.Name != name("a") {
		t.Errorf("output-only fields were not ignored: %+v", got)
	}
}

func TestBodyOverOneMebibyteIsTooLarge(t *testing.T) {
	f := setup(t)
	r := f.raw("POST", transports+"?transportId=a", fmt.Sprintf(`{"description":%q}`, strings.Repeat("x", 1<<20)))
	if _, message := r.code(t); r.status != 413 || !strings.Contains(message, "exceeds the limit") {
		t.Errorf("HTTP %d: %s", r.status, message)
	}
}

func TestBearerTokenIsChecked(t *testing.T) {
	f := setup(t)
	tests := map[string]struct{ authorization, reason string }{
		"none":         {"", "CREDENTIALS_MISSING"},
		"wrong token":  {"Bearer nonsense", "ACCESS_TOKEN_TYPE_UNSUPPORTED"},
		"wrong scheme": {"Basic " + sandboxgoogle.AccessToken, "CREDENTIALS_MISSING"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := f.send("GET", transports, "", tc.authorization)
			if code, _ := r.code(t); r.status != 401 || code != "UNAUTHENTICATED" || !strings.Contains(r.body, tc.reason) {
				t.Errorf("HTTP %d: %s", r.status, r.body)
			}
			if r := f.send("GET", networks, "", tc.authorization); r.status != 401 {
				t.Errorf("compute: HTTP %d", r.status)
			}
		})
	}
	if r := f.send("GET", transports, "", "bearer "+sandboxgoogle.AccessToken); r.status != 200 {
		t.Errorf("a good token: HTTP %d", r.status)
	}
}

func TestOtherTokensCanBeConfigured(t *testing.T) {
	f := setup(t, func(c *sandboxgoogle.Config) { c.Tokens = []string{"one", "two"} })
	for token, status := range map[string]int{"one": 200, "two": 200, sandboxgoogle.AccessToken: 401} {
		if r := f.send("GET", transports, "", "Bearer "+token); r.status != status {
			t.Errorf("%s: HTTP %d", token, r.status)
		}
	}
}

func TestUnknownProjectIsDenied(t *testing.T) {
	f := setup(t)
	r := f.raw("GET", strings.Replace(transports, project, "other-project", 1), "")
	if code, message := r.code(t); r.status != 403 || code != "PERMISSION_DENIED" || !strings.Contains(message, "'networkconnectivity.transports.list'") {
		t.Errorf("HTTP %d %s %s", r.status, code, message)
	}
	r = f.raw("GET", strings.Replace(networks, project, "other-project", 1), "")
	if code, message := r.code(t); r.status != 403 || code != "forbidden" || !strings.Contains(message, "'compute.networks.list'") {
		t.Errorf("HTTP %d %s %s", r.status, code, message)
	}
}

func TestProjectsCanBeConfigured(t *testing.T) {
	f := setup(t, func(c *sandboxgoogle.Config) {
		c.Projects = []sandboxgoogle.Project{{ID: "acme-one", Number: 11}, {ID: "acme-two"}}
	})
	for ref, status := range map[string]int{"acme-one": 200, "11": 200, "acme-two": 200, project: 403} {
		if r := f.raw("GET", strings.Replace(transports, project, ref, 1), ""); r.status != status {
			t.Errorf("%s: HTTP %d", ref, r.status)
		}
	}
	f = setup(t, func(c *sandboxgoogle.Config) { c.AnyProject = true })
	for ref, status := range map[string]int{"acme-one": 200, project: 200, "X": 403} {
		if r := f.raw("GET", strings.Replace(transports, project, ref, 1), ""); r.status != status {
			t.Errorf("any project, %s: HTTP %d", ref, r.status)
		}
	}
}

func TestDisabledServiceIsForbidden(t *testing.T) {
	f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.NetworkConnectivityDisabled = true }))
	r := f.raw("GET", transports, "")
	if _, message := r.code(t); r.status != 403 || !strings.Contains(message, "API has not been used in project 480112233445 before or it is disabled") {
		t.Errorf("HTTP %d: %s", r.status, message)
	}
	if r := f.raw("GET", networks, ""); r.status != 200 {
		t.Errorf("compute: HTTP %d", r.status)
	}
	f.cloud.SetSwitches(sandboxgoogle.Switches{ComputeDisabled: true})
	if r := f.raw("GET", networks, ""); r.status != 403 {
		t.Errorf("compute: HTTP %d", r.status)
	}
}

func TestQueryParameters(t *testing.T) {
	f := setup(t)
	tests := map[string]int{
		"alt=json": 200, "alt=json&prettyPrint=false&fields=transports(name)": 200, "key=x&quotaUser=me&$.xgafv=1": 200,
		"alt=media": 400, "colour=red": 400, "transportId=a": 400,
	}
	for query, status := range tests {
		if r := f.raw("GET", transports+"?"+query, ""); r.status != status {
			t.Errorf("%s: HTTP %d %s", query, r.status, r.body)
		}
	}
	r := f.raw("GET", transports+"?colour=red", "")
	if !strings.Contains(r.body, `Cannot bind query parameter. Field 'colour' could not be found in request message.`) {
		t.Error(r.body)
	}
}

func TestPrettyPrint(t *testing.T) {
	f := setup(t)
	if r := f.raw("GET", "/v1/"+profileName, ""); !strings.HasPrefix(r.body, "{\n  \"name\"") {
		t.Errorf("by default: %q", r.body)
	}
	if r := f.raw("GET", "/v1/"+profileName+"?prettyPrint=false", ""); strings.Count(r.body, "\n") != 1 {
		t.Errorf("prettyPrint=false: %q", r.body)
	}
}

func TestUnknownPathIsAPage(t *testing.T) {
	f := setup(t)
	for _, request := range []string{
		"GET /v2/" + parent + "/transports", "GET /v1alpha/" + parent + "/transports", "GET /v1/" + parent + "/remoteTransportProfiles:fromActivationKey", "GET /v1/projects/" + project + "/locations/us-east4/hubs", "PUT " + transports + "/a", "GET /",
		"POST /v1/" + parent + "/operations/x", "POST " + transports + "/a:getStatus", "GET " + transports + "/a:getStatus", "DELETE /v1/" + parent + "/operations/x:cancel",
	} {
		method, path, _ := strings.Cut(request, " ")
		r := f.raw(method, path, "")
		if r.status != http.StatusNotFound || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: HTTP %d %s", request, r.status, r.header.Get("Content-Type"))
		}
	}
}
