package scene

import "time"

// FairLetter is the letter that carries the personal link of a delegate. The
// address and the link are read when it goes out, and are not kept here.
type FairLetter struct {
	PartyID  ID        `json:"party_id"`
	Delegate ID        `json:"delegate"`
	Asked    time.Time `json:"asked"`
	Due      time.Time `json:"due,omitzero"` // when it is tried next, zero: it is settled
	Tries    int       `json:"tries,omitempty"`
	Sent     time.Time `json:"sent,omitzero"`
	// Fault is the key of the message that says why it did not go out.
	Fault string `json:"fault,omitempty"`
}
