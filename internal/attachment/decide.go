package attachment

import "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"

// action is what a step does.
type action int

const (
	// rest: nothing is left to do.
	rest action = iota
	// wait: the part will move by itself, or somebody else will move it.
	wait
	// create: the part is to be made.
	create
	// amend: it is to be changed in place.
	amend
	// remove: it is to be removed, to be made anew.
	remove
	// retire: the old part is to be removed.
	retire
	// stop: it cannot go on.
	stop
)

// situation is what decide goes by, of one part.
type situation struct {
	sight Sight
	drift []link.Drift
	// old is what was seen of the part that this one replaces; Absent when
	// there is none. beside says that both may stand.
	old    State
	beside bool
	// asked: see Want.
	asked bool
}

// decide names the one next step of a part, from nothing but what was seen.
func decide(s situation) action {
	gone := s.old == Absent || s.old == ""
	switch s.sight.State {
	case Absent:
		switch {
		case gone || s.beside:
			return create
		case s.old.Moving():
			return wait
		}
		return retire
	case Asked:
		if s.asked {
			return rest
		}
		return wait
	case Broken:
		if remakes(s.drift) {
			return remove
		}
		return stop
	case Up, Waiting:
		switch {
		case remakes(s.drift):
			return remove
		case len(s.drift) > 0:
			return amend
		case s.sight.State == Waiting:
			return wait
		case !gone && s.old.Moving():
			return wait
		case !gone:
			return retire
		}
		return rest
	}
	return wait
}

// remakes says that a drift cannot be repaired in place.
func remakes(drift []link.Drift) bool {
	for _, d := range drift {
		if !d.InPlace {
			return true
		}
	}
	return false
}
