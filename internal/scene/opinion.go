package scene

import (
	"fmt"
	"slices"
	"time"
)

// Criterion is one axis on which an expert scores an entry.
type Criterion string

// The criteria. The first four are of an opportunity, the others of a capability.
const (
	CriterionNeed     Criterion = "need"       // is it needed, and by whom
	CriterionClear    Criterion = "clear"      // can a provider tell what is asked for
	CriterionFeasible Criterion = "feasible"   // can it be done with what is there
	CriterionValue    Criterion = "value"      // what it brings, and can be repeated elsewhere
	CriterionNovel    Criterion = "novel"      // what it does that others do not
	CriterionMature   Criterion = "mature"     // how near it is to daily use
	CriterionProven   Criterion = "proven"     // are figures and cases evidence
	CriterionApplies  Criterion = "applicable" // does it fit scenarios of the city
)

// Criteria are those of a kind of entry, in the order in which they are asked.
func Criteria(kind Kind) []Criterion {
	if kind == KindCapability {
		return []Criterion{CriterionNovel, CriterionMature, CriterionProven, CriterionApplies}
	}
	return []Criterion{CriterionNeed, CriterionClear, CriterionFeasible, CriterionValue}
}

// Bounds of opinions.
const (
	MaxScore       = 5 // the best; the worst is 1
	MaxOpinion     = 2_000
	MaxQuestion    = 500
	MaxExperts     = 5  // asked at once
	MaxOpinionDays = 60 // ahead
)

// OpinionState is how far an opinion has come.
type OpinionState string

// The states.
const (
	OpinionAsked    OpinionState = "asked"
	OpinionGiven    OpinionState = "given"
	OpinionDeclined OpinionState = "declined" // for instance because of a conflict of interest
)

// Opinion is what one expert was asked about one entry, and what he said (专家意见).
type Opinion struct {
	ID       ID   `json:"id"`
	Revision int  `json:"revision"` // starts at 1, rises with every write
	Kind     Kind `json:"kind"`
	Listing  ID   `json:"listing"`
	// Name is that of the entry, Expert and By those of the accounts, when it was asked.
	Name     string `json:"name"`
	Account  ID     `json:"account"` // of the expert
	Expert   string `json:"expert"`
	By       ID     `json:"by"`
	Question string `json:"question,omitempty"`
	// Of is the revision of the entry that was asked about.
	Of       int               `json:"of"`
	State    OpinionState      `json:"state"`
	Scores   map[Criterion]int `json:"scores,omitempty"` // 1 to MaxScore
	Text     string            `json:"text,omitempty"`   // the opinion, or why it was declined
	Asked    time.Time         `json:"asked"`
	Due      time.Time         `json:"due"` // the end of that day in China
	Answered time.Time         `json:"answered,omitzero"`
	// Reminded is when the expert was reminded, zero: not yet.
	Reminded time.Time `json:"reminded,omitzero"`
}

// Late reports whether an answer is owed and should have been there.
func (o *Opinion) Late(at time.Time) bool { return o.State == OpinionAsked && at.After(o.Due) }

// Validate checks an opinion as it is given: a score on each criterion, and a
// text. It returns an Invalid *Error with one field per fault, or nil.
func (o *Opinion) Validate() error {
	var f faults
	for _, c := range Criteria(o.Kind) {
		f.check(o.Scores[c] >= 1 && o.Scores[c] <= MaxScore, string(c), "opinion.score")
	}
	for c := range o.Scores {
		f.check(slices.Contains(Criteria(o.Kind), c), string(c), "opinion.criterion")
	}
	f.require("text", o.Text)
	f.tooLong("text", o.Text, MaxOpinion)
	return f.err("opinion.invalid")
}

// ValidQuestion checks what experts are asked: who, by when, and the words.
func ValidQuestion(experts []ID, due time.Time, question string, now time.Time) error {
	var f faults
	f.check(len(experts) > 0, "experts", "opinion.nobody")
	if len(experts) > MaxExperts {
		f.add("experts", "opinion.many", map[string]any{"max": fmt.Sprint(MaxExperts)})
	}
	f.check(due.After(now) && due.Before(now.AddDate(0, 0, MaxOpinionDays)), "due", "opinion.due")
	f.tooLong("question", question, MaxQuestion)
	return f.err("opinion.invalid")
}
