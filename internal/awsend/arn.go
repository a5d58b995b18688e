package awsend

import (
	"fmt"
	"regexp"
)

// arnForm is AmazonResourceName of the AWS service model.
var arnForm = regexp.MustCompile(`^arn:aws[a-z-]*:interconnect:([^:]+):([0-9]{12}):connection/((?:mcc|lmcc)-[a-z0-9]{8})$`)

// ParseARN takes the ARN of a connection apart:
// "arn:aws:interconnect:us-east-1:123456789012:connection/mcc-1a2b3c4d".
func ParseARN(arn string) (region, account, id string, err error) {
	m := arnForm.FindStringSubmatch(arn)
	if m == nil {
		return "", "", "", fmt.Errorf("%q is not the ARN of a connection: it has the form arn:aws:interconnect:REGION:ACCOUNT:connection/mcc-XXXXXXXX", arn)
	}
	return m[1], m[2], m[3], nil
}
