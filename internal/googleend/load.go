package googleend

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/oauth2"
	"google.golang.org/api/impersonate"
	"google.golang.org/api/option"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// scope is the one OAuth scope that the APIs take (discovery document,
// networkconnectivity v1).
const scope = "https://www.googleapis.com/auth/cloud-platform"

// Settings say how to reach Google Cloud. Every field may be empty: environment
// variables and Application Default Credentials give what is not said here.
type Settings struct {
	// Project and Region of ends that name none. From the environment:
	// GOOGLE_PROJECT, GOOGLE_CLOUD_PROJECT, GCLOUD_PROJECT,
	// CLOUDSDK_CORE_PROJECT; GOOGLE_REGION, GCLOUD_REGION,
	// CLOUDSDK_COMPUTE_REGION.
	Project, Region string
	// Credentials is a service account key or another credentials file: its
	// path or its JSON. From the environment: GOOGLE_CREDENTIALS.
	Credentials string
	// AccessToken is an OAuth token, used as it is. From the environment:
	// GOOGLE_OAUTH_ACCESS_TOKEN.
	AccessToken string
	// Impersonate is the service account to act as. From the environment:
	// GOOGLE_IMPERSONATE_SERVICE_ACCOUNT.
	Impersonate string
	// Endpoints replace Google's own. From the environment:
	// GOOGLE_NETWORK_CONNECTIVITY_CUSTOM_ENDPOINT, GOOGLE_COMPUTE_CUSTOM_ENDPOINT.
	Endpoints Endpoints
	// UserAgent goes in front of the SDK's own.
	UserAgent string
}

// Load makes an Account from the settings and what getenv provides (os.Getenv
// when nil). It makes no call. Credentials that cannot be used are a
// cloud.Denied, which quotes nothing of them.
func Load(ctx context.Context, s Settings, getenv func(string) string) (*Account, error) {
	if getenv == nil {
		getenv = os.Getenv
	}
	first := func(have string, names ...string) string {
		for _, n := range names {
			have = cmp.Or(have, getenv(n))
		}
		return have
	}
	s.Project = first(s.Project, "GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT")
	s.Region = first(s.Region, "GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION")
	s.Impersonate = first(s.Impersonate, "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT")
	s.Endpoints.NetworkConnectivity = first(s.Endpoints.NetworkConnectivity, "GOOGLE_NETWORK_CONNECTIVITY_CUSTOM_ENDPOINT")
	s.Endpoints.Compute = first(s.Endpoints.Compute, "GOOGLE_COMPUTE_CUSTOM_ENDPOINT")
	if s.Credentials == "" {
		s.AccessToken = first(s.AccessToken, "GOOGLE_OAUTH_ACCESS_TOKEN")
	}
	if s.AccessToken == "" {
		s.Credentials = first(s.Credentials, "GOOGLE_CREDENTIALS")
	}
	options, err := credentials(ctx, s)
	if err != nil {
		return nil, err
	}
	return NewAccount(ctx, Options{
		ClientOptions: options, Project: s.Project, Region: s.Region, Endpoints: s.Endpoints, UserAgent: s.UserAgent,
	})
}

// credentials are the client options that authenticate; none means Application
// Default Credentials.
func credentials(ctx context.Context, s Settings) ([]option.ClientOption, error) {
	var base []option.ClientOption
	switch {
	case s.AccessToken != "":
		base = append(base, option.WithTokenSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.AccessToken})))
	case s.Credentials != "":
		text := []byte(s.Credentials)
		if !strings.HasPrefix(strings.TrimSpace(s.Credentials), "{") {
			var err error
			if text, err = os.ReadFile(s.Credentials); err != nil {
				return nil, badCredentials("they are neither JSON nor the path of a file that can be read", withoutPath(err))
			}
		}
		kind, err := credentialsType(text)
		if err != nil {
			return nil, err
		}
		base = append(base, option.WithAuthCredentialsJSON(kind, text))
	}
	if s.Impersonate == "" {
		return base, nil
	}
	source, err := impersonate.CredentialsTokenSource(ctx, impersonate.CredentialsConfig{TargetPrincipal: s.Impersonate, Scopes: []string{scope}}, base...)
	if err != nil {
		return nil, badCredentials("the service account "+s.Impersonate+" cannot be impersonated", err)
	}
	return []option.ClientOption{option.WithTokenSource(source)}, nil
}

// credentialsType is the kind of a credentials file. The key of a service
// account must be readable: the SDK would say so only in the middle of a call,
// as if the network had failed.
func credentialsType(text []byte) (option.CredentialsType, error) {
	var file struct {
		Type       option.CredentialsType `json:"type"`
		PrivateKey string                 `json:"private_key"`
	}
	if json.Unmarshal(text, &file) != nil {
		return "", badCredentials("they are not the JSON of a credentials file", nil)
	}
	switch file.Type {
	case option.ServiceAccount:
		if !readableKey(file.PrivateKey) {
			return "", badCredentials("their private_key is not a private key in PEM form", nil)
		}
		return file.Type, nil
	case option.AuthorizedUser, option.ImpersonatedServiceAccount, option.ExternalAccount:
		return file.Type, nil
	}
	return "", badCredentials(fmt.Sprintf("their type must be %q, %q, %q or %q",
		option.ServiceAccount, option.AuthorizedUser, option.ImpersonatedServiceAccount, option.ExternalAccount), nil)
}

// readableKey says that a text is a private key in one of the forms that the SDK
// takes.
func readableKey(text string) bool {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return false
	}
	_, pkcs8 := x509.ParsePKCS8PrivateKey(block.Bytes)
	_, pkcs1 := x509.ParsePKCS1PrivateKey(block.Bytes)
	_, ec := x509.ParseECPrivateKey(block.Bytes)
	return pkcs8 == nil || pkcs1 == nil || ec == nil
}

// badCredentials is the error of credentials that cannot be used. It quotes
// nothing of them; why, which may be nil, must not either.
func badCredentials(what string, why error) error {
	if why != nil {
		what += ": " + redact(why.Error())
	}
	return &cloud.Error{Kind: cloud.Denied, End: endName, Attempt: "use the Google credentials", Message: what, Remedy: credentialsRemedy}
}

// withoutPath is why a file could not be read, without its name: who gives the
// credentials themselves in another form has them taken for a path.
func withoutPath(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
