package link

// State is what an end is doing, in words that fit every cloud. Ends translate
// their cloud's own words and keep those in Observation.Raw for people.
type State string

// The states of an end.
const (
	// Unseen: the end belongs to another team and cannot be looked at.
	Unseen State = "unseen"
	// Absent: the cloud does not know the object.
	Absent State = "absent"
	// Creating: it exists at its own cloud only, and is being made.
	Creating State = "creating"
	// AwaitingPeer: its activation key is issued and not redeemed.
	AwaitingPeer State = "awaiting peer"
	// Joining: both clouds know of each other; it is being provisioned.
	Joining State = "joining"
	// Up: provisioned and carrying traffic, as its cloud says.
	Up State = "up"
	// Updating: up, and being changed.
	Updating State = "updating"
	// Down: provisioned, carries no traffic. It may come back by itself.
	Down State = "down"
	// Suspended: its cloud has disabled it administratively.
	Suspended State = "suspended"
	// Deleting: being deleted.
	Deleting State = "deleting"
	// Deleted: gone, though its cloud still answers with it for a while.
	Deleted State = "deleted"
	// Failed: its creation failed; it cannot recover.
	Failed State = "failed"
	// Deprovisioned: the other end was deleted; its key is used up, so it
	// cannot be joined again.
	Deprovisioned State = "deprovisioned"
)

// Gone says that nothing is left that could bill or carry traffic.
func (s State) Gone() bool { return s == Absent || s == Deleted }

// Dead says that the end exists and can never carry traffic again.
func (s State) Dead() bool { return s == Failed || s == Deprovisioned }

// Joined says that both clouds know of each other.
func (s State) Joined() bool {
	switch s {
	case Joining, Up, Updating, Down, Suspended:
		return true
	}
	return false
}

// Complete says that the end has been provisioned.
func (s State) Complete() bool { return s.Joined() && s != Joining }

// Moving says that the end will change its state by itself before long.
func (s State) Moving() bool {
	switch s {
	case Creating, Joining, Updating, Deleting:
		return true
	}
	return false
}
