package scene

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// FairPlace is a slot and a table.
type FairPlace struct {
	Slot  string `json:"slot"`
	Table string `json:"table"`
}

// FairWhy is what the matcher says of two parties that meet.
type FairWhy struct {
	Score  float64             `json:"score"`            // of the best pair of what they bring, [0,1]; 0 where known conditions rule all of them out
	Reason map[string]string   `json:"reason,omitempty"` // by language
	Ask    map[string][]string `json:"ask,omitempty"`    // what is not known yet, by language
	Need   ID                  `json:"need,omitempty"`   // opportunity of that pair
	Offer  ID                  `json:"offer,omitempty"`  // capability of that pair
	NeedBy ID                  `json:"need_by,omitempty"`
	// Fits says that Need and Offer have to do with each other, ruled out or not.
	Fits bool   `json:"fits,omitempty"`
	Met  string `json:"met,omitempty"` // title of the earlier fair at which they met
}

// FairChange is a meeting that is not as the version before had it.
type FairChange struct {
	Meeting string     `json:"meeting"`
	Parties []ID       `json:"parties"`
	From    *FairPlace `json:"from,omitempty"` // nil where it is new
	To      *FairPlace `json:"to,omitempty"`   // nil where it is dropped
	Why     string     `json:"why,omitempty"`  // as agenda.MovedReason, or what else changed it
	// Sits says for which parties another delegate goes than before.
	Sits []FairSits `json:"sits,omitempty"`
}

// FairSits is a delegate who takes a meeting in the place of another. Either is "" for
// nobody in particular.
type FairSits struct {
	Party ID `json:"party"`
	From  ID `json:"from,omitempty"`
	To    ID `json:"to,omitempty"`
}

// FairTold is to how many of a party word of a version went.
type FairTold struct {
	Party    ID  `json:"party"`
	Accounts int `json:"accounts,omitempty"` // with a notice in their inbox
	Mails    int `json:"mails,omitempty"`    // of these, those to whom it was to go by mail too
	Letters  int `json:"letters,omitempty"`  // to delegates without an account
}

// FairCauseKind is what happened that a plan had to be repaired for.
type FairCauseKind string

// The kinds of cause.
const (
	CauseAbsent FairCauseKind = "absent" // a party, or one delegate of it, is not there
	CauseBack   FairCauseKind = "back"   // who was noted absent came after all
	CauseClosed FairCauseKind = "closed" // a table cannot be used
	CauseOpened FairCauseKind = "opened" // and can again
)

// FairCause is one thing that happened. A table, or else a party, is set.
type FairCause struct {
	Kind     FairCauseKind `json:"kind"`
	Party    ID            `json:"party,omitempty"`
	Delegate ID            `json:"delegate,omitempty"` // "" for all of the party
	Table    string        `json:"table,omitempty"`
	Slots    []string      `json:"slots,omitempty"` // none for all that are left of the day
}

// Same reports whether two causes are one thing that happened.
func (c *FairCause) Same(o FairCause) bool {
	return c.Kind == o.Kind && c.Party == o.Party && c.Delegate == o.Delegate && c.Table == o.Table && slices.Equal(c.Slots, o.Slots)
}

// FairGoes says by meeting and party which delegate the centre chose to go. A party
// whose delegates go together, or a meeting that is not named, is left to the plan.
type FairGoes map[string]map[ID]ID

// Of returns who was chosen to take a meeting for a party, "" for nobody.
func (g FairGoes) Of(meeting string, party ID) ID { return g[meeting][party] }

// With is g with one choice more, or with "" as delegate one less; g stays as it is.
func (g FairGoes) With(meeting string, party, delegate ID) FairGoes {
	out := FairGoes{}
	for id, of := range g {
		out[id] = maps.Clone(of)
	}
	if delegate != "" {
		if out[meeting] == nil {
			out[meeting] = map[ID]ID{}
		}
		out[meeting][party] = delegate
	} else if delete(out[meeting], party); len(out[meeting]) == 0 {
		delete(out, meeting)
	}
	return out
}

// FairPlan is one version of the meeting plan of a fair, or the draft of the
// next one. Problem and plan are documents of internal/agenda.
type FairPlan struct {
	FairID   ID  `json:"fair_id"`
	Number   int `json:"number"`   // version from 1; 0 is the draft
	Revision int `json:"revision"` // starts at 1, rises with every write of the draft
	// Base is the published version that a draft goes on from, 0 for none.
	Base    int             `json:"base,omitempty"`
	Problem json.RawMessage `json:"problem"`
	Plan    json.RawMessage `json:"plan"`
	// Offers are meetings that could be added as the plan stands, after a repair.
	Offers  json.RawMessage      `json:"offers,omitempty"`
	Locks   map[string]FairPlace `json:"locks,omitempty"` // by meeting
	Goes    FairGoes             `json:"goes,omitempty"`  // who was chosen to go
	Why     map[string]FairWhy   `json:"why,omitempty"`   // by meeting
	Changes []FairChange         `json:"changes,omitempty"`
	// Told is to whom word of a version went when it was published, one for each party that
	// Changes concern.
	Told []FairTold `json:"told,omitempty"`
	// Causes are what happened since the version before, for which the plan was repaired.
	Causes []FairCause `json:"causes,omitempty"`
	Note   string      `json:"note,omitempty"` // whom and what Causes are about, by name
	Made   time.Time   `json:"made"`
	By     string      `json:"by,omitempty"` // login
}

// FairEntryKind is what happened on the day.
type FairEntryKind string

// The kinds of entry.
const (
	EntryArrived FairEntryKind = "arrived" // a delegate is there
	EntryAbsent  FairEntryKind = "absent"  // a party does not come, or not in some slots
	EntryOutcome FairEntryKind = "outcome" // what one side says of a meeting
	EntrySeat    FairEntryKind = "seat"    // a delegate signs up for an entry of a block
	EntryUnseat  FairEntryKind = "unseat"  // and does not come along after all
	EntryStage   FairEntryKind = "stage"   // an entry of a block comes on the stage, or with none the stage is empty
)

// FairNext is what two parties agreed to do next.
type FairNext string

// The next steps, from the least to the most.
const (
	NextNone     FairNext = "none"
	NextTalk     FairNext = "talk"     // go on talking
	NextVisit    FairNext = "visit"    // look at it on site
	NextPilot    FairNext = "pilot"    // prepare a trial
	NextContract FairNext = "contract" // intent to sign
)

// FairNexts returns the steps in their order.
func FairNexts() []FairNext {
	return []FairNext{NextNone, NextTalk, NextVisit, NextPilot, NextContract}
}

// FairOutcome is what one side says of a meeting.
type FairOutcome struct {
	Held   bool     `json:"held"`
	Worth  int      `json:"worth,omitempty"` // 1 no, 2 so so, 3 yes
	Next   FairNext `json:"next,omitempty"`
	Amount Money    `json:"amount,omitempty"` // of an intent
	Note   string   `json:"note,omitempty"`
}

// FairEntry is one line of the log of the day. It only grows: a later entry of
// the same kind about the same thing counts in the place of an earlier one.
type FairEntry struct {
	ID     ID `json:"id"` // by the server: the order that counts
	FairID ID `json:"fair_id"`
	// Key is made by who writes the entry, so that sending it twice does nothing.
	Key      string        `json:"key"`
	Kind     FairEntryKind `json:"kind"`
	Party    ID            `json:"party,omitempty"` // none on the stage
	Act      ID            `json:"act,omitempty"`
	Delegate ID            `json:"delegate,omitempty"`
	Meeting  string        `json:"meeting,omitempty"`
	Slots    []string      `json:"slots,omitempty"` // of an absence, none means all that are left; of an arrival, in which he is there though noted absent; of an outcome, when the meeting was
	Outcome  *FairOutcome  `json:"outcome,omitempty"`
	At       time.Time     `json:"at"` // when the server had it
	By       string        `json:"by,omitempty"`
}

// Validate checks e and returns an Invalid *Error with one field per fault, or nil.
func (e *FairEntry) Validate() error {
	var x faults
	x.check(len(e.Key) >= 8 && len(e.Key) <= 100, "key", "fair.entry_key")
	x.check(e.Party != "" || e.Kind == EntryStage, "party", "field.required")
	switch e.Kind {
	case EntryArrived:
		x.check(e.Delegate != "", "delegate", "field.required")
	case EntrySeat, EntryUnseat:
		x.check(e.Delegate != "", "delegate", "field.required")
		x.check(e.Act != "", "act", "field.required")
	case EntryAbsent, EntryStage:
	case EntryOutcome:
		x.check(e.Meeting != "" && e.Outcome != nil, "meeting", "field.required")
		if o := e.Outcome; o != nil {
			x.check(o.Worth >= 0 && o.Worth <= 3, "worth", "field.invalid")
			x.check(o.Next == "" || slices.Contains(FairNexts(), o.Next), "next", "field.invalid")
			x.check(o.Amount >= 0, "amount", "fair.negative")
			x.tooLong("note", o.Note, 1_000)
		}
	default:
		x.add("kind", "field.invalid", nil)
	}
	return x.err("fair.entry_invalid")
}
