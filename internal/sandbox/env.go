package sandbox

import (
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// Variable is an environment variable.
type Variable struct{ Name, Value string }

// Env are the variables that point the provider, the AWS CLI, boto3, gcloud and
// Google's clients at the sandbox.
func (s *Sandbox) Env() []Variable { return Env(s.AWSURL, s.GoogleURL) }

// Env are the variables for a sandbox at two base URLs.
func Env(awsURL, googleURL string) []Variable {
	return []Variable{
		{"AWS_ENDPOINT_URL", awsURL},
		{"AWS_ACCESS_KEY_ID", sandboxaws.DefaultAccessKeyID},
		{"AWS_SECRET_ACCESS_KEY", sandboxaws.DefaultSecretAccessKey},
		{"AWS_REGION", DefaultAWSRegion},
		{"AWS_DEFAULT_REGION", DefaultAWSRegion},
		{"AWS_EC2_METADATA_DISABLED", "true"},
		{"GOOGLE_OAUTH_ACCESS_TOKEN", sandboxgoogle.AccessToken},
		{"GOOGLE_PROJECT", sandboxgoogle.DefaultProject},
		{"GOOGLE_REGION", DefaultGoogleRegion},
		{"GOOGLE_NETWORK_CONNECTIVITY_CUSTOM_ENDPOINT", googleURL + "/v1/"},
		{"GOOGLE_COMPUTE_CUSTOM_ENDPOINT", googleURL + "/compute/v1/"},
		{"CLOUDSDK_CORE_PROJECT", sandboxgoogle.DefaultProject},
		{"CLOUDSDK_AUTH_ACCESS_TOKEN", sandboxgoogle.AccessToken},
		{"CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE", googleURL + "/compute/v1/"},
		{"CLOUDSDK_API_ENDPOINT_OVERRIDES_NETWORKCONNECTIVITY", googleURL + "/"},
	}
}
