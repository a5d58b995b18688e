package sandbox

import (
	"fmt"
	"slices"
	"strings"

	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/switches"
)

// SetSwitch puts a switch of one of the clouds into a position, in the form
// "aws.UnknownConnection=denied". The error says what is wrong with the text.
func (c *Config) SetSwitch(text string) error {
	name, position, ok := strings.Cut(text, "=")
	which, name, dotted := strings.Cut(name, ".")
	var err error
	switch {
	case !ok || !dotted:
		return fmt.Errorf("%q is not CLOUD.SWITCH=POSITION, such as \"aws.UnknownConnection=denied\"", text)
	case Which(which) == AWS:
		err = switches.Set(sandboxaws.NamedSwitches(), &c.AWS.Switches, name, position)
	case Which(which) == Google:
		err = switches.Set(sandboxgoogle.NamedSwitches(), &c.Google.Switches, name, position)
	default:
		return fmt.Errorf("%q is not a cloud: it is %q or %q", which, AWS, Google)
	}
	if err != nil {
		return fmt.Errorf("setting a switch of %s: %w", which, err)
	}
	return nil
}

// OtherPositions are the positions of all switches that are not the default, as
// SetSwitch takes them. Those in which a client cannot but fail are left out.
func OtherPositions() []string {
	return slices.Concat(positions(AWS, sandboxaws.NamedSwitches()), positions(Google, sandboxgoogle.NamedSwitches()))
}

// positions are OtherPositions of one cloud.
func positions[S any](which Which, all []switches.Switch[S]) []string {
	var texts []string
	for _, s := range all {
		for _, position := range s.Others {
			if !s.Trouble {
				texts = append(texts, fmt.Sprintf("%s.%s=%s", which, s.Name, position))
			}
		}
	}
	return texts
}
