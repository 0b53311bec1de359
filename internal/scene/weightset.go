package scene

import (
	"encoding/json"
	"time"
)

// WeightSet is a version of the numbers that rankings depend on, beside the
// one that ships with the program. It is never changed once it was made.
type WeightSet struct {
	ID ID `json:"id"`
	// Version is the name that every ranking made with it carries.
	Version string `json:"version"`
	// Parent is the version that it was refitted from.
	Parent string    `json:"parent"`
	Origin string    `json:"origin"` // where its numbers come from, one sentence
	Made   time.Time `json:"made"`
	Actor  string    `json:"actor,omitempty"`
	// Figures are what was measured on held-out needs before it was kept.
	Figures WeightFigures `json:"figures"`
	// Weights is the set itself, as the engine reads it.
	Weights json.RawMessage `json:"weights"`
}

// WeightFigures compare a set with its parent on needs that it was not fitted
// on. Pair accuracy is the share of differently judged offers of a need that
// are ordered as people did.
type WeightFigures struct {
	Needs  int     `json:"needs"` // with at least two different judgements
	Pairs  int     `json:"pairs"` // judged
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Gain   float64 `json:"gain"` // mean over needs, with its 95 % interval
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// Activation puts a set in force, until the next one, or until it is undone.
type Activation struct {
	ID  ID        `json:"id"`
	Set ID        `json:"set,omitempty"` // empty is the set that ships
	At  time.Time `json:"at"`
	// Undone is when a rollback took it back; zero is never.
	Undone time.Time `json:"undone,omitzero"`
	Actor  string    `json:"actor,omitempty"`
}

// Current returns the activation in force out of a log in order of time, and
// whether there is one; without one the set that ships is in force.
func Current(log []Activation) (Activation, bool) {
	for i := len(log) - 1; i >= 0; i-- {
		if log[i].Undone.IsZero() {
			return log[i], true
		}
	}
	return Activation{}, false
}
