package interconnect_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	smithyendpoints "github.com/aws/smithy-go/endpoints"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
)

// errStop ends a call once its request has been seen.
var errStop = errors.New("seen")

// capture is an HTTPClient that keeps the URL and goes no further.
type capture struct{ url, auth string }

func (c *capture) Do(r *http.Request) (*http.Response, error) {
	c.url, c.auth = r.URL.String(), r.Header.Get("Authorization")
	return nil, errStop
}

func TestEndpoints(t *testing.T) {
	fips := interconnect.EndpointResolverOptions{UseFIPSEndpoint: aws.FIPSEndpointStateEnabled}
	tests := map[string]struct {
		region, base string
		options      interconnect.EndpointResolverOptions
		url, scope   string
		wantErr      string
	}{
		"commercial":        {region: "us-east-1", url: "https://interconnect.us-east-1.api.aws/", scope: "us-east-1"},
		"commercial FIPS":   {region: "us-east-1", options: fips, url: "https://interconnect-fips.us-east-1.api.aws/"},
		"newer commercial":  {region: "zz-north-9", url: "https://interconnect.zz-north-9.api.aws/"},
		"government":        {region: "us-gov-west-1", url: "https://interconnect.us-gov-west-1.api.aws/"},
		"China":             {region: "cn-north-1", url: "https://interconnect.cn-north-1.api.amazonwebservices.com.cn/", scope: "cn-north-1"},
		"China FIPS":        {region: "cn-northwest-1", options: fips, url: "https://interconnect-fips.cn-northwest-1.api.amazonwebservices.com.cn/"},
		"Europe, sovereign": {region: "eusc-de-east-1", url: "https://interconnect.eusc-de-east-1.api.amazonwebservices.eu/"},
		"iso":               {region: "us-iso-east-1", url: "https://interconnect.us-iso-east-1.api.aws.ic.gov/"},
		"iso b":             {region: "us-isob-east-1", url: "https://interconnect.us-isob-east-1.api.aws.scloud/"},
		"iso e":             {region: "eu-isoe-west-1", url: "https://interconnect.eu-isoe-west-1.api.cloud-aws.adc-e.uk/"},
		"iso f":             {region: "us-isof-south-1", url: "https://interconnect.us-isof-south-1.api.aws.hci.ic.gov/"},
		"pseudo region":     {region: "fips-us-west-2", url: "https://interconnect-fips.us-west-2.api.aws/", scope: "us-west-2"},
		"pseudo region end": {region: "us-west-2-fips", url: "https://interconnect-fips.us-west-2.api.aws/", scope: "us-west-2"},
		"dual stack": {
			region:  "us-east-1",
			options: interconnect.EndpointResolverOptions{UseDualStackEndpoint: aws.DualStackEndpointStateEnabled},
			url:     "https://interconnect.us-east-1.api.aws/",
		},
		"no TLS": {
			region: "us-east-1", options: interconnect.EndpointResolverOptions{DisableHTTPS: true},
			url: "http://interconnect.us-east-1.api.aws/",
		},
		"custom":           {region: "us-east-1", base: "https://example.com:8443/aws/", url: "https://example.com:8443/aws/", scope: "us-east-1"},
		"custom FIPS":      {region: "us-east-1", base: "https://example.com", options: fips, wantErr: "FIPS and custom endpoint are not supported"},
		"custom no region": {base: "https://example.com", wantErr: "missing Region"},
		"no region":        {wantErr: "Missing Region"},
		"no region FIPS":   {options: fips, wantErr: "Missing Region"},
		"no host label":    {region: "us-east-1.example.com/", wantErr: "invalid input region"},
		"no URL":           {region: "us-east-1", base: "://", wantErr: "parsing the endpoint"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			seen := new(capture)
			o := interconnect.Options{
				Region: test.region, EndpointOptions: test.options, HTTPClient: seen,
				Credentials: credentials, Retryer: aws.NopRetryer{},
			}
			if test.base != "" {
				o.BaseEndpoint = &test.base
			}
			_, err := get(t, interconnect.New(o))
			if test.wantErr != "" {
				if !strings.Contains(err.Error(), test.wantErr) || seen.url != "" {
					t.Errorf("error = %v, URL %q, want %q and no request", err, seen.url, test.wantErr)
				}
				return
			}
			if !errors.Is(err, errStop) || seen.url != test.url {
				t.Errorf("URL = %q, error %v, want %q", seen.url, err, test.url)
			}
			if !strings.Contains(seen.auth, "/"+test.scope) {
				t.Errorf("Authorization %q is not for %q", seen.auth, test.scope)
			}
		})
	}
}

type fixedEndpoint struct{ smithyendpoints.Endpoint }

func (f fixedEndpoint) ResolveEndpoint(_ context.Context, p interconnect.EndpointParameters) (smithyendpoints.Endpoint, error) {
	f.URI.Host = *p.Region + ".example.com"
	return f.Endpoint, nil
}

func TestEndpointResolverOfTheCaller(t *testing.T) {
	seen := new(capture)
	var e fixedEndpoint
	e.URI.Scheme = "https"
	_, err := get(t, interconnect.New(interconnect.Options{Region: "us-east-1", HTTPClient: seen, Retryer: aws.NopRetryer{}},
		interconnect.WithEndpointResolverV2(e)))
	if !errors.Is(err, errStop) || seen.url != "https://us-east-1.example.com/" {
		t.Errorf("URL = %q, error %v", seen.url, err)
	}
}

// TestConfiguration loads the SDK's configuration as users set it.
func TestConfiguration(t *testing.T) {
	const (
		general  = "AWS_ENDPOINT_URL"
		own      = "AWS_ENDPOINT_URL_INTERCONNECT"
		standard = "https://interconnect.eu-west-2.api.aws/"
	)
	const sectioned = "[default]\nendpoint_url = https://file.example.com\nservices = mine\n" +
		"[services mine]\ninterconnect =\n  endpoint_url = https://file-own.example.com\n"
	tests := map[string]struct {
		env    map[string]string
		file   string
		option func(*interconnect.Options)
		want   string
	}{
		"nothing set":            {want: standard},
		"general variable":       {env: map[string]string{general: "https://env.example.com"}, want: "https://env.example.com/"},
		"own variable":           {env: map[string]string{own: "https://own.example.com"}, want: "https://own.example.com/"},
		"own before general":     {env: map[string]string{general: "https://env.example.com", own: "https://own.example.com"}, want: "https://own.example.com/"},
		"file, general":          {file: "[default]\nendpoint_url = https://file.example.com\n", want: "https://file.example.com/"},
		"file, section":          {file: sectioned, want: "https://file-own.example.com/"},
		"variable before file":   {env: map[string]string{general: "https://env.example.com"}, file: sectioned, want: "https://env.example.com/"},
		"own before file":        {env: map[string]string{own: "https://own.example.com"}, file: sectioned, want: "https://own.example.com/"},
		"others' are not ours":   {env: map[string]string{"AWS_ENDPOINT_URL_EC2": "https://ec2.example.com"}, want: standard},
		"ignored":                {env: map[string]string{own: "https://own.example.com", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, want: standard},
		"ignored, general":       {env: map[string]string{general: "https://env.example.com", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, want: standard},
		"ignored, file":          {env: map[string]string{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, file: sectioned, want: standard},
		"FIPS by variable":       {env: map[string]string{"AWS_USE_FIPS_ENDPOINT": "true"}, want: "https://interconnect-fips.eu-west-2.api.aws/"},
		"dual stack by variable": {env: map[string]string{"AWS_USE_DUALSTACK_ENDPOINT": "true"}, want: standard},
		"option before all": {
			env:    map[string]string{own: "https://own.example.com"},
			option: func(o *interconnect.Options) { o.BaseEndpoint = new("https://option.example.com") },
			want:   "https://option.example.com/",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "config")
			if err := os.WriteFile(file, []byte(test.file), 0o600); err != nil {
				t.Fatal(err)
			}
			clearAWSEnvironment(t)
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			seen := new(capture)
			cfg, err := config.LoadDefaultConfig(t.Context(),
				config.WithRegion("eu-west-2"), config.WithCredentialsProvider(credentials), config.WithHTTPClient(seen),
				config.WithSharedConfigFiles([]string{file}), config.WithSharedCredentialsFiles([]string{file}),
				config.WithRetryer(func() aws.Retryer { return aws.NopRetryer{} }))
			if err != nil {
				t.Fatal(err)
			}
			var optFns []func(*interconnect.Options)
			if test.option != nil {
				optFns = append(optFns, test.option)
			}
			_, err = get(t, interconnect.NewFromConfig(cfg, optFns...))
			if !errors.Is(err, errStop) || seen.url != test.want {
				t.Errorf("URL = %q, error %v, want %q", seen.url, err, test.want)
			}
		})
	}
}

// clearAWSEnvironment hides the AWS settings of the machine that runs the test.
func clearAWSEnvironment(t *testing.T) {
	t.Helper()
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		if strings.HasPrefix(name, "AWS_") {
			// Setenv puts the value back after the test.
			t.Setenv(name, "")
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestConfigurationReachesTheClient(t *testing.T) {
	cfg := aws.Config{
		Region: "us-east-1", AppID: "app", RetryMode: aws.RetryModeAdaptive, RetryMaxAttempts: 4,
		ClientLogMode: aws.LogRetries, DisableClockSkewCorrection: true,
		ServiceOptions: []func(string, any){func(id string, o any) {
			if id == "Interconnect" {
				o.(*interconnect.Options).AppID = "from service options"
			}
		}},
	}
	o := interconnect.NewFromConfig(cfg).Options()
	if o.Region != "us-east-1" || o.AppID != "from service options" || o.RetryMode != aws.RetryModeAdaptive ||
		o.ClientLogMode != aws.LogRetries || !o.DisableClockSkewCorrection || o.Retryer.MaxAttempts() != 4 {
		t.Errorf("options = %+v", o)
	}
}
