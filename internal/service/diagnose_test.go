package service_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

var update = flag.Bool("update", false, "write the golden files")

// show writes diagnostics as a reader sees them.
func show(diags ...diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "%s: %s\n", d.Severity(), d.Summary())
		if p, ok := d.(diag.DiagnosticWithPath); ok {
			fmt.Fprintf(&b, "  at %s\n", p.Path())
		}
		for line := range strings.SplitSeq(d.Detail(), "\n") {
			fmt.Fprintf(&b, "  | %s\n", line)
		}
	}
	return b.String()
}

// golden holds named texts against a file of testdata.
func golden(t *testing.T, name string, texts map[string]string) {
	t.Helper()
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(&b, "== %s\n%s\n", k, texts[k])
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s: -want +got (go test -update writes it):\n%s", file, diff)
	}
}

// refused is what AWS answers, as an end translates it.
func refused() *cloud.Error {
	return &cloud.Error{
		Kind: cloud.Precondition, End: "AWS", Attempt: "create the connection", Object: "mcc-1a2b3c4d", Field: "region",
		Code: "InterconnectClientException", Status: 400, Message: "The environment is not available.", RequestID: "7d1f",
		Remedy: "Choose another region.", Err: errors.New("the SDK's text"),
	}
}

// failed is an error of the domain without a cause.
func failed() *link.Error {
	return &link.Error{
		Code: link.CodeRefused, End: "Google", Field: "network", Summary: "Google transport: refused", Detail: "The network is gone.",
		Exists: "AWS connection mcc-1a2b3c4d: available; Google transport: absent", Remedy: "Apply again.",
	}
}

// edit is a copy of an error with something changed.
func edit[E any](e *E, change func(*E)) *E {
	change(e)
	return e
}

func TestDiagnose(t *testing.T) {
	caused := func(by error) *link.Error { return edit(failed(), func(e *link.Error) { e.Err = by }) }
	field := func(f string) *cloud.Error { return edit(refused(), func(e *cloud.Error) { e.Field = f }) }
	tests := map[string]error{
		"plain":                             errors.New("something broke"),
		"plain, wrapped":                    fmt.Errorf("reading the file: %w", os.ErrNotExist),
		"link":                              failed(),
		"link, wrapped":                     fmt.Errorf("converging: %w", failed()),
		"link, no field":                    edit(failed(), func(e *link.Error) { e.End, e.Field = "", "" }),
		"link, of a plain cause":            caused(context.DeadlineExceeded),
		"link of a plain cause, wrapped":    fmt.Errorf("converging: %w", caused(context.DeadlineExceeded)),
		"link, of a cloud":                  caused(refused()),
		"link, of a cloud, wrapped":         caused(fmt.Errorf("making the end: %w", refused())),
		"link, of a cloud without a field":  caused(field("")),
		"link, of a cloud without a remedy": caused(edit(refused(), func(e *cloud.Error) { e.Remedy = "" })),
		"link, of a cloud, same remedy":     edit(caused(refused()), func(e *link.Error) { e.Remedy = "Choose another region. Or none." }),
		"link, of a cloud, no own remedy":   edit(caused(refused()), func(e *link.Error) { e.Remedy = "" }),
		"cloud":                             refused(),
		"cloud, wrapped":                    fmt.Errorf("reading: %w", refused()),
		"cloud, one of several":             errors.Join(errors.New("the first"), refused(), errors.New("the last")),
		"cloud, field of the link":          field(".bandwidth"),
		"cloud, field of Google":            edit(refused(), func(e *cloud.Error) { e.End, e.Field = "Google", "advertised_routes" }),
		"cloud, element of a map":           field("tags.cost.center"),
		"cloud, no field":                   field(""),
		"cloud, finding of ours":            &cloud.Error{End: "Google", Field: "network", Attempt: "check the network", Message: "there is no network x in project p", Remedy: "Create it."},
		"cloud, that says a sentence":       &cloud.Error{End: "Google", Message: "There is no network."},
		"cloud, that never answered":        &cloud.Error{Kind: cloud.Unavailable, End: "Google", Attempt: "read the transport", Object: "projects/p/locations/l/transports/t", Err: errors.New("connection refused")},
		"cloud, that says nothing":          &cloud.Error{Kind: cloud.Throttled, End: "AWS", Attempt: "list the connections", Status: 429},
		"cloud, of nothing known":           &cloud.Error{End: "AWS"},
	}
	texts := map[string]string{}
	for name, err := range tests {
		texts[name] = show(service.Diagnose("The link was not created", err))
	}
	golden(t, "diagnose.txt", texts)
}

func TestDiagnoseEveryCode(t *testing.T) {
	texts := map[string]string{}
	for name, code := range codes(t) {
		err := &link.Error{Code: code, Summary: "Why", Detail: "What happened.", Exists: "What there is", Remedy: "Do this."}
		d := service.Diagnose("not shown", err)
		texts[name] = show(d)
		if !strings.Contains(d.Detail(), "Code: "+string(code)) {
			t.Errorf("%s: the detail does not name the code:\n%s", name, d.Detail())
		}
	}
	golden(t, "codes.txt", texts)
}

// codes are the codes that package link declares, by the name of the constant.
func codes(t *testing.T) map[string]link.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "link", "errors.go"), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]link.Code{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Code" {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		found[spec.Names[0].Name] = link.Code(value)
		return true
	})
	if found["CodeBroken"] != link.CodeBroken || found["CodeCloud"] != link.CodeCloud {
		t.Fatalf("the codes were not found: %v", found)
	}
	return found
}

func TestFindings(t *testing.T) {
	found := func(warning bool, end, field, message string) link.Finding {
		return link.Finding{Warning: warning, Err: &cloud.Error{
			Kind: cloud.Precondition, End: end, Field: field, Attempt: "check", Message: message, Remedy: "Change it.",
		}}
	}
	tests := map[string][]link.Finding{
		"none":                   nil,
		"error":                  {found(false, "AWS", "region", "region us-east-9 is joined with nothing")},
		"error, no field":        {found(false, "AWS", "", "the account may make no more connections")},
		"error, of the link":     {found(false, "Google", ".bandwidth", "3Gbps is not sold at both ends; both sell 1Gbps, 10Gbps")},
		"warning":                {found(true, "Google", "network", "network n could not be checked")},
		"warning, no field":      {found(true, "Google", "", "the quota may be used up")},
		"warning, of a map":      {found(true, "Google", "labels.team", "the label is shown to everybody")},
		"several, in order":      {found(false, "AWS", "region", "first"), found(true, "Google", "", "second"), found(false, "AWS", "", "third")},
		"what a cloud has said":  {{Err: refused()}},
		"warning of a cloud too": {{Err: refused(), Warning: true}},
	}
	texts := map[string]string{}
	for name, fs := range tests {
		texts[name] = show(service.Findings(fs)...)
		if service.Findings(fs).HasError() != slices.ContainsFunc(fs, func(f link.Finding) bool { return !f.Warning }) {
			t.Errorf("%s: errors and warnings are mixed up", name)
		}
	}
	golden(t, "findings.txt", texts)
}
