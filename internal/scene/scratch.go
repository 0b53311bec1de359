package scene

import "time"

// Scratch is what a person typed into the form of an entry and has not saved
// yet. It is his own: no list, index or colleague sees it.
type Scratch struct {
	Account ID     `json:"account"`
	Place   string `json:"place"` // the form: “new-capability”, “capability/ID”
	// Turn counts what was kept of the form, from 1 on: who keeps says which
	// turn it goes on from, so that two windows do not overwrite each other.
	Turn int `json:"turn"`
	// Base is the revision of the entry that the form began with, 0 for a new one.
	Base int `json:"base,omitempty"`
	// Values are the fields as they were typed, also what cannot be read.
	Values map[string][]string `json:"values"`
	Saved  time.Time           `json:"saved"`
}

const (
	maxPlace = 100
	// maxScratch bounds what is kept of one form, in bytes of names and values.
	maxScratch = 128 << 10
)

// Validate returns nil, or an Invalid *Error for a form without a name, or a
// TooLarge one.
func (s *Scratch) Validate() error {
	if s.Account == "" || s.Place == "" || len(s.Place) > maxPlace {
		return &Error{Code: Invalid, Op: "scene.Scratch", Key: "scratch.place"}
	}
	size := 0
	for name, values := range s.Values {
		size += len(name)
		for _, v := range values {
			size += len(v)
		}
	}
	if size > maxScratch {
		return &Error{Code: TooLarge, Op: "scene.Scratch", Key: "scratch.too_large"}
	}
	return nil
}
