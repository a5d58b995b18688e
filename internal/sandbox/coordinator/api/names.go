package api

import (
	"regexp"
	"strings"
)

// idForm is what the API's examples show of ids (the document itself has no
// rule): letters, digits, dots, hyphens and underscores.
var idForm = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$`)

// ValidID says whether id can be the last part of a resource's name.
func ValidID(id string) bool { return idForm.MatchString(id) }

// ProviderName is a provider's resource name.
func ProviderName(provider string) string { return "providers/" + provider }

// Place is an interconnect of an environment, as Provider asks for it.
type Place struct{ Provider, Environment, Interconnect string }

// EnvironmentName is the resource name of the environment.
func (p Place) EnvironmentName() string {
	return ProviderName(p.Provider) + "/environments/" + p.Environment
}

// Name is the resource name of the interconnect.
func (p Place) Name() string { return p.EnvironmentName() + "/interconnects/" + p.Interconnect }

// Channel is the resource name of a channel.
func (p Place) Channel(id string) string { return p.Name() + "/channels/" + id }

// Connection is the resource name of a connection.
func (p Place) Connection(id string) string { return p.Name() + "/connections/" + id }

// For is the same place as another provider asks for it.
func (p Place) For(provider string) Place {
	p.Provider = provider
	return p
}

// ChannelID is the id of a channel of this place; false for any other name.
func (p Place) ChannelID(name string) (id string, ok bool) {
	id, ok = strings.CutPrefix(name, p.Channel(""))
	return id, ok && ValidID(id)
}

// LastID is the last part of a resource's name.
func LastID(name string) string { return name[strings.LastIndex(name, "/")+1:] }
