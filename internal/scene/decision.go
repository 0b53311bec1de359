package scene

import "time"

// Verdict is how a pair was judged, or how far it came.
type Verdict string

// The verdicts, in the order of what they say for a pair.
const (
	Declined Verdict = "declined" // with a reason
	Accepted Verdict = "accepted" // worth a meeting
	Met      Verdict = "met"      // the meeting was held
	Deployed Verdict = "landed"   // the pair came to a first use
	Graded   Verdict = "graded"   // Decision.Grade says it
)

// Decision is what one side said of a pair, or what came of it: what ranking
// learns from.
type Decision struct {
	ID    ID `json:"id"`
	Need  ID `json:"need"`
	Offer ID `json:"offer"`
	// Party is who spoke: "owner", "provider" or "steward"; empty is not known.
	Party   string  `json:"party,omitempty"`
	Verdict Verdict `json:"verdict"`
	// Grade counts for Graded: 0 none, 1 weak, 2 rather strong, 3 strong.
	Grade  int    `json:"grade,omitempty"`
	Reason Reason `json:"reason,omitempty"`
	// Stop is the reason as it was chosen from those offered to a side, of which
	// Reason is what ranking learns; empty where another list was offered.
	Stop  StopReason `json:"stop,omitempty"`
	Note  string     `json:"note,omitempty"`
	At    time.Time  `json:"at"`
	Actor string     `json:"actor,omitempty"`
}

// Reason is why a pair was declined.
type Reason string

// The reasons.
const (
	ReasonTopic    Reason = "topic"    // not what is needed
	ReasonMaturity Reason = "maturity" // not ready, or no proof
	ReasonMoney    Reason = "money"
	ReasonTime     Reason = "time"
	ReasonPlace    Reason = "place"
	ReasonCapacity Reason = "capacity" // no hands free now: says nothing of the fit
	ReasonOther    Reason = "other"
)

const maxGrade = 3

// Validate returns an Invalid error that names the fields at fault.
func (d *Decision) Validate() error {
	var f faults
	f.require("need", string(d.Need))
	f.require("offer", string(d.Offer))
	switch d.Verdict {
	case Declined, Accepted, Met, Deployed, Graded:
	default:
		f.add("verdict", "decision.verdict", nil)
	}
	switch d.Reason {
	case "", ReasonTopic, ReasonMaturity, ReasonMoney, ReasonTime, ReasonPlace, ReasonCapacity, ReasonOther:
	default:
		f.add("reason", "decision.reason", nil)
	}
	switch d.Party {
	case "", "owner", "provider", "steward":
	default:
		f.add("party", "decision.party", nil)
	}
	f.check(d.Grade >= 0 && d.Grade <= maxGrade, "grade", "decision.grade")
	f.tooLong("note", d.Note, maxText)
	return f.err("decision.invalid")
}

// Teaches returns the grade from 0 to 3 that a decision stands for, and whether
// it says anything of the fit: who has no hands free has not judged the pair.
func (d *Decision) Teaches() (grade int, ok bool) {
	switch d.Verdict {
	case Graded:
		return d.Grade, true
	case Deployed:
		return 3, true
	case Met, Accepted:
		return 2, true
	case Declined:
		return 0, d.Reason != ReasonCapacity
	}
	return 0, false
}

// MarkKind says what a person decided about a pair once and for all.
type MarkKind string

// The kinds of mark.
const (
	Pinned   MarkKind = "pinned"   // stands first in both lists
	Excluded MarkKind = "excluded" // stands in neither list
)

// Mark pins a pair or keeps it out, in both directions, through every
// recomputation, until it is taken away.
type Mark struct {
	Need   ID        `json:"need"`
	Offer  ID        `json:"offer"`
	Kind   MarkKind  `json:"kind"`
	Reason string    `json:"reason,omitempty"` // for staff
	At     time.Time `json:"at"`
	Actor  string    `json:"actor,omitempty"`
}

// Validate returns an Invalid error that names the fields at fault.
func (m *Mark) Validate() error {
	var f faults
	f.require("need", string(m.Need))
	f.require("offer", string(m.Offer))
	f.check(m.Kind == Pinned || m.Kind == Excluded, "kind", "mark.kind")
	f.tooLong("reason", m.Reason, maxText)
	return f.err("mark.invalid")
}
