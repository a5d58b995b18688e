package crash

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// listener is a provider's server that keeps what the provider says to the user.
type listener struct {
	tfprotov6.ProviderServer
	said []*tfprotov6.Diagnostic
	// read, applied and imported are the identities last returned by each call.
	read, applied, imported *tfprotov6.ResourceIdentityData
}

func (l *listener) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := l.ProviderServer.ReadResource(ctx, req)
	if resp != nil {
		l.said, l.read = append(l.said, resp.Diagnostics...), resp.NewIdentity
	}
	return resp, err
}

func (l *listener) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := l.ProviderServer.PlanResourceChange(ctx, req)
	if resp != nil {
		l.said = append(l.said, resp.Diagnostics...)
	}
	return resp, err
}

func (l *listener) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := l.ProviderServer.ApplyResourceChange(ctx, req)
	if resp != nil {
		l.said, l.applied = append(l.said, resp.Diagnostics...), resp.NewIdentity
	}
	return resp, err
}

func (l *listener) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	resp, err := l.ProviderServer.ImportResourceState(ctx, req)
	if resp != nil {
		l.said = append(l.said, resp.Diagnostics...)
		for _, r := range resp.ImportedResources {
			l.imported = r.Identity
		}
	}
	return resp, err
}

// all is everything said since the last call, warnings and errors.
func (l *listener) all() string {
	var texts []string
	for _, d := range l.said {
		texts = append(texts, d.Severity.String()+": "+d.Summary+"\n"+d.Detail)
	}
	l.said = nil
	return strings.Join(texts, "\n\n")
}

// listened starts an engine in a world, and hears what its provider says.
func listened(t testing.TB, w *world) (*engine, *listener) {
	t.Helper()
	e, err := start(t.Context(), w.stage, w.file)
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{ProviderServer: e.server}
	e.server = l
	return e, l
}

// peaceful is a world with what a configuration makes, and nothing wrong.
func peaceful(t testing.TB, before map[string]any) *world {
	t.Helper()
	w, err := newWorld(t, scenario{before: before})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// text reads a string of the state by its path, such as "aws.arn".
func (w *world) text(path string) string {
	p := tftypes.NewAttributePath()
	for step := range strings.SplitSeq(path, ".") {
		p = p.WithAttributeName(step)
	}
	v, _, err := tftypes.WalkAttributePath(w.file.state, p)
	value, ok := v.(tftypes.Value)
	var text string
	if err != nil || !ok || value.As(&text) != nil {
		return ""
	}
	return text
}
