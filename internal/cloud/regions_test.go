package cloud_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

func TestInAllKeepsTheOrderOfTheRegions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		regions := []string{"a", "b", "c", "d", "e"}
		got, err := cloud.InAll(regions, 3, func(r string) ([]string, error) {
			// The first are the last to answer.
			pass(t, time.Duration('f'-r[0])*time.Second)
			if r == "c" {
				return nil, nil
			}
			return []string{r + "1", r + "2"}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"a1", "a2", "b1", "b2", "d1", "d2", "e1", "e2"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestInAllAsksSoManyAtOnce(t *testing.T) {
	for atOnce, want := range map[int]int64{-1: 1, 0: 1, 1: 1, 4: 4, 100: 10} {
		t.Run(fmt.Sprint(atOnce), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var now, most atomic.Int64
				_, err := cloud.InAll(make([]string, 10), atOnce, func(string) ([]int, error) {
					n := now.Add(1)
					defer now.Add(-1)
					for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
					}
					pass(t, time.Second)
					return nil, nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if got := most.Load(); got != want {
					t.Errorf("%d were asked at once, want %d", got, want)
				}
			})
		})
	}
}

func TestInAllSaysAllThatFailed(t *testing.T) {
	denied := &cloud.Error{Kind: cloud.Denied, End: "AWS", Message: "no"}
	got, err := cloud.InAll([]string{"a", "b", "c"}, 2, func(r string) ([]string, error) {
		switch r {
		case "a":
			return []string{"a"}, nil
		case "b":
			return nil, errors.New("b is broken")
		}
		return nil, denied
	})
	if got != nil {
		t.Errorf("there are answers in spite of the error: %q", got)
	}
	if !errors.Is(err, denied) || !strings.Contains(err.Error(), "b is broken") {
		t.Errorf("got %v, want both errors", err)
	}
	if cloud.KindOf(err) != cloud.Denied {
		t.Errorf("the kind is %v", cloud.KindOf(err))
	}
}

func TestInAllGivesASliceOfItsOwn(t *testing.T) {
	kept := []string{"kept"}
	got, err := cloud.InAll([]string{"a"}, 1, func(string) ([]string, error) { return kept, nil })
	if err != nil {
		t.Fatal(err)
	}
	got[0] = "changed"
	if kept[0] != "kept" {
		t.Error("what f keeps was changed through the answer")
	}
}

func TestInAllOfNoRegions(t *testing.T) {
	got, err := cloud.InAll(nil, 1, func(string) ([]string, error) { return nil, errors.New("asked") })
	if len(got) != 0 || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}
