package coordinator

import "sync"

// Gate stands between a side of a sandbox and everything that it begins by
// itself and that may end at the other side: a call to the partner, a step that
// makes one. What the other side asks does not go through it, so that whoever
// holds every side's gate only waits for calls that are being answered, and then
// knows that nothing is on its way between the clouds. The zero value is open.
type Gate struct{ passing sync.RWMutex }

// Pass goes through, waiting while the gate is held; out must be called. Who has
// passed must not pass again before that.
func (g *Gate) Pass() (out func()) {
	g.passing.RLock()
	return g.passing.RUnlock
}

// Hold waits until all who passed are out, and lets nobody pass until release is
// called.
func (g *Gate) Hold() (release func()) {
	g.passing.Lock()
	return g.passing.Unlock
}
