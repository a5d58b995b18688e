package activation_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// document is the JSON of a key that is in order.
const document = `{"version":1,"sharedConnectionUuid":"5f294f92-bafb-4011-916d-9b0bd2d9c1aa",` +
	`"destinationEnvironmentUri":"//networkconnectivity/aws-us-east-1","connectionSizeMbps":10000,"destinationAccountId":"123456789012"}`

// said is what document says.
func said() activation.Payload {
	return activation.Payload{
		Version: 1, SharedID: "5f294f92-bafb-4011-916d-9b0bd2d9c1aa", EnvironmentURI: "//networkconnectivity/aws-us-east-1",
		Bandwidth: 10 * bandwidth.Gbps, AccountID: "123456789012",
	}
}

// with is document with a part replaced by another.
func with(t testing.TB, old, by string) string {
	t.Helper()
	if strings.Count(document, old) != 1 {
		t.Fatalf("the document holds %q %d times", old, strings.Count(document, old))
	}
	return strings.Replace(document, old, by, 1)
}

func std(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func TestDecode(t *testing.T) {
	// The two question marks make the alphabets differ: "/" and "_".
	twoAlphabets := with(t, "//networkconnectivity", "??>?>~~~")
	odd := said()
	odd.EnvironmentURI = "??>?>~~~/aws-us-east-1"
	if !strings.ContainsAny(std(twoAlphabets), "+/") {
		t.Fatal("the document does not tell the alphabets apart")
	}
	tests := map[string]struct {
		key  string
		want activation.Payload
	}{
		"standard alphabet":       {std(document), said()},
		"standard, odd":           {std(twoAlphabets), odd},
		"standard, no padding":    {strings.TrimRight(std(twoAlphabets), "="), odd},
		"URL alphabet":            {base64.URLEncoding.EncodeToString([]byte(twoAlphabets)), odd},
		"URL, no padding":         {base64.RawURLEncoding.EncodeToString([]byte(twoAlphabets)), odd},
		"space around":            {" \t" + std(document) + "\r\n", said()},
		"broken into lines":       {std(document)[:40] + "\n" + std(document)[40:], said()},
		"UUID in upper case":      {std(with(t, "5f294f92-bafb", "5F294F92-BAFB")), said()},
		"members we do not know":  {std(with(t, `"version":1`, `"version":1,"region":"x","more":{"a":[1]}`)), said()},
		"JSON with space":         {std(strings.ReplaceAll(document, ",", " ,\n ")), said()},
		"no version":              {std(with(t, `"version":1,`, "")), withVersion(0)},
		"version of another kind": {std(with(t, `"version":1`, `"version":2`)), withVersion(2)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := activation.NewKey(tt.key).Decode()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func withVersion(n int) activation.Payload {
	p := said()
	p.Version = n
	return p
}

// foreign are keys that are not in the published format.
func foreign(t testing.TB) map[string]string {
	return map[string]string{
		"none":                "",
		"space":               "   ",
		"not Base64":          "this is no key!",
		"Base64, cut":         std(document)[:41],
		"alphabets mixed":     "-_+/" + std(document),
		"padding inside":      std(document)[:8] + "=" + std(document)[8:],
		"not JSON":            std("opaque key material"),
		"JSON, cut":           std(document[:len(document)-1]),
		"JSON, more behind":   std(document + "{}"),
		"array":               std("[" + document + "]"),
		"string":              std(`"` + "key" + `"`),
		"null":                std("null"),
		"empty object":        std("{}"),
		"no shared id":        std(with(t, "sharedConnectionUuid", "shared")),
		"no environment":      std(with(t, "destinationEnvironmentUri", "environment")),
		"no size":             std(with(t, "connectionSizeMbps", "size")),
		"no account":          std(with(t, "destinationAccountId", "account")),
		"empty account":       std(with(t, "123456789012", "")),
		"UUID too short":      std(with(t, "5f294f92-", "5f294f9-")),
		"UUID with braces":    std(with(t, "5f294f92-bafb-4011-916d-9b0bd2d9c1aa", "{5f294f92-bafb-4011-916d-9b0bd2d9c1aa}")),
		"UUID without dashes": std(with(t, "5f294f92-bafb-4011-916d-9b0bd2d9c1aa", "5f294f92bafb4011916d9b0bd2d9c1aa")),
		"UUID, line behind":   std(with(t, "9b0bd2d9c1aa", `9b0bd2d9c1aa\n`)),
		"UUID, other letters": std(with(t, "5f294f92-bafb", "5f294f92-bafg")),
		"size zero":           std(with(t, "10000", "0")),
		"size negative":       std(with(t, "10000", "-10000")),
		"size as text":        std(with(t, "10000", `"10000"`)),
		"size a fraction":     std(with(t, "10000", "10000.5")),
		"size beyond int":     std(with(t, "10000", "99999999999999999999")),
		"too long":            std(with(t, "/aws-us-east-1", strings.Repeat("/", activation.MaxLength))),
		"too long by a byte":  std(document) + strings.Repeat(" ", activation.MaxLength+1-len(std(document))),
	}
}

func TestDecodeForeign(t *testing.T) {
	for name, text := range foreign(t) {
		t.Run(name, func(t *testing.T) {
			got, err := activation.NewKey(text).Decode()
			if !errors.Is(err, activation.ErrForeign) {
				t.Fatalf("got %v, want ErrForeign", err)
			}
			if got != (activation.Payload{}) {
				t.Errorf("got %+v with the error", got)
			}
			checkQuotes(t, err.Error(), text)
		})
	}
}

func TestDecodeTakesTheLongestKey(t *testing.T) {
	text := std(document) + strings.Repeat(" ", activation.MaxLength-len(std(document)))
	if _, err := activation.NewKey(text).Decode(); err != nil {
		t.Errorf("a key of %d bytes: %v", len(text), err)
	}
}

// checkQuotes holds that a text shows no part of a key worth the name.
func checkQuotes(t testing.TB, text, key string) {
	t.Helper()
	const telling = 8
	for i := 0; i+telling <= len(key); i++ {
		if part := key[i : i+telling]; strings.TrimSpace(part) != "" && strings.Contains(text, part) {
			t.Fatalf("%q shows the key's %q", text, part)
		}
	}
}

func TestEncodeAndDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := activation.Payload{
			Version:        rapid.Int().Draw(t, "version"),
			SharedID:       rapid.StringMatching(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).Draw(t, "shared id"),
			EnvironmentURI: rapid.StringMatching(`[ -~]{1,80}|\p{L}{1,20}`).Draw(t, "environment"),
			Bandwidth:      bandwidth.FromMbps(rapid.IntRange(1, bandwidth.Max.InMbps()).Draw(t, "Mbps")),
			AccountID:      rapid.StringMatching(`[a-z0-9-]{1,40}`).Draw(t, "account"),
		}
		key, err := want.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := key.Decode()
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func TestZeroKey(t *testing.T) {
	var zero activation.Key
	switch {
	case !zero.IsZero():
		t.Error("the zero Key is a key")
	case zero != activation.NewKey(""):
		t.Error("the key of no text is not the zero Key")
	case zero.Reveal() != "" || zero.String() != "" || fmt.Sprint(zero) != "":
		t.Errorf("the zero Key shows %q, %q, %q", zero.Reveal(), zero.String(), fmt.Sprint(zero))
	}
	if text, err := json.Marshal(zero); string(text) != `""` || err != nil {
		t.Errorf("the zero Key is %s in JSON, %v", text, err)
	}
}

func TestKeysAreComparedByText(t *testing.T) {
	a, same, other := activation.NewKey("opaque"), activation.NewKey("opa"+"que"), activation.NewKey("other")
	if a != same || !a.Equal(same) {
		t.Error("keys of one text are not equal")
	}
	if a == other || a.Equal(other) || a.Equal(activation.Key{}) {
		t.Error("keys of two texts are equal")
	}
	if a.Reveal() != "opaque" || a.IsZero() {
		t.Errorf("the key reveals %q", a.Reveal())
	}
}

// holder has keys where fmt reaches them by their methods, and where it cannot.
type holder struct {
	Shown  activation.Key
	hidden activation.Key
	Point  *activation.Key
	List   []activation.Key
	ByName map[string]activation.Key
	boxed  any
}

func TestKeysAreNeverShown(t *testing.T) {
	const secret = "c2VjcmV0LWFjdGl2YXRpb24ta2V5"
	key := activation.NewKey(secret)
	held := holder{key, key, &key, []activation.Key{key}, map[string]activation.Key{"k": key}, key}
	// What fmt makes of a text that is not hidden: %x and %X do not show it as
	// it is, and still give it away.
	shows := func(s string) bool {
		for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprintf("% x", secret), fmt.Sprintf("%d", []byte(secret))} {
			if strings.Contains(s, form) {
				return true
			}
		}
		return false
	}
	if !shows(fmt.Sprintf("%x", secret)) {
		t.Fatal("the test cannot fail")
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "% x", "%20s", "%T", "%t", "%!"} {
		for what, value := range map[string]any{"key": key, "pointer": &key, "struct": held, "pointer to struct": &held, "list": []any{key, held}} {
			if s := fmt.Sprintf(verb, value); shows(s) {
				t.Errorf("%s of a %s shows the key: %s", verb, what, s)
			}
		}
	}
	if got := fmt.Sprintf("%v %s", key, key); got != "(activation key) (activation key)" {
		t.Errorf("a key prints as %q", got)
	}
	for what, err := range map[string]error{
		"wrapped": fmt.Errorf("redeeming %v: %w", key, errors.New("refused")),
		"joined":  errors.Join(fmt.Errorf("redeeming %s", key), fmt.Errorf("%+v", held)),
	} {
		if shows(err.Error()) {
			t.Errorf("%s error shows the key: %v", what, err)
		}
	}
	text, err := json.Marshal(map[string]any{"key": key, "held": held.Shown, "list": held.List, "map": held.ByName, "point": held.Point})
	if err != nil || shows(string(text)) {
		t.Errorf("JSON is %s, %v", text, err)
	}
}

func TestKeysAreNeverLogged(t *testing.T) {
	const secret = "c2VjcmV0LWFjdGl2YXRpb24ta2V5"
	key := activation.NewKey(secret)
	var out bytes.Buffer
	for name, handler := range map[string]slog.Handler{
		"text": slog.NewTextHandler(&out, nil),
		"JSON": slog.NewJSONHandler(&out, nil),
	} {
		t.Run(name, func(t *testing.T) {
			out.Reset()
			slog.New(handler).Info("redeeming", "key", key, "pointer", &key, "list", []activation.Key{key}, "held", holder{Shown: key, hidden: key})
			switch got := out.String(); {
			case strings.Contains(got, secret):
				t.Errorf("the log shows the key: %s", got)
			case !strings.Contains(got, "(activation key)"):
				t.Errorf("the log does not say that there is a key: %s", got)
			}
		})
	}
}

// FuzzDecode holds that whatever is taken for a key is read without a panic,
// that an error quotes nothing of it, and that what is read can be written.
func FuzzDecode(f *testing.F) {
	f.Add(std(document))
	f.Add(base64.RawURLEncoding.EncodeToString([]byte(document)))
	for _, text := range foreign(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		key := activation.NewKey(text)
		p, err := key.Decode()
		if err != nil {
			// The error is one fixed sentence: whatever the key, it cannot
			// quote it.
			if !errors.Is(err, activation.ErrForeign) || err.Error() != activation.ErrForeign.Error() || p != (activation.Payload{}) {
				t.Errorf("got %+v, %v", p, err)
			}
			return
		}
		if p.Bandwidth <= 0 || p.EnvironmentURI == "" || p.AccountID == "" || p.SharedID != strings.ToLower(p.SharedID) {
			t.Errorf("what is read is not complete: %+v", p)
		}
		again, err := p.Encode()
		if err != nil {
			t.Fatal(err)
		}
		// Written anew it may be longer than a key may be.
		if q, err := again.Decode(); len(again.Reveal()) <= activation.MaxLength && (err != nil || q != p) {
			t.Errorf("read %+v, written and read again %+v, %v", p, q, err)
		}
	})
}
