package scene

import "time"

// FairLetter is the last letter to a delegate, which carries his personal link: an
// invitation, or word of a version of the plan. The address and the link are read when it
// goes out, and are not kept here.
type FairLetter struct {
	PartyID  ID        `json:"party_id"`
	Delegate ID        `json:"delegate"`
	Version  int       `json:"version,omitempty"`  // of the plan that it tells of; 0: it invites
	Meetings int       `json:"meetings,omitempty"` // of his party, that the version changes
	Asked    time.Time `json:"asked"`
	Due      time.Time `json:"due,omitzero"` // when it is tried next, zero: it is settled
	Tries    int       `json:"tries,omitempty"`
	Sent     time.Time `json:"sent,omitzero"`
	// Fault is the key of the message that says why it did not go out.
	Fault string `json:"fault,omitempty"`
}
