package googleend

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/oauth2"
	"google.golang.org/api/impersonate"
	"google.golang.org/api/option"
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
// when nil). It makes no call.
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
				return nil, fmt.Errorf("reading Google credentials: they are neither JSON nor a file that can be read: %w", err)
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
		return nil, fmt.Errorf("impersonating the service account %s: %w", s.Impersonate, err)
	}
	return []option.ClientOption{option.WithTokenSource(source)}, nil
}

// credentialsType is the kind of a credentials file.
func credentialsType(text []byte) (option.CredentialsType, error) {
	var file struct {
		Type option.CredentialsType `json:"type"`
	}
	if json.Unmarshal(text, &file) != nil {
		return "", errors.New("reading Google credentials: they are not JSON")
	}
	switch file.Type {
	case option.ServiceAccount, option.AuthorizedUser, option.ImpersonatedServiceAccount, option.ExternalAccount:
		return file.Type, nil
	}
	return "", fmt.Errorf("reading Google credentials: the type must be %q, %q, %q or %q",
		option.ServiceAccount, option.AuthorizedUser, option.ImpersonatedServiceAccount, option.ExternalAccount)
}
