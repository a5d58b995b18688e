// Package control makes trouble for a sandbox that runs, and lets its time pass:
// an HTTP API on loopback for people and tests in other processes.
//
//	GET    /v1/clock        {"now", "speed"}
//	POST   /v1/clock        {"advance": "24h", "speed": 60}
//	GET    /v1/faults       the faults that have not been used up
//	POST   /v1/faults       one fault, see Fault
//	DELETE /v1/faults       forget all faults
//	POST   /v1/events       one event, see Event
//	GET    /v1/snapshot     the whole state of both clouds; holds keys in clear
//	PUT    /v1/snapshot     restore it
//	GET    /v1/resources    everything that exists on both clouds
//	GET    /v1/transitions  every change of a state so far
//
// It has no authentication: it listens on loopback only and controls nothing but
// simulated clouds.
package control
