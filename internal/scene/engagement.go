package scene

import (
	"slices"
	"strings"
	"time"
)

// Stage is how far a pair has come.
type Stage string

// The stages, in the order of a pair's life.
const (
	StageSuggested   Stage = "suggested"       // one side said that it is interested
	StageRecommended Stage = "recommended"     // the centre recommended the pair to both sides
	StageMutual      Stage = "mutual_interest" // both sides are interested
	StageDocking     Stage = "docking"         // they talk
	StageProposal    Stage = "proposal"        // a solution is on the table
	StagePilot       Stage = "pilot"
	StageContract    Stage = "contract" // signed
	StageLanded      Stage = "landed"   // in use
	StageReplicated  Stage = "replicated"
	StageStopped     Stage = "stopped" // with a reason
)

// Stages returns all stages in the order of a pair's life.
func Stages() []Stage {
	return []Stage{
		StageSuggested, StageRecommended, StageMutual, StageDocking, StageProposal,
		StagePilot, StageContract, StageLanded, StageReplicated, StageStopped,
	}
}

// Next returns the stages that may follow s, the usual one first.
func (s Stage) Next() []Stage {
	switch s {
	case StageSuggested:
		return []Stage{StageMutual, StageRecommended, StageStopped}
	case StageRecommended:
		return []Stage{StageMutual, StageStopped}
	case StageMutual:
		return []Stage{StageDocking, StageStopped}
	case StageDocking:
		return []Stage{StageProposal, StagePilot, StageContract, StageStopped}
	case StageProposal:
		return []Stage{StagePilot, StageContract, StageStopped}
	case StagePilot:
		return []Stage{StageContract, StageLanded, StageStopped}
	case StageContract:
		return []Stage{StagePilot, StageLanded, StageStopped}
	case StageLanded:
		return []Stage{StageReplicated}
	default:
		return nil
	}
}

// CanBecome reports whether a pair at stage s may go on to t.
func (s Stage) CanBecome(t Stage) bool { return slices.Contains(s.Next(), t) }

// Valid reports whether s is one of the stages.
func (s Stage) Valid() bool { return slices.Contains(Stages(), s) }

// Docked reports whether both sides talk: a next action is owed at every such
// stage, until the pair landed or stopped.
func (s Stage) Docked() bool {
	switch s {
	case StageDocking, StageProposal, StagePilot, StageContract:
		return true
	}
	return false
}

// Ended reports whether nothing is owed any more.
func (s Stage) Ended() bool {
	return s == StageLanded || s == StageReplicated || s == StageStopped
}

// Open reports whether s keeps another engagement of the same pair away.
func (s Stage) Open() bool { return s != StageStopped }

// Party is one of those who have a part in an engagement.
type Party string

// The parties.
const (
	PartyOwner    Party = "owner"    // of the opportunity
	PartyProvider Party = "provider" // of the capability
	PartyCentre   Party = "steward"
)

// Other is the side across the table; the centre has none.
func (p Party) Other() Party {
	switch p {
	case PartyOwner:
		return PartyProvider
	case PartyProvider:
		return PartyOwner
	}
	return ""
}

// StopReason is why a pair was declined or stopped.
type StopReason string

// The reasons.
const (
	StopEarly     StopReason = "too_early"
	StopUnclear   StopReason = "benefit_unclear"
	StopBudget    StopReason = "out_of_budget"
	StopRegion    StopReason = "wrong_region"
	StopSolved    StopReason = "already_solved"
	StopQualified StopReason = "not_qualified"
	StopOther     StopReason = "other" // and says which
)

// StopReasons returns all reasons, in the order in which they are offered.
func StopReasons() []StopReason {
	return []StopReason{StopEarly, StopUnclear, StopBudget, StopRegion, StopSolved, StopQualified, StopOther}
}

// Judged is the reason as ranking learns from it. That a need was solved
// otherwise says nothing of the fit.
func (r StopReason) Judged() Reason {
	switch r {
	case StopEarly, StopQualified:
		return ReasonMaturity
	case StopBudget:
		return ReasonMoney
	case StopRegion:
		return ReasonPlace
	case StopSolved:
		return ReasonCapacity
	}
	return ReasonOther
}

// Stance is where one side stands.
type Stance struct {
	Says Verdict   `json:"says,omitempty"` // Accepted, Declined, or nothing yet
	By   ID        `json:"by,omitempty"`   // account
	At   time.Time `json:"at,omitzero"`
	// Reveals is since when the side agrees that the other one sees its contact;
	// zero: it does not.
	Reveals time.Time `json:"reveals,omitzero"`
}

// NextAction is what has to be done next (下一步), by whom and until when.
type NextAction struct {
	Text  string    `json:"text"`
	Party Party     `json:"party"`
	Due   time.Time `json:"due"` // the end of that day in China
	// Reminded and Escalated are when the party was reminded, and the centre told
	// that it is late; zero: not yet.
	Reminded  time.Time `json:"reminded,omitzero"`
	Escalated time.Time `json:"escalated,omitzero"`
}

// Known reports whether there is one.
func (n *NextAction) Known() bool { return n.Text != "" }

// Late reports whether n should have been done.
func (n *NextAction) Late(at time.Time) bool { return n.Known() && at.After(n.Due) }

// Outcome is what came of a pair.
type Outcome struct {
	Amount Money  `json:"amount,omitempty"` // of the contract
	Note   string `json:"note,omitempty"`
}

// Engagement is a pair that people work on (对接单).
type Engagement struct {
	ID       ID  `json:"id"`
	Revision int `json:"revision"` // starts at 1, rises with every write
	Need     ID  `json:"need"`     // opportunity
	Offer    ID  `json:"offer"`    // capability
	NeedOrg  ID  `json:"need_org"`
	OfferOrg ID  `json:"offer_org"`
	// The names are those at the beginning, for lists.
	NeedName     string `json:"need_name"`
	OfferName    string `json:"offer_name"`
	NeedOrgName  string `json:"need_org_name"`
	OfferOrgName string `json:"offer_org_name"`
	// Loose says that the two sides agreed at a meeting to go on, and not about which of
	// their entries: Need and Offer only stand for what they bring. See [Engagement.Called].
	Loose bool `json:"loose,omitempty"`
	// Met is the last meeting of an event that the engagement came from, or that agreed on
	// a step of it; zero for none.
	Met FairMet `json:"met,omitzero"`
	// Department is the one that answers for the opportunity, "" if none does.
	Department string `json:"department,omitempty"`
	// Partners are those asked to take a part beside the leading provider, in the
	// order in which they were asked; Part is then what the leading one does.
	Partners []Partner `json:"partners,omitempty"`
	Part     string    `json:"part,omitempty"`

	Stage    Stage      `json:"stage"`
	Begun    Party      `json:"begun"` // who began
	Owner    Stance     `json:"owner,omitzero"`
	Provider Stance     `json:"provider,omitzero"`
	Next     NextAction `json:"next,omitzero"`
	Outcome  Outcome    `json:"outcome,omitzero"`
	// StoppedBy and Reason are of a pair that stopped.
	StoppedBy Party      `json:"stopped_by,omitempty"`
	Reason    StopReason `json:"reason,omitempty"`
	// Asked is the party whose question waits for an answer.
	Asked   Party     `json:"asked,omitempty"`
	Moved   time.Time `json:"moved"` // of the stage
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

// Called is what the two sides of the engagement are called in lists and notices: the
// names of the entries, or of the organisations where no entries were agreed on.
func (e *Engagement) Called() (need, offer string) {
	if e.Loose {
		return e.NeedOrgName, e.OfferOrgName
	}
	return e.NeedName, e.OfferName
}

// Stance returns where a side stands; nil for the centre and for partners.
func (e *Engagement) Stance(p Party) *Stance {
	switch p {
	case PartyOwner:
		return &e.Owner
	case PartyProvider:
		return &e.Provider
	}
	return nil
}

// Org is the organisation of a side, "" for the centre and for partners.
func (e *Engagement) Org(p Party) ID {
	switch p {
	case PartyOwner:
		return e.NeedOrg
	case PartyProvider:
		return e.OfferOrg
	}
	return ""
}

// PartyOf is the side that an account acts for, the centre for its staff, ""
// for anybody else.
func (e *Engagement) PartyOf(a *Actor) Party {
	switch {
	case a.OrgID != "" && a.OrgID == e.NeedOrg:
		return PartyOwner
	case a.OrgID != "" && a.OrgID == e.OfferOrg:
		return PartyProvider
	case e.Partner(a.OrgID) != nil:
		return PartyPartner
	case a.Has(RoleSteward, RoleLeader, RoleAuditor, RoleDepartment):
		return PartyCentre
	}
	return ""
}

// Revealed reports whether both sides agreed to show their contacts, and both
// are at the table.
func (e *Engagement) Revealed() bool {
	return !e.Owner.Reveals.IsZero() && !e.Provider.Reveals.IsZero() &&
		e.Owner.Says == Accepted && e.Provider.Says == Accepted && e.Stage != StageStopped
}

// Stuck reports whether somebody should look after the pair: its next action is
// late, or nobody has answered for a week.
func (e *Engagement) Stuck(at time.Time) bool {
	if e.Stage.Ended() {
		return false
	}
	return e.Next.Late(at) || !e.Stage.Docked() && at.Sub(e.Updated) > 7*24*time.Hour
}

// EntryKind is what an entry of the history is.
type EntryKind string

// The kinds of entry.
const (
	EntryInterest  EntryKind = "interest" // with what was said
	EntryRecommend EntryKind = "recommend"
	EntryAccept    EntryKind = "accept"
	EntryDecline   EntryKind = "decline"
	EntryQuestion  EntryKind = "question"
	EntryAnswer    EntryKind = "answer"
	EntryNote      EntryKind = "note"
	EntryMove      EntryKind = "move"
	EntryNext      EntryKind = "next" // another next action
	EntryAgree     EntryKind = "agree"
	EntryWithdraw  EntryKind = "withdraw"
	EntryReveal    EntryKind = "reveal" // somebody looked at a contact
	EntryInvite    EntryKind = "invite" // somebody was asked to take a part
)

// EngagementEntry is one line of the history of an engagement. Lines are added
// and never altered.
type EngagementEntry struct {
	ID         ID        `json:"id"`
	Engagement ID        `json:"engagement"`
	Kind       EntryKind `json:"kind"`
	Party      Party     `json:"party"`
	// Org is that of the partner who acts, or who is asked.
	Org   ID     `json:"org,omitempty"`
	Actor ID     `json:"actor"`
	Text  string `json:"text,omitempty"`
	// From and To are of a change of stage.
	From   Stage      `json:"from,omitempty"`
	To     Stage      `json:"to,omitempty"`
	Reason StopReason `json:"reason,omitempty"`
	// Amount is that of the contract, and Next the next action, where the line set it.
	Amount Money      `json:"amount,omitempty"`
	Next   NextAction `json:"next,omitzero"`
	// Only is the party that alone may read it; empty is everybody at the table.
	Only Party `json:"only,omitempty"`
	// Once names what caused it: the same cause is written once.
	Once string    `json:"once,omitempty"`
	At   time.Time `json:"at"`
}

// Readable reports whether somebody of a party may read the entry; org is his
// organisation, for partners are not one party.
func (e *EngagementEntry) Readable(p Party, org ID) bool {
	return e.Only == "" || e.Only == p && (p != PartyPartner || e.Org == org)
}

// Bounds of what is written in an engagement, in code points.
const (
	MaxEngagementText = 1_000
	MaxNextAction     = 100
)

// Validate checks n against the day it is set on; it returns an Invalid *Error
// with one field per fault, or nil.
func (n *NextAction) Validate(now time.Time) error {
	var f faults
	f.require("next", n.Text)
	f.tooLong("next", n.Text, MaxNextAction)
	f.check(n.Party == PartyOwner || n.Party == PartyProvider || n.Party == PartyCentre, "next_party", "engagement.party")
	f.check(!n.Due.IsZero(), "due", "engagement.due_missing")
	f.check(n.Due.IsZero() || n.Due.After(now), "due", "engagement.due_past")
	f.check(n.Due.Before(now.AddDate(2, 0, 0)), "due", "engagement.due_far")
	return f.err("engagement.next_invalid")
}

// ValidStop checks a reason and what is said to it.
func ValidStop(reason StopReason, text string) error {
	var f faults
	f.check(slices.Contains(StopReasons(), reason), "reason", "engagement.reason")
	f.check(reason != StopOther || strings.TrimSpace(text) != "", "text", "engagement.reason_text")
	f.tooLong("text", text, MaxEngagementText)
	return f.err("engagement.invalid")
}

// ValidText checks what is said; must is whether something has to be.
func ValidText(text string, must bool) error {
	var f faults
	if must {
		f.require("text", text)
	}
	f.tooLong("text", text, MaxEngagementText)
	return f.err("engagement.invalid")
}

// EndOfDay is the last second of the day in China on which t lies.
func EndOfDay(t time.Time) time.Time {
	day := t.In(China())
	return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, China()).UTC()
}

// WorkingDays returns t and so many working days more, in China: Saturdays and
// Sundays do not count.
func WorkingDays(t time.Time, n int) time.Time {
	t = t.In(China())
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
			n--
		}
	}
	return t.UTC()
}
