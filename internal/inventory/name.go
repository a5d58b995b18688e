package inventory

import (
	"fmt"
	"regexp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
)

// NameForms says in words what names a link.
const NameForms = "the transport's full name (projects/<project>/locations/<region>/transports/<name>), " +
	"the connection's ARN, <aws region>/<connection id> (us-east-1/mcc-1a2b3c4d), or one of each with a comma between them"

// regional is AWS's ConnectionId (AWS service model) with the region in front.
var regional = regexp.MustCompile(`^([a-z]{2}(?:-[a-z]+)+-[0-9]{1,2})/((?:mcc|lmcc)-[a-z0-9]{8})$`)

// Name is one of a link's names, taken apart. It names the AWS end, or the
// Google end: ConnectionID or Transport is empty.
type Name struct {
	// ConnectionID of the AWS connection, and AccountID when the name says it
	// (an ARN does).
	ConnectionID, AccountID string
	// Project and Transport: the transport's project and id.
	Project, Transport string
	// Region that the named end lives in, in its cloud's spelling.
	Region string
}

// OfAWS says that the AWS end is named.
func (n Name) OfAWS() bool { return n.ConnectionID != "" }

// ParseName takes a link's name apart. The error says which forms there are.
func ParseName(id string) (Name, error) {
	if region, account, connection, err := awsend.ParseARN(id); err == nil {
		return Name{Region: region, ConnectionID: connection, AccountID: account}, nil
	}
	if m := regional.FindStringSubmatch(id); m != nil {
		return Name{Region: m[1], ConnectionID: m[2]}, nil
	}
	project, region, name, err := googleend.ParseTransportName(id)
	if err != nil {
		return Name{}, fmt.Errorf("%q names no link: give %s", clip(id), NameForms)
	}
	return Name{Region: region, Project: project, Transport: name}, nil
}

// clip keeps a hostile id from filling a message.
func clip(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
