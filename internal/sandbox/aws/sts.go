package aws

import (
	"context"
	"net/http"
)

const (
	stsVersion   = "2011-06-15"
	stsNamespace = "https://sts.amazonaws.com/doc/2011-06-15/"
)

// identity is the output of GetCallerIdentity.
type identity struct{ account, arn, userID string }

func (i identity) document() document {
	return document{"Account": i.account, "Arn": i.arn, "UserId": i.userID}
}

// sts is the Cloud as its customers see it through STS.
type sts struct{ *Cloud }

// service is STS: who am I.
func (c sts) service() *service {
	s := &service{
		name:       "sts",
		operations: map[string]operation{},
		invalid: func(format string, args ...any) *Error {
			e := validationError(format, args...)
			e.Code = "ValidationError"
			return e
		},
		unknown: func(operation string) *Error {
			return &Error{Code: "InvalidAction", Status: http.StatusBadRequest,
				Message: "Could not find operation " + quoteName(operation) + " for version " + stsVersion}
		},
	}
	handle(s, "GetCallerIdentity", readNothing, c.getCallerIdentity)
	return s
}

// nothing is an input without members.
type nothing struct{}

func readNothing(*reader) nothing { return nothing{} }

func (c sts) getCallerIdentity(_ context.Context, who caller, _ nothing) (identity, error) {
	return identity{
		account: who.account,
		arn:     "arn:aws:iam::" + who.account + ":user/sandbox",
		userID:  "AIDASANDBOX0000000000",
	}, nil
}
