package google_test

import (
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

func TestDeleteIsDeletingThenGone(t *testing.T) {
	f := setup(t)
	f.active("a")
	op, err := f.api.Transports.Delete(name("a")).Do()
	if err != nil || op.Done {
		t.Fatalf("%+v, %v", op, err)
	}
	f.state("a", "DELETING")
	_, err = f.api.Transports.Delete(name("a")).Do()
	wantError(t, err, 409, "ABORTED")
	_, err = f.patch("", &body{Description: "x"})
	wantError(t, err, 409, "ABORTED")
	f.clock.Advance(timing.Deleting - 1)
	f.state("a", "DELETING")
	f.clock.Advance(1)
	f.done(op)
	f.state("a", "")
	_, err = f.api.Transports.Delete(name("a")).Do()
	wantError(t, err, 404, "was not found")
	f.wantStates("a", "CREATING", "PENDING_KEY", "PENDING_CONFIG", "ACTIVE", "DELETING", "")
}

func TestDeleteTellsThePeerWhenItBegins(t *testing.T) {
	tests := map[string]struct {
		keep   bool
		joined bool
		told   int
	}{
		"joined":          {joined: true, told: 1},
		"never joined":    {joined: false, told: 0},
		"peer to be kept": {joined: true, keep: true, told: 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.KeepPeerOnDelete = tc.keep }))
			if tc.joined {
				f.active("a")
			} else {
				f.pendingKey("a")
			}
			if _, err := f.api.Transports.Delete(parent + "/transports/a").Do(); err != nil {
				t.Fatal(err)
			}
			f.clock.Advance(0)
			f.state("a", "DELETING")
			if got := f.peer.called("DeleteConnection"); got != tc.told {
				t.Errorf("the peer was told %d times, want %d", got, tc.told)
			}
		})
	}
}

func TestDeleteCannotBeDeclined(t *testing.T) {
	f := setup(t)
	f.active("a")
	f.peer.refuse("DeleteConnection", &coordinator.Error{Status: 400, Message: "no"})
	op, err := f.api.Transports.Delete(name("a")).Do()
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Deleting)
	f.done(op)
	f.state("a", "")
}

func TestDeleteWhileCreatingIsNotReady(t *testing.T) {
	f := setup(t)
	f.mustCreate("a", googleFirst())
	_, err := f.api.Transports.Delete(name("a")).Do()
	wantError(t, err, 400, "is not ready")
}

func TestDeleteWhileCreatingCanBeAllowed(t *testing.T) {
	for stage, wait := range map[string]time.Duration{"before the key is redeemed": 0, "after": timing.Operation} {
		t.Run(stage, func(t *testing.T) {
			f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.AllowDeleteWhileCreating = true }))
			create := f.mustCreate("a", awsFirst(encode(t, payload())))
			f.clock.Advance(wait)
			remove, err := f.api.Transports.Delete(name("a")).Do()
			if err != nil {
				t.Fatal(err)
			}
			f.failed(create, 10, "being deleted")
			f.clock.Advance(time.Hour)
			f.done(remove)
			f.state("a", "")
			f.wantStates("a", "CREATING", "DELETING", "")
			if made, gone := f.peer.called("CreateConnection"), f.peer.called("DeleteConnection"); made != gone {
				t.Errorf("the peer was asked to make %d connections and to delete %d", made, gone)
			}
		})
	}
}

func TestDeleteWithTheSameRequestIDIsTheSameOperation(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	first, err := f.api.Transports.Delete(name("a")).RequestId(sharedID).Do()
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Deleting)
	second, err := f.api.Transports.Delete(name("a")).RequestId(sharedID).Do()
	if err != nil || second.Name != first.Name || !second.Done {
		t.Errorf("got %+v, %v", second, err)
	}
}
