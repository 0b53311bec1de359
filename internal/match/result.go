// Package match is the matching engine.
package match

import (
	"time"

	"jinghe/internal/scene"
)

// Ref names one side of a pair.
type Ref struct {
	ID   scene.ID `json:"id,omitempty"`
	Code string   `json:"code"`
	Name string   `json:"name"`
	Org  string   `json:"org"`
}

// Ranking is the answer for one need: its matches, best first, and the best
// of those that a known condition removed.
type Ranking struct {
	Need     Ref         `json:"need"`
	Matches  []Match     `json:"matches"`
	Excluded []Exclusion `json:"excluded"`
	// Clarity says how well the listing that asked can be answered; nil where nobody looked.
	Clarity *Clarity `json:"clarity,omitempty"`
	// Note says what the ranking had to do without, in the language asked for.
	Note    string `json:"note,omitempty"`
	Version string `json:"version"` // of the weights, the lexicon and the dictionaries
	// Listed is when the counterparts were chosen, where that was ahead of being
	// asked; their scores and sentences are of now all the same.
	Listed time.Time `json:"listed,omitzero"`
	// Order is "care" where the first ten stand by the rules of [Care]; else all
	// stand by score alone.
	Order string `json:"order,omitempty"`
	// Changes is what the side that asks could change and who that would admit,
	// where it was asked for.
	Changes []Change `json:"changes,omitempty"`
	// Consortium is the smallest group of providers that brings what no single
	// one does, where it was asked for and there is one.
	Consortium *Consortium `json:"consortium,omitempty"`
}

// Match is one explained pair, seen from the side that asked.
type Match struct {
	Offer Ref     `json:"offer"`
	Score float64 `json:"score"` // [0,1], calibrated: g(Raw)
	Raw   float64 `json:"raw"`   // Σ Parts.Contribution, exactly
	// Eligible is "yes", or "unknown" where a condition could not be checked.
	Eligible string `json:"eligible"`
	// Pinned says that a person put the pair first.
	Pinned bool `json:"pinned,omitempty"`
	// Reason is one sentence in the language asked for.
	Reason     string     `json:"reason"`
	Parts      []Part     `json:"parts"`
	Gaps       []Gap      `json:"gaps"`
	Reciprocal Reciprocal `json:"reciprocal"`
	// Moved tells why the pair does not stand where its score puts it.
	Moved *Moved `json:"moved,omitempty"`
	// Also is what is said in a second language, where one was asked for.
	Also *Said `json:"-"`
}

// Said is the words of a match in one language.
type Said struct {
	Reason string
	Gaps   []Gap
}

// Reciprocal holds the value of a pair to each side and to both, each in [0,1].
type Reciprocal struct {
	Need  float64 `json:"need"`
	Offer float64 `json:"offer"`
	Both  float64 `json:"both"`
}

// Part is one named signal of a score.
type Part struct {
	Name         string     `json:"name"`
	Value        float64    `json:"value"` // [0,1]
	Weight       float64    `json:"weight"`
	Contribution float64    `json:"contribution"` // Weight·Value
	Evidence     []Evidence `json:"evidence"`
}

// Evidence is a passage that supports a part: offsets in Unicode code points of the field's text.
type Evidence struct {
	Side  string `json:"side"` // "need" or "offer"
	Field string `json:"field"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// Gap is a clause that is not met, or that cannot be checked for want of a fact.
type Gap struct {
	Clause string `json:"clause"` // e.g. "budget", "region", "indicator:屈服强度"
	Status string `json:"status"` // "unmet" or "unknown"
	Have   string `json:"have"`
	Want   string `json:"want"`
	Advice string `json:"advice"` // in the language asked for
}

// Exclusion is an offer that known conditions removed.
type Exclusion struct {
	Offer   Ref   `json:"offer"`
	Clauses []Gap `json:"clauses"`
	// Both is what the pair would be worth to both sides without those conditions, as
	// [Reciprocal]; 0 where a person took it out.
	Both float64 `json:"-"`
}
