package acceptance

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/conformance/contract"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// contracts are read once: they are large.
var contracts = sync.OnceValues(func() (*contract.Set, error) { return contract.Load(context.Background()) })

// watched has every message at the doors of a test's sandbox held to the clouds'
// contracts. A violation fails the test.
func watched(t testing.TB) func(sandbox.Door, http.Handler) http.Handler {
	t.Helper()
	set, err := contracts()
	if err != nil {
		t.Fatal(err)
	}
	w := &contract.Watch{Departures: set.Departures(), Report: func(v contract.Violation) { t.Error(v) }}
	t.Cleanup(func() { t.Logf("\n%s", w.Summary()) })
	return func(d sandbox.Door, h http.Handler) http.Handler { return w.Front(Rules(set, d), h) }
}

// Rules are what is held to the contracts at a door of the sandbox.
func Rules(set *contract.Set, d sandbox.Door) contract.Rules {
	switch d {
	case sandbox.DoorAWS:
		return set.AtAWS()
	case sandbox.DoorGoogle:
		return set.AtGoogle()
	}
	return set.Between()
}
