package scene

import "time"

// FairCase is a meeting of a fair that ended with a next step, and the pair that
// people work on since.
type FairCase struct {
	FairID  ID     `json:"fair_id"`
	Meeting string `json:"meeting"`
	// Engagement is the pair; "" where none could be made, and Why is the key of
	// the message that says what is missing.
	Engagement ID       `json:"engagement,omitempty"`
	Why        string   `json:"why,omitempty"`
	Next       FairNext `json:"next"`            // the largest step that a side named
	Alone      bool     `json:"alone,omitempty"` // and the other side did not name
	// Asked is after how many days both sides were asked last what came of it, 0 for
	// not yet; Due when they are asked again, zero for never.
	Asked int       `json:"asked,omitempty"`
	Due   time.Time `json:"due,omitzero"`
	Made  time.Time `json:"made"`
}

// FairFollowUps are the days after a fair on which both sides of a case are
// asked what came of it.
func FairFollowUps() []int { return []int{7, 30, 90} }

// FollowUp returns the first of the days after that many on which a case of a
// fair that ended at an instant is asked about, and when that is; 0 for none.
func FollowUp(end time.Time, after int) (days int, due time.Time) {
	for _, n := range FairFollowUps() {
		if n > after {
			return n, end.AddDate(0, 0, n)
		}
	}
	return 0, time.Time{}
}

// Agreement is what two sides want to do next after they met, as one that makes
// engagements needs it.
type Agreement struct {
	Need, Offer ID
	By          Party // the side that names the step, or the first of both
	Text        string
	Next        NextAction
	// Raised says that an agreement of the same meeting named a smaller step: the
	// next action of the pair becomes this one.
	Raised bool
	// Alone says that one side names the step and the other does not: it is proposed, not
	// agreed.
	Alone bool
	// Loose says that no pair of what the two bring fits: the pair is called by its parties.
	Loose bool
	Met   FairMet
}

// FairMet is the meeting of a fair at which the two sides of an engagement agreed on a step.
type FairMet struct {
	Fair    ID        `json:"fair"`
	Title   string    `json:"title"` // of the fair, as it was then
	Meeting string    `json:"meeting"`
	At      time.Time `json:"at"` // when the meeting began
}
