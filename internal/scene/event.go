package scene

import "time"

// Subjects of the domain events, without the prefix "jinghe.v1.".
const (
	OrganisationChanged = "organisation.changed"
	OpportunityChanged  = "opportunity.changed"
	CapabilityChanged   = "capability.changed"
	DictionaryChanged   = "dictionary.changed"
	ImportCommitted     = "import.committed"
	ImportUndone        = "import.undone"
	DecisionChanged     = "decision.changed"
	MarkChanged         = "mark.changed"
	WeightsChanged      = "weights.changed"
	// SearchChanged names saved searches that were made, changed or deleted.
	SearchChanged = "search.changed"
	// FairChanged names a fair whose dates, parties, wishes or day changed;
	// FairPublished a fair and then the parties whose meetings a new version of its plan changed.
	FairChanged   = "fair.changed"
	FairPublished = "fair.published"
	// SearchMatched names a saved search and then the listings that it found for the first time.
	SearchMatched = "search.matched"
	// EngagementChanged names pairs that people work on.
	EngagementChanged = "engagement.changed"
	// NoticeTold names lines that were written into inboxes.
	NoticeTold = "notice.told"
)

// Event is a fact that happened. It carries ids, never copies: a reader asks
// the store for the rows as they are now. It is written in the transaction
// that made it true.
type Event struct {
	ID      ID        `json:"id"`      // also the message's de-duplication id
	Subject string    `json:"subject"` // "<noun>.<verb>"
	IDs     []ID      `json:"ids"`     // rows concerned, at most 500
	Time    time.Time `json:"time"`
	// Actor is who caused it: an account id, or "system".
	Actor string `json:"actor,omitempty"`
}
