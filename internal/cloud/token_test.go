package cloud_test

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// The token of a call must not change from one release to the next: a repeated
// call would then make a second link.
func TestTokenIsStable(t *testing.T) {
	const want = "9665e49d-b5ce-4c85-9ef8-444aa30a656f"
	if got := cloud.Token("owner", "name", 0, "create", "us-east-1"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTokenHasTheFormOfAUUID(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.String()).Draw(t, "parts")
		if got := cloud.Token(toAny(parts)...); !form.MatchString(got) {
			t.Fatalf("%s is not a version 4 UUID", got)
		}
	})
}

func TestTokenDependsOnEveryPartAndItsBounds(t *testing.T) {
	tests := map[string][2][]any{
		"value":   {{"a", 1}, {"a", 2}},
		"order":   {{"a", "b"}, {"b", "a"}},
		"bounds":  {{"ab", "c"}, {"a", "bc"}},
		"number":  {{"a"}, {"a", ""}},
		"lengths": {{"1:a"}, {"1:", "a"}},
		"nothing": {{}, {""}},
	}
	for name, pair := range tests {
		t.Run(name, func(t *testing.T) {
			if a, b := cloud.Token(pair[0]...), cloud.Token(pair[1]...); a == b {
				t.Errorf("%q and %q have the same token", pair[0], pair[1])
			}
		})
	}
}

func toAny(ss []string) []any {
	as := make([]any, len(ss))
	for i, s := range ss {
		as[i] = s
	}
	return as
}
